//! The JSON form of a notice in the outbox.

use chrono::NaiveDate;

use super::form::{ConvertedForm, Form, form, scalars::keyword_forms};
use crate::domain::{
    notice::{Acceptance, DeliveryStatus, Notice, NoticeKind, NoticeState},
    role::Actor,
    values::{
        ids::NoticeId,
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Email, Line},
        time::Instant,
    },
};

keyword_forms!(NoticeKind, DeliveryStatus);

form! {
    /// An address that a mail server has accepted a notice for.
    #[form(name = "NoticeAcceptance")]
    struct Acceptance {
        /// The address.
        address: Email,
        /// When.
        at: Instant,
        /// What the server answered.
        reference: Line,
    }
}

form! {
    /// How the notice was sent, or why not.
    #[form(tag = "result", name = "NoticeDelivery")]
    enum NoticeState {
        Waiting,
        Sent {
            /// The addresses that it was accepted for.
            #[form(omit_default)]
            accepted: Vec<Acceptance>,
        },
        Failed {
            /// The addresses that it was accepted for before it failed.
            #[form(omit_default)]
            accepted: Vec<Acceptance>,
            /// When.
            at: Instant,
            /// Why.
            why: Line,
        },
        ByHand {
            /// The day on which it was sent.
            sent_on: NaiveDate,
            /// How, such as by telephone.
            how: Line,
            /// The case worker.
            by: Actor,
            /// When it failed, or was recorded.
            at: Instant,
        },
    }
}

/// A notice to a provider that a message waits for it (eForvaltningsforskriften § 8).
#[derive(Debug, Form)]
#[form(name = "Notice")]
pub struct NoticeFields {
    /// Its id.
    id: NoticeId,
    /// What the message is.
    kind: NoticeKind,
    /// Whether it is a second notice, a week after the first.
    is_second: bool,
    /// Path of what the message belongs to.
    about: String,
    /// The sender's number; omitted for the confirmation of an address.
    municipality: Option<MunicipalityNumber>,
    /// The recipient's organisation number.
    provider: OrganisationNumber,
    /// Another appellant, by name, that it goes to instead of the provider: a case worker sends it.
    appellant: Option<Line>,
    /// State.
    state: DeliveryStatus,
    /// When the message was made available.
    created_at: Instant,
    /// How it was sent.
    delivery: NoticeState,
    /// Failed attempts.
    attempts: i64,
    /// When it is tried next; omitted where it is not sent automatically.
    next_attempt_at: Option<Instant>,
    /// Why the last attempt failed, or why there is none.
    obstacle: Option<Line>,
    /// When the message was first opened.
    read_at: Option<Instant>,
}

impl ConvertedForm for Notice {
    type Fields = NoticeFields;

    fn to_fields(&self) -> NoticeFields {
        let it = self.clone();
        NoticeFields {
            id: it.id,
            kind: it.kind,
            is_second: it.is_second,
            about: format!("/v1/{}/{}", it.subject.collection(), it.subject.key()),
            state: it.status(),
            municipality: it.municipality,
            provider: it.provider,
            appellant: it.appellant,
            created_at: it.created_at,
            delivery: it.state,
            attempts: it.attempts,
            next_attempt_at: it.next_attempt_at,
            obstacle: it.obstacle,
            read_at: it.read_at,
        }
    }
}
