//! The registry as a whole: requests in, answers out, on both databases.

#![allow(unreachable_pub, reason = "nothing here is reached from outside")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::similar_names,
    reason = "what is not as expected ends the test; the helpers are tests too"
)]

mod accesses;
mod action_histories;
mod appeals;
mod approval_life;
mod architecture;
mod attacks;
mod audit;
mod authorization;
mod bad_input;
mod before_contract;
mod bench;
mod calculations;
mod case;
mod cases;
mod chain;
mod checkpoint;
mod compatibility;
mod compensation;
mod completion;
mod conditions;
mod country;
mod decisions;
mod decisions_public;
mod demo;
mod dependencies;
mod docs;
mod duties;
mod evidence;
mod faults;
mod feed;
mod follow_ups;
mod glossary;
mod guide;
mod heavy_reads;
mod histories;
mod impartiality;
mod intake;
mod letters;
mod limits;
mod listing;
mod lookup;
mod mail;
mod max_providers;
mod migrations;
mod mirror;
mod negotiation;
mod notices;
mod offering_life;
mod one_event;
mod openapi;
mod openings;
mod overload;
mod problems;
mod process;
mod protection;
mod public_actions;
mod races;
mod readiness;
mod readme;
mod rebuild;
mod register;
mod retries;
mod search;
mod set_aside;
mod snapshots;
mod statements;
mod statistics;
mod story;
mod tables;
mod time;
mod tokens;
mod tombstone;
mod travel;
mod web;
mod wire;
mod world;
mod writers;
mod year;
