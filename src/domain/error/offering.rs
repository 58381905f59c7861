//! Errors of intake and lifecycle of offerings.

use super::{DomainError, ErrorCode, details};
use crate::domain::values::ids::ApprovalId;

impl DomainError {
    /// Active approvals have reached the maximum of providers.
    #[must_use]
    pub fn offering_full() -> Self {
        Self::new(ErrorCode::OfferingFull, details::offering_full())
    }

    /// The provider has an active approval there without an end.
    #[must_use]
    pub fn already_approved(approval: ApprovalId) -> Self {
        Self {
            existing: Some(format!("/v1/approvals/{approval}/case")),
            ..Self::new(ErrorCode::AlreadyApproved, details::already_approved())
        }
    }

    /// The last cut-off has passed.
    #[must_use]
    pub fn no_round_left() -> Self {
        Self::new(ErrorCode::NoRoundLeft, details::no_round_left())
    }

    /// Late access where nothing was missed.
    #[must_use]
    pub fn no_round_missed() -> Self {
        Self::new(ErrorCode::NoRoundMissed, details::no_round_missed())
    }

    /// An offering that must stay open while it runs cannot close to new providers.
    #[must_use]
    pub fn must_stay_open() -> Self {
        Self::new(ErrorCode::MustStayOpen, details::must_stay_open())
    }
}
