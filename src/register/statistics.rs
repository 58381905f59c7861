//! Statistics per municipality and service, cached until a change or time invalidates them.
//!
//! A municipality and a service form a group. A change of its offering, of one of its approvals or decisions
//! gives the next snapshot an empty cache entry for the group; all other groups keep theirs, and snapshots
//! share them. Figures are computed on demand.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwapOption;
use rpds::RedBlackTreeMapSync;
use uuid::Uuid;

use super::{as_of::AsOfView, feed::FeedEntry};
use crate::{
    domain::{
        approval::{Listing, ListingCapacity},
        offering::{OfferingClosure, OfferingState},
        provider::stale_from,
        rules::statistics::{Count, CountTable, Handling, breakdown},
        values::time::Instant,
    },
    json::public::{DecisionRecord, PublicRecord},
};

/// Municipality and service.
pub type GroupKey = (String, String);

/// Data of a group at a time.
#[derive(Debug)]
pub struct Figures {
    /// The offering that was published last.
    pub offering: Uuid,
    /// Whether it is published, and has not ended.
    pub published: bool,
    /// How many providers can be chosen.
    pub choosable: usize,
    /// Number of providers by capacity, by the names of [`ListingCapacity`]; unstated ones under an empty name.
    pub capacity: BTreeMap<&'static str, usize>,
    /// How many of their listings were not confirmed for twelve months.
    pub stale_listings: usize,
    /// Decisions on applications by outcome.
    pub on_applications: CountTable<String>,
    /// Other decisions by outcome.
    pub on_decisions: CountTable<String>,
    /// Days from receipt to decision; none where too few were decided.
    pub handling: Option<Handling>,
    /// Refusals by unmet criterion.
    pub refused_by_criterion: BTreeMap<String, Count>,
    /// Refusals by ground.
    pub refused_by_ground: BTreeMap<String, Count>,
    true_from: Instant,
    true_until: Option<Instant>,
}

impl Figures {
    fn holds_at(&self, now: Instant) -> bool {
        self.true_from <= now && self.true_until.is_none_or(|until| now < until)
    }
}

/// Freshness of a municipality's public data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freshness {
    /// When a version of an offering was published last.
    pub last_published_at: Option<Instant>,
    /// When something public last changed that concerns it.
    pub last_changed_at: Option<Instant>,
    /// The position of that change in the feed.
    pub position: i64,
    /// How many of its offerings are published and have not ended.
    pub offerings: usize,
    /// How many approvals can be chosen.
    pub approvals: usize,
    /// How many of their listings were not confirmed for twelve months.
    pub stale_listings: usize,
}

/// The last changes of a municipality.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    published_at: Option<Instant>,
    changed_at: Option<Instant>,
    position: i64,
}

/// The figures of a group, once requested.
type Known = Arc<ArcSwapOption<Figures>>;

/// The groups and their figures, and the last change of each municipality.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    groups: RedBlackTreeMapSync<GroupKey, Known>,
    last: RedBlackTreeMapSync<String, Last>,
}

impl Statistics {
    /// Invalidates figures after a change.
    pub(super) fn touch(&mut self, entry: &FeedEntry) {
        let change = &entry.change;
        let mut published_at = None;
        match &change.record {
            Some(PublicRecord::Offering(record)) => {
                published_at = Some(record.published_at);
                let key = (record.municipality.clone(), record.service.clone());
                self.groups.insert_mut(key, Known::default());
            }
            Some(PublicRecord::Approval(it)) => self.forget(&it.municipality, &it.service),
            Some(PublicRecord::Decision(it)) => self.forget(&it.municipality, &it.service),
            Some(
                PublicRecord::Municipality(_)
                | PublicRecord::Provider(_)
                | PublicRecord::LateAccess(_)
                | PublicRecord::Removed(_),
            )
            | None => {}
        }
        if let Some(municipality) = &change.municipality {
            self.note(municipality, entry, published_at);
        }
    }

    /// Notes a change for a municipality that it does not name.
    pub(super) fn concern(&mut self, municipality: &str, entry: &FeedEntry) {
        self.note(municipality, entry, None);
    }

    fn note(&mut self, municipality: &str, entry: &FeedEntry, published_at: Option<Instant>) {
        let last = self.last.get(municipality).copied().unwrap_or_default();
        let last = Last {
            published_at: last.published_at.max(published_at),
            changed_at: Some(entry.recorded_at),
            position: entry.change.position,
        };
        self.last.insert_mut(municipality.to_owned(), last);
    }

    /// Forgets the figures of a group.
    pub(super) fn forget(&mut self, municipality: &str, service: &str) {
        let key = (municipality.to_owned(), service.to_owned());
        if self.groups.contains_key(&key) {
            self.groups.insert_mut(key, Known::default());
        }
    }

    /// The groups that ever had a published offering, in order, after one of them.
    pub fn groups_after(&self, after: &GroupKey) -> impl Iterator<Item = &GroupKey> + use<'_> {
        let from = after.clone();
        let later = self.groups.range(from.clone()..).map(|(key, _)| key);
        later.filter(move |key| **key != from)
    }

    /// The figures of a group at an instant; none where no offering was ever published.
    #[must_use]
    pub fn figures(&self, view: AsOfView<'_>, key: &GroupKey) -> Option<Arc<Figures>> {
        let (group, now) = (self.groups.get(key)?, view.at());
        if !view.is_latest() {
            return computed(view, key).map(Arc::new);
        }
        if let Some(known) = group.load_full().filter(|known| known.holds_at(now)) {
            return Some(known);
        }
        let figures = Arc::new(computed(view, key)?);
        group.store(Some(Arc::clone(&figures)));
        Some(figures)
    }

    /// Freshness of a municipality's public data; `None` if it has none.
    #[must_use]
    pub fn freshness(&self, view: AsOfView<'_>, municipality: &str) -> Option<Freshness> {
        let Last { published_at, changed_at, position } = *self.last.get(municipality)?;
        let mut fresh = Freshness {
            last_published_at: published_at,
            last_changed_at: changed_at,
            position,
            ..Freshness::default()
        };
        let first = (municipality.to_owned(), String::new());
        for key in self.groups_after(&first).take_while(|key| key.0 == municipality) {
            let Some(figures) = self.figures(view, key) else { continue };
            fresh.offerings += usize::from(figures.published);
            fresh.approvals += figures.choosable;
            fresh.stale_listings += figures.stale_listings;
        }
        Some(fresh)
    }
}

fn computed(view: AsOfView<'_>, (municipality, service): &GroupKey) -> Option<Figures> {
    let (now, offering) = (view.at(), view.offering_of(municipality, service)?);
    let published = offering.state_at(now) != OfferingState::Ended;
    let mut listings = ListingCounts::default();
    listings.boundaries.extend(offering.closure.iter().flat_map(OfferingClosure::instants));
    for approval in view.approvals_of_offering(offering.id) {
        listings.boundaries.extend(approval.times());
        if published && approval.status().is_choosable() {
            listings.add(approval.record().listing.as_ref(), now);
        }
    }
    let ListingCounts { choosable, capacity, stale_listings, boundaries } = listings;
    let counts = Counted::of(view.decisions_of_group(municipality, service));
    let on_applications = CountTable::publish(&counts.on_applications);
    let refused = on_applications.part(&"refuse".to_owned());
    Some(Figures {
        offering: offering.id,
        published,
        choosable,
        capacity,
        stale_listings,
        handling: on_applications.total.value().and_then(|_| Handling::of(counts.days)),
        on_applications,
        on_decisions: CountTable::publish(&counts.on_decisions),
        refused_by_criterion: breakdown(refused, &counts.criteria),
        refused_by_ground: breakdown(refused, &counts.grounds),
        true_from: now,
        true_until: boundaries.into_iter().filter(|at| *at > now).min(),
    })
}

/// Counts of the listings of a group, and the instants at which they change by themselves.
struct ListingCounts {
    choosable: usize,
    capacity: BTreeMap<&'static str, usize>,
    stale_listings: usize,
    boundaries: Vec<Instant>,
}

impl Default for ListingCounts {
    /// Each capacity is counted, and the empty one of a provider without a listing.
    fn default() -> Self {
        let names = ListingCapacity::ALL.map(ListingCapacity::as_str).into_iter().chain([""]);
        let capacity = names.map(|name| (name, 0)).collect();
        Self { choosable: 0, capacity, stale_listings: 0, boundaries: vec![] }
    }
}

impl ListingCounts {
    fn add(&mut self, listing: Option<&Listing>, now: Instant) {
        self.choosable += 1;
        *self.capacity.entry(listing.map_or("", |it| it.capacity.as_str())).or_default() += 1;
        if let Some(stale) = listing.map(|it| stale_from(it.confirmed_at)) {
            self.stale_listings += usize::from(stale <= now);
            self.boundaries.push(stale);
        }
    }
}

/// Counts of a group's decisions.
struct Counted {
    on_applications: BTreeMap<String, usize>,
    on_decisions: BTreeMap<String, usize>,
    days: Vec<i64>,
    criteria: BTreeMap<String, usize>,
    grounds: BTreeMap<String, usize>,
}

impl Counted {
    fn of<'a>(decisions: impl Iterator<Item = &'a DecisionRecord>) -> Self {
        let none = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 0)).collect();
        let mut counts = Self {
            on_applications: none(&["approve", "refuse", "dismiss"]),
            on_decisions: none(&["revoke", "reverse", "defer", "appeal", "costs"]),
            days: vec![],
            criteria: BTreeMap::new(),
            grounds: BTreeMap::new(),
        };
        let add = |by_code: &mut BTreeMap<String, usize>, code: &String| {
            *by_code.entry(code.clone()).or_default() += 1;
        };
        for decision in decisions {
            let on_application = decision.is_on_application();
            let outcomes =
                if on_application { &mut counts.on_applications } else { &mut counts.on_decisions };
            add(outcomes, &decision.outcome);
            counts.days.extend(decision.handling_days());
            if decision.outcome == "refuse" {
                decision.criteria.iter().for_each(|code| add(&mut counts.criteria, code));
                decision.grounds.iter().for_each(|code| add(&mut counts.grounds, code));
            }
        }
        counts
    }
}
