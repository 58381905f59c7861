//! Attacks on the registry: each is tried, each by a name of its own, and none gets anywhere.

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
