//! Forhåndsvarsel: a provider is warned before its approval is taken, and given time to answer.
//!
//! Forvaltningsloven § 16: in writing, what the case is about, and a deadline that runs from dispatch.

use chrono::NaiveDate;

use super::{
    Change,
    approval::{Act, impartiality::Handled},
    event::{Event, Kind, Subject},
    fault::Fault,
    ground::{Ground, Grounded, RevocationGround, some_named_once},
    ids::{ApprovalId, PriorNoticeId, Revision},
    numbers::{MunicipalityNumber, OrganisationNumber},
    offering::content::Content,
    refusal::Refusal,
    role::{Actor, ProviderUser},
    text::Prose,
    time::{Instant, day_of, end_of_day},
};

/// The provider's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What it says.
    pub text: Prose,
    /// When it came.
    pub at: Instant,
    /// Who sent it.
    pub by: Actor,
}

/// A prior notice. It cannot be changed, only answered, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorNotice {
    /// Its id.
    pub id: PriorNoticeId,
    /// The approval that it concerns.
    pub approval: ApprovalId,
    /// Who warns.
    pub municipality: MunicipalityNumber,
    /// Who is warned.
    pub provider: OrganisationNumber,
    /// What is held against it, each with facts; at least one.
    pub grounds: Vec<Grounded<RevocationGround>>,
    /// When it was made available and notice was sent.
    pub sent_at: Instant,
    /// The case worker who sent it.
    pub sent_by: Actor,
    /// Last day to reply, a working day.
    pub reply_by: NaiveDate,
    /// The reply, when it has come.
    pub reply: Option<Reply>,
    /// How many acts it has seen.
    pub revision: Revision,
}

/// Proof that the provider was heard: it answered, or its time is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard<'a>(&'a PriorNotice);

impl<'a> Heard<'a> {
    /// The notice.
    #[must_use]
    pub const fn notice(self) -> &'a PriorNotice {
        self.0
    }
}

impl PriorNotice {
    /// Warns the provider that its approval may be revoked.
    ///
    /// # Errors
    /// `illegal-transition` (not an active approval), `ground-not-in-terms`,
    /// `validation` (`required` and `duplicate` grounds; `reply-time-too-short`: the last day must be
    /// after the day of dispatch).
    pub fn send(
        id: PriorNoticeId,
        handled: Handled<'_>,
        grounds: Vec<Grounded<RevocationGround>>,
        reply_by: NaiveDate,
        content: &Content,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        let (approval, by) = (handled.approval(), handled.by());
        approval.may(Act::SendPriorNotice, now)?;
        some_named_once(&grounds)?;
        if let Some(unlisted) =
            grounds.iter().find(|g| !content.terms().revocation_grounds.contains(&g.ground))
        {
            return Err(Refusal::ground_not_in_terms(unlisted.ground.as_str()));
        }
        if reply_by <= day_of(now) {
            return Err(Refusal::invalid(
                "/replyBy",
                Fault::new(
                    "reply-time-too-short",
                    "The provider needs time: name a day after today, as a rule two to three weeks on.",
                ),
            ));
        }
        let value = Self {
            id,
            approval: approval.id,
            municipality: approval.municipality.clone(),
            provider: approval.provider.clone(),
            grounds,
            sent_at: now,
            sent_by: by.actor.clone(),
            reply_by: super::calendar::next_working_day_from(reply_by),
            reply: None,
            revision: Revision::FIRST,
        };
        let event = value.event(Kind::PriorNoticeSent);
        Ok(Change { value, event })
    }

    /// Takes the provider's reply. A late one is taken too: a case should be as well informed as possible (§ 17).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` when it is answered already.
    pub fn answer(
        mut self,
        text: Prose,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        if by.organisation != self.provider {
            return Err(Refusal::not_found("prior notice"));
        }
        if self.reply.is_some() {
            return Err(Refusal::illegal_transition("reply", "answered", vec![]));
        }
        self.reply = Some(Reply { text, at: now, by: by.actor.clone() });
        self.revision = self.revision.next();
        let event = self.event(Kind::PriorNoticeAnswered);
        Ok(Change { value: self, event })
    }

    /// Proof that the provider was heard.
    ///
    /// # Errors
    /// `prior-notice-running` while it can still reply and has not.
    pub fn heard(&self, now: Instant) -> Result<Heard<'_>, Refusal> {
        if self.reply.is_some() || now >= end_of_day(self.reply_by) {
            Ok(Heard(self))
        } else {
            Err(Refusal::prior_notice_running(self.reply_by))
        }
    }

    /// The state's name: sent or answered.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        if self.reply.is_some() { "answered" } else { "sent" }
    }

    fn event(&self, kind: Kind) -> Event {
        Event {
            kind,
            subject: Subject::PriorNotice(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail: vec![("approval", self.approval.to_string())],
        }
    }
}

#[cfg(test)]
mod tests;
