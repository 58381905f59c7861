//! What time brings about: reminders, second notices, changes of status on their day.
//!
//! Each item is claimed and done in one transaction, so it is done once, however late and on however
//! many instances. Nothing here decides against anyone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{
    context::Context,
    domain::{
        Change,
        agenda::Task,
        approval::Revocation,
        decision::history::{DecisionHistory, DecisionStatus},
        error::DomainError,
        event::{Event, EventKind, Subject},
        role::Actor,
        values::{
            ids::{ApplicationId, ApprovalId, DecisionId, OfferingId},
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::Line,
            time::Instant,
        },
    },
    json::public::{ApprovalRecord, PublicRecord},
    store::{
        self, AgendaPosition, AgendaRow, CommandMetadata, Done, Failure, RelatedChange, Session,
        Store, corrupt,
    },
};

/// How many items are read at a time.
const BATCH: i64 = 200;
/// Who acts in the journal when nobody does.
const REGISTRY: &str = "registry";

/// An event, and what the public sees of it.
type Made = (Event, Option<PublicRecord>);

/// What an item needs beside the database.
struct Due<'a> {
    context: &'a Context,
    now: Instant,
}

/// The result of one round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueResult {
    /// How many items were done.
    pub done: usize,
    /// How many items are of a kind that only a later version knows. They are left to it.
    pub left: usize,
}

/// Why an item was not done.
enum ItemError {
    /// Another instance has done it, or the item is gone.
    Taken,
    /// The domain or the database refused it.
    Failed(Failure),
}

impl From<Failure> for ItemError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<store::StoreError> for ItemError {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Does what is due. An item that fails is set aside, and the rest goes on.
pub fn run_due(store: &Store, context: &Context) -> Result<DueResult, store::StoreError> {
    let due = Due { context, now: context.now() };
    let (mut round, mut after) = (DueResult::default(), AgendaPosition::START);
    loop {
        let rows = store.read(|session| session.due_items(due.now, &after, BATCH))?;
        let Some(last) = rows.last() else { return Ok(round) };
        after = AgendaPosition::from(last);
        for row in rows {
            if is_of_a_later_version(&row.task) {
                round.left += 1;
                continue;
            }
            let metadata = metadata(context, due.now)?;
            // A panic counts as a failure of this item; the store rolls back and drops the connection.
            let attempt =
                AssertUnwindSafe(|| store.write(&metadata, |session| due.run(session, &row)));
            match catch_unwind(attempt) {
                Ok(Ok(())) => round.done += 1,
                Ok(Err(ItemError::Taken)) => {}
                Ok(Err(ItemError::Failed(Failure::Store(error)))) if error.is_outage() => {
                    return Err(error);
                }
                Ok(Err(ItemError::Failed(failure))) => due.set_aside(store, &row, &failure)?,
                Err(_) => due.set_aside(store, &row, &"the program broke off")?,
            }
        }
    }
}

/// Whether a task may be of a later version: it has the form of a name, and this version has no such task.
fn is_of_a_later_version(task: &str) -> bool {
    let is_name = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    Task::named(task).is_none() && task.split('-').all(is_name)
}

/// What the journal keeps of an act of the registry itself.
pub(super) fn metadata(
    context: &Context,
    now: Instant,
) -> Result<CommandMetadata, store::StoreError> {
    let name =
        Line::parse(REGISTRY).map_err(|error| store::StoreError::Database(error.to_string()))?;
    Ok(CommandMetadata {
        id: context.row_id(),
        at: now,
        actor: Actor { subject: name.clone(), name },
        role: REGISTRY,
        organisation: REGISTRY.to_owned(),
        request_id: REGISTRY.to_owned(),
    })
}

/// Runs a transition of a private thing and keeps it; nothing where it no longer fits.
macro_rules! step {
    ($session:ident, $found:expr, $save:ident, $act:ident($now:expr)) => {{
        let found = $found.ok_or_else(nothing)?;
        let from = found.revision;
        match found.$act($now) {
            Err(_) => None,
            Ok(Change { value, event }) => {
                $session.$save(&value, Some(from))?;
                Some((event, None))
            }
        }
    }};
}

impl Due<'_> {
    /// Sets an item aside. Only its first failure is logged.
    fn set_aside(
        &self,
        store: &Store,
        row: &AgendaRow,
        error: &dyn std::fmt::Display,
    ) -> Result<(), store::StoreError> {
        let noted = store.set_aside(row, &error.to_string(), self.now)?;
        if noted && row.attempts == 0 {
            let (task, collection, id) = (&row.task, &row.subject_type, &row.subject_id);
            tracing::warn!(%task, subject = %format!("/v1/{collection}/{id}"), %error, "a due item is set aside");
        }
        Ok(())
    }

    fn run(&self, session: &mut Session<'_>, row: &AgendaRow) -> Result<Done<()>, ItemError> {
        // A command that changes the subject clears its items: it is locked before them here too.
        if let Some(subject) = Subject::parse(&row.subject_type, &row.subject_id) {
            session.lock(&subject)?;
        }
        if !session.claim_item(row, self.now)? {
            return Err(ItemError::Taken);
        }
        Ok(self.done(session, row)?)
    }

    fn done(&self, session: &mut Session<'_>, row: &AgendaRow) -> Result<Done<()>, Failure> {
        let unknown = || corrupt("agenda", &row.subject_id);
        let task = Task::named(&row.task).ok_or_else(unknown)?;
        let subject = Subject::parse(&row.subject_type, &row.subject_id).ok_or_else(unknown)?;
        let mut related = vec![];
        let done = match (task, &subject) {
            (Task::StatusChange, Subject::Approval(id)) => self.approval(session, *id, row)?,
            (Task::OfferingCloses | Task::OfferingEnds, Subject::Offering(id)) => {
                self.offering(session, *id, task)?
            }
            (Task::EvidenceExpires, Subject::Application(id)) => {
                self.evidence_expires(session, *id, row)?
            }
            (Task::Renotify, Subject::Application(id)) => {
                step!(session, session.application(*id)?, save_application, renotify(self.now))
            }
            (Task::Renotify, Subject::Decision(id)) => {
                step!(session, load_history(session, *id)?, save_history, renotify(self.now))
            }
            (Task::Renotify, Subject::PriorNotice(id)) => {
                step!(session, session.prior_notice(*id)?, save_prior_notice, renotify(self.now))
            }
            (Task::Renotify, Subject::Appeal(id)) => {
                step!(session, session.appeal(*id)?, save_appeal, renotify(self.now))
            }
            (Task::BecomeFinal, Subject::Decision(id)) => {
                related = self.suspension_ends(session, *id)?;
                step!(session, load_history(session, *id)?, save_history, become_final(self.now))
            }
            _ => Some((note(session, EventKind::Reminded, task, &subject, row)?, None)),
        };
        let (event, public) = match done {
            Some(done) => done,
            // The thing has changed meanwhile in a way that leaves nothing to do.
            None => (note(session, EventKind::Lapsed, task, &subject, row)?, None),
        };
        Ok(Done { event, public, related, answer: () })
    }

    fn approval(
        &self,
        session: &mut Session<'_>,
        id: ApprovalId,
        row: &AgendaRow,
    ) -> Result<Option<Made>, Failure> {
        let approval = session.approval(id)?.ok_or_else(nothing)?;
        let from = approval.revision;
        let Some(change) = approval.status_changed(row.due_at.0) else { return Ok(None) };
        let Change { value, event } = change;
        session.save_approval(&value, Some(from))?;
        let public = ApprovalRecord::published(&value, self.now);
        Ok(Some((event, public)))
    }

    fn offering(
        &self,
        session: &mut Session<'_>,
        id: OfferingId,
        task: Task,
    ) -> Result<Option<Made>, Failure> {
        let (offering, draft) = session.offering(id)?.ok_or_else(nothing)?;
        let from = offering.revision;
        let Some(change) = offering.day_has_come(task, self.now) else { return Ok(None) };
        let Change { value, event } = change;
        session.save_offering(&value, &draft, Some(from), self.now)?;
        let record = session.offering_record(&value, self.now)?;
        Ok(Some((event, record.map(Into::into))))
    }

    /// Reminds of the evidence that is about to run out, by its ids.
    fn evidence_expires(
        &self,
        session: &mut Session<'_>,
        id: ApplicationId,
        row: &AgendaRow,
    ) -> Result<Option<Made>, Failure> {
        let application = session.application(id)?.ok_or_else(nothing)?;
        let meant = application.reminded_of(row.due_at.0, self.now);
        if meant.is_empty() {
            return Ok(None);
        }
        let ids: Vec<_> = meant.iter().map(ToString::to_string).collect();
        let subject = Subject::Application(id);
        let mut event = note(session, EventKind::Reminded, Task::EvidenceExpires, &subject, row)?;
        event.detail.push(("evidence", ids.join(",")));
        Ok(Some((event, None)))
    }

    /// A revocation that waited until the period to appeal is out takes effect, as was decided.
    fn suspension_ends(
        &self,
        session: &mut Session<'_>,
        id: DecisionId,
    ) -> Result<Vec<RelatedChange>, Failure> {
        let (decision, history) = session.decision_with_history(id)?.ok_or_else(nothing)?;
        let approval = match decision.outcome.approval() {
            Some(approval) if history.status_at(self.now) == DecisionStatus::Final => {
                session.approval(approval)?
            }
            _ => None,
        };
        let waits = |it: &Revocation| it.decision == id && it.suspension.is_some();
        let waiting =
            approval.filter(|approval| approval.lifecycle.revocation().is_some_and(waits));
        let Some(approval) = waiting else { return Ok(vec![]) };
        let from = approval.revision;
        let Change { value, event } = approval.end_suspension(self.now)?;
        session.save_approval(&value, Some(from))?;
        let public = ApprovalRecord::published(&value, self.now);
        Ok(vec![RelatedChange { id: self.context.row_id(), event, public }])
    }
}

fn load_history(
    session: &mut Session<'_>,
    of: DecisionId,
) -> Result<Option<DecisionHistory>, Failure> {
    Ok(session.decision_with_history(of)?.map(|(_, history)| history))
}

fn nothing() -> DomainError {
    DomainError::not_found("subject")
}

/// Notes in the journal that somebody was reminded, or that there was nothing left to do; the
/// thing itself stays as it is.
fn note(
    session: &mut Session<'_>,
    kind: EventKind,
    task: Task,
    subject: &Subject,
    row: &AgendaRow,
) -> Result<Event, Failure> {
    let revision = session.revision(subject)?.ok_or_else(nothing)?;
    Ok(Event {
        kind,
        subject: subject.clone(),
        revision,
        municipality: row.municipality.as_deref().and_then(|it| MunicipalityNumber::parse(it).ok()),
        provider: row.provider.as_deref().and_then(|it| OrganisationNumber::parse(it).ok()),
        detail: vec![("task", task.as_str().to_owned()), ("due", row.due_at.0.to_rfc3339())],
    })
}
