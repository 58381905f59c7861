//! Background work: the register follows the journal, and due items are executed.

mod clock;
mod due;
pub mod evidence;
mod job_context;
mod rebuild;
mod upkeep;
mod verify;

pub use due::{DueResult, run_due};
pub use job_context::JobContext;
pub use rebuild::{Audit, Difference, audit_register};
pub use upkeep::{SetAsideCount, Upkeep, UpkeepReport, names_set_aside};
pub use verify::{Break, Chain, ChainMismatch, Mark, verify_chain};

use serde_json::value::RawValue;

use crate::{
    domain::values::time::Instant,
    json::public::PublicRecord,
    register::{BATCH, PublicChange, Register},
    store::{self, JournalRow, Store},
};

/// Applies new journal rows to the register. This one function serves the instance that made a change, every
/// other instance, and the start.
///
/// An unreadable row is set aside: the feed has it, its subject keeps the previous record.
pub fn follow(store: &Store, register: &Register, now: Instant) -> Result<(), store::StoreError> {
    follow_until(store, register, now, i64::MAX)
}

/// The same, unless the register has all local writes: one of many concurrent writers reads for all.
pub fn follow_own(
    store: &Store,
    register: &Register,
    now: Instant,
) -> Result<(), store::StoreError> {
    follow_until(store, register, now, store.written())
}

fn follow_until(
    store: &Store,
    register: &Register,
    now: Instant,
    wanted: i64,
) -> Result<(), store::StoreError> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    register.catch_up(now, wanted, |after| {
        let entries = store.read(|session| session.public_after(after, limit))?;
        entries.into_iter().map(public_change).collect()
    })
}

fn public_change(row: JournalRow) -> Result<PublicChange, store::StoreError> {
    let corrupt = || store::StoreError::Corrupt { table: "journal", id: row.position.to_string() };
    let json = row.public.clone().ok_or_else(corrupt)?.0;
    let position = row.public_position.ok_or_else(corrupt)?;
    let read = PublicRecord::from_json((&row.subject_type, &row.subject_id), &json, row.at.0);
    let record = read.inspect_err(|error| {
        let subject = format!("/v1/{}/{}", row.subject_type, row.subject_id);
        tracing::warn!(position, %subject, %error, "a public row is set aside");
    });
    Ok(PublicChange {
        position,
        record: record.ok(),
        json: RawValue::from_string(json).map_err(|_| corrupt())?,
        id: row.id.0,
        at: row.at.0,
        kind: row.kind,
        collection: row.subject_type,
        key: row.subject_id,
        municipality: row.municipality,
    })
}
