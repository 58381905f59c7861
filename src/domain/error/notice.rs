//! Errors of notices and prior notices.

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// No notice (forvaltningsloven § 16).
    #[must_use]
    pub fn prior_notice_missing() -> Self {
        Self::new(ErrorCode::PriorNoticeMissing, details::prior_notice_missing())
    }

    /// No period runs before notice of the message was sent (eForvaltningsforskriften § 8).
    #[must_use]
    pub fn notice_not_sent() -> Self {
        Self::new(ErrorCode::NoticeNotSent, details::notice_not_sent())
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
