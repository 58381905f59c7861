//! Kinds of messages, and the events that make one available.

use crate::domain::{
    agenda::Task,
    event::{Event, EventKind, Subject},
    rules::notification::Channel,
};

keywords! {
    /// Kind of message that a notice is about.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NoticeKind {
        /// The application was received.
        Receipt = "receipt",
        /// When to expect an answer.
        PreliminaryAnswer = "preliminary-answer",
        /// Something is missing.
        CompletionRequest = "completion-request",
        /// Information from others to comment on.
        Disclosure = "disclosure",
        Decision = "decision",
        /// Reasons that were given afterwards.
        Reasons = "reasons",
        /// A corrected text of a decision.
        Correction = "correction",
        /// A longer time to appeal.
        Extension = "extension",
        /// An appeal was received.
        AppealReceived = "appeal-received",
        /// An appeal lacks something.
        AppealDefects = "appeal-defects",
        /// The municipality's statement to the appeal body.
        AppealStatement = "appeal-statement",
        PriorNotice = "prior-notice",
        /// A prior notice has no consequence.
        NoticeClosed = "notice-closed",
        /// Evidence of an approval expires.
        EvidenceExpires = "evidence-expires",
        /// Confirm an address for notices.
        ConfirmAddress = "confirm-address",
    }
}

impl NoticeKind {
    /// The path of its letter below that of its subject, where it has one of its own.
    #[must_use]
    pub const fn letter(self) -> Option<&'static str> {
        match self {
            Self::Decision | Self::PriorNotice => Some("letter"),
            Self::Receipt => Some("receipt/letter"),
            _ => None,
        }
    }

    /// The kind of message that an event makes available to the provider, and whether it is a second notice of it.
    #[must_use]
    pub fn of(event: &Event) -> Option<(Self, bool)> {
        use EventKind as Kind;
        let first = match event.kind {
            Kind::ProviderAddressAdded => Self::ConfirmAddress,
            Kind::ApplicationSubmitted => Self::Receipt,
            Kind::PreliminaryAnswerSent => Self::PreliminaryAnswer,
            Kind::CompletionRequested => Self::CompletionRequest,
            Kind::InformationDisclosed => Self::Disclosure,
            Kind::DecisionSigned if !event.is_by_post() => Self::Decision,
            Kind::ReasonsGiven => Self::Reasons,
            Kind::DecisionCorrected => Self::Correction,
            Kind::AppealPeriodProlonged => Self::Extension,
            Kind::AppealReceived => Self::AppealReceived,
            Kind::AppealCorrectionRequested => Self::AppealDefects,
            Kind::AppealForwarded => Self::AppealStatement,
            Kind::PriorNoticeSent => Self::PriorNotice,
            Kind::PriorNoticeClosed => Self::NoticeClosed,
            Kind::Reminded if event.is_about(Task::EvidenceExpires) => Self::EvidenceExpires,
            Kind::CompletionRenotified => return Some((Self::CompletionRequest, true)),
            Kind::DisclosureRenotified => return Some((Self::Disclosure, true)),
            Kind::PriorNoticeRenotified => return Some((Self::PriorNotice, true)),
            Kind::DecisionRenotified => {
                let is_appeal = matches!(event.subject, Subject::Appeal(_));
                let kind = if is_appeal { Self::AppealStatement } else { Self::Decision };
                return Some((kind, true));
            }
            _ => return None,
        };
        Some((first, false))
    }
}

impl Event {
    /// A decision that goes by post needs no notice.
    fn is_by_post(&self) -> bool {
        self.detail.iter().any(|(key, value)| *key == "channel" && value == Channel::Paper.as_str())
    }

    fn is_about(&self, task: Task) -> bool {
        self.detail.iter().any(|(key, value)| *key == "task" && value == task.as_str())
    }
}
