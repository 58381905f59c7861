//! Errors of putting information from others to an applicant.

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// A ground rests on information that the applicant has not seen (forvaltningsloven § 17).
    #[must_use]
    pub fn information_not_disclosed(ground: &str) -> Self {
        Self::new(ErrorCode::ApplicantNotHeard, details::information_not_disclosed(ground))
    }

    /// The applicant still has time to comment on information.
    #[must_use]
    pub fn comment_time_running(deadline: chrono::NaiveDate) -> Self {
        Self::new(ErrorCode::ApplicantNotHeard, details::comment_time_running(deadline))
    }
}
