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
    Validation = "validation", Invalid, "The request has faults";
    NotFound = "not-found", NotFound, "There is nothing here";
    RoleMissing = "role-missing", Forbidden, "The act belongs to another role";
    NotYourOrganisation = "not-your-organisation", Forbidden, "The resource belongs to another organisation";
    NotAMunicipality = "not-a-municipality", Forbidden, "The organisation is not a municipality's main unit";
    AssuranceTooLow = "assurance-too-low", Forbidden, "The login was not sure enough";
    IllegalTransition = "illegal-transition", Conflict, "The act does not fit the present state";
    TooManyChanges = "too-many-changes", TooMany, "The organisation has made all its changes of today";
    PreconditionFailed = "precondition-failed", Stale, "Somebody changed the resource first";
    OfferingExists = "offering-exists", Conflict, "The municipality already has an offering of this service";
    OfferingNotOpen = "offering-not-open", Conflict, "The offering is not open";
    OfferingFull = "offering-full", Conflict, "The offering has no room for another provider";
    NoRoundLeft = "no-round-left", Conflict, "No round of admission is left";
    NoRoundMissed = "no-round-missed", Conflict, "No round of admission was missed";
    MustStayOpen = "must-stay-open", Conflict, "The legal basis promises a running arrangement";
    OfferingIncomplete = "offering-incomplete", Invalid, "The offering cannot be published yet";
    ProviderNotRegistered = "provider-not-registered", Conflict, "The provider has no profile yet";
    DuplicateApplication = "duplicate-application", Conflict, "The provider already has an open application for this offering";
    AlreadyApproved = "already-approved", Conflict, "The provider is approved there already";
    ApplicationIncomplete = "application-incomplete", Invalid, "The application cannot be submitted yet";
    PoliceCertificateFile = "police-certificate-file", Invalid, "A police certificate is never taken in as a file";
    CaseFilesTooLarge = "case-files-too-large", TooLarge, "The files of the case are too large together";
    ProviderFilesTooLarge = "provider-files-too-large", TooLarge, "The provider's files are too large together";
    ConsentMissing = "consent-missing", Invalid, "A file is shown to a case with the provider's consent alone";
    EvidenceRejected = "evidence-rejected", Conflict, "The scanner found something harmful in the file";
    EvidenceQuarantined = "evidence-quarantined", Conflict, "The file has not been scanned yet";
    EvidenceNotScanned = "evidence-not-scanned", Conflict, "No scanner has looked at the file";
    EvidenceExpired = "evidence-expired", Conflict, "The evidence has run out";
    NobodyNamed = "nobody-named", Conflict, "The application names no contact person";
    NotImpartial = "not-impartial", Forbidden, "You are disqualified in this case";
    ImpartialityNotDeclared = "impartiality-not-declared", Conflict, "Impartiality comes first";
    ImpartialityUnsettled = "impartiality-unsettled", Conflict, "A ruling on your impartiality comes first";
    SuperiorNotImpartial = "superior-not-impartial", Forbidden, "Your superior is disqualified, so you may not decide";
    OwnProviderStaff = "own-provider-staff", Forbidden, "Nobody of the municipality's own provider handles its cases";
    RulingOnOneself = "ruling-on-oneself", Forbidden, "Nobody rules on his or her own impartiality";
    NoImpartialityQuestion = "no-impartiality-question", Conflict, "Nobody asked for a ruling on this person";
    ReviewIncomplete = "review-incomplete", Conflict, "Criteria are still open";
    CriteriaNotMet = "criteria-not-met", Conflict, "A mandatory criterion is not met";
    NoGroundToRefuse = "no-ground-to-refuse", Conflict, "Whoever meets the criteria must be approved";
    GroundNotInTerms = "ground-not-in-terms", Conflict, "The published terms do not list this ground";
    FourEyes = "four-eyes", Forbidden, "The one who assessed may not sign";
    PriorNoticeMissing = "prior-notice-missing", Conflict, "The provider has not been warned";
    PriorNoticeRunning = "prior-notice-running", Conflict, "The provider still has time to reply";
    PriorNoticeUsed = "prior-notice-used", Conflict, "The prior notice concerns another approval";
    PriorNoticeClosed = "prior-notice-closed", Conflict, "The prior notice was closed without a decision";
    GroundNotNotified = "ground-not-notified", Conflict, "The prior notice did not name this ground";
    DeadlineRunning = "deadline-running", Conflict, "The provider still has time to complete";
    NotAskedFor = "not-asked-for", Conflict, "The request for completion does not ask for this";
    AppealPeriodOver = "appeal-period-over", Conflict, "The last day to appeal is past";
    ReasonsThere = "reasons-there", Conflict, "The decision has its reasons";
    ReasonsAwaited = "reasons-awaited", Conflict, "The reasons are demanded already";
    NotAppealable = "not-appealable", Conflict, "There is no appeal against this decision";
    ReversalByRevocation = "reversal-by-revocation", Conflict, "An approval is taken back by revocation alone";
    ReversalGroundFails = "reversal-ground-fails", Conflict, "The ground does not allow to reverse this decision";
    AppealExists = "appeal-exists", Conflict, "The party has an appeal against it already";
    SignedFirstDecision = "signed-first-decision", Forbidden, "The one who signed the decision does not decide the appeal";
    AppealLate = "appeal-late", Conflict, "The appeal came too late";
    AppealTooOld = "appeal-too-old", Conflict, "After a year no appeal is taken";
    AppealInTime = "appeal-in-time", Conflict, "The appeal came in time";
    AppealDefective = "appeal-defective", Conflict, "The appeal lacks what an appeal must have";
    HarmTooLate = "harm-too-late", Conflict, "It is too late for a change to the appellant's harm";
    CostsTooLate = "costs-too-late", Conflict, "The time to claim costs is out";
    StandStill = "stand-still", Conflict, "The stand-still is not over";
    TerminationNeedsGround = "termination-needs-ground", Conflict, "An arrangement that is open to all is not ended for one by notice";
    NotFounded = "not-founded", Conflict, "The follow-up does not found this";
    DeviationsOpen = "deviations-open", Conflict, "Deviations are still open";
    NothingUnmended = "nothing-unmended", Conflict, "No request for completion is left unanswered";
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
