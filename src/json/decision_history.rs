//! The JSON form of a decision's course: everything that happened to it after the signature.

use chrono::NaiveDate;

use super::form::{
    ConvertedForm, Form, Schema, form,
    scalars::{keyword_forms, parse_string, string},
};
use crate::domain::{
    decision::{
        Reasons,
        history::{
            CorrectedText, DecisionAppeal, DecisionCorrection, DecisionEnding, DecisionHistory,
            DecisionStatus, Extension, Given, ReasonsDemand, SuspendedEffect,
        },
    },
    keywords,
    role::Actor,
    rules::notification::Notification,
    validation::ValidationErrors,
    values::{
        ids::{AppealId, DecisionId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Note},
        time::Instant,
    },
};

form! {
    /// Reasons given afterwards; a new full appeal period begins with their arrival.
    #[form(name = "GivenReasons")]
    struct Given {
        /// The reasons.
        reasons: Reasons,
        /// The decision maker.
        by: Actor,
        /// How they reached the party.
        notification: Notification,
    }
}

form! {
    /// A demand for reasons, and the reasons if given (forvaltningsloven § 24).
    struct ReasonsDemand {
        /// The person who demanded them.
        by: Actor,
        /// When.
        at: Instant,
        /// The reasons.
        given: Option<Given>,
    }
}

form! {
    /// A longer time to appeal (forvaltningsloven § 29).
    #[form(name = "Prolongation")]
    struct Extension {
        /// The new last day.
        to: NaiveDate,
        /// Why.
        why: Note,
        /// The decision maker.
        by: Actor,
        /// When.
        at: Instant,
    }
}

impl Form for CorrectedText {
    fn parse(value: &serde_json::Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, Self::parse, errors)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.pointer())
    }

    fn schema() -> Schema {
        Schema::T(string().max_length(Some(60)).build().into())
    }
}

form! {
    /// A corrected clerical error; the original is kept.
    #[form(name = "Correction")]
    struct DecisionCorrection {
        /// JSON Pointer to the text in the decision.
        #[form(name = "pointer")]
        place: CorrectedText,
        /// The original text.
        before: Note,
        /// The corrected text.
        after: Note,
        /// Why it is a clear slip.
        why: Note,
        /// The decision maker.
        by: Actor,
        /// How the party was notified.
        notification: Notification,
    }
}

keywords! {
    /// Whether a decision waits.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Suspension {
        Asked = "asked",
        Granted = "granted",
        Refused = "refused",
        Over = "over",
    }
}

keywords! {
    /// How a decision lost its force.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LossOfForce {
        Reversed = "reversed",
        Annulled = "annulled",
    }
}

keyword_forms!(LossOfForce, Suspension, DecisionStatus);

/// Whether the decision waits (forvaltningsloven § 42).
#[derive(Debug, Form)]
#[form(name = "Deferral")]
pub struct SuspendedEffectFields {
    /// Requested, granted, refused, or over.
    state: Suspension,
    /// The decision on it.
    decision_id: Option<DecisionId>,
    /// Since when.
    at: Instant,
}

impl ConvertedForm for SuspendedEffect {
    type Fields = SuspendedEffectFields;

    fn to_fields(&self) -> SuspendedEffectFields {
        let (state, decision_id, at) = match *self {
            Self::Asked(at) => (Suspension::Asked, None, at),
            Self::Granted(by, at) => (Suspension::Granted, Some(by), at),
            Self::Refused(by, at) => (Suspension::Refused, Some(by), at),
            Self::Over(at) => (Suspension::Over, None, at),
        };
        SuspendedEffectFields { state, decision_id, at }
    }

    fn from_fields(
        SuspendedEffectFields { state, decision_id, at: since }: SuspendedEffectFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        let effect = match (state, decision_id) {
            (Suspension::Asked, _) => Some(Self::Asked(since)),
            (Suspension::Over, _) => Some(Self::Over(since)),
            (Suspension::Granted, decision) => decision.map(|by| Self::Granted(by, since)),
            (Suspension::Refused, decision) => decision.map(|by| Self::Refused(by, since)),
        };
        errors.require(&format!("{at}/decisionId"), effect)
    }
}

form! {
    /// An appeal against the decision.
    #[form(name = "AppealReference")]
    struct DecisionAppeal {
        /// Its id.
        #[form(name = "appealId")]
        appeal: AppealId,
        /// Whether it is the party's own.
        by_party: bool,
        /// When it was decided or withdrawn.
        closed_at: Option<Instant>,
    }
}

/// How a decision lost its force.
#[derive(Debug, Form)]
#[form(name = "DecisionEnd")]
pub struct EndingFields {
    /// Whether it was reversed or annulled.
    how: LossOfForce,
    /// The decision that did it.
    decision_id: DecisionId,
    /// When.
    at: Instant,
}

impl ConvertedForm for DecisionEnding {
    type Fields = EndingFields;

    fn to_fields(&self) -> EndingFields {
        let (how, decision_id, at) = match *self {
            Self::Reversed(by, at) => (LossOfForce::Reversed, by, at),
            Self::Annulled(by, at) => (LossOfForce::Annulled, by, at),
        };
        EndingFields { how, decision_id, at }
    }

    fn from_fields(fields: EndingFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let EndingFields { how, decision_id: by, at } = fields;
        Some(match how {
            LossOfForce::Reversed => Self::Reversed(by, at),
            LossOfForce::Annulled => Self::Annulled(by, at),
        })
    }
}

/// Events of a decision after the signature. The decision itself never changes.
#[derive(Debug, Form)]
#[form(name = "DecisionCourse")]
pub struct DecisionHistoryForm {
    /// How it reached the party.
    notification: Notification,
    /// Whether there is an appeal at all.
    appealable: bool,
    /// Key of the signer.
    signed_by: Option<Line>,
    /// Reasons that were demanded afterwards.
    reasons_demand: Option<ReasonsDemand>,
    /// Longer periods, oldest first.
    #[form(default, name = "prolongations")]
    extensions: Vec<Extension>,
    /// Corrected clerical errors, oldest first.
    #[form(default)]
    corrections: Vec<DecisionCorrection>,
    /// Whether it waits.
    #[form(name = "deferral")]
    suspension: Option<SuspendedEffect>,
    /// Appeals, oldest first.
    #[form(default)]
    appeals: Vec<DecisionAppeal>,
    /// The end of its effect.
    end: Option<DecisionEnding>,
    /// When it was noted that it is final.
    final_at: Option<Instant>,
}

impl DecisionHistoryForm {
    /// The course of a decision, or none where a part is not as it must be.
    #[must_use]
    pub fn read(
        self,
        decision: DecisionId,
        (municipality, provider): (MunicipalityNumber, OrganisationNumber),
        revision: Revision,
    ) -> Option<DecisionHistory> {
        Some(DecisionHistory {
            decision,
            municipality,
            provider,
            signed_by: self.signed_by?,
            notification: self.notification,
            appealable: self.appealable,
            reasons_demand: self.reasons_demand,
            extensions: self.extensions,
            corrections: self.corrections,
            suspension: self.suspension,
            appeals: self.appeals,
            end: self.end,
            final_at: self.final_at,
            revision,
        })
    }
}

impl From<&DecisionHistory> for DecisionHistoryForm {
    fn from(history: &DecisionHistory) -> Self {
        let history = history.clone();
        Self {
            notification: history.notification,
            appealable: history.appealable,
            signed_by: Some(history.signed_by),
            reasons_demand: history.reasons_demand,
            extensions: history.extensions,
            corrections: history.corrections,
            suspension: history.suspension,
            appeals: history.appeals,
            end: history.end,
            final_at: history.final_at,
        }
    }
}
