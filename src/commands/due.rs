//! Scheduled use cases: reminders, second notices, changes of status on their day. None decides against a party.

use super::{Aggregate, Outcome, Tx, decision, finish, offering};
use crate::{
    domain::{
        Change, Revised,
        agenda::Task,
        decision::history::DecisionStatus,
        error::{DomainError, Noun},
        event::{Event, EventKind, Subject},
        values::{
            ids::ApplicationId,
            numbers::{MunicipalityNumber, OrganisationNumber},
        },
    },
    store::{AgendaRow, CommandOutcome, Done, corrupt},
};

/// Executes an item of the agenda. If its subject has changed so that the task no longer applies, the journal gets a note.
///
/// # Errors
/// What the domain answers, or a failing database.
pub fn run(item: &AgendaRow, tx: &mut Tx) -> Outcome<()> {
    let unknown = || corrupt("agenda", &item.subject_id);
    let task = Task::named(&item.task).ok_or_else(unknown)?;
    let subject = Subject::parse(&item.subject_type, &item.subject_id).ok_or_else(unknown)?;
    let due = Due { item, task, subject };
    let outcome = due.run(tx)?;
    finish(outcome, tx)
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
                let found = tx.session.approval(*id)?;
                self.step(found, |it| it.status_changed(self.item.due_at.0), tx)
            }
            (Task::OfferingCloses | Task::OfferingEnds, Subject::Offering(id)) => {
                let found = offering::load_for_change(*id, tx)?;
                self.step(found, |it| it.day_has_come(self.task, now), tx)
            }
            (Task::EvidenceExpires, Subject::Application(id)) => self.remind_of_evidence(*id, tx),
            (Task::Renotify, Subject::Application(id)) => {
                let found = tx.session.application(*id)?;
                self.step(found, |it| it.renotify(now).ok(), tx)
            }
            (Task::Renotify, Subject::Decision(id)) => {
                let found = tx.session.decision_with_history(*id)?.map(|(_, history)| history);
                self.step(found, |it| it.renotify(now).ok(), tx)
            }
            (Task::Renotify, Subject::PriorNotice(id)) => {
                let found = tx.session.prior_notice(*id)?;
                self.step(found, |it| it.renotify(now).ok(), tx)
            }
            (Task::Renotify, Subject::Appeal(id)) => {
                let found = tx.session.appeal(*id)?;
                self.step(found, |it| it.renotify(now).ok(), tx)
            }
            (Task::BecomeFinal, Subject::Decision(id)) => {
                let (decision, history) = found(tx.session.decision_with_history(*id)?)?;
                if history.status_at(now) == DecisionStatus::Final {
                    // A revocation suspended until the end of the appeal period takes effect.
                    decision::end_suspension(tx, &decision)?;
                }
                self.step(Some(history), |it| it.become_final(now).ok(), tx)
            }
            _ => self.note(EventKind::Reminded, vec![], tx),
        }
    }

    /// Runs and saves a transition; notes in the journal if none applies any more.
    fn step<A: Aggregate + Revised>(
        &self,
        subject: Option<A>,
        transition: impl FnOnce(A) -> Option<Change<A>>,
        tx: &mut Tx,
    ) -> Outcome<()> {
        let subject = found(subject)?;
        tx.set_revision(Some(subject.revision()));
        match transition(subject) {
            Some(change) => Ok(tx.save(change)?.map(drop)),
            None => self.note(EventKind::Lapsed, vec![], tx),
        }
    }

    /// Reminds of expiring evidence, by its ids.
    fn remind_of_evidence(&self, of: ApplicationId, tx: &mut Tx) -> Outcome<()> {
        let application = found(tx.session.application(of)?)?;
        let files = application.reminded_of(self.item.due_at.0, tx.now);
        if files.is_empty() {
            return self.note(EventKind::Lapsed, vec![], tx);
        }
        let ids: Vec<_> = files.iter().map(ToString::to_string).collect();
        self.note(EventKind::Reminded, vec![("evidence", ids.join(","))], tx)
    }

    /// Records a reminder, or that the task no longer applies, in the journal; the subject stays unchanged.
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
    subject.ok_or_else(|| DomainError::not_found(Noun::Subject))
}
