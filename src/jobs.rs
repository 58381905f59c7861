//! What happens without a request: the register follows the journal.

use crate::{
    document::public::PublicRecord,
    domain::time::Instant,
    register::{PublicChange, Register},
    store::{self, Entry, Store},
};

/// How many changes are read at a time.
const BATCH: i64 = 500;

/// Applies to the register what the journal has and it has not. This one function serves the
/// instance that made a change, every other instance, and the start.
///
/// # Errors
/// The database fails, or a public row cannot be read.
pub fn follow(store: &Store, register: &Register, now: Instant) -> Result<(), store::Error> {
    register.catch_up(now, |after| {
        let entries = store.read(|session| session.public_after(after, BATCH))?;
        entries.into_iter().map(public_change).collect()
    })
}

fn public_change(entry: Entry) -> Result<PublicChange, store::Error> {
    let corrupt = || store::Error::Corrupt { table: "journal", id: entry.position.to_string() };
    let json = entry.public.clone().ok_or_else(corrupt)?;
    Ok(PublicChange {
        position: entry.public_position.ok_or_else(corrupt)?,
        record: PublicRecord::from_json(&entry.subject_type, &json).map_err(|_| corrupt())?,
        json: serde_json::value::RawValue::from_string(json).map_err(|_| corrupt())?,
        id: entry.id,
        at: entry.at,
        kind: entry.kind,
        collection: entry.subject_type,
        key: entry.subject_id,
        municipality: entry.municipality,
    })
}
