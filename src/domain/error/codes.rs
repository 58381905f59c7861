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

/// Makes the codes from one list: the enum, and the table of names and kinds.
macro_rules! codes {
    ($($code:ident = $name:literal, $kind:ident;)+) => {
        /// The stable codes. They are contract: one is never renamed, and never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($code,)+
        }

        impl ErrorCode {
            /// Every code with its kind.
            pub const TABLE: &[(Self, &'static str, ErrorKind)] =
                &[$((Self::$code, $name, ErrorKind::$kind)),+];

            const fn row(self) -> (&'static str, ErrorKind) {
                match self {
                    $(Self::$code => ($name, ErrorKind::$kind),)+
                }
            }
        }
    };
}

codes! {
    Validation = "validation", Invalid;
    NotFound = "not-found", NotFound;
    RoleMissing = "role-missing", Forbidden;
    NotYourOrganisation = "not-your-organisation", Forbidden;
    NotAMunicipality = "not-a-municipality", Forbidden;
    AssuranceTooLow = "assurance-too-low", Forbidden;
    IllegalTransition = "illegal-transition", Conflict;
    TooManyChanges = "too-many-changes", TooMany;
    PreconditionFailed = "precondition-failed", Stale;
    OfferingExists = "offering-exists", Conflict;
    OfferingNotOpen = "offering-not-open", Conflict;
    OfferingFull = "offering-full", Conflict;
    NoRoundLeft = "no-round-left", Conflict;
    NoRoundMissed = "no-round-missed", Conflict;
    MustStayOpen = "must-stay-open", Conflict;
    OfferingIncomplete = "offering-incomplete", Invalid;
    ProviderNotRegistered = "provider-not-registered", Conflict;
    DuplicateApplication = "duplicate-application", Conflict;
    AlreadyApproved = "already-approved", Conflict;
    ApplicationIncomplete = "application-incomplete", Invalid;
    PoliceCertificateFile = "police-certificate-file", Invalid;
    CaseFilesTooLarge = "case-files-too-large", TooLarge;
    ProviderFilesTooLarge = "provider-files-too-large", TooLarge;
    ConsentMissing = "consent-missing", Invalid;
    EvidenceRejected = "evidence-rejected", Conflict;
    EvidenceQuarantined = "evidence-quarantined", Conflict;
    EvidenceNotScanned = "evidence-not-scanned", Conflict;
    EvidenceExpired = "evidence-expired", Conflict;
    NobodyNamed = "nobody-named", Conflict;
    NotImpartial = "not-impartial", Forbidden;
    ImpartialityNotDeclared = "impartiality-not-declared", Conflict;
    ImpartialityUnsettled = "impartiality-unsettled", Conflict;
    SuperiorNotImpartial = "superior-not-impartial", Forbidden;
    OwnProviderStaff = "own-provider-staff", Forbidden;
    RulingOnOneself = "ruling-on-oneself", Forbidden;
    NoImpartialityQuestion = "no-impartiality-question", Conflict;
    ReviewIncomplete = "review-incomplete", Conflict;
    CriteriaNotMet = "criteria-not-met", Conflict;
    NoGroundToRefuse = "no-ground-to-refuse", Conflict;
    GroundNotInTerms = "ground-not-in-terms", Conflict;
    FourEyes = "four-eyes", Forbidden;
    PriorNoticeMissing = "prior-notice-missing", Conflict;
    NoticeNotSent = "notice-not-sent", Conflict;
    PriorNoticeRunning = "prior-notice-running", Conflict;
    PriorNoticeUsed = "prior-notice-used", Conflict;
    PriorNoticeClosed = "prior-notice-closed", Conflict;
    GroundNotNotified = "ground-not-notified", Conflict;
    DeadlineRunning = "deadline-running", Conflict;
    ApplicantNotHeard = "applicant-not-heard", Conflict;
    NotAskedFor = "not-asked-for", Conflict;
    AppealPeriodOver = "appeal-period-over", Conflict;
    ReasonsThere = "reasons-there", Conflict;
    ReasonsAwaited = "reasons-awaited", Conflict;
    NotAppealable = "not-appealable", Conflict;
    ReversalByRevocation = "reversal-by-revocation", Conflict;
    ReversalGroundFails = "reversal-ground-fails", Conflict;
    AppealExists = "appeal-exists", Conflict;
    SignedFirstDecision = "signed-first-decision", Forbidden;
    AppealLate = "appeal-late", Conflict;
    AppealTooOld = "appeal-too-old", Conflict;
    AppealInTime = "appeal-in-time", Conflict;
    AppealDefective = "appeal-defective", Conflict;
    HarmTooLate = "harm-too-late", Conflict;
    CounterpartyNotHeard = "counterparty-not-heard", Conflict;
    CostsTooLate = "costs-too-late", Conflict;
    StandStill = "stand-still", Conflict;
    TerminationNeedsGround = "termination-needs-ground", Conflict;
    NotFounded = "not-founded", Conflict;
    DeviationsOpen = "deviations-open", Conflict;
    NothingUnmended = "nothing-unmended", Conflict;
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
}
