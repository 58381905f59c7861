//! JSON form of a notification: channel, read receipts, arrival.

use chrono::NaiveDate;

use super::form::{form, scalars::keyword_forms};
use crate::domain::{
    role::Actor,
    rules::notification::{Arrival, Channel, FirstNotice, NoticeChannel, Notification, Opening},
    values::time::Instant,
};

keyword_forms!(Channel, NoticeChannel);

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
    /// The first notice of a message.
    struct FirstNotice {
        /// The Norwegian day on which it was sent. A period starts then.
        sent_on: NaiveDate,
        /// When the registry learned of it.
        recorded_at: Instant,
        /// How.
        channel: NoticeChannel,
        /// When it turned out not to have reached anyone: then it started no period.
        failed_at: Option<Instant>,
    }
}

form! {
    /// How something of legal weight was notified (forvaltningsloven § 27, eForvaltningsforskriften § 8).
    #[form(tag = "channel", tag_docs = "Channel; electronic by default.")]
    enum Notification {
        Electronic {
            /// When it was made available.
            available_at: Instant,
            /// The first notice; omitted while it waits to be sent.
            notice: Option<FirstNotice>,
            /// Each reader once, the first one first. Opening starts no clock.
            #[form(omit_default)]
            openings: Vec<Opening>,
            /// When a second notice was made.
            renotified_at: Option<Instant>,
        },
        Paper {
            /// When it was dispatched.
            sent_at: Instant,
            /// A letter's arrivals as they became known; the last one counts.
            #[form(omit_default)]
            arrivals: Vec<Arrival>,
        },
    }
}
