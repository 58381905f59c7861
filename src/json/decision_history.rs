//! The JSON form of a decision's course: everything that happened to it after the signature.

use chrono::NaiveDate;

use super::form::{
    ConvertedForm, Form, Schema, form,
    scalars::{keyword_forms, parse_string, string},
};
use crate::domain::{
    decision::{
        Reasons,
        costs::Costs,
        history::{
            CorrectedText, DecisionAppeal, DecisionCorrection, DecisionCourse, DecisionEnding,
            DecisionStatus, Extension, Given, ReasonsDemand, SuspendedEffect,
        },
    },
    keywords,
    role::Actor,
    rules::notification::Notification,
    validation::ValidationErrors,
    values::{
        ids::{AppealId, DecisionId},
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

form! {
    /// Events of a decision after the signature. The decision itself never changes.
    struct DecisionCourse {
        /// How it reached the party.
        notification: Notification,
        /// Whether there is an appeal at all.
        appealable: bool,
        /// Key of the signer.
        signed_by: Line,
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
        /// A claim for the costs of a reversal without an appeal.
        costs: Option<Costs>,
        /// The end of its effect.
        end: Option<DecisionEnding>,
        /// When it was noted that it is final.
        final_at: Option<Instant>,
    }
}
