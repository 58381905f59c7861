//! A letter without format, and what all letters have in common.

use chrono::NaiveDate;

use super::language::{self, BilingualText, Pen, text};
use crate::{
    catalogue::Catalogue,
    domain::{
        appeal::Appellant,
        decision::Decision,
        municipality::{LanguageForm, Municipality},
        rules::regime::Regime,
        values::{numbers::OrganisationNumber, text::Code},
    },
};

/// A letter, ready to be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its written form of Norwegian.
    pub language: LanguageForm,
    /// The sender.
    pub sender: String,
    /// Title.
    pub title: String,
    /// Label and value: receiver, date, reference.
    pub head: Vec<(String, String)>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The words before the names.
    pub closing: String,
    /// Signature lines.
    pub signatures: Vec<String>,
}

/// A heading with its content; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    /// The content.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// One paragraph.
    Paragraph(String),
    /// A list; at least one item.
    List(Vec<String>),
}

/// Sender, receiver and service of a letter.
#[derive(Debug, Clone, Copy)]
pub struct Parties<'a> {
    /// Names of municipalities, services and grounds.
    pub catalogue: &'a Catalogue,
    /// The sender.
    pub municipality: &'a Municipality,
    /// The receiver, or the party of the decision that another has appealed against.
    pub provider: &'a OrganisationNumber,
    /// The provider's name as it is registered.
    pub name: &'a str,
    /// Another appellant that the letter goes to instead.
    pub appellant: Option<&'a Appellant>,
    /// The code of the service.
    pub service: &'a Code,
    /// The address of the registry, without a slash at its end; empty where it has none.
    pub address: &'a str,
}

const TO: BilingualText = text("Til", "Til");
const ADDRESS: BilingualText = text("Adresse", "Adresse");
const NUMBER: BilingualText = text("Organisasjonsnummer", "Organisasjonsnummer");
const DATE: BilingualText = text("Dato", "Dato");
const REFERENCE: BilingualText = text("Vår referanse", "Vår referanse");
const CLOSING: BilingualText = text("Med hilsen", "Med helsing");
const QUESTIONS: BilingualText = text("Spørsmål", "Spørsmål");
const ASK: BilingualText = text(
    "Ta gjerne kontakt med oss: {kontakt}, {epost}.",
    "Ta gjerne kontakt med oss: {kontakt}, {epost}.",
);
const ASK_BY_PHONE: BilingualText = text(
    "Ta gjerne kontakt med oss: {kontakt}, {epost}, telefon {telefon}.",
    "Ta gjerne kontakt med oss: {kontakt}, {epost}, telefon {telefon}.",
);
const SEND: BilingualText = text(
    "Klag elektronisk {kanal}. Får dere ikke kvittering, må dere sende klagen på nytt.",
    "Klag elektronisk {kanal}. Får de ikkje kvittering, må de sende klaga på nytt.",
);
const CASE_WORKER: BilingualText = text("Saksbehandler: {navn}", "Saksbehandlar: {navn}");

impl<'a> Parties<'a> {
    /// Writes in the municipality's written form, under a regime.
    pub(super) fn pen(&self, regime: Regime) -> Pen {
        Pen { form: self.municipality.settings.letter_language(), regime }
    }

    pub(super) fn sender(&self) -> String {
        let number = self.municipality.number.as_str();
        let name = self.catalogue.municipality(number).map_or(number, |(_, entry)| &entry.name);
        format!("{name} kommune")
    }

    pub(super) fn service(&self, pen: Pen) -> &'a str {
        let code = self.service.as_str();
        self.catalogue
            .service_type(code)
            .map_or(code, |service| pen.either(&service.name_nb, &service.name_nn))
    }

    pub(super) fn ground(&self, pen: Pen, code: &'a str) -> &'a str {
        let found = self.catalogue.grounds.iter().find(|ground| ground.code == code);
        found.map_or(code, |ground| pen.either(&ground.name_nb, &ground.name_nn))
    }

    pub(super) fn topic(&self, pen: Pen, code: &'a str) -> &'a str {
        let found = self.catalogue.topics.iter().find(|topic| topic.code == code);
        found.map_or(code, |topic| pen.either(&topic.name_nb, &topic.name_nn))
    }

    /// A text about the parties, with their names and that of the service, and with more values.
    pub(super) fn say(&self, pen: Pen, text: &BilingualText, more: &[(&str, &str)]) -> String {
        let (sender, number) = (self.sender(), self.provider.to_string());
        let mut values = vec![
            ("kommune", sender.as_str()),
            ("leverandor", self.name),
            ("nummer", number.as_str()),
            ("tjeneste", self.service(pen)),
        ];
        values.extend(more);
        pen.say(text, &values)
    }

    /// How to reach the municipality: at a path of the registry, or by e-mail. The words are the same in both forms.
    pub(super) fn way(&self, path: &str) -> String {
        let by_email = self.way_by_email();
        match self.address {
            "" => by_email,
            address => format!("i registeret ({address}/v1/{path}) eller {by_email}"),
        }
    }

    /// How one who is no user of the registry reaches the municipality.
    pub(super) fn way_by_email(&self) -> String {
        format!("på e-post til {}", self.municipality.settings.contact.email)
    }

    /// Where to appeal electronically (eForvaltningsforskriften § 11).
    pub(super) fn way_to_appeal(&self, pen: Pen, decision: &Decision) -> String {
        let way = match self.appellant {
            Some(_) => self.way_by_email(),
            None => self.way(&format!("decisions/{}/appeals", decision.id)),
        };
        pen.say(&SEND, &[("kanal", &way)])
    }

    /// The contact, as the last section.
    pub(super) fn questions(&self, pen: Pen) -> Section {
        let contact = &self.municipality.settings.contact;
        let phone = contact.phone.as_ref().map(ToString::to_string);
        let text = if phone.is_some() { &ASK_BY_PHONE } else { &ASK };
        let values = [
            ("kontakt", contact.name.as_str()),
            ("epost", contact.email.as_str()),
            ("telefon", phone.as_deref().unwrap_or_default()),
        ];
        Section::new(pen.say(&QUESTIONS, &[]), [pen.say(text, &values)])
    }

    /// The names under a letter that is no decision: the case worker, for the municipality.
    pub(super) fn signed_by(&self, pen: Pen, case_worker: &str) -> Vec<String> {
        vec![pen.say(&CASE_WORKER, &[("navn", case_worker)]), self.sender()]
    }

    fn receiver(&self, pen: Pen) -> Vec<(String, String)> {
        let label = |text| pen.say(text, &[]);
        match self.appellant {
            Some(Appellant::Other { name, contact, .. }) => {
                let contact = contact.iter().map(|it| (label(&ADDRESS), it.to_string()));
                [(label(&TO), name.to_string())].into_iter().chain(contact).collect()
            }
            Some(Appellant::Party) | None => vec![
                (label(&TO), self.name.to_owned()),
                (label(&NUMBER), self.provider.to_string()),
            ],
        }
    }

    pub(super) fn letter(
        &self,
        pen: Pen,
        title: String,
        reference: &str,
        date: NaiveDate,
        sections: Vec<Section>,
        signatures: Vec<String>,
    ) -> Letter {
        let label = |text| pen.say(text, &[]);
        Letter {
            language: pen.form,
            sender: self.sender(),
            title,
            head: self
                .receiver(pen)
                .into_iter()
                .chain([
                    (label(&DATE), language::date(date)),
                    (label(&REFERENCE), reference.to_owned()),
                ])
                .collect(),
            sections,
            closing: label(&CLOSING),
            signatures,
        }
    }
}

impl Section {
    /// A section of paragraphs.
    pub(super) fn new(heading: String, paragraphs: impl IntoIterator<Item = String>) -> Self {
        Self { heading, blocks: paragraphs.into_iter().map(Block::Paragraph).collect() }
    }

    /// A section with a person's text; each of its lines is a paragraph.
    pub(super) fn written(heading: String, prose: &str) -> Self {
        Self::new(heading, lines(prose).map(str::to_owned))
    }

    /// The same with another paragraph at its end.
    pub(super) fn followed_by(mut self, paragraph: String) -> Self {
        self.blocks.push(Block::Paragraph(paragraph));
        self
    }

    /// The same with a list at its end, unless there is nothing to list.
    pub(super) fn listing(mut self, items: Vec<String>) -> Self {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
        self
    }
}

/// The non-blank lines of a person's text.
pub(super) fn lines(prose: &str) -> impl Iterator<Item = &str> {
    prose.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A person's text, as one line of a list.
pub(super) fn one_line(prose: &str) -> String {
    lines(prose).collect::<Vec<_>>().join(" ")
}
