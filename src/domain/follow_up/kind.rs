//! Kind of a follow-up, and its origin.

use chrono::NaiveDate;

use crate::domain::{
    rules::ground::RevocationGround,
    values::text::{Line, Prose},
};

keywords! {
    /// Entry in Enhetsregisteret about a provider that cannot continue.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum BusinessRegisterEntry {
        /// Konkurs.
        Bankrupt = "bankrupt",
        /// Under avvikling.
        WindingUp = "winding-up",
        /// Slettet.
        Deleted = "deleted",
    }
}

/// Kind of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpKind {
    /// A year's deliveries.
    YearlyReview,
    /// A visit.
    Inspection,
    /// Stikkprøve.
    SpotCheck,
    /// A user survey.
    Survey,
    /// A talk with the provider.
    Meeting,
    /// Papers.
    DocumentReview,
    /// A supervisory authority has found a breach.
    AuthorityFinding {
        /// Which authority.
        authority: Line,
        /// Its reference.
        reference: Line,
        /// The day of its decision.
        on: NaiveDate,
    },
    /// An entry in Enhetsregisteret. It ends no approval by itself.
    RegisterFlag {
        entry: BusinessRegisterEntry,
        /// Since which day.
        on: NaiveDate,
    },
}

impl FollowUpKind {
    /// The JSON names of all kinds.
    pub const NAMES: [&'static str; 8] = [
        "yearly-review",
        "inspection",
        "spot-check",
        "survey",
        "meeting",
        "document-review",
        "authority-finding",
        "register-flag",
    ];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::YearlyReview => "yearly-review",
            Self::Inspection => "inspection",
            Self::SpotCheck => "spot-check",
            Self::Survey => "survey",
            Self::Meeting => "meeting",
            Self::DocumentReview => "document-review",
            Self::AuthorityFinding { .. } => "authority-finding",
            Self::RegisterFlag { .. } => "register-flag",
        }
    }

    /// The day of another's finding.
    #[must_use]
    pub const fn dated(&self) -> Option<NaiveDate> {
        match self {
            Self::AuthorityFinding { on, .. } | Self::RegisterFlag { on, .. } => Some(*on),
            _ => None,
        }
    }

    /// Whether it is a finding of another authority, without a report.
    #[must_use]
    pub const fn speaks_for_itself(&self) -> bool {
        matches!(self, Self::AuthorityFinding { .. } | Self::RegisterFlag { .. })
    }

    /// Whether it can carry a ground: some need a finding or an entry with its date.
    #[must_use]
    pub const fn carries(&self, ground: RevocationGround) -> bool {
        match ground {
            RevocationGround::SupervisoryBreach => matches!(self, Self::AuthorityFinding { .. }),
            RevocationGround::Bankruptcy => {
                matches!(self, Self::RegisterFlag { entry: BusinessRegisterEntry::Bankrupt, .. })
            }
            _ => true,
        }
    }

    /// Whether a ground needs another authority's finding.
    #[must_use]
    pub const fn is_needed_for(ground: RevocationGround) -> bool {
        matches!(ground, RevocationGround::SupervisoryBreach | RevocationGround::Bankruptcy)
    }
}

/// Origin of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Planned for a day.
    Planned(NaiveDate),
    /// An incident.
    Incident(Prose),
}
