//! The JSON form of an intake: running, or in rounds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use crate::{
    domain::{
        offering::content::{AdmissionRound, Intake},
        validation::ValidationErrors,
        values::time::parse_day,
    },
    json::{each, one_of, words},
};

/// How applications are taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Intake, example = json!({
    "mode": "rounds", "rounds": [{"cutOff": "2026-05-01T21:59:59Z", "startsOn": "2026-06-01"}]
}))]
pub struct IntakeForm {
    /// Continuous, or in rounds.
    #[schema(schema_with = modes)]
    pub mode: String,
    /// The rounds in order; needed for `rounds`, and only there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub rounds: Vec<RoundForm>,
}

/// One round of admission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Round)]
pub struct RoundForm {
    /// The last instant that is in time.
    pub cut_off: DateTime<Utc>,
    /// The day on which those approved in it can begin.
    #[schema(format = Date)]
    pub starts_on: String,
}

impl IntakeForm {
    /// The intake, or its errors. The order of rounds is checked with the whole content.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Intake> {
        let mode = one_of(&self.mode, &Intake::MODES, |name| name);
        let rounds = each(f, &format!("{at}/rounds"), &self.rounds, |f, at, form| form.read(f, at));
        match f.collect(&format!("{at}/mode"), mode)? {
            "rounds" => rounds.map(Intake::Rounds),
            _ if self.rounds.is_empty() => Some(Intake::Running),
            _ => {
                let detail = "A continuous intake has no rounds: omit them.";
                f.unexpected(format!("{at}/rounds"), true, detail);
                None
            }
        }
    }
}

impl RoundForm {
    /// The round, or its errors.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<AdmissionRound> {
        let starts_on = f.collect(&format!("{at}/startsOn"), parse_day(&self.starts_on))?;
        Some(AdmissionRound { cut_off: self.cut_off, starts_on })
    }
}

impl From<&AdmissionRound> for RoundForm {
    fn from(round: &AdmissionRound) -> Self {
        Self { cut_off: round.cut_off, starts_on: round.starts_on.to_string() }
    }
}

fn modes() -> Object {
    words("Continuous, or in rounds.", Intake::MODES)
}
