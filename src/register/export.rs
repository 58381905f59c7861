//! Øyeblikksbilde: municipalities, offerings, providers and approvals as files, a pure function of the register.
//!
//! The same position gives the same bytes on every instance: what depends on time is as of the last
//! instant at which anything in the file changed.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use chrono::{SecondsFormat, TimeDelta};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Lens, PublicChange, Snapshot,
    body::{Body, Coding},
};
use crate::{
    catalogue::Catalogue,
    document::{
        offering::life::ClosureForm,
        public::{
            ApprovalRecord, MunicipalityRecord, OfferingRecord, ProviderRecord, PublicRecord,
        },
        table::{self, ApprovalRow, Book, MunicipalityRow, Positioned, Tabular},
    },
    domain::{
        text::hexadecimal,
        time::{Instant, day_of},
    },
};

/// How long a file is served although the register has moved on; its stamp says where it stands.
pub const KEPT_FOR: TimeDelta = TimeDelta::minutes(5);

/// A table of a file: a kind of things, named as their collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Approvals,
    Municipalities,
    Offerings,
    Providers,
}

impl Table {
    /// All tables, in the order of their names.
    pub const ALL: [Self; 4] =
        [Self::Approvals, Self::Municipalities, Self::Offerings, Self::Providers];

    /// The name of the collection.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approvals => "approvals",
            Self::Municipalities => "municipalities",
            Self::Offerings => "offerings",
            Self::Providers => "providers",
        }
    }

    /// The table of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.as_str() == name)
    }
}

/// The forms of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON text on each line, a manifest on the first.
    Ndjson,
    /// One table as text.
    Csv(Table),
    /// All tables as a workbook.
    Xlsx,
}

impl Form {
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

/// Which things exist at a position of the change feed, proved by one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The position.
    pub position: i64,
    /// How many things, of all kinds.
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
        Self { position, count, digest: hexadecimal(sum.finish().as_ref()) }
    }
}

/// The last change of each thing that exists at a position, by subject.
fn last_changes(snapshot: &Snapshot, position: i64) -> BTreeMap<(&str, &str), &PublicChange> {
    let mut last = BTreeMap::new();
    for change in snapshot.changes_after(0).take_while(|change| change.position <= position) {
        if Table::named(&change.collection).is_none() {
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

/// A line of an NDJSON file: a thing, where in the feed it last changed, and its public record.
#[derive(Debug, Serialize)]
struct Line<'a> {
    subject: String,
    position: i64,
    data: Data<'a>,
}

/// A public record as JSON: as it was published, or as time has changed it since.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Published(&'a RawValue),
    Municipality(&'a MunicipalityRecord),
    Provider(&'a ProviderRecord),
    Offering(Box<OfferingRecord>),
    Approval(Box<ApprovalRecord>),
}

/// The things that a lens shows, each with the last change of it that is known.
struct Contents<'a> {
    lens: Lens<'a>,
    catalogue: &'a Catalogue,
    changes: Vec<&'a PublicChange>,
}

impl<'a> Contents<'a> {
    fn of(lens: Lens<'a>, catalogue: &'a Catalogue) -> Self {
        let changes = last_changes(lens.snapshot(), lens.position()).into_values();
        let contents = Self { lens, catalogue, changes: vec![] };
        let is_shown = |it: &&_| lens.shows_all_known() || contents.earlier(it).is_some();
        let changes = changes.filter(is_shown).collect();
        Self { changes, ..contents }
    }

    fn proof(&self) -> Proof {
        Proof::of(self.changes.iter().copied(), self.lens.position())
    }

    /// The record of a thing; none where there was nothing to show of it at the time of the lens.
    fn data(&self, change: &'a PublicChange) -> Option<Data<'a>> {
        if !self.lens.shows_all_known() {
            return self.earlier(change);
        }
        Some(match &change.record {
            Some(PublicRecord::Offering(record)) => {
                let record = record.at(self.lens.at());
                Data::Offering(Box::new(record))
            }
            Some(PublicRecord::Approval(record)) => {
                let seen = self.lens.approval(record.id);
                match seen.filter(|seen| seen.position() == change.position) {
                    Some(seen) => Data::Approval(Box::new(seen.own())),
                    // The register cannot read its state and shows the former record.
                    None => Data::Published(&change.json),
                }
            }
            _ => Data::Published(&change.json),
        })
    }

    /// The record that was published by an earlier instant.
    fn earlier(&self, change: &'a PublicChange) -> Option<Data<'a>> {
        let (lens, key) = (&self.lens, change.key.as_str());
        match Table::named(&change.collection)? {
            Table::Municipalities => lens.municipality(key).map(Data::Municipality),
            Table::Providers => lens.provider(key).map(Data::Provider),
            Table::Offerings => lens.offering(key.parse().ok()?).map(Box::new).map(Data::Offering),
            Table::Approvals => {
                let own = lens.approval(key.parse().ok()?)?.own();
                Some(Data::Approval(Box::new(own)))
            }
        }
    }

    fn lines(&self) -> impl Iterator<Item = Line<'a>> {
        self.changes.iter().filter_map(|change| {
            let (subject, position) = (change.subject(), change.position);
            Some(Line { subject, position, data: self.data(change)? })
        })
    }

    /// The rows of a table: what the register shows, also where it cannot read the last change of a thing.
    fn rows<R>(
        &self,
        table: Table,
        row: impl Fn(Lens<'a>, &'a str) -> Option<R>,
    ) -> impl Iterator<Item = Positioned<R>> {
        let own = self.changes.iter().filter(move |it| it.collection == table.as_str());
        let (lens, row) = (self.lens, row);
        own.filter_map(move |change| {
            Some(Positioned { position: change.position, row: row(lens, &change.key)? })
        })
    }

    fn approvals(&self) -> impl Iterator<Item = impl Tabular> {
        let catalogue = self.catalogue;
        self.rows(Table::Approvals, |lens, key| {
            Some(ApprovalRow::new(lens.approval(key.parse().ok()?)?.shown(), catalogue))
        })
    }

    fn municipalities(&self) -> impl Iterator<Item = impl Tabular> {
        let catalogue = self.catalogue;
        self.rows(Table::Municipalities, |lens, key| {
            Some(MunicipalityRow { record: lens.municipality(key)?, catalogue })
        })
    }

    fn offerings(&self) -> impl Iterator<Item = impl Tabular> {
        self.rows(Table::Offerings, |lens, key| lens.offering(key.parse().ok()?))
    }

    fn providers(&self) -> impl Iterator<Item = impl Tabular> {
        self.rows(Table::Providers, |lens, key| lens.provider(key))
    }

    fn csv(&self, table: Table) -> Result<Vec<u8>, Unmade> {
        let bytes = match table {
            Table::Approvals => table::csv(self.approvals()),
            Table::Municipalities => table::csv(self.municipalities()),
            Table::Offerings => table::csv(self.offerings()),
            Table::Providers => table::csv(self.providers()),
        };
        bytes.map_err(Unmade::because)
    }

    fn xlsx(&self, proof: &Proof) -> Result<Vec<u8>, Unmade> {
        let as_of = self.lens.at();
        let facts = [
            ("position", proof.position.to_string()),
            ("asOf", as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            ("count", proof.count.to_string()),
            ("digest", proof.digest.clone()),
        ];
        let write = || {
            let mut book = Book::new("register", as_of)?;
            book.add(Table::Approvals.as_str(), self.approvals())?;
            book.add(Table::Municipalities.as_str(), self.municipalities())?;
            book.add(Table::Offerings.as_str(), self.offerings())?;
            book.add(Table::Providers.as_str(), self.providers())?;
            book.finish(&facts)
        };
        write().map_err(Unmade::because)
    }

    fn ndjson(&self, proof: &Proof) -> Result<Vec<u8>, Unmade> {
        let mut body = vec![];
        for line in self.lines() {
            serde_json::to_writer(&mut body, &line).map_err(Unmade::because)?;
            body.push(b'\n');
        }
        let sum = digest::digest(&digest::SHA256, &body);
        let Proof { position, count, digest } = proof;
        let (as_of, sha256) = (self.lens.at(), hexadecimal(sum.as_ref()));
        let manifest = Manifest { position: *position, as_of, count: *count, digest, sha256 };
        let mut whole = serde_json::to_vec(&manifest).map_err(Unmade::because)?;
        whole.push(b'\n');
        whole.append(&mut body);
        Ok(whole)
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

/// What is public at one position.
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
    /// Makes a file of all that is public, ended approvals too, by subject. The cost grows with the register.
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
        let (as_of, contents) = (lens.at(), Contents::of(lens, catalogue));
        let proof = contents.proof();
        let bytes = match form {
            Form::Ndjson => contents.ndjson(&proof),
            Form::Csv(table) => contents.csv(table),
            Form::Xlsx => contents.xlsx(&proof),
        };
        Ok(Self {
            true_until: next_times(lens.snapshot(), as_of).min(),
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

    /// A name to keep it under: what it holds, the day and the position.
    #[must_use]
    pub fn name(&self) -> String {
        let (what, suffix) = match self.form {
            Form::Ndjson => ("register", "ndjson"),
            Form::Csv(table) => (table.as_str(), "csv"),
            Form::Xlsx => ("register", "xlsx"),
        };
        format!("{what}-{}-{}.{suffix}", day_of(self.as_of), self.proof.position)
    }
}

/// The instants after one at which time alone next changes what is shown of each approval and each offering.
fn next_times(snapshot: &Snapshot, after: Instant) -> impl Iterator<Item = Instant> {
    let approvals = snapshot.approvals().filter_map(move |listed| listed.next_change(after));
    let closures = snapshot.offerings.values().filter_map(|kept| kept.record.closure.as_ref());
    let offerings = closures.flat_map(ClosureForm::instants).filter(move |at| *at > after);
    approvals.chain(offerings)
}

/// The last instant at which a change or time alone altered what is shown.
fn true_since(snapshot: &Snapshot, now: Instant) -> Instant {
    let mut since = snapshot.said_at().unwrap_or(Instant::UNIX_EPOCH);
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
