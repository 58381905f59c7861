//! Errors of impartiality.

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// The person is barred (forvaltningsloven § 6).
    #[must_use]
    pub fn not_impartial() -> Self {
        Self::new(ErrorCode::NotImpartial, details::not_impartial())
    }

    /// The person has not declared anything (forvaltningsloven § 8).
    #[must_use]
    pub fn impartiality_not_declared() -> Self {
        Self::new(ErrorCode::ImpartialityNotDeclared, details::impartiality_not_declared())
    }

    /// Left to the superior or challenged, without a ruling (forvaltningsloven § 8).
    #[must_use]
    pub fn impartiality_unsettled() -> Self {
        Self::new(ErrorCode::ImpartialityUnsettled, details::impartiality_unsettled())
    }

    /// The superior is barred, so the direct subordinate may not decide (forvaltningsloven § 6 third paragraph).
    #[must_use]
    pub fn superior_not_impartial() -> Self {
        Self::new(ErrorCode::SuperiorNotImpartial, details::superior_not_impartial())
    }

    /// Of the municipality's own provider.
    #[must_use]
    pub fn own_provider_staff() -> Self {
        Self::new(ErrorCode::OwnProviderStaff, details::own_provider_staff())
    }

    /// A ruling on one's own impartiality.
    #[must_use]
    pub fn ruling_on_oneself() -> Self {
        Self::new(ErrorCode::RulingOnOneself, details::ruling_on_oneself())
    }

    /// No ruling on this person was requested.
    #[must_use]
    pub fn no_impartiality_question() -> Self {
        Self::new(ErrorCode::NoImpartialityQuestion, details::no_impartiality_question())
    }
}
