//! Errors of impartiality.

use super::{DomainError, ErrorCode};

impl DomainError {
    /// The person is barred (forvaltningsloven § 6).
    #[must_use]
    pub fn not_impartial() -> Self {
        Self::new(ErrorCode::NotImpartial, "Leave the case to an impartial person.")
    }

    /// The person has not declared anything (forvaltningsloven § 8).
    #[must_use]
    pub fn impartiality_not_declared() -> Self {
        Self::new(
            ErrorCode::ImpartialityNotDeclared,
            "Declare whether you are impartial in this case before you handle it.",
        )
    }

    /// Left to the superior or challenged, without a ruling (forvaltningsloven § 8).
    #[must_use]
    pub fn impartiality_unsettled() -> Self {
        Self::new(
            ErrorCode::ImpartialityUnsettled,
            "Do nothing in the case until a decision maker has ruled on your impartiality.",
        )
    }

    /// The superior is barred, so the direct subordinate may not decide (forvaltningsloven § 6 third paragraph).
    #[must_use]
    pub fn superior_not_impartial() -> Self {
        Self::new(
            ErrorCode::SuperiorNotImpartial,
            "Prepare the case, but leave the decision to a person who is not subordinate to the disqualified one.",
        )
    }

    /// Of the municipality's own provider.
    #[must_use]
    pub fn own_provider_staff() -> Self {
        Self::new(
            ErrorCode::OwnProviderStaff,
            "Leave the case to a person outside the municipality's own provider, which competes with the party.",
        )
    }

    /// A ruling on one's own impartiality.
    #[must_use]
    pub fn ruling_on_oneself() -> Self {
        Self::new(
            ErrorCode::RulingOnOneself,
            "Another decision maker must rule; make a declaration about yourself.",
        )
    }

    /// No ruling on this person was requested.
    #[must_use]
    pub fn no_impartiality_question() -> Self {
        Self::new(
            ErrorCode::NoImpartialityQuestion,
            "Rule on a person who was challenged by a party or left it to the superior.",
        )
    }
}
