//! The database, and the transactions of commands.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{
    access::queue::Queue,
    connection::{Pool, PoolUsage, StoreError},
    journal_rows::JournalRow,
    outcome::{CommandOutcome, Done, RelatedChange},
    session::Session,
    sql::{Id16, Json, Ts},
};
use crate::{
    domain::{event::Event, role::Actor, values::time::Instant},
    json::public::PublicRecord,
};

/// Actor, time and request of a command, added to its event in the journal.
#[derive(Debug, Clone)]
pub struct CommandMetadata {
    /// Id of the journal row.
    pub id: uuid::Uuid,
    /// When.
    pub at: Instant,
    pub actor: Actor,
    /// In which role; `registry` where time itself brought it about.
    pub role: &'static str,
    /// For which organisation.
    pub organisation: String,
    /// Under which request.
    pub request_id: String,
}

/// The database, whichever it is.
#[derive(Clone)]
pub struct Store {
    pub(super) pool: Pool,
    pub(super) accesses: Queue,
    /// The public position of the last row that was written here.
    written: Arc<AtomicI64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the database and runs pending migrations.
    pub fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        let pool = Pool::open(url, connections)?;
        pool.migrate()?;
        Ok(Self::on(pool))
    }

    /// Opens an existing database, without migrations. No file is created.
    pub fn attach(url: &str, connections: u32) -> Result<Self, StoreError> {
        Ok(Self::on(Pool::attach(url, connections)?))
    }

    /// The same for a database that has a registry; none where it is missing or has no tables yet.
    ///
    /// # Errors
    /// `Newer` where a newer version has changed the tables, or a failing database.
    pub fn find(url: &str, connections: u32) -> Result<Option<Self>, StoreError> {
        let found = match Self::attach(url, connections) {
            Err(StoreError::NoRegistry(_)) => return Ok(None),
            attached => attached?,
        };
        if !found.is_registry()? {
            return Ok(None);
        }
        let unknown = found.migrations()?.unknown;
        if unknown.is_empty() {
            Ok(Some(found))
        } else {
            Err(StoreError::Newer(unknown.join(", ")))
        }
    }

    fn on(pool: Pool) -> Self {
        Self { pool, accesses: Queue::default(), written: Arc::default() }
    }

    /// The public position of the last row that was written through this.
    pub(crate) fn written(&self) -> i64 {
        self.written.load(Ordering::Acquire)
    }

    /// Maximum number of connections; for SQLite: readers.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.pool.connections()
    }

    /// The present use of each pool of connections.
    #[must_use]
    pub fn usage(&self) -> Vec<PoolUsage> {
        self.pool.usage()
    }

    /// How many commands wait for the one writer of a SQLite database.
    #[must_use]
    pub fn waiting_writers(&self) -> usize {
        self.pool.waiting_writers()
    }

    /// Reads in one consistent view.
    ///
    /// # Errors
    /// Those of `read`, or a failing database.
    pub fn read<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&mut Session<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.pool.read(|rows| read(&mut Session::for_read(rows.reborrow())))
    }

    /// Runs one command in one transaction, with a journal row for it and for each related change. `Ok` means
    /// durable; on an error nothing is changed.
    pub fn write<T, E: From<StoreError>>(
        &self,
        metadata: &CommandMetadata,
        run: impl FnOnce(&mut Session<'_>) -> Result<Done<T>, E>,
    ) -> Result<T, E> {
        self.write_if_changed(metadata, |session| run(session).map(CommandOutcome::Changed))
    }

    /// The same for a command that may change nothing, or only what falls due, and then leaves no journal row.
    pub fn write_if_changed<T, E: From<StoreError>>(
        &self,
        metadata: &CommandMetadata,
        run: impl FnOnce(&mut Session<'_>) -> Result<CommandOutcome<T>, E>,
    ) -> Result<T, E> {
        let (answer, end) = self.pool.append::<T, E>(|rows| {
            let mut session = Session::for_write(rows.reborrow());
            let Done { mut event, public, mut related, answer } = match run(&mut session)? {
                CommandOutcome::Changed(done) => done,
                CommandOutcome::Unchanged(answer) => {
                    session.insert_agenda()?;
                    return Ok((answer, vec![]));
                }
            };
            let made = related.iter_mut().map(|it| (it.id, &mut it.event));
            session.insert_letters(made.chain([(metadata.id, &mut event)]), metadata.at)?;
            let noted = related.iter().map(|it| (it.id, &it.event));
            session.note_events(noted.chain([(metadata.id, &event)]), metadata.at)?;
            session.insert_agenda()?;
            session.write_cases(metadata.at)?;
            let mut rows = vec![journal_row(metadata, &event, public.as_ref())?];
            for RelatedChange { id, event, public } in related {
                let metadata = CommandMetadata { id, ..metadata.clone() };
                rows.push(journal_row(&metadata, &event, public.as_ref())?);
            }
            Ok((answer, rows))
        })?;
        if let Some(end) = end {
            self.written.fetch_max(end.public_position, Ordering::AcqRel);
        }
        Ok(answer)
    }
}

/// A row that is not chained to the journal yet.
fn journal_row(
    metadata: &CommandMetadata,
    event: &Event,
    public: Option<&PublicRecord>,
) -> Result<JournalRow, StoreError> {
    debug_assert!(
        public.is_none_or(|it| event.kind.public_subject() == Some(it.subject())),
        "the document lists no public event {:?} of {:?}",
        event.kind,
        public.map(PublicRecord::subject)
    );
    let public = public.map(PublicRecord::to_json).transpose();
    let public = public.map_err(|error| StoreError::Database(error.to_string()))?;
    let detail: serde_json::Map<_, _> =
        event.detail.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect();
    Ok(JournalRow {
        position: 0,
        public_position: None,
        id: Id16(metadata.id),
        at: Ts::from(metadata.at),
        actor: metadata.actor.subject.to_string(),
        actor_name: metadata.actor.name.to_string(),
        role: metadata.role.to_owned(),
        organisation: Some(metadata.organisation.clone()),
        request_id: metadata.request_id.clone(),
        kind: event.kind.as_str().to_owned(),
        subject_type: event.subject.collection().to_owned(),
        subject_id: event.subject.key(),
        municipality: event.municipality.as_ref().map(ToString::to_string),
        provider: event.provider.as_ref().map(ToString::to_string),
        revision: event.revision.0,
        detail: Json(serde_json::Value::Object(detail).to_string()),
        public: public.map(Json),
        hash: vec![],
    })
}
