//! Letters of an appeal before it is decided, and of the costs of it.

pub mod defects;
pub mod hearing;
pub mod received;
pub mod statement;

use super::language::date;
use crate::domain::{decision::Decision, values::time::day_of};

/// The number and the day of the decision that a letter is about.
pub(super) fn number_and_day(decision: &Decision) -> (String, String) {
    (decision.number.to_string(), date(day_of(decision.signed_at)))
}
