//! Store: access to the database, with one limit for reads and one for writes.
//!
//! A write is one transaction with one journal row for each changed aggregate; their numbers come from a
//! one-row counter that is locked last, so they have no gaps and follow the commit order. The reads of a write
//! are locked until then (`locks`). All functions block; call them on blocking threads.

pub(crate) mod access;
pub(crate) mod agenda;
mod agenda_row;
pub(crate) mod appeal;
pub(crate) mod application;
pub(crate) mod approval;
mod backup;
pub(crate) mod case_summary;
pub mod chain;
pub(crate) mod compensation;
mod connection;
mod database;
pub(crate) mod decision;
pub(crate) mod evidence;
mod failure;
pub(crate) mod follow_up;
mod health;
pub(crate) mod idempotency;
mod identity;
pub(crate) mod journal_rows;
mod json_column;
pub(crate) mod late_access;
mod letter;
mod lock;
pub(crate) mod locks;
pub(crate) mod municipality;
pub(crate) mod notice;
pub(crate) mod offering;
mod outcome;
mod party_list;
pub(crate) mod prior_notice;
pub(crate) mod provider;
pub(crate) mod rebuild;
pub(crate) mod schema;
pub(crate) mod serials;
mod session;
pub(crate) mod set_aside;
pub(crate) mod sql;

pub use access::{AccessRow, CaseFile, Reader};
pub use agenda::{AgendaPosition, Overdue, Whose};
pub use agenda_row::AgendaRow;
pub use backup::{BackupError, backup};
pub use case_summary::{CaseEntry, CaseFilter, CasePosition};
pub use compensation::InForce;
pub use connection::{Migrations, Pool, PoolUsage, StoreError, sqlite_path};
pub use database::{CommandMetadata, Store};
pub use evidence::scans::{FileToScan, FilesSetAside};
pub use failure::Failure;
pub use idempotency::{
    IdempotencyKey, IdempotencyRecord, IdempotentCommand, KEPT_FOR, StoredResponse,
};
pub use journal_rows::{Head, JournalFilter, JournalRow};
pub use lock::DatabaseLock;
pub use outcome::{CommandOutcome, Done, RelatedChange};
pub use party_list::PartyList;
pub use prior_notice::PriorNoticeFilter;
pub use rebuild::Rebuilt;
pub use session::Session;
pub use set_aside::SetAside;

pub(crate) use failure::expect_one_row;
pub(crate) use json_column::{corrupt, parse_json, to_json};
