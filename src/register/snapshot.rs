//! One immutable view of the register, with its indexes and rendered pages.
//!
//! The maps are persistent: the next snapshot shares every branch that a change does not touch, so
//! applying one change costs a few logarithmic updates however large the register is.

use std::sync::Arc;

use rpds::{RedBlackTreeMapSync, VectorSync};
use uuid::Uuid;

use super::page::Rendered;
use crate::{
    catalogue::Catalogue,
    document::public::{
        ApprovalRecord, LateAccessRecord, MunicipalityRecord, OfferingRecord, ProviderRecord,
        PublicRecord, Tombstone,
    },
    domain::{
        approval::{Standing, Status},
        time::Instant,
    },
};

/// A public row of the journal.
#[derive(Debug, Clone)]
pub struct PublicChange {
    /// Its number in the change feed, from 1, without gaps.
    pub position: i64,
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: String,
    /// The plural noun of the subject's path.
    pub collection: String,
    /// The last part of the subject's path.
    pub key: String,
    /// The municipality that it concerns.
    pub municipality: Option<String>,
    /// The whole public representation afterwards.
    pub record: PublicRecord,
    /// The same as JSON, byte for byte as it stands in the journal.
    pub json: Box<serde_json::value::RawValue>,
}

/// An approval with its standing ready to be asked.
#[derive(Debug, Clone)]
pub struct Listed {
    record: Arc<ApprovalRecord>,
    standing: Standing,
}

impl Listed {
    /// The record with its status at an instant.
    #[must_use]
    pub fn at(&self, now: Instant) -> ApprovalRecord {
        let status = self.status(now).as_str().to_owned();
        let next_change = self.next_change(now);
        ApprovalRecord { status, next_change, ..ApprovalRecord::clone(&self.record) }
    }

    /// The record as it was published.
    #[must_use]
    pub fn record(&self) -> &ApprovalRecord {
        &self.record
    }

    /// What it has behind it.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The status at an instant.
    #[must_use]
    pub fn status(&self, now: Instant) -> Status {
        self.standing.status_at(now)
    }

    /// When the status next changes by itself.
    #[must_use]
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        self.standing.next_change(now)
    }
}

type Map<K, V> = RedBlackTreeMapSync<K, V>;

/// Everything public as of one position of the change feed.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    municipalities: Map<String, Arc<MunicipalityRecord>>,
    providers: Map<String, Arc<ProviderRecord>>,
    offerings: Map<Uuid, Arc<OfferingRecord>>,
    versions: Map<(Uuid, i32), Arc<OfferingRecord>>,
    offering_of: Map<(String, String), Uuid>,
    late_access: Map<Uuid, Arc<LateAccessRecord>>,
    late_access_of: Map<(Uuid, Uuid), ()>,
    approvals: Map<Uuid, Arc<Listed>>,
    removed: Map<Uuid, Instant>,
    of_offering: Map<(Uuid, Uuid), ()>,
    of_provider: Map<(String, Uuid), ()>,
    pages: Map<(String, String), Arc<Rendered>>,
    changes: VectorSync<Arc<PublicChange>>,
}

impl Snapshot {
    /// The position of the last change that is in it; 0 when there is none.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.changes.last().map_or(0, |change| change.position)
    }

    /// Applies the next change and renders the pages that it touches.
    pub fn apply(&mut self, change: PublicChange, catalogue: &Catalogue, now: Instant) {
        let touched = self.keep(&change.record);
        for (municipality, service) in touched {
            self.render(&municipality, &service, catalogue, now);
        }
        self.changes.push_back_mut(Arc::new(change));
    }

    /// Keeps a record and answers which pages show it.
    fn keep(&mut self, record: &PublicRecord) -> Vec<(String, String)> {
        match record {
            PublicRecord::Municipality(record) => {
                self.municipalities.insert_mut(record.number.clone(), Arc::clone(record));
                let first = (record.number.clone(), String::new());
                let own = self.offering_of.range(first..).map(|(key, _)| key);
                own.take_while(|key| key.0 == record.number).cloned().collect()
            }
            PublicRecord::Provider(record) => {
                let number = record.organisation_number.clone();
                self.providers.insert_mut(number.clone(), Arc::clone(record));
                self.approvals_of_provider(&number).map(|listed| page_key(&listed.record)).collect()
            }
            PublicRecord::Offering(record) => {
                let key = (record.municipality.clone(), record.service.clone());
                // What is said later of its life belongs to the offering; the version never changes.
                let version = (record.id, record.version);
                if !self.versions.contains_key(&version) {
                    self.versions.insert_mut(version, Arc::clone(record));
                }
                // Ids grow with time: what is told of a former offering leaves its successor there.
                if self.offering_of.get(&key).is_none_or(|known| *known <= record.id) {
                    self.offering_of.insert_mut(key.clone(), record.id);
                }
                self.offerings.insert_mut(record.id, Arc::clone(record));
                vec![key]
            }
            PublicRecord::LateAccess(record) => {
                self.late_access_of.insert_mut((record.offering_id, record.id), ());
                self.late_access.insert_mut(record.id, Arc::clone(record));
                vec![]
            }
            PublicRecord::Approval(record) => {
                let Some(standing) = record.standing.read() else {
                    tracing::error!(approval = %record.id, "a public approval cannot be read");
                    return vec![];
                };
                let key = page_key(record);
                self.of_offering.insert_mut((record.offering_id, record.id), ());
                self.of_provider.insert_mut((record.provider.clone(), record.id), ());
                self.removed.remove_mut(&record.id);
                let listed = Listed { record: Arc::clone(record), standing };
                self.approvals.insert_mut(record.id, Arc::new(listed));
                vec![key]
            }
            PublicRecord::Removed(Tombstone { approval, at }) => {
                self.removed.insert_mut(*approval, *at);
                let Some(listed) = self.approvals.get(approval).cloned() else { return vec![] };
                let record = listed.record();
                self.of_offering.remove_mut(&(record.offering_id, record.id));
                self.of_provider.remove_mut(&(record.provider.clone(), record.id));
                self.approvals.remove_mut(approval);
                vec![page_key(record)]
            }
        }
    }

    /// When an approval was taken out of the register, where it is not back.
    #[must_use]
    pub fn removed_at(&self, id: Uuid) -> Option<Instant> {
        self.removed.get(&id).copied()
    }

    /// Renders the page of a municipality's service, if it has one.
    pub fn render(
        &mut self,
        municipality: &str,
        service: &str,
        catalogue: &Catalogue,
        now: Instant,
    ) {
        let key = (municipality.to_owned(), service.to_owned());
        if let Some(page) = Rendered::of(self, municipality, service, catalogue, now) {
            self.pages.insert_mut(key, Arc::new(page));
        }
    }

    /// The rendered page of a municipality's service.
    #[must_use]
    pub fn page(&self, municipality: &str, service: &str) -> Option<Arc<Rendered>> {
        self.pages.get(&(municipality.to_owned(), service.to_owned())).cloned()
    }

    /// A municipality that has set itself up.
    #[must_use]
    pub fn municipality(&self, number: &str) -> Option<&MunicipalityRecord> {
        self.municipalities.get(number).map(AsRef::as_ref)
    }

    /// A provider.
    #[must_use]
    pub fn provider(&self, number: &str) -> Option<&ProviderRecord> {
        self.providers.get(number).map(AsRef::as_ref)
    }

    /// The version in force of an offering.
    #[must_use]
    pub fn offering(&self, id: Uuid) -> Option<&OfferingRecord> {
        self.offerings.get(&id).map(AsRef::as_ref)
    }

    /// The offering of a municipality's service.
    #[must_use]
    pub fn offering_of(&self, municipality: &str, service: &str) -> Option<&OfferingRecord> {
        let key = (municipality.to_owned(), service.to_owned());
        self.offering_of.get(&key).and_then(|id| self.offering(*id))
    }

    /// The versions in force, by id, after one of them.
    pub fn offerings_after(&self, after: Option<Uuid>) -> impl Iterator<Item = &OfferingRecord> {
        let from = after.unwrap_or(Uuid::nil());
        let later = self.offerings.range(from..).filter(move |(id, _)| Some(**id) != after);
        later.map(|(_, record)| record.as_ref())
    }

    /// All versions of an offering, the first first.
    pub fn versions(&self, id: Uuid) -> impl Iterator<Item = &OfferingRecord> {
        self.versions.range((id, 0)..=(id, i32::MAX)).map(|(_, record)| record.as_ref())
    }

    /// One version of an offering.
    #[must_use]
    pub fn version(&self, id: Uuid, number: i32) -> Option<&OfferingRecord> {
        self.versions.get(&(id, number)).map(AsRef::as_ref)
    }

    /// A grant of late access.
    #[must_use]
    pub fn late_access(&self, id: Uuid) -> Option<&LateAccessRecord> {
        self.late_access.get(&id).map(AsRef::as_ref)
    }

    /// All that was granted for an offering, the first first.
    pub fn late_access_of_offering(
        &self,
        offering: Uuid,
    ) -> impl Iterator<Item = &LateAccessRecord> {
        let all = self.late_access_of.range((offering, Uuid::nil())..=(offering, Uuid::max()));
        all.filter_map(|((_, id), ())| self.late_access(*id))
    }

    /// An approval.
    #[must_use]
    pub fn approval(&self, id: Uuid) -> Option<&Listed> {
        self.approvals.get(&id).map(AsRef::as_ref)
    }

    /// Approvals by id, after one of them.
    pub fn approvals_after(&self, after: Option<Uuid>) -> impl Iterator<Item = &Listed> {
        let from = after.unwrap_or(Uuid::nil());
        let later = self.approvals.range(from..).filter(move |(id, _)| Some(**id) != after);
        later.map(|(_, listed)| listed.as_ref())
    }

    /// The approvals for an offering.
    pub fn approvals_of_offering(&self, offering: Uuid) -> impl Iterator<Item = &Listed> {
        let all = self.of_offering.range((offering, Uuid::nil())..=(offering, Uuid::max()));
        all.filter_map(|((_, id), ())| self.approval(*id))
    }

    /// The approvals of a provider.
    pub fn approvals_of_provider(&self, number: &str) -> impl Iterator<Item = &Listed> {
        let range = (number.to_owned(), Uuid::nil())..=(number.to_owned(), Uuid::max());
        self.of_provider.range(range).filter_map(|((_, id), ())| self.approval(*id))
    }

    /// The changes after a position, oldest first.
    pub fn changes_after(&self, after: i64) -> impl Iterator<Item = &PublicChange> {
        let first = usize::try_from(after).unwrap_or(usize::MAX);
        (first..self.changes.len()).filter_map(|i| self.changes.get(i)).map(AsRef::as_ref)
    }
}

fn page_key(record: &ApprovalRecord) -> (String, String) {
    (record.municipality.clone(), record.service.clone())
}
