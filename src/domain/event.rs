//! Events, in the past tense. Each accepted command is one event and one journal row.

use super::values::{
    ids::{
        AppealId, ApplicationId, ApprovalId, DecisionId, EvidenceId, FileId, FollowUpId, Id,
        LateAccessId, NoticeId, OfferingId, PriorNoticeId, Revision,
    },
    numbers::{MunicipalityNumber, OrganisationNumber},
};

keywords! {
    /// Kind of event.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum EventKind {
        MunicipalityUpdated = "municipality.updated",
        OfferingDrafted = "offering.drafted",
        OfferingDraftChanged = "offering.draft-changed",
        OfferingPublished = "offering.published",
        OfferingClosureAnnounced = "offering.closure-announced",
        OfferingClosedToNew = "offering.closed-to-new",
        OfferingEnded = "offering.ended",
        OwnListingChanged = "offering.own-listing-changed",
        CompensationAnnounced = "offering.compensation-announced",
        LateAccessGranted = "late-access.granted",
        EvidenceReceived = "evidence.received",
        EvidenceCleared = "evidence.cleared",
        EvidenceRejected = "evidence.rejected",
        EvidenceRemoved = "evidence.removed",
        ProviderRegistered = "provider.registered",
        ProviderUpdated = "provider.updated",
        ProviderConfirmed = "provider.confirmed",
        ProviderAddressAdded = "provider.address-added",
        ProviderAddressConfirmed = "provider.address-confirmed",
        ApplicationDrafted = "application.drafted",
        ApplicationDraftChanged = "application.draft-changed",
        AnswerGiven = "application.answer-given",
        EvidenceAttached = "application.evidence-attached",
        ShownFileRejected = "application.file-rejected",
        ConsentWithdrawn = "application.consent-withdrawn",
        ContactRemoved = "application.contact-removed",
        ApplicationSubmitted = "application.submitted",
        ApplicationWithdrawn = "application.withdrawn",
        VersionChanged = "application.version-changed",
        ImpartialityDeclared = "application.impartiality-declared",
        ImpartialityChallenged = "application.impartiality-challenged",
        ImpartialityRuled = "application.impartiality-ruled",
        PreliminaryAnswerSent = "application.preliminary-answer-sent",
        AssessmentStarted = "application.assessment-started",
        CriterionAssessed = "application.criterion-assessed",
        CompletionRequested = "application.completion-requested",
        CompletionOpened = "application.completion-opened",
        CompletionRenotified = "application.completion-re-notified",
        CompletionAnswered = "application.completion-answered",
        AssessmentResumed = "application.assessment-resumed",
        InformationDisclosed = "application.information-disclosed",
        DisclosureOpened = "application.disclosure-opened",
        DisclosureRenotified = "application.disclosure-re-notified",
        InformationCommented = "application.information-commented",
        ApplicationApproved = "application.approved",
        ApplicationRefused = "application.refused",
        ApplicationDismissed = "application.dismissed",
        ApprovalImpartialityDeclared = "approval.impartiality-declared",
        ApprovalImpartialityChallenged = "approval.impartiality-challenged",
        ApprovalImpartialityRuled = "approval.impartiality-ruled",
        RevocationProposed = "approval.revocation-proposed",
        ContractRecorded = "approval.contract-recorded",
        ApprovalRemoved = "approval.removed",
        PriorNoticeSent = "approval.prior-notice-sent",
        PriorNoticeOpened = "approval.prior-notice-opened",
        PriorNoticeRenotified = "approval.prior-notice-renotified",
        PriorNoticeClosed = "approval.prior-notice-closed",
        PriorNoticeAnswered = "approval.prior-notice-answered",
        ApprovalRevoked = "approval.revoked",
        DecisionSigned = "decision.signed",
        DecisionOpened = "decision.opened",
        DecisionRenotified = "decision.re-notified",
        DecisionArrived = "decision.arrival-recorded",
        ReasonsDemanded = "decision.reasons-demanded",
        ReasonsGiven = "decision.reasons-given",
        AppealPeriodProlonged = "decision.appeal-period-prolonged",
        DecisionCorrected = "decision.corrected",
        DeferralAsked = "decision.deferral-asked",
        DecisionDeferred = "decision.deferred",
        DeferralRefused = "decision.deferral-refused",
        DecisionReversed = "decision.reversed",
        DecisionAnnulled = "decision.annulled",
        DecisionAppealed = "decision.appealed",
        DecisionUpheld = "decision.appeal-closed",
        DecisionFinal = "decision.final",
        ReversalCostsClaimed = "decision.costs-claimed",
        ReversalCostsDecided = "decision.costs-decided",
        ReversalCostsReopened = "decision.costs-reopened",
        AppealReceived = "appeal.received",
        AppealCorrectionRequested = "appeal.mending-asked",
        AppealMended = "appeal.mended",
        AppealAdmitted = "appeal.admitted",
        AppealCounterpartyAsked = "appeal.counterparty-asked",
        AppealCounterpartyStated = "appeal.counterparty-stated",
        AppellantInformed = "appeal.appellant-informed",
        AppealReviewed = "appeal.reviewed",
        AppealForwarded = "appeal.forwarded",
        AppealDecided = "appeal.decided",
        AppealWithdrawn = "appeal.withdrawn",
        CostsClaimed = "appeal.costs-claimed",
        CostsDecided = "appeal.costs-decided",
        CostsReopened = "appeal.costs-reopened",
        ApplicationReopened = "application.reopened",
        MessageNoticed = "message.noticed",
        MessageNoticeFailed = "message.notice-failed",
        NoticeSent = "notice.sent",
        NoticeFailed = "notice.failed",
        NoticeSentByHand = "notice.sent-by-hand",
        NoticeResumed = "notice.resumed",
        Reminded = "agenda.reminded",
        Lapsed = "agenda.lapsed",
        ApprovalReinstated = "approval.reinstated",
        RevocationDeferred = "approval.revocation-deferred",
        DeferralEnded = "approval.deferral-ended",
        ApprovalTerminated = "approval.terminated",
        ApprovalEndedWithOffering = "approval.ended-with-offering",
        ListingChanged = "approval.listing-changed",
        ApprovalReviewed = "approval.reviewed",
        ApprovalStatusChanged = "approval.status-changed",
        ApprovalCompensationAnnounced = "approval.compensation-announced",
        FollowUpPlanned = "follow-up.planned",
        FollowUpReported = "follow-up.reported",
        CorrectionReported = "follow-up.correction-reported",
        CorrectionAssessed = "follow-up.correction-assessed",
        FollowUpClosed = "follow-up.closed",
    }
}

/// What a public event shows: the public record after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicSubject {
    Municipality,
    Provider,
    Offering,
    LateAccess,
    Approval,
    /// An approval of which nothing is public any more.
    RemovedApproval,
    Decision,
}

impl EventKind {
    /// What an event of this kind shows where it is public: approvals with a contract, decisions that are signed or have lost their force,
    /// offerings that were published.
    #[must_use]
    pub const fn public_subject(self) -> Option<PublicSubject> {
        use EventKind as Kind;
        Some(match self {
            Kind::MunicipalityUpdated => PublicSubject::Municipality,
            Kind::ProviderRegistered | Kind::ProviderUpdated | Kind::ProviderConfirmed => {
                PublicSubject::Provider
            }
            Kind::OfferingPublished
            | Kind::OfferingClosureAnnounced
            | Kind::OfferingClosedToNew
            | Kind::OfferingEnded
            | Kind::OwnListingChanged
            | Kind::CompensationAnnounced => PublicSubject::Offering,
            Kind::LateAccessGranted => PublicSubject::LateAccess,
            Kind::ApprovalRemoved => PublicSubject::RemovedApproval,
            Kind::ContractRecorded
            | Kind::ApprovalImpartialityDeclared
            | Kind::ApprovalImpartialityChallenged
            | Kind::ApprovalImpartialityRuled
            | Kind::ApprovalRevoked
            | Kind::ApprovalReinstated
            | Kind::RevocationDeferred
            | Kind::DeferralEnded
            | Kind::ApprovalTerminated
            | Kind::ApprovalEndedWithOffering
            | Kind::ListingChanged
            | Kind::ApprovalReviewed
            | Kind::ApprovalStatusChanged
            | Kind::ApprovalCompensationAnnounced => PublicSubject::Approval,
            Kind::DecisionSigned
            | Kind::DecisionUpheld
            | Kind::DecisionReversed
            | Kind::DecisionAnnulled => PublicSubject::Decision,
            _ => return None,
        })
    }
}

/// Subject of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Municipality(MunicipalityNumber),
    Provider(OrganisationNumber),
    Offering(OfferingId),
    LateAccess(LateAccessId),
    Application(ApplicationId),
    Evidence(FileId),
    Approval(ApprovalId),
    PriorNotice(PriorNoticeId),
    Decision(DecisionId),
    Appeal(AppealId),
    FollowUp(FollowUpId),
    Notice(NoticeId),
}

impl Subject {
    /// The plural noun of the subject's path.
    #[must_use]
    pub const fn collection(&self) -> &'static str {
        match self {
            Self::Municipality(_) => "municipalities",
            Self::Provider(_) => "providers",
            Self::Offering(_) => "offerings",
            Self::LateAccess(_) => "late-access",
            Self::Application(_) => "applications",
            Self::Evidence(_) => "evidence",
            Self::Approval(_) => "approvals",
            Self::PriorNotice(_) => "prior-notices",
            Self::Decision(_) => "decisions",
            Self::Appeal(_) => "appeals",
            Self::FollowUp(_) => "follow-ups",
            Self::Notice(_) => "notices",
        }
    }

    /// The last part of the subject's path.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Municipality(number) => number.to_string(),
            Self::Provider(number) => number.to_string(),
            Self::Offering(id) => id.to_string(),
            Self::LateAccess(id) => id.to_string(),
            Self::Application(id) => id.to_string(),
            Self::Evidence(id) => id.to_string(),
            Self::Approval(id) => id.to_string(),
            Self::PriorNotice(id) => id.to_string(),
            Self::Decision(id) => id.to_string(),
            Self::Appeal(id) => id.to_string(),
            Self::FollowUp(id) => id.to_string(),
            Self::Notice(id) => id.to_string(),
        }
    }
}

impl Subject {
    /// The subject with that path.
    #[must_use]
    pub fn parse(collection: &str, key: &str) -> Option<Self> {
        let id = || uuid::Uuid::parse_str(key).ok();
        Some(match collection {
            "municipalities" => Self::Municipality(MunicipalityNumber::parse(key).ok()?),
            "providers" => Self::Provider(OrganisationNumber::parse(key).ok()?),
            "offerings" => Self::Offering(Id::new(id()?)),
            "applications" => Self::Application(Id::new(id()?)),
            "evidence" => Self::Evidence(Id::new(id()?)),
            "approvals" => Self::Approval(Id::new(id()?)),
            "prior-notices" => Self::PriorNotice(Id::new(id()?)),
            "decisions" => Self::Decision(Id::new(id()?)),
            "appeals" => Self::Appeal(Id::new(id()?)),
            "late-access" => Self::LateAccess(Id::new(id()?)),
            "follow-ups" => Self::FollowUp(Id::new(id()?)),
            "notices" => Self::Notice(Id::new(id()?)),
            _ => return None,
        })
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    pub subject: Subject,
    /// The revision of the subject afterwards.
    pub revision: Revision,
    /// The municipality that it concerns.
    pub municipality: Option<MunicipalityNumber>,
    /// The provider that it concerns.
    pub provider: Option<OrganisationNumber>,
    /// Further details for the auditor: short values, never personal data.
    pub detail: Vec<(&'static str, String)>,
}

impl Event {
    /// Whether it is a reminder of a piece of evidence.
    #[must_use]
    pub fn names_evidence(&self, id: EvidenceId) -> bool {
        let named = self.detail.iter().find(|(key, _)| *key == "evidence");
        named.is_some_and(|(_, ids)| ids.split(',').any(|it| it == id.to_string()))
    }
}
