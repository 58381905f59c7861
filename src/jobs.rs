//! What happens without a request: the register follows the journal, and what is due is done.

mod due;
pub mod evidence;
mod rebuild;
mod verify;

pub use due::run_due;
pub use rebuild::{Audit, Difference, audit_register};
pub use verify::{Break, Chain, Mark, Misfit, verify_chain};

use crate::{
    document::public::PublicRecord,
    domain::time::Instant,
    register::{BATCH, PublicChange, Register},
    store::{self, JournalRow, Store},
};

/// Applies to the register what the journal has and it has not. This one function serves the
/// instance that made a change, every other instance, and the start.
///
/// # Errors
/// The database fails, or a public row cannot be read.
pub fn follow(store: &Store, register: &Register, now: Instant) -> Result<(), store::Error> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    register.catch_up(now, |after| {
        let entries = store.read(|session| session.public_after(after, limit))?;
        entries.into_iter().map(public_change).collect()
    })
}

fn public_change(row: JournalRow) -> Result<PublicChange, store::Error> {
    let corrupt = || store::Error::Corrupt { table: "journal", id: row.position.to_string() };
    let json = row.public.clone().ok_or_else(corrupt)?.0;
    Ok(PublicChange {
        position: row.public_position.ok_or_else(corrupt)?,
        record: PublicRecord::from_json((&row.subject_type, &row.subject_id), &json, row.at.0)
            .map_err(|_| corrupt())?,
        json: serde_json::value::RawValue::from_string(json).map_err(|_| corrupt())?,
        id: row.id.0,
        at: row.at.0,
        kind: row.kind,
        collection: row.subject_type,
        key: row.subject_id,
        municipality: row.municipality,
    })
}
