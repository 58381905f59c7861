//! Errors of notices.

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// No period runs before notice of the message was sent (eForvaltningsforskriften § 8).
    #[must_use]
    pub fn notice_not_sent() -> Self {
        Self::new(ErrorCode::NoticeNotSent, details::notice_not_sent())
    }
}
