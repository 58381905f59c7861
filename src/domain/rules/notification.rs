//! Underretning: how a message of legal weight reached its receiver, and which day starts the clock.
//!
//! Forvaltningsloven §§ 27 and 29, eForvaltningsforskriften §§ 8 and 11. Electronically a period
//! starts when the message is available and notice of it was sent; that it is opened is logged and
//! starts nothing. On paper it starts with the arrival.

use chrono::{NaiveDate, TimeDelta};

use crate::domain::{
    agenda::{Item, Task},
    error::DomainError,
    message::fields,
    role::Actor,
    values::time::{Instant, RENOTICE_PERIOD, day_of, end_of_day, unrolled_day},
};

keywords! {
    /// How something is sent.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub enum Channel {
        /// Made available here, with a notification to the receiver's electronic address.
        #[default]
        Electronic = "electronic",
        /// By post.
        Paper = "paper",
    }
}

keywords! {
    /// How notice of a message was sent.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub enum NoticeChannel {
        /// By e-mail, to the addresses that the provider has confirmed.
        #[default]
        Email = "email",
        /// Outside the registry, and recorded by a case worker.
        ByHand = "by-hand",
    }
}

/// The first notice of a message (eForvaltningsforskriften § 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstNotice {
    /// The Norwegian day on which it was sent.
    pub sent_on: NaiveDate,
    /// When the registry learned of it.
    pub recorded_at: Instant,
    pub channel: NoticeChannel,
    /// When it turned out not to have reached anyone: then it started no period.
    pub failed_at: Option<Instant>,
}

/// A read receipt by a person of the receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub by: Actor,
    /// When, for the first time.
    pub at: Instant,
}

/// The day on which a letter arrived, as it became known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The day.
    pub on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: Instant,
    pub recorded_by: Actor,
}

/// Dispatch and later course of a formal message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notification {
    /// In the registry, with notice.
    Electronic {
        /// When it was made available.
        available_at: Instant,
        /// The first notice; none while it waits to be sent.
        notice: Option<FirstNotice>,
        /// Each reader once, the first one first.
        openings: Vec<Opening>,
        /// When a second notice was made.
        renotified_at: Option<Instant>,
    },
    /// By post.
    Paper {
        /// When it was dispatched.
        sent_at: Instant,
        /// Arrivals as they became known; the last one counts.
        arrivals: Vec<Arrival>,
    },
}

impl Notification {
    /// Makes a message available, or dispatches it by post. Notice of an electronic one is sent afterwards.
    #[must_use]
    pub const fn new(channel: Channel, now: Instant) -> Self {
        match channel {
            Channel::Electronic => Self::Electronic {
                available_at: now,
                notice: None,
                openings: Vec::new(),
                renotified_at: None,
            },
            Channel::Paper => Self::Paper { sent_at: now, arrivals: Vec::new() },
        }
    }

    /// How it was sent.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Electronic { .. } => Channel::Electronic,
            Self::Paper { .. } => Channel::Paper,
        }
    }

    /// When it was made available, or dispatched by post.
    #[must_use]
    pub const fn issued_at(&self) -> Instant {
        match self {
            Self::Electronic { available_at: at, .. } | Self::Paper { sent_at: at, .. } => *at,
        }
    }

    /// The day that starts a period; none while no notice was sent, or nothing is known of a letter's
    /// arrival.
    #[must_use]
    pub fn starts_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Electronic { available_at, notice, .. } => {
                let notice = notice.as_ref().filter(|notice| notice.failed_at.is_none())?;
                Some(notice.sent_on.max(day_of(*available_at)))
            }
            Self::Paper { arrivals, .. } => arrivals.last().map(|arrival| arrival.on),
        }
    }

    /// The day that a deadline named in the message was counted from: that of the last notice, also of one
    /// that failed, and before any notice that of availability.
    fn counted_from(&self) -> NaiveDate {
        let notice = match self {
            Self::Electronic { notice, .. } => notice.as_ref().map(|notice| notice.sent_on),
            Self::Paper { .. } => None,
        };
        let issued = day_of(self.issued_at());
        notice.map_or(issued, |sent_on| sent_on.max(issued))
    }

    /// Records the first notice; a later one only after that has failed. `None` where it changes nothing. Gives also how
    /// many days a deadline named in the message moves.
    #[must_use]
    pub fn noticed(mut self, first: FirstNotice) -> Option<(Self, TimeDelta)> {
        let before = self.counted_from();
        if self.starts_on().is_some() {
            return None;
        }
        let Self::Electronic { notice, .. } = &mut self else { return None };
        *notice = Some(first);
        let delay = self.counted_from() - before;
        Some((self, delay))
    }

    /// Records that the notice was not delivered: the period that it started is taken back, unless the receiver
    /// has opened the message. `None` where it changes nothing.
    #[must_use]
    pub fn notice_failed(mut self, now: Instant) -> Option<Self> {
        let Self::Electronic { notice: Some(notice), openings, .. } = &mut self else {
            return None;
        };
        if notice.failed_at.is_some() || !openings.is_empty() {
            return None;
        }
        notice.failed_at = Some(now);
        Some(self)
    }

    /// The first reader.
    #[must_use]
    pub fn opened(&self) -> Option<&Opening> {
        match self {
            Self::Electronic { openings, .. } => openings.first(),
            Self::Paper { .. } => None,
        }
    }

    /// It waits in the registry for its first reader.
    #[must_use]
    pub const fn is_unread(&self) -> bool {
        matches!(self, Self::Electronic { openings, .. } if openings.is_empty())
    }

    /// The state's name.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Self::Electronic { openings, .. } if !openings.is_empty() => "opened",
            Self::Electronic { renotified_at: Some(_), .. } => "re-notified",
            Self::Electronic { .. } if self.starts_on().is_some() => "notified",
            Self::Electronic { .. } => "available",
            Self::Paper { arrivals, .. } if arrivals.is_empty() => "dispatched",
            Self::Paper { .. } => "arrived",
        }
    }

    /// Logs a reader, each once. None where there is nothing to log: a letter is opened elsewhere.
    #[must_use]
    pub fn opened_by(mut self, reader: &Actor, now: Instant) -> Option<Self> {
        let Self::Electronic { openings, .. } = &mut self else { return None };
        if openings.iter().any(|opening| opening.by.subject == reader.subject) {
            return None;
        }
        openings.push(Opening { by: reader.clone(), at: now });
        Some(self)
    }

    /// Sends a second notice, exactly once, a week after the first if it was not opened
    /// (eForvaltningsforskriften § 8). It restarts no period.
    ///
    /// # Errors
    /// `illegal-transition` where it is opened, on paper, done already, or the week is not out.
    pub fn renotify(mut self, now: Instant) -> Result<Self, DomainError> {
        let state = self.state();
        let refused = || DomainError::illegal_transition("renotify", state, vec![]);
        self.renotice_due().filter(|due| *due <= now).ok_or_else(refused)?;
        if let Self::Electronic { renotified_at, .. } = &mut self {
            *renotified_at = Some(now);
        }
        Ok(self)
    }

    /// Whether an arrival that is later than those known can have come.
    ///
    /// # Errors
    /// `validation` (`date-order`).
    pub fn may_arrive(&self, now: Instant) -> Result<(), DomainError> {
        match self.starts_on() {
            Some(known) if known >= day_of(now) => Err(arrival_order()),
            _ => Ok(()),
        }
    }

    /// Records the day on which a letter arrived. One that turns out to have been later is recorded anew;
    /// an earlier one would take time from the party.
    ///
    /// # Errors
    /// `illegal-transition` (not on paper), `validation` (`date-in-future`, `date-order`).
    pub fn arrived(
        mut self,
        on: NaiveDate,
        recorded_by: &Actor,
        now: Instant,
    ) -> Result<Self, DomainError> {
        let state = self.state();
        let Self::Paper { sent_at, arrivals } = &mut self else {
            return Err(DomainError::illegal_transition("record-arrival", state, vec![]));
        };
        if on > day_of(now) {
            return Err(DomainError::invalid("/arrivedOn", fields::date_in_future_arrival()));
        }
        if on < day_of(*sent_at) || arrivals.last().is_some_and(|known| on <= known.on) {
            return Err(arrival_order());
        }
        arrivals.push(Arrival { on, recorded_at: now, recorded_by: recorded_by.clone() });
        Ok(self)
    }

    /// Due items: the second notice, counted to the end of the week's last day and never moved.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        self.renotice_due().map(|due| Item::new(Task::Renotify, due)).into_iter().collect()
    }

    fn renotice_due(&self) -> Option<Instant> {
        match self {
            Self::Electronic { openings, renotified_at: None, .. } if openings.is_empty() => {
                Some(end_of_day(unrolled_day(self.starts_on()?, RENOTICE_PERIOD)))
            }
            _ => None,
        }
    }
}

fn arrival_order() -> DomainError {
    DomainError::invalid("/arrivedOn", fields::date_order_arrival())
}

#[cfg(test)]
mod tests;
