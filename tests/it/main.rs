//! The registry as a whole: requests in, answers out, on both databases.

#![allow(unreachable_pub, reason = "nothing here is reached from outside")]

mod architecture;
mod demo;
mod docs;
mod glossary;
mod migrations;
mod readme;
mod smoke;
mod world;
