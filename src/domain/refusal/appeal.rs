//! Nei i klagesaker: what stands in the way of a change to a decision that is signed.

use chrono::NaiveDate;

use super::{Code, Refusal};

impl Refusal {
    /// The period is out (forvaltningsloven § 29).
    #[must_use]
    pub fn appeal_period_over(last_day: NaiveDate) -> Self {
        Self::new(
            Code::AppealPeriodOver,
            format!(
                "The last day was {last_day}; what is possible within the period came too late."
            ),
        )
    }

    /// No appeal (forvaltningsloven § 28).
    #[must_use]
    pub fn not_appealable() -> Self {
        Self::new(
            Code::NotAppealable,
            "A decision on an appeal, on deferral or in somebody's favour cannot be appealed against.",
        )
    }

    /// A reversal would go past the prior notice (forvaltningsloven §§ 16 and 35).
    #[must_use]
    pub fn reversal_by_revocation() -> Self {
        Self::new(
            Code::ReversalByRevocation,
            "This would harm the provider, who must be heard first: send a prior notice and revoke the \
             approval, on the ground invalid-decision where it was never valid.",
        )
    }

    /// The ground does not hold for this decision (forvaltningsloven § 35).
    #[must_use]
    pub fn reversal_ground_fails(why: &str) -> Self {
        Self::new(Code::ReversalGroundFails, why)
    }

    /// One open appeal of the party's at a time.
    #[must_use]
    pub fn appeal_exists(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(
                Code::AppealExists,
                "Go on with the appeal that is open, or withdraw it first.",
            )
        }
    }

    /// The signer of the decision decides the appeal.
    #[must_use]
    pub fn signed_first_decision() -> Self {
        Self::new(
            Code::SignedFirstDecision,
            "Another person than the one who signed the decision must decide the appeal.",
        )
    }

    /// Late, and nothing is said of why it should be taken all the same (forvaltningsloven § 31).
    #[must_use]
    pub fn appeal_late(last_day: NaiveDate) -> Self {
        Self::new(
            Code::AppealLate,
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
            Code::AppealTooOld,
            "More than a year has passed since the decision: the appeal can only be dismissed.",
        )
    }

    /// Dismissed or excused as late although it is not.
    #[must_use]
    pub fn appeal_in_time() -> Self {
        Self::new(
            Code::AppealInTime,
            "The appeal came in time: admit it, without a ground for lateness.",
        )
    }

    /// Form (forvaltningsloven § 32).
    #[must_use]
    pub fn appeal_defective() -> Self {
        Self::new(
            Code::AppealDefective,
            "It must say which change is wanted and be signed: ask the appellant to mend it by a day.",
        )
    }

    /// Three months (forvaltningsloven § 34 third paragraph).
    #[must_use]
    pub fn harm_too_late(last_day: NaiveDate) -> Self {
        Self::new(
            Code::HarmTooLate,
            format!("A change to the appellant's harm had to be sent by {last_day}."),
        )
    }

    /// Three weeks (forvaltningsloven § 36).
    #[must_use]
    pub fn costs_too_late(last_day: NaiveDate) -> Self {
        Self::new(Code::CostsTooLate, format!("Costs had to be claimed by {last_day}."))
    }
}
