//! Bitemporal view of the register.
//!
//! `known` is the position of the register at an instant (known time). `at` is the instant whose facts are
//! shown (valid time). A contract, a revocation or a version recorded later than it took effect thus has both
//! times. A name, a listing and a capacity have no effective date: they are valid from their publication.

use std::{borrow::Cow, sync::Arc};

use uuid::Uuid;

use super::{
    approval::ViewedApproval,
    feed::{FeedEntry, ListedApproval},
    snapshot::{FeedRecord, ListPosition, Snapshot},
};
use crate::{
    domain::{late_access::LateAccess, offering::OfferingState, values::time::Instant},
    json::public::{
        ApprovalRecord, DecisionRecord, MunicipalityRecord, OfferingRecord, ProviderRecord,
        PublicRecord,
    },
};

/// A view of the register in both times.
#[derive(Debug, Clone, Copy)]
pub struct AsOfView<'a> {
    snapshot: &'a Snapshot,
    known: i64,
    until: i64,
    at: Instant,
}

/// Picks the record of a collection.
macro_rules! record {
    ($entry:expr, $kind:ident) => {
        match &$entry.change.record {
            Some(PublicRecord::$kind(record)) => Some(record),
            _ => None,
        }
    };
}

pub(super) use record;

impl<'a> AsOfView<'a> {
    /// The present facts, by all present knowledge.
    #[must_use]
    pub fn now(snapshot: &'a Snapshot, now: Instant) -> Self {
        let known = snapshot.position();
        Self { snapshot, known, until: known, at: now }
    }

    /// The facts at an instant, by the knowledge at another. Without a valid time it equals the known time.
    #[must_use]
    pub fn of(
        snapshot: &'a Snapshot,
        valid_at: Option<Instant>,
        known_at: Option<Instant>,
        now: Instant,
    ) -> Self {
        let known = known_at.map_or_else(|| snapshot.position(), |it| snapshot.position_at(it));
        let at = valid_at.or(known_at).unwrap_or(now);
        let until = if valid_at.is_some() { snapshot.position_at(at).min(known) } else { known };
        Self { snapshot, known, until, at }
    }

    /// The instant of the shown facts.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// Time of the last valid change.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Instant> {
        self.snapshot.change_at(self.until).map(|entry| entry.recorded_at)
    }

    /// The snapshot behind the view.
    #[must_use]
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The position of the last change that is known.
    #[must_use]
    pub const fn position(&self) -> i64 {
        self.known
    }

    /// Whether it shows all present knowledge at the present.
    #[must_use]
    pub fn is_latest(&self) -> bool {
        self.until == self.snapshot.position()
    }

    /// Whether it shows all present knowledge, not that of an earlier instant.
    #[must_use]
    pub const fn shows_all_known(&self) -> bool {
        self.until == self.known
    }

    /// A municipality that had set itself up.
    #[must_use]
    pub fn municipality(&self, number: &str) -> Option<&'a MunicipalityRecord> {
        let row = self.snapshot.municipalities.get(number)?;
        record!(self.last_change(row)?, Municipality).map(AsRef::as_ref)
    }

    #[must_use]
    pub fn provider(&self, number: &str) -> Option<&'a ProviderRecord> {
        let row = self.snapshot.providers.get(number)?;
        record!(self.last_change(row)?, Provider).map(AsRef::as_ref)
    }

    /// The providers by organisation number, after one of them.
    pub fn providers(&self, after: Option<&str>) -> impl Iterator<Item = &'a ProviderRecord> {
        let numbers = self.snapshot.providers.keys().map(String::as_str);
        let mut numbers: Vec<_> =
            numbers.filter(|it| after.is_none_or(|after| after < *it)).collect();
        numbers.sort_unstable();
        let view = *self;
        numbers.into_iter().filter_map(move |number| view.provider(number))
    }

    /// A grant of late access.
    #[must_use]
    pub fn late_access(&self, id: Uuid) -> Option<&'a LateAccess> {
        let row = self.snapshot.late_access.get(&id)?;
        record!(self.last_change(row)?, LateAccess).map(AsRef::as_ref)
    }

    /// The decisions that were signed by then, in that order, after one of them.
    pub fn decisions(&self, after: Option<Uuid>) -> impl Iterator<Item = &'a DecisionRecord> {
        self.known_decisions(self.snapshot.decisions.after(after))
    }

    /// Those of a municipality.
    pub fn decisions_of_municipality(
        &self,
        number: &str,
        after: Option<Uuid>,
    ) -> impl Iterator<Item = &'a DecisionRecord> + use<'a> {
        self.known_decisions(self.snapshot.decisions.of_municipality(number, after))
    }

    /// Those that concern a provider.
    pub fn decisions_of_provider(
        &self,
        number: &str,
        after: Option<Uuid>,
    ) -> impl Iterator<Item = &'a DecisionRecord> + use<'a> {
        self.known_decisions(self.snapshot.decisions.of_provider(number, after))
    }

    /// Those of a municipality's service.
    pub fn decisions_of_group(
        &self,
        municipality: &str,
        service: &str,
    ) -> impl Iterator<Item = &'a DecisionRecord> + use<'a> {
        self.known_decisions(self.snapshot.decisions.of_group(municipality, service))
    }

    fn known_decisions<I: Iterator<Item = &'a FeedRecord<DecisionRecord>>>(
        &self,
        rows: I,
    ) -> impl Iterator<Item = &'a DecisionRecord> + use<'a, I> {
        let view = *self;
        let known = rows.filter_map(move |row| {
            let entry = view.snapshot.latest_until(row.position, view.known)?;
            record!(entry, Decision).map(AsRef::as_ref)
        });
        known.filter(move |decision: &&DecisionRecord| decision.decided_at <= view.at)
    }

    fn last_change<T>(&self, row: &FeedRecord<T>) -> Option<&'a Arc<FeedEntry>> {
        self.snapshot.latest_until(row.position, self.until)
    }

    /// The versions of an offering that were published by then, the first first.
    pub fn versions(&self, id: Uuid) -> impl DoubleEndedIterator<Item = &'a OfferingRecord> {
        let (known, at) = (self.known, self.at);
        let all = self.snapshot.versions.range((id, 0)..=(id, i32::MAX)).map(|(_, row)| row);
        all.filter(move |row| row.position <= known && row.record.published_at <= at)
            .map(|row| &*row.record)
    }

    /// One version of an offering, where it was published by then.
    #[must_use]
    pub fn version(&self, id: Uuid, number: i32) -> Option<&'a OfferingRecord> {
        self.versions(id).find(|version| version.version == number)
    }

    /// An offering: the version in force, with its known lifecycle.
    #[must_use]
    pub fn offering(&self, id: Uuid) -> Option<OfferingRecord> {
        let version = self.versions(id).next_back()?;
        let latest = self.snapshot.offerings.get(&id)?;
        let lifecycle =
            record!(self.snapshot.latest_until(latest.position, self.known)?, Offering)?;
        let entry = self.last_change(latest).and_then(|entry| record!(entry, Offering));
        let mut record = version.clone();
        record.own_listing = entry.and_then(|entry| entry.own_listing.clone());
        record.closure.clone_from(&lifecycle.closure);
        if let Some(priced) = self.under(latest.position, version.version) {
            record.content.take_prices(&priced.content);
            record.compensation_announced = priced.compensation_announced;
        }
        Some(record.at(self.at))
    }

    /// The last known record of an offering under a version: prices are announced between versions, and have
    /// days of their own.
    fn under(&self, latest: i64, version: i32) -> Option<&'a OfferingRecord> {
        let mut entry = self.snapshot.latest_until(latest, self.known)?;
        loop {
            let record = record!(entry, Offering)?;
            if record.version == version {
                return Some(record);
            }
            entry = self.snapshot.change_at(entry.former)?;
        }
    }

    /// The known lifecycle state of an offering.
    #[must_use]
    pub fn state_of(&self, offering: Uuid) -> Option<OfferingState> {
        let latest = self.snapshot.offerings.get(&offering)?.position;
        let lifecycle = record!(self.snapshot.latest_until(latest, self.known)?, Offering)?;
        Some(lifecycle.state_at(self.at))
    }

    /// The offering of a municipality's service: the latest that was published by then.
    #[must_use]
    pub fn offering_of(&self, municipality: &str, service: &str) -> Option<OfferingRecord> {
        self.offering(self.version_of(municipality, service)?.id)
    }

    /// The version in force of the same.
    #[must_use]
    pub fn version_of(&self, municipality: &str, service: &str) -> Option<&'a OfferingRecord> {
        let mut ids = self.snapshot.offerings_of(municipality, service).rev();
        ids.find_map(|id| self.versions(id).next_back())
    }

    /// An approval that was public by then.
    #[must_use]
    pub fn approval(&self, id: Uuid) -> Option<ViewedApproval<'a>> {
        self.look(self.snapshot.place(id)?)
    }

    /// When an approval was taken out of the register, where it was by then.
    #[must_use]
    pub fn removed_at(&self, id: Uuid) -> Option<Instant> {
        let entry = self.snapshot.latest_until(self.snapshot.place(id)?.latest, self.known)?;
        record!(entry, Removed).map(|tombstone| tombstone.at)
    }

    /// The approval of that number.
    pub(super) fn numbered(&self, number: u32) -> Option<ViewedApproval<'a>> {
        self.look(self.snapshot.place_of(number)?)
    }

    /// All approvals that were public by then, by id.
    pub fn approvals(&self) -> impl Iterator<Item = ViewedApproval<'a>> {
        self.snapshot.numbers_by_id().filter_map(|number| self.numbered(number))
    }

    fn look(&self, place: &'a ListPosition) -> Option<ViewedApproval<'a>> {
        let ListPosition { latest, listed } = place;
        let latest = *latest;
        if latest <= self.until {
            let listed = Cow::Borrowed(&**listed.as_ref()?);
            return Some(ViewedApproval { listed, whole: true, until: self.until, view: *self });
        }
        let known = self.snapshot.latest_until(latest, self.known)?;
        let listed = ListedApproval::of(known, record!(known, Approval)?);
        let entry = self.snapshot.latest_until(latest, self.until);
        // At a time before its first record, that record applies.
        let entry = match entry.filter(|entry| record!(entry, Approval).is_some()) {
            Some(entry) => entry,
            None => self.snapshot.first_change(latest)?,
        };
        let ApprovalRecord { listing, zones, .. } =
            ApprovalRecord::clone(record!(entry, Approval)?);
        let known = listed.record().clone();
        let record = ApprovalRecord { zones, listing, ..known };
        let listed = ListedApproval { record: Arc::new(record), ..listed };
        let until = entry.change.position.max(self.until);
        Some(ViewedApproval { listed: Cow::Owned(listed), whole: false, until, view: *self })
    }

    /// The approvals for an offering that were public by then.
    pub fn approvals_of_offering(
        &self,
        offering: Uuid,
    ) -> impl Iterator<Item = ViewedApproval<'a>> {
        self.snapshot.numbers_of_offering(offering).filter_map(|number| self.numbered(number))
    }

    /// The approvals of a provider that were public by then.
    pub fn approvals_of_provider(&self, number: &str) -> impl Iterator<Item = ViewedApproval<'a>> {
        self.snapshot.numbers_of_provider(number).filter_map(|number| self.numbered(number))
    }
}
