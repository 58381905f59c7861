//! Store: access to the database, with one limit for reads and one for writes.
//!
//! A write is one transaction with one journal row for each changed aggregate; their numbers come from a
//! one-row counter that is locked last, so they have no gaps and follow the commit order. The reads of a write
//! are locked until then (`locks`). All functions block; call them on blocking threads.

pub(crate) mod access;
pub(crate) mod agenda;
pub(crate) mod appeal;
pub(crate) mod application;
pub(crate) mod approval;
mod backup;
pub mod chain;
pub(crate) mod compensation;
pub(crate) mod connection;
pub(crate) mod decision;
pub(crate) mod evidence;
pub(crate) mod follow_up;
mod health;
pub(crate) mod idempotency;
mod identity;
pub(crate) mod journal_rows;
pub(crate) mod late_access;
mod lock;
pub(crate) mod locks;
pub(crate) mod municipality;
pub(crate) mod offering;
mod outcome;
mod party_list;
pub(crate) mod provider;
pub(crate) mod rebuild;
pub(crate) mod schema;
pub(crate) mod serials;
pub(crate) mod set_aside;
pub(crate) mod sql;

pub use access::{AccessRow, CaseFile, Reader};
pub use agenda::{AgendaPosition, AgendaRow, Whose};
pub use backup::{BackupError, backup};
pub use chain::Head;
pub use compensation::InForce;
pub use connection::{Pool, StoreError};
pub use evidence::scans::{FileToScan, FilesSetAside};
pub use health::Migrations;
pub use idempotency::{
    IdempotencyKey, IdempotencyRecord, IdempotentCommand, KEPT_FOR, StoredResponse,
};
pub use journal_rows::{JournalFilter, JournalRow};
pub use lock::{DatabaseLock, sqlite_path};
pub use outcome::{CommandOutcome, Done, RelatedChange};
pub use party_list::PartyList;
pub use rebuild::Rebuilt;
pub use set_aside::SetAside;

use crate::{
    domain::{
        error::DomainError,
        event::{Event, EventKind},
        role::Actor,
        rules::daily_limit,
        values::time::Instant,
    },
    json::{
        form::{self, Form},
        public::PublicRecord,
    },
};
use connection::Repo;
use diesel::QueryResult;
use sql::{Id16, Json, Ts};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Error of a write: a domain error, or a failing database. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A domain error.
    #[error("refused: {}", .0.detail)]
    Refused(DomainError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DomainError> for Failure {
    fn from(refusal: DomainError) -> Self {
        Self::Refused(refusal)
    }
}

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
    pool: Pool,
    accesses: access::Queue,
    /// The public position of the last row that was written here.
    written: Arc<AtomicI64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// Reads and writes within one transaction.
pub struct Session<'a> {
    pub(crate) rows: &'a mut dyn Repo,
    /// None where nothing is written.
    write_state: Option<locks::WriteState>,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
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

    fn on(pool: Pool) -> Self {
        Self { pool, accesses: access::Queue::default(), written: Arc::default() }
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

    /// Reads in one consistent view.
    ///
    /// # Errors
    /// Those of `read`, or a failing database.
    pub fn read<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&mut Session<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.pool.read(|rows| read(&mut Session { rows, write_state: None }))
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

    /// The same for a command that may change nothing, and then leaves no journal row.
    pub fn write_if_changed<T, E: From<StoreError>>(
        &self,
        metadata: &CommandMetadata,
        run: impl FnOnce(&mut Session<'_>) -> Result<CommandOutcome<T>, E>,
    ) -> Result<T, E> {
        let (answer, end) = self.pool.append::<T, E>(|rows| {
            let mut session = Session { rows, write_state: Some(locks::WriteState::default()) };
            let Done { event, public, related, answer } = match run(&mut session)? {
                CommandOutcome::Changed(done) => done,
                CommandOutcome::Unchanged(answer) => return Ok((answer, vec![])),
            };
            session.insert_agenda()?;
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

impl Session<'_> {
    /// The journal after a position, oldest first.
    pub fn journal_after(&mut self, after: i64, limit: i64) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.rows.journal_after(after, limit)?)
    }

    /// Matching journal rows after a position, oldest first.
    pub fn journal_found(
        &mut self,
        filter: &JournalFilter,
        after: i64,
        limit: i64,
    ) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.rows.journal_found(filter, after, limit)?)
    }

    /// Number of an organisation's profile and listing changes on the Norwegian day of an instant.
    fn changes_today(&mut self, organisation: &str, now: Instant) -> Result<i64, StoreError> {
        // The organisation is locked until the end of the transaction.
        self.lock_name(&format!("daily limit {organisation}"))?;
        let kinds = daily_limit::COUNTED.map(EventKind::as_str);
        let from = Ts::from(daily_limit::counted_from(now));
        Ok(self.rows.journal_count_since(organisation, &kinds, from)?)
    }

    /// Guards one more profile or listing change of an organisation: all instances count in the journal.
    ///
    /// # Errors
    /// `too-many-changes`, or a failing database.
    pub fn check_daily_limit(&mut self, organisation: &str, now: Instant) -> Result<(), Failure> {
        let changes = self.changes_today(organisation, now)?;
        Ok(daily_limit::check(changes, now)?)
    }

    /// Where the journal ends.
    pub fn journal_head(&mut self) -> Result<Head, StoreError> {
        Ok(self.rows.journal_head()?)
    }

    /// The public rows of the journal after a public position, oldest first.
    pub fn public_after(&mut self, after: i64, limit: i64) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.rows.journal_public_after(after, limit)?)
    }
}

/// A row that is not chained to the journal yet.
fn journal_row(
    metadata: &CommandMetadata,
    event: &Event,
    public: Option<&PublicRecord>,
) -> Result<JournalRow, StoreError> {
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

/// Checks an insertion or an update: exactly one row, else another change came first.
pub(crate) fn expect_one_row(changed: QueryResult<usize>) -> Result<(), Failure> {
    match changed.map_err(StoreError::from) {
        Ok(1) => Ok(()),
        Ok(_) | Err(StoreError::Conflict(_)) => Err(DomainError::stale().into()),
        Err(error) => Err(error.into()),
    }
}

/// Text of a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(form: &T) -> Result<Json, StoreError> {
    serde_json::to_string(form).map(Json).map_err(|error| StoreError::Database(error.to_string()))
}

/// The form in a JSON column, or a corrupt row.
pub(crate) fn parse_json<T: serde::de::DeserializeOwned>(
    json: &Json,
    table: &'static str,
    id: impl ToString,
) -> Result<T, StoreError> {
    serde_json::from_str(&json.0).map_err(|_| corrupt(table, id))
}

/// The value in a JSON column, which is read strictly; or a corrupt row.
pub(crate) fn parse_form<T: Form>(
    json: &Json,
    table: &'static str,
    id: impl ToString,
) -> Result<T, StoreError> {
    form::parse_json(&json.0).map_err(|_| corrupt(table, id))
}

/// A row that does not fit the domain.
pub(crate) fn corrupt(table: &'static str, id: impl ToString) -> StoreError {
    StoreError::Corrupt { table, id: id.to_string() }
}
