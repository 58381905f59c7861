//! Kinds of messages, and the events that make one available.

use crate::domain::{
    agenda::Task,
    appeal::Appellant,
    event::{Event, EventKind, Subject},
    rules::notification::Channel,
    values::text::Line,
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
    /// The path of its letter below that of its subject, where it has one of its own. Each letter is also at that of its
    /// notice.
    #[must_use]
    pub const fn letter(self) -> Option<&'static str> {
        match self {
            Self::Decision | Self::PriorNotice => Some("letter"),
            Self::Receipt => Some("receipt/letter"),
            _ => None,
        }
    }

    /// Whether a letter is written for it. The confirmation of an address is the e-mail itself.
    #[must_use]
    pub const fn has_letter(self) -> bool {
        !matches!(self, Self::ConfirmAddress)
    }

    /// The kind of message that an event makes available to the provider, by whatever channel.
    #[must_use]
    pub fn of_message(event: &Event) -> Option<Self> {
        use EventKind as Kind;
        Some(match event.kind {
            Kind::ProviderAddressAdded => Self::ConfirmAddress,
            Kind::ApplicationSubmitted => Self::Receipt,
            Kind::PreliminaryAnswerSent => Self::PreliminaryAnswer,
            Kind::CompletionRequested => Self::CompletionRequest,
            Kind::InformationDisclosed => Self::Disclosure,
            Kind::DecisionSigned => Self::Decision,
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
            _ => return None,
        })
    }

    /// The kind of message that needs a notice after an event, and whether it is a second notice of it.
    #[must_use]
    pub fn of(event: &Event) -> Option<(Self, bool)> {
        use EventKind as Kind;
        let second = match event.kind {
            Kind::CompletionRenotified => Self::CompletionRequest,
            Kind::DisclosureRenotified => Self::Disclosure,
            Kind::PriorNoticeRenotified => Self::PriorNotice,
            Kind::DecisionRenotified if matches!(event.subject, Subject::Appeal(_)) => {
                Self::from_name(event.detail_of("message")?)?
            }
            Kind::DecisionRenotified => Self::Decision,
            _ => {
                let first = Self::of_message(event).filter(|_| !event.is_by_post());
                return first.map(|kind| (kind, false));
            }
        };
        Some((second, true))
    }
}

impl Event {
    /// A decision that goes by post needs no notice; it has a letter all the same.
    fn is_by_post(&self) -> bool {
        self.detail_of("channel") == Some(Channel::Paper.as_str())
    }

    fn is_about(&self, task: Task) -> bool {
        self.detail_of("task") == Some(task.as_str())
    }

    fn is_by_another(&self) -> bool {
        self.detail_of("appellant") == Some(Appellant::OTHER)
    }

    /// Another appellant that a message goes to.
    #[must_use]
    pub fn informed_appellant(&self) -> Option<Line> {
        Line::parse(self.detail_of("informed")?).ok()
    }

    fn detail_of(&self, name: &str) -> Option<&str> {
        self.detail.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}
