//! Snapshot files: municipalities, offerings, providers and approvals, as a pure function of the register.
//!
//! The same position gives the same bytes on every instance: time-dependent data is as of the last instant at
//! which any content changed.

mod contents;

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use chrono::TimeDelta;

use self::contents::Contents;
use super::{
    AsOfView, PublicChange, Snapshot,
    body::{Body, Coding},
};
use crate::{
    catalogue::Catalogue,
    domain::{
        offering::OfferingClosure,
        values::time::{Instant, day_of},
    },
    json::table,
};

/// Time for which a replaced file is still served; its stamp has its position.
pub const KEPT_FOR: TimeDelta = TimeDelta::minutes(5);

crate::domain::keywords! {
    /// A table of a file: one kind of records, named like its collection.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SnapshotTable {
        Approvals = "approvals",
        Municipalities = "municipalities",
        Offerings = "offerings",
        Providers = "providers",
    }
}

/// The forms of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotFormat {
    /// A JSON text on each line, a manifest on the first.
    Ndjson,
    /// One table as text.
    Csv(SnapshotTable),
    /// All tables as a workbook.
    Xlsx,
}

impl SnapshotFormat {
    /// The value of `Content-Type`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv(_) => table::CSV,
            Self::Xlsx => table::XLSX,
        }
    }
}

/// The existing records at a position of the change feed, proven by one digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub position: i64,
    /// Number of records, of all kinds.
    pub count: usize,
    /// SHA-256, in hexadecimal digits, over a line `{subject} {position of its last change}` for each, by subject.
    pub digest: String,
}

impl Proof {
    /// The proof at a position that the register has reached. The cost grows with the length of the feed.
    #[must_use]
    pub fn at(snapshot: &Snapshot, position: i64) -> Self {
        Self::of(last_changes(snapshot, position).into_values(), position)
    }

    fn of<'a>(changes: impl IntoIterator<Item = &'a PublicChange>, position: i64) -> Self {
        let (mut sum, mut count) = (digest::Context::new(&digest::SHA256), 0);
        for change in changes {
            sum.update(format!("{} {}\n", change.subject(), change.position).as_bytes());
            count += 1;
        }
        Self { position, count, digest: hex::encode(sum.finish().as_ref()) }
    }
}

/// The last change of each existing record at a position, by subject.
fn last_changes(snapshot: &Snapshot, position: i64) -> BTreeMap<(&str, &str), &PublicChange> {
    let mut last = BTreeMap::new();
    for change in snapshot.changes_after(0).take_while(|change| change.position <= position) {
        if SnapshotTable::from_name(&change.collection).is_none() {
            continue;
        }
        let subject = (change.collection.as_str(), change.key.as_str());
        // A tombstone has no representation.
        if change.json.get() == "null" {
            last.remove(&subject);
        } else {
            last.insert(subject, change);
        }
    }
    last
}

/// Error of building a file.
#[derive(Debug)]
pub struct Unmade(String);

impl Unmade {
    fn because(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

impl fmt::Display for Unmade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a snapshot could not be made: {}", self.0)
    }
}

/// A file in one coding, as sent.
#[derive(Debug)]
pub struct EncodedFile {
    pub bytes: Bytes,
    /// The coding that they really have.
    pub coding: Coding,
    /// Their digest as a field value (RFC 9530).
    pub digest: String,
    /// Their strong entity tag, with quotes.
    pub etag: Bytes,
}

/// The public records at one position.
#[derive(Debug)]
pub struct SnapshotFile {
    /// The records, by id and position.
    pub proof: Proof,
    /// The instant since which it is true.
    pub as_of: Instant,
    form: SnapshotFormat,
    true_until: Option<Instant>,
    made_at: Instant,
    body: Body,
    sent: [OnceLock<EncodedFile>; 3],
}

impl SnapshotFile {
    /// Makes a file of all that is public, ended approvals too, by subject. The cost grows with the register.
    pub fn make(
        snapshot: &Snapshot,
        catalogue: &Catalogue,
        form: SnapshotFormat,
        now: Instant,
    ) -> Result<Self, Unmade> {
        Self::of(AsOfView::now(snapshot, true_since(snapshot, now)), catalogue, form, now)
    }

    /// Makes a file of all that a lens shows.
    pub fn of(
        view: AsOfView<'_>,
        catalogue: &Catalogue,
        form: SnapshotFormat,
        now: Instant,
    ) -> Result<Self, Unmade> {
        let (as_of, contents) = (view.at(), Contents::of(view, catalogue));
        let proof = contents.proof();
        let bytes = match form {
            SnapshotFormat::Ndjson => contents.ndjson(&proof),
            SnapshotFormat::Csv(table) => contents.csv(table),
            SnapshotFormat::Xlsx => contents.xlsx(&proof),
        };
        Ok(Self {
            true_until: next_times(view.snapshot(), as_of).min(),
            body: Body::for_cache(bytes?),
            sent: Default::default(),
            made_at: now,
            form,
            as_of,
            proof,
        })
    }

    /// Whether a reader with minimum position `least` gets this file when the register is at `position`: while
    /// it is current, and for five minutes after it was built.
    #[must_use]
    pub fn serves(&self, position: i64, least: i64, now: Instant) -> bool {
        let is_true =
            self.proof.position == position && self.true_until.is_none_or(|until| now < until);
        self.proof.position >= least && (is_true || now - self.made_at < KEPT_FOR)
    }

    /// The file in a coding, if it was requested before: nothing is computed.
    #[must_use]
    pub fn ready(&self, wanted: Coding) -> Option<&EncodedFile> {
        self.place(wanted).get()
    }

    /// The file in a coding. A workbook is already compressed and sent unchanged.
    pub fn sent(&self, wanted: Coding) -> &EncodedFile {
        self.place(wanted).get_or_init(|| {
            let wanted = if self.form == SnapshotFormat::Xlsx { Coding::Identity } else { wanted };
            let (bytes, coding) = self.body.coded(wanted);
            let (digest, etag) = (field_of(bytes), self.body.etag(coding).clone());
            EncodedFile { bytes: bytes.clone(), coding, digest, etag }
        })
    }

    const fn place(&self, coding: Coding) -> &OnceLock<EncodedFile> {
        let [identity, gzip, brotli] = &self.sent;
        match coding {
            Coding::Identity => identity,
            Coding::Gzip => gzip,
            Coding::Brotli => brotli,
        }
    }

    /// Whether an entity tag, without quotes, is that of any coding of this file.
    #[must_use]
    pub fn is(&self, tag: &str) -> bool {
        self.body.is(tag)
    }

    /// File name for storage: content, day and position.
    #[must_use]
    pub fn name(&self) -> String {
        let (what, suffix) = match self.form {
            SnapshotFormat::Ndjson => ("register", "ndjson"),
            SnapshotFormat::Csv(table) => (table.as_str(), "csv"),
            SnapshotFormat::Xlsx => ("register", "xlsx"),
        };
        format!("{what}-{}-{}.{suffix}", day_of(self.as_of), self.proof.position)
    }
}

/// The instants after one at which only time changes the status of each approval and each offering.
fn next_times(snapshot: &Snapshot, after: Instant) -> impl Iterator<Item = Instant> {
    let approvals = snapshot.approvals().filter_map(move |listed| listed.next_change(after));
    let closures = snapshot.offerings.values().filter_map(|row| row.record.closure.as_ref());
    let offerings = closures.flat_map(OfferingClosure::instants).filter(move |at| *at > after);
    approvals.chain(offerings)
}

/// The last instant at which a change or time altered any content.
fn true_since(snapshot: &Snapshot, now: Instant) -> Instant {
    let mut since = snapshot.recorded_at().unwrap_or(Instant::UNIX_EPOCH);
    while let Some(at) = next_times(snapshot, since).filter(|at| *at <= now).max() {
        since = at;
    }
    since
}

/// The digest of bytes as a field value: `sha-256=:…:` (RFC 9530 section 2).
#[must_use]
pub fn field_of(bytes: &[u8]) -> String {
    let sum = digest::digest(&digest::SHA256, bytes);
    format!("sha-256=:{}:", BASE64_STANDARD.encode(sum.as_ref()))
}

#[cfg(test)]
mod tests;
