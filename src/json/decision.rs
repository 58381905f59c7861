//! JSON form of a stored decision.

pub mod grounds;
pub mod outcome;

pub use self::grounds::GroundToRevoke;
pub(crate) use self::{
    grounds::{formal_grounds, reversal_grounds},
    outcome::outcomes,
};
use super::form::{ConvertedForm, Form, form, scalars::keyword_forms};
use crate::{
    domain::{
        decision::{AppealRight, Authority, Decision, DecisionOutcome},
        municipality::LanguageForm,
        rules::{notification::Channel, regime::Regime},
        validation::ValidationErrors,
        values::{
            ids::{ApplicationId, DecisionId},
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::Line,
            time::Instant,
        },
    },
    letters::appeal_text,
};

keyword_forms!(Regime);

form! {
    /// Responsible authority and persons of a decision.
    struct Authority {
        /// The deciding body.
        body: Line,
        /// The delegation it decides by.
        delegation: Line,
        /// The case worker.
        case_worker: Line,
        /// The responsible person.
        responsible: Line,
    }
}

/// The right to appeal (forvaltningsloven §§ 27 to 29).
#[derive(Debug, Form)]
#[form(name = "AppealRight")]
pub struct AppealRightFields {
    /// The appeal body.
    body: Line,
    /// Whether a lawsuit is possible only after an appeal was decided (forvaltningsloven § 27 b).
    #[form(omit_default)]
    court_condition: bool,
    /// The text about the party's rights, in Norwegian.
    text: String,
}

/// A signed decision.
#[derive(Debug, Form)]
#[form(name = "Decision")]
pub struct DecisionFields {
    /// Its id.
    id: DecisionId,
    /// Its number within the municipality.
    number: Line,
    /// The application it decides, or behind the approval.
    application_id: ApplicationId,
    /// The deciding municipality.
    municipality: MunicipalityNumber,
    /// The party.
    provider: OrganisationNumber,
    #[form(flatten)]
    outcome: DecisionOutcome,
    /// Responsible authority.
    authority: Authority,
    /// The Act that governs the procedure: that of the first day of the case.
    procedure_regime: Regime,
    /// When it was signed.
    signed_at: Instant,
    /// How it goes to the party.
    channel: Channel,
    /// The right to appeal, where there is one.
    appeal: Option<AppealRightFields>,
    /// The stand-still before the contract of an approval, where the legal basis demands it.
    stand_still: Option<StandStillFields>,
}

/// A stand-still (karensperiode): no contract is signed before it is over.
#[derive(Debug, Form)]
#[form(name = "StandStillRule")]
pub struct StandStillFields {
    /// At least this many days from the day after the dispatch, until the end of a working day.
    days: u16,
    /// The sections that demand it, in Norwegian.
    rules: String,
}

/// The right to appeal is written with the text about the party's rights.
impl ConvertedForm for Decision {
    type Fields = DecisionFields;

    fn to_fields(&self) -> DecisionFields {
        let stand_still = self.stand_still();
        let stand_still =
            stand_still.map(|it| StandStillFields { days: it.days, rules: it.rules.to_owned() });
        let text = || appeal_text(self, LanguageForm::Bokmal);
        let decision = self.clone();
        DecisionFields {
            id: decision.id,
            number: decision.number,
            application_id: decision.application,
            municipality: decision.municipality,
            provider: decision.provider,
            outcome: decision.outcome,
            authority: decision.authority,
            procedure_regime: decision.regime,
            signed_at: decision.signed_at,
            channel: decision.channel,
            appeal: decision.appeal.map(|AppealRight { body, court_condition }| {
                AppealRightFields { body, court_condition, text: text() }
            }),
            stand_still,
        }
    }

    fn from_fields(fields: DecisionFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        Some(Self {
            id: fields.id,
            number: fields.number,
            application: fields.application_id,
            municipality: fields.municipality,
            provider: fields.provider,
            outcome: fields.outcome,
            authority: fields.authority,
            regime: fields.procedure_regime,
            signed_at: fields.signed_at,
            channel: fields.channel,
            appeal: fields.appeal.map(|AppealRightFields { body, court_condition, .. }| {
                AppealRight { body, court_condition }
            }),
        })
    }
}
