//! Public records of an approval: alone, and joined with its provider and its offering.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{OfferingRecord, ProviderRecord, PublicRecord, offering_states};
use crate::{
    domain::{
        approval::{Approval, ApprovalStatus},
        values::time::Instant,
    },
    json::{
        LocalTextForm,
        approval::{ListingForm, StandingForm},
        compensation::AnnouncedForm,
        form::serde_bridge::object_by_serde,
        words,
    },
};

/// The offering of an approval, in short. The version that governs the approval may be an older one.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApprovalOffering)]
pub struct ApprovalOffering {
    /// Its title.
    pub title: LocalTextForm,
    /// The version in force.
    pub version: i32,
    /// Where it is in its life now; in the change feed: at the time of the change.
    #[schema(schema_with = offering_states)]
    pub state: String,
    /// Legal basis.
    pub legal_basis: String,
    /// When prices were announced last since that version, where they were.
    #[serde(default)]
    pub compensation_announced: Option<AnnouncedForm>,
}

impl ApprovalOffering {
    /// The summary of its offering at an instant.
    #[must_use]
    pub fn of(offering: &OfferingRecord, now: Instant) -> Self {
        Self {
            title: offering.content.title.clone().unwrap_or_default(),
            version: offering.version,
            state: offering.state_at(now).as_str().to_owned(),
            legal_basis: offering.content.legal_basis.clone().unwrap_or_default(),
            compensation_announced: offering.compensation_announced.clone(),
        }
    }
}

/// An approval under contract, or one that has ended, by itself: its provider and its offering are named.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApprovalRecord)]
pub struct ApprovalRecord {
    /// Its id.
    pub id: uuid::Uuid,
    /// Present status; in the change feed: at the time of the change.
    #[schema(schema_with = statuses)]
    pub status: String,
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
    pub granted_at: DateTime<Utc>,
    /// The provider's listing here.
    #[serde(default)]
    pub listing: Option<ListingForm>,
    /// Its facts: contract, notice, ends, revocation, gaps.
    #[serde(flatten)]
    pub lifecycle: StandingForm,
    /// The next status change by time; in the change feed: as of the change.
    #[serde(default)]
    pub next_change: Option<DateTime<Utc>>,
    /// Number of accepted commands.
    pub revision: i64,
}

object_by_serde!(write_only ApprovalView);

/// An approval with the present record of its provider and its offering.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Approval)]
pub struct ApprovalView {
    /// The approval.
    #[serde(flatten)]
    pub record: ApprovalRecord,
    /// The provider's present profile.
    #[schema(value_type = ProviderRecord)]
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
            status: approval.lifecycle.status_at(now).as_str().to_owned(),
            offering_id: approval.offering.uuid(),
            version: approval.version.0,
            municipality: approval.municipality.to_string(),
            service: approval.service.to_string(),
            provider: approval.provider.to_string(),
            zones: approval.zones.iter().map(ToString::to_string).collect(),
            decision_id: approval.decision.uuid(),
            granted_at: approval.granted_at,
            listing: approval.listing.as_ref().map(Into::into),
            lifecycle: (&approval.lifecycle).into(),
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
