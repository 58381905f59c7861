//! Prior notice: a warning to a provider before a revocation, with time to reply.
//!
//! Forvaltningsloven § 16: in writing, with the subject of the case and a deadline from the dispatch.

mod hearing;

use chrono::NaiveDate;

use super::{
    Change,
    agenda::{Item, Task},
    approval::{Approval, ApprovalCommand, impartiality::Handled},
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    follow_up::{FollowUp, FollowUpKind},
    offering::content::OfferingContent,
    role::{Actor, CaseWorker, ProviderUser},
    rules::{
        ground::{Grounded, RevocationGround, some_named_once},
        notification::{Channel, Notification},
    },
    values::{
        ids::{ApprovalId, FollowUpId, PriorNoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Prose,
        time::{Instant, day_of, end_of_day},
    },
};
use crate::domain::message::fields;

pub use hearing::{Exception, ExceptionKind, Heard};

keywords! {
    /// State of a prior notice.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NoticeStatus {
        Sent = "sent",
        Answered = "answered",
        Closed = "closed",
    }
}

/// A statement of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeReply {
    /// The text.
    pub text: Prose,
    /// Whether the provider has nothing to add, so that the municipality need not wait for the last day.
    pub is_final: bool,
    /// Time of the reply.
    pub at: Instant,
    pub by: Actor,
}

/// How a case ended that was warned of and not decided (lov 20. juni 2025 nr. 81 § 58 fourth paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeClosure {
    /// Why it has no consequence; the provider gets the reason.
    pub reason: Prose,
    /// When.
    pub at: Instant,
    pub by: Actor,
}

/// Limits the size of a notice.
pub const MOST_REPLIES: usize = 20;

/// Content of a prior notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning<'a> {
    /// The grounds, each with facts.
    pub grounds: Vec<Grounded<RevocationGround>>,
    /// The last day to reply; one that is no working day moves to the next.
    pub reply_by: NaiveDate,
    /// The follow-up that it builds on.
    pub founded_on: Option<&'a FollowUp>,
}

/// A prior notice. Its content never changes; it can be answered, and closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorNotice {
    pub id: PriorNoticeId,
    /// The approval that it concerns.
    pub approval: ApprovalId,
    /// The municipality.
    pub municipality: MunicipalityNumber,
    /// The provider.
    pub provider: OrganisationNumber,
    /// The grounds, each with facts; at least one.
    pub grounds: Vec<Grounded<RevocationGround>>,
    /// When it was made available.
    pub sent_at: Instant,
    /// The case worker who sent it.
    pub sent_by: Actor,
    /// Last day to reply, a working day. It moves on with a late notice.
    pub reply_by: NaiveDate,
    /// The follow-up that it builds on.
    pub founded_on: Option<FollowUpId>,
    /// How it was notified.
    pub notification: Notification,
    /// The replies, oldest first.
    pub replies: Vec<NoticeReply>,
    /// How it was closed without a decision.
    pub closure: Option<NoticeClosure>,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl Warning<'_> {
    fn check(
        &self,
        approval: &Approval,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<(), DomainError> {
        let Self { grounds, reply_by, founded_on } = self;
        some_named_once(grounds)?;
        if let Some(unlisted) = grounds.iter().find(|g| !content.terms().may_revoke_on(g.ground)) {
            return Err(DomainError::ground_not_in_terms(unlisted.ground.as_str()));
        }
        match founded_on {
            Some(follow_up) => follow_up.founds(approval, grounds, now)?,
            None if grounds.iter().any(|it| FollowUpKind::is_needed_for(it.ground)) => {
                return Err(DomainError::finding_unrecorded());
            }
            None => {}
        }
        if *reply_by <= day_of(now) {
            let error = fields::reply_time_too_short_prior_notice();
            return Err(DomainError::invalid("/replyBy", error));
        }
        Ok(())
    }
}

impl PriorNotice {
    /// Warns the provider that its approval may be revoked (§ 16). The time to reply begins when notice was sent.
    ///
    /// # Errors
    /// `illegal-transition` (not an active approval), `ground-not-in-terms`,
    /// `validation` (`required` and `duplicate` grounds; `reply-time-too-short`: the last day must be
    /// after the day of dispatch), and those of [`FollowUp::founds`].
    pub fn send(
        id: PriorNoticeId,
        handled: Handled<'_>,
        warning: Warning<'_>,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let (approval, by) = (handled.approval(), handled.by());
        approval.may(ApprovalCommand::SendPriorNotice, now)?;
        warning.check(approval, content, now)?;
        let Warning { grounds, reply_by, founded_on } = warning;
        let value = Self {
            id,
            approval: approval.id,
            municipality: approval.municipality.clone(),
            provider: approval.provider.clone(),
            grounds,
            sent_at: now,
            sent_by: by.actor.clone(),
            reply_by: super::rules::calendar::next_working_day_from(reply_by),
            founded_on: founded_on.map(|follow_up| follow_up.id),
            notification: Notification::new(Channel::Electronic, now),
            replies: vec![],
            closure: None,
            revision: Revision::FIRST,
        };
        let event = value.event(EventKind::PriorNoticeSent);
        Ok(Change { value, event })
    }

    /// Takes a reply of the provider. A further one and a late one are taken too: a case should be as well informed
    /// as possible (§ 17).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` when it is closed or has [`MOST_REPLIES`].
    pub fn answer(
        mut self,
        text: Prose,
        is_final: bool,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.provider {
            return Err(DomainError::not_found(Noun::PriorNotice));
        }
        self.may_reply()?;
        self.replies.push(NoticeReply { text, is_final, at: now, by: by.actor.clone() });
        Ok(self.step(EventKind::PriorNoticeAnswered))
    }

    /// Closes the case without a decision, and notifies the provider.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` when it is closed already.
    pub fn close(
        mut self,
        reason: Prose,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.municipality != self.municipality {
            return Err(DomainError::not_found(Noun::PriorNotice));
        }
        self.may_close()?;
        self.closure = Some(NoticeClosure { reason, at: now, by: by.actor.clone() });
        Ok(self.step(EventKind::PriorNoticeClosed))
    }

    /// Records a read receipt by a person of the provider (eForvaltningsforskriften § 8), once per person.
    #[must_use]
    pub fn opened_by(mut self, by: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        let own = by.organisation == self.provider;
        self.notification = self.notification.clone().opened_by(&by.actor, now).filter(|_| own)?;
        Some(self.step(EventKind::PriorNoticeOpened))
    }

    /// Sends a second notice, a week after the first if it was not opened.
    ///
    /// # Errors
    /// `illegal-transition` once it is closed, and as [`Notification::renotify`].
    pub fn renotify(mut self, now: Instant) -> Result<Change<Self>, DomainError> {
        self.only_if(self.closure.is_none(), "renotify")?;
        self.notification = self.notification.clone().renotify(now)?;
        Ok(self.step(EventKind::PriorNoticeRenotified))
    }

    /// Guards the reply.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may_reply(&self) -> Result<(), DomainError> {
        self.only_if(self.may_reply_again(), "reply")
    }

    const fn may_reply_again(&self) -> bool {
        self.closure.is_none() && self.replies.len() < MOST_REPLIES
    }

    /// Guards the closing.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may_close(&self) -> Result<(), DomainError> {
        self.only_if(self.closure.is_none(), "close")
    }

    fn only_if(&self, free: bool, command: &str) -> Result<(), DomainError> {
        if free {
            return Ok(());
        }
        let allowed = match (&self.closure, self.may_reply_again()) {
            (Some(_), _) => vec![],
            (None, true) => vec!["reply", "close"],
            (None, false) => vec!["close"],
        };
        Err(DomainError::illegal_transition(command, self.status().as_str(), allowed))
    }

    /// When the provider said that it has nothing to add.
    #[must_use]
    pub fn final_reply_at(&self) -> Option<Instant> {
        self.replies.iter().find(|reply| reply.is_final).map(|reply| reply.at)
    }

    /// Due items: a second notice, the provider's reply, and the decision after the final reply or the deadline. None
    /// once it is closed.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        if self.closure.is_some() {
            return vec![];
        }
        let heard = match self.final_reply_at() {
            Some(at) => Some(day_of(at)),
            None => self.notification.starts_on().map(|_| self.reply_by),
        };
        let decide = heard.map(|day| Item::new(Task::DecideAfterNotice, end_of_day(day)));
        let reply = Item::new(Task::ReplyToNotice, end_of_day(self.reply_by));
        let reply = Some(reply).filter(|_| self.replies.is_empty());
        self.notification.agenda().into_iter().chain(decide).chain(reply).collect()
    }

    /// Its state.
    #[must_use]
    pub const fn status(&self) -> NoticeStatus {
        match (&self.closure, self.replies.is_empty()) {
            (Some(_), _) => NoticeStatus::Closed,
            (None, false) => NoticeStatus::Answered,
            (None, true) => NoticeStatus::Sent,
        }
    }

    pub(super) fn step(mut self, kind: EventKind) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind) -> Event {
        Event {
            kind,
            subject: Subject::PriorNotice(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail: vec![("approval", self.approval.to_string())],
        }
    }
}

#[cfg(test)]
mod tests;
