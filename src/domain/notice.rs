//! Notice (varsel): that a message waits in the registry, sent to the provider outside of it.
//!
//! eForvaltningsforskriften § 8: a message of legal weight is made available, and notice of it is sent. A notice
//! says that a letter waits and never what is in it. Each follows from one event of a case, and belongs to the
//! outbox until it is sent.

mod kind;
mod letter;
mod subject;
#[cfg(test)]
mod tests;

use chrono::{NaiveDate, TimeDelta};

use super::{
    Change,
    agenda::{Item, Task},
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    message::fields,
    role::{Actor, CaseWorker},
    rules::notification::{FirstNotice, NoticeChannel},
    values::{
        ids::{NoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Email, Line},
        time::{Instant, day_of, end_of_day},
    },
};

pub use kind::NoticeKind;
pub use letter::{KeptLetter, WrittenLetter};
pub use subject::Notifiable;

/// The waits after each failed attempt, in minutes; after the last one a notice has failed. About two days in all.
const WAITS: [i64; 9] = [1, 5, 30, 120, 300, 600, 600, 600, 600];

/// How long a notice waits after so many failed attempts; `None` once it has failed.
#[must_use]
pub fn wait_after(attempts: i64) -> Option<TimeDelta> {
    let index = usize::try_from(attempts.max(1) - 1).ok()?;
    WAITS.get(index).map(|minutes| TimeDelta::minutes(*minutes))
}

/// An address that a mail server has accepted a notice for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub address: Email,
    /// When.
    pub at: Instant,
    /// What the server answered.
    pub reference: Line,
}

/// State of a notice in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeState {
    /// It waits to be sent.
    Waiting,
    /// A mail server has accepted it for at least one address.
    Sent {
        /// The addresses that it was accepted for.
        accepted: Vec<Acceptance>,
    },
    /// It was not delivered.
    Failed {
        /// What it had been accepted for before it failed.
        accepted: Vec<Acceptance>,
        at: Instant,
        why: Line,
    },
    /// It was sent outside the registry.
    ByHand {
        /// The day.
        sent_on: NaiveDate,
        /// How, such as by telephone or in a letter.
        how: Line,
        by: Actor,
        /// When it was recorded.
        at: Instant,
    },
}

keywords! {
    /// Status of a notice.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DeliveryStatus {
        Waiting = "waiting",
        Sent = "sent",
        /// The provider has opened the message.
        Read = "read",
        Failed = "failed",
        ByHand = "by-hand",
    }
}

keywords! {
    /// A command of a case worker on a notice.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NoticeCommand {
        /// Record that it was sent outside the registry.
        RecordByHand = "record-by-hand",
        /// Record that it came back.
        RecordFailure = "record-failure",
        /// Try to send it again.
        Resend = "resend",
    }
}

/// A notice in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// That of the journal row of the event it follows from.
    pub id: NoticeId,
    pub kind: NoticeKind,
    /// A second notice, a week after the first.
    pub is_second: bool,
    /// What the message belongs to.
    pub subject: Subject,
    /// The sender; none for an address that a provider confirms.
    pub municipality: Option<MunicipalityNumber>,
    /// The recipient, or the party of the case that another has appealed in.
    pub provider: OrganisationNumber,
    /// Another appellant that it goes to instead. It is no user of the registry, so a case worker sends the letter.
    pub appellant: Option<Line>,
    /// When the message was made available.
    pub created_at: Instant,
    pub state: NoticeState,
    /// Failed attempts to send it.
    pub attempts: i64,
    /// When it is tried next; none where it is not sent automatically.
    pub next_attempt_at: Option<Instant>,
    /// Why the last attempt failed, or why there is none.
    pub obstacle: Option<Line>,
    /// When the message was first opened.
    pub read_at: Option<Instant>,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl Notice {
    /// The notice of what an event makes available, if that is anything.
    #[must_use]
    pub fn of(event: &Event, id: NoticeId, now: Instant) -> Option<Self> {
        let (kind, is_second) = NoticeKind::of(event)?;
        Some(Self {
            id,
            kind,
            is_second,
            subject: event.subject.clone(),
            municipality: event.municipality.clone(),
            provider: event.provider.clone()?,
            appellant: event.informed_appellant(),
            created_at: now,
            state: NoticeState::Waiting,
            attempts: 0,
            next_attempt_at: Some(now),
            obstacle: None,
            read_at: None,
            revision: Revision::FIRST,
        })
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> DeliveryStatus {
        match (&self.state, self.read_at) {
            (NoticeState::Waiting, _) => DeliveryStatus::Waiting,
            (NoticeState::Failed { .. }, _) => DeliveryStatus::Failed,
            (NoticeState::Sent { .. } | NoticeState::ByHand { .. }, Some(_)) => {
                DeliveryStatus::Read
            }
            (NoticeState::Sent { .. }, None) => DeliveryStatus::Sent,
            (NoticeState::ByHand { .. }, None) => DeliveryStatus::ByHand,
        }
    }

    /// Checks a command against the state.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may(&self, command: NoticeCommand) -> Result<(), DomainError> {
        let fits = |command| match command {
            NoticeCommand::RecordByHand => {
                matches!(self.state, NoticeState::Waiting | NoticeState::Failed { .. })
            }
            NoticeCommand::RecordFailure => {
                matches!(self.state, NoticeState::Sent { .. }) && self.read_at.is_none()
            }
            NoticeCommand::Resend => {
                let is_held = self.next_attempt_at.is_none();
                matches!(self.state, NoticeState::Failed { .. })
                    || matches!(self.state, NoticeState::Waiting) && is_held
            }
        };
        if fits(command) {
            return Ok(());
        }
        let allowed = NoticeCommand::ALL.into_iter().filter(|it| fits(*it));
        let allowed = allowed.map(NoticeCommand::as_str).collect();
        Err(DomainError::illegal_transition(command.as_str(), self.status().as_str(), allowed))
    }

    /// A mail server has accepted it for some addresses.
    ///
    /// # Errors
    /// `illegal-transition` where it no longer waits.
    pub fn sent(
        self,
        accepted: Vec<Acceptance>,
        now: Instant,
    ) -> Result<(Change<Self>, FirstNotice), DomainError> {
        self.only_waiting("send")?;
        let first = first_notice(day_of(now), NoticeChannel::Email, now);
        let state = NoticeState::Sent { accepted };
        let value = Self { state, next_attempt_at: None, obstacle: None, ..self };
        Ok((value.step(EventKind::NoticeSent), first))
    }

    /// It was not delivered: every address was refused, or the attempts are used up.
    ///
    /// # Errors
    /// `illegal-transition` where it no longer waits.
    pub fn failed(self, why: Line, now: Instant) -> Result<Change<Self>, DomainError> {
        self.only_waiting("fail")?;
        Ok(self.fail(why, now))
    }

    /// A case worker records that it was sent outside the registry.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`date-in-future`, `date-order` before the message was
    /// available).
    pub fn record_by_hand(
        self,
        sent_on: NaiveDate,
        how: Line,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<(Change<Self>, FirstNotice), DomainError> {
        self.handled_by(by)?;
        self.may(NoticeCommand::RecordByHand)?;
        if sent_on > day_of(now) {
            return Err(DomainError::invalid("/sentOn", fields::date_in_future_notice()));
        }
        if sent_on < day_of(self.created_at) {
            return Err(DomainError::invalid("/sentOn", fields::date_order_notice()));
        }
        let first = first_notice(sent_on, NoticeChannel::ByHand, now);
        let state = NoticeState::ByHand { sent_on, how, by: by.actor.clone(), at: now };
        let value = Self { state, next_attempt_at: None, obstacle: None, ..self };
        Ok((value.step(EventKind::NoticeSentByHand), first))
    }

    /// A case worker records that an accepted notice came back.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn record_failure(
        self,
        why: Line,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(by)?;
        self.may(NoticeCommand::RecordFailure)?;
        Ok(self.fail(why, now))
    }

    /// A case worker has it tried again, at the provider's present addresses.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn resend(self, by: &CaseWorker, now: Instant) -> Result<Change<Self>, DomainError> {
        self.handled_by(by)?;
        self.may(NoticeCommand::Resend)?;
        let state = NoticeState::Waiting;
        let value = Self { state, attempts: 0, next_attempt_at: Some(now), obstacle: None, ..self };
        Ok(value.step(EventKind::NoticeResumed))
    }

    /// An attempt that failed for now: it is tried again later, or has failed.
    ///
    /// # Errors
    /// The failed notice, once its attempts are used up.
    pub fn postponed(mut self, why: Line, now: Instant) -> Result<Self, Change<Self>> {
        self.attempts += 1;
        match wait_after(self.attempts) {
            Some(wait) => {
                Ok(Self { next_attempt_at: Some(now + wait), obstacle: Some(why), ..self })
            }
            None => Err(self.fail(why, now)),
        }
    }

    /// Nothing is sent automatically: it waits for a case worker.
    #[must_use]
    pub fn held(self, why: Line) -> Self {
        Self { next_attempt_at: None, obstacle: Some(why), ..self }
    }

    /// Due items: it is to be sent by hand, once an attempt has failed or none is made.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        let due = match &self.state {
            NoticeState::Waiting if self.obstacle.is_some() => end_of_day(day_of(self.created_at)),
            NoticeState::Failed { at, .. } => end_of_day(day_of(*at)),
            _ => return vec![],
        };
        if self.municipality.is_none() {
            return vec![];
        }
        vec![Item::new(Task::SendNotice, due)]
    }

    fn handled_by(&self, by: &CaseWorker) -> Result<(), DomainError> {
        if self.municipality.as_ref() == Some(&by.municipality) {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Notice))
        }
    }

    fn only_waiting(&self, command: &str) -> Result<(), DomainError> {
        if matches!(self.state, NoticeState::Waiting) {
            return Ok(());
        }
        Err(DomainError::illegal_transition(command, self.status().as_str(), vec![]))
    }

    fn fail(self, why: Line, now: Instant) -> Change<Self> {
        let accepted = match self.state {
            NoticeState::Sent { accepted } => accepted,
            _ => vec![],
        };
        let state = NoticeState::Failed { accepted, at: now, why };
        Self { state, next_attempt_at: None, obstacle: None, ..self }.step(EventKind::NoticeFailed)
    }

    fn step(mut self, kind: EventKind) -> Change<Self> {
        self.revision = self.revision.next();
        let event = Event {
            kind,
            subject: Subject::Notice(self.id),
            revision: self.revision,
            municipality: self.municipality.clone(),
            provider: Some(self.provider.clone()),
            detail: vec![
                ("kind", self.kind.as_str().to_owned()),
                ("about", format!("{}/{}", self.subject.collection(), self.subject.key())),
            ],
        };
        Change { value: self, event }
    }
}

const fn first_notice(sent_on: NaiveDate, channel: NoticeChannel, now: Instant) -> FirstNotice {
    FirstNotice { sent_on, recorded_at: now, channel, failed_at: None }
}
