//! Vedtak i en søknad: approve, refuse or dismiss, and nothing else.

use super::{Decision, Frame, Outcome, Reasons};
use crate::domain::{
    Change,
    application::{Act, Application, Case, Review, State, review::AllMet},
    approval::Approval,
    event::Kind,
    fault::Fault,
    offering::{content::Content, intake::Places},
    refusal::Refusal,
    role::DecisionMaker,
    rules::ground::{FormalGround, Grounded, RefusalGround, named_once},
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
        (content, places): (&Content, &Places),
        frame: Frame<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision, Approval)>, Refusal> {
        let (case, case_worker) = self.decidable(Act::Decide, &frame, by)?;
        let _all_met: AllMet = case.review(content)?.all_met()?;
        places.room_for(&self.provider)?;
        let version = case.version();
        let outcome = Outcome::Approve { approval, reasons };
        let decision = self.sign(frame, &case, outcome, case_worker, by);
        let approval = Approval::granted(approval, &self, version, content, &decision);
        let state = State::Approved(case, decision.id);
        let Change { value: (application, decision), event } =
            self.decided(state, Kind::ApplicationApproved, decision);
        Ok(Change { value: (application, decision, approval), event })
    }

    /// Refuses: possible if and only if a mandatory criterion is not met or a listed ground is given with its facts.
    ///
    /// # Errors
    /// As [`Application::approve`], and `no-ground-to-refuse`, `ground-not-in-terms`.
    pub fn refuse(
        self,
        grounds: Vec<Grounded<RefusalGround>>,
        reasons: Reasons,
        content: &Content,
        frame: Frame<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, Refusal> {
        let (case, case_worker) = self.decidable(Act::Decide, &frame, by)?;
        let review = case.review(content)?;
        let grounds = refusal_grounds(grounds, &review, content)?;
        let outcome = Outcome::Refuse { grounds, reasons };
        let decision = self.sign(frame, &case, outcome, case_worker, by);
        let state = State::Refused(case, decision.id);
        Ok(self.decided(state, Kind::ApplicationRefused, decision))
    }

    /// Dismisses on a formal ground, without looking at the substance. While the provider still has
    /// time to complete it cannot be done.
    ///
    /// # Errors
    /// As [`Application::approve`] but for the review, and `deadline-running`, `nothing-unmended`.
    pub fn dismiss(
        self,
        ground: FormalGround,
        reasons: Reasons,
        frame: Frame<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, Refusal> {
        let (case, case_worker) = self.decidable(Act::Dismiss, &frame, by)?;
        case.time_is_out(frame.now)?;
        let in_vain = case.completions.last().is_some_and(|last| last.answered_at.is_none());
        if ground == FormalGround::NotMended && !in_vain {
            return Err(Refusal::nothing_unmended());
        }
        let outcome = Outcome::Dismiss { ground, reasons };
        let decision = self.sign(frame, &case, outcome, case_worker, by);
        let state = State::Dismissed(case, decision.id);
        Ok(self.decided(state, Kind::ApplicationDismissed, decision))
    }

    fn sign(
        &self,
        frame: Frame<'_>,
        case: &Case,
        outcome: Outcome,
        case_worker: Line,
        by: &DecisionMaker,
    ) -> Decision {
        let (began, signer) = (case.receipt.received_at, by.actor.name.clone());
        frame.sign(began, self.id, self.provider.clone(), outcome, case_worker, signer)
    }

    fn decided(self, state: State, kind: Kind, decision: Decision) -> Change<(Self, Decision)> {
        let detail =
            vec![("decision", decision.id.to_string()), ("number", decision.number.to_string())];
        let Change { value, event } = Self { state, ..self }.step(kind, detail);
        Change { value: (value, decision), event }
    }

    /// What holds before any decision: the state, impartiality and four eyes.
    fn decidable(
        &self,
        act: Act,
        frame: &Frame<'_>,
        by: &DecisionMaker,
    ) -> Result<(Case, Line), Refusal> {
        self.handled_by(&by.municipality)?.may(act)?;
        self.signing(frame, by)
    }

    /// Who prepared the case, where the person may sign in it: impartial, and not the assessor under
    /// four eyes. It serves decisions on a decision, too.
    ///
    /// # Errors
    /// `not-found`, `impartiality-not-declared`, `not-impartial`, `four-eyes`.
    pub(in crate::domain) fn signable(
        &self,
        frame: &Frame<'_>,
        by: &DecisionMaker,
    ) -> Result<Line, Refusal> {
        self.handled_by(&by.municipality)?;
        self.signing(frame, by).map(|(_, case_worker)| case_worker)
    }

    fn signing(&self, frame: &Frame<'_>, by: &DecisionMaker) -> Result<(Case, Line), Refusal> {
        let case = self.state.case().cloned().ok_or_else(|| Refusal::not_found("application"))?;
        case.may_be_signed(&by.actor, &frame.municipality.settings)?;
        let case_worker =
            case.case_worker().map_or_else(|| by.actor.name.clone(), |actor| actor.name.clone());
        Ok((case, case_worker))
    }
}

fn refusal_grounds(
    grounds: Vec<Grounded<RefusalGround>>,
    review: &Review,
    content: &Content,
) -> Result<Vec<Grounded<RefusalGround>>, Refusal> {
    for said in &grounds {
        match (said.ground, review) {
            (RefusalGround::CriteriaNotMet, Review::AllMet(_)) => {
                return Err(Refusal::no_ground_to_refuse());
            }
            (RefusalGround::CriteriaNotMet, Review::Failing(_)) => {}
            (other, _) if !content.terms().refusal_grounds.contains(&other) => {
                return Err(Refusal::ground_not_in_terms(other.as_str()));
            }
            _ => {}
        }
    }
    named_once(&grounds)?;
    match review {
        Review::AllMet(_) if grounds.is_empty() => Err(Refusal::no_ground_to_refuse()),
        Review::Failing(_)
            if !grounds.iter().any(|g| g.ground == RefusalGround::CriteriaNotMet) =>
        {
            Err(Refusal::invalid(
                "/grounds",
                Fault::new(
                    "criteria-ground-missing",
                    "A mandatory criterion is not met: name the ground criteria-not-met with its facts.",
                ),
            ))
        }
        _ => Ok(grounds),
    }
}
