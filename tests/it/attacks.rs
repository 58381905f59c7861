//! Attacks on the registry: each has its own test, and none succeeds.
//!
//! Attacks on a single feature are with its tests: algorithms, keys, types and audiences of tokens in
//! `tokens::checks` (`the_public_key_is_no_shared_secret`, `the_type_must_be_that_of_an_access_token`,
//! `the_audience_must_be_told_and_be_ours`), replayed proofs in `tokens::dpop` (`a_proof_is_used_once`),
//! programs disguised as documents in `evidence` (`what_is_not_taken_leaves_nothing_behind`).

mod bombs;
mod formulas;
mod hostile;
mod limits;
mod mass_assignment;
mod parsers;
pub mod routes;
mod smuggling;
mod strangers;
mod tokens;
mod uploads;
