//! Notification of a decision: read receipts, second notice, arrival of a letter, extension of time.

use chrono::NaiveDate;

use super::{DecisionCommand, DecisionHistory, Extension};
use crate::domain::{
    Change,
    decision::Decision,
    error::DomainError,
    event::EventKind,
    message::fields,
    role::{CaseWorker, DecisionMaker, ProviderUser},
    rules::{calendar::next_working_day_from, notification::Notification},
    values::{text::Note, time::Instant},
};

impl DecisionHistory {
    /// All that was sent of the decision: itself, reasons, corrections.
    pub fn messages(&self) -> impl Iterator<Item = &Notification> {
        let given = self.course.reasons_demand.iter().filter_map(|demand| demand.given.as_ref());
        std::iter::once(&self.course.notification)
            .chain(given.map(|given| &given.notification))
            .chain(self.course.corrections.iter().map(|correction| &correction.notification))
    }

    /// The same messages, each as `after` makes it; untouched where that gives none.
    fn each_message(&mut self, after: impl Fn(Notification) -> Option<Notification>) -> bool {
        let given =
            self.course.reasons_demand.iter_mut().filter_map(|demand| demand.given.as_mut());
        let messages = std::iter::once(&mut self.course.notification)
            .chain(given.map(|given| &mut given.notification))
            .chain(
                self.course.corrections.iter_mut().map(|correction| &mut correction.notification),
            );
        let mut touched = false;
        for message in messages {
            if let Some(changed) = after(message.clone()) {
                *message = changed;
                touched = true;
            }
        }
        touched
    }

    /// Records a read receipt, once per person and message. `None` if it was opened before, sent by post, or
    /// read by another than the party.
    #[must_use]
    pub fn opened_by(mut self, by: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        let own = by.organisation == self.provider;
        let touched = own && self.each_message(|message| message.opened_by(&by.actor, now));
        touched.then(|| self.step(EventKind::DecisionOpened, vec![]))
    }

    /// Sends a second notice of messages unopened for a week. No last day moves.
    ///
    /// # Errors
    /// `illegal-transition` where nothing is due.
    pub fn renotify(mut self, now: Instant) -> Result<Change<Self>, DomainError> {
        if self.course.end.is_some() || !self.each_message(|message| message.renotify(now).ok()) {
            return Err(self.illegal("renotify", now));
        }
        Ok(self.step(EventKind::DecisionRenotified, vec![]))
    }

    /// Guards the record of an arrival. What arrived today cannot have arrived later.
    ///
    /// # Errors
    /// `illegal-transition`; `validation` (`date-order`).
    pub fn may_record_arrival(&self, decision: &Decision, now: Instant) -> Result<(), DomainError> {
        self.may(DecisionCommand::RecordArrival, decision, now)?;
        self.course.notification.may_arrive(now)
    }

    /// Records the day on which the letter arrived; the time to appeal is counted from it.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`date-in-future`, `date-order`).
    pub fn record_arrival(
        mut self,
        on: NaiveDate,
        decision: &Decision,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may_record_arrival(decision, now)?;
        self.course.notification = self.course.notification.arrived(on, &by.actor, now)?;
        self.course.final_at = None;
        let detail = self.last_day_detail();
        Ok(self.step(EventKind::DecisionArrived, detail))
    }

    /// Extends the time to appeal before its end (forvaltningsloven § 29). A day that is not a working day
    /// moves to the next.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `appeal-period-over`, `validation` (`date-order`).
    pub fn extend(
        mut self,
        to: NaiveDate,
        why: Note,
        decision: &Decision,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(DecisionCommand::Prolong, decision, now)?;
        if self.appeal_period().last_day().is_some_and(|last| to <= last) {
            let error = fields::date_order_appeal_extension();
            return Err(DomainError::invalid("/to", error));
        }
        let (to, by) = (next_working_day_from(to), by.actor.clone());
        self.course.extensions.push(Extension { to, why, by, at: now });
        let detail = self.last_day_detail();
        Ok(self.step(EventKind::AppealPeriodProlonged, detail))
    }
}
