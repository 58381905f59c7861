//! Fast kompensasjon: the price table of an offering as law, with its hours, its history and its calculation.

pub mod band;
pub mod consequence;
pub mod division;
pub mod extra;
pub mod index;
pub mod number;
pub mod quote;
pub mod rate;
#[cfg(test)]
mod samples;
pub mod step;
pub mod table;
pub mod unit_cost;
