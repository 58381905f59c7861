//! Motpartens uttalelse: the provider is heard on the appeal of another (forvaltningsloven § 33 third paragraph).

use chrono::NaiveDate;

use super::{Appeal, AppealCommand, Appellant};
use crate::domain::{
    Change,
    agenda::{Item, Task},
    decision::DecidedCase,
    error::{DomainError, Noun},
    event::{Event, EventKind},
    message::fields,
    notice::NoticeKind,
    role::{Actor, CaseWorker, ProviderUser},
    rules::{
        calendar::next_working_day_from,
        impartiality::Staff,
        notification::{Channel, Notification},
    },
    values::{
        text::Prose,
        time::{Instant, day_of, end_of_day},
    },
};

/// What the provider says of the appeal of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterpartyStatement {
    pub text: Prose,
    /// Whether the provider has nothing to add, so that the municipality need not wait for the last day.
    pub is_final: bool,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// Limits the size of an appeal.
const MOST_STATEMENTS: usize = 20;

/// The hearing of the provider on the appeal of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterpartyHearing {
    /// The last day for a statement, a working day.
    pub deadline: NaiveDate,
    pub asked_by: Actor,
    /// When.
    pub asked_at: Instant,
    /// How the appeal reached the provider.
    pub notification: Notification,
    /// Oldest first.
    pub statements: Vec<CounterpartyStatement>,
}

impl CounterpartyHearing {
    /// Whether another statement is taken.
    pub(super) const fn takes_statement(&self) -> bool {
        self.statements.len() < MOST_STATEMENTS
    }

    /// Due items: a second notice, and the provider's statement.
    pub(super) fn agenda(&self) -> Vec<Item> {
        let state = Item::new(Task::StateOnAppeal, end_of_day(self.deadline));
        let state = Some(state).filter(|_| self.statements.is_empty());
        self.notification.agenda().into_iter().chain(state).collect()
    }

    /// Guards what follows the hearing.
    ///
    /// # Errors
    /// `notice-not-sent`, `counterparty-not-heard` until the deadline is out, unless the provider has said all.
    fn settled(&self, now: Instant) -> Result<(), DomainError> {
        if self.statements.iter().any(|it| it.is_final) {
            return Ok(());
        }
        if self.notification.starts_on().is_none() {
            return Err(DomainError::notice_not_sent());
        }
        if now < end_of_day(self.deadline) {
            return Err(DomainError::counterparty_hearing_runs(self.deadline));
        }
        Ok(())
    }
}

impl Appeal {
    /// Sends the appeal of another to the provider, with a deadline for its statement.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`, `validation`
    /// (`reply-time-too-short`).
    pub fn hear_counterparty(
        mut self,
        deadline: NaiveDate,
        case: DecidedCase<'_>,
        staff: &Staff,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.prepared_by(AppealCommand::HearCounterparty, case, staff, by)?;
        if deadline <= day_of(now) {
            let error = fields::reply_time_too_short_appeal();
            return Err(DomainError::invalid("/deadline", error));
        }
        let deadline = next_working_day_from(deadline);
        self.hearing = Some(CounterpartyHearing {
            deadline,
            asked_by: by.actor.clone(),
            asked_at: now,
            notification: Notification::new(Channel::Electronic, now),
            statements: vec![],
        });
        let detail = vec![("deadline", deadline.to_string())];
        Ok(self.step(EventKind::AppealCounterpartyAsked, detail))
    }

    /// The provider states its view of the appeal of another. A late statement is taken too, until the appeal is
    /// decided.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn state_as_counterparty(
        mut self,
        text: Prose,
        is_final: bool,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.provider {
            return Err(DomainError::not_found(Noun::Appeal));
        }
        self.may(AppealCommand::State)?;
        if let Some(hearing) = &mut self.hearing {
            let by = by.actor.clone();
            hearing.statements.push(CounterpartyStatement { text, is_final, by, at: now });
        }
        Ok(self.step(EventKind::AppealCounterpartyStated, vec![]))
    }

    /// Guards the review: on the appeal of another the provider was heard.
    ///
    /// # Errors
    /// `counterparty-not-heard`, `notice-not-sent`.
    pub fn counterparty_heard(&self, now: Instant) -> Result<(), DomainError> {
        match (&self.appellant, &self.hearing) {
            (Appellant::Party, _) => Ok(()),
            (Appellant::Other { .. }, None) => Err(DomainError::counterparty_not_asked()),
            (Appellant::Other { .. }, Some(hearing)) => hearing.settled(now),
        }
    }

    /// Event for a message to an appellant other than the party, after an event that makes one.
    #[must_use]
    pub fn appellant_informed(&self, after: EventKind) -> Option<Event> {
        let Appellant::Other { name, .. } = &self.appellant else { return None };
        let message = match after {
            EventKind::AppealReceived => NoticeKind::AppealReceived,
            EventKind::AppealCorrectionRequested => NoticeKind::AppealDefects,
            EventKind::AppealForwarded => NoticeKind::AppealStatement,
            EventKind::AppealDecided => NoticeKind::Decision,
            _ => return None,
        };
        let detail = vec![("message", message.as_str().to_owned()), ("informed", name.to_string())];
        Some(self.event(EventKind::AppellantInformed, detail))
    }
}
