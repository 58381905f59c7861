//! Real municipalities, and offerings derived from those of the demo.

use super::{Country, CountryError, Dice, Of, event, made};
use godkjent::{
    catalogue::{MunicipalityEntry, ServiceType},
    domain::{
        compensation::rate::RateBasis,
        event::{Event, EventKind, Subject},
        municipality::{Contact, LanguageForm},
        offering::{
            OfferingState,
            content::{ContentParts, OfferingContent, OwnOffer, Zone},
        },
        values::{
            ids::OfferingId,
            money::Price,
            numbers::Language,
            text::{Code, Email, Line, LocalPresentation, LocalText},
            time::Instant,
        },
    },
    json::{
        form::parse_json,
        public::{MunicipalityRecord, OfferingRecord, PublicRecord},
    },
};

/// The models of offerings of the usual services, and of all others.
const TEMPLATES: [&str; 3] = [
    include_str!("../../../data/demo/kristiansand-personal-assistance.json"),
    include_str!("../../../data/demo/kristiansand-practical-help.json"),
    include_str!("../../../data/demo/baerum-home-nursing.json"),
];
const ZONES: [(&str, &str); 5] =
    [("north", "Nord"), ("east", "Øst"), ("south", "Sør"), ("west", "Vest"), ("centre", "Sentrum")];

pub(super) fn templates() -> Result<Vec<ContentParts>, CountryError> {
    let templates = TEMPLATES.iter().map(|json| parse_json(json).map_err(CountryError::Template));
    templates.collect()
}

impl Country {
    /// The municipality of that number among those that publish.
    pub(super) fn municipality(&self, nth: usize) -> Option<(Event, PublicRecord)> {
        let number = self.municipalities.get(nth)?;
        let (_, entry) = self.catalogue.municipality(number.as_str())?;
        let record = MunicipalityRecord {
            number: number.clone(),
            contact: contact(entry)?,
            deciding_body: Line::parse("Kommunedirektøren").ok()?,
            appeal_body: Line::parse(&format!("{} kommunes klageutvalg", entry.name)).ok()?,
            language: match entry.language_form.as_str() {
                "nn" => LanguageForm::Nynorsk,
                _ => LanguageForm::Bokmal,
            },
            revision: 1,
        };
        let subject = Subject::Municipality(number.clone());
        let event = Event {
            municipality: Some(number.clone()),
            ..event(EventKind::MunicipalityUpdated, subject, 1)
        };
        Some((event, record.into()))
    }

    /// The offering of a place.
    pub(super) fn offering(&self, place: usize, at: Instant) -> Option<(Event, PublicRecord)> {
        let record = self.offering_record(place, at)?;
        let number = self.municipalities.get(place % self.municipalities.len())?;
        let subject = Subject::Offering(OfferingId::new(record.id));
        let event = Event {
            municipality: Some(number.clone()),
            ..event(EventKind::OfferingPublished, subject, 1)
        };
        Some((event, record.into()))
    }

    fn offering_record(&self, place: usize, at: Instant) -> Option<OfferingRecord> {
        let (entry, service) = self.published(place)?;
        Some(OfferingRecord {
            id: self.offering_id(place),
            municipality: entry.number.clone(),
            service: service.code.clone(),
            version: 1,
            published_at: at,
            state: OfferingState::Published,
            closure: None,
            own_listing: None,
            compensation_announced: None,
            content: self.content(place, entry, service)?,
        })
    }

    fn template(&self, place: usize) -> Option<&ContentParts> {
        let kind = place / self.municipalities.len();
        self.templates.get(kind).or(self.templates.last())
    }

    pub(super) fn offering_id(&self, place: usize) -> uuid::Uuid {
        made(Of::Offering, self.at(self.towns() + place), place)
    }

    /// The zones of a place: the whole, or two to five named ones.
    pub(super) fn zones(&self, place: usize) -> Vec<Zone> {
        let mut dice = self.dice(Of::Decision, place);
        let many = dice.below(ZONES.len() + 1);
        let zone = |(code, name): &(&str, &str)| {
            Some(Zone { code: Code::parse(code).ok()?, name: Line::parse(name).ok()? })
        };
        if many < 2 {
            return zone(&("whole", "Hele kommunen")).into_iter().collect();
        }
        ZONES.iter().take(many).filter_map(zone).collect()
    }

    fn content(
        &self,
        place: usize,
        entry: &MunicipalityEntry,
        service: &ServiceType,
    ) -> Option<OfferingContent> {
        let mut dice = self.dice(Of::Offering, place);
        let mut parts = self.template(place)?.clone();
        parts.title = title(entry, service);
        parts.service.zones = self.zones(place);
        parts.process.contact = contact(entry)?;
        parts.compensation.rates.truncate(1);
        for rate in &mut parts.compensation.rates {
            // A template may price zones that are not here.
            rate.key.zone = None;
            // The parts of its amount are not those of another.
            rate.basis = RateBasis::Stated { parts: None, note: None };
            rate.amount = Price::parse(&price(&mut dice)).ok()?;
        }
        parts.citizen.own_offer = OwnOffer {
            name: Line::parse(&format!("{} kommune, {}", entry.name, service.name_nb)).ok()?,
            presentation: LocalPresentation::of_registry(
                "Kommunens egen tjeneste, med de samme vilkårene.",
                "",
                "",
            ),
            languages: ["nb", "en"].into_iter().filter_map(|it| Language::parse(it).ok()).collect(),
            phone: None,
            web: None,
        };
        OfferingContent::new(parts).ok()
    }
}

fn title(entry: &MunicipalityEntry, service: &ServiceType) -> LocalText {
    let of = |name: &str, word: &str| format!("{name} {word} {}", entry.name);
    LocalText::of_registry(
        &of(&service.name_nb, "i"),
        &of(&service.name_nn, "i"),
        &of(&service.name_en, "in"),
    )
}

fn contact(entry: &MunicipalityEntry) -> Option<Contact> {
    Some(Contact {
        name: Line::parse(&format!("{} kommune, helse og mestring", entry.name)).ok()?,
        email: Email::parse(&format!("brukervalg-{}@example.no", entry.number)).ok()?,
        phone: None,
    })
}

fn price(dice: &mut Dice) -> String {
    format!("{}.{}0", 480 + dice.below(420), dice.below(10))
}
