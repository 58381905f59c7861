//! Øyeblikksbilde: all public approvals as one file, a pure function of the register.
//!
//! The same position gives the same bytes on every instance: what depends on time is as of the last
//! instant at which anything in the file changed.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use chrono::TimeDelta;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Lens, Snapshot,
    body::{Body, Coding},
};
use crate::{
    catalogue::Catalogue,
    document::{
        public::ApprovalView,
        table::{self, ApprovalRow},
    },
    domain::{
        text::hexadecimal,
        time::{Instant, day_of},
    },
};

/// How long a file is served although the register has moved on; its stamp says where it stands.
pub const KEPT_FOR: TimeDelta = TimeDelta::minutes(5);

/// The forms of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON text on each line, a manifest on the first.
    Ndjson,
    /// A table as text.
    Csv,
    /// A table as a workbook.
    Xlsx,
}

impl Form {
    /// The value of `Content-Type`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => table::CSV,
            Self::Xlsx => table::XLSX,
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Which approvals exist at a position of the change feed, proved by one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The position.
    pub position: i64,
    /// How many approvals.
    pub count: usize,
    /// SHA-256, in hexadecimal digits, over a line `{id} {position of its last change}` for each, by id.
    pub digest: String,
}

impl Proof {
    /// The proof at a position that the register has reached. The cost grows with the length of the feed.
    #[must_use]
    pub fn at(snapshot: &Snapshot, position: i64) -> Self {
        Self::of(last_changes(snapshot, position), position)
    }

    fn of(approvals: impl IntoIterator<Item = (Uuid, i64)>, position: i64) -> Self {
        let (mut sum, mut count) = (digest::Context::new(&digest::SHA256), 0);
        for (id, last) in approvals {
            sum.update(format!("{id} {last}\n").as_bytes());
            count += 1;
        }
        Self { position, count, digest: hexadecimal(sum.finish().as_ref()) }
    }
}

/// The approvals that exist at a position, each with the position of the last change about it.
fn last_changes(snapshot: &Snapshot, position: i64) -> BTreeMap<Uuid, i64> {
    let mut last = BTreeMap::new();
    let changes = snapshot.changes_after(0).take_while(|change| change.position <= position);
    for change in changes.filter(|change| change.collection == "approvals") {
        let Ok(id) = change.key.parse::<Uuid>() else { continue };
        // A tombstone has no representation.
        if change.json.get() == "null" {
            last.remove(&id);
        } else {
            last.insert(id, change.position);
        }
    }
    last
}

/// The first line of an NDJSON file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    position: i64,
    as_of: Instant,
    count: usize,
    digest: &'a str,
    sha256: String,
}

/// An approval as it is shown by itself, and where in the feed it last changed.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    record: ApprovalView,
    position: i64,
}

impl Line {
    fn row(self, catalogue: &Catalogue) -> ApprovalRow<'_> {
        ApprovalRow::new(self.record, catalogue, Some(self.position))
    }
}

/// Why a file could not be made.
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

/// A file as it goes over the wire in one coding.
#[derive(Debug)]
pub struct Sent {
    /// The bytes.
    pub bytes: Bytes,
    /// The coding that they really have.
    pub coding: Coding,
    /// Their digest as a field value (RFC 9530).
    pub digest: String,
    /// Their strong entity tag, with quotes.
    pub etag: Bytes,
}

/// All public approvals at one position.
#[derive(Debug)]
pub struct File {
    /// What is in it, by id and position.
    pub proof: Proof,
    /// The instant since which it is true.
    pub as_of: Instant,
    form: Form,
    true_until: Option<Instant>,
    made_at: Instant,
    body: Body,
    sent: [OnceLock<Sent>; 3],
}

impl File {
    /// Makes a file of all that is public, ended approvals too, by id. The cost grows with the register.
    ///
    /// # Errors
    /// A workbook needs a place for temporary files.
    pub fn make(
        snapshot: &Snapshot,
        catalogue: &Catalogue,
        form: Form,
        now: Instant,
    ) -> Result<Self, Unmade> {
        Self::of(Lens::now(snapshot, true_since(snapshot, now)), catalogue, form, now)
    }

    /// Makes a file of all that a lens shows.
    ///
    /// # Errors
    /// A workbook needs a place for temporary files.
    pub fn of(
        lens: Lens<'_>,
        catalogue: &Catalogue,
        form: Form,
        now: Instant,
    ) -> Result<Self, Unmade> {
        let (snapshot, as_of) = (lens.snapshot(), lens.at());
        let last = lens.approvals().map(|seen| (seen.record().id, seen.position()));
        let proof = Proof::of(last, lens.position());
        let approvals =
            lens.approvals().map(|seen| Line { record: seen.shown(), position: seen.position() });
        let bytes = match form {
            Form::Ndjson => ndjson(approvals, &proof, as_of),
            Form::Csv => {
                let rows = approvals.map(|line| line.row(catalogue));
                table::csv(rows).map_err(Unmade::because)
            }
            Form::Xlsx => {
                let facts = [
                    ("position", proof.position.to_string()),
                    ("asOf", as_of.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
                    ("count", proof.count.to_string()),
                    ("digest", proof.digest.clone()),
                ];
                let rows = approvals.map(|line| line.row(catalogue));
                table::workbook("approvals", rows, &facts, as_of).map_err(Unmade::because)
            }
        };
        Ok(Self {
            true_until: snapshot.approvals().filter_map(|listed| listed.next_change(as_of)).min(),
            body: Body::kept(bytes?),
            sent: Default::default(),
            made_at: now,
            form,
            as_of,
            proof,
        })
    }

    /// Whether a reader that has seen `least` gets this file when the register stands at `position`:
    /// while it is true, and for five minutes after it was made.
    #[must_use]
    pub fn serves(&self, position: i64, least: i64, now: Instant) -> bool {
        let is_true =
            self.proof.position == position && self.true_until.is_none_or(|until| now < until);
        self.proof.position >= least && (is_true || now - self.made_at < KEPT_FOR)
    }

    /// The file in a coding, if it has been asked for before: nothing is computed.
    #[must_use]
    pub fn ready(&self, wanted: Coding) -> Option<&Sent> {
        self.place(wanted).get()
    }

    /// The file in a coding. A workbook is compressed already and goes as it is.
    pub fn sent(&self, wanted: Coding) -> &Sent {
        self.place(wanted).get_or_init(|| {
            let wanted = if self.form == Form::Xlsx { Coding::Identity } else { wanted };
            let (bytes, coding) = self.body.coded(wanted);
            let (digest, etag) = (field_of(bytes), self.body.etag(coding).clone());
            Sent { bytes: bytes.clone(), coding, digest, etag }
        })
    }

    const fn place(&self, coding: Coding) -> &OnceLock<Sent> {
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

    /// A name to keep it under: the day and the position.
    #[must_use]
    pub fn name(&self) -> String {
        let (day, position) = (day_of(self.as_of), self.proof.position);
        format!("approvals-{day}-{position}.{}", self.form.suffix())
    }
}

/// The last instant at which a change or time alone altered what is shown.
fn true_since(snapshot: &Snapshot, now: Instant) -> Instant {
    let last = snapshot.changes_after(snapshot.position() - 1).last();
    let mut since = last.map_or(Instant::UNIX_EPOCH, |change| change.at);
    let told = since;
    for listed in snapshot.approvals() {
        let mut from = told;
        while let Some(at) = listed.next_change(from).filter(|at| *at <= now) {
            from = at;
        }
        since = since.max(from);
    }
    since
}

fn ndjson(
    lines: impl Iterator<Item = Line>,
    proof: &Proof,
    as_of: Instant,
) -> Result<Vec<u8>, Unmade> {
    let mut body = vec![];
    for line in lines {
        serde_json::to_writer(&mut body, &line).map_err(Unmade::because)?;
        body.push(b'\n');
    }
    let sum = digest::digest(&digest::SHA256, &body);
    let Proof { position, count, digest } = proof;
    let sha256 = hexadecimal(sum.as_ref());
    let manifest = Manifest { position: *position, as_of, count: *count, digest, sha256 };
    let mut whole = serde_json::to_vec(&manifest).map_err(Unmade::because)?;
    whole.push(b'\n');
    whole.append(&mut body);
    Ok(whole)
}

/// The digest of bytes as a field value: `sha-256=:…:` (RFC 9530 section 2).
#[must_use]
pub fn field_of(bytes: &[u8]) -> String {
    let sum = digest::digest(&digest::SHA256, bytes);
    format!("sha-256=:{}:", BASE64_STANDARD.encode(sum.as_ref()))
}

#[cfg(test)]
mod tests;
