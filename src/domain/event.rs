//! Hendelser: what can happen, in the past tense. Each accepted act is one event and one journal row.

use super::{
    ids::{ApplicationId, ApprovalId, OfferingId, PriorNoticeId, Revision},
    numbers::{MunicipalityNumber, OrganisationNumber},
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    MunicipalityUpdated,
    OfferingDrafted,
    OfferingDraftChanged,
    OfferingPublished,
    ProviderRegistered,
    ProviderUpdated,
    ApplicationDrafted,
    ApplicationDraftChanged,
    AnswerGiven,
    EvidenceAttached,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ImpartialityDeclared,
    AssessmentStarted,
    CriterionAssessed,
    CompletionRequested,
    CompletionAnswered,
    AssessmentResumed,
    ApplicationApproved,
    ApplicationRefused,
    ApplicationDismissed,
    ContractRecorded,
    PriorNoticeSent,
    PriorNoticeAnswered,
    ApprovalRevoked,
}

impl Kind {
    /// Every kind of event.
    pub const ALL: [Self; 25] = [
        Self::MunicipalityUpdated,
        Self::OfferingDrafted,
        Self::OfferingDraftChanged,
        Self::OfferingPublished,
        Self::ProviderRegistered,
        Self::ProviderUpdated,
        Self::ApplicationDrafted,
        Self::ApplicationDraftChanged,
        Self::AnswerGiven,
        Self::EvidenceAttached,
        Self::ApplicationSubmitted,
        Self::ApplicationWithdrawn,
        Self::ImpartialityDeclared,
        Self::AssessmentStarted,
        Self::CriterionAssessed,
        Self::CompletionRequested,
        Self::CompletionAnswered,
        Self::AssessmentResumed,
        Self::ApplicationApproved,
        Self::ApplicationRefused,
        Self::ApplicationDismissed,
        Self::ContractRecorded,
        Self::PriorNoticeSent,
        Self::PriorNoticeAnswered,
        Self::ApprovalRevoked,
    ];

    /// The name in the journal and in the change feed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MunicipalityUpdated => "municipality.updated",
            Self::OfferingDrafted => "offering.drafted",
            Self::OfferingDraftChanged => "offering.draft-changed",
            Self::OfferingPublished => "offering.published",
            Self::ProviderRegistered => "provider.registered",
            Self::ProviderUpdated => "provider.updated",
            Self::ApplicationDrafted => "application.drafted",
            Self::ApplicationDraftChanged => "application.draft-changed",
            Self::AnswerGiven => "application.answer-given",
            Self::EvidenceAttached => "application.evidence-attached",
            Self::ApplicationSubmitted => "application.submitted",
            Self::ApplicationWithdrawn => "application.withdrawn",
            Self::ImpartialityDeclared => "application.impartiality-declared",
            Self::AssessmentStarted => "application.assessment-started",
            Self::CriterionAssessed => "application.criterion-assessed",
            Self::CompletionRequested => "application.completion-requested",
            Self::CompletionAnswered => "application.completion-answered",
            Self::AssessmentResumed => "application.assessment-resumed",
            Self::ApplicationApproved => "application.approved",
            Self::ApplicationRefused => "application.refused",
            Self::ApplicationDismissed => "application.dismissed",
            Self::ContractRecorded => "approval.contract-recorded",
            Self::PriorNoticeSent => "approval.prior-notice-sent",
            Self::PriorNoticeAnswered => "approval.prior-notice-answered",
            Self::ApprovalRevoked => "approval.revoked",
        }
    }
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
