//! Fast kompensasjon: the price table of an offering as law, with its hours, its history and its calculation.

pub mod band;
pub mod consequence;
pub mod number;
pub mod unit_cost;
