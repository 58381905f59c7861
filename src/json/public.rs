//! Public records: the whole public representation of a subject after each change.
//!
//! These records are stored in the journal, sent in the change feed, and the only source of the register in
//! memory.

mod approval;
mod decision;

use std::sync::Arc;

use chrono::NaiveDate;
use utoipa::openapi::schema::Object;
use uuid::Uuid;

use super::{
    form::{Form, form, serde_bridge::serde_by_form},
    words,
};
use crate::domain::{
    approval::Listing,
    event::PublicSubject,
    late_access::LateAccess,
    municipality::{Contact, LanguageForm, Municipality},
    offering::{
        Offering, OfferingClosure, OfferingState, VersionNumber, announcement::Announced,
        content::OfferingContent,
    },
    provider::{Provider, ProviderKind},
    values::{
        ids::{LateAccessId, OfferingId, Revision},
        numbers::{Language, MunicipalityNumber, OrganisationNumber},
        text::{Code, Line, LocalPresentation, LocalText, Phone, WebAddress},
        time::Instant,
    },
};

pub(crate) use self::approval::statuses;
pub use self::approval::{ApprovalOffering, ApprovalRecord, ApprovalView};
pub use self::decision::{DecisionEnd, DecisionRecord};

serde_by_form!(LateAccess, MunicipalityRecord, OfferingRecord, ProviderRecord);

/// Public settings of a municipality.
#[derive(Debug, Clone, PartialEq, Form)]
pub struct MunicipalityRecord {
    /// Four digits.
    pub number: MunicipalityNumber,
    /// Fixed contact towards providers.
    pub contact: Contact,
    /// The body that decides on applications.
    pub deciding_body: Line,
    /// The body that hears appeals.
    pub appeal_body: Line,
    /// The written form of its letters.
    #[form(default)]
    pub language: LanguageForm,
    /// How many times it was put.
    pub revision: i64,
}

/// A provider as citizens see it.
#[derive(Debug, Clone, PartialEq, Form)]
pub struct ProviderRecord {
    /// Nine digits.
    pub organisation_number: OrganisationNumber,
    /// Name as in Enhetsregisteret.
    pub name: Line,
    /// Kind of organisation.
    pub kind: ProviderKind,
    /// A short factual presentation.
    pub presentation: LocalPresentation,
    /// Languages spoken with users, ISO 639.
    pub languages: Vec<Language>,
    /// Public telephone.
    pub phone: Option<Phone>,
    /// Public web page.
    pub web: Option<WebAddress>,
    /// When the provider last confirmed that this is right.
    pub last_confirmed_at: Instant,
    /// How many times it was put.
    pub revision: i64,
}

/// A published version of an offering.
#[derive(Debug, Clone, PartialEq, Form)]
pub struct OfferingRecord {
    /// The offering's id.
    pub id: Uuid,
    /// The municipality's number.
    pub municipality: String,
    /// The code of the service.
    pub service: String,
    /// The number of the version, from 1.
    pub version: i32,
    /// When it was published.
    pub published_at: Instant,
    /// Where the offering is in its life now; in a version and in the change feed: at that time.
    pub state: OfferingState,
    /// Its announced closing.
    pub closure: Option<OfferingClosure>,
    /// The municipality's listing of its own offer, beside the version; in a version: as of its publication.
    pub own_listing: Option<Listing>,
    /// When prices were announced last since this version, where they were; in a version: never.
    pub compensation_announced: Option<Announced>,
    /// The five parts and the citizen part; of the offering: with the present prices, of a version: as
    /// published.
    pub content: OfferingContent,
}

form! {
    /// A grant of late access, for everyone to see.
    #[form(name = "LateAccessRecord")]
    struct LateAccess {
        /// Its id.
        id: LateAccessId,
        /// The offering.
        #[form(name = "offeringId")]
        offering: OfferingId,
        /// The municipality's number.
        municipality: MunicipalityNumber,
        /// The code of the service.
        service: Code,
        /// Organisation number of the provider.
        provider: OrganisationNumber,
        /// Why.
        reason: LocalText,
        /// When it was granted.
        granted_at: Instant,
        /// The last day on which it can be used.
        expires_on: NaiveDate,
        #[form(skip = Revision::FIRST)]
        revision: Revision,
    }
}

pub(crate) fn offering_states() -> Object {
    words("State of an offering.", OfferingState::ALL.map(OfferingState::as_str))
}

/// The JSON of a removed record.
const TOMBSTONE: &str = "null";

/// One public record.
#[derive(Debug, Clone, PartialEq)]
pub enum PublicRecord {
    Municipality(Arc<MunicipalityRecord>),
    Provider(Arc<ProviderRecord>),
    Offering(Arc<OfferingRecord>),
    LateAccess(Arc<LateAccess>),
    Approval(Arc<ApprovalRecord>),
    Decision(Arc<DecisionRecord>),
    /// Nothing is left to show of an approval: a tombstone.
    Removed(Tombstone),
}

/// The remains of an approval whose contract was annulled, until another is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tombstone {
    /// The approval.
    pub approval: uuid::Uuid,
    /// When it was taken out of the register.
    pub at: Instant,
}

impl PublicRecord {
    /// What it shows.
    #[must_use]
    pub const fn subject(&self) -> PublicSubject {
        match self {
            Self::Municipality(_) => PublicSubject::Municipality,
            Self::Provider(_) => PublicSubject::Provider,
            Self::Offering(_) => PublicSubject::Offering,
            Self::LateAccess(_) => PublicSubject::LateAccess,
            Self::Approval(_) => PublicSubject::Approval,
            Self::Removed(_) => PublicSubject::RemovedApproval,
            Self::Decision(_) => PublicSubject::Decision,
        }
    }

    /// The record's JSON, as stored in the journal.
    pub fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Self::Municipality(record) => serde_json::to_string(&**record),
            Self::Provider(record) => serde_json::to_string(&**record),
            Self::Offering(record) => serde_json::to_string(&**record),
            Self::LateAccess(record) => serde_json::to_string(&**record),
            Self::Approval(record) => serde_json::to_string(&**record),
            Self::Decision(record) => serde_json::to_string(&**record),
            Self::Removed(_) => Ok(TOMBSTONE.to_owned()),
        }
    }

    /// The record of a journal row about a subject, written at an instant.
    pub fn from_json(
        (collection, key): (&str, &str),
        json: &str,
        at: Instant,
    ) -> serde_json::Result<Self> {
        match collection {
            "approvals" if json == TOMBSTONE => {
                let approval = key.parse().map_err(serde::de::Error::custom)?;
                Ok(Self::Removed(Tombstone { approval, at }))
            }
            "municipalities" => serde_json::from_str(json).map(Arc::new).map(Self::Municipality),
            "providers" => serde_json::from_str(json).map(Arc::new).map(Self::Provider),
            "offerings" => serde_json::from_str(json).map(Arc::new).map(Self::Offering),
            "late-access" => serde_json::from_str(json).map(Arc::new).map(Self::LateAccess),
            "decisions" => serde_json::from_str(json).map(Arc::new).map(Self::Decision),
            "approvals" => serde_json::from_str(json).map(Arc::new).map(Self::Approval),
            // A later version may have other collections.
            _ => Err(serde::de::Error::custom("the collection is not known")),
        }
    }
}

impl MunicipalityRecord {
    /// The public record of a municipality.
    #[must_use]
    pub fn of(municipality: &Municipality) -> Self {
        let settings = municipality.settings.clone();
        Self {
            number: municipality.number.clone(),
            contact: settings.contact,
            deciding_body: settings.deciding_body,
            appeal_body: settings.appeal_body,
            language: municipality.settings.letter_language(),
            revision: municipality.revision.0,
        }
    }
}

impl From<MunicipalityRecord> for PublicRecord {
    fn from(record: MunicipalityRecord) -> Self {
        Self::Municipality(Arc::new(record))
    }
}

impl ProviderRecord {
    /// The public record of a provider.
    #[must_use]
    pub fn of(provider: &Provider) -> Self {
        let profile = provider.profile.clone();
        Self {
            organisation_number: provider.organisation_number.clone(),
            name: profile.name,
            kind: profile.kind,
            presentation: profile.presentation,
            languages: profile.languages,
            phone: profile.phone,
            web: profile.web,
            last_confirmed_at: provider.confirmed_at,
            revision: provider.revision.0,
        }
    }
}

impl From<ProviderRecord> for PublicRecord {
    fn from(record: ProviderRecord) -> Self {
        Self::Provider(Arc::new(record))
    }
}

impl OfferingRecord {
    /// The public record of a published version at an instant.
    #[must_use]
    pub fn of(
        offering: &Offering,
        (version, published_at): (VersionNumber, Instant),
        content: OfferingContent,
        now: Instant,
    ) -> Self {
        Self {
            id: offering.id.uuid(),
            municipality: offering.municipality.to_string(),
            service: offering.service.to_string(),
            version: version.0,
            published_at,
            state: offering.state_at(now),
            closure: offering.lifecycle.closure(),
            own_listing: offering.own_listing.clone(),
            compensation_announced: None,
            content,
        }
    }

    /// The state at an instant.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> OfferingState {
        self.closure.as_ref().map_or(OfferingState::Published, |closure| closure.state_at(now))
    }

    /// The record with its state at an instant.
    #[must_use]
    pub fn at(&self, now: Instant) -> Self {
        Self { state: self.state_at(now), ..self.clone() }
    }
}

impl From<OfferingRecord> for PublicRecord {
    fn from(record: OfferingRecord) -> Self {
        Self::Offering(Arc::new(record))
    }
}

impl From<LateAccess> for PublicRecord {
    fn from(grant: LateAccess) -> Self {
        Self::LateAccess(Arc::new(grant))
    }
}
