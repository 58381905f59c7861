//! Decision on an application: approve, refuse or dismiss.

use super::{Decision, DecisionOutcome, Reasons, SigningContext};
use crate::domain::{
    Change,
    application::{
        Application, ApplicationCommand, ApplicationState, AssessmentResult, Case, review::AllMet,
    },
    approval::Approval,
    error::{DomainError, Noun},
    event::EventKind,
    message::fields,
    municipality::MunicipalitySettings,
    offering::{content::OfferingContent, intake::Places},
    role::{Actor, DecisionMaker},
    rules::ground::{FormalGround, Grounded, RefusalGround, named_once},
    validation::ValidationErrors,
    values::{ids::ApprovalId, text::Line},
};

impl Application {
    /// Approves: possible if and only if every mandatory criterion is met. The approval waits for its contract.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality, `superior-not-impartial`, `four-eyes`,
    /// `review-incomplete`, `criteria-not-met`, `offering-full`.
    pub fn approve(
        self,
        approval: ApprovalId,
        reasons: Option<Reasons>,
        (content, places): (&OfferingContent, &Places),
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision, Approval)>, DomainError> {
        let (case, case_worker) = self.decidable(ApplicationCommand::Decide, &frame, by)?;
        let staff = &frame.municipality.settings.own_provider_staff;
        let _all_met: AllMet = case.review_for_decision(content, staff)?.all_met()?;
        places.room_for(&self.provider)?;
        let version = case.version();
        let basis = content.legal_basis();
        if reasons.is_none() && !basis.is_open_to_all() {
            let mut errors = ValidationErrors::default();
            errors.missing("/reasons", fields::required_procurement_reasons());
            return Err(DomainError::validation(errors));
        }
        let outcome = DecisionOutcome::Approve { approval, basis, reasons };
        let decision = self.sign(frame, &case, outcome, case_worker, by);
        let approval = Approval::granted(approval, &self, version, content, &decision);
        let state = ApplicationState::Approved(case, decision.id);
        let Change { value: (application, decision), event } =
            self.decided(state, EventKind::ApplicationApproved, decision);
        Ok(Change { value: (application, decision, approval), event })
    }

    /// Refuses: possible if and only if a mandatory criterion is not met or a listed ground is given with its
    /// facts.
    ///
    /// # Errors
    /// As [`Application::approve`], and `no-ground-to-refuse`, `ground-not-in-terms`.
    pub fn refuse(
        self,
        grounds: Vec<Grounded<RefusalGround>>,
        reasons: Reasons,
        content: &OfferingContent,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        let (case, case_worker) = self.decidable(ApplicationCommand::Decide, &frame, by)?;
        let staff = &frame.municipality.settings.own_provider_staff;
        let review = case.review_for_decision(content, staff)?;
        let grounds = refusal_grounds(grounds, &review, content)?;
        case.heard_on(&grounds, frame.now)?;
        let outcome = DecisionOutcome::Refuse { grounds, reasons };
        let decision = self.sign(frame, &case, outcome, case_worker, by);
        let state = ApplicationState::Refused(case, decision.id);
        Ok(self.decided(state, EventKind::ApplicationRefused, decision))
    }

    /// Dismisses on a formal ground, without looking at the substance. While the provider still has
    /// time to complete it cannot be done.
    ///
    /// # Errors
    /// As [`Application::approve`] but for the review, and `deadline-running`, `nothing-unmended`, `validation` (`required`: the
    /// right body, if it went to the wrong one).
    pub fn dismiss(
        self,
        (ground, right_body): (FormalGround, Option<Line>),
        reasons: Reasons,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        let (case, case_worker) = self.decidable(ApplicationCommand::Dismiss, &frame, by)?;
        check_right_body(ground, right_body.as_ref())?;
        case.time_is_out(frame.now)?;
        let in_vain = case.completions.last().is_some_and(|last| last.answered_at.is_none());
        if ground == FormalGround::NotMended && !in_vain {
            return Err(DomainError::nothing_uncorrected());
        }
        let outcome = DecisionOutcome::Dismiss { ground, right_body, reasons };
        let decision = self.sign(frame, &case, outcome, case_worker, by);
        let state = ApplicationState::Dismissed(case, decision.id);
        Ok(self.decided(state, EventKind::ApplicationDismissed, decision))
    }

    fn sign(
        &self,
        frame: SigningContext<'_>,
        case: &Case,
        outcome: DecisionOutcome,
        case_worker: Line,
        by: &DecisionMaker,
    ) -> Decision {
        let (began, signer) = (case.receipt.received_at, by.actor.name.clone());
        frame.sign(began, self.id, self.provider.clone(), outcome, case_worker, signer)
    }

    fn decided(
        self,
        state: ApplicationState,
        kind: EventKind,
        decision: Decision,
    ) -> Change<(Self, Decision)> {
        let detail =
            vec![("decision", decision.id.to_string()), ("number", decision.number.to_string())];
        let Change { value, event } = Self { state, ..self }.step(kind, detail);
        Change { value: (value, decision), event }
    }

    /// Conditions of every decision: state, impartiality and four eyes.
    fn decidable(
        &self,
        command: ApplicationCommand,
        frame: &SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<(Case, Line), DomainError> {
        self.handled_by(&by.municipality)?.may(command)?;
        self.signing(frame, by)
    }

    /// Guards the signature of a decision in the case, also of one about a decision.
    ///
    /// # Errors
    /// As [`Case::may_be_signed`].
    pub fn may_be_signed(
        &self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        let case = self.state.case().ok_or_else(|| DomainError::not_found(Noun::Application))?;
        case.may_be_signed(by, settings)
    }

    fn signing(
        &self,
        frame: &SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<(Case, Line), DomainError> {
        let case =
            self.state.case().cloned().ok_or_else(|| DomainError::not_found(Noun::Application))?;
        case.may_be_signed(&by.actor, &frame.municipality.settings)?;
        let case_worker =
            case.case_worker().map_or_else(|| by.actor.name.clone(), |actor| actor.name.clone());
        Ok((case, case_worker))
    }
}

/// A dismissal on `wrong-body` names the right body (forvaltningsloven § 11 fourth paragraph).
fn check_right_body(ground: FormalGround, right_body: Option<&Line>) -> Result<(), DomainError> {
    let mut errors = ValidationErrors::default();
    if ground == FormalGround::WrongBody {
        if right_body.is_none() {
            errors.missing("/rightBody", fields::required_right_body());
        }
    } else {
        let detail = fields::unexpected_right_body();
        errors.unexpected("/rightBody", right_body.is_some(), detail);
    }
    errors.finish(Some(())).map_err(DomainError::validation)
}

fn refusal_grounds(
    grounds: Vec<Grounded<RefusalGround>>,
    review: &AssessmentResult,
    content: &OfferingContent,
) -> Result<Vec<Grounded<RefusalGround>>, DomainError> {
    for input in &grounds {
        match (input.ground, review) {
            (RefusalGround::CriteriaNotMet, AssessmentResult::AllMet(_)) => {
                return Err(DomainError::no_ground_to_refuse());
            }
            (RefusalGround::CriteriaNotMet, AssessmentResult::Failing(_)) => {}
            (other, _) if !content.terms().refusal_grounds.contains(&other) => {
                return Err(DomainError::ground_not_in_terms(other.as_str()));
            }
            _ => {}
        }
    }
    named_once(&grounds)?;
    match review {
        AssessmentResult::AllMet(_) if grounds.is_empty() => {
            Err(DomainError::no_ground_to_refuse())
        }
        AssessmentResult::Failing(_)
            if !grounds.iter().any(|g| g.ground == RefusalGround::CriteriaNotMet) =>
        {
            Err(DomainError::invalid("/grounds", fields::criteria_ground_missing()))
        }
        _ => Ok(grounds),
    }
}
