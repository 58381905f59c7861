//! Immutable view of the register, with its whole history.
//!
//! The maps are persistent: the next snapshot shares every branch that a change leaves untouched, so applying
//! one change costs a few logarithmic updates however large the register is. Each change links to the previous
//! one of the same subject, so earlier records are found by walking back.

use std::sync::Arc;

use rpds::{HashTrieMapSync, RedBlackTreeMapSync, VectorSync};
use uuid::Uuid;

use super::{
    decisions::Decisions,
    feed::{FeedEntry, ListedApproval, PublicChange},
    index::{Index, IndexEntry, ProfileChange},
    pages::{Pages, key},
    statistics::Statistics,
};
use crate::{
    domain::{late_access::LateAccess, values::time::Instant},
    json::public::{
        ApprovalRecord, MunicipalityRecord, OfferingRecord, ProviderRecord, PublicRecord, Tombstone,
    },
};

type Map<K, V> = RedBlackTreeMapSync<K, V>;

/// A record with the position of its change.
#[derive(Debug)]
pub(super) struct FeedRecord<T> {
    pub(super) position: i64,
    pub(super) record: Arc<T>,
}

impl<T> Clone for FeedRecord<T> {
    fn clone(&self) -> Self {
        Self { position: self.position, record: Arc::clone(&self.record) }
    }
}

/// Number of an approval in the register, permanent even after its removal.
#[derive(Debug, Clone)]
pub(super) struct ListPosition {
    /// The position of its last change.
    pub(super) latest: i64,
    /// The approval, unless it was taken out.
    pub(super) listed: Option<Arc<ListedApproval>>,
}

/// Everything public as of one position of the change feed.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub(super) municipalities: Map<String, FeedRecord<MunicipalityRecord>>,
    pub(super) providers: HashTrieMapSync<String, FeedRecord<ProviderRecord>>,
    pub(super) offerings: Map<Uuid, FeedRecord<OfferingRecord>>,
    pub(super) versions: Map<(Uuid, i32), FeedRecord<OfferingRecord>>,
    pub(super) offerings_of: Map<(String, String, Uuid), ()>,
    pub(super) late_access: Map<Uuid, FeedRecord<LateAccess>>,
    late_access_of: Map<(Uuid, Uuid), ()>,
    /// Approvals are numbered in the order in which they became public.
    approvals: VectorSync<ListPosition>,
    numbers: Map<Uuid, u32>,
    of_offering: Map<(Uuid, Uuid), u32>,
    of_provider: Map<(String, Uuid), u32>,
    pub(super) index: Index,
    pub(super) pages: Pages,
    pub(super) decisions: Decisions,
    statistics: Statistics,
    changes: VectorSync<Arc<FeedEntry>>,
    /// The positions of changes that this version cannot read.
    unread: VectorSync<i64>,
}

impl Snapshot {
    /// The position of the last change that is in it; 0 when there is none.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.changes.last().map_or(0, |entry| entry.change.position)
    }

    /// Time of the last change.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Instant> {
        self.changes.last().map(|entry| entry.recorded_at)
    }

    /// Applies the next change.
    pub fn apply(&mut self, change: PublicChange) {
        let recorded_at = self.recorded_at().map_or(change.at, |before| before.max(change.at));
        let former = change.record.as_ref().map_or(0, |record| self.latest(record));
        let entry = Arc::new(FeedEntry { change, recorded_at, former });
        self.keep(&entry);
        self.index.expire(recorded_at);
        self.statistics.touch(&entry);
        self.changes.push_back_mut(entry);
    }

    /// The position of the last change of a record's subject.
    fn latest(&self, record: &PublicRecord) -> i64 {
        let latest = match record {
            PublicRecord::Municipality(it) => {
                self.municipalities.get(it.number.as_str()).map(|row| row.position)
            }
            PublicRecord::Provider(it) => {
                self.providers.get(it.organisation_number.as_str()).map(|row| row.position)
            }
            PublicRecord::Offering(it) => self.offerings.get(&it.id).map(|row| row.position),
            PublicRecord::LateAccess(it) => {
                self.late_access.get(&it.id.uuid()).map(|row| row.position)
            }
            PublicRecord::Approval(it) => self.place(it.id).map(|place| place.latest),
            PublicRecord::Removed(it) => self.place(it.approval).map(|place| place.latest),
            PublicRecord::Decision(it) => self.decisions.position(it.id),
        };
        latest.unwrap_or(0)
    }

    fn keep(&mut self, entry: &Arc<FeedEntry>) {
        let position = entry.change.position;
        let Some(record) = &entry.change.record else { return self.unread.push_back_mut(position) };
        match record {
            PublicRecord::Municipality(record) => {
                // Pages do not show it: their names come from the catalogue.
                let row = FeedRecord { position, record: Arc::clone(record) };
                self.municipalities.insert_mut(record.number.to_string(), row);
            }
            PublicRecord::Provider(record) => {
                let row = FeedRecord { position, record: Arc::clone(record) };
                self.save_provider(entry, row);
            }
            PublicRecord::Offering(record) => {
                let row = FeedRecord { position, record: Arc::clone(record) };
                // Later lifecycle changes belong to the offering; the version never changes.
                let version = (record.id, record.version);
                if !self.versions.contains_key(&version) {
                    self.versions.insert_mut(version, row.clone());
                }
                let OfferingRecord { id, municipality, service, .. } = &**record;
                self.offerings_of.insert_mut((municipality.clone(), service.clone(), *id), ());
                self.offerings.insert_mut(*id, row);
                self.pages.touch(key(municipality, service), entry.recorded_at);
            }
            PublicRecord::Decision(record) => self.decisions.keep(record, position),
            PublicRecord::LateAccess(record) => {
                let row = FeedRecord { position, record: Arc::clone(record) };
                let (offering, id) = (record.offering.uuid(), record.id.uuid());
                self.late_access_of.insert_mut((offering, id), ());
                self.late_access.insert_mut(id, row);
            }
            PublicRecord::Approval(record) => self.save_approval(entry, record),
            PublicRecord::Removed(tombstone) => self.take_out(entry, *tombstone),
        }
    }

    /// Inserts a provider, and updates the index, pages and statistics of its approvals.
    fn save_provider(&mut self, entry: &FeedEntry, row: FeedRecord<ProviderRecord>) {
        let record = Arc::clone(&row.record);
        let organisation = record.organisation_number.as_str();
        let before = self.provider(organisation);
        let change = ProfileChange::between(before, &record);
        self.providers.insert_mut(organisation.to_owned(), row);
        let own: Vec<_> = self.numbers_of_provider(organisation).collect();
        for number in own {
            let listed = self.numbered_approval(number).map(|listed| Arc::clone(&listed.record));
            let Some(approval) = listed else { continue };
            self.index.follow_profile(number, &approval, &change);
            self.pages.touch(key(&approval.municipality, &approval.service), entry.recorded_at);
            self.statistics.concern(&approval.municipality, entry);
        }
    }

    fn take_out(&mut self, entry: &Arc<FeedEntry>, Tombstone { approval, .. }: Tombstone) {
        let Some(number) = self.numbers.get(&approval).copied() else { return };
        let before = self.entry_of(number);
        self.index.replace(number, &before, &IndexEntry::default());
        if let Some(record) = self.numbered_approval(number).map(|it| Arc::clone(&it.record)) {
            self.pages.touch(key(&record.municipality, &record.service), entry.recorded_at);
            self.statistics.forget(&record.municipality, &record.service);
        }
        let place = ListPosition { latest: entry.change.position, listed: None };
        self.approvals.set_mut(usize::try_from(number).unwrap_or(usize::MAX), place);
    }

    fn save_approval(&mut self, entry: &Arc<FeedEntry>, record: &Arc<ApprovalRecord>) {
        let listed = ListedApproval::of(entry, record);
        let known = self.numbers.get(&record.id).copied();
        let number =
            known.unwrap_or_else(|| u32::try_from(self.approvals.len()).unwrap_or(u32::MAX));
        let before = self.entry_of(number);
        let after = self.entry(&listed);
        self.index.replace(number, &before, &after);
        let place = ListPosition { latest: entry.change.position, listed: Some(Arc::new(listed)) };
        if known.is_none() {
            self.numbers.insert_mut(record.id, number);
            self.of_offering.insert_mut((record.offering_id, record.id), number);
            self.of_provider.insert_mut((record.provider.clone(), record.id), number);
            self.approvals.push_back_mut(place);
        } else {
            self.approvals.set_mut(usize::try_from(number).unwrap_or(usize::MAX), place);
        }
        self.pages.touch(key(&record.municipality, &record.service), entry.recorded_at);
    }

    /// The indexed properties of an approval; `None` for an unknown number.
    fn entry_of(&self, number: u32) -> IndexEntry {
        self.numbered_approval(number).map(|listed| self.entry(listed)).unwrap_or_default()
    }

    fn entry(&self, listed: &ListedApproval) -> IndexEntry {
        let record = &listed.record;
        IndexEntry::of(record, self.provider(&record.provider))
    }

    /// The change at a position.
    pub(super) fn change_at(&self, position: i64) -> Option<&Arc<FeedEntry>> {
        self.changes.get(usize::try_from(position.checked_sub(1)?).ok()?)
    }

    /// The last record of a subject up to a position, from its latest record.
    pub(super) fn latest_until(&self, latest: i64, until: i64) -> Option<&Arc<FeedEntry>> {
        let mut entry = self.change_at(latest)?;
        while entry.change.position > until {
            entry = self.change_at(entry.former)?;
        }
        Some(entry)
    }

    /// The first record of a subject, from its latest record.
    pub(super) fn first_change(&self, latest: i64) -> Option<&Arc<FeedEntry>> {
        let mut entry = self.change_at(latest)?;
        while let Some(former) = self.change_at(entry.former) {
            entry = former;
        }
        Some(entry)
    }

    /// The position of the last change published at an instant.
    #[must_use]
    pub fn position_at(&self, at: Instant) -> i64 {
        let (mut low, mut high) = (0, self.changes.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.changes.get(middle).is_some_and(|entry| entry.recorded_at <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        i64::try_from(low).unwrap_or(i64::MAX)
    }

    /// A municipality that has set itself up.
    #[must_use]
    pub fn municipality(&self, number: &str) -> Option<&MunicipalityRecord> {
        self.municipalities.get(number).map(|row| &*row.record)
    }

    #[must_use]
    pub fn provider(&self, number: &str) -> Option<&ProviderRecord> {
        self.providers.get(number).map(|row| &*row.record)
    }

    /// The version that was published last of an offering.
    #[must_use]
    pub fn offering(&self, id: Uuid) -> Option<&OfferingRecord> {
        self.offerings.get(&id).map(|row| &*row.record)
    }

    /// The offerings of a municipality's service that were ever published, the oldest first.
    pub(super) fn offerings_of(
        &self,
        municipality: &str,
        service: &str,
    ) -> impl DoubleEndedIterator<Item = Uuid> {
        let key = |id| (municipality.to_owned(), service.to_owned(), id);
        let own = self.offerings_of.range(key(Uuid::nil())..=key(Uuid::max()));
        own.map(|((_, _, id), ())| *id)
    }

    /// The ids of a municipality's offerings, after one of them.
    #[must_use]
    pub fn offering_ids_of(&self, municipality: &str, after: Option<Uuid>) -> Vec<Uuid> {
        let from = (municipality.to_owned(), String::new(), Uuid::nil());
        let later = self.offerings_of.range(from..).map(|(key, ())| key);
        let own = later.take_while(|(number, ..)| number == municipality);
        let mut ids: Vec<_> = own.map(|(.., id)| *id).filter(|id| after < Some(*id)).collect();
        ids.sort_unstable();
        ids
    }

    /// The ids of offerings, after one of them.
    pub fn offering_ids(&self, after: Option<Uuid>) -> impl Iterator<Item = Uuid> {
        let from = after.unwrap_or(Uuid::nil());
        self.offerings.range(from..).map(|(id, _)| *id).filter(move |id| Some(*id) != after)
    }

    /// The ids of all that was granted for an offering, the first first.
    pub fn late_access_of(&self, offering: Uuid) -> impl Iterator<Item = Uuid> {
        let all = self.late_access_of.range((offering, Uuid::nil())..=(offering, Uuid::max()));
        all.map(|((_, id), ())| *id)
    }

    #[must_use]
    pub fn approval(&self, id: Uuid) -> Option<&ListedApproval> {
        self.numbered_approval(*self.numbers.get(&id)?)
    }

    /// An approval by its number.
    pub(super) fn numbered_approval(&self, number: u32) -> Option<&ListedApproval> {
        self.place_of(number)?.listed.as_deref()
    }

    pub(super) fn place_of(&self, number: u32) -> Option<&ListPosition> {
        self.approvals.get(usize::try_from(number).ok()?)
    }

    pub(super) fn place(&self, id: Uuid) -> Option<&ListPosition> {
        self.place_of(*self.numbers.get(&id)?)
    }

    /// How many approvals there are.
    #[must_use]
    pub fn approval_count(&self) -> u32 {
        u32::try_from(self.approvals.len()).unwrap_or(u32::MAX)
    }

    /// The approvals by id.
    pub fn approvals(&self) -> impl Iterator<Item = &ListedApproval> {
        self.numbers_by_id().filter_map(|number| self.numbered_approval(number))
    }

    pub(super) fn numbers_by_id(&self) -> impl Iterator<Item = u32> {
        self.numbers.values().copied()
    }

    /// The approvals for an offering.
    pub(super) fn numbers_of_offering(&self, offering: Uuid) -> impl Iterator<Item = u32> {
        let all = self.of_offering.range((offering, Uuid::nil())..=(offering, Uuid::max()));
        all.map(|(_, number)| *number)
    }

    /// The approvals of a provider.
    pub(super) fn numbers_of_provider(&self, number: &str) -> impl Iterator<Item = u32> {
        let range = (number.to_owned(), Uuid::nil())..=(number.to_owned(), Uuid::max());
        self.of_provider.range(range).map(|(_, number)| *number)
    }

    /// How many approvals a provider has or has had.
    #[must_use]
    pub fn approval_count_of(&self, provider: &str) -> usize {
        self.numbers_of_provider(provider).count()
    }

    /// The figures.
    #[must_use]
    pub const fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Changes unreadable for this version, oldest first. Their subjects keep their previous records.
    pub fn unread(&self) -> impl ExactSizeIterator<Item = Option<&PublicChange>> {
        self.unread.iter().map(|position| self.change_at(*position).map(|entry| &entry.change))
    }

    /// The changes after a position, oldest first.
    pub fn changes_after(&self, after: i64) -> impl Iterator<Item = &PublicChange> {
        let first = usize::try_from(after).unwrap_or(usize::MAX);
        (first..self.changes.len()).filter_map(|i| self.changes.get(i)).map(|entry| &entry.change)
    }
}
