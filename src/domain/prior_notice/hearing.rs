//! Hearing: the proof that the provider was heard, or that the law excuses the notice.

use super::PriorNotice;
use crate::domain::{
    error::DomainError,
    values::{
        text::Prose,
        time::{Instant, end_of_day},
    },
};

keywords! {
    /// When no prior notice is needed (forvaltningsloven § 16 third paragraph).
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ExceptionKind {
        /// a) It is not possible, or would defeat the decision.
        NotPossible = "not-possible",
        /// b) The address is unknown and finding it would take more than is reasonable.
        AddressUnknown = "address-unknown",
        /// c) The provider already knows and has had occasion to speak, or it is plainly needless.
        Needless = "already-known-or-needless",
    }
}

/// An exception and why it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Which.
    pub kind: ExceptionKind,
    /// Why it applies.
    pub reasons: Prose,
}

/// Proof that the provider was heard, or need not be: a reply, an expired deadline, or an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard<'a>(Basis<'a>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis<'a> {
    Notice(&'a PriorNotice),
    Exception(&'a Exception),
}

impl<'a> Heard<'a> {
    /// The notice; none where the law excuses it.
    #[must_use]
    pub const fn notice(self) -> Option<&'a PriorNotice> {
        match self.0 {
            Basis::Notice(notice) => Some(notice),
            Basis::Exception(_) => None,
        }
    }

    /// The exception, where there was no notice.
    #[must_use]
    pub const fn exception(self) -> Option<&'a Exception> {
        match self.0 {
            Basis::Notice(_) => None,
            Basis::Exception(exception) => Some(exception),
        }
    }
}

impl Exception {
    /// Excuses the notice. The decision's journal row has it with its reasons.
    #[must_use]
    pub const fn excuses(&self) -> Heard<'_> {
        Heard(Basis::Exception(self))
    }
}

impl PriorNotice {
    /// Proof that the provider was heard.
    ///
    /// # Errors
    /// `prior-notice-closed`; `notice-not-sent`; `prior-notice-running` while it can still reply and has not.
    pub fn heard(&self, now: Instant) -> Result<Heard<'_>, DomainError> {
        if self.closure.is_some() {
            return Err(DomainError::prior_notice_closed());
        }
        if self.reply.is_none() && self.notification.starts_on().is_none() {
            return Err(DomainError::notice_not_sent());
        }
        if self.reply.is_some() || now >= end_of_day(self.reply_by) {
            Ok(Heard(Basis::Notice(self)))
        } else {
            Err(DomainError::prior_notice_running(self.reply_by))
        }
    }
}
