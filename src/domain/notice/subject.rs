//! What a notice does to the case it is about: periods begin, or are taken back.

use super::{Notice, NoticeKind};
use crate::domain::{
    Change,
    appeal::{Appeal, AppealState},
    application::Application,
    decision::history::DecisionHistory,
    event::EventKind,
    prior_notice::PriorNotice,
    rules::{
        calendar::next_working_day_from,
        notification::{FirstNotice, Notification},
    },
    values::time::Instant,
};

/// A message with a deadline that is named in it, which moves with a late notice.
#[derive(Debug)]
pub struct NotifiedMessage<'a> {
    pub kind: NoticeKind,
    pub notification: &'a mut Notification,
    /// The named deadline, a working day.
    pub deadline: Option<&'a mut chrono::NaiveDate>,
}

/// An aggregate with messages that start periods.
pub trait Notifiable: Sized {
    /// Its messages.
    fn messages_mut(&mut self) -> Vec<NotifiedMessage<'_>>;

    /// The change after one of them.
    fn notice_step(self, kind: EventKind) -> Change<Self>;

    /// Records the first notice of the message that a notice is about. `None` where nothing changes.
    #[must_use]
    fn noticed(self, notice: &Notice, first: &FirstNotice) -> Option<Change<Self>> {
        self.change_message(notice, EventKind::MessageNoticed, |message| {
            let (noticed, delay) = message.notification.clone().noticed(first.clone())?;
            if let Some(deadline) = message.deadline {
                *deadline = next_working_day_from(*deadline + delay);
            }
            Some((message.notification, noticed))
        })
    }

    /// Records that the notice of the message was not delivered. `None` where nothing changes.
    #[must_use]
    fn notice_failed(self, notice: &Notice, now: Instant) -> Option<Change<Self>> {
        self.change_message(notice, EventKind::MessageNoticeFailed, |message| {
            let failed = message.notification.clone().notice_failed(now)?;
            Some((message.notification, failed))
        })
    }

    /// Changes the first message that a notice is about and whose notification changes.
    fn change_message(
        mut self,
        notice: &Notice,
        kind: EventKind,
        change: impl for<'m> Fn(NotifiedMessage<'m>) -> Option<(&'m mut Notification, Notification)>,
    ) -> Option<Change<Self>> {
        let (before, after) = self.messages_about(notice).find_map(change)?;
        *before = after;
        Some(self.notice_step(kind))
    }

    /// The messages that a notice can be about: two of one kind at one instant are noticed one after the other.
    fn messages_about(&mut self, notice: &Notice) -> impl Iterator<Item = NotifiedMessage<'_>> {
        let (kind, at) = (notice.kind, notice.created_at);
        let is_about =
            move |it: &NotifiedMessage<'_>| it.kind == kind && it.notification.issued_at() == at;
        self.messages_mut().into_iter().filter(is_about)
    }
}

impl<'a> NotifiedMessage<'a> {
    const fn new(kind: NoticeKind, notification: &'a mut Notification) -> Self {
        Self { kind, notification, deadline: None }
    }
}

impl Notifiable for DecisionHistory {
    fn messages_mut(&mut self) -> Vec<NotifiedMessage<'_>> {
        let course = &mut self.course;
        let given = course.reasons_demand.iter_mut().filter_map(|demand| demand.given.as_mut());
        let given = given.map(|it| NotifiedMessage::new(NoticeKind::Reasons, &mut it.notification));
        let corrections = course.corrections.iter_mut();
        let corrections = corrections
            .map(|it| NotifiedMessage::new(NoticeKind::Correction, &mut it.notification));
        let first = NotifiedMessage::new(NoticeKind::Decision, &mut course.notification);
        std::iter::once(first).chain(given).chain(corrections).collect()
    }

    fn notice_step(mut self, kind: EventKind) -> Change<Self> {
        // The period starts again, or has no last day.
        self.course.final_at = None;
        let detail = self.last_day_detail();
        self.step(kind, detail)
    }
}

impl Notifiable for Application {
    fn messages_mut(&mut self) -> Vec<NotifiedMessage<'_>> {
        let Some(case) = self.state.case_mut() else { return vec![] };
        let requests = case.completions.iter_mut().map(|it| NotifiedMessage {
            kind: NoticeKind::CompletionRequest,
            notification: &mut it.notification,
            deadline: Some(&mut it.deadline),
        });
        let disclosures = case.disclosures.iter_mut().map(|it| NotifiedMessage {
            kind: NoticeKind::Disclosure,
            notification: &mut it.notification,
            deadline: Some(&mut it.deadline),
        });
        requests.chain(disclosures).collect()
    }

    fn notice_step(self, kind: EventKind) -> Change<Self> {
        self.step(kind, vec![])
    }
}

impl Notifiable for PriorNotice {
    fn messages_mut(&mut self) -> Vec<NotifiedMessage<'_>> {
        vec![NotifiedMessage {
            kind: NoticeKind::PriorNotice,
            notification: &mut self.notification,
            deadline: Some(&mut self.reply_by),
        }]
    }

    fn notice_step(self, kind: EventKind) -> Change<Self> {
        self.step(kind)
    }
}

impl Notifiable for Appeal {
    fn messages_mut(&mut self) -> Vec<NotifiedMessage<'_>> {
        let hearing = self.hearing.iter_mut().map(|hearing| NotifiedMessage {
            kind: NoticeKind::AppealHearing,
            notification: &mut hearing.notification,
            deadline: Some(&mut hearing.deadline),
        });
        let mut messages: Vec<_> = hearing.collect();
        if let AppealState::Forwarded(.., forwarding) = &mut self.state {
            let statement = &mut forwarding.notification;
            messages.push(NotifiedMessage::new(NoticeKind::AppealStatement, statement));
        }
        messages
    }

    fn notice_step(self, kind: EventKind) -> Change<Self> {
        self.step(kind, vec![])
    }
}
