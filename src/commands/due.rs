//! What the registry does by itself when something falls due. Nothing here decides against a party.

use super::{Aggregate, Outcome, Tx, decision, offering};
use crate::{
    domain::{
        Change,
        agenda::Task,
        decision::{
            Decision,
            history::{DecisionHistory, DecisionStatus},
        },
        error::DomainError,
        event::{Event, EventKind, Subject},
        values::{
            ids::{ApplicationId, Revision},
            numbers::{MunicipalityNumber, OrganisationNumber},
        },
    },
    store::{AgendaRow, CommandOutcome, Done, corrupt},
};

/// A change and the revision before it; none where the subject has changed so that nothing is left to do.
type Step<A> = Option<(Change<A>, Revision)>;

/// Does what an item of the agenda says. Where its subject has changed so that nothing is left to do, the journal says so.
///
/// # Errors
/// What the domain answers, or a failing database.
pub fn run(item: &AgendaRow, tx: &mut Tx) -> Outcome<()> {
    let unknown = || corrupt("agenda", &item.subject_id);
    let task = Task::named(&item.task).ok_or_else(unknown)?;
    let subject = Subject::parse(&item.subject_type, &item.subject_id).ok_or_else(unknown)?;
    let due = Due { item, task, subject };
    let outcome = due.run(tx)?;
    Ok(outcome.with_related(tx.take_related()))
}

struct Due<'a> {
    item: &'a AgendaRow,
    task: Task,
    subject: Subject,
}

impl Due<'_> {
    fn run(&self, tx: &mut Tx) -> Outcome<()> {
        let now = tx.now;
        match (self.task, &self.subject) {
            (Task::StatusChange, Subject::Approval(id)) => {
                let approval = found(tx.session.approval(*id)?)?;
                let from = approval.revision;
                let change = approval.status_changed(self.item.due_at.0);
                self.save(change.map(|change| (change, from)), tx)
            }
            (Task::OfferingCloses | Task::OfferingEnds, Subject::Offering(id)) => {
                let (offering, draft) = found(tx.session.offering(*id)?)?;
                let step = offering::end_of_day(offering, draft, self.task, now);
                self.save(step, tx)
            }
            (Task::EvidenceExpires, Subject::Application(id)) => self.remind_of_evidence(*id, tx),
            (Task::Renotify, Subject::Application(id)) => {
                let application = found(tx.session.application(*id)?)?;
                let from = application.revision;
                self.save_if_possible(application.renotify(now), from, tx)
            }
            (Task::Renotify, Subject::Decision(id)) => {
                let (_, history) = found(tx.session.decision_with_history(*id)?)?;
                let from = history.revision;
                self.save_if_possible(history.renotify(now), from, tx)
            }
            (Task::Renotify, Subject::PriorNotice(id)) => {
                let notice = found(tx.session.prior_notice(*id)?)?;
                let from = notice.revision;
                self.save_if_possible(notice.renotify(now), from, tx)
            }
            (Task::Renotify, Subject::Appeal(id)) => {
                let appeal = found(tx.session.appeal(*id)?)?;
                let from = appeal.revision;
                self.save_if_possible(appeal.renotify(now), from, tx)
            }
            (Task::BecomeFinal, Subject::Decision(id)) => {
                let (decision, history) = found(tx.session.decision_with_history(*id)?)?;
                self.become_final(&decision, history, tx)
            }
            _ => self.note(EventKind::Reminded, vec![], tx),
        }
    }

    fn save<A: Aggregate>(&self, step: Step<A>, tx: &mut Tx) -> Outcome<()> {
        let Some((change, from)) = step else { return self.note(EventKind::Lapsed, vec![], tx) };
        tx.set_revision(Some(from));
        Ok(tx.save(change)?.map(drop))
    }

    fn save_if_possible<A: Aggregate>(
        &self,
        change: Result<Change<A>, DomainError>,
        from: Revision,
        tx: &mut Tx,
    ) -> Outcome<()> {
        self.save(change.ok().map(|change| (change, from)), tx)
    }

    /// A revocation that waited until the period to appeal is out takes effect, as was decided.
    fn become_final(
        &self,
        decision: &Decision,
        history: DecisionHistory,
        tx: &mut Tx,
    ) -> Outcome<()> {
        if history.status_at(tx.now) == DecisionStatus::Final {
            decision::end_suspension(tx, decision)?;
        }
        let from = history.revision;
        self.save_if_possible(history.become_final(tx.now), from, tx)
    }

    /// Reminds of the evidence that is about to run out, by its ids.
    fn remind_of_evidence(&self, of: ApplicationId, tx: &mut Tx) -> Outcome<()> {
        let application = found(tx.session.application(of)?)?;
        let files = application.reminded_of(self.item.due_at.0, tx.now);
        if files.is_empty() {
            return self.note(EventKind::Lapsed, vec![], tx);
        }
        let ids: Vec<_> = files.iter().map(ToString::to_string).collect();
        self.note(EventKind::Reminded, vec![("evidence", ids.join(","))], tx)
    }

    /// Notes in the journal that there was a reminder, or nothing left to do. The subject stays as it is.
    fn note(
        &self,
        kind: EventKind,
        detail: Vec<(&'static str, String)>,
        tx: &mut Tx,
    ) -> Outcome<()> {
        let Self { item, task, subject } = self;
        let due = item.due_at.0.to_rfc3339();
        let municipality = item.municipality.as_deref();
        let provider = item.provider.as_deref();
        let event = Event {
            kind,
            subject: subject.clone(),
            revision: found(tx.session.revision(subject)?)?,
            municipality: municipality.and_then(|it| MunicipalityNumber::parse(it).ok()),
            provider: provider.and_then(|it| OrganisationNumber::parse(it).ok()),
            detail: [vec![("task", task.as_str().to_owned()), ("due", due)], detail].concat(),
        };
        Ok(CommandOutcome::Changed(Done { event, public: None, related: vec![], answer: () }))
    }
}

fn found<T>(subject: Option<T>) -> Result<T, DomainError> {
    subject.ok_or_else(|| DomainError::not_found("subject"))
}
