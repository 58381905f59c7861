//! What time brings about: reminders, second notices, changes of status on their day.
//!
//! Each item is claimed and done in one transaction, so it is done once, however late and on however
//! many instances. Nothing here decides against anyone.

use crate::{
    context::Context,
    domain::{
        agenda::Task,
        event::{Event, Kind, Subject},
        numbers::{MunicipalityNumber, OrganisationNumber},
        refusal::Refusal,
        role::Actor,
        text::Line,
        time::Instant,
    },
    store::{self, AgendaRow, Done, Failure, Place, Session, Stamp, Store, corrupt},
};

/// How many items are read at a time.
const BATCH: i64 = 200;
/// Who acts in the journal when nobody does.
const REGISTRY: &str = "registry";

/// What an item needs beside the database.
struct Due<'a> {
    context: &'a Context,
    now: Instant,
}

/// Does what is due, and says how much that was.
///
/// # Errors
/// The database fails. What was done until then stays done.
pub fn run_due(store: &Store, context: &Context) -> Result<usize, store::Error> {
    let due = Due { context, now: context.now() };
    let actor = Line::parse(REGISTRY).map_err(|fault| store::Error::Database(fault.to_string()))?;
    let (mut done, mut after) = (0, Place::START);
    loop {
        let rows = store.read(|session| session.due_items(due.now, &after, BATCH))?;
        let Some(last) = rows.last() else { return Ok(done) };
        after = Place::from(last);
        for row in rows {
            let stamp = due.stamp(&actor);
            match store.write(&stamp, |session| due.run(session, &row)) {
                Ok(()) => done += 1,
                // Another instance was first, or the thing has changed meanwhile.
                Err(Failure::Refused(refusal)) => {
                    tracing::debug!(task = %row.task, subject = %row.subject_id, %refusal.detail, "not done");
                }
                Err(Failure::Store(error)) => return Err(error),
            }
        }
    }
}

impl Due<'_> {
    fn stamp(&self, actor: &Line) -> Stamp {
        Stamp {
            id: self.context.id::<()>().uuid(),
            at: self.now,
            actor: Actor { subject: actor.clone(), name: actor.clone() },
            role: REGISTRY,
            organisation: REGISTRY.to_owned(),
            request_id: REGISTRY.to_owned(),
        }
    }

    fn run(&self, session: &mut Session<'_>, row: &AgendaRow) -> Result<Done<()>, Failure> {
        session.claim_item(row, self.now)?;
        let unknown = || corrupt("agenda", &row.subject_id);
        let task = Task::named(&row.task).ok_or_else(unknown)?;
        let subject = Subject::parse(&row.subject_type, &row.subject_id).ok_or_else(unknown)?;
        let event = remind(session, task, subject, row)?;
        Ok(Done { event, public: None, also: vec![], answer: () })
    }
}

/// Notes that somebody was reminded; the thing itself stays as it is.
fn remind(
    session: &mut Session<'_>,
    task: Task,
    subject: Subject,
    row: &AgendaRow,
) -> Result<Event, Failure> {
    let revision = session.revision(&subject)?.ok_or_else(|| Refusal::not_found("subject"))?;
    Ok(Event {
        kind: Kind::Reminded,
        subject,
        revision,
        municipality: row.municipality.as_deref().and_then(|it| MunicipalityNumber::parse(it).ok()),
        provider: row.provider.as_deref().and_then(|it| OrganisationNumber::parse(it).ok()),
        detail: vec![("task", task.as_str().to_owned()), ("due", row.due_at.0.to_rfc3339())],
    })
}
