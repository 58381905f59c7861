//! Error codes: the domain's errors under stable names.

/// Kind of an error; handlers branch on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Readable, but not acceptable.
    Invalid,
    /// Missing, or outside the caller's access.
    NotFound,
    /// The caller may know of it but not do it.
    Forbidden,
    /// Does not fit the present state.
    Conflict,
    /// Another change came first.
    Stale,
    /// Exceeds a size limit.
    TooLarge,
    /// Exceeds a rate limit.
    TooMany,
}

/// Makes the codes from one list: the enum, and the table of names, kinds and titles.
macro_rules! codes {
    ($($code:ident = $name:literal, $kind:ident, $title:literal;)+) => {
        /// The stable codes. They are contract: one is never renamed, and never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($code,)+
        }

        impl ErrorCode {
            /// Every code with its kind and a title.
            pub const TABLE: &[(Self, &'static str, ErrorKind, &'static str)] =
                &[$((Self::$code, $name, ErrorKind::$kind, $title)),+];

            const fn row(self) -> (&'static str, ErrorKind, &'static str) {
                match self {
                    $(Self::$code => ($name, ErrorKind::$kind, $title),)+
                }
            }
        }
    };
}

codes! {
    Validation = "validation", Invalid, "The request has errors";
    NotFound = "not-found", NotFound, "The resource was not found";
    RoleMissing = "role-missing", Forbidden, "The command needs another role";
    NotYourOrganisation = "not-your-organisation", Forbidden, "The resource belongs to another organisation";
    NotAMunicipality = "not-a-municipality", Forbidden, "The organisation is not a municipality's main unit";
    AssuranceTooLow = "assurance-too-low", Forbidden, "The assurance level of the login is too low";
    IllegalTransition = "illegal-transition", Conflict, "The command does not fit the present state";
    TooManyChanges = "too-many-changes", TooMany, "The organisation has reached its daily limit of changes";
    PreconditionFailed = "precondition-failed", Stale, "The resource was changed meanwhile";
    OfferingExists = "offering-exists", Conflict, "The municipality already has an offering of this service";
    OfferingNotOpen = "offering-not-open", Conflict, "The offering is not open";
    OfferingFull = "offering-full", Conflict, "The offering has reached its maximum of providers";
    NoRoundLeft = "no-round-left", Conflict, "All announced rounds are over";
    NoRoundMissed = "no-round-missed", Conflict, "No cut-off has passed";
    MustStayOpen = "must-stay-open", Conflict, "The legal basis requires the offering to stay open";
    OfferingIncomplete = "offering-incomplete", Invalid, "The offering is incomplete";
    ProviderNotRegistered = "provider-not-registered", Conflict, "The provider has no profile yet";
    DuplicateApplication = "duplicate-application", Conflict, "The provider already has an open application for this offering";
    AlreadyApproved = "already-approved", Conflict, "The provider is already approved in these zones";
    ApplicationIncomplete = "application-incomplete", Invalid, "The application is incomplete";
    PoliceCertificateFile = "police-certificate-file", Invalid, "Police certificates cannot be uploaded";
    CaseFilesTooLarge = "case-files-too-large", TooLarge, "The files of the case exceed its total limit";
    ProviderFilesTooLarge = "provider-files-too-large", TooLarge, "The provider's files exceed its total limit";
    ConsentMissing = "consent-missing", Invalid, "The provider's consent to the file is missing";
    EvidenceRejected = "evidence-rejected", Conflict, "The scanner rejected the file";
    EvidenceQuarantined = "evidence-quarantined", Conflict, "The file has not been scanned yet";
    EvidenceNotScanned = "evidence-not-scanned", Conflict, "The file was not scanned";
    EvidenceExpired = "evidence-expired", Conflict, "The evidence has expired";
    NobodyNamed = "nobody-named", Conflict, "The application names no contact person";
    NotImpartial = "not-impartial", Forbidden, "You are disqualified in this case";
    ImpartialityNotDeclared = "impartiality-not-declared", Conflict, "Your impartiality is not declared";
    ImpartialityUnsettled = "impartiality-unsettled", Conflict, "A ruling on your impartiality is pending";
    SuperiorNotImpartial = "superior-not-impartial", Forbidden, "Your superior is disqualified, so you may not decide";
    OwnProviderStaff = "own-provider-staff", Forbidden, "Staff of the municipality's own provider may not \
     handle its cases";
    RulingOnOneself = "ruling-on-oneself", Forbidden, "A ruling on one's own impartiality is not permitted";
    NoImpartialityQuestion = "no-impartiality-question", Conflict, "No ruling on this person was requested";
    ReviewIncomplete = "review-incomplete", Conflict, "Criteria are still open";
    CriteriaNotMet = "criteria-not-met", Conflict, "A mandatory criterion is not met";
    NoGroundToRefuse = "no-ground-to-refuse", Conflict, "An applicant that meets all criteria must be approved";
    GroundNotInTerms = "ground-not-in-terms", Conflict, "The published terms do not list this ground";
    FourEyes = "four-eyes", Forbidden, "The assessor may not sign the decision";
    PriorNoticeMissing = "prior-notice-missing", Conflict, "The provider has no prior notice";
    PriorNoticeRunning = "prior-notice-running", Conflict, "The provider still has time to reply";
    PriorNoticeUsed = "prior-notice-used", Conflict, "The prior notice concerns another approval";
    PriorNoticeClosed = "prior-notice-closed", Conflict, "The prior notice was closed without a decision";
    GroundNotNotified = "ground-not-notified", Conflict, "The prior notice did not name this ground";
    DeadlineRunning = "deadline-running", Conflict, "The provider still has time to complete";
    NotAskedFor = "not-asked-for", Conflict, "The item was not requested";
    AppealPeriodOver = "appeal-period-over", Conflict, "The appeal period has passed";
    ReasonsThere = "reasons-there", Conflict, "The decision already has reasons";
    ReasonsAwaited = "reasons-awaited", Conflict, "The reasons were already demanded";
    NotAppealable = "not-appealable", Conflict, "The decision cannot be appealed";
    ReversalByRevocation = "reversal-by-revocation", Conflict, "An approval needs a revocation";
    ReversalGroundFails = "reversal-ground-fails", Conflict, "The ground does not permit the reversal of this \
     decision";
    AppealExists = "appeal-exists", Conflict, "The party already has an appeal against this decision";
    SignedFirstDecision = "signed-first-decision", Forbidden, "The signer of the decision may not decide the appeal";
    AppealLate = "appeal-late", Conflict, "The appeal was received too late";
    AppealTooOld = "appeal-too-old", Conflict, "The appeal is more than a year late";
    AppealInTime = "appeal-in-time", Conflict, "The appeal was received in time";
    AppealDefective = "appeal-defective", Conflict, "The appeal does not meet the formal requirements";
    HarmTooLate = "harm-too-late", Conflict, "The deadline for a change to the appellant's harm has passed";
    CostsTooLate = "costs-too-late", Conflict, "The deadline to claim costs has passed";
    StandStill = "stand-still", Conflict, "The stand-still has not ended";
    TerminationNeedsGround = "termination-needs-ground", Conflict, "A termination in an open arrangement needs \
     a ground";
    NotFounded = "not-founded", Conflict, "The follow-up does not support this ground";
    DeviationsOpen = "deviations-open", Conflict, "Deviations are still open";
    NothingUnmended = "nothing-unmended", Conflict, "No request for completion has expired unanswered";
}

impl ErrorCode {
    /// The code as clients see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The kind of the error.
    #[must_use]
    pub const fn kind(self) -> ErrorKind {
        self.row().1
    }

    /// A short title in English.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().2
    }
}
