//! Hearing: the proof that the provider was heard, or that the law excuses the notice.

use super::PriorNotice;
use crate::domain::{
    approval::RevocationProposal,
    error::DomainError,
    role::Actor,
    rules::ground::{Grounded, RevocationGround},
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

impl ExceptionKind {
    /// Its letter in the third paragraph of § 16 of the Act of 1967.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::NotPossible => 'a',
            Self::AddressUnknown => 'b',
            Self::Needless => 'c',
        }
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

/// Proof that the provider was heard, or need not be: a final reply, an expired deadline, or an exception that a case
/// worker has proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard<'a>(Basis<'a>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis<'a> {
    Notice(&'a PriorNotice),
    Exception(&'a Exception, &'a RevocationProposal),
}

impl<'a> Heard<'a> {
    /// The notice; none where the law excuses it.
    #[must_use]
    pub const fn notice(self) -> Option<&'a PriorNotice> {
        match self.0 {
            Basis::Notice(notice) => Some(notice),
            Basis::Exception(..) => None,
        }
    }

    /// The exception, where there was no notice.
    #[must_use]
    pub const fn exception(self) -> Option<&'a Exception> {
        match self.0 {
            Basis::Notice(_) => None,
            Basis::Exception(exception, _) => Some(exception),
        }
    }

    /// The grounds that the case worker named, with the person and the time.
    #[must_use]
    pub fn prepared(self) -> (&'a [Grounded<RevocationGround>], &'a Actor, Instant) {
        match self.0 {
            Basis::Notice(it) => (&it.grounds, &it.sent_by, it.sent_at),
            Basis::Exception(_, it) => (&it.grounds, &it.by, it.at),
        }
    }
}

impl RevocationProposal {
    /// Excuses the notice by the same exception. The decision's journal row has it with its reasons.
    ///
    /// # Errors
    /// `prior-notice-missing` for another exception.
    pub fn excuses<'a>(&'a self, exception: &'a Exception) -> Result<Heard<'a>, DomainError> {
        if self.exception.kind == exception.kind {
            Ok(Heard(Basis::Exception(exception, self)))
        } else {
            Err(DomainError::revocation_unproposed())
        }
    }
}

impl PriorNotice {
    /// Proof that the provider was heard: the last day that the notice named is over, or the provider said in a
    /// reply that it has nothing to add (forvaltningsloven §§ 16 and 17).
    ///
    /// # Errors
    /// `prior-notice-closed`; `notice-not-sent`; `prior-notice-running` while it can still reply and has not
    /// said that it has nothing to add.
    pub fn heard(&self, now: Instant) -> Result<Heard<'_>, DomainError> {
        if self.closure.is_some() {
            return Err(DomainError::prior_notice_closed());
        }
        let has_final_reply = self.final_reply_at().is_some();
        if !has_final_reply && self.notification.starts_on().is_none() {
            return Err(DomainError::notice_not_sent());
        }
        if has_final_reply || now >= end_of_day(self.reply_by) {
            Ok(Heard(Basis::Notice(self)))
        } else {
            Err(DomainError::prior_notice_running(self.reply_by))
        }
    }
}
