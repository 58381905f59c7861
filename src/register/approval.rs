//! An approval at a view's times, joined with its provider and its offering.
//!
//! A journal row has only the approval; its provider and its offering are joined here, as of the same times.

use std::{borrow::Cow, sync::Arc};

use super::{
    as_of::{AsOfView, record},
    feed::{FeedEntry, ListedApproval},
};
use crate::{
    domain::{
        approval::{ApprovalLifecycle, ApprovalStatus},
        values::time::Instant,
    },
    json::public::{ApprovalOffering, ApprovalRecord, ApprovalView, ProviderRecord, PublicRecord},
};

/// An approval through a lens.
#[derive(Debug, Clone)]
pub struct ViewedApproval<'a> {
    pub(super) listed: Cow<'a, ListedApproval>,
    /// Whether it is one stored record, not combined from two.
    pub(super) whole: bool,
    /// Up to which position its provider and its offering are read: that of the lens, and never before that of the
    /// approval itself.
    pub(super) until: i64,
    pub(super) view: AsOfView<'a>,
}

impl<'a> ViewedApproval<'a> {
    /// The status at the instant of the lens.
    #[must_use]
    pub fn status(&self) -> ApprovalStatus {
        self.listed.status(self.view.at())
    }

    /// The record; its status may be that of an earlier instant.
    #[must_use]
    pub fn record(&self) -> &ApprovalRecord {
        self.listed.record()
    }

    /// The provider, with the change that has it.
    fn provider_change(&self) -> Option<(&'a Arc<ProviderRecord>, &'a FeedEntry)> {
        let snapshot = self.view.snapshot();
        let latest = snapshot.providers.get(&self.record().provider)?.position;
        let entry = snapshot.latest_until(latest, self.until)?;
        Some((record!(entry, Provider)?, entry))
    }

    /// The provider's profile.
    #[must_use]
    pub fn profile(&self) -> Option<&'a ProviderRecord> {
        self.provider_change().map(|(profile, _)| &**profile)
    }

    /// Its offering in short with its state, and the change that has it.
    fn offering_change(&self) -> Option<(ApprovalOffering, &'a FeedEntry)> {
        let (snapshot, id) = (self.view.snapshot(), self.record().offering_id);
        let latest = snapshot.offerings.get(&id)?.position;
        let entry = snapshot.latest_until(latest, self.until)?;
        let offering = ApprovalOffering::of(record!(entry, Offering)?, self.view.at());
        Some((ApprovalOffering { state: self.view.state_of(id)?, ..offering }, entry))
    }

    /// The record as it is at the instant of the lens, with its provider and its offering.
    #[must_use]
    pub fn to_view(&self) -> ApprovalView {
        ApprovalView {
            record: self.listed.at(self.view.at()),
            profile: self.provider_change().map(|(profile, _)| Arc::clone(profile)),
            offering: self.offering_change().map(|(offering, _)| offering),
        }
    }

    /// The record as it is at the instant of the lens, by itself.
    #[must_use]
    pub fn own(&self) -> ApprovalRecord {
        self.listed.at(self.view.at())
    }

    /// Writes [`ViewedApproval::to_view`] as JSON from stored JSON, and adds to `tag` the identity of the
    /// bytes. Returns false, and writes nothing, if the stored JSON does not fit.
    pub fn write_ready(&self, json: &mut Vec<u8>, tag: &mut Vec<u8>) -> serde_json::Result<bool> {
        let own = self.listed.json(self.view.at()).filter(|_| self.whole);
        let own = own.and_then(|own| own.get().strip_suffix('}'));
        let (Some(own), Some((_, profile)), Some((offering, entry))) =
            (own, self.provider_change(), self.offering_change())
        else {
            return Ok(false);
        };
        json.extend_from_slice(own.as_bytes());
        json.extend_from_slice(b",\"profile\":");
        json.extend_from_slice(profile.change.json.get().as_bytes());
        json.extend_from_slice(b",\"offering\":");
        serde_json::to_writer(&mut *json, &offering)?;
        json.push(b'}');
        for change in [&self.listed.entry.change, &profile.change, &entry.change] {
            tag.extend_from_slice(change.id.as_bytes());
        }
        tag.extend_from_slice(offering.state.as_str().as_bytes());
        Ok(true)
    }

    /// The position of its change.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.listed.position()
    }

    #[must_use]
    pub fn lifecycle(&self) -> &ApprovalLifecycle {
        &self.listed.record.lifecycle
    }

    /// The instant of the lens.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.view.at()
    }

    /// The instants at which its status may change by itself.
    #[must_use]
    pub fn times(&self) -> Vec<Instant> {
        self.listed.record.lifecycle.boundaries()
    }
}
