//! Pristabellen over landet: every line in force on a day, like beside like.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{as_of::AsOfView, feed::FeedEntry};
use crate::{
    domain::{
        compensation::rate::{Rate, RateKey, Unit},
        offering::OfferingState,
        values::{
            text::Code,
            time::{Instant, day_of},
        },
    },
    json::public::{OfferingRecord, PublicRecord},
};

/// Filters of the table, which are combined.
#[derive(Debug, Clone, Default)]
pub struct PriceFilter {
    /// The municipality's present number.
    pub municipality: Option<String>,
    /// The code of the service.
    pub service: Option<String>,
    /// Unit.
    pub unit: Option<Unit>,
    /// Lines that hold in a zone, also those for all.
    pub zone: Option<String>,
    /// Lines that hold in a band, also those for all.
    pub band: Option<String>,
}

/// A line, with its position in the table.
#[derive(Debug)]
pub struct FoundLine<'a> {
    /// Its place: by service, unit, band, municipality, zone and day.
    pub place: String,
    pub offering: &'a OfferingRecord,
    pub rate: &'a Rate,
}

impl PriceFilter {
    /// Whether a line matches the filters.
    #[must_use]
    pub fn fits(&self, key: &RateKey) -> bool {
        let holds = |wanted: &Option<String>, own: &Option<Code>| match (wanted, own) {
            (Some(wanted), Some(own)) => wanted == own.as_str(),
            _ => true,
        };
        self.unit.is_none_or(|unit| key.unit == unit)
            && holds(&self.zone, &key.zone)
            && holds(&self.band, &key.band)
    }

    /// The lines in force on the day of a view, in order, after a position: at most so many. A line is valid by
    /// its own days, so prices from before the registry are included.
    #[must_use]
    pub fn find<'a>(
        &self,
        view: AsOfView<'a>,
        after: Option<&str>,
        most: usize,
    ) -> Vec<FoundLine<'a>> {
        let day = day_of(view.at());
        let offerings = view.snapshot().offering_ids(None).filter_map(|id| view.priced(id));
        let wanted = offerings.filter(|offering| {
            let is = |wanted: &Option<String>, own: &String| {
                wanted.as_ref().is_none_or(|wanted| wanted == own)
            };
            is(&self.municipality, &offering.municipality)
                && is(&self.service, &offering.service)
                && offering.state_at(view.at()) != OfferingState::Ended
        });
        let rates = wanted.flat_map(|offering| {
            let rates = offering.content.table().rates().iter();
            rates.map(move |rate| (offering, rate))
        });
        let in_force = rates.filter(|(_, rate)| self.fits(&rate.key) && rate.valid_on(day));
        let placed = in_force.map(|(offering, rate)| FoundLine {
            place: place(offering, rate),
            offering,
            rate,
        });
        let mut found: Vec<_> =
            placed.filter(|it| after.is_none_or(|after| after < it.place.as_str())).collect();
        // Lines after the page need no order.
        if most < found.len() {
            found.select_nth_unstable_by(most, |one, other| one.place.cmp(&other.place));
            found.truncate(most);
        }
        found.sort_unstable_by(|one, other| one.place.cmp(&other.place));
        found
    }
}

impl<'a> AsOfView<'a> {
    /// The last known record of an offering, whose prices have days of their own. `None` if another of the same
    /// municipality and service was in force then and this was not published yet.
    #[must_use]
    pub fn priced(&self, id: Uuid) -> Option<&'a OfferingRecord> {
        let offering = self.known_of(id).next().map(|(offering, _)| offering)?;
        let is_published = self.versions(id).next().is_some();
        let mut others = self.snapshot().offerings_of(&offering.municipality, &offering.service);
        (is_published || others.all(|other| other == id)).then_some(offering)
    }

    /// The first publication of each line of an offering's table, by the knowledge at the time.
    #[must_use]
    pub fn published_lines(&self, id: Uuid) -> BTreeMap<LineKey<'a>, Instant> {
        let rates = self.known_of(id).flat_map(|(offering, recorded_at)| {
            let rates = offering.content.table().rates().iter();
            rates.map(move |rate| (line_key(rate), recorded_at))
        });
        // Backwards, so the earliest publication wins.
        rates.collect()
    }

    /// All known records of an offering, latest first, with their times.
    fn known_of(&self, id: Uuid) -> impl Iterator<Item = (&'a OfferingRecord, Instant)> + use<'a> {
        let snapshot = self.snapshot();
        let latest = snapshot.offerings.get(&id).map_or(0, |row| row.position);
        let last = snapshot.latest_until(latest, self.position());
        let all = std::iter::successors(last, move |entry: &&'a Arc<FeedEntry>| {
            snapshot.change_at(entry.former)
        });
        all.filter_map(|entry| match &entry.change.record {
            Some(PublicRecord::Offering(offering)) => Some((&**offering, entry.recorded_at)),
            _ => None,
        })
    }
}

/// Whether a text is the place of a line: seven parts, and the last is the id of an offering.
#[must_use]
pub fn is_place(value: &str) -> bool {
    let parts: Vec<_> = value.split(' ').collect();
    matches!(parts.as_slice(), [.., id] if parts.len() == 7 && Uuid::parse_str(id).is_ok())
}

/// Key, first day and amount in øre of a line.
pub type LineKey<'a> = (&'a RateKey, NaiveDate, i64);

/// The key of a line.
#[must_use]
pub fn line_key(rate: &Rate) -> LineKey<'_> {
    (&rate.key, rate.from, rate.amount.money().ore())
}

fn place(offering: &OfferingRecord, rate: &Rate) -> String {
    let OfferingRecord { service, municipality, id, .. } = offering;
    let RateKey { unit, zone, band } = &rate.key;
    let code = |code: &Option<Code>| code.as_ref().map(ToString::to_string).unwrap_or_default();
    let (unit, band, zone, from) = (unit.as_str(), code(band), code(zone), rate.from);
    format!("{service} {unit} {band} {municipality} {zone} {from} {id}")
}
