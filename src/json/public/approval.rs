//! Public records of an approval: alone, and joined with its provider and its offering.

use std::sync::Arc;

use utoipa::openapi::schema::Object;

use super::{OfferingRecord, ProviderRecord, PublicRecord};
use crate::{
    domain::{
        approval::{Approval, ApprovalLifecycle, ApprovalStatus, Listing},
        offering::{OfferingState, announcement::Announced, content::LegalBasis},
        values::{text::LocalText, time::Instant},
    },
    json::{
        form::{Form, scalars::keyword_forms, serde_bridge::serde_by_form},
        words,
    },
};

/// The offering of an approval, in short. The version that governs the approval may be an older one.
#[derive(Debug, Clone, PartialEq, Form)]
#[form(name = "ApprovalOffering")]
pub struct ApprovalOffering {
    /// Its title.
    pub title: LocalText,
    /// The version in force.
    pub version: i32,
    /// Where it is in its life now; in the change feed: at the time of the change.
    pub state: OfferingState,
    /// Legal basis.
    pub legal_basis: LegalBasis,
    /// When prices were announced last since that version, where they were.
    pub compensation_announced: Option<Announced>,
}

impl ApprovalOffering {
    /// The summary of its offering at an instant.
    #[must_use]
    pub fn of(offering: &OfferingRecord, now: Instant) -> Self {
        Self {
            title: offering.content.title().clone(),
            version: offering.version,
            state: offering.state_at(now),
            legal_basis: offering.content.legal_basis(),
            compensation_announced: offering.compensation_announced,
        }
    }
}

/// An approval under contract, or one that has ended, by itself: its provider and its offering are named.
#[derive(Debug, Clone, PartialEq, Form)]
#[form(name = "ApprovalRecord")]
pub struct ApprovalRecord {
    /// Its id.
    pub id: uuid::Uuid,
    /// Present status; in the change feed: at the time of the change.
    pub status: ApprovalStatus,
    /// The offering.
    pub offering_id: uuid::Uuid,
    /// The governing version.
    pub version: i32,
    /// The municipality's number.
    pub municipality: String,
    /// The code of the service.
    pub service: String,
    /// The provider's organisation number.
    pub provider: String,
    /// The zones in which the provider can be chosen.
    pub zones: Vec<String>,
    /// The granting decision.
    pub decision_id: uuid::Uuid,
    /// Time of the grant.
    pub granted_at: Instant,
    /// The provider's listing here.
    pub listing: Option<Listing>,
    /// Its facts: contract, notice, ends, revocation, gaps.
    #[form(flatten)]
    pub lifecycle: ApprovalLifecycle,
    /// The next status change by time; in the change feed: as of the change.
    pub next_change: Option<Instant>,
    /// Number of accepted commands.
    pub revision: i64,
}

keyword_forms!(ApprovalStatus);
serde_by_form!(ApprovalOffering, ApprovalRecord, ApprovalView);

/// An approval with the present record of its provider and its offering.
#[derive(Debug, Clone, PartialEq, Form)]
#[form(name = "Approval")]
pub struct ApprovalView {
    /// The approval.
    #[form(flatten)]
    pub record: ApprovalRecord,
    /// The provider's present profile.
    pub profile: Option<Arc<ProviderRecord>>,
    /// The present offering.
    pub offering: Option<ApprovalOffering>,
}

pub(crate) fn statuses() -> Object {
    words(
        "Status: only an active or ending one is open to choice.",
        ApprovalStatus::ALL.map(ApprovalStatus::as_str),
    )
}

impl ApprovalRecord {
    /// The public record of an approval under contract.
    #[must_use]
    pub fn of(approval: &Approval, now: Instant) -> Self {
        Self {
            id: approval.id.uuid(),
            status: approval.lifecycle.status_at(now),
            offering_id: approval.offering.uuid(),
            version: approval.version.0,
            municipality: approval.municipality.to_string(),
            service: approval.service.to_string(),
            provider: approval.provider.to_string(),
            zones: approval.zones.iter().map(ToString::to_string).collect(),
            decision_id: approval.decision.uuid(),
            granted_at: approval.granted_at,
            listing: approval.listing.clone(),
            lifecycle: approval.lifecycle.clone(),
            next_change: approval.lifecycle.next_change(now),
            revision: approval.revision.0,
        }
    }
}

impl ApprovalRecord {
    /// The public record of an approval: `None` before a contract.
    #[must_use]
    pub fn published(approval: &Approval, now: Instant) -> Option<PublicRecord> {
        approval.lifecycle.contract_period().map(|_| Self::of(approval, now).into())
    }
}

impl From<ApprovalRecord> for PublicRecord {
    fn from(record: ApprovalRecord) -> Self {
        Self::Approval(Arc::new(record))
    }
}
