//! Due items of a signed decision.

use super::{AppealPeriod, DecisionHistory, ReasonsDemand, SuspendedEffect};
use crate::domain::{
    agenda::{Item, Task},
    decision::costs::Costs,
    rules::notification::{Channel, Notification},
    values::time::{
        ANSWER_PERIOD, ARRIVAL_PERIOD, Instant, day_of, deadline_day, end_of_day, unrolled_day,
    },
};

impl DecisionHistory {
    /// Due items.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        if self.course.end.is_some() {
            return vec![];
        }
        // One second notice for all unopened messages, when the first of it is due.
        let mut items: Vec<_> =
            self.messages().flat_map(Notification::agenda).min().into_iter().collect();
        let notification = &self.course.notification;
        let is_by_post = notification.channel() == Channel::Paper;
        if self.course.appealable && is_by_post && notification.starts_on().is_none() {
            let sent_on = day_of(notification.issued_at());
            let due = end_of_day(deadline_day(sent_on, ARRIVAL_PERIOD));
            items.push(Item::new(Task::RecordArrival, due));
        }
        if let Some(ReasonsDemand { at, given: None, .. }) = &self.course.reasons_demand {
            items.push(Item::new(Task::GiveReasons, end_of_day(day_of(*at))));
        }
        if let Some(Costs { at, answer: None, .. }) = &self.course.costs {
            let last = unrolled_day(day_of(*at), ANSWER_PERIOD);
            items.push(Item::new(Task::DecideOnCosts, end_of_day(last)));
        }
        if let Some(SuspendedEffect::Asked(at)) = self.course.suspension {
            items.push(Item::new(Task::DecideOnDeferral, end_of_day(day_of(at))));
        }
        // Derived though it is noted: one that is done is not done again.
        if let (AppealPeriod::Until(day), None) = (self.appeal_period(), self.open_appeals().next())
        {
            // After a late appeal the decision becomes final again when that is closed, and is recorded again.
            let closed = self.course.appeals.iter().filter_map(|appeal| appeal.closed_at);
            let due = closed.fold(end_of_day(day), Instant::max);
            items.push(Item::new(Task::BecomeFinal, due));
        }
        items
    }
}
