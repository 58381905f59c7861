//! Errors of the hearing before a revocation.

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// No notice (forvaltningsloven § 16).
    #[must_use]
    pub fn prior_notice_missing() -> Self {
        Self::new(ErrorCode::PriorNoticeMissing, details::prior_notice_missing())
    }

    /// No proposal of another person to revoke without a notice (forvaltningsloven § 16 third paragraph).
    #[must_use]
    pub fn revocation_unproposed() -> Self {
        Self::new(ErrorCode::PriorNoticeMissing, details::revocation_unproposed())
    }

    /// The person who sent the notice, or made the proposal, is barred (forvaltningsloven § 6).
    #[must_use]
    pub fn prepared_by_barred() -> Self {
        Self::new(ErrorCode::PriorNoticeMissing, details::prepared_by_barred())
    }

    /// The time to reply is not out.
    #[must_use]
    pub fn prior_notice_running(reply_by: chrono::NaiveDate) -> Self {
        Self::new(ErrorCode::PriorNoticeRunning, details::prior_notice_running(reply_by))
    }

    /// A notice closed without a decision (lov 20. juni 2025 nr. 81 § 58).
    #[must_use]
    pub fn prior_notice_closed() -> Self {
        Self::new(ErrorCode::PriorNoticeClosed, details::prior_notice_closed())
    }
}
