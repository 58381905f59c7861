//! Mangelbrev: what is asked for when an application has defects, and what happens when the time is out.
//!
//! Forvaltningsloven § 11 and eForvaltningsforskriften § 7: tell what is missing, give a deadline,
//! log when and to whom. A case whose deadline is out is decided on what is there, or dismissed
//! with a ground; it is never dropped.

use chrono::NaiveDate;

use super::{Application, ApplicationCommand, ApplicationState, Case, guard::CaseContext};
use crate::domain::{
    Change,
    agenda::{Item, Task},
    error::DomainError,
    event::EventKind,
    offering::content::OfferingContent,
    role::{Actor, CaseWorker, ProviderUser},
    rules::{
        calendar::next_working_day_from,
        notification::{Channel, Notification},
    },
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        text::{Code, Email, Note},
        time::{Instant, day_of, end_of_day},
    },
};

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The criterion that it concerns.
    pub criterion: Code,
    /// What is missing.
    pub note: Note,
}

/// A request for completion. It is sent once and answered once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is asked for; at least one thing.
    pub missing: Vec<Missing>,
    /// How it was made available, and who has opened it (eForvaltningsforskriften § 8).
    pub notification: Notification,
    /// Who asked.
    pub sent_by: Actor,
    /// Last day to answer, a working day.
    pub deadline: NaiveDate,
    /// When the provider said that it had answered.
    pub answered_at: Option<Instant>,
}

impl Completion {
    /// What falls due while it waits for an answer: the answer, what comes of none, a second notice.
    pub(super) fn agenda(&self) -> Vec<Item> {
        let due = end_of_day(self.deadline);
        let tasks = [Task::CompleteApplication, Task::ResumeOrDecide];
        let items = tasks.into_iter().map(|task| Item::new(task, due));
        items.chain(self.notification.agenda()).collect()
    }

    /// Whether the provider's time is out.
    #[must_use]
    pub fn is_out(&self, now: Instant) -> bool {
        now >= end_of_day(self.deadline)
    }
}

impl Application {
    /// Asks the provider to complete, with a list and a deadline. The lines that it concerns are open again.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality, `validation` (`required`, `unknown-criterion`,
    /// `reply-time-too-short`).
    pub fn request_completion(
        mut self,
        missing: Vec<Missing>,
        deadline: NaiveDate,
        sent_to: Email,
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
            notification: Notification::send(Channel::Electronic, Some(sent_to), context.now),
            sent_by: by.actor.clone(),
            deadline,
            answered_at: None,
        });
        self.state = ApplicationState::AwaitingCompletion(case);
        Ok(self.step(EventKind::CompletionRequested, detail))
    }

    /// Logs that somebody of the provider's has read the request that waits for an answer, each once.
    #[must_use]
    pub fn opened_by(mut self, by: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        self.owned_by(by).ok()?;
        let request = self.asked()?;
        request.notification = request.notification.clone().opened_by(&by.actor, now)?;
        Some(self.step(EventKind::CompletionOpened, vec![]))
    }

    /// Sends notice once more of the request that waits, a week after the first where nobody has
    /// opened it. The deadline stays.
    ///
    /// # Errors
    /// `illegal-transition` where none waits, and as [`Notification::renotify`].
    pub fn renotify(mut self, now: Instant) -> Result<Change<Self>, DomainError> {
        let illegal = DomainError::illegal_transition("renotify", self.state.as_str(), vec![]);
        let request = self.asked().ok_or(illegal)?;
        request.notification = request.notification.clone().renotify(now)?;
        Ok(self.step(EventKind::CompletionRenotified, vec![]))
    }

    fn asked(&mut self) -> Option<&mut Completion> {
        let ApplicationState::AwaitingCompletion(case) = &mut self.state else { return None };
        case.completions.last_mut()
    }

    /// The provider says that it has completed. It may do so late, as long as nobody has gone on.
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

    /// Goes on with what is there once the provider's time is out.
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
    /// Guards what may only happen when the provider's time to complete is out.
    ///
    /// # Errors
    /// `deadline-running`.
    pub fn time_is_out(&self, now: Instant) -> Result<(), DomainError> {
        match self.completions.last() {
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
        errors.missing("/missing", "Say what is missing: at least one thing.");
    }
    for (i, asked) in missing.iter().enumerate() {
        if content.criterion(&asked.criterion).is_none() {
            errors.add(
                format!("/missing/{i}/criterion"),
                ValueError::new(
                    "unknown-criterion",
                    "Use the code of a criterion of the offering.",
                ),
            );
        }
    }
    if deadline <= day_of(now) {
        errors.add(
            "/deadline",
            ValueError::new(
                "reply-time-too-short",
                "Name a day after today, as a rule two weeks on.",
            ),
        );
    }
    if errors.is_empty() { Ok(()) } else { Err(DomainError::validation(errors)) }
}
