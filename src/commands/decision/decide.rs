//! Decisions on applications: approve, refuse or dismiss, signed once.

use std::sync::Arc;

use super::{DecisionCase, SignedDecision, signing_context};
use crate::{
    commands::{Command, Outcome, Route, Tx, application::ApplicationCase, approval},
    domain::{
        Change,
        application::{Application, ApplicationCommand},
        approval::Approval,
        decision::{Decision, Reasons, SigningContext},
        error::DomainError,
        event::Event,
        keywords,
        message::fields,
        offering::intake::Places,
        role::{CallerIdentity, DecisionMaker},
        rules::{
            ground::{FormalGround, Grounded, RefusalGround},
            notification::Channel,
        },
        validation::ValidationErrors,
        values::{ids::ApprovalId, text::Line, time::Instant},
    },
    json::form::{Form, scalars::keyword_forms},
};

keywords! {
    /// Outcome of a decision on an application.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ApplicationVerdict {
        /// It is approved.
        Approve = "approve",
        /// A refusal.
        Refuse = "refuse",
        /// It is dismissed on a formal ground.
        Dismiss = "dismiss",
    }
}

keyword_forms!(ApplicationVerdict);

/// Decide on an application.
///
/// Approve if and only if every mandatory criterion is met; refuse if and only if one is not, or a listed
/// ground is given with its facts; dismiss on a formal ground. The decision gets its number, its last appeal
/// day and the text about rights, and cannot be changed afterwards.
#[derive(Debug, Form)]
#[form(name = "DecisionBody", closed, check = DecideApplication::check, example({"outcome": "approve"}))]
pub struct DecideApplication {
    /// `approve` or `refuse`; `dismiss` without considering the substance.
    outcome: ApplicationVerdict,
    /// Ground of a dismissal; only in a dismissal.
    formal_ground: Option<FormalGround>,
    /// The body that is right; required with the formal ground `wrong-body`, and only there.
    right_body: Option<Line>,
    /// Grounds of a refusal, each with its facts; none in an approval.
    #[form(default, max_items = 20)]
    grounds: Vec<Grounded<RefusalGround>>,
    /// Rules, facts and considerations. Required in a refusal; optional in an approval.
    reasons: Option<Reasons>,
    /// Channel of the party's notification; electronic by default.
    #[form(default)]
    channel: Channel,
}

impl DecideApplication {
    fn check(&self, errors: &mut ValidationErrors) {
        let refuses = self.outcome == ApplicationVerdict::Refuse;
        let detail = fields::unexpected_grounds();
        errors.unexpected("/grounds", !refuses && !self.grounds.is_empty(), detail);
        if self.outcome == ApplicationVerdict::Dismiss {
            errors.require("/formalGround", self.formal_ground);
        } else {
            let detail = fields::unexpected_formal_ground();
            errors.unexpected("/formalGround", self.formal_ground.is_some(), detail);
            let detail = fields::unexpected_right_body();
            errors.unexpected("/rightBody", self.right_body.is_some(), detail);
        }
        if self.outcome != ApplicationVerdict::Approve && self.reasons.is_none() {
            Reasons::absent("/reasons", errors);
        }
    }

    /// Signs the decision.
    fn sign(
        self,
        case: &ApplicationCase,
        context: SigningContext<'_>,
        approval: ApprovalId,
        by: &DecisionMaker,
    ) -> Result<Signed, DomainError> {
        let Self { outcome, formal_ground, right_body, grounds, reasons, .. } = self;
        let mut errors = ValidationErrors::default();
        let application = case.application.clone();
        let change = match outcome {
            ApplicationVerdict::Approve => {
                let terms = (&*case.content, &*case.places);
                let Change { value: (application, decision, approval), event } =
                    application.approve(approval, reasons, terms, context, by)?;
                return Ok(Signed { application, decision, approval: Some(approval), event });
            }
            ApplicationVerdict::Refuse => {
                let reasons = errors.require("/reasons", reasons);
                let reasons = errors.finish(reasons).map_err(DomainError::validation)?;
                application.refuse(grounds, reasons, &case.content, context, by)?
            }
            ApplicationVerdict::Dismiss => {
                let ground = errors.require("/formalGround", formal_ground);
                let reasons = errors.require("/reasons", reasons);
                let both = errors.finish(ground.zip(reasons));
                let (ground, reasons) = both.map_err(DomainError::validation)?;
                application.dismiss((ground, right_body), reasons, context, by)?
            }
        };
        let Change { value: (application, decision), event } = change;
        Ok(Signed { application, decision, approval: None, event })
    }
}

/// A decided application, its decision, and the approval that it may give.
struct Signed {
    application: Application,
    decision: Decision,
    approval: Option<Approval>,
    event: Event,
}

impl Command for DecideApplication {
    type Target = ApplicationCase;
    type Answer = SignedDecision;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::create("decide", "applicationDecide", "/applications/{id}/decision");
    const TAG: &'static str = "decisions";

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Decide, caller)
    }

    /// A dismissal is possible at other times, and a refusal needs no place.
    fn check(
        &self,
        case: &ApplicationCase,
        caller: &CallerIdentity,
        _: Instant,
    ) -> Result<(), DomainError> {
        match self.outcome {
            ApplicationVerdict::Approve => case.guard(ApplicationCommand::Decide, caller),
            ApplicationVerdict::Dismiss => case.guard(ApplicationCommand::Dismiss, caller),
            ApplicationVerdict::Refuse => Ok(()),
        }
    }

    fn run(self, case: Self::Target, by: &DecisionMaker, tx: &mut Tx) -> Outcome<Self::Answer> {
        let channel = self.channel;
        let municipality = Arc::clone(&case.municipality);
        let context = signing_context(tx, &municipality, channel)?;
        let Signed { application, decision, approval, event } =
            self.sign(&case, context, tx.new_id(), by)?;
        let history = tx.save_signed(&decision, &by.actor)?;
        if let Some(approval) = approval {
            approval::insert(tx, &case.offering, &application, approval)?;
        }
        let value = ApplicationCase { application, ..case };
        let outcome = tx.save(Change { value, event })?;
        Ok(outcome.map(|case| {
            let signed = DecisionCase {
                decision,
                history,
                places: Places::default(),
                application: case.application,
                approval: None,
                municipality: Arc::unwrap_or_clone(municipality),
                open_application: None,
                reversed: None,
                now: case.now,
            };
            signed.into()
        }))
    }
}
