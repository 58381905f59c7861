//! Errors of intake and lifecycle of offerings.

use super::{DomainError, ErrorCode};
use crate::domain::values::ids::ApprovalId;

impl DomainError {
    /// Active approvals have reached the maximum of providers.
    #[must_use]
    pub fn offering_full() -> Self {
        Self::new(
            ErrorCode::OfferingFull,
            "The offering has its maximum of providers: wait until one leaves, or until a published version \
             raises the maximum.",
        )
    }

    /// The provider has an active approval there without an end.
    #[must_use]
    pub fn already_approved(approval: ApprovalId) -> Self {
        Self {
            existing: Some(format!("/v1/approvals/{approval}/case")),
            ..Self::new(
                ErrorCode::AlreadyApproved,
                "Your approval in these zones has no end date: apply for other zones, or again when an end \
                 date is set.",
            )
        }
    }

    /// The last cut-off has passed.
    #[must_use]
    pub fn no_round_left() -> Self {
        Self::new(
            ErrorCode::NoRoundLeft,
            "The last announced round is over: apply when the municipality announces the next.",
        )
    }

    /// Late access where nothing was missed.
    #[must_use]
    pub fn no_round_missed() -> Self {
        Self::new(
            ErrorCode::NoRoundMissed,
            "No cut-off has passed yet, so late access is not needed: the provider can apply.",
        )
    }

    /// An offering that must stay open while it runs cannot close to new providers.
    #[must_use]
    pub fn must_stay_open() -> Self {
        Self::new(
            ErrorCode::MustStayOpen,
            "The legal basis admits everyone who qualifies while the offering runs: end it instead.",
        )
    }
}
