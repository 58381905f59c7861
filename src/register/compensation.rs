//! Pristabellen over landet: every line in force on a day, like beside like.

use std::{collections::BTreeMap, sync::Arc};

use uuid::Uuid;

use super::{as_of::AsOfView, feed::FeedEntry};
use crate::{
    domain::{
        offering::OfferingState,
        values::time::{Instant, day_of},
    },
    json::{
        compensation::{CompensationLineForm, Identity},
        public::{OfferingRecord, PublicRecord},
    },
};

/// Filters of the table, which are combined.
#[derive(Debug, Clone, Default)]
pub struct PriceFilter {
    /// The municipality's present number.
    pub municipality: Option<String>,
    /// The code of the service.
    pub service: Option<String>,
    /// Unit.
    pub unit: Option<String>,
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
    pub line: &'a CompensationLineForm,
}

impl PriceFilter {
    /// Whether a line matches the filters.
    #[must_use]
    pub fn fits(&self, line: &CompensationLineForm) -> bool {
        let holds = |wanted: &Option<String>, own: &Option<String>| {
            wanted.is_none() || own.is_none() || wanted == own
        };
        self.unit.as_ref().is_none_or(|unit| line.unit == *unit)
            && holds(&self.zone, &line.zone)
            && holds(&self.band, &line.band)
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
        let day = day_of(view.at()).to_string();
        let offerings = view.snapshot().offering_ids(None).filter_map(|id| view.priced(id));
        let wanted = offerings.filter(|offering| {
            let is = |wanted: &Option<String>, own: &String| {
                wanted.as_ref().is_none_or(|wanted| wanted == own)
            };
            is(&self.municipality, &offering.municipality)
                && is(&self.service, &offering.service)
                && offering.state_at(view.at()) != OfferingState::Ended
        });
        let lines = wanted.flat_map(|offering| {
            let lines = offering.content.compensation.iter().flat_map(|it| &it.lines);
            lines.map(move |line| (offering, line))
        });
        let in_force = lines.filter(|(_, line)| self.fits(line) && line.is_valid_on(&day));
        let placed = in_force.map(|(offering, line)| FoundLine {
            place: place(offering, line),
            offering,
            line,
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
    pub fn lines_told(&self, id: Uuid) -> BTreeMap<Identity<'a>, Instant> {
        let lines = self.known_of(id).flat_map(|(offering, recorded_at)| {
            let lines = offering.content.compensation.iter().flat_map(|it| &it.lines);
            lines.map(move |line| (line.identity(), recorded_at))
        });
        // Backwards, so the earliest publication wins.
        lines.collect()
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

fn place(offering: &OfferingRecord, line: &CompensationLineForm) -> String {
    let OfferingRecord { service, municipality, id, .. } = offering;
    let value = |code: &Option<String>| code.clone().unwrap_or_default();
    let (unit, from) = (&line.unit, &line.valid_from);
    let (band, zone) = (value(&line.band), value(&line.zone));
    format!("{service} {unit} {band} {municipality} {zone} {from} {id}")
}
