//! The JSON form of a follow-up: one form for storage and view.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ActorForm, each, one_of, words};
use crate::domain::{
    faults::Faults,
    follow_up::{
        Assessment, Correction, Deviation, Entry, FollowUp, Found, Matter, Origin, Report, State,
    },
    values::{
        text::{Line, Prose},
        time::parse_day,
    },
};

/// What a follow-up is about.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FollowUpMatter, example = json!({"kind": "inspection", "plannedOn": "2026-05-04"}))]
pub struct MatterForm {
    /// What sort of follow-up.
    #[schema(required, schema_with = kinds)]
    pub kind: Option<String>,
    /// The day for which it is planned; this or `incident`.
    #[schema(format = Date)]
    pub planned_on: Option<String>,
    /// What happened, where it was not planned.
    #[schema(min_length = 1, max_length = 10000)]
    pub incident: Option<String>,
    /// The authority that has found a breach, for `authority-finding`.
    #[schema(min_length = 1, max_length = 200)]
    pub authority: Option<String>,
    /// The authority's reference.
    #[schema(min_length = 1, max_length = 200)]
    pub reference: Option<String>,
    /// What Enhetsregisteret says, for `register-flag`.
    #[schema(schema_with = entries)]
    pub entry: Option<String>,
    /// The day of the finding or the entry.
    #[schema(format = Date)]
    pub on: Option<String>,
}

/// What a follow-up is to be about, as it is sent: nothing else is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = FollowUpBody, example = json!({"kind": "inspection", "plannedOn": "2026-05-04"}))]
pub struct MatterBody {
    /// What sort of follow-up.
    #[schema(required, schema_with = kinds)]
    kind: Option<String>,
    /// The day for which it is planned; this or `incident`.
    #[schema(format = Date)]
    planned_on: Option<String>,
    /// What happened, where it was not planned.
    #[schema(min_length = 1, max_length = 10000)]
    incident: Option<String>,
    /// The authority that has found a breach, for `authority-finding`.
    #[schema(min_length = 1, max_length = 200)]
    authority: Option<String>,
    /// The authority's reference.
    #[schema(min_length = 1, max_length = 200)]
    reference: Option<String>,
    /// What Enhetsregisteret says, for `register-flag`.
    #[schema(schema_with = entries)]
    entry: Option<String>,
    /// The day of the finding or the entry.
    #[schema(format = Date)]
    on: Option<String>,
}

impl From<MatterBody> for MatterForm {
    fn from(said: MatterBody) -> Self {
        let MatterBody { kind, planned_on, incident, authority, reference, entry, on } = said;
        Self { kind, planned_on, incident, authority, reference, entry, on }
    }
}

pub(crate) fn kinds() -> Object {
    words("What sort of follow-up.", Matter::NAMES)
}

fn entries() -> Object {
    words("What Enhetsregisteret says.", Entry::ALL.map(Entry::as_str))
}

impl MatterForm {
    /// What it is about and how it came about, or the faults.
    pub fn read(&self, f: &mut Faults) -> Option<(Matter, Origin)> {
        let kind =
            f.parse("/kind", self.kind.as_ref(), |said| one_of(said, &Matter::NAMES, |name| name));
        let detail = "A follow-up is planned or follows an incident: leave one of them out.";
        let both = self.planned_on.is_some() && self.incident.is_some();
        f.unexpected("/incident", both, detail);
        let origin = match (&self.planned_on, &self.incident) {
            (Some(on), _) => f.take("/plannedOn", parse_day(on)).map(Origin::Planned),
            (None, Some(what)) => f.take("/incident", Prose::parse(what)).map(Origin::Incident),
            (None, None) => {
                f.missing("/plannedOn", "Name the day, or the incident.");
                None
            }
        };
        let matter = self.matter(kind?, f);
        Some((matter?, origin?))
    }

    fn matter(&self, kind: &str, f: &mut Faults) -> Option<Matter> {
        let (finding, flag) = (kind == "authority-finding", kind == "register-flag");
        for (pointer, is_there, belongs) in [
            ("/authority", self.authority.is_some(), finding),
            ("/reference", self.reference.is_some(), finding),
            ("/entry", self.entry.is_some(), flag),
            ("/on", self.on.is_some(), finding || flag),
        ] {
            let detail = format!("This does not belong to {kind}: leave it out.");
            f.unexpected(pointer, is_there && !belongs, &detail);
        }
        match kind {
            "yearly-review" => Some(Matter::YearlyReview),
            "inspection" => Some(Matter::Inspection),
            "spot-check" => Some(Matter::SpotCheck),
            "survey" => Some(Matter::Survey),
            "meeting" => Some(Matter::Meeting),
            "document-review" => Some(Matter::DocumentReview),
            "authority-finding" => {
                let authority = f.parse("/authority", self.authority.as_ref(), Line::parse);
                let reference = f.parse("/reference", self.reference.as_ref(), Line::parse);
                let on = f.parse("/on", self.on.as_ref(), parse_day);
                let (authority, reference) = (authority?, reference?);
                Some(Matter::AuthorityFinding { authority, reference, on: on? })
            }
            _ => {
                let entry = f.parse("/entry", self.entry.as_ref(), |said| {
                    one_of(said, &Entry::ALL, Entry::as_str)
                });
                let on = f.parse("/on", self.on.as_ref(), parse_day);
                Some(Matter::RegisterFlag { entry: entry?, on: on? })
            }
        }
    }
}

impl From<&FollowUp> for MatterForm {
    fn from(follow_up: &FollowUp) -> Self {
        let mut form = Self {
            kind: Some(follow_up.matter.as_str().to_owned()),
            on: follow_up.matter.dated().map(|day| day.to_string()),
            ..Self::default()
        };
        match &follow_up.origin {
            Origin::Planned(on) => form.planned_on = Some(on.to_string()),
            Origin::Incident(what) => form.incident = Some(what.to_string()),
        }
        match &follow_up.matter {
            Matter::AuthorityFinding { authority, reference, .. } => {
                form.authority = Some(authority.to_string());
                form.reference = Some(reference.to_string());
            }
            Matter::RegisterFlag { entry, .. } => form.entry = Some(entry.as_str().to_owned()),
            _ => {}
        }
        form
    }
}

/// A deviation as it was found.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = FoundDeviation, example = json!({
    "facts": "To besøk ble ikke utført.", "breaks": "Kontrakten punkt 4", "deadline": "2026-06-01"
}))]
pub struct FoundForm {
    /// What was found.
    #[schema(required, min_length = 1, max_length = 10000)]
    pub facts: Option<String>,
    /// The clause of the terms or the criterion that it breaks.
    #[schema(required, min_length = 1, max_length = 200)]
    pub breaks: Option<String>,
    /// The last day to correct it.
    #[schema(required, format = Date)]
    pub deadline: Option<String>,
}

impl FoundForm {
    /// The deviation, or its faults.
    pub fn read(&self, f: &mut Faults, at: &str) -> Option<Found> {
        let facts = f.parse(&format!("{at}/facts"), self.facts.as_ref(), Prose::parse);
        let breaks = f.parse(&format!("{at}/breaks"), self.breaks.as_ref(), Line::parse);
        let deadline = f.parse(&format!("{at}/deadline"), self.deadline.as_ref(), parse_day);
        Some(Found { facts: facts?, breaks: breaks?, deadline: deadline? })
    }
}

/// Whether a correction is enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CorrectionAssessment)]
pub struct AssessmentForm {
    /// It is.
    pub accepted: bool,
    /// Why, or why not.
    pub note: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: ActorForm,
}

/// What the provider has done about a deviation.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeviationCorrection)]
pub struct CorrectionForm {
    /// What.
    pub text: String,
    /// When it was reported.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: ActorForm,
    /// Whether it is enough, once somebody has said so.
    pub assessment: Option<AssessmentForm>,
}

impl CorrectionForm {
    fn read(&self, f: &mut Faults) -> Option<Correction> {
        let assessment = match &self.assessment {
            None => None,
            Some(form) => Some(Assessment {
                accepted: form.accepted,
                note: Prose::parse(&form.note).ok()?,
                at: form.at,
                by: form.by.read(f, "/by")?,
            }),
        };
        let by = self.by.read(f, "/by")?;
        Some(Correction { text: Prose::parse(&self.text).ok()?, at: self.at, by, assessment })
    }
}

impl From<&Correction> for CorrectionForm {
    fn from(correction: &Correction) -> Self {
        let assessment = |it: &Assessment| AssessmentForm {
            accepted: it.accepted,
            note: it.note.to_string(),
            at: it.at,
            by: (&it.by).into(),
        };
        Self {
            text: correction.text.to_string(),
            at: correction.at,
            by: (&correction.by).into(),
            assessment: correction.assessment.as_ref().map(assessment),
        }
    }
}

/// A deviation and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Deviation)]
pub struct DeviationForm {
    /// What was found.
    pub found: FoundForm,
    /// Corrections, the last one counts.
    pub corrections: Vec<CorrectionForm>,
}

/// What was found.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FollowUpReport)]
pub struct ReportForm {
    /// The day it was carried out.
    pub on: NaiveDate,
    /// What was seen.
    pub findings: String,
    /// Deviations, in the order found.
    pub deviations: Vec<DeviationForm>,
    /// When it was reported.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: ActorForm,
    /// The conclusion, once it is closed.
    pub conclusion: Option<String>,
}

/// What is kept of a follow-up.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FollowUpContent)]
pub struct FollowUpForm {
    /// What it is about and how it came about.
    #[serde(flatten)]
    pub matter: MatterForm,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// By whom.
    pub planned_by: ActorForm,
    /// What was found.
    pub report: Option<ReportForm>,
}

impl FollowUpForm {
    /// The state, or none where a part is not as it must be.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        let Some(form) = &self.report else { return Some(State::Planned) };
        let mut faults = Faults::default();
        let f = &mut faults;
        let deviations = each(f, "", &form.deviations, |f, at, form| {
            let found = form.found.read(f, at)?;
            let corrections = each(f, at, &form.corrections, |f, _, form| form.read(f))?;
            Some(Deviation { found, corrections })
        });
        let report = Report {
            on: form.on,
            findings: Prose::parse(&form.findings).ok()?,
            deviations: deviations?,
            at: form.at,
            by: form.by.read(f, "/by")?,
        };
        match &form.conclusion {
            None => Some(State::Reported(report)),
            Some(text) => Some(State::Closed(report, Prose::parse(text).ok()?)),
        }
    }
}

impl From<&FollowUp> for FollowUpForm {
    fn from(follow_up: &FollowUp) -> Self {
        let conclusion = match &follow_up.state {
            State::Closed(_, conclusion) => Some(conclusion.to_string()),
            _ => None,
        };
        let deviation = |it: &Deviation| DeviationForm {
            found: FoundForm {
                facts: Some(it.found.facts.to_string()),
                breaks: Some(it.found.breaks.to_string()),
                deadline: Some(it.found.deadline.to_string()),
            },
            corrections: it.corrections.iter().map(Into::into).collect(),
        };
        let report = |report: &Report| ReportForm {
            on: report.on,
            findings: report.findings.to_string(),
            deviations: report.deviations.iter().map(deviation).collect(),
            at: report.at,
            by: (&report.by).into(),
            conclusion,
        };
        Self {
            matter: follow_up.into(),
            planned_at: follow_up.planned_at,
            planned_by: (&follow_up.planned_by).into(),
            report: follow_up.reported().map(report),
        }
    }
}
