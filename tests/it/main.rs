//! The registry as a whole: requests in, answers out, on both databases.

#![allow(unreachable_pub, reason = "nothing here is reached from outside")]

mod bad_input;
mod openapi;
mod problems;
mod process;
mod smoke;
mod tokens;
mod world;
