//! The JSON forms of a decision's parts: grounds, reasons, and the whole as it is kept.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{appeal::VerdictForm, each, one_of, words};
use crate::{
    domain::{
        decision::{
            AppealRight, Authority, Decision, DecisionOutcome, Reasons, on_decision::ReversalGround,
        },
        municipality::LanguageForm,
        rules::{
            ground::{FormalGround, Ground, Grounded, RefusalGround, RevocationGround},
            regime::Regime,
        },
        validation::ValidationErrors,
        values::{
            ids::{AppealId, ApplicationId, ApprovalId, DecisionId},
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::{Line, Prose},
        },
    },
    letters::appeal_text,
};

/// The three things that reasons must hold (forvaltningsloven § 25).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Reasons, example = json!({
    "rules": "Helse- og omsorgstjenesteloven § 3-1 siste ledd; kunngjort krav K2.",
    "facts": "Leverandøren har ikke lagt fram beredskapsplan.",
    "considerations": "Kravet er obligatorisk og gjelder likt for alle."
}))]
pub struct ReasonsForm {
    /// The rules that the decision builds on.
    #[schema(required, min_length = 1, max_length = 10000)]
    pub rules: Option<String>,
    /// The facts that it builds on.
    #[schema(required, min_length = 1, max_length = 10000)]
    pub facts: Option<String>,
    /// The main considerations.
    #[schema(required, min_length = 1, max_length = 10000)]
    pub considerations: Option<String>,
}

impl ReasonsForm {
    /// The reasons, or what they lack.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Reasons> {
        let rules = f.parse(&format!("{at}/rules"), self.rules.as_ref(), Prose::parse);
        let facts = f.parse(&format!("{at}/facts"), self.facts.as_ref(), Prose::parse);
        let considerations =
            f.parse(&format!("{at}/considerations"), self.considerations.as_ref(), Prose::parse);
        Some(Reasons { rules: rules?, facts: facts?, considerations: considerations? })
    }
}

impl From<&Reasons> for ReasonsForm {
    fn from(reasons: &Reasons) -> Self {
        Self {
            rules: Some(reasons.rules.to_string()),
            facts: Some(reasons.facts.to_string()),
            considerations: Some(reasons.considerations.to_string()),
        }
    }
}

/// A ground and the facts it rests on.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Ground, example = json!({
    "ground": "criteria-not-met", "facts": "Beredskapsplan mangler."
}))]
pub struct GroundForm {
    /// The code, see `/v1/grounds`.
    #[schema(required, schema_with = ground_codes)]
    pub ground: Option<String>,
    /// What happened that makes it apply.
    #[schema(required, min_length = 1, max_length = 10000)]
    pub facts: Option<String>,
}

fn ground_codes() -> Object {
    let mut codes: Vec<_> = RefusalGround::ALL.iter().map(|g| g.as_str()).collect();
    codes.extend(RevocationGround::ALL.iter().map(|g| g.as_str()));
    codes.sort_unstable();
    codes.dedup();
    words("The code, see `/v1/grounds`.", codes)
}

/// Reads grounds of one kind.
pub(crate) fn read_grounds<G: Ground>(
    f: &mut ValidationErrors,
    at: &str,
    forms: &[GroundForm],
) -> Option<Vec<Grounded<G>>> {
    each(f, at, forms, |f, at, form| {
        let ground = f.parse(&format!("{at}/ground"), form.ground.as_ref(), G::parse);
        let facts = f.parse(&format!("{at}/facts"), form.facts.as_ref(), Prose::parse);
        Some(Grounded { ground: ground?, facts: facts? })
    })
}

pub(crate) fn write_grounds<G: Ground>(grounds: &[Grounded<G>]) -> Vec<GroundForm> {
    let form = |grounded: &Grounded<G>| GroundForm {
        ground: Some(grounded.ground.as_str().to_owned()),
        facts: Some(grounded.facts.to_string()),
    };
    grounds.iter().map(form).collect()
}

/// What was decided.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DecisionBasis)]
pub struct OutcomeForm {
    /// What sort of decision it is.
    #[schema(schema_with = outcomes)]
    pub outcome: String,
    /// The approval that the decision gives or ends.
    pub approval_id: Option<uuid::Uuid>,
    /// The grounds; none in an approval.
    pub grounds: Vec<GroundForm>,
    /// Why an application was dismissed.
    #[schema(schema_with = formal_grounds)]
    pub formal_ground: Option<String>,
    /// The decision that it is about: reversed, deferred or appealed against.
    #[serde(default)]
    pub earlier_decision_id: Option<uuid::Uuid>,
    /// What allows to reverse it.
    #[serde(default)]
    #[schema(schema_with = reversal_grounds)]
    pub reversal_ground: Option<String>,
    /// Whether it waits.
    #[serde(default)]
    pub deferred: Option<bool>,
    /// The appeal that it decides.
    #[serde(default)]
    pub appeal_id: Option<uuid::Uuid>,
    /// How the appeal came out.
    #[serde(default)]
    pub ruling: Option<VerdictForm>,
    /// Rules, facts and considerations. An approval may lack them (forvaltningsloven § 24).
    pub reasons: Option<ReasonsForm>,
}

pub(crate) fn reversal_grounds() -> Object {
    let description = "What allows to reverse it (forvaltningsloven § 35).";
    words(description, ReversalGround::ALL.map(ReversalGround::as_str))
}

pub(crate) fn formal_grounds() -> Object {
    words("Why an application was dismissed.", FormalGround::ALL.map(FormalGround::as_str))
}

/// The names of what can be decided.
pub(crate) const OUTCOMES: [&str; 7] =
    ["approve", "refuse", "dismiss", "revoke", "reverse", "defer", "appeal"];

fn regimes() -> Object {
    words(
        "The Act that governs the procedure: that of the day on which the case began.",
        Regime::ALL.map(Regime::as_str),
    )
}

pub(crate) fn outcomes() -> Object {
    words("What was decided.", OUTCOMES)
}

impl OutcomeForm {
    fn formal_ground(&self) -> Option<FormalGround> {
        let value = self.formal_ground.as_deref()?;
        one_of(value, &FormalGround::ALL, FormalGround::as_str).ok()
    }

    fn reversal_ground(&self) -> Option<ReversalGround> {
        let value = self.reversal_ground.as_deref()?;
        one_of(value, &ReversalGround::ALL, ReversalGround::as_str).ok()
    }

    fn read(&self, f: &mut ValidationErrors) -> Option<DecisionOutcome> {
        let earlier = self.earlier_decision_id.map(DecisionId::new);
        let approval = self.approval_id.map(ApprovalId::new);
        let reasons = self.reasons.as_ref().and_then(|form| form.read(f, "/reasons"));
        match self.outcome.as_str() {
            "approve" => Some(DecisionOutcome::Approve {
                approval: ApprovalId::new(self.approval_id?),
                reasons,
            }),
            "refuse" => Some(DecisionOutcome::Refuse {
                grounds: read_grounds(f, "/grounds", &self.grounds)?,
                reasons: reasons?,
            }),
            "dismiss" => {
                Some(DecisionOutcome::Dismiss { ground: self.formal_ground()?, reasons: reasons? })
            }
            "revoke" => Some(DecisionOutcome::Revoke {
                approval: ApprovalId::new(self.approval_id?),
                grounds: read_grounds(f, "/grounds", &self.grounds)?,
                reasons: reasons?,
            }),
            "reverse" => Some(DecisionOutcome::Reverse {
                decision: earlier?,
                ground: self.reversal_ground()?,
                reasons: reasons?,
            }),
            "defer" => Some(DecisionOutcome::Defer {
                decision: earlier?,
                granted: self.deferred?,
                reasons: reasons?,
            }),
            "appeal" => Some(DecisionOutcome::Appeal {
                decision: earlier?,
                appeal: AppealId::new(self.appeal_id?),
                verdict: self.ruling.as_ref()?.read()?,
                approval,
                reasons: reasons?,
            }),
            _ => None,
        }
    }
}

impl From<&DecisionOutcome> for OutcomeForm {
    fn from(outcome: &DecisionOutcome) -> Self {
        let grounds = match outcome {
            DecisionOutcome::Refuse { grounds, .. } => write_grounds(grounds),
            DecisionOutcome::Revoke { grounds, .. } => write_grounds(grounds),
            _ => vec![],
        };
        let mut form = Self {
            formal_ground: None,
            outcome: outcome.as_str().to_owned(),
            approval_id: outcome.approval().map(ApprovalId::uuid),
            grounds,
            earlier_decision_id: outcome.earlier().map(DecisionId::uuid),
            reversal_ground: None,
            deferred: None,
            appeal_id: None,
            ruling: None,
            reasons: outcome.reasons().map(Into::into),
        };
        match outcome {
            DecisionOutcome::Dismiss { ground, .. } => {
                form.formal_ground = Some(ground.as_str().to_owned());
            }
            DecisionOutcome::Reverse { ground, .. } => {
                form.reversal_ground = Some(ground.as_str().to_owned());
            }
            DecisionOutcome::Defer { granted, .. } => form.deferred = Some(*granted),
            DecisionOutcome::Appeal { appeal, verdict, .. } => {
                form.appeal_id = Some(appeal.uuid());
                form.ruling = Some(verdict.into());
            }
            DecisionOutcome::Approve { .. }
            | DecisionOutcome::Refuse { .. }
            | DecisionOutcome::Revoke { .. } => {}
        }
        form
    }
}

/// A signed decision.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Decision)]
pub struct DecisionForm {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its number within the municipality.
    pub number: String,
    /// The application that it decides, or that the approval came from.
    pub application_id: uuid::Uuid,
    /// Who decided.
    pub municipality: String,
    /// Whom it concerns.
    pub provider: String,
    /// What was decided.
    #[serde(flatten)]
    pub basis: OutcomeForm,
    /// Who answers for it.
    pub authority: AuthorityForm,
    /// The Act that governs the procedure: that of the day on which the case began.
    #[schema(schema_with = regimes)]
    pub procedure_regime: String,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// When it was made available and notice was sent.
    pub notified_at: DateTime<Utc>,
    /// The right to appeal, where there is one.
    #[serde(default)]
    pub appeal: Option<AppealForm>,
}

/// Who answers for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Authority)]
pub struct AuthorityForm {
    /// The deciding body.
    pub body: String,
    /// The delegation it decides by.
    pub delegation: String,
    /// The case worker.
    pub case_worker: String,
    /// The responsible person.
    pub responsible: String,
}

/// The right to appeal (forvaltningsloven §§ 27 to 29).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AppealRight)]
pub struct AppealForm {
    /// The appeal body.
    pub body: String,
    /// The last day to appeal, Norwegian local time, as it was when the decision was signed. Left out
    /// where the decision goes by post: three weeks from its arrival.
    #[serde(default)]
    pub last_day: Option<NaiveDate>,
    /// What the party is told of its rights, in Norwegian.
    pub text: String,
}

impl DecisionForm {
    /// The decision, or none where a part is not as it must be.
    #[must_use]
    pub fn read(&self) -> Option<Decision> {
        let mut errors = ValidationErrors::default();
        let outcome = self.basis.read(&mut errors)?;
        let line = |value: &str| Line::parse(value).ok();
        let regime = Regime::from_name(&self.procedure_regime)?;
        Some(Decision {
            id: DecisionId::new(self.id),
            number: line(&self.number)?,
            application: ApplicationId::new(self.application_id),
            municipality: MunicipalityNumber::parse(&self.municipality).ok()?,
            provider: OrganisationNumber::parse(&self.provider).ok()?,
            outcome,
            authority: Authority {
                body: line(&self.authority.body)?,
                delegation: line(&self.authority.delegation)?,
                case_worker: line(&self.authority.case_worker)?,
                responsible: line(&self.authority.responsible)?,
            },
            regime,
            signed_at: self.signed_at,
            notified_at: self.notified_at,
            appeal: match &self.appeal {
                None => None,
                Some(form) => {
                    Some(AppealRight { body: line(&form.body)?, last_day: form.last_day })
                }
            },
        })
    }
}

impl From<&Decision> for DecisionForm {
    fn from(decision: &Decision) -> Self {
        let authority = &decision.authority;
        Self {
            id: decision.id.uuid(),
            number: decision.number.to_string(),
            application_id: decision.application.uuid(),
            municipality: decision.municipality.to_string(),
            provider: decision.provider.to_string(),
            basis: (&decision.outcome).into(),
            authority: AuthorityForm {
                body: authority.body.to_string(),
                delegation: authority.delegation.to_string(),
                case_worker: authority.case_worker.to_string(),
                responsible: authority.responsible.to_string(),
            },
            procedure_regime: decision.regime.as_str().to_owned(),
            signed_at: decision.signed_at,
            notified_at: decision.notified_at,
            appeal: decision.appeal.as_ref().map(|right| AppealForm {
                body: right.body.to_string(),
                last_day: right.last_day,
                text: appeal_text(decision, LanguageForm::Bokmal),
            }),
        }
    }
}
