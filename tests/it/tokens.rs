//! Tokens: accepted and rejected ones, with a test for each check.
//!
//! The configured issuers are real HTTP servers that a test starts, rotates, breaks and stops.

mod ansattporten;
mod assurance;
mod checks;
mod discovery;
mod dpop;
mod helseid;
pub mod issuer;
mod keys;
mod local;
mod maskinporten;
pub mod scene;
pub mod tls;
mod trust;
