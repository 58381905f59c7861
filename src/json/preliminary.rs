//! The JSON form of a preliminary answer.

use chrono::NaiveDate;

use super::form::form;
use crate::domain::{
    application::preliminary::PreliminaryAnswer,
    role::Actor,
    values::{
        text::{Email, Prose},
        time::Instant,
    },
};

form! {
    /// A preliminary answer (forvaltningsloven § 11 a).
    struct PreliminaryAnswer {
        /// The day by which the case is expected to be decided.
        expected_by: NaiveDate,
        /// Why it takes time.
        text: Prose,
        /// Time of availability and notification.
        sent_at: Instant,
        /// The address that notice was sent to.
        sent_to: Email,
        /// The sender.
        sent_by: Actor,
    }
}
