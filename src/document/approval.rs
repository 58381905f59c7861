//! The JSON forms of what an approval has behind it, and of prior notices.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ActorForm, impartiality::ImpartialityForm};
use crate::domain::{
    approval::{Approval, Contract, Revocation, Standing, WindingDown},
    faults::Faults,
    ground::{Ground, RevocationGround},
    ids::DecisionId,
    prior_notice::Reply,
    text::{Line, Prose},
    time::parse_day,
};

/// The signed contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Contract, example = json!({
    "number": "2026/118", "signedOn": "2026-03-12", "from": "2026-03-12", "to": "2030-03-11"
}))]
pub struct ContractForm {
    /// Its number with the municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, nullable = false, min_length = 1, max_length = 200)]
    pub number: Option<String>,
    /// The day the last party signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, nullable = false, format = Date)]
    pub signed_on: Option<String>,
    /// First day of delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, nullable = false, format = Date)]
    pub from: Option<String>,
    /// Last day of delivery, where the contract names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = Date)]
    pub to: Option<String>,
}

impl ContractForm {
    /// The contract, or its faults.
    pub fn read(&self, f: &mut Faults, at: &str) -> Option<Contract> {
        let number = f.parse(&format!("{at}/number"), self.number.as_ref(), Line::parse);
        let signed_on = f.parse(&format!("{at}/signedOn"), self.signed_on.as_ref(), parse_day);
        let from = f.parse(&format!("{at}/from"), self.from.as_ref(), parse_day);
        let to = f.parse_optional(&format!("{at}/to"), self.to.as_ref(), parse_day);
        Some(Contract { number: number?, signed_on: signed_on?, from: from?, to })
    }
}

impl From<&Contract> for ContractForm {
    fn from(contract: &Contract) -> Self {
        Self {
            number: Some(contract.number.to_string()),
            signed_on: Some(contract.signed_on.to_string()),
            from: Some(contract.from.to_string()),
            to: contract.to.map(|day| day.to_string()),
        }
    }
}

/// How users are taken over when a provider stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WindingDown, example = json!({
    "until": "2026-06-30", "takenOverBy": "Kommunens egen tjeneste"
}))]
pub struct WindingDownForm {
    /// Last day on which the provider still serves those it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, nullable = false, format = Date)]
    pub until: Option<String>,
    /// Who takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, nullable = false, min_length = 1, max_length = 200)]
    pub taken_over_by: Option<String>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 10000)]
    pub plan: Option<String>,
}

impl WindingDownForm {
    /// The winding-down, or its faults.
    pub fn read(&self, f: &mut Faults, at: &str) -> Option<WindingDown> {
        let until = f.parse(&format!("{at}/until"), self.until.as_ref(), parse_day);
        let by = f.parse(&format!("{at}/takenOverBy"), self.taken_over_by.as_ref(), Line::parse);
        let plan = f.parse_optional(&format!("{at}/plan"), self.plan.as_ref(), Prose::parse);
        Some(WindingDown { until: until?, taken_over_by: by?, plan })
    }
}

impl From<&WindingDown> for WindingDownForm {
    fn from(winding_down: &WindingDown) -> Self {
        Self {
            until: Some(winding_down.until.to_string()),
            taken_over_by: Some(winding_down.taken_over_by.to_string()),
            plan: winding_down.plan.as_ref().map(ToString::to_string),
        }
    }
}

/// The end of an approval by decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Revocation)]
pub struct RevocationForm {
    /// The decision.
    pub decision_id: uuid::Uuid,
    /// When it takes effect.
    pub effective_at: DateTime<Utc>,
    /// The grounds; the facts stand in the decision.
    pub grounds: Vec<String>,
    /// How users are taken over.
    pub winding_down: WindingDownForm,
}

/// What an approval has behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Standing)]
pub struct StandingForm {
    /// The contract, when it is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contract: Option<ContractForm>,
    /// The revocation, when it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revocation: Option<RevocationForm>,
}

impl StandingForm {
    /// The standing, or none where the parts do not fit together.
    #[must_use]
    pub fn read(&self) -> Option<Standing> {
        let mut faults = Faults::default();
        let f = &mut faults;
        let contract = match &self.contract {
            None => None,
            Some(form) => Some(form.read(f, "/contract")?),
        };
        match (contract, &self.revocation) {
            (None, None) => Some(Standing::Granted),
            (None, Some(_)) => None,
            (Some(contract), None) => Some(Standing::Contracted(contract)),
            (Some(contract), Some(form)) => {
                let grounds: Result<_, _> =
                    form.grounds.iter().map(|code| RevocationGround::parse(code)).collect();
                let revocation = Revocation {
                    decision: DecisionId::new(form.decision_id),
                    effective_at: form.effective_at,
                    grounds: grounds.ok()?,
                    winding_down: form.winding_down.read(f, "/windingDown")?,
                };
                Some(Standing::Revoked(contract, revocation))
            }
        }
    }
}

impl From<&Standing> for StandingForm {
    fn from(standing: &Standing) -> Self {
        let revocation = |revocation: &Revocation| RevocationForm {
            decision_id: revocation.decision.uuid(),
            effective_at: revocation.effective_at,
            grounds: revocation.grounds.iter().map(|g| g.as_str().to_owned()).collect(),
            winding_down: (&revocation.winding_down).into(),
        };
        Self {
            contract: standing.contract().map(Into::into),
            revocation: standing.revocation().map(revocation),
        }
    }
}

/// What is kept of an approval beside its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptForm {
    /// Who may handle what comes after it.
    #[serde(default)]
    pub impartiality: ImpartialityForm,
}

impl From<&Approval> for KeptForm {
    fn from(approval: &Approval) -> Self {
        Self { impartiality: (&approval.impartiality).into() }
    }
}

/// A provider's reply to a prior notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reply)]
pub struct ReplyForm {
    /// What it says.
    pub text: String,
    /// When it came.
    pub at: DateTime<Utc>,
    /// Who sent it.
    pub by: ActorForm,
}

impl ReplyForm {
    /// The reply, or none.
    #[must_use]
    pub fn read(&self) -> Option<Reply> {
        let by = self.by.read(&mut Faults::default(), "/by")?;
        Some(Reply { text: Prose::parse(&self.text).ok()?, at: self.at, by })
    }
}

impl From<&Reply> for ReplyForm {
    fn from(reply: &Reply) -> Self {
        Self { text: reply.text.to_string(), at: reply.at, by: (&reply.by).into() }
    }
}
