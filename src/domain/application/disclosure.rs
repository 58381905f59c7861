//! Foreleggelse: information from others is put to the applicant, with time to comment, before it carries a refusal.
//!
//! Forvaltningsloven § 17 second paragraph; lov 20. juni 2025 nr. 81 § 43. An applicant gets no prior notice, since it has spoken
//! in its application, but it has not spoken on what others have told. The assessment goes on meanwhile.

use chrono::NaiveDate;

use super::{Application, ApplicationCommand, Case, guard::CaseContext};
use crate::domain::{
    Change,
    agenda::{Item, Task},
    error::DomainError,
    event::EventKind,
    message::fields,
    offering::content::OfferingContent,
    role::{Actor, CaseWorker, ProviderUser},
    rules::{
        calendar::next_working_day_from,
        ground::{Grounded, RefusalGround, some_named_once},
        notification::{Channel, Notification},
    },
    values::{
        text::{Line, Prose},
        time::{Instant, day_of, end_of_day},
    },
};

/// The applicant's comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicantComment {
    pub text: Prose,
    /// When.
    pub at: Instant,
    pub by: Actor,
}

/// Information as it was put to the applicant. It is sent once and commented on once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The grounds that it may carry, each with the information; at least one.
    pub grounds: Vec<Grounded<RefusalGround>>,
    /// Where the information comes from.
    pub source: Line,
    /// Its notification and read receipts (eForvaltningsforskriften § 8).
    pub notification: Notification,
    pub sent_by: Actor,
    /// Last day to comment, a working day. It moves on with a late notice.
    pub deadline: NaiveDate,
    /// The comment, if given.
    pub comment: Option<ApplicantComment>,
}

impl RefusalGround {
    /// Whether it rests on information from others, which the applicant must have been able to comment on.
    #[must_use]
    pub const fn rests_on_others(self) -> bool {
        matches!(
            self,
            Self::SupervisoryBreach
                | Self::FalseInformation
                | Self::WithheldInformation
                | Self::BankruptcyProbable
        )
    }
}

impl Disclosure {
    /// Whether the applicant has commented, or its time is out. It has not begun before notice was sent.
    fn is_over(&self, now: Instant) -> bool {
        let is_out = self.notification.starts_on().is_some() && now >= end_of_day(self.deadline);
        self.comment.is_some() || is_out
    }

    /// Due items while it waits for a comment.
    pub(super) fn agenda(&self) -> Vec<Item> {
        if self.comment.is_some() {
            return vec![];
        }
        let comment = Item::new(Task::CommentOnInformation, end_of_day(self.deadline));
        std::iter::once(comment).chain(self.notification.agenda()).collect()
    }
}

impl Case {
    /// The disclosure that the applicant can comment on: the last one.
    #[must_use]
    pub fn open_disclosure(&self) -> Option<&Disclosure> {
        self.disclosures.last().filter(|it| it.comment.is_none())
    }

    /// Guards another disclosure: the time of the last one is over.
    pub(super) fn may_disclose(&self, now: Instant) -> Result<(), DomainError> {
        match self.open_disclosure().filter(|it| !it.is_over(now)) {
            Some(running) => Err(running.still_runs()),
            None => Ok(()),
        }
    }

    /// Guards a refusal: on each ground that rests on information from others the applicant has commented, or had time to.
    ///
    /// # Errors
    /// `applicant-not-heard`, `notice-not-sent`.
    pub fn heard_on(
        &self,
        grounds: &[Grounded<RefusalGround>],
        now: Instant,
    ) -> Result<(), DomainError> {
        for Grounded { ground, .. } in grounds.iter().filter(|it| it.ground.rests_on_others()) {
            let put = self.disclosures.iter().filter(|it| it.is_about(*ground));
            match put.max_by_key(|it| it.is_over(now)) {
                None => return Err(DomainError::information_not_disclosed(ground.as_str())),
                Some(running) if !running.is_over(now) => return Err(running.still_runs()),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

impl Disclosure {
    fn is_about(&self, ground: RefusalGround) -> bool {
        self.grounds.iter().any(|it| it.ground == ground)
    }

    fn still_runs(&self) -> DomainError {
        if self.notification.starts_on().is_none() {
            DomainError::notice_not_sent()
        } else {
            DomainError::comment_time_running(self.deadline)
        }
    }
}

impl Application {
    /// Puts information from others to the applicant, with a deadline.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality, `applicant-not-heard` while an earlier one runs,
    /// `ground-not-in-terms`, `validation` (`required` and `duplicate` grounds, `reply-time-too-short`).
    pub fn disclose_information(
        mut self,
        grounds: Vec<Grounded<RefusalGround>>,
        source: Line,
        deadline: NaiveDate,
        by: &CaseWorker,
        context: CaseContext<'_>,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.guard(ApplicationCommand::DiscloseInformation, &by.actor, context)?;
        check(&grounds, deadline, context.content, context.now)?;
        let deadline = next_working_day_from(deadline);
        let codes: Vec<_> = grounds.iter().map(|it| it.ground.as_str()).collect();
        let detail = vec![("deadline", deadline.to_string()), ("grounds", codes.join(","))];
        let illegal = self.illegal(ApplicationCommand::DiscloseInformation);
        let case = self.state.case_mut().ok_or(illegal)?;
        case.assessors.insert(by.actor.subject.clone());
        case.disclosures.push(Disclosure {
            grounds,
            source,
            notification: Notification::new(Channel::Electronic, context.now),
            sent_by: by.actor.clone(),
            deadline,
            comment: None,
        });
        Ok(self.step(EventKind::InformationDisclosed, detail))
    }

    /// The applicant comments. A late comment is taken too, as long as nothing is decided.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn comment(
        mut self,
        text: Prose,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        self.may(ApplicationCommand::Comment)?;
        if let Some(disclosure) = self.open_disclosure_mut() {
            disclosure.comment = Some(ApplicantComment { text, at: now, by: by.actor.clone() });
        }
        Ok(self.step(EventKind::InformationCommented, vec![]))
    }

    pub(super) fn open_disclosure_mut(&mut self) -> Option<&mut Disclosure> {
        if !self.state.is_under_way() {
            return None;
        }
        self.state.case_mut()?.disclosures.last_mut().filter(|it| it.comment.is_none())
    }
}

fn check(
    grounds: &[Grounded<RefusalGround>],
    deadline: NaiveDate,
    content: &OfferingContent,
    now: Instant,
) -> Result<(), DomainError> {
    some_named_once(grounds)?;
    let unlisted = grounds.iter().find(|it| !content.terms().refusal_grounds.contains(&it.ground));
    if let Some(unlisted) = unlisted.filter(|it| it.ground != RefusalGround::CriteriaNotMet) {
        return Err(DomainError::ground_not_in_terms(unlisted.ground.as_str()));
    }
    if deadline <= day_of(now) {
        let error = fields::reply_time_too_short_disclosure();
        return Err(DomainError::invalid("/deadline", error));
    }
    Ok(())
}
