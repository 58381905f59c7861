//! Avvisninger om tilbudets inntak og liv.

use super::{DomainError, ErrorCode};
use crate::domain::values::ids::ApprovalId;

impl DomainError {
    /// Active approvals have reached the maximum of providers.
    #[must_use]
    pub fn offering_full() -> Self {
        Self::new(
            ErrorCode::OfferingFull,
            "The number of providers that the offering allows is reached: wait until one leaves, or until a \
             published version allows more.",
        )
    }

    /// The provider has an active approval there without an end.
    #[must_use]
    pub fn already_approved(approval: ApprovalId) -> Self {
        Self {
            existing: Some(format!("/v1/approvals/{approval}/case")),
            ..Self::new(
                ErrorCode::AlreadyApproved,
                "Your approval stands in these zones without an end: apply for other zones alone, or \
                 anew when an end is set.",
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
            "Late access opens a round whose cut-off has passed, and none has: the provider can apply.",
        )
    }

    /// An offering that must stay open while it runs cannot close to new providers.
    #[must_use]
    pub fn must_stay_open() -> Self {
        Self::new(
            ErrorCode::MustStayOpen,
            "The legal basis lets in everyone who qualifies for as long as the offering runs: end it instead.",
        )
    }
}
