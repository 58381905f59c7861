//! Hendelser: what can happen, in the past tense. Each accepted act is one event and one journal row.

use super::{
    ids::{ApplicationId, ApprovalId, OfferingId, PriorNoticeId, Revision},
    numbers::{MunicipalityNumber, OrganisationNumber},
};

/// Makes the kinds of events from one list: the enum, all of it, and the names.
macro_rules! kinds {
    ($($kind:ident = $name:literal),+ $(,)?) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($kind,)+
        }

        impl Kind {
            /// Every kind of event.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The name in the journal and in the change feed.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    MunicipalityUpdated = "municipality.updated",
    OfferingDrafted = "offering.drafted",
    OfferingDraftChanged = "offering.draft-changed",
    OfferingPublished = "offering.published",
    ProviderRegistered = "provider.registered",
    ProviderUpdated = "provider.updated",
    ApplicationDrafted = "application.drafted",
    ApplicationDraftChanged = "application.draft-changed",
    AnswerGiven = "application.answer-given",
    EvidenceAttached = "application.evidence-attached",
    ApplicationSubmitted = "application.submitted",
    ApplicationWithdrawn = "application.withdrawn",
    ImpartialityDeclared = "application.impartiality-declared",
    ImpartialityChallenged = "application.impartiality-challenged",
    ImpartialityRuled = "application.impartiality-ruled",
    PreliminaryAnswerSent = "application.preliminary-answer-sent",
    AssessmentStarted = "application.assessment-started",
    CriterionAssessed = "application.criterion-assessed",
    CompletionRequested = "application.completion-requested",
    CompletionAnswered = "application.completion-answered",
    AssessmentResumed = "application.assessment-resumed",
    ApplicationApproved = "application.approved",
    ApplicationRefused = "application.refused",
    ApplicationDismissed = "application.dismissed",
    ApprovalImpartialityDeclared = "approval.impartiality-declared",
    ApprovalImpartialityChallenged = "approval.impartiality-challenged",
    ApprovalImpartialityRuled = "approval.impartiality-ruled",
    ContractRecorded = "approval.contract-recorded",
    PriorNoticeSent = "approval.prior-notice-sent",
    PriorNoticeAnswered = "approval.prior-notice-answered",
    ApprovalRevoked = "approval.revoked",
}

/// What it happened to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Municipality(MunicipalityNumber),
    Provider(OrganisationNumber),
    Offering(OfferingId),
    Application(ApplicationId),
    Approval(ApprovalId),
    PriorNotice(PriorNoticeId),
}

impl Subject {
    /// The plural noun of the subject's path.
    #[must_use]
    pub const fn collection(&self) -> &'static str {
        match self {
            Self::Municipality(_) => "municipalities",
            Self::Provider(_) => "providers",
            Self::Offering(_) => "offerings",
            Self::Application(_) => "applications",
            Self::Approval(_) => "approvals",
            Self::PriorNotice(_) => "prior-notices",
        }
    }

    /// The last part of the subject's path.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Municipality(number) => number.to_string(),
            Self::Provider(number) => number.to_string(),
            Self::Offering(id) => id.to_string(),
            Self::Application(id) => id.to_string(),
            Self::Approval(id) => id.to_string(),
            Self::PriorNotice(id) => id.to_string(),
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: Kind,
    /// To what.
    pub subject: Subject,
    /// The revision of the subject afterwards.
    pub revision: Revision,
    /// The municipality that it concerns.
    pub municipality: Option<MunicipalityNumber>,
    /// The provider that it concerns.
    pub provider: Option<OrganisationNumber>,
    /// What the auditor needs beyond that: short values, never personal data.
    pub detail: Vec<(&'static str, String)>,
}
