//! Tilbud (ordning): the user-choice arrangement for one service in one municipality, and its versions.

pub mod content;
#[cfg(test)]
mod tests;
mod words;

use content::Content;

use super::{
    Change,
    event::{Event, Kind, Subject},
    fault::Fault,
    ids::{OfferingId, Revision},
    municipality::Municipality,
    numbers::MunicipalityNumber,
    refusal::Refusal,
    role::Editor,
    text::Code,
    time::{Instant, day_of},
};

/// Number of a version; 1 is the first that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber(pub i32);

/// Where an offering is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Utkast: never published.
    Draft,
    /// Kunngjort: announced, and open to applications at any time.
    Published {
        /// The version in force; every earlier one is superseded.
        version: VersionNumber,
    },
}

impl State {
    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
        }
    }
}

/// An offering. Its texts stand in its draft and in its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offering {
    /// Its id.
    pub id: OfferingId,
    /// Whose it is.
    pub municipality: MunicipalityNumber,
    /// The code of the one service it concerns.
    pub service: Code,
    /// Where it is in its life.
    pub state: State,
    /// How many acts it has seen.
    pub revision: Revision,
}

/// A published version. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The offering.
    pub offering: OfferingId,
    /// Its number.
    pub number: VersionNumber,
    /// All that was published.
    pub content: Content,
    /// When.
    pub published_at: Instant,
}

/// Proof that an offering takes applications now, and on which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open<'a> {
    /// The offering.
    pub offering: &'a Offering,
    /// The version in force.
    pub version: VersionNumber,
}

impl Offering {
    /// Starts an offering with an empty draft.
    #[must_use]
    pub fn draft(id: OfferingId, service: Code, by: &Editor) -> Change<Self> {
        let value = Self {
            id,
            municipality: by.municipality.clone(),
            service,
            state: State::Draft,
            revision: Revision::FIRST,
        };
        let event = value.event(Kind::OfferingDrafted, vec![]);
        Change { value, event }
    }

    /// Notes that the draft of the next version was changed; what it says is not yet law.
    ///
    /// # Errors
    /// `not-found` for an editor of another municipality.
    pub fn change_draft(mut self, by: &Editor) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?;
        self.revision = self.revision.next();
        let event = self.event(Kind::OfferingDraftChanged, vec![]);
        Ok(Change { value: self, event })
    }

    /// Publishes complete content as the next version. It is in force at once.
    ///
    /// # Errors
    /// `not-found` for another municipality's editor; `validation` where the legal basis is not in force.
    pub fn publish(
        mut self,
        content: Content,
        municipality: &Municipality,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<(Self, Version)>, Refusal> {
        self.owned_by(by)?;
        debug_assert_eq!(municipality.number, self.municipality);
        if !content.legal_basis().in_force(day_of(now)) {
            return Err(Refusal::invalid(
                "/legalBasis",
                Fault::new(
                    "legal-basis-not-in-force",
                    "This provision is not in force: rest the offering on one that is.",
                ),
            ));
        }
        let number = match self.state {
            State::Draft => VersionNumber(1),
            State::Published { version } => VersionNumber(version.0 + 1),
        };
        self.state = State::Published { version: number };
        self.revision = self.revision.next();
        let event = self.event(Kind::OfferingPublished, vec![("version", number.0.to_string())]);
        let version = Version { offering: self.id, number, content, published_at: now };
        Ok(Change { value: (self, version), event })
    }

    /// Proof that applications are taken.
    ///
    /// # Errors
    /// `offering-not-open`.
    pub fn open(&self) -> Result<Open<'_>, Refusal> {
        match self.state {
            State::Published { version } => Ok(Open { offering: self, version }),
            State::Draft => Err(Refusal::offering_not_open(self.state.as_str())),
        }
    }

    /// Others may not know of a municipality's drafts.
    ///
    /// # Errors
    /// `not-found`.
    pub fn owned_by(&self, by: &Editor) -> Result<(), Refusal> {
        if by.municipality == self.municipality {
            Ok(())
        } else {
            Err(Refusal::not_found("offering"))
        }
    }

    /// What an editor of the municipality may do now.
    #[must_use]
    pub fn acts(&self) -> Vec<&'static str> {
        vec!["change-draft", "publish"]
    }

    fn event(&self, kind: Kind, detail: Vec<(&'static str, String)>) -> Event {
        Event {
            kind,
            subject: Subject::Offering(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: None,
            detail,
        }
    }
}
