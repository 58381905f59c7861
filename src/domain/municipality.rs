//! Municipality: its deciding body, appeal body and four-eyes setting.

use super::{
    Change,
    error::DomainError,
    event::{Event, EventKind, Subject},
    role::Editor,
    rules::{impartiality::Staff, notification::NoticeChannel},
    values::{
        ids::Revision,
        numbers::MunicipalityNumber,
        text::{Email, Line, Phone},
    },
};

/// The contact unit of a municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name of the unit or the person.
    pub name: Line,
    /// E-mail address.
    pub email: Email,
    /// Telephone.
    pub phone: Option<Phone>,
}

keywords! {
    /// Målform: the written form of Norwegian in letters (språklova).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum LanguageForm {
        /// Bokmål; also of municipalities that have chosen neither.
        #[default]
        Bokmal = "nb",
        Nynorsk = "nn",
    }
}

/// Settings that a decision needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MunicipalitySettings {
    /// Fixed contact towards providers.
    pub contact: Contact,
    /// The body that decides, such as the municipal director (kommuneloven § 13-1).
    pub deciding_body: Line,
    /// The delegation that gives it the power.
    pub delegation: Line,
    /// The body that hears appeals (forvaltningsloven § 28 second paragraph).
    pub appeal_body: Line,
    /// Lawsuits only after an appeal that is decided (forvaltningsloven § 27 b); decisions tell of it.
    pub court_condition: bool,
    /// The signer must be another person than the assessor.
    pub four_eyes: bool,
    /// Staff of the municipality's own provider, who therefore handle no case. Not public.
    pub own_provider_staff: Staff,
    /// The written form of its letters; none where its editor has not said, and then that of its decision (the catalogue).
    pub language: Option<LanguageForm>,
    /// How providers get notice of its messages.
    pub notice_channel: NoticeChannel,
}

impl MunicipalitySettings {
    /// The written form of its letters.
    #[must_use]
    pub fn letter_language(&self) -> LanguageForm {
        self.language.unwrap_or_default()
    }
}

/// A municipality that has set itself up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    pub number: MunicipalityNumber,
    /// Its settings.
    pub settings: MunicipalitySettings,
    /// How many times it has been put.
    pub revision: Revision,
}

impl Municipality {
    /// Puts the settings, for the first time or again.
    ///
    /// # Errors
    /// `not-your-organisation` for an editor of another municipality.
    pub fn put(
        before: Option<Self>,
        number: MunicipalityNumber,
        settings: MunicipalitySettings,
        by: &Editor,
    ) -> Result<Change<Self>, DomainError> {
        if by.municipality != number {
            return Err(DomainError::not_your_organisation());
        }
        let revision = before.map_or(Revision::FIRST, |before| before.revision.next());
        let event = Event {
            kind: EventKind::MunicipalityUpdated,
            subject: Subject::Municipality(number.clone()),
            revision,
            municipality: Some(number.clone()),
            provider: None,
            detail: vec![],
        };
        Ok(Change { value: Self { number, settings, revision }, event })
    }
}
