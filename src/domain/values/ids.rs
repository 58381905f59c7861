//! Identifikatorer: typed ids (UUID version 7, RFC 9562) and revisions.

use std::{fmt, marker::PhantomData};

use uuid::Uuid;

/// A typed id. It sorts by creation time.
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Wraps a UUID; only `context` generates ids.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// The bare UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<T> std::str::FromStr for Id<T> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self::new)
    }
}

/// Declares ids, each with its own marker type.
macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident of $marker:ident;)+) => {
        /// Marker types of ids.
        pub mod of {
            $(
                /// Marks an id.
                #[derive(Debug)]
                pub enum $marker {}
            )+
        }
        $($(#[$doc])* pub type $id = Id<of::$marker>;)+
    };
}

ids! {
    OfferingId of Offering;
    /// Id of a grant of late access.
    LateAccessId of LateAccess;
    ApplicationId of Application;
    /// Id of a piece of evidence.
    EvidenceId of Evidence;
    /// Id of a provider's file of evidence.
    FileId of File;
    DecisionId of Decision;
    ApprovalId of Approval;
    AppealId of Appeal;
    PriorNoticeId of PriorNotice;
    NoticeId of Notice;
    /// The secret in the link that confirms an address for notices.
    AddressToken of Address;
    FollowUpId of FollowUp;
}

/// Number of accepted commands on a resource; 1 when it is new. It is the resource's `ETag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub i64);

impl Revision {
    /// The revision of a new resource.
    pub const FIRST: Self = Self(1);

    /// The next revision.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
