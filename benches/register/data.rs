//! A synthetic country of any size: real municipalities and services, synthetic providers.
//!
//! The same seed and size always give the same records, in the order of a real journal. No clock is read:
//! contracts begin between 2021 and 2026, and active ones last to the end of 2036 at least. Benchmarks and
//! tests load it; none of it is real.

mod approvals;
mod changes;
mod offerings;
mod providers;
mod words;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta};
use uuid::Uuid;

pub use changes::Changes;
pub use words::RARE_LANGUAGE;

use super::dice::Dice;
use godkjent::{
    catalogue::{Catalogue, MunicipalityEntry, ServiceType},
    domain::{
        event::{Event, EventKind, Subject},
        offering::content::ContentParts,
        validation::ValidationErrors,
        value_error::ValueError,
        values::{
            ids::Revision,
            numbers::{MunicipalityNumber, OrganisationNumber},
            time::Instant,
        },
    },
    json::public::PublicRecord,
    store::{CommandMetadata, Done, RelatedChange, Store, StoreError},
};

/// Approvals for one service in one municipality, as long as there are services left to publish.
pub const PER_PLACE: usize = 20;
/// Active approvals in one place; further ones have expired, as after many years.
pub const STANDING: usize = 40;
/// Maximum number of providers: there are slightly more synthetic numbers.
const MOST_PROVIDERS: usize = 80_000;
/// Seconds from 1970 to 2021-10-01T06:00:00Z, where the journal begins.
const BEGIN: i64 = 1_633_068_000;
/// How long it takes until all is loaded, in milliseconds: to the end of 2025.
const SPAN: i64 = 134_092_800_000;
/// Services in the order in which municipalities take them up: the usual ones first.
const USUAL: [&str; 3] = ["personal-assistance", "practical-help", "home-nursing"];

/// Maximum number of rows in one transaction.
const TOGETHER: usize = 1000;

/// A public change without its case.
#[derive(Debug, Clone)]
pub struct PublicEntry {
    /// Id of its journal row.
    pub id: Uuid,
    /// When it happened.
    pub at: Instant,
    /// The event.
    pub event: Event,
    /// The whole public representation afterwards.
    pub record: PublicRecord,
}

/// Appends public rows to the journal; returns their number. Up to a thousand of one week are one transaction,
/// with the time of the last. The tables of cases are unchanged, so commands on the data are not possible.
pub fn append(
    store: &Store,
    metadata: &CommandMetadata,
    entries: impl IntoIterator<Item = PublicEntry>,
) -> Result<usize, StoreError> {
    let mut entries = entries.into_iter().peekable();
    let mut appended = 0;
    while let Some(PublicEntry { id, at: first, event, record }) = entries.next() {
        let (mut at, mut related) = (first, vec![]);
        while let Some(next) = entries.next_if(|next| next.at - first < TimeDelta::weeks(1)) {
            at = next.at;
            related.push(RelatedChange {
                id: next.id,
                event: next.event,
                public: Some(next.record),
            });
            if related.len() + 1 == TOGETHER {
                break;
            }
        }
        appended += 1 + related.len();
        let metadata = CommandMetadata { id, at, ..metadata.clone() };
        let done = Done { event, public: Some(record), related, answer: () };
        store.write(&metadata, |_| Ok::<_, StoreError>(done))?;
    }
    Ok(appended)
}

/// A country with so many approvals.
#[derive(Debug, Clone)]
pub struct Country {
    seed: u64,
    approvals: usize,
    catalogue: Arc<Catalogue>,
    municipalities: Vec<MunicipalityNumber>,
    services: Vec<String>,
    providers: Vec<OrganisationNumber>,
    places: usize,
    templates: Vec<ContentParts>,
}

/// Why there is no such country.
#[derive(Debug, thiserror::Error)]
pub enum CountryError {
    /// The catalogue lacks data for the country.
    #[error("the catalogue has no municipality or no service")]
    Empty,
    /// A municipality's number.
    #[error("a municipality of the catalogue: {0}")]
    Number(ValueError),
    /// A text of offerings.
    #[error("an offering of the demo: {0:?}")]
    Template(ValidationErrors),
}

/// The records, kind by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nth {
    Municipality(usize),
    Offering(usize),
    Provider(usize),
    Approval(usize),
}

/// Kind of an id: ids of different kinds never collide.
#[derive(Debug, Clone, Copy)]
enum Of {
    Row,
    Offering,
    Approval,
    Decision,
    Change,
}

impl Country {
    /// A country with so many approvals, about 20 for each service in each municipality until
    /// all choosable services are published everywhere (at some 110 000).
    pub fn new(
        catalogue: Arc<Catalogue>,
        seed: u64,
        approvals: usize,
    ) -> Result<Self, CountryError> {
        let numbers: Result<Vec<_>, _> =
            catalogue.municipalities().map(|it| MunicipalityNumber::parse(&it.number)).collect();
        let municipalities = numbers.map_err(CountryError::Number)?;
        let choosable = catalogue.service_types.iter().filter(|it| it.choosable != "no");
        let mut services: Vec<_> = choosable.map(|it| it.code.clone()).collect();
        services.sort_by_key(|code| USUAL.iter().position(|it| it == code).unwrap_or(USUAL.len()));
        if municipalities.is_empty() || services.is_empty() {
            return Err(CountryError::Empty);
        }
        let most = municipalities.len() * services.len();
        let places = (approvals / PER_PLACE).clamp(1, most);
        let providers = (approvals / 5).max(approvals.div_ceil(places) + 5).min(MOST_PROVIDERS);
        Ok(Self {
            seed,
            approvals,
            municipalities,
            services,
            providers: providers::numbers().take(providers).collect(),
            places,
            templates: offerings::templates()?,
            catalogue,
        })
    }

    /// How many records there are before anything changes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.towns() + self.places + self.providers.len() + self.approvals
    }

    /// How many services are published in all municipalities together.
    #[must_use]
    pub const fn places(&self) -> usize {
        self.places
    }

    /// The municipality number and the service of a place.
    #[must_use]
    pub fn place(&self, place: usize) -> Option<(String, String)> {
        let (entry, service) = self.published(place).filter(|_| place < self.places)?;
        Some((entry.number.clone(), service.code.clone()))
    }

    /// All records in the order of the journal: municipalities, offerings, providers, approvals.
    pub fn records(&self) -> impl Iterator<Item = PublicEntry> + '_ {
        (0..self.size()).filter_map(|number| self.entry(number))
    }

    /// Changes without an end: listings and profiles, of approvals all over the country.
    #[must_use]
    pub fn changes(&self) -> Changes<'_> {
        Changes::new(self)
    }

    /// How many municipalities publish anything.
    fn towns(&self) -> usize {
        self.municipalities.len().min(self.places)
    }

    fn nth(&self, number: usize) -> Nth {
        let (towns, places, providers) = (self.towns(), self.places, self.providers.len());
        if number < towns {
            Nth::Municipality(number)
        } else if number < towns + places {
            Nth::Offering(number - towns)
        } else if number < towns + places + providers {
            Nth::Provider(number - towns - places)
        } else {
            Nth::Approval(number - towns - places - providers)
        }
    }

    fn entry(&self, number: usize) -> Option<PublicEntry> {
        let at = self.at(number);
        let id = made(Of::Row, at, number);
        let (event, record) = match self.nth(number) {
            Nth::Municipality(n) => self.municipality(n)?,
            Nth::Offering(n) => self.offering(n, at)?,
            Nth::Provider(n) => self.provider(n, at)?,
            Nth::Approval(n) => self.approval(n)?,
        };
        Some(PublicEntry { id, at, event, record })
    }

    /// Creation time of the record with that number.
    fn at(&self, number: usize) -> Instant {
        let part = (i128::from(SPAN) * wide(number)) / wide(self.size().max(1));
        begin() + TimeDelta::milliseconds(i64::try_from(part).unwrap_or(SPAN))
    }

    /// The number among all records of an approval.
    fn number_of_approval(&self, nth: usize) -> usize {
        self.towns() + self.places + self.providers.len() + nth
    }

    /// The municipality and the service of a place.
    fn published(&self, place: usize) -> Option<(&MunicipalityEntry, &ServiceType)> {
        let towns = self.municipalities.len();
        let number = self.municipalities.get(place % towns)?;
        let service = self.services.get(place / towns)?;
        let (_, entry) = self.catalogue.municipality(number.as_str())?;
        Some((entry, self.catalogue.service_type(service)?))
    }

    /// Dice for the record with that number of its kind.
    fn dice(&self, of: Of, number: usize) -> Dice {
        let kind = u64::try_from(kind(of)).unwrap_or(0);
        Dice::of(self.seed.rotate_left(17) ^ kind, number)
    }
}

fn begin() -> Instant {
    DateTime::from_timestamp(BEGIN, 0).unwrap_or_default()
}

fn wide(number: usize) -> i128 {
    i128::try_from(number).unwrap_or(0)
}

const fn kind(of: Of) -> u128 {
    match of {
        Of::Row => 1,
        Of::Offering => 2,
        Of::Approval => 3,
        Of::Decision => 4,
        Of::Change => 5,
    }
}

/// An id of version 7 without randomness: time, kind, and number.
fn made(of: Of, at: Instant, number: usize) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    let number = u128::try_from(number).unwrap_or(0);
    Uuid::from_u128(millis << 80 | 7 << 76 | kind(of) << 64 | 2 << 62 | number)
}

/// The first event of a subject.
fn event(kind: EventKind, subject: Subject, revision: i64) -> Event {
    Event {
        kind,
        subject,
        revision: Revision(revision),
        municipality: None,
        provider: None,
        detail: vec![],
    }
}

/// The last day of active contracts.
fn last_day() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2036, 12, 31)
}
