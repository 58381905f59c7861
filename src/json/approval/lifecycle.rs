//! The JSON form of what an approval has behind it: contract, notice, ends, revocation, gaps.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ContractForm, WindingDownForm};
use crate::{
    domain::{
        approval::{
            ApprovalLifecycle, ContractPeriod, GivenBy, OfferingEnd, Revocation,
            RevocationDeferral, RevocationGap, Termination,
        },
        rules::ground::{Ground, RevocationGround},
        validation::ValidationErrors,
        values::{ids::DecisionId, text::Prose, time::start_of_day},
    },
    json::words,
};

/// A stay of a revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RevocationDeferral)]
pub struct RevocationDeferralForm {
    /// The decision that defers.
    pub decision_id: uuid::Uuid,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// The end of an approval by decision.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Revocation)]
pub struct RevocationForm {
    /// The decision.
    pub decision_id: uuid::Uuid,
    /// When it takes effect.
    pub effective_at: DateTime<Utc>,
    /// When that was set: by the decision, or by the end of a deferral.
    pub set_at: Option<DateTime<Utc>>,
    /// The grounds; the facts stand in the decision.
    pub grounds: Vec<String>,
    /// How users are taken over.
    pub winding_down: WindingDownForm,
    /// The deferral; while it lasts the revocation has no effect.
    pub deferral: Option<RevocationDeferralForm>,
}

impl RevocationForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<Revocation> {
        let grounds: Result<_, _> =
            self.grounds.iter().map(|code| RevocationGround::parse(code)).collect();
        let deferral = self.deferral.as_ref();
        Some(Revocation {
            decision: DecisionId::new(self.decision_id),
            effective_at: self.effective_at,
            set_at: self.set_at.unwrap_or(self.effective_at),
            grounds: grounds.ok()?,
            winding_down: self.winding_down.read(f, "/windingDown")?,
            suspension: deferral
                .map(|it| RevocationDeferral { by: DecisionId::new(it.decision_id), at: it.at }),
        })
    }
}

impl From<&Revocation> for RevocationForm {
    fn from(revocation: &Revocation) -> Self {
        Self {
            decision_id: revocation.decision.uuid(),
            effective_at: revocation.effective_at,
            set_at: Some(revocation.set_at),
            grounds: revocation.grounds.iter().map(|g| g.as_str().to_owned()).collect(),
            winding_down: (&revocation.winding_down).into(),
            deferral: revocation
                .suspension
                .map(|it| RevocationDeferralForm { decision_id: it.by.uuid(), at: it.at }),
        }
    }
}

/// Notice by one of the sides of a contract.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Termination)]
pub struct TerminationForm {
    /// Who gave notice.
    #[schema(schema_with = sides)]
    pub given_by: String,
    /// The day notice was given.
    pub given_on: NaiveDate,
    /// Last day of the contract.
    pub effective_on: NaiveDate,
    /// Why the municipality gives notice.
    pub reason: Option<String>,
    /// How users are taken over, where that is settled.
    pub winding_down: Option<WindingDownForm>,
}

/// The two sides of a contract.
pub fn sides() -> Object {
    words("Who gave notice.", ["provider", "municipality"])
}

impl TerminationForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<Termination> {
        let winding_down = match &self.winding_down {
            None => None,
            Some(form) => Some(form.read(f, "/windingDown")?),
        };
        let given_by = match self.given_by.as_str() {
            "provider" => GivenBy::Provider(winding_down),
            "municipality" => GivenBy::Municipality {
                reason: Prose::parse(self.reason.as_deref()?).ok()?,
                winding_down: winding_down?,
            },
            _ => return None,
        };
        Some(Termination { given_on: self.given_on, given_by, effective_on: self.effective_on })
    }
}

impl From<&Termination> for TerminationForm {
    fn from(termination: &Termination) -> Self {
        let reason = match &termination.given_by {
            GivenBy::Provider(_) => None,
            GivenBy::Municipality { reason, .. } => Some(reason.to_string()),
        };
        Self {
            given_by: termination.given_by.as_str().to_owned(),
            given_on: termination.given_on,
            effective_on: termination.effective_on,
            reason,
            winding_down: termination.given_by.winding_down().map(Into::into),
        }
    }
}

/// The end of the offering, and of every approval with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApprovalEnd)]
pub struct OfferingEndForm {
    /// Last day.
    pub on: NaiveDate,
    /// How users are taken over.
    pub winding_down: WindingDownForm,
}

impl OfferingEndForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<OfferingEnd> {
        let winding_down = self.winding_down.read(f, "/windingDown")?;
        Some(OfferingEnd { on: self.on, winding_down })
    }
}

impl From<&OfferingEnd> for OfferingEndForm {
    fn from(end: &OfferingEnd) -> Self {
        Self { on: end.on, winding_down: (&end.winding_down).into() }
    }
}

/// A time in which a revocation was in effect that was undone or deferred later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApprovalGap)]
pub struct GapForm {
    /// First instant without approval.
    pub from: DateTime<Utc>,
    /// First instant with approval again.
    pub to: DateTime<Utc>,
    /// The decision that had revoked.
    pub revoked_by: uuid::Uuid,
    /// The decision that undid or deferred it.
    pub decision_id: uuid::Uuid,
}

impl From<&GapForm> for RevocationGap {
    fn from(form: &GapForm) -> Self {
        let GapForm { from, to, revoked_by, decision_id } = *form;
        let (revoked_by, by) = (DecisionId::new(revoked_by), DecisionId::new(decision_id));
        Self { from, to, revoked_by, by }
    }
}

impl From<&RevocationGap> for GapForm {
    fn from(gap: &RevocationGap) -> Self {
        let (revoked_by, decision_id) = (gap.revoked_by.uuid(), gap.by.uuid());
        Self { from: gap.from, to: gap.to, revoked_by, decision_id }
    }
}

/// What an approval has behind it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Standing)]
pub struct StandingForm {
    /// The contract, when it is recorded.
    pub contract: Option<ContractForm>,
    /// When the contract was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Notice, when one of the sides has given it.
    pub termination: Option<TerminationForm>,
    /// The end of the offering, when it is decided.
    pub offering_end: Option<OfferingEndForm>,
    /// When, on which grounds and how it was or will be revoked.
    pub revocation: Option<RevocationForm>,
    /// Times without approval that lie behind it, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<GapForm>,
}

impl StandingForm {
    /// The standing, or none where the parts do not fit together.
    #[must_use]
    pub fn read(&self) -> Option<ApprovalLifecycle> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let offering_end = match &self.offering_end {
            None => None,
            Some(form) => Some(form.read(f)?),
        };
        let Some(contract) = &self.contract else {
            let loose = self.revocation.is_some() || self.termination.is_some();
            return (!loose).then(|| {
                offering_end.map_or(ApprovalLifecycle::Granted, ApprovalLifecycle::Lapsed)
            });
        };
        let contract = contract.read(f, "/contract")?;
        let signed_on = contract.signed_on;
        let termination = match &self.termination {
            None => None,
            Some(form) => Some(form.read(f)?),
        };
        let contract_period = ContractPeriod {
            contract,
            recorded_at: self.recorded_at.unwrap_or_else(|| start_of_day(signed_on)),
            termination,
            offering_end,
            gaps: self.gaps.iter().map(Into::into).collect(),
        };
        match &self.revocation {
            None => Some(ApprovalLifecycle::Contracted(contract_period)),
            Some(form) => Some(ApprovalLifecycle::Revoked(contract_period, form.read(f)?)),
        }
    }
}

impl From<&ApprovalLifecycle> for StandingForm {
    fn from(lifecycle: &ApprovalLifecycle) -> Self {
        let contract_period = lifecycle.contract_period();
        Self {
            contract: lifecycle.contract().map(Into::into),
            recorded_at: contract_period.map(|contract_period| contract_period.recorded_at),
            termination: contract_period.and_then(|it| it.termination.as_ref()).map(Into::into),
            offering_end: lifecycle.offering_end().map(Into::into),
            revocation: lifecycle.revocation().map(Into::into),
            gaps: contract_period
                .iter()
                .flat_map(|contract_period| &contract_period.gaps)
                .map(Into::into)
                .collect(),
        }
    }
}
