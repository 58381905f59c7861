//! JSON form of an approval's facts: contract, notice, ends, revocation, gaps.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use crate::{
    domain::{
        approval::{
            ApprovalLifecycle, Contract, ContractPeriod, GivenBy, OfferingEnd, Revocation,
            RevocationDeferral, RevocationGap, Termination, WindingDown,
        },
        keywords,
        rules::ground::RevocationGround,
        validation::ValidationErrors,
        values::{
            ids::DecisionId,
            text::Prose,
            time::{Instant, start_of_day},
        },
    },
    json::{
        form::{ConvertedForm, Form, form, scalars::keyword_forms, serde_bridge::serde_by_form},
        words,
    },
};

serde_by_form!(OfferingEnd, Revocation, RevocationGap, Termination);

form! {
    /// A stay of a revocation.
    struct RevocationDeferral {
        /// The decision that defers.
        #[form(name = "decisionId")]
        by: DecisionId,
        /// Since when.
        at: Instant,
    }
}

form! {
    /// The end of an approval by decision.
    struct Revocation {
        /// The decision.
        #[form(name = "decisionId")]
        decision: DecisionId,
        /// When it takes effect.
        effective_at: Instant,
        /// When that was set: by the decision, or by the end of the suspended effect.
        set_at: Instant,
        /// The grounds; the facts are in the decision.
        grounds: Vec<RevocationGround>,
        /// How users are taken over.
        winding_down: WindingDown,
        /// The suspended effect; during it the revocation has no effect.
        #[form(name = "deferral")]
        suspension: Option<RevocationDeferral>,
    }
}

keywords! {
    /// A side of a contract.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Side {
        Provider = "provider",
        Municipality = "municipality",
    }
}

keyword_forms!(Side);

/// The two sides of a contract.
pub fn sides() -> Object {
    words("The side that gave notice.", Side::ALL.map(Side::as_str))
}

/// Notice by one of the sides of a contract.
#[derive(Debug, Form)]
#[form(name = "Termination")]
pub struct TerminationFields {
    /// The side that gave notice.
    given_by: Side,
    /// The day of the notice.
    given_on: NaiveDate,
    /// Last day of the contract.
    effective_on: NaiveDate,
    /// Why the municipality gives notice.
    reason: Option<Prose>,
    /// How users are taken over, where that is settled.
    winding_down: Option<WindingDown>,
}

impl ConvertedForm for Termination {
    type Fields = TerminationFields;

    fn to_fields(&self) -> TerminationFields {
        let Self { given_on, given_by, effective_on } = self.clone();
        let (given_by, reason, winding_down) = match given_by {
            GivenBy::Provider(winding_down) => (Side::Provider, None, winding_down),
            GivenBy::Municipality { reason, winding_down } => {
                (Side::Municipality, Some(reason), Some(winding_down))
            }
        };
        TerminationFields { given_by, given_on, effective_on, reason, winding_down }
    }

    fn from_fields(
        fields: TerminationFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        let TerminationFields { given_by, given_on, effective_on, reason, winding_down } = fields;
        let given_by = match given_by {
            Side::Provider => GivenBy::Provider(winding_down),
            Side::Municipality => {
                let reason = errors.require(&format!("{at}/reason"), reason);
                let winding_down = errors.require(&format!("{at}/windingDown"), winding_down);
                GivenBy::Municipality { reason: reason?, winding_down: winding_down? }
            }
        };
        Some(Self { given_on, given_by, effective_on })
    }
}

form! {
    /// The end of the offering, and of every approval with it.
    #[form(name = "ApprovalEnd")]
    struct OfferingEnd {
        /// Last day.
        on: NaiveDate,
        /// How users are taken over.
        winding_down: WindingDown,
    }
}

form! {
    /// A time in which a revocation was in effect that was undone or deferred later.
    #[form(name = "ApprovalGap")]
    struct RevocationGap {
        /// First instant without approval.
        from: Instant,
        /// First instant with approval again.
        to: Instant,
        /// The decision that had revoked.
        revoked_by: DecisionId,
        /// The decision that undid or deferred it.
        #[form(name = "decisionId")]
        by: DecisionId,
    }
}

/// Facts of an approval.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Standing)]
pub struct StandingForm {
    /// The contract, when it is recorded.
    pub contract: Option<Contract>,
    /// When the contract was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// The notice, if given by one of the sides.
    pub termination: Option<Termination>,
    /// The end of the offering, when it is decided.
    pub offering_end: Option<OfferingEnd>,
    /// When, on which grounds and how it was or will be revoked.
    pub revocation: Option<Revocation>,
    /// Past times without approval, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<RevocationGap>,
}

impl StandingForm {
    /// The lifecycle; `None` if the parts contradict each other.
    #[must_use]
    pub fn read(&self) -> Option<ApprovalLifecycle> {
        let offering_end = self.offering_end.clone();
        let Some(contract) = self.contract.clone() else {
            let loose = self.revocation.is_some() || self.termination.is_some();
            return (!loose).then(|| {
                offering_end.map_or(ApprovalLifecycle::Granted, ApprovalLifecycle::Lapsed)
            });
        };
        let signed_on = contract.signed_on;
        let period = ContractPeriod {
            contract,
            recorded_at: self.recorded_at.unwrap_or_else(|| start_of_day(signed_on)),
            termination: self.termination.clone(),
            offering_end,
            gaps: self.gaps.clone(),
        };
        Some(match self.revocation.clone() {
            None => ApprovalLifecycle::Contracted(period),
            Some(revocation) => ApprovalLifecycle::Revoked(period, revocation),
        })
    }
}

impl From<&ApprovalLifecycle> for StandingForm {
    fn from(lifecycle: &ApprovalLifecycle) -> Self {
        let period = lifecycle.contract_period();
        Self {
            contract: lifecycle.contract().cloned(),
            recorded_at: period.map(|period| period.recorded_at),
            termination: period.and_then(|it| it.termination.clone()),
            offering_end: lifecycle.offering_end().cloned(),
            revocation: lifecycle.revocation().cloned(),
            gaps: period.map(|it| it.gaps.clone()).unwrap_or_default(),
        }
    }
}
