//! Decisions: events after the signature, and shared parts of commands that decide.

mod costs;
mod decide;
mod effects;
mod history;
mod on_decision;
mod sign;

pub use self::{
    costs::{ClaimReversalCosts, CostsClaim, CostsDecision, DecideReversalCosts},
    decide::{ApplicationVerdict, DecideApplication},
    effects::apply_effect,
    history::{CorrectDecision, DemandReasons, ExtendAppealPeriod, GiveReasons, RecordArrival},
    on_decision::{ReverseDecision, SuspendDecision},
    sign::signing_context,
};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, CommandVisitor, Resource, Target, TargetView, Tx, appeal::CreateAppeal,
    approval::ApprovalCase,
};
use crate::{
    domain::{
        Change,
        application::Application,
        approval::Approval,
        decision::{
            DecidedCase, Decision, DecisionOutcome,
            costs::ChangedDecision,
            history::{
                CorrectedText, DecisionCommand, DecisionCourse, DecisionHistory, DecisionStatus,
            },
        },
        error::{DomainError, Noun},
        municipality::Municipality,
        offering::intake::Places,
        role::{CallerIdentity, Party},
        values::{
            ids::{ApplicationId, DecisionId, Revision},
            numbers::MunicipalityNumber,
            time::Instant,
        },
    },
    json::{
        form::{ConvertedForm, Form},
        public::PublicRecord,
    },
    store::{self, Failure, Session},
};

/// A decision with its history.
#[derive(Debug)]
pub struct DecisionCase {
    /// The decision, which never changes.
    pub decision: Decision,
    /// Its history.
    pub history: DecisionHistory,
    /// Free places for the provider whose approval it revoked; without a limit if it revoked none.
    pub places: Places,
    /// The application behind it.
    pub application: Application,
    /// The approval that it revokes, itself or by way of the decision that it is about.
    pub approval: Option<Approval>,
    /// The municipality that made it.
    pub municipality: Municipality,
    /// An open application of the same provider for the same offering.
    pub open_application: Option<ApplicationId>,
    /// The decision that it reverses, with its history.
    pub(super) reversed: Option<(Decision, DecisionHistory)>,
    /// When it is looked at.
    pub now: Instant,
}

impl DecisionCase {
    /// Guards a decision on this one, which is signed by the caller.
    ///
    /// # Errors
    /// Why the caller may not sign.
    pub fn may_be_signed(&self, caller: &CallerIdentity) -> Result<(), DomainError> {
        self.decided_case().may_be_signed(&caller.actor, &self.municipality.settings)
    }

    /// The case that the decision belongs to.
    #[must_use]
    pub fn decided_case(&self) -> DecidedCase<'_> {
        match &self.approval {
            Some(approval) => approval.into(),
            None => (&self.application).into(),
        }
    }

    /// What it reversed.
    ///
    /// # Errors
    /// `not-found` where it reverses nothing.
    pub fn changed(&self) -> Result<ChangedDecision<'_>, DomainError> {
        let reversed = self.reversed.as_ref();
        let (first, history) = reversed.ok_or_else(|| DomainError::not_found(Noun::Decision))?;
        Ok(ChangedDecision { first, history, new: &self.decision, case: self.decided_case() })
    }

    /// The case after a change of its history.
    ///
    /// # Errors
    /// What the change answers.
    pub fn change(
        self,
        change: impl FnOnce(DecisionHistory, &Decision) -> Result<Change<DecisionHistory>, DomainError>,
    ) -> Result<Change<Self>, DomainError> {
        let Change { value: history, event } = change(self.history, &self.decision)?;
        Ok(Change { value: Self { history, ..self }, event })
    }

    /// The case of a decision about this one that was signed just now.
    pub(super) fn with_next(self, decision: Decision, history: DecisionHistory) -> Self {
        let first = (self.decision, self.history);
        let reversed =
            Some(first).filter(|_| matches!(decision.outcome, DecisionOutcome::Reverse { .. }));
        let places = Places::default();
        Self { decision, history, places, open_application: None, reversed, ..self }
    }

    /// Guards a command.
    ///
    /// # Errors
    /// As [`DecisionHistory::may`].
    pub fn may(&self, command: DecisionCommand, now: Instant) -> Result<(), DomainError> {
        self.history.may(command, &self.decision, now)
    }
}

impl Target for DecisionCase {
    type Key = Uuid;
    const NOUN: Noun = Noun::Decision;
    const TAG: &'static str = "decisions";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.decision_with_history(DecisionId::new(*id))?;
        let own = found.filter(|(it, _)| party.may_see(&it.municipality, &it.provider));
        let Some((decision, history)) = own else { return Ok(None) };
        let places = places(tx, &decision)?;
        let application = application_of(tx.session, &decision)?;
        let approval = revoked_approval(tx.session, &decision)?;
        let municipality = municipality(tx.session, &decision.municipality)?;
        let open_application =
            tx.session.open_application(application.offering, &application.provider)?;
        let reversed = match decision.outcome {
            DecisionOutcome::Reverse { decision: first, .. } => {
                tx.session.decision_with_history(first)?
            }
            _ => None,
        };
        let now = tx.now;
        Ok(Some(Self {
            decision,
            history,
            places,
            application,
            approval,
            municipality,
            open_application,
            reversed,
            now,
        }))
    }

    fn key(&self) -> Uuid {
        self.decision.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.history.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<DemandReasons>();
        visitor.visit::<CreateAppeal>();
        visitor.visit::<RecordArrival>();
        visitor.visit::<GiveReasons>();
        visitor.visit::<ExtendAppealPeriod>();
        visitor.visit::<CorrectDecision>();
        visitor.visit::<SuspendDecision>();
        visitor.visit::<ReverseDecision>();
        visitor.visit::<ClaimReversalCosts>();
        visitor.visit::<DecideReversalCosts>();
    }
}

impl Aggregate for DecisionHistory {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_history(self, from)
    }
}

impl Aggregate for DecisionCase {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        self.history.save(tx, from)
    }

    /// A decision without effect is published with its end; before that the public record stays unchanged.
    fn public(&self, tx: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        match self.history.course.end {
            None => Ok(None),
            end => Ok(Some(tx.session.decision_record(&self.decision, end)?.into())),
        }
    }
}

/// A decision with its history after the signature.
#[derive(Debug, Form)]
#[form(name = "DecisionCase")]
pub struct DecisionCaseFields {
    #[form(flatten)]
    decision: Decision,
    /// Present status.
    status: DecisionStatus,
    /// The party's last day to appeal as it is now; omitted while the period has no last day, or
    /// where there is no appeal.
    last_appeal_day: Option<NaiveDate>,
    /// History.
    course: DecisionCourse,
    /// Corrected texts of the decision.
    corrected: Vec<CorrectedPassage>,
}

/// A text of the decision with every correction; the original is in the decision.
#[derive(Debug, Form)]
#[form(name = "CorrectedText")]
pub struct CorrectedPassage {
    /// JSON Pointer to the text in the decision.
    pointer: CorrectedText,
    /// The text as it should read.
    text: String,
}

impl ConvertedForm for DecisionCase {
    type Fields = DecisionCaseFields;

    fn to_fields(&self) -> DecisionCaseFields {
        let Self { decision, history, now, .. } = self;
        let mut corrected: Vec<CorrectedPassage> = vec![];
        for correction in &history.course.corrections {
            let pointer = correction.place;
            if let Some(text) = history.text(pointer, decision)
                && corrected.iter().all(|known| known.pointer != pointer)
            {
                corrected.push(CorrectedPassage { pointer, text });
            }
        }
        DecisionCaseFields {
            decision: decision.clone(),
            status: history.status_at(*now),
            last_appeal_day: history.appeal_period().last_day(),
            course: history.course.clone(),
            corrected,
        }
    }
}

impl Resource for DecisionCase {
    const COLLECTION: &'static str = "decisions";
}

/// A decision that was signed just now.
pub type SignedDecision = TargetView<DecisionCase, Decision>;

impl From<DecisionCase> for SignedDecision {
    fn from(target: DecisionCase) -> Self {
        let view = target.decision.clone();
        let path = format!("decisions/{}", view.id);
        Self { target, view, revision: Revision::FIRST, path }
    }
}

/// Free places for the provider whose approval a decision revoked; without a limit if it revoked none.
pub fn places(tx: &mut Tx, of: &Decision) -> Result<Places, Failure> {
    let ends = matches!(of.outcome, DecisionOutcome::Revoke { .. });
    if !ends && of.outcome.withdrawal().is_none() {
        return Ok(Places::default());
    }
    let approval = approval_of(tx.session, of)?;
    let content = tx.session.content(approval.offering, approval.version)?;
    let found = tx.session.offering(approval.offering)?;
    let (offering, _) = found.ok_or_else(|| DomainError::not_found(Noun::Offering))?;
    Ok(tx.session.places(&offering, &content, tx.now)?)
}

/// A decision that the party may see, with its history.
pub fn load(
    session: &mut Session<'_>,
    id: DecisionId,
    party: &Party,
) -> Result<(Decision, DecisionHistory), Failure> {
    let found = session.decision_with_history(id)?;
    let own = found.filter(|(it, _)| party.may_see(&it.municipality, &it.provider));
    Ok(own.ok_or_else(|| DomainError::not_found(Noun::Decision))?)
}

/// The application behind a decision.
pub fn application_of(session: &mut Session<'_>, of: &Decision) -> Result<Application, Failure> {
    let found = session.application(of.application)?;
    Ok(found.ok_or_else(|| DomainError::not_found(Noun::Application))?)
}

/// The approval that a decision was about.
pub fn approval_of(session: &mut Session<'_>, of: &Decision) -> Result<Approval, Failure> {
    let missing = || DomainError::not_found(ApprovalCase::NOUN);
    let approval = session.approval(of.outcome.approval().ok_or_else(missing)?)?;
    let own = approval.filter(|it| it.municipality == of.municipality);
    Ok(own.ok_or_else(missing)?)
}

/// The approval that a decision revokes, or that the first of the decisions that it is about revoked.
fn revoked_approval(session: &mut Session<'_>, of: &Decision) -> Result<Option<Approval>, Failure> {
    let mut first = of.clone();
    while let Some(earlier) = first.outcome.earlier() {
        let found = session.decision(earlier)?;
        first = found.ok_or_else(|| store::corrupt("decision", first.id))?;
    }
    match first.outcome {
        DecisionOutcome::Revoke { .. } => approval_of(session, &first).map(Some),
        _ => Ok(None),
    }
}

/// The municipality, which has settings at this stage.
pub fn municipality(
    session: &mut Session<'_>,
    number: &MunicipalityNumber,
) -> Result<Municipality, Failure> {
    let found = session.municipality(number)?;
    Ok(found.ok_or_else(|| store::corrupt("municipality", number))?)
}

/// Changes the approval that a decision was about.
pub fn change_approval(
    tx: &mut Tx,
    of: &Decision,
    change: impl FnOnce(Approval) -> Result<Change<Approval>, DomainError>,
) -> Result<Approval, Failure> {
    let approval = approval_of(tx.session, of)?;
    let from = approval.revision;
    tx.save_related(change(approval)?, Some(from))
}

/// A revocation with suspended effect takes effect; `None` if there is none.
pub fn end_suspension(tx: &mut Tx, of: &Decision) -> Result<(), Failure> {
    let Some(id) = of.outcome.approval() else { return Ok(()) };
    let approval = tx.session.approval(id)?;
    let revocation = approval.as_ref().and_then(|it| it.lifecycle.revocation.as_ref());
    if revocation.is_some_and(|it| it.decision == of.id && it.suspension.is_some()) {
        let now = tx.now;
        change_approval(tx, of, |approval| approval.end_suspension(now))?;
    }
    Ok(())
}
