//! Change feed: the public rows of the journal, in order.

use std::sync::Arc;

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    domain::{
        approval::{ApprovalLifecycle, ApprovalStatus},
        values::time::Instant,
    },
    json::public::{ApprovalRecord, PublicRecord},
};

/// A public row of the journal.
#[derive(Debug, Clone)]
pub struct PublicChange {
    /// Its number in the change feed, from 1, without gaps.
    pub position: i64,
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// Kind of event.
    pub kind: String,
    /// The plural noun of the subject's path.
    pub collection: String,
    /// The last part of the subject's path.
    pub key: String,
    /// The municipality that it concerns.
    pub municipality: Option<String>,
    /// The whole public representation after the change; none where this version cannot read it.
    pub record: Option<PublicRecord>,
    /// The same as JSON, byte for byte as stored in the journal.
    pub json: Box<RawValue>,
}

impl PublicChange {
    /// The path of its subject, as in the change feed and the snapshot files.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("/v1/{}/{}", self.collection, self.key)
    }
}

/// A change in its place.
#[derive(Debug)]
pub(super) struct FeedEntry {
    pub(super) change: PublicChange,
    /// Publication time: the change's own time, and never before an earlier change.
    pub(super) recorded_at: Instant,
    /// The position of the subject's previous change; 0 for none.
    pub(super) former: i64,
}

/// An approval with its precomputed status.
#[derive(Debug, Clone)]
pub struct ListedApproval {
    pub(super) entry: Arc<FeedEntry>,
    pub(super) record: Arc<ApprovalRecord>,
    pub(super) status_cache: CachedStatus,
}

/// The status from an instant until its next change: every read needs it, and counting Norwegian days is not
/// free.
#[derive(Debug, Clone, Copy)]
pub(super) struct CachedStatus {
    from: Instant,
    until: Option<Instant>,
    status: ApprovalStatus,
}

impl CachedStatus {
    fn of(lifecycle: &ApprovalLifecycle, from: Instant) -> Self {
        Self { from, until: lifecycle.next_change(from), status: lifecycle.status_at(from) }
    }

    fn lasts(&self, now: Instant) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

impl ListedApproval {
    pub(super) fn of(entry: &Arc<FeedEntry>, record: &Arc<ApprovalRecord>) -> Self {
        let status_cache = CachedStatus::of(&record.lifecycle, entry.recorded_at);
        Self { entry: Arc::clone(entry), record: Arc::clone(record), status_cache }
    }

    /// The record with its status at an instant.
    pub(super) fn at(&self, now: Instant) -> ApprovalRecord {
        let status = self.status(now);
        let next_change = self.next_change(now);
        ApprovalRecord { status, next_change, ..ApprovalRecord::clone(&self.record) }
    }

    /// The record as it was published.
    #[must_use]
    pub fn record(&self) -> &ApprovalRecord {
        &self.record
    }

    /// The record as JSON, byte for byte as it was published, where time has not changed it since.
    pub(super) fn json(&self, now: Instant) -> Option<&RawValue> {
        let same = self.record.status == self.status(now)
            && self.record.next_change == self.next_change(now);
        same.then_some(&*self.entry.change.json)
    }

    /// The position of the change that published it.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.entry.change.position
    }

    /// The status at an instant.
    #[must_use]
    pub fn status(&self, now: Instant) -> ApprovalStatus {
        if self.status_cache.lasts(now) {
            self.status_cache.status
        } else {
            self.record.lifecycle.status_at(now)
        }
    }

    /// When the status next changes by itself.
    #[must_use]
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        if self.status_cache.lasts(now) {
            self.status_cache.until
        } else {
            self.record.lifecycle.next_change(now)
        }
    }
}
