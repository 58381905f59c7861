//! Errors of commands on signed decisions and appeals.

use chrono::NaiveDate;

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// The appeal period has passed (forvaltningsloven § 29).
    #[must_use]
    pub fn appeal_period_over(last_day: NaiveDate) -> Self {
        Self::new(ErrorCode::AppealPeriodOver, details::appeal_period_over(last_day))
    }

    /// There is nothing to demand (forvaltningsloven § 24).
    #[must_use]
    pub fn reasons_there() -> Self {
        Self::new(ErrorCode::ReasonsThere, details::reasons_there())
    }

    /// One demand is enough (forvaltningsloven § 24).
    #[must_use]
    pub fn reasons_awaited() -> Self {
        Self::new(ErrorCode::ReasonsAwaited, details::reasons_awaited())
    }

    /// No appeal (forvaltningsloven § 28).
    #[must_use]
    pub fn not_appealable() -> Self {
        Self::new(ErrorCode::NotAppealable, details::not_appealable())
    }

    /// A reversal would go past the prior notice (forvaltningsloven §§ 16 and 35).
    #[must_use]
    pub fn reversal_by_revocation() -> Self {
        Self::new(ErrorCode::ReversalByRevocation, details::reversal_by_revocation())
    }

    /// A decision that has arrived (forvaltningsloven § 35).
    #[must_use]
    pub fn decision_arrived() -> Self {
        Self::new(ErrorCode::ReversalGroundFails, details::reversal_ground_fails_arrived())
    }

    /// A decision without terms (forvaltningsloven § 35).
    #[must_use]
    pub fn decision_without_terms() -> Self {
        Self::new(ErrorCode::ReversalGroundFails, details::reversal_ground_fails_no_terms())
    }

    /// One open appeal of the party's at a time.
    #[must_use]
    pub fn appeal_exists(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(ErrorCode::AppealExists, details::appeal_exists())
        }
    }

    /// The signer of the decision decides the appeal.
    #[must_use]
    pub fn signed_first_decision() -> Self {
        Self::new(ErrorCode::SignedFirstDecision, details::signed_first_decision())
    }

    /// A late appeal without a ground to admit it (forvaltningsloven § 31).
    #[must_use]
    pub fn appeal_late(last_day: NaiveDate) -> Self {
        Self::new(ErrorCode::AppealLate, details::appeal_late(last_day))
    }

    /// Later than a year (forvaltningsloven § 31 third paragraph).
    #[must_use]
    pub fn appeal_too_old() -> Self {
        Self::new(ErrorCode::AppealTooOld, details::appeal_too_old())
    }

    /// Dismissed or excused as late although it is not.
    #[must_use]
    pub fn appeal_in_time() -> Self {
        Self::new(ErrorCode::AppealInTime, details::appeal_in_time())
    }

    /// Form (forvaltningsloven § 32).
    #[must_use]
    pub fn appeal_defective() -> Self {
        Self::new(ErrorCode::AppealDefective, details::appeal_defective())
    }

    /// The provider was not asked (forvaltningsloven § 33 third paragraph).
    #[must_use]
    pub fn counterparty_not_asked() -> Self {
        Self::new(ErrorCode::CounterpartyNotHeard, details::counterparty_not_heard_asked())
    }

    /// The provider can still state its view (forvaltningsloven § 33 third paragraph).
    #[must_use]
    pub fn counterparty_hearing_runs(last_day: NaiveDate) -> Self {
        let detail = details::counterparty_not_heard_runs(last_day);
        Self::new(ErrorCode::CounterpartyNotHeard, detail)
    }

    /// Three months (forvaltningsloven § 34 third paragraph).
    #[must_use]
    pub fn harm_too_late(last_day: NaiveDate) -> Self {
        Self::new(ErrorCode::HarmTooLate, details::harm_too_late(last_day))
    }

    /// Three weeks (forvaltningsloven § 36).
    #[must_use]
    pub fn costs_too_late(last_day: NaiveDate) -> Self {
        Self::new(ErrorCode::CostsTooLate, details::costs_too_late(last_day))
    }
}
