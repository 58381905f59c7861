//! Database errors, classified by the driver's message.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// Error of a database operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No connection or lock in time; nothing was changed and trying again may help. On
    /// PostgreSQL lock waits are recognised by their English message.
    #[error("the database is busy")]
    Busy,
    /// The connection broke during a commit: the outcome is unknown.
    #[error("the connection broke before the commit was confirmed")]
    Uncertain,
    /// Nothing can be written for now: the disk is full or read-only, or the server is a standby. Nothing was changed.
    #[error("the database is not writable: {0}")]
    NotWritable(String),
    /// Another process works on this SQLite database.
    #[error(
        "{0}: another godkjent works on this database; stop it first, or name another one in GODKJENT_DATABASE_URL"
    )]
    InUse(String),
    /// There is no database, or none of a registry.
    #[error(
        "{0}: there is no registry; godkjent serve creates one. Is GODKJENT_DATABASE_URL correct?"
    )]
    NoRegistry(String),
    /// Migrations were run that this program does not know.
    #[error(
        "a newer godkjent has changed the tables (migrations {0}); start that version or a later one, or restore a \
         backup from before it"
    )]
    Newer(String),
    /// A value stored in this table, in the row with this key, does not fit the domain.
    #[error("row {id} of table {table} cannot be understood")]
    Corrupt { table: &'static str, id: String },
    /// A row with this unique key exists. Names the key's columns alike on both databases:
    /// `table.column`, several joined by `, `.
    #[error("{0} is already taken")]
    Conflict(String),
    /// Any other failure, with the database's own message.
    #[error("database: {0}")]
    Database(String),
}

impl StoreError {
    /// Whether the database as a whole fails, and not this operation: others would fail alike.
    pub const fn is_outage(&self) -> bool {
        matches!(self, Self::Busy | Self::Uncertain | Self::NotWritable(_))
    }
}

pub(super) fn failed(problem: impl ToString) -> StoreError {
    StoreError::Database(problem.to_string())
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        use DatabaseErrorKind::{
            ReadOnlyTransaction, SerializationFailure, UniqueViolation, Unknown,
        };
        match error {
            DieselError::DatabaseError(UniqueViolation, info) => Self::Conflict(taken_key(&*info)),
            DieselError::DatabaseError(SerializationFailure, _)
            | DieselError::BrokenTransactionManager => Self::Busy,
            DieselError::DatabaseError(ReadOnlyTransaction, info) => {
                Self::NotWritable(info.message().to_owned())
            }
            // The transaction went with its connection.
            gone if is_gone(&gone) => Self::Busy,
            DieselError::DatabaseError(Unknown, info) if is_busy(info.message()) => Self::Busy,
            DieselError::DatabaseError(Unknown, info) if is_unwritable(info.message()) => {
                Self::NotWritable(info.message().to_owned())
            }
            other => failed(other),
        }
    }
}

/// Messages of SQLite about a full, read-only or failing disk, and of PostgreSQL about a full one. The drivers
/// expose the kind of an error and its message, but neither SQLite's result code nor PostgreSQL's SQLSTATE.
/// SQLite's messages are constants of the bundled library.
fn is_unwritable(message: &str) -> bool {
    let reasons = [
        "database or disk is full",
        "readonly database",
        IO_ERROR,
        "unable to open database file",
        "No space left on device",
    ];
    reasons.iter().any(|reason| message.contains(reason))
}

/// SQLite could not write or sync, also where a file would be larger than `ulimit -f` allows.
const IO_ERROR: &str = "disk I/O error";

fn is_busy(message: &str) -> bool {
    let reasons = ["is locked", "canceling statement", "deadlock"];
    reasons.iter().any(|reason| message.contains(reason))
}

/// Whether the connection broke, so that the server's progress is unknown.
pub(super) fn is_gone(error: &DieselError) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
    match error {
        DieselError::DatabaseError(ClosedConnection | UnableToSendCommand, _) => true,
        DieselError::DatabaseError(_, info) => info.message().contains("terminating connection"),
        _ => false,
    }
}

/// SQLite's message is `UNIQUE constraint failed: t.a, t.b`; PostgreSQL's `Key (a, b)=(…) already exists.`
fn taken_key(info: &dyn DatabaseErrorInformation) -> String {
    if let Some((_, columns)) = info.message().split_once("UNIQUE constraint failed: ") {
        return columns.to_owned();
    }
    let key = info.details().and_then(|it| it.split_once('(')?.1.split_once(")=("));
    let (Some(table), Some((columns, _))) = (info.table_name(), key) else {
        return info.constraint_name().unwrap_or_default().to_owned();
    };
    let names = columns.split(", ").map(|it| format!("{table}.{}", it.trim_matches('"')));
    names.collect::<Vec<_>>().join(", ")
}

/// The error of a failed commit: reported by the database, or without an answer.
pub(super) fn not_kept(error: DieselError, unanswered: StoreError) -> StoreError {
    match error {
        DieselError::RollbackErrorOnCommit { commit_error, .. } => {
            not_kept(*commit_error, unanswered)
        }
        // The writes may reappear after a crash, so the outcome is unknown.
        DieselError::DatabaseError(_, ref info) if info.message().contains(IO_ERROR) => unanswered,
        DieselError::DatabaseError(..) if !is_gone(&error) => error.into(),
        _ => unanswered,
    }
}
