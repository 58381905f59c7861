//! Underretning: how a message of legal weight reached its receiver, and which day starts the clock.
//!
//! Forvaltningsloven §§ 27 and 29, eForvaltningsforskriften §§ 8 and 11. Electronically the clock
//! starts when the message is available and notice of it is sent; that it is opened is logged and
//! starts nothing. On paper it starts with the arrival.

use chrono::NaiveDate;

use crate::domain::{
    agenda::{Item, Task},
    error::DomainError,
    message::fields,
    role::Actor,
    values::{
        text::Email,
        time::{Instant, RENOTICE_PERIOD, day_of, end_of_day, unrolled_day},
    },
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
        /// Time of availability and notification.
        sent_at: Instant,
        /// Where notice was sent.
        address: Option<Email>,
        /// Each reader once, the first one first.
        openings: Vec<Opening>,
        /// When notice was sent once more.
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
    /// Sends: an electronic notification goes to an address given by the receiver (eForvaltningsforskriften §
    /// 8).
    #[must_use]
    pub fn send(channel: Channel, address: Option<Email>, now: Instant) -> Self {
        match channel {
            Channel::Electronic => Self::Electronic {
                sent_at: now,
                address,
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

    /// Time of availability with notification, or of dispatch.
    #[must_use]
    pub const fn sent_at(&self) -> Instant {
        match self {
            Self::Electronic { sent_at, .. } | Self::Paper { sent_at, .. } => *sent_at,
        }
    }

    /// Where notice was sent; none by post.
    #[must_use]
    pub const fn address(&self) -> Option<&Email> {
        match self {
            Self::Electronic { address, .. } => address.as_ref(),
            Self::Paper { .. } => None,
        }
    }

    /// The day that starts the clock; none while nothing is known of a letter's arrival.
    #[must_use]
    pub fn starts_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Electronic { sent_at, .. } => Some(day_of(*sent_at)),
            Self::Paper { arrivals, .. } => arrivals.last().map(|arrival| arrival.on),
        }
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
            Self::Electronic { .. } => "notified",
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
            Self::Electronic { sent_at, openings, renotified_at: None, .. }
                if openings.is_empty() =>
            {
                Some(end_of_day(unrolled_day(day_of(*sent_at), RENOTICE_PERIOD)))
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
