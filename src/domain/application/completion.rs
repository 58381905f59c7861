//! Requests for completion, and the consequences of an expired deadline.
//!
//! Forvaltningsloven § 11 and eForvaltningsforskriften § 7: list the defects, set a deadline, log time and
//! receiver. After the deadline the case is decided on its present content, or dismissed with a ground; it is
//! never dropped.

use chrono::NaiveDate;

use super::{Application, ApplicationCommand, ApplicationState, Case, guard::CaseContext};
use crate::domain::{
    Change,
    agenda::{Item, Task},
    error::DomainError,
    event::EventKind,
    message::fields,
    offering::content::OfferingContent,
    role::{Actor, CaseWorker, ProviderUser},
    rules::{
        calendar::next_working_day_from,
        notification::{Channel, Notification},
    },
    validation::ValidationErrors,
    values::{
        text::{Code, Note},
        time::{Instant, day_of, end_of_day},
    },
};

/// One requested item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The criterion that it concerns.
    pub criterion: Code,
    /// The defect.
    pub note: Note,
}

/// A request for completion. It is sent once and answered once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The requested items; at least one.
    pub missing: Vec<Missing>,
    /// Its notification and read receipts (eForvaltningsforskriften § 8).
    pub notification: Notification,
    pub sent_by: Actor,
    /// Last day to answer, a working day. It moves on with a late notice.
    pub deadline: NaiveDate,
    /// Time of the provider's answer.
    pub answered_at: Option<Instant>,
}

/// What a read receipt and a second notice of a message are.
#[derive(Debug, Clone, Copy)]
struct MessageEvents {
    opened: EventKind,
    renotified: EventKind,
}

impl MessageEvents {
    const COMPLETION: Self =
        Self { opened: EventKind::CompletionOpened, renotified: EventKind::CompletionRenotified };
    const DISCLOSURE: Self =
        Self { opened: EventKind::DisclosureOpened, renotified: EventKind::DisclosureRenotified };
}

impl Completion {
    /// Due items while it waits for an answer: the answer, the consequence of a missing one, a second notice.
    pub(super) fn agenda(&self) -> Vec<Item> {
        let due = end_of_day(self.deadline);
        let complete = Item::new(Task::CompleteApplication, due);
        let resume = Item::new(Task::ResumeOrDecide, due);
        let resume = Some(resume).filter(|_| self.notification.starts_on().is_some());
        let items = std::iter::once(complete).chain(resume);
        items.chain(self.notification.agenda()).collect()
    }

    /// Whether the provider's deadline has passed. It has not begun before notice was sent.
    #[must_use]
    pub fn is_out(&self, now: Instant) -> bool {
        self.notification.starts_on().is_some() && now >= end_of_day(self.deadline)
    }
}

impl Application {
    /// Requests completion, with a list and a deadline. The lines concerned are reopened.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality, `validation` (`required`, `unknown-criterion`,
    /// `reply-time-too-short`).
    pub fn request_completion(
        mut self,
        missing: Vec<Missing>,
        deadline: NaiveDate,
        by: &CaseWorker,
        context: CaseContext<'_>,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        let mut case = self.guarded(ApplicationCommand::RequestCompletion, &by.actor, context)?;
        check(&missing, deadline, context.content, context.now)?;
        for asked in &missing {
            case.lines.remove(&asked.criterion);
        }
        case.assessors.insert(by.actor.subject.clone());
        let deadline = next_working_day_from(deadline);
        let criteria: Vec<_> = missing.iter().map(|asked| asked.criterion.as_str()).collect();
        let detail = vec![("deadline", deadline.to_string()), ("criteria", criteria.join(","))];
        case.completions.push(Completion {
            missing,
            notification: Notification::new(Channel::Electronic, context.now),
            sent_by: by.actor.clone(),
            deadline,
            answered_at: None,
        });
        self.state = ApplicationState::AwaitingCompletion(case);
        Ok(self.step(EventKind::CompletionRequested, detail))
    }

    /// Records a read receipt of the pending messages, once per person.
    #[must_use]
    pub fn opened_by(mut self, by: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        self.owned_by(by).ok()?;
        let mut kind = None;
        for (notification, of) in self.pending_messages() {
            if let Some(opened) = notification.clone().opened_by(&by.actor, now) {
                *notification = opened;
                kind = kind.or(Some(of.opened));
            }
        }
        Some(self.step(kind?, vec![]))
    }

    /// Sends a second notice of a pending message, a week after the first if it was not opened. The deadline
    /// stays.
    ///
    /// # Errors
    /// `illegal-transition` where none waits, and as [`Notification::renotify`].
    pub fn renotify(mut self, now: Instant) -> Result<Change<Self>, DomainError> {
        let mut refused = DomainError::illegal_transition("renotify", self.state.as_str(), vec![]);
        let mut kind = None;
        for (notification, of) in self.pending_messages() {
            match notification.clone().renotify(now) {
                Ok(second) => {
                    *notification = second;
                    kind = Some(of.renotified);
                    break;
                }
                Err(error) => refused = error,
            }
        }
        Ok(self.step(kind.ok_or(refused)?, vec![]))
    }

    /// The messages that wait for the applicant, with the events of their notifications.
    fn pending_messages(&mut self) -> Vec<(&mut Notification, MessageEvents)> {
        let awaits = matches!(self.state, ApplicationState::AwaitingCompletion(_));
        let is_under_way = self.state.is_under_way();
        let Some(case) = self.state.case_mut() else { return vec![] };
        let request = case.completions.last_mut().filter(|_| awaits);
        let request = request.map(|it| (&mut it.notification, MessageEvents::COMPLETION));
        let disclosed = case.disclosures.last_mut();
        let disclosed = disclosed.filter(|it| is_under_way && it.comment.is_none());
        let disclosed = disclosed.map(|it| (&mut it.notification, MessageEvents::DISCLOSURE));
        request.into_iter().chain(disclosed).collect()
    }

    /// The provider declares the completion. A late declaration is accepted until the case continues.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn complete(
        mut self,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        let ApplicationState::AwaitingCompletion(mut case) = self.state.clone() else {
            return Err(self.illegal(ApplicationCommand::Complete));
        };
        if let Some(last) = case.completions.last_mut() {
            last.answered_at = Some(now);
        }
        self.state = ApplicationState::UnderAssessment(case);
        Ok(self.step(EventKind::CompletionAnswered, vec![]))
    }

    /// Continues with the present content after the provider's deadline.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality, `deadline-running`.
    pub fn resume(
        mut self,
        by: &CaseWorker,
        context: CaseContext<'_>,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        let case = self.guarded(ApplicationCommand::Resume, &by.actor, context)?;
        self.state = ApplicationState::UnderAssessment(case);
        Ok(self.step(EventKind::AssessmentResumed, vec![]))
    }
}

impl Case {
    /// Checks that the provider's deadline to complete has passed.
    ///
    /// # Errors
    /// `deadline-running`, `notice-not-sent`.
    pub fn time_is_out(&self, now: Instant) -> Result<(), DomainError> {
        match self.completions.last() {
            Some(Completion { answered_at: None, notification, .. })
                if notification.starts_on().is_none() =>
            {
                Err(DomainError::notice_not_sent())
            }
            Some(last) if last.answered_at.is_none() && !last.is_out(now) => {
                Err(DomainError::deadline_running(last.deadline))
            }
            _ => Ok(()),
        }
    }
}

fn check(
    missing: &[Missing],
    deadline: NaiveDate,
    content: &OfferingContent,
    now: Instant,
) -> Result<(), DomainError> {
    let mut errors = ValidationErrors::default();
    if missing.is_empty() {
        errors.missing("/missing", fields::required_missing_items());
    }
    for (i, asked) in missing.iter().enumerate() {
        if content.criterion(&asked.criterion).is_none() {
            errors.add(format!("/missing/{i}/criterion"), fields::unknown_criterion());
        }
    }
    if deadline <= day_of(now) {
        errors.add("/deadline", fields::reply_time_too_short_completion());
    }
    if errors.is_empty() { Ok(()) } else { Err(DomainError::validation(errors)) }
}
