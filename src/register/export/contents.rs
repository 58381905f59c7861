//! Content of a file: records, as lines and as rows.

use aws_lc_rs::digest;
use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{AsOfView, Proof, PublicChange, SnapshotTable, Unmade, last_changes};
use crate::{
    catalogue::Catalogue,
    domain::values::time::Instant,
    json::{
        public::{
            ApprovalRecord, MunicipalityRecord, OfferingRecord, ProviderRecord, PublicRecord,
        },
        table::{self, ApprovalTableRow, Book, MunicipalityTableRow, Positioned, Tabular},
    },
};

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

/// A line of an NDJSON file: subject, feed position of the last change, and public record.
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

/// The records of a view, each with its last known change.
pub(super) struct Contents<'a> {
    view: AsOfView<'a>,
    catalogue: &'a Catalogue,
    changes: Vec<&'a PublicChange>,
}

impl<'a> Contents<'a> {
    pub(super) fn of(view: AsOfView<'a>, catalogue: &'a Catalogue) -> Self {
        let changes = last_changes(view.snapshot(), view.position()).into_values();
        let contents = Self { view, catalogue, changes: vec![] };
        let is_shown = |it: &&_| view.shows_all_known() || contents.earlier(it).is_some();
        let changes = changes.filter(is_shown).collect();
        Self { changes, ..contents }
    }

    pub(super) fn proof(&self) -> Proof {
        Proof::of(self.changes.iter().copied(), self.view.position())
    }

    /// The record of a subject; `None` if it had none at the time of the view.
    fn data(&self, change: &'a PublicChange) -> Option<Data<'a>> {
        if !self.view.shows_all_known() {
            return self.earlier(change);
        }
        Some(match &change.record {
            Some(PublicRecord::Offering(record)) => {
                let record = record.at(self.view.at());
                Data::Offering(Box::new(record))
            }
            Some(PublicRecord::Approval(record)) => {
                let approval = self.view.approval(record.id);
                match approval.filter(|approval| approval.position() == change.position) {
                    Some(approval) => Data::Approval(Box::new(approval.own())),
                    // The register cannot read its state and shows the former record.
                    None => Data::Published(&change.json),
                }
            }
            _ => Data::Published(&change.json),
        })
    }

    /// The record that was published by an earlier instant.
    fn earlier(&self, change: &'a PublicChange) -> Option<Data<'a>> {
        let (view, key) = (&self.view, change.key.as_str());
        match SnapshotTable::from_name(&change.collection)? {
            SnapshotTable::Municipalities => view.municipality(key).map(Data::Municipality),
            SnapshotTable::Providers => view.provider(key).map(Data::Provider),
            SnapshotTable::Offerings => {
                view.offering(key.parse().ok()?).map(Box::new).map(Data::Offering)
            }
            SnapshotTable::Approvals => {
                let own = view.approval(key.parse().ok()?)?.own();
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

    /// The rows of a table: the register's record, also if the last change of a subject is unreadable.
    fn rows<R>(
        &self,
        table: SnapshotTable,
        row: impl Fn(AsOfView<'a>, &'a str) -> Option<R>,
    ) -> impl Iterator<Item = Positioned<R>> {
        let own = self.changes.iter().filter(move |it| it.collection == table.as_str());
        let view = self.view;
        own.filter_map(move |change| {
            Some(Positioned { position: change.position, row: row(view, &change.key)? })
        })
    }

    fn approvals(&self) -> impl Iterator<Item = impl Tabular> {
        let catalogue = self.catalogue;
        self.rows(SnapshotTable::Approvals, |view, key| {
            Some(ApprovalTableRow::new(view.approval(key.parse().ok()?)?.to_view(), catalogue))
        })
    }

    fn municipalities(&self) -> impl Iterator<Item = impl Tabular> {
        let catalogue = self.catalogue;
        self.rows(SnapshotTable::Municipalities, |view, key| {
            Some(MunicipalityTableRow { record: view.municipality(key)?, catalogue })
        })
    }

    fn offerings(&self) -> impl Iterator<Item = impl Tabular> {
        self.rows(SnapshotTable::Offerings, |view, key| view.offering(key.parse().ok()?))
    }

    fn providers(&self) -> impl Iterator<Item = impl Tabular> {
        self.rows(SnapshotTable::Providers, |view, key| view.provider(key))
    }

    pub(super) fn csv(&self, table: SnapshotTable) -> Result<Vec<u8>, Unmade> {
        let bytes = match table {
            SnapshotTable::Approvals => table::csv(self.approvals()),
            SnapshotTable::Municipalities => table::csv(self.municipalities()),
            SnapshotTable::Offerings => table::csv(self.offerings()),
            SnapshotTable::Providers => table::csv(self.providers()),
        };
        bytes.map_err(Unmade::because)
    }

    pub(super) fn xlsx(&self, proof: &Proof) -> Result<Vec<u8>, Unmade> {
        let as_of = self.view.at();
        let facts = [
            ("position", proof.position.to_string()),
            ("asOf", as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            ("count", proof.count.to_string()),
            ("digest", proof.digest.clone()),
        ];
        let write = || {
            let mut book = Book::new("register", as_of)?;
            book.add(SnapshotTable::Approvals.as_str(), self.approvals())?;
            book.add(SnapshotTable::Municipalities.as_str(), self.municipalities())?;
            book.add(SnapshotTable::Offerings.as_str(), self.offerings())?;
            book.add(SnapshotTable::Providers.as_str(), self.providers())?;
            book.finish(&facts)
        };
        write().map_err(Unmade::because)
    }

    pub(super) fn ndjson(&self, proof: &Proof) -> Result<Vec<u8>, Unmade> {
        let mut body = vec![];
        for line in self.lines() {
            serde_json::to_writer(&mut body, &line).map_err(Unmade::because)?;
            body.push(b'\n');
        }
        let sum = digest::digest(&digest::SHA256, &body);
        let Proof { position, count, digest } = proof;
        let (as_of, sha256) = (self.view.at(), hex::encode(sum.as_ref()));
        let manifest = Manifest { position: *position, as_of, count: *count, digest, sha256 };
        let mut whole = serde_json::to_vec(&manifest).map_err(Unmade::because)?;
        whole.push(b'\n');
        whole.append(&mut body);
        Ok(whole)
    }
}
