//! The JSON forms of contracts, of winding down, and of replies to prior notices.

mod lifecycle;
mod listing;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ActorForm;
use crate::domain::{
    approval::{Contract, WindingDown},
    prior_notice::{NoticeClosure, NoticeReply},
    validation::ValidationErrors,
    values::{
        text::{Line, Prose},
        time::parse_day,
    },
};

pub use self::lifecycle::{
    GapForm, OfferingEndForm, RevocationForm, StandingForm, TerminationForm, sides,
};
pub use self::listing::{AddOnForm, ListingForm};
pub(crate) use self::listing::{capacities, times_of_day};

/// The signed contract.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Contract, example = json!({
    "number": "2026/118", "signedOn": "2026-03-12", "from": "2026-03-12", "to": "2030-03-11"
}))]
pub struct ContractForm {
    /// Its number with the municipality.
    #[schema(required, min_length = 1, max_length = 200)]
    pub number: Option<String>,
    /// The day the last party signed.
    #[schema(required, format = Date)]
    pub signed_on: Option<String>,
    /// First day of delivery.
    #[schema(required, format = Date)]
    pub from: Option<String>,
    /// Last day of delivery, where the contract names one.
    #[schema(format = Date)]
    pub to: Option<String>,
}

impl ContractForm {
    /// The contract, or its faults.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Contract> {
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
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WindingDown, example = json!({
    "until": "2026-06-30", "takenOverBy": "Kommunens egen tjeneste"
}))]
pub struct WindingDownForm {
    /// Last day on which the provider still serves those it has.
    #[schema(required, format = Date)]
    pub until: Option<String>,
    /// Who takes over.
    #[schema(required, min_length = 1, max_length = 200)]
    pub taken_over_by: Option<String>,
    /// How.
    #[schema(min_length = 1, max_length = 10000)]
    pub plan: Option<String>,
}

impl WindingDownForm {
    /// The winding-down, or its faults.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<WindingDown> {
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
    pub fn read(&self) -> Option<NoticeReply> {
        let by = self.by.read(&mut ValidationErrors::default(), "/by")?;
        Some(NoticeReply { text: Prose::parse(&self.text).ok()?, at: self.at, by })
    }
}

impl From<&NoticeReply> for ReplyForm {
    fn from(reply: &NoticeReply) -> Self {
        Self { text: reply.text.to_string(), at: reply.at, by: (&reply.by).into() }
    }
}

/// How a case ended that was warned of and not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PriorNoticeClosure)]
pub struct NoticeClosureForm {
    /// Why nothing comes of it.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: ActorForm,
}

impl NoticeClosureForm {
    /// The closure, or none.
    #[must_use]
    pub fn read(&self) -> Option<NoticeClosure> {
        let by = self.by.read(&mut ValidationErrors::default(), "/by")?;
        Some(NoticeClosure { reason: Prose::parse(&self.reason).ok()?, at: self.at, by })
    }
}

impl From<&NoticeClosure> for NoticeClosureForm {
    fn from(closure: &NoticeClosure) -> Self {
        let NoticeClosure { reason, at, by } = closure;
        Self { reason: reason.to_string(), at: *at, by: by.into() }
    }
}
