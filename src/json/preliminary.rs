//! The JSON form of a preliminary answer.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ActorForm;
use crate::domain::{
    application::preliminary::PreliminaryAnswer,
    validation::ValidationErrors,
    values::text::{Email, Prose},
};

/// A preliminary answer (forvaltningsloven § 11 a).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PreliminaryAnswer)]
pub struct PreliminaryAnswerForm {
    /// The day by which the case is expected to be decided.
    pub expected_by: NaiveDate,
    /// Why it takes time.
    pub text: String,
    /// When it was made available and notice was sent.
    pub sent_at: DateTime<Utc>,
    /// The address that notice was sent to.
    pub sent_to: String,
    /// Who sent it.
    pub sent_by: ActorForm,
}

impl PreliminaryAnswerForm {
    /// The answer, or its faults.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<PreliminaryAnswer> {
        let text = f.collect(at, Prose::parse(&self.text));
        let sent_to = f.collect(at, Email::parse(&self.sent_to));
        let sent_by = self.sent_by.read(f, at);
        Some(PreliminaryAnswer {
            expected_by: self.expected_by,
            text: text?,
            sent_at: self.sent_at,
            sent_to: sent_to?,
            sent_by: sent_by?,
        })
    }
}

impl From<&PreliminaryAnswer> for PreliminaryAnswerForm {
    fn from(answer: &PreliminaryAnswer) -> Self {
        Self {
            expected_by: answer.expected_by,
            text: answer.text.to_string(),
            sent_at: answer.sent_at,
            sent_to: answer.sent_to.to_string(),
            sent_by: (&answer.sent_by).into(),
        }
    }
}
