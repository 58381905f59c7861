//! Kept letters: what was made available to a party, with bytes that never change.

use super::NoticeKind;
use crate::domain::{
    event::Subject,
    municipality::LanguageForm,
    values::{
        ids::{NoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Line,
        time::Instant,
    },
};

/// A letter in both of its forms, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLetter {
    /// The message.
    pub kind: NoticeKind,
    /// What the message belongs to.
    pub subject: Subject,
    /// Another appellant that it goes to instead of the provider.
    pub appellant: Option<Line>,
    /// Its written form of Norwegian.
    pub language: LanguageForm,
    /// As a page.
    pub html: String,
    /// As plain text.
    pub text: String,
}

/// A letter as it was made available.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLetter {
    /// That of the journal row of its event, and of the notice about it.
    pub id: NoticeId,
    pub letter: WrittenLetter,
    /// The sender.
    pub municipality: MunicipalityNumber,
    /// The recipient.
    pub provider: OrganisationNumber,
    /// The revision of the subject after the event.
    pub revision: Revision,
    /// When it was made available.
    pub available_at: Instant,
    /// The SHA-256 digest of the page, in hexadecimal digits. The journal row of the event has the same.
    pub html_digest: String,
    /// That of the text.
    pub text_digest: String,
}
