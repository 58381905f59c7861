//! Koder: what the domain can refuse with, under stable names.

/// What sort of no it is; handlers branch on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Readable, but not acceptable.
    Invalid,
    /// Not there, or not for this caller to know of.
    NotFound,
    /// The caller may know of it but not do it.
    Forbidden,
    /// It does not fit the state that things are in.
    Conflict,
    /// Somebody else was first.
    Stale,
}

/// The stable codes. They are contract: one is never renamed, and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Validation,
    NotFound,
    RoleMissing,
    NotYourOrganisation,
    NotAMunicipality,
    IllegalTransition,
    PreconditionFailed,
    OfferingExists,
    OfferingNotOpen,
    OfferingIncomplete,
    ProviderNotRegistered,
    DuplicateApplication,
    ApplicationIncomplete,
    NotImpartial,
    ImpartialityNotDeclared,
    ReviewIncomplete,
    CriteriaNotMet,
    NoGroundToRefuse,
    GroundNotInTerms,
    FourEyes,
    PriorNoticeMissing,
    PriorNoticeRunning,
    PriorNoticeUsed,
    GroundNotNotified,
    DeadlineRunning,
    NotAskedFor,
    NothingUnmended,
}

impl Code {
    /// Every code with its kind and a title.
    pub const TABLE: [(Self, &'static str, Kind, &'static str); 27] = [
        (Self::Validation, "validation", Kind::Invalid, "The request has faults"),
        (Self::NotFound, "not-found", Kind::NotFound, "There is nothing here"),
        (Self::RoleMissing, "role-missing", Kind::Forbidden, "The act belongs to another role"),
        (
            Self::NotYourOrganisation,
            "not-your-organisation",
            Kind::Forbidden,
            "The resource belongs to another organisation",
        ),
        (
            Self::NotAMunicipality,
            "not-a-municipality",
            Kind::Forbidden,
            "The organisation is not a municipality's main unit",
        ),
        (
            Self::IllegalTransition,
            "illegal-transition",
            Kind::Conflict,
            "The act does not fit the present state",
        ),
        (
            Self::PreconditionFailed,
            "precondition-failed",
            Kind::Stale,
            "Somebody changed the resource first",
        ),
        (
            Self::OfferingExists,
            "offering-exists",
            Kind::Conflict,
            "The municipality already has an offering of this service",
        ),
        (Self::OfferingNotOpen, "offering-not-open", Kind::Conflict, "The offering is not open"),
        (
            Self::OfferingIncomplete,
            "offering-incomplete",
            Kind::Invalid,
            "The offering cannot be published yet",
        ),
        (
            Self::ProviderNotRegistered,
            "provider-not-registered",
            Kind::Conflict,
            "The provider has no profile yet",
        ),
        (
            Self::DuplicateApplication,
            "duplicate-application",
            Kind::Conflict,
            "The provider already has an open application for this offering",
        ),
        (
            Self::ApplicationIncomplete,
            "application-incomplete",
            Kind::Invalid,
            "The application cannot be submitted yet",
        ),
        (Self::NotImpartial, "not-impartial", Kind::Forbidden, "You are disqualified in this case"),
        (
            Self::ImpartialityNotDeclared,
            "impartiality-not-declared",
            Kind::Conflict,
            "Impartiality comes first",
        ),
        (Self::ReviewIncomplete, "review-incomplete", Kind::Conflict, "Criteria are still open"),
        (
            Self::CriteriaNotMet,
            "criteria-not-met",
            Kind::Conflict,
            "A mandatory criterion is not met",
        ),
        (
            Self::NoGroundToRefuse,
            "no-ground-to-refuse",
            Kind::Conflict,
            "Whoever meets the criteria must be approved",
        ),
        (
            Self::GroundNotInTerms,
            "ground-not-in-terms",
            Kind::Conflict,
            "The published terms do not list this ground",
        ),
        (Self::FourEyes, "four-eyes", Kind::Forbidden, "The one who assessed may not sign"),
        (
            Self::PriorNoticeMissing,
            "prior-notice-missing",
            Kind::Conflict,
            "The provider has not been warned",
        ),
        (
            Self::PriorNoticeRunning,
            "prior-notice-running",
            Kind::Conflict,
            "The provider still has time to reply",
        ),
        (
            Self::PriorNoticeUsed,
            "prior-notice-used",
            Kind::Conflict,
            "The prior notice concerns another approval",
        ),
        (
            Self::GroundNotNotified,
            "ground-not-notified",
            Kind::Conflict,
            "The prior notice did not name this ground",
        ),
        (
            Self::DeadlineRunning,
            "deadline-running",
            Kind::Conflict,
            "The provider still has time to complete",
        ),
        (
            Self::NotAskedFor,
            "not-asked-for",
            Kind::Conflict,
            "The request for completion does not ask for this",
        ),
        (
            Self::NothingUnmended,
            "nothing-unmended",
            Kind::Conflict,
            "No request for completion is left unanswered",
        ),
    ];

    fn row(self) -> (&'static str, Kind, &'static str) {
        Self::TABLE
            .iter()
            .find(|(code, ..)| *code == self)
            .map_or(("not-found", Kind::NotFound, ""), |(_, name, kind, title)| {
                (name, *kind, title)
            })
    }

    /// The code as clients see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The kind of refusal.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.row().1
    }

    /// A short title in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }
}
