//! Public record of a decision: outcome, time and grounds; no facts and no persons.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::PublicRecord;
use crate::{
    domain::{
        application::{Application, CriterionOutcome as Line},
        decision::{Decision, DecisionOutcome, history::DecisionEnding},
        rules::ground::{Ground, Grounded},
        values::{
            ids::{ApprovalId, DecisionId},
            text::Code,
            time::day_of,
        },
    },
    json::{
        decision::{formal_grounds, outcomes, reversal_grounds},
        words,
    },
};

/// A signed decision, for everyone to see. Facts, reasons and names stay with the parties.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DecisionRecord)]
pub struct DecisionRecord {
    /// Its id.
    pub id: uuid::Uuid,
    /// Outcome.
    #[schema(schema_with = outcomes)]
    pub outcome: String,
    /// The municipality's number.
    pub municipality: String,
    /// The code of the service.
    pub service: String,
    /// The offering.
    pub offering_id: uuid::Uuid,
    /// The version whose requirements applied to the application.
    pub version: i32,
    /// The provider's organisation number.
    pub provider: String,
    /// When it was signed.
    pub decided_at: DateTime<Utc>,
    /// In a decision on an application: the day on which that was received, so that anyone can
    /// compute how long the handling took.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
    /// Codes of the grounds of a refusal or a revocation, see `/v1/grounds`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<String>,
    /// In a refusal: codes of the unmet mandatory criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    /// Why an application was dismissed.
    #[serde(default)]
    #[schema(schema_with = formal_grounds)]
    pub formal_ground: Option<String>,
    /// The approval that it gives, takes back or restores.
    #[serde(default)]
    pub approval_id: Option<uuid::Uuid>,
    /// The decision that it is about: reversed, deferred, appealed against, or the cause of costs.
    #[serde(default)]
    pub earlier_decision_id: Option<uuid::Uuid>,
    /// Ground of the reversal.
    #[serde(default)]
    #[schema(schema_with = reversal_grounds)]
    pub reversal_ground: Option<String>,
    /// Whether a revocation waits.
    #[serde(default)]
    pub deferred: Option<bool>,
    /// Result of the appeal.
    #[serde(default)]
    #[schema(schema_with = crate::json::appeal::rulings)]
    pub ruling: Option<String>,
    /// How it lost its force, where it has.
    #[serde(default)]
    pub end: Option<DecisionEnd>,
}

/// How a decision lost its force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PublicDecisionEnd)]
pub struct DecisionEnd {
    /// Reversed, or annulled and sent back.
    #[schema(schema_with = ends)]
    pub kind: String,
    /// The decision that ended it.
    pub decision_id: uuid::Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

fn ends() -> Object {
    words("Reversed, or annulled and sent back.", ["reversed", "annulled"])
}

impl From<DecisionEnding> for DecisionEnd {
    fn from(end: DecisionEnding) -> Self {
        let (kind, decision, at) = match end {
            DecisionEnding::Reversed(decision, at) => ("reversed", decision, at),
            DecisionEnding::Annulled(decision, at) => ("annulled", decision, at),
        };
        Self { kind: kind.to_owned(), decision_id: decision.uuid(), at }
    }
}

impl DecisionRecord {
    /// The public record of a decision on an application, or on a resulting approval; `mandatory` tells which
    /// criteria of the version are mandatory.
    #[must_use]
    pub fn of(
        decision: &Decision,
        application: &Application,
        mandatory: impl Fn(&Code) -> bool,
        end: Option<DecisionEnding>,
    ) -> Self {
        let case = application.state.case();
        let mut record = Self {
            id: decision.id.uuid(),
            outcome: decision.outcome.as_str().to_owned(),
            municipality: decision.municipality.to_string(),
            service: application.service.to_string(),
            offering_id: application.offering.uuid(),
            version: case.map_or(0, |case| case.version().0),
            provider: decision.provider.to_string(),
            decided_at: decision.signed_at,
            received_on: None,
            grounds: vec![],
            criteria: vec![],
            formal_ground: None,
            approval_id: decision.outcome.approval().map(ApprovalId::uuid),
            earlier_decision_id: decision.outcome.earlier().map(DecisionId::uuid),
            reversal_ground: None,
            deferred: None,
            ruling: None,
            end: end.map(Into::into),
        };
        if record.is_on_application() {
            record.received_on = case.map(|case| day_of(case.receipt.received_at));
        }
        record.set_grounds(&decision.outcome, application, mandatory);
        record
    }

    /// Fills in what the outcome says.
    fn set_grounds(
        &mut self,
        outcome: &DecisionOutcome,
        application: &Application,
        mandatory: impl Fn(&Code) -> bool,
    ) {
        match outcome {
            DecisionOutcome::Approve { .. } | DecisionOutcome::Costs { .. } => {}
            DecisionOutcome::Refuse { grounds, .. } => {
                self.grounds = codes(grounds);
                let lines = application.state.case().into_iter().flat_map(|case| &case.lines);
                let failing =
                    lines.filter(|(code, line)| line.outcome == Line::NotMet && mandatory(code));
                self.criteria = failing.map(|(code, _)| code.to_string()).collect();
            }
            DecisionOutcome::Dismiss { ground, .. } => {
                self.formal_ground = Some(ground.as_str().to_owned());
            }
            DecisionOutcome::Revoke { grounds, .. } => self.grounds = codes(grounds),
            DecisionOutcome::Reverse { ground, .. } => {
                self.reversal_ground = Some(ground.as_str().to_owned());
            }
            DecisionOutcome::Defer { granted, .. } => self.deferred = Some(*granted),
            DecisionOutcome::Appeal { verdict, .. } => {
                self.ruling = Some(verdict.ruling.as_str().to_owned());
            }
        }
    }

    /// Whether it decided an application: approved, refused or dismissed.
    #[must_use]
    pub fn is_on_application(&self) -> bool {
        matches!(self.outcome.as_str(), "approve" | "refuse" | "dismiss")
    }

    /// How many days the handling of the application took, from the day on which it was received.
    #[must_use]
    pub fn handling_days(&self) -> Option<i64> {
        let received = self.received_on.filter(|_| self.is_on_application())?;
        Some(day_of(self.decided_at).signed_duration_since(received).num_days())
    }
}

fn codes<G: Ground>(grounds: &[Grounded<G>]) -> Vec<String> {
    grounds.iter().map(|grounded| grounded.ground.as_str().to_owned()).collect()
}

impl From<DecisionRecord> for PublicRecord {
    fn from(record: DecisionRecord) -> Self {
        Self::Decision(Arc::new(record))
    }
}
