//! File of evidence: uploaded once by a provider and owned by it.
//!
//! `quarantined → clean | rejected` with a virus scanner, else `not-scanned`. The bytes never change; a case
//! can read them as long as its provider consents.

mod label;
#[cfg(test)]
mod tests;

pub use label::download_name;

use chrono::{NaiveDate, TimeDelta};

use super::{
    Change,
    application::POLICE_CERTIFICATE,
    error::DomainError,
    event::{Event, EventKind, Subject},
    role::ProviderUser,
    validation::ValidationErrors,
    values::{
        ids::{FileId, Revision},
        numbers::OrganisationNumber,
        text::{Code, Line, Note},
        time::{Instant, day_of},
    },
};
use crate::domain::message::fields;

keywords! {
    /// Type of a file, detected from its bytes and not from its name.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum MediaType {
        Pdf = "application/pdf",
        Png = "image/png",
        Jpeg = "image/jpeg",
        Text = "text/plain",
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Odt = "application/vnd.oasis.opendocument.text",
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
    }
}

/// Scanner verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceState {
    /// No scanner is configured: not scanned.
    NotScanned,
    /// Waits for the scanner.
    Quarantined,
    /// The scanner found nothing.
    Clean(Instant),
    /// The scanner found this. The bytes are deleted.
    Rejected(Instant, Line),
}

impl EvidenceState {
    /// The name of each state.
    pub const NAMES: [&'static str; 4] = ["not-scanned", "quarantined", "clean", "rejected"];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotScanned => "not-scanned",
            Self::Quarantined => "quarantined",
            Self::Clean(_) => "clean",
            Self::Rejected(..) => "rejected",
        }
    }
}

/// The largest sum of a case's files, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseLimit(pub i64);

/// The largest sum of a provider's files, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderLimit(pub i64);

impl ProviderLimit {
    /// Free space beside files of so many bytes.
    ///
    /// # Errors
    /// `provider-files-too-large` where there is none.
    pub fn room(self, used: i64) -> Result<i64, DomainError> {
        let room = self.0 - used;
        if room > 0 { Ok(room) } else { Err(DomainError::provider_files_too_large(self.0)) }
    }

    /// Checks that there is space for a file.
    ///
    /// # Errors
    /// `provider-files-too-large`.
    pub fn check(self, used: i64, bytes: i64) -> Result<(), DomainError> {
        if bytes <= self.room(used)? {
            Ok(())
        } else {
            Err(DomainError::provider_files_too_large(self.0))
        }
    }
}

/// Reason for the restriction of a file to the people who handle the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confidentiality {
    pub reason: Note,
}

/// Metadata of a file, sent by the provider before the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Kind of evidence.
    pub kind: Code,
    /// Title.
    pub title: Line,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Expiry date.
    pub expires_on: Option<NaiveDate>,
    /// Restriction to the people who handle the case, with the reason.
    pub confidential: Option<Confidentiality>,
}

impl Description {
    /// Checks that such a file may be uploaded.
    ///
    /// # Errors
    /// `police-certificate-file`, `validation` (`date-in-future`, `date-order`).
    pub fn check(&self, now: Instant) -> Result<(), DomainError> {
        if self.kind.as_str() == POLICE_CERTIFICATE {
            return Err(DomainError::police_certificate_file());
        }
        let errors = date_errors(self.issued_on, self.expires_on, now);
        if errors.is_empty() { Ok(()) } else { Err(DomainError::validation(errors)) }
    }
}

/// Errors in the dates of a piece of evidence.
pub(super) fn date_errors(
    issued_on: NaiveDate,
    expires_on: Option<NaiveDate>,
    now: Instant,
) -> ValidationErrors {
    let mut errors = ValidationErrors::default();
    if issued_on > day_of(now) {
        errors.add("/issuedOn", fields::date_in_future_issued());
    }
    if expires_on.is_some_and(|end| end < issued_on) {
        let error = fields::date_order_evidence();
        errors.add("/expiresOn", error);
    }
    errors
}

/// Properties of the received bytes, counted, hashed and inspected during the upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedContent {
    /// A label, which the store never sees.
    pub file_name: Line,
    /// The detected type.
    pub media_type: MediaType,
    /// How many.
    pub bytes: i64,
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A provider's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFile {
    /// Its id, which is also the key of its bytes.
    pub id: FileId,
    /// The owner.
    pub provider: OrganisationNumber,
    /// The provider's metadata.
    pub description: Description,
    /// The bytes.
    pub content: ReceivedContent,
    /// The scanner verdict.
    pub state: EvidenceState,
    /// When it was received.
    pub uploaded_at: Instant,
    /// Its removal time, unless a case uses it before.
    pub remove_after: Option<Instant>,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl ProviderFile {
    /// Accepts a file with stored bytes. It is removed after a time without use by a case.
    ///
    /// # Errors
    /// As [`Description::check`].
    pub fn receive(
        id: FileId,
        description: Description,
        content: ReceivedContent,
        scanned: bool,
        by: &ProviderUser,
        (now, unused): (Instant, TimeDelta),
    ) -> Result<Change<Self>, DomainError> {
        description.check(now)?;
        let file = Self {
            id,
            provider: by.organisation.clone(),
            description,
            content,
            state: if scanned { EvidenceState::Quarantined } else { EvidenceState::NotScanned },
            uploaded_at: now,
            remove_after: Some(now + unused),
            revision: Revision::FIRST,
        };
        let detail = vec![
            ("kind", file.description.kind.to_string()),
            ("sha256", file.content.sha256.clone()),
            ("state", file.state.as_str().to_owned()),
        ];
        let event = file.event(EventKind::EvidenceReceived, detail);
        Ok(Change { value: file, event })
    }

    /// Records the scanner verdict, if there was none: a finding, or clean.
    #[must_use]
    pub fn scanned(mut self, found: Option<Line>, now: Instant) -> Option<Change<Self>> {
        if !matches!(self.state, EvidenceState::NotScanned | EvidenceState::Quarantined) {
            return None;
        }
        let (kind, state, detail) = match found {
            None => (EventKind::EvidenceCleared, EvidenceState::Clean(now), vec![]),
            Some(found) => {
                let detail = vec![("found", found.to_string())];
                (EventKind::EvidenceRejected, EvidenceState::Rejected(now, found), detail)
            }
        };
        self.state = state;
        self.revision = self.revision.next();
        let event = self.event(kind, detail);
        Some(Change { value: self, event })
    }

    /// The registry removes it if its time has passed and no case uses it.
    #[must_use]
    pub fn unused(&self, is_used: bool, now: Instant) -> Option<Event> {
        let due = !is_used && self.remove_after.is_some_and(|last| last <= now);
        due.then(|| Event {
            revision: self.revision.next(),
            ..self.event(EventKind::EvidenceRemoved, vec![("because", "unused".to_owned())])
        })
    }

    /// Whether its bytes may be sent: to its provider unless they are harmful; to others if clean, or, without
    /// a scanner, if they accept an unscanned file.
    ///
    /// # Errors
    /// `evidence-rejected`, `evidence-quarantined`, `evidence-not-scanned`.
    pub fn may_be_read(
        &self,
        own: bool,
        scanner: bool,
        accept_unscanned: bool,
    ) -> Result<(), DomainError> {
        match &self.state {
            EvidenceState::Rejected(..) => Err(DomainError::evidence_rejected()),
            EvidenceState::Quarantined if !own => Err(DomainError::evidence_quarantined()),
            EvidenceState::NotScanned if !own && scanner => {
                Err(DomainError::evidence_quarantined())
            }
            EvidenceState::NotScanned if !own && !accept_unscanned => {
                Err(DomainError::evidence_not_scanned())
            }
            _ => Ok(()),
        }
    }

    /// Whether it can be attached to a case on this day.
    ///
    /// # Errors
    /// `evidence-rejected`, `evidence-expired`.
    pub fn may_be_used(&self, on: NaiveDate) -> Result<(), DomainError> {
        if matches!(self.state, EvidenceState::Rejected(..)) {
            return Err(DomainError::evidence_rejected());
        }
        if let Some(last) = self.description.expires_on.filter(|last| *last < on) {
            return Err(DomainError::evidence_expired(last));
        }
        Ok(())
    }

    fn event(&self, kind: EventKind, detail: Vec<(&'static str, String)>) -> Event {
        Event {
            kind,
            subject: Subject::Evidence(self.id),
            revision: self.revision,
            municipality: None,
            provider: Some(self.provider.clone()),
            detail,
        }
    }
}
