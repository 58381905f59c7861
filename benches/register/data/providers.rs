//! Synthetic providers on the synthetic series of organisation numbers.

use super::{Country, Dice, Of, event, words};
use godkjent::{
    domain::{
        event::{Event, EventKind, Subject},
        provider::ProviderKind,
        values::{
            numbers::OrganisationNumber,
            text::{Line, LocalPresentation, Phone, Presentation, WebAddress},
            time::Instant,
        },
    },
    json::public::{ProviderRecord, PublicRecord},
};

/// One provider in so many speaks the rare language.
const RARE: usize = 1000;

/// The synthetic numbers with a valid check digit, beyond those that the demo uses.
pub(super) fn numbers() -> impl Iterator<Item = OrganisationNumber> {
    let said = (31_300_100..31_400_000_u32).flat_map(|stem| (0..10).map(move |d| (stem, d)));
    said.filter_map(|(stem, digit)| OrganisationNumber::parse(&format!("{stem}{digit}")).ok())
}

impl Country {
    /// The provider of that number, as it registered.
    pub(super) fn provider(&self, nth: usize, at: Instant) -> Option<(Event, PublicRecord)> {
        let record = self.profile(nth, at)?;
        let subject = Subject::Provider(self.providers.get(nth)?.clone());
        let event = Event {
            provider: self.providers.get(nth).cloned(),
            ..event(EventKind::ProviderRegistered, subject, record.revision)
        };
        Some((event, record.into()))
    }

    /// A provider's profile at its registration.
    pub(super) fn profile(&self, nth: usize, at: Instant) -> Option<ProviderRecord> {
        let number = self.providers.get(nth)?.clone();
        let mut dice = self.dice(Of::Row, nth);
        let name = words::name(&mut dice, nth);
        let kind = ["commercial", "commercial", "commercial", "commercial", "non-profit"];
        let kind = dice.pick(&kind);
        let sentences = 3 + dice.below(4);
        Some(ProviderRecord {
            name: Line::parse(&name).ok()?,
            kind: ProviderKind::ALL.into_iter().find(|it| it.as_str() == kind)?,
            presentation: words::text(&mut dice, sentences),
            languages: words::languages(&mut dice, nth % RARE == 7),
            phone: Phone::parse(&phone(&mut dice)).ok(),
            web: WebAddress::parse(&format!("https://demo.example.no/{number}")).ok(),
            organisation_number: number,
            last_confirmed_at: at,
            revision: 1,
        })
    }

    /// The same as of the present.
    pub(super) fn registered(&self, nth: usize) -> Option<ProviderRecord> {
        self.profile(nth, self.at(self.towns() + self.places + nth))
    }

    /// The provider of an approval: adjacent numbers in one place, so that none occurs twice.
    pub(super) fn provider_of(&self, approval: usize) -> usize {
        let (place, nth) = (approval % self.places, approval / self.places);
        let first = self.dice(Of::Offering, place).below(self.providers.len());
        (first + nth) % self.providers.len().max(1)
    }
}

fn phone(dice: &mut Dice) -> String {
    format!("{} 00 {:02} {:02}", 21 + dice.below(57), dice.below(100), dice.below(100))
}

/// A presentation that names its change in bokmål and nynorsk.
pub(super) fn changed(text: &LocalPresentation, serial: u64) -> LocalPresentation {
    let change = |text: Option<&Presentation>| {
        let before = text.map_or("", Presentation::as_str);
        format!("{before} [{serial}]").trim().to_owned()
    };
    let english = text.en().map_or("", Presentation::as_str);
    LocalPresentation::of_registry(&change(text.nb()), &change(text.nn()), english)
}
