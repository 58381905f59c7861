//! What is not found: the nouns of the API, each with its sentence.

use crate::domain::message::{MessageKey, messages};

keywords! {
    /// What a caller looks for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Noun {
        Appeal = "appeal",
        Application = "application",
        Approval = "approval",
        Checkpoint = "checkpoint",
        Contract = "contract",
        Criterion = "criterion",
        Decision = "decision",
        Deviation = "deviation",
        Evidence = "evidence",
        FollowUp = "follow-up",
        Grant = "grant",
        LegalInterest = "legal interest",
        Listing = "listing",
        Municipality = "municipality",
        Notice = "notice",
        NoticeAddress = "notice address",
        Offering = "offering",
        PriorNotice = "prior notice",
        Provider = "provider",
        PublishedOffering = "published offering",
        Receipt = "receipt",
        Registry = "registry",
        RequestForCompletion = "request for completion",
        Subject = "subject",
        Version = "version",
    }
}

messages! {
    key APPEAL() = "not-found.appeal";
    key APPLICATION() = "not-found.application";
    key APPROVAL() = "not-found.approval";
    key CHECKPOINT() = "not-found.checkpoint";
    key CONTRACT() = "not-found.contract";
    key CRITERION() = "not-found.criterion";
    key DECISION() = "not-found.decision";
    key DEVIATION() = "not-found.deviation";
    key EVIDENCE() = "not-found.evidence";
    key FOLLOW_UP() = "not-found.follow-up";
    key GRANT() = "not-found.grant";
    key LEGAL_INTEREST() = "not-found.legal-interest";
    key LISTING() = "not-found.listing";
    key MUNICIPALITY() = "not-found.municipality";
    key NOTICE() = "not-found.notice";
    key NOTICE_ADDRESS() = "not-found.notice-address";
    key OFFERING() = "not-found.offering";
    key PRIOR_NOTICE() = "not-found.prior-notice";
    key PROVIDER() = "not-found.provider";
    key PUBLISHED_OFFERING() = "not-found.published-offering";
    key RECEIPT() = "not-found.receipt";
    key REGISTRY() = "not-found.registry";
    key REQUEST_FOR_COMPLETION() = "not-found.request-for-completion";
    key SUBJECT() = "not-found.subject";
    key VERSION() = "not-found.version";
}

impl Noun {
    /// The sentence where there is none.
    pub(super) const fn missing(self) -> MessageKey {
        match self {
            Self::Appeal => APPEAL,
            Self::Application => APPLICATION,
            Self::Approval => APPROVAL,
            Self::Checkpoint => CHECKPOINT,
            Self::Contract => CONTRACT,
            Self::Criterion => CRITERION,
            Self::Decision => DECISION,
            Self::Deviation => DEVIATION,
            Self::Evidence => EVIDENCE,
            Self::FollowUp => FOLLOW_UP,
            Self::Grant => GRANT,
            Self::LegalInterest => LEGAL_INTEREST,
            Self::Listing => LISTING,
            Self::Municipality => MUNICIPALITY,
            Self::Notice => NOTICE,
            Self::NoticeAddress => NOTICE_ADDRESS,
            Self::Offering => OFFERING,
            Self::PriorNotice => PRIOR_NOTICE,
            Self::Provider => PROVIDER,
            Self::PublishedOffering => PUBLISHED_OFFERING,
            Self::Receipt => RECEIPT,
            Self::Registry => REGISTRY,
            Self::RequestForCompletion => REQUEST_FOR_COMPLETION,
            Self::Subject => SUBJECT,
            Self::Version => VERSION,
        }
    }
}
