//! The JSON forms of a case file: receipt, impartiality, requests for completion, assessment.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    ActorForm, each,
    impartiality::ImpartialityForm,
    notification::{NotificationForm, OpeningForm},
    offering::{RoundForm, age_references},
    one_of,
    preliminary::PreliminaryAnswerForm,
    words,
};
use crate::domain::{
    application::{
        AssessmentLine, Case, CriterionOutcome, Receipt,
        age::Age,
        completion::{Completion, Missing},
    },
    offering::{VersionNumber, intake::RoundPlace},
    rules::notification::Channel,
    validation::ValidationErrors,
    values::{
        ids::LateAccessId,
        text::{Code, Line, Note},
    },
};

/// The receipt (eForvaltningsforskriften § 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Receipt, example = json!({
    "reference": "4204-2026-S1", "receivedAt": "2026-03-12T09:00:00Z", "version": 1,
    "round": {"cutOff": "2026-05-01T21:59:59Z", "startsOn": "2026-06-01"}
}))]
pub struct ReceiptForm {
    /// The reference of the case.
    pub reference: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The version of the offering that was in force then, which is pinned.
    pub version: i32,
    /// The round that it was counted into, where the intake is in rounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<PlaceForm>,
}

/// The round of an application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApplicationRound)]
pub struct PlaceForm {
    /// The round.
    #[serde(flatten)]
    pub round: RoundForm,
    /// The public grant that opened it again after its cut-off.
    #[serde(default)]
    pub late_access_id: Option<uuid::Uuid>,
}

impl PlaceForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<RoundPlace> {
        let round = self.round.read(f, at)?;
        Some(RoundPlace { round, late_access: self.late_access_id.map(LateAccessId::new) })
    }
}

impl From<&RoundPlace> for PlaceForm {
    fn from(place: &RoundPlace) -> Self {
        let late_access_id = place.late_access.map(LateAccessId::uuid);
        Self { round: (&place.round).into(), late_access_id }
    }
}

/// A closed line of the assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AssessmentLine)]
pub struct LineForm {
    /// How it was closed.
    #[schema(schema_with = outcomes)]
    pub outcome: String,
    /// Why.
    pub note: String,
    /// By whom.
    pub by: ActorForm,
    /// When.
    pub at: DateTime<Utc>,
}

pub(crate) fn outcomes() -> Object {
    words("How a line is closed.", CriterionOutcome::ALL.map(CriterionOutcome::as_str))
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MissingItem, example = json!({
    "criterion": "tax-certificate", "note": "Attesten er eldre enn seks måneder."
}))]
pub struct MissingForm {
    /// The criterion that it concerns.
    #[schema(max_length = 60)]
    pub criterion: String,
    /// What is missing.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: String,
}

impl MissingForm {
    /// What is asked for, or its faults.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Missing> {
        let criterion = f.collect(&format!("{at}/criterion"), Code::parse(&self.criterion));
        let note = f.collect(&format!("{at}/note"), Note::parse(&self.note));
        Some(Missing { criterion: criterion?, note: note? })
    }
}

/// A request for completion (forvaltningsloven § 11, eForvaltningsforskriften § 7).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompletionRequest)]
pub struct CompletionForm {
    /// What is asked for.
    pub missing: Vec<MissingForm>,
    /// When it was made available and notice was sent.
    pub sent_at: DateTime<Utc>,
    /// The address that notice was sent to.
    #[serde(default)]
    pub sent_to: Option<String>,
    /// Each reader once, the first one first. Opening starts no clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<OpeningForm>,
    /// When notice was sent once more.
    #[serde(default)]
    pub renotified_at: Option<DateTime<Utc>>,
    /// Who asked.
    pub sent_by: ActorForm,
    /// Last day to answer.
    pub deadline: NaiveDate,
    /// When the provider said that it had answered.
    pub answered_at: Option<DateTime<Utc>>,
}

impl CompletionForm {
    fn notification(&self) -> NotificationForm {
        NotificationForm {
            channel: Channel::Electronic.as_str().to_owned(),
            sent_at: self.sent_at,
            address: self.sent_to.clone(),
            openings: self.openings.clone(),
            renotified_at: self.renotified_at,
            arrivals: vec![],
        }
    }

    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Completion> {
        let missing = each(f, at, &self.missing, |f, at, form| form.read(f, at));
        let notification = self.notification().read(f, at);
        let sent_by = self.sent_by.read(f, at);
        Some(Completion {
            missing: missing?,
            notification: notification?,
            sent_by: sent_by?,
            deadline: self.deadline,
            answered_at: self.answered_at,
        })
    }
}

impl From<&Completion> for CompletionForm {
    fn from(request: &Completion) -> Self {
        let missing = request.missing.iter().map(|missing| MissingForm {
            criterion: missing.criterion.to_string(),
            note: missing.note.to_string(),
        });
        let sent = NotificationForm::from(&request.notification);
        Self {
            missing: missing.collect(),
            sent_at: sent.sent_at,
            sent_to: sent.address,
            openings: sent.openings,
            renotified_at: sent.renotified_at,
            sent_by: (&request.sent_by).into(),
            deadline: request.deadline,
            answered_at: request.answered_at,
        }
    }
}

/// What the municipality holds on an application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaseFile)]
pub struct CaseForm {
    /// The receipt.
    pub receipt: ReceiptForm,
    /// The newer version that the applicant asked to be assessed by.
    #[serde(default)]
    pub newer_version: Option<i32>,
    /// When the offering announced, at the submission, that it would be decided.
    #[serde(default)]
    pub announced_for: Option<NaiveDate>,
    /// Who may handle and decide it.
    #[serde(flatten)]
    pub impartiality: ImpartialityForm,
    /// Preliminary answers in the order in which they were sent.
    #[serde(default)]
    pub preliminary_answers: Vec<PreliminaryAnswerForm>,
    /// Requests for completion in the order in which they were sent.
    #[serde(default)]
    pub completions: Vec<CompletionForm>,
    /// Closed lines by criterion.
    pub lines: BTreeMap<String, LineForm>,
    /// Everyone who ever closed a line or asked for completion, by key.
    #[serde(default)]
    pub assessors: BTreeSet<String>,
}

impl CaseForm {
    /// The case, or its faults.
    pub fn read(&self) -> Result<Case, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let reference = f.collect("/receipt/reference", Line::parse(&self.receipt.reference));
        let place = self.receipt.round.as_ref().and_then(|form| form.read(f, "/receipt/round"));
        let impartiality = self.impartiality.read(f);
        let preliminary_answers =
            each(f, "/preliminaryAnswers", &self.preliminary_answers, |f, at, form| {
                form.read(f, at)
            });
        let completions =
            each(f, "/completions", &self.completions, |f, at, form| form.read(f, at));
        let assessors: Option<BTreeSet<_>> =
            self.assessors.iter().map(|key| f.collect("/assessors", Line::parse(key))).collect();
        let lines: Option<BTreeMap<_, _>> = self
            .lines
            .iter()
            .map(|(code, form)| {
                let at = format!("/lines/{code}");
                let outcome = f.collect(
                    &at,
                    one_of(&form.outcome, &CriterionOutcome::ALL, CriterionOutcome::as_str),
                );
                let note = f.collect(&at, Note::parse(&form.note));
                let by = form.by.read(f, &at);
                let line = AssessmentLine { outcome: outcome?, note: note?, by: by?, at: form.at };
                Some((f.collect(&at, Code::parse(code))?, line))
            })
            .collect();
        let case = (|| {
            let receipt = Receipt {
                reference: reference?,
                received_at: self.receipt.received_at,
                version: VersionNumber(self.receipt.version),
                place,
            };
            Some(Case {
                receipt,
                newer_version: self.newer_version.map(VersionNumber),
                announced_for: self.announced_for,
                impartiality: impartiality?,
                preliminary_answers: preliminary_answers?,
                completions: completions?,
                lines: lines?,
                assessors: assessors?,
            })
        })();
        errors.finish(case)
    }
}

impl From<&Case> for CaseForm {
    fn from(case: &Case) -> Self {
        let line = |(code, line): (&Code, &AssessmentLine)| {
            let form = LineForm {
                outcome: line.outcome.as_str().to_owned(),
                note: line.note.to_string(),
                by: (&line.by).into(),
                at: line.at,
            };
            (code.to_string(), form)
        };
        Self {
            receipt: ReceiptForm {
                reference: case.receipt.reference.to_string(),
                received_at: case.receipt.received_at,
                version: case.receipt.version.0,
                round: case.receipt.place.as_ref().map(Into::into),
            },
            newer_version: case.newer_version.map(|version| version.0),
            announced_for: case.announced_for,
            impartiality: (&case.impartiality).into(),
            preliminary_answers: case.preliminary_answers.iter().map(Into::into).collect(),
            completions: case.completions.iter().map(Into::into).collect(),
            lines: case.lines.iter().map(line).collect(),
            assessors: case.assessors.iter().map(ToString::to_string).collect(),
        }
    }
}

/// How a piece of evidence stands against the age that its criterion allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EvidenceAge)]
pub struct AgeForm {
    /// The evidence.
    pub evidence_id: uuid::Uuid,
    /// The criterion that it supports.
    pub criterion: String,
    /// What the age is counted to.
    #[schema(schema_with = age_references)]
    pub counted_to: String,
    /// The first day of issue that is young enough.
    pub not_before: NaiveDate,
    /// Issued before that day. Nothing is decided by it.
    pub too_old: bool,
}

impl From<&Age> for AgeForm {
    fn from(age: &Age) -> Self {
        Self {
            evidence_id: age.evidence.uuid(),
            criterion: age.criterion.to_string(),
            counted_to: age.counted_to.as_str().to_owned(),
            not_before: age.not_before,
            too_old: age.too_old,
        }
    }
}
