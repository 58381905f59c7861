//! The JSON form of a preliminary answer.

use chrono::NaiveDate;

use super::form::form;
use crate::domain::{
    application::preliminary::PreliminaryAnswer,
    role::Actor,
    values::{text::Prose, time::Instant},
};

form! {
    /// A preliminary answer (forvaltningsloven § 11 a).
    struct PreliminaryAnswer {
        /// The day by which the case is expected to be decided.
        expected_by: NaiveDate,
        /// Why it takes time.
        text: Prose,
        /// When it was made available.
        sent_at: Instant,
        /// The sender.
        sent_by: Actor,
    }
}
