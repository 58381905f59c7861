//! Real municipalities, and offerings derived from those of the demo.

use super::{Country, CountryError, Dice, Of, event, made};
use godkjent::{
    catalogue::{MunicipalityEntry, ServiceType},
    domain::{
        event::{Event, EventKind, Subject},
        municipality::LanguageForm,
        validation::ValidationErrors,
        values::{ids::OfferingId, text::Line, time::Instant},
    },
    json::{
        LocalTextForm,
        offering::{ContactForm, ContentForm, OwnOfferForm, ZoneForm},
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

pub(super) fn templates() -> Result<Vec<ContentForm>, CountryError> {
    TEMPLATES.iter().map(|json| Ok(serde_json::from_str(json)?)).collect()
}

impl Country {
    /// The municipality of that number among those that publish.
    pub(super) fn municipality(&self, nth: usize) -> Option<(Event, PublicRecord)> {
        let number = self.municipalities.get(nth)?;
        let (_, entry) = self.catalogue.municipality(number.as_str())?;
        let record = MunicipalityRecord {
            number: number.clone(),
            contact: contact(entry).read(&mut ValidationErrors::default(), "")?,
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
            state: "published".to_owned(),
            closure: None,
            own_listing: None,
            compensation_announced: None,
            content: self.content(place, entry, service)?,
        })
    }

    fn template(&self, place: usize) -> Option<&ContentForm> {
        let kind = place / self.municipalities.len();
        self.templates.get(kind).or(self.templates.last())
    }

    pub(super) fn offering_id(&self, place: usize) -> uuid::Uuid {
        made(Of::Offering, self.at(self.towns() + place), place)
    }

    /// The zones of a place: the whole, or two to five named ones.
    pub(super) fn zones(&self, place: usize) -> Vec<ZoneForm> {
        let mut dice = self.dice(Of::Decision, place);
        let many = dice.below(ZONES.len() + 1);
        let zone = |(code, name): &(&str, &str)| ZoneForm {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
        };
        if many < 2 {
            return vec![zone(&("whole", "Hele kommunen"))];
        }
        ZONES.iter().take(many).map(zone).collect()
    }

    fn content(
        &self,
        place: usize,
        entry: &MunicipalityEntry,
        service: &ServiceType,
    ) -> Option<ContentForm> {
        let mut dice = self.dice(Of::Offering, place);
        let mut content = self.template(place)?.clone();
        content.title = Some(title(entry, service));
        content.service.as_mut()?.zones = self.zones(place);
        content.process.as_mut()?.contact = Some(contact(entry));
        let lines = &mut content.compensation.as_mut()?.lines;
        lines.truncate(1);
        for line in lines {
            // A template may price zones that are not here.
            line.zone = None;
            // The parts of its amount are not those of another.
            (line.parts, line.note) = (None, None);
            line.amount.amount = price(&mut dice);
        }
        content.citizen.as_mut()?.own_offer = Some(OwnOfferForm {
            name: Some(format!("{} kommune, {}", entry.name, service.name_nb)),
            presentation: Some(LocalTextForm {
                nb: Some("Kommunens egen tjeneste, med de samme vilkårene.".to_owned()),
                ..LocalTextForm::default()
            }),
            languages: vec!["nb".to_owned(), "en".to_owned()],
            phone: None,
            web: None,
        });
        Some(content)
    }
}

fn title(entry: &MunicipalityEntry, service: &ServiceType) -> LocalTextForm {
    let of = |name: &str, word: &str| Some(format!("{name} {word} {}", entry.name));
    LocalTextForm {
        nb: of(&service.name_nb, "i"),
        nn: of(&service.name_nn, "i"),
        en: of(&service.name_en, "in"),
    }
}

fn contact(entry: &MunicipalityEntry) -> ContactForm {
    ContactForm {
        name: Some(format!("{} kommune, helse og mestring", entry.name)),
        email: Some(format!("brukervalg-{}@example.no", entry.number)),
        phone: None,
    }
}

fn price(dice: &mut Dice) -> String {
    format!("{}.{}0", 480 + dice.below(420), dice.below(10))
}
