//! JSON form of a notification: channel, read receipts, arrival.

use chrono::NaiveDate;

use super::form::{form, scalars::keyword_forms};
use crate::domain::{
    role::Actor,
    rules::notification::{Arrival, Channel, Notification, Opening},
    values::{text::Email, time::Instant},
};

keyword_forms!(Channel);

form! {
    /// A read receipt: reader and time of the first read.
    struct Opening {
        /// The reader.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// A letter's arrival, as it became known.
    struct Arrival {
        /// The day.
        on: NaiveDate,
        /// When it was recorded.
        recorded_at: Instant,
        /// The case worker who recorded it.
        recorded_by: Actor,
    }
}

form! {
    /// How something of legal weight was notified (forvaltningsloven § 27, eForvaltningsforskriften § 8).
    #[form(tag = "channel", tag_docs = "Channel; electronic by default.")]
    enum Notification {
        Electronic {
            /// Time of availability with notification, or of dispatch.
            sent_at: Instant,
            /// The address that notice was sent to.
            address: Option<Email>,
            /// Each reader once, the first one first. Opening starts no clock.
            #[form(omit_default)]
            openings: Vec<Opening>,
            /// When notice was sent once more.
            renotified_at: Option<Instant>,
        },
        Paper {
            /// Time of availability with notification, or of dispatch.
            sent_at: Instant,
            /// A letter's arrivals as they became known; the last one counts.
            #[form(omit_default)]
            arrivals: Vec<Arrival>,
        },
    }
}
