//! JSON form of a decision's outcome.

use super::grounds::{GroundCode, codes_of, grounds_of};
use crate::{
    domain::{
        appeal::{Instance, Verdict},
        decision::{DecisionOutcome, Reasons, on_decision::ReversalGround},
        keywords,
        offering::content::LegalBasis,
        prior_notice::Exception,
        rules::ground::{FormalGround, Grounded},
        validation::ValidationErrors,
        values::{
            ids::{AppealId, ApprovalId, DecisionId},
            money::Price,
            text::Line,
        },
    },
    json::{
        form::{ConvertedForm, Form, scalars::keyword_forms},
        words,
    },
};
use chrono::NaiveDate;
use utoipa::openapi::schema::Object;

keywords! {
    /// Kind of decision.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DecisionKind {
        Approve = "approve",
        Refuse = "refuse",
        Dismiss = "dismiss",
        Revoke = "revoke",
        Reverse = "reverse",
        Defer = "defer",
        Appeal = "appeal",
        Costs = "costs",
    }
}

keyword_forms!(DecisionKind);

/// Outcome.
#[derive(Debug, Form)]
#[form(name = "DecisionBasis")]
pub struct OutcomeFields {
    /// Outcome.
    outcome: DecisionKind,
    /// The approval that the decision gives or ends.
    approval_id: Option<ApprovalId>,
    /// In an approval: the legal basis of the arrangement.
    legal_basis: Option<LegalBasis>,
    /// The grounds; none in an approval.
    grounds: Vec<Grounded<GroundCode>>,
    /// Why the provider was sent no prior notice of a revocation (forvaltningsloven § 16 third paragraph).
    exception: Option<Exception>,
    /// Why an application was dismissed.
    formal_ground: Option<FormalGround>,
    /// The body that is right, where the application went to the wrong one.
    right_body: Option<Line>,
    /// The decision that it is about: reversed, deferred, appealed against, or the cause of costs.
    earlier_decision_id: Option<DecisionId>,
    /// Ground of the reversal (forvaltningsloven § 35).
    reversal_ground: Option<ReversalGround>,
    /// Whether it waits.
    deferred: Option<bool>,
    /// The appeal that it decides.
    appeal_id: Option<AppealId>,
    /// Result of the appeal.
    ruling: Option<Verdict>,
    /// The decision on a claim for costs.
    costs: Option<CostsOutcome>,
    /// Rules, facts and considerations. An approval may lack them (forvaltningsloven § 24).
    reasons: Option<Reasons>,
}

/// The decision on a claim for costs (forvaltningsloven § 36).
#[derive(Debug, Form)]
#[form(name = "CostsOutcome")]
pub struct CostsOutcome {
    /// The granted amount; omitted in a refusal.
    granted: Option<Price>,
    /// The appeal body; omitted if the lower body decided.
    appeal_body: Option<Line>,
    /// When the appeal body decided.
    decided_on: Option<NaiveDate>,
}

impl OutcomeFields {
    fn of(outcome: DecisionKind) -> Self {
        Self {
            outcome,
            approval_id: None,
            legal_basis: None,
            grounds: Vec::new(),
            exception: None,
            formal_ground: None,
            right_body: None,
            earlier_decision_id: None,
            reversal_ground: None,
            deferred: None,
            appeal_id: None,
            ruling: None,
            costs: None,
            reasons: None,
        }
    }

    fn outcome(self, at: &str, errors: &mut ValidationErrors) -> Option<DecisionOutcome> {
        let reasons = self.reasons;
        Some(match self.outcome {
            DecisionKind::Approve => DecisionOutcome::Approve {
                approval: self.approval_id?,
                basis: self.legal_basis?,
                reasons,
            },
            DecisionKind::Refuse => DecisionOutcome::Refuse {
                grounds: grounds_of(self.grounds, at, errors)?,
                reasons: reasons?,
            },
            DecisionKind::Dismiss => DecisionOutcome::Dismiss {
                ground: self.formal_ground?,
                right_body: self.right_body,
                reasons: reasons?,
            },
            DecisionKind::Revoke => DecisionOutcome::Revoke {
                approval: self.approval_id?,
                grounds: grounds_of(self.grounds, at, errors)?,
                exception: self.exception,
                reasons: reasons?,
            },
            DecisionKind::Reverse => DecisionOutcome::Reverse {
                decision: self.earlier_decision_id?,
                ground: self.reversal_ground?,
                reasons: reasons?,
            },
            DecisionKind::Defer => DecisionOutcome::Defer {
                decision: self.earlier_decision_id?,
                granted: self.deferred?,
                reasons: reasons?,
            },
            DecisionKind::Appeal => DecisionOutcome::Appeal {
                decision: self.earlier_decision_id?,
                appeal: self.appeal_id?,
                verdict: self.ruling?,
                approval: self.approval_id,
                reasons: reasons?,
            },
            DecisionKind::Costs => {
                let CostsOutcome { granted, appeal_body, decided_on } = self.costs?;
                DecisionOutcome::Costs {
                    decision: self.earlier_decision_id?,
                    appeal: self.appeal_id,
                    granted,
                    instance: Instance::of(appeal_body.zip(decided_on)),
                    reasons: reasons?,
                }
            }
        })
    }
}

impl ConvertedForm for DecisionOutcome {
    type Fields = OutcomeFields;

    fn to_fields(&self) -> OutcomeFields {
        let mut fields = match self {
            Self::Approve { basis, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Approve);
                OutcomeFields { legal_basis: Some(*basis), ..kind }
            }
            Self::Refuse { grounds, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Refuse);
                OutcomeFields { grounds: codes_of(grounds), ..kind }
            }
            Self::Dismiss { ground, right_body, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Dismiss);
                let right_body = right_body.clone();
                OutcomeFields { formal_ground: Some(*ground), right_body, ..kind }
            }
            Self::Revoke { grounds, exception, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Revoke);
                let exception = exception.clone();
                OutcomeFields { grounds: codes_of(grounds), exception, ..kind }
            }
            Self::Reverse { ground, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Reverse);
                OutcomeFields { reversal_ground: Some(*ground), ..kind }
            }
            Self::Defer { granted, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Defer);
                OutcomeFields { deferred: Some(*granted), ..kind }
            }
            Self::Appeal { appeal, verdict, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Appeal);
                OutcomeFields { appeal_id: Some(*appeal), ruling: Some(verdict.clone()), ..kind }
            }
            Self::Costs { appeal, granted, .. } => {
                let kind = OutcomeFields::of(DecisionKind::Costs);
                let body = self.appeal_body();
                let costs = CostsOutcome {
                    granted: *granted,
                    appeal_body: body.map(|(name, _)| name.clone()),
                    decided_on: body.map(|(_, day)| day),
                };
                OutcomeFields { appeal_id: *appeal, costs: Some(costs), ..kind }
            }
        };
        fields.approval_id = self.approval();
        fields.earlier_decision_id = self.earlier();
        fields.reasons = self.reasons().cloned();
        fields
    }

    fn from_fields(fields: OutcomeFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let outcome = fields.outcome(at, errors);
        errors.require(&format!("{at}/outcome"), outcome)
    }
}

pub(crate) fn outcomes() -> Object {
    words("Outcome.", DecisionKind::ALL.map(DecisionKind::as_str))
}
