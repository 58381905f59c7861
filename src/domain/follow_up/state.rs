//! State of a follow-up.

use chrono::NaiveDate;

use super::Deviation;
use crate::domain::{
    role::Actor,
    values::{text::Prose, time::Instant},
};

/// The report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The day it was carried out.
    pub on: NaiveDate,
    /// Observations.
    pub findings: Prose,
    /// Where deliveries deviate from terms or criteria, in the order found.
    pub deviations: Vec<Deviation>,
    /// When it was reported.
    pub at: Instant,
    pub by: Actor,
}

/// State of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// To be carried out.
    Planned,
    /// Carried out and reported; deviations may be open.
    Reported(Report),
    /// Closed, with a conclusion.
    Closed(Report, Prose),
}

keywords! {
    /// Name of the state of a follow-up.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FollowUpStatus {
        /// To be carried out.
        Planned = "planned",
        /// Reported, and no deviation is open.
        CarriedOut = "carried-out",
        /// Reported, with deviations to correct or to assess.
        DeviationsOpen = "deviations-open",
        Closed = "closed",
    }
}
