//! The JSON form of a notification: how something was sent, who opened it, when it arrived.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ActorForm, each, one_of, words};
use crate::domain::{
    rules::notification::{Arrival, Channel, Notification, Opening},
    validation::ValidationErrors,
    values::text::Email,
};

/// Who read it, and when for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Opening)]
pub struct OpeningForm {
    /// Who.
    pub by: ActorForm,
    /// When.
    pub at: DateTime<Utc>,
}

/// A letter's arrival, as it became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Arrival)]
pub struct ArrivalForm {
    /// The day.
    pub on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: ActorForm,
}

/// How something of legal weight was notified (forvaltningsloven § 27, eForvaltningsforskriften § 8).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Notification)]
pub struct NotificationForm {
    /// Electronic, or on paper.
    #[schema(schema_with = channels)]
    pub channel: String,
    /// When it was made available with notice, or dispatched.
    pub sent_at: DateTime<Utc>,
    /// The address that notice was sent to.
    #[serde(default)]
    pub address: Option<String>,
    /// Each reader once, the first one first. Opening starts no clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<OpeningForm>,
    /// When notice was sent once more.
    #[serde(default)]
    pub renotified_at: Option<DateTime<Utc>>,
    /// A letter's arrivals as they became known; the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrivals: Vec<ArrivalForm>,
}

pub(crate) fn channels() -> Object {
    words("How it is sent. Electronic unless said otherwise.", Channel::ALL.map(Channel::as_str))
}

/// The channel that is asked for, electronic unless said otherwise.
pub(crate) fn read_channel(
    f: &mut ValidationErrors,
    at: &str,
    said: Option<&String>,
) -> Option<Channel> {
    match said {
        None => Some(Channel::Electronic),
        Some(said) => f.collect(at, one_of(said, &Channel::ALL, Channel::as_str)),
    }
}

impl NotificationForm {
    /// The notification, or its faults.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Notification> {
        let arrivals = each(f, at, &self.arrivals, |f, at, form| {
            let recorded_by = form.recorded_by.read(f, at)?;
            Some(Arrival { on: form.on, recorded_at: form.recorded_at, recorded_by })
        });
        let openings = each(f, at, &self.openings, |f, at, form| {
            Some(Opening { by: form.by.read(f, at)?, at: form.at })
        });
        let address = f.parse_optional(at, self.address.as_ref(), Email::parse);
        Some(match read_channel(f, at, Some(&self.channel))? {
            Channel::Electronic => Notification::Electronic {
                sent_at: self.sent_at,
                address,
                openings: openings?,
                renotified_at: self.renotified_at,
            },
            Channel::Paper => Notification::Paper { sent_at: self.sent_at, arrivals: arrivals? },
        })
    }
}

impl From<&Notification> for NotificationForm {
    fn from(notification: &Notification) -> Self {
        let mut form = Self {
            channel: notification.channel().as_str().to_owned(),
            sent_at: notification.sent_at(),
            address: None,
            openings: vec![],
            renotified_at: None,
            arrivals: vec![],
        };
        match notification {
            Notification::Electronic { address, openings, renotified_at, .. } => {
                form.address = address.as_ref().map(ToString::to_string);
                let opening = |it: &Opening| OpeningForm { by: (&it.by).into(), at: it.at };
                form.openings = openings.iter().map(opening).collect();
                form.renotified_at = *renotified_at;
            }
            Notification::Paper { arrivals, .. } => {
                let arrival = |it: &Arrival| ArrivalForm {
                    on: it.on,
                    recorded_at: it.recorded_at,
                    recorded_by: (&it.recorded_by).into(),
                };
                form.arrivals = arrivals.iter().map(arrival).collect();
            }
        }
        form
    }
}
