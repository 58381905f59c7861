//! The JSON form of a decision's course: everything that happened to it after the signature.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ActorForm, decision::ReasonsForm, each, notification::NotificationForm, words};
use crate::domain::{
    decision::history::{
        CorrectedText, DecisionAppeal, DecisionCorrection, DecisionEnding, DecisionHistory,
        DecisionStatus, Extension, Given, ReasonsDemand, SuspendedEffect,
    },
    validation::ValidationErrors,
    values::{
        ids::{AppealId, DecisionId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Note},
    },
};

/// A demand for reasons, and the reasons when they have come (forvaltningsloven § 24).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReasonsDemand)]
pub struct ReasonsDemandForm {
    /// Who demanded them.
    pub by: ActorForm,
    /// When.
    pub at: DateTime<Utc>,
    /// The reasons.
    #[serde(default)]
    pub given: Option<GivenForm>,
}

/// Reasons given afterwards; a new full period to appeal runs from their arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GivenReasons)]
pub struct GivenForm {
    /// The reasons.
    pub reasons: ReasonsForm,
    /// Who gave them.
    pub by: ActorForm,
    /// How they reached the party.
    pub notification: NotificationForm,
}

/// A longer time to appeal (forvaltningsloven § 29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Prolongation)]
pub struct ProlongationForm {
    /// The new last day.
    pub to: NaiveDate,
    /// Why.
    pub why: String,
    /// Who gave it.
    pub by: ActorForm,
    /// When.
    pub at: DateTime<Utc>,
}

/// A slip of the pen that was mended; the original stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Correction)]
pub struct DecisionCorrectionForm {
    /// JSON Pointer to the text in the decision.
    pub pointer: String,
    /// What stood there.
    pub before: String,
    /// What should have stood there.
    pub after: String,
    /// Why it is a clear slip.
    pub why: String,
    /// Who mended it.
    pub by: ActorForm,
    /// How the party was told.
    pub notification: NotificationForm,
}

/// Whether the decision waits (forvaltningsloven § 42).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Deferral)]
pub struct SuspendedEffectForm {
    /// Asked for, granted, refused, or over.
    #[schema(schema_with = deferrals)]
    pub state: String,
    /// The decision on it.
    #[serde(default)]
    pub decision_id: Option<uuid::Uuid>,
    /// Since when.
    pub at: DateTime<Utc>,
}

const DEFERRALS: [&str; 4] = ["asked", "granted", "refused", "over"];

fn deferrals() -> Object {
    words("Asked for, granted, refused, or over.", DEFERRALS)
}

/// An appeal against the decision.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AppealReference)]
pub struct AppealedForm {
    /// Its id.
    pub appeal_id: uuid::Uuid,
    /// Whether it is the party's own.
    pub by_party: bool,
    /// When it was decided or withdrawn.
    #[serde(default)]
    pub closed_at: Option<DateTime<Utc>>,
}

/// How a decision lost its force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DecisionEnd)]
pub struct EndForm {
    /// Whether it was reversed or annulled.
    #[schema(schema_with = ends)]
    pub how: String,
    /// The decision that did it.
    pub decision_id: uuid::Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

const ENDS: [&str; 2] = ["reversed", "annulled"];

fn ends() -> Object {
    words("Whether it was reversed or annulled.", ENDS)
}

pub(crate) fn statuses() -> Object {
    words("What the decision is now.", DecisionStatus::ALL.map(DecisionStatus::as_str))
}

/// What happened to a decision after the signature. The decision itself never changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DecisionCourse)]
pub struct DecisionHistoryForm {
    /// How it reached the party.
    pub notification: NotificationForm,
    /// Whether there is an appeal at all.
    pub appealable: bool,
    /// The key of the person who signed.
    #[serde(default)]
    pub signed_by: Option<String>,
    /// Reasons that were demanded afterwards.
    #[serde(default)]
    pub reasons_demand: Option<ReasonsDemandForm>,
    /// Longer periods, oldest first.
    #[serde(default)]
    pub prolongations: Vec<ProlongationForm>,
    /// Slips that were mended, oldest first.
    #[serde(default)]
    pub corrections: Vec<DecisionCorrectionForm>,
    /// Whether it waits.
    #[serde(default)]
    pub deferral: Option<SuspendedEffectForm>,
    /// Appeals, oldest first.
    #[serde(default)]
    pub appeals: Vec<AppealedForm>,
    /// What ended it.
    #[serde(default)]
    pub end: Option<EndForm>,
    /// When it was noted that it is final.
    #[serde(default)]
    pub final_at: Option<DateTime<Utc>>,
}

impl ReasonsDemandForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<ReasonsDemand> {
        let given = match &self.given {
            None => None,
            Some(given) => Some(Given {
                reasons: given.reasons.read(f, "/reasons")?,
                by: given.by.read(f, "/by")?,
                notification: given.notification.read(f, "/notification")?,
            }),
        };
        Some(ReasonsDemand { by: self.by.read(f, "/by")?, at: self.at, given })
    }
}

impl From<&ReasonsDemand> for ReasonsDemandForm {
    fn from(demand: &ReasonsDemand) -> Self {
        let given = |given: &Given| GivenForm {
            reasons: (&given.reasons).into(),
            by: (&given.by).into(),
            notification: (&given.notification).into(),
        };
        Self { by: (&demand.by).into(), at: demand.at, given: demand.given.as_ref().map(given) }
    }
}

impl SuspendedEffectForm {
    fn read(&self) -> Option<SuspendedEffect> {
        let decision = self.decision_id.map(DecisionId::new);
        Some(match self.state.as_str() {
            "asked" => SuspendedEffect::Asked(self.at),
            "granted" => SuspendedEffect::Granted(decision?, self.at),
            "refused" => SuspendedEffect::Refused(decision?, self.at),
            "over" => SuspendedEffect::Over(self.at),
            _ => return None,
        })
    }
}

impl From<SuspendedEffect> for SuspendedEffectForm {
    fn from(deferral: SuspendedEffect) -> Self {
        let (state, decision, at) = match deferral {
            SuspendedEffect::Asked(at) => ("asked", None, at),
            SuspendedEffect::Granted(by, at) => ("granted", Some(by), at),
            SuspendedEffect::Refused(by, at) => ("refused", Some(by), at),
            SuspendedEffect::Over(at) => ("over", None, at),
        };
        Self { state: state.to_owned(), decision_id: decision.map(DecisionId::uuid), at }
    }
}

impl EndForm {
    fn read(&self) -> Option<DecisionEnding> {
        let by = DecisionId::new(self.decision_id);
        match self.how.as_str() {
            "reversed" => Some(DecisionEnding::Reversed(by, self.at)),
            "annulled" => Some(DecisionEnding::Annulled(by, self.at)),
            _ => None,
        }
    }
}

impl From<DecisionEnding> for EndForm {
    fn from(end: DecisionEnding) -> Self {
        let (how, by, at) = match end {
            DecisionEnding::Reversed(by, at) => ("reversed", by, at),
            DecisionEnding::Annulled(by, at) => ("annulled", by, at),
        };
        Self { how: how.to_owned(), decision_id: by.uuid(), at }
    }
}

impl DecisionCorrectionForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<DecisionCorrection> {
        Some(DecisionCorrection {
            place: f.collect(at, CorrectedText::parse(&self.pointer))?,
            before: f.collect(at, Note::parse(&self.before))?,
            after: f.collect(at, Note::parse(&self.after))?,
            why: f.collect(at, Note::parse(&self.why))?,
            by: self.by.read(f, at)?,
            notification: self.notification.read(f, at)?,
        })
    }
}

impl From<&DecisionCorrection> for DecisionCorrectionForm {
    fn from(correction: &DecisionCorrection) -> Self {
        Self {
            pointer: correction.place.pointer(),
            before: correction.before.to_string(),
            after: correction.after.to_string(),
            why: correction.why.to_string(),
            by: (&correction.by).into(),
            notification: (&correction.notification).into(),
        }
    }
}

impl DecisionHistoryForm {
    /// The course of a decision, or none where a part is not as it must be.
    #[must_use]
    pub fn read(
        &self,
        decision: DecisionId,
        (municipality, provider): (MunicipalityNumber, OrganisationNumber),
        revision: Revision,
    ) -> Option<DecisionHistory> {
        let f = &mut ValidationErrors::default();
        let prolongations = each(f, "", &self.prolongations, |f, at, form| {
            let (why, by) = (f.collect(at, Note::parse(&form.why))?, form.by.read(f, at)?);
            Some(Extension { to: form.to, why, by, at: form.at })
        });
        let corrections = each(f, "", &self.corrections, |f, at, form| form.read(f, at));
        let appeals = self.appeals.iter().map(|form| DecisionAppeal {
            appeal: AppealId::new(form.appeal_id),
            by_party: form.by_party,
            closed_at: form.closed_at,
        });
        let demand = self.reasons_demand.as_ref();
        let history = DecisionHistory {
            decision,
            municipality,
            provider,
            signed_by: f.parse("/signedBy", self.signed_by.as_ref(), Line::parse)?,
            notification: self.notification.read(f, "/notification")?,
            appealable: self.appealable,
            reasons_demand: demand.map(|form| form.read(f).ok_or(())).transpose().ok()?,
            extensions: prolongations?,
            corrections: corrections?,
            suspension: self.deferral.as_ref().map(|it| it.read().ok_or(())).transpose().ok()?,
            appeals: appeals.collect(),
            end: self.end.as_ref().map(|it| it.read().ok_or(())).transpose().ok()?,
            final_at: self.final_at,
            revision,
        };
        Some(history).filter(|_| f.is_empty())
    }
}

impl From<&DecisionHistory> for DecisionHistoryForm {
    fn from(history: &DecisionHistory) -> Self {
        let prolongation = |longer: &Extension| ProlongationForm {
            to: longer.to,
            why: longer.why.to_string(),
            by: (&longer.by).into(),
            at: longer.at,
        };
        let appealed = |appealed: &DecisionAppeal| AppealedForm {
            appeal_id: appealed.appeal.uuid(),
            by_party: appealed.by_party,
            closed_at: appealed.closed_at,
        };
        Self {
            notification: (&history.notification).into(),
            appealable: history.appealable,
            signed_by: Some(history.signed_by.to_string()),
            reasons_demand: history.reasons_demand.as_ref().map(Into::into),
            prolongations: history.extensions.iter().map(prolongation).collect(),
            corrections: history.corrections.iter().map(Into::into).collect(),
            deferral: history.suspension.map(Into::into),
            appeals: history.appeals.iter().map(appealed).collect(),
            end: history.end.map(Into::into),
            final_at: history.final_at,
        }
    }
}
