//! Errors of commands on signed decisions and appeals.

use chrono::NaiveDate;

use super::{DomainError, ErrorCode};

impl DomainError {
    /// The appeal period has passed (forvaltningsloven § 29).
    #[must_use]
    pub fn appeal_period_over(last_day: NaiveDate) -> Self {
        Self::new(
            ErrorCode::AppealPeriodOver,
            format!(
                "The last day was {last_day}; this command is only possible within the period."
            ),
        )
    }

    /// There is nothing to demand (forvaltningsloven § 24).
    #[must_use]
    pub fn reasons_there() -> Self {
        Self::new(ErrorCode::ReasonsThere, "Read the reasons of the decision.")
    }

    /// One demand is enough (forvaltningsloven § 24).
    #[must_use]
    pub fn reasons_awaited() -> Self {
        Self::new(
            ErrorCode::ReasonsAwaited,
            "Wait for the reasons: a new appeal period begins on their arrival.",
        )
    }

    /// No appeal (forvaltningsloven § 28).
    #[must_use]
    pub fn not_appealable() -> Self {
        Self::new(
            ErrorCode::NotAppealable,
            "A decision on an appeal or on suspended effect, or in favour of the party, cannot be appealed.",
        )
    }

    /// A reversal would go past the prior notice (forvaltningsloven §§ 16 and 35).
    #[must_use]
    pub fn reversal_by_revocation() -> Self {
        Self::new(
            ErrorCode::ReversalByRevocation,
            "This would harm the provider, who must be heard first: send a prior notice and revoke the \
             approval, on the ground invalid-decision if it was never valid.",
        )
    }

    /// The ground does not hold for this decision (forvaltningsloven § 35).
    #[must_use]
    pub fn reversal_ground_fails(why: &str) -> Self {
        Self::new(ErrorCode::ReversalGroundFails, why)
    }

    /// One open appeal of the party's at a time.
    #[must_use]
    pub fn appeal_exists(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(ErrorCode::AppealExists, "Continue the open appeal, or withdraw it first.")
        }
    }

    /// The signer of the decision decides the appeal.
    #[must_use]
    pub fn signed_first_decision() -> Self {
        Self::new(
            ErrorCode::SignedFirstDecision,
            "A person other than the signer of the decision must decide the appeal.",
        )
    }

    /// A late appeal without a ground to admit it (forvaltningsloven § 31).
    #[must_use]
    pub fn appeal_late(last_day: NaiveDate) -> Self {
        Self::new(
            ErrorCode::AppealLate,
            format!(
                "The last day was {last_day}: dismiss the appeal, or admit it on the ground no-blame or \
                 special-reasons with reasons."
            ),
        )
    }

    /// Later than a year (forvaltningsloven § 31 third paragraph).
    #[must_use]
    pub fn appeal_too_old() -> Self {
        Self::new(
            ErrorCode::AppealTooOld,
            "More than a year has passed since the decision: the appeal can only be dismissed.",
        )
    }

    /// Dismissed or excused as late although it is not.
    #[must_use]
    pub fn appeal_in_time() -> Self {
        Self::new(
            ErrorCode::AppealInTime,
            "The appeal was received in time: admit it without a ground for lateness.",
        )
    }

    /// Form (forvaltningsloven § 32).
    #[must_use]
    pub fn appeal_defective() -> Self {
        Self::new(
            ErrorCode::AppealDefective,
            "It must state the wanted change and be signed: ask the appellant to correct it by a deadline.",
        )
    }

    /// Three months (forvaltningsloven § 34 third paragraph).
    #[must_use]
    pub fn harm_too_late(last_day: NaiveDate) -> Self {
        Self::new(
            ErrorCode::HarmTooLate,
            format!("A change to the appellant's harm had to be sent by {last_day}."),
        )
    }

    /// Three weeks (forvaltningsloven § 36).
    #[must_use]
    pub fn costs_too_late(last_day: NaiveDate) -> Self {
        Self::new(ErrorCode::CostsTooLate, format!("Costs had to be claimed by {last_day}."))
    }
}
