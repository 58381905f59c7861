//! Later changes of the country: of listings and profiles.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Country, Dice, Of, PublicEntry, SPAN, begin, event, made, providers::changed};
use godkjent::{
    domain::{
        approval::ListingCapacity,
        event::{Event, EventKind, Subject},
        values::time::{Instant, day_of},
    },
    json::public::{ApprovalRecord, ProviderRecord},
};

/// One change in so many is of a profile, all others of a listing.
const PROFILES: usize = 10;

/// An endless sequence of changes. It stores only its own changes.
#[derive(Debug)]
pub struct Changes<'a> {
    country: &'a Country,
    dice: Dice,
    serial: u64,
    approvals: BTreeMap<usize, (i64, u64)>,
    profiles: BTreeMap<usize, (i64, u64)>,
}

impl<'a> Changes<'a> {
    pub(super) fn new(country: &'a Country) -> Self {
        Self {
            country,
            dice: Dice::of(country.seed, usize::MAX),
            serial: 0,
            approvals: BTreeMap::new(),
            profiles: BTreeMap::new(),
        }
    }

    /// The next change, of the listing of an approval by its number in the country. The serial of the change is
    /// in the text's bokmål and nynorsk and in the text on continuity.
    pub fn listing(&mut self, nth: usize) -> Option<PublicEntry> {
        let (at, id) = self.next_row();
        let (revision, serial) = self.approvals.entry(nth).or_insert((2, 0));
        (*revision, *serial) = (*revision + 1, self.serial);
        let record = self.approval(nth, at)?;
        let event = self.country.approval_event(nth, EventKind::ListingChanged, &record)?;
        Some(PublicEntry { id, at, event, record: record.into() })
    }

    /// The next change, of the profile of a provider by its number in the country. The serial of the change is
    /// in the presentation's bokmål and nynorsk.
    pub fn profile(&mut self, nth: usize) -> Option<PublicEntry> {
        let (at, id) = self.next_row();
        let (revision, serial) = self.profiles.entry(nth).or_insert((1, 0));
        (*revision, *serial) = (*revision + 1, self.serial);
        let record = self.provider(nth)?;
        let number = self.country.providers.get(nth)?.clone();
        let subject = Subject::Provider(number.clone());
        let event = Event {
            provider: Some(number),
            ..event(EventKind::ProviderUpdated, subject, record.revision)
        };
        Some(PublicEntry { id, at, event, record: record.into() })
    }

    /// Time and id of the next row, a second after the one before it.
    fn next_row(&mut self) -> (Instant, uuid::Uuid) {
        self.serial += 1;
        let seconds = i64::try_from(self.serial).unwrap_or(0);
        let at = begin() + TimeDelta::milliseconds(SPAN) + TimeDelta::seconds(seconds);
        (at, made(Of::Change, at, usize::try_from(self.serial).unwrap_or(0)))
    }

    fn provider(&self, nth: usize) -> Option<ProviderRecord> {
        let first = self.country.registered(nth)?;
        let Some((revision, serial)) = self.profiles.get(&nth) else { return Some(first) };
        let presentation = changed(&first.presentation, *serial);
        Some(ProviderRecord { presentation, revision: *revision, ..first })
    }

    fn approval(&self, nth: usize, at: Instant) -> Option<ApprovalRecord> {
        let mut record = self.country.approval_record(nth)?;
        let Some((revision, serial)) = self.approvals.get(&nth) else { return Some(record) };
        record.revision = *revision;
        record.status = record.lifecycle.status_at(at);
        record.next_change = record.lifecycle.next_change(at);
        let listing = record.listing.as_mut()?;
        let turn = usize::try_from(*serial).unwrap_or(0) % ListingCapacity::ALL.len();
        listing.capacity = ListingCapacity::ALL.get(turn).copied()?;
        listing.capacity_on = day_of(at);
        let details = &mut listing.details;
        details.text = details.text.as_ref().map(|text| changed(text, *serial));
        details.continuity = details.continuity.as_ref().map(|text| changed(text, *serial));
        listing.confirmed_at = at;
        Some(record)
    }
}

impl Iterator for Changes<'_> {
    type Item = PublicEntry;

    fn next(&mut self) -> Option<PublicEntry> {
        if self.dice.one_in(PROFILES) {
            let nth = self.dice.below(self.country.providers.len());
            return self.profile(nth);
        }
        let nth = self.dice.below(self.country.approvals);
        self.listing(nth)
    }
}
