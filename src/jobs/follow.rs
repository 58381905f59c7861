//! The register follows the journal.

use serde_json::value::RawValue;

use crate::{
    domain::values::time::Instant,
    json::public::PublicRecord,
    register::{BATCH, PublicChange, Register},
    store::{JournalRow, Store, StoreError},
};

/// Applies new journal rows to the register. This one function serves the instance that made a change, every
/// other instance, and the start.
///
/// An unreadable row is set aside: the feed has it, its subject keeps the previous record.
pub fn follow(store: &Store, register: &Register, now: Instant) -> Result<(), StoreError> {
    follow_until(store, register, now, i64::MAX)
}

/// The same, unless the register has all local writes: one of many concurrent writers reads for all.
pub fn follow_own(store: &Store, register: &Register, now: Instant) -> Result<(), StoreError> {
    follow_until(store, register, now, store.written())
}

fn follow_until(
    store: &Store,
    register: &Register,
    now: Instant,
    wanted: i64,
) -> Result<(), StoreError> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    register.catch_up(now, wanted, |after| {
        let entries = store.read(|session| session.public_after(after, limit))?;
        entries.into_iter().map(public_change).collect()
    })
}

pub(super) fn public_change(row: JournalRow) -> Result<PublicChange, StoreError> {
    let corrupt = || StoreError::Corrupt { table: "journal", id: row.position.to_string() };
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
