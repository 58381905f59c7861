//! Age of evidence, by the rule of its criterion.
//!
//! The age is computed and displayed; no decision follows from it. The reference day is data, since the law has
//! changed it (anskaffelsesforskriften § 7-2, from 1 July 2026 anskaffelsesloven § 5l).

use chrono::NaiveDate;

use super::Application;
use crate::domain::{
    offering::content::{AgeReference, MaxAge, OfferingContent},
    values::{
        ids::EvidenceId,
        text::Code,
        time::{Instant, day_before, day_of},
    },
};

/// Age of evidence compared with the maximum age of its criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Age {
    pub evidence: EvidenceId,
    /// The criterion that it supports.
    pub criterion: Code,
    /// The reference day.
    pub counted_to: AgeReference,
    /// The first day of issue that is young enough.
    pub not_before: NaiveDate,
    /// Issued before that day.
    pub too_old: bool,
}

impl Application {
    /// The ages that a rule bounds, while the application is open. A rule counted to the decision is
    /// counted to today until there is one; one counted to hiring is the provider's own duty and
    /// not computed.
    #[must_use]
    pub fn evidence_ages(&self, content: &OfferingContent, now: Instant) -> Vec<Age> {
        if !self.state.is_open() {
            return vec![];
        }
        let evidence = self.dossier.evidence.iter();
        let ages = evidence.filter_map(|piece| {
            let criterion = content.criterion(&piece.criterion)?;
            let rule = criterion.evidence.iter().find(|rule| rule.kind == piece.kind)?;
            let MaxAge { period, counted_to } = rule.max_age?;
            let not_before = day_before(self.reference_day(counted_to, now)?, period);
            Some(Age {
                evidence: piece.id,
                criterion: piece.criterion.clone(),
                counted_to,
                not_before,
                too_old: piece.issued_on < not_before,
            })
        });
        ages.collect()
    }

    /// The day that an age is counted to. Where admission is running, the cut-off is the receipt.
    pub(super) fn reference_day(
        &self,
        counted_to: AgeReference,
        now: Instant,
    ) -> Option<NaiveDate> {
        let receipt = self.state.case().map(|case| &case.receipt);
        let received = receipt.map_or(now, |receipt| receipt.received_at);
        match counted_to {
            AgeReference::Received => Some(day_of(received)),
            AgeReference::RoundCutoff => {
                let place = receipt.and_then(|receipt| receipt.place);
                Some(day_of(place.map_or(received, |place| place.round.cut_off)))
            }
            AgeReference::DecisionNotified => Some(day_of(now)),
            AgeReference::Hiring => None,
        }
    }
}
