//! Kinds of messages, and the events that make one available.

use crate::domain::{
    agenda::Task,
    appeal::Appellant,
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
        /// Another has appealed against the approval, and the provider can state its view.
        AppealHearing = "appeal-hearing",
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
            Kind::DecisionSigned if !event.is_by_post() => Self::Decision,
            Kind::ReasonsGiven => Self::Reasons,
            Kind::DecisionCorrected => Self::Correction,
            Kind::AppealPeriodProlonged => Self::Extension,
            Kind::AppealReceived if !event.is_by_another() => Self::AppealReceived,
            Kind::AppealCorrectionRequested if !event.is_by_another() => Self::AppealDefects,
            Kind::AppealCounterpartyAsked => Self::AppealHearing,
            Kind::AppellantInformed => Self::from_name(event.detail_of("message")?)?,
            Kind::AppealForwarded => Self::AppealStatement,
            Kind::PriorNoticeSent => Self::PriorNotice,
            Kind::PriorNoticeClosed => Self::NoticeClosed,
            Kind::Reminded if event.is_about(Task::EvidenceExpires) => Self::EvidenceExpires,
            Kind::CompletionRenotified => return Some((Self::CompletionRequest, true)),
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
        self.detail_of("channel") == Some(Channel::Paper.as_str())
    }

    fn is_about(&self, task: Task) -> bool {
        self.detail_of("task") == Some(task.as_str())
    }

    fn is_by_another(&self) -> bool {
        self.detail_of("appellant") == Some(Appellant::OTHER)
    }

    pub(super) fn detail_of(&self, name: &str) -> Option<&str> {
        self.detail.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}
