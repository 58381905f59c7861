//! Decision history: events of a decision after the signature. The decision itself never changes.
//!
//! `signed → notified → final`, and beside it `corrected`, `record_appeal`, `reversed`, `annulled`. The status
//! is derived at an instant; the last day to appeal follows from the notification, later reasons and
//! extensions, and changes by a logged event only.

mod agenda;
mod commands;
mod correction;
mod costs;
mod notified;
mod reasons;
#[cfg(test)]
mod tests;

pub use commands::DecisionCommand;
pub use correction::{CorrectedText, DecisionCorrection};
pub use reasons::{Given, ReasonsDemand};

use chrono::NaiveDate;

use super::{Decision, Reasons, costs::Costs};
use crate::domain::{
    Change,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    role::Actor,
    rules::notification::Notification,
    values::{
        ids::{AppealId, DecisionId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Note},
        time::{APPEAL_PERIOD, Instant, deadline_day, end_of_day},
    },
};

/// A longer period, given before the end of the shorter one (forvaltningsloven § 29 fourth paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The new last day.
    pub to: NaiveDate,
    pub why: Note,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// An appeal against the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionAppeal {
    /// Which.
    pub appeal: AppealId,
    /// Whether it is the party's own.
    pub by_party: bool,
    /// When it was decided or withdrawn.
    pub closed_at: Option<Instant>,
}

/// Whether the decision waits (forvaltningsloven § 42).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuspendedEffect {
    /// Requested by an appellant and not yet decided.
    Asked(Instant),
    /// Suspended until the appeal period has passed or the appeal is decided.
    Granted(DecisionId, Instant),
    /// It does not wait.
    Refused(DecisionId, Instant),
    /// It waited until then.
    Over(Instant),
}

/// How a decision lost its force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionEnding {
    /// Changed, by the municipality itself or on an appeal.
    Reversed(DecisionId, Instant),
    /// Annulled on an appeal, and the case sent back.
    Annulled(DecisionId, Instant),
}

/// The history of a decision, with its parties and its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionHistory {
    pub decision: DecisionId,
    /// The deciding municipality.
    pub municipality: MunicipalityNumber,
    /// The party.
    pub provider: OrganisationNumber,
    /// The events.
    pub course: DecisionCourse,
    /// Number of accepted commands.
    pub revision: Revision,
}

/// Events of a decision after its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionCourse {
    /// Key of the signer.
    pub signed_by: Line,
    /// How it reached the party.
    pub notification: Notification,
    /// Whether there is an appeal at all.
    pub appealable: bool,
    /// Reasons that were demanded afterwards.
    pub reasons_demand: Option<ReasonsDemand>,
    /// Longer periods, oldest first.
    pub extensions: Vec<Extension>,
    /// Corrected clerical errors, oldest first.
    pub corrections: Vec<DecisionCorrection>,
    /// Whether it waits.
    pub suspension: Option<SuspendedEffect>,
    /// Appeals, oldest first.
    pub appeals: Vec<DecisionAppeal>,
    /// A claim for the costs of a reversal without an appeal.
    pub costs: Option<Costs>,
    /// The end of its effect.
    pub end: Option<DecisionEnding>,
    /// When it was noted that it is final.
    pub final_at: Option<Instant>,
}

/// The party's time to appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealPeriod {
    /// There is no appeal.
    None,
    /// Without a last day: no notice was sent, a letter has not arrived, or demanded reasons are not given.
    Open,
    /// Until the end of that day.
    Until(NaiveDate),
}

impl AppealPeriod {
    /// The last day, where there is one.
    #[must_use]
    pub const fn last_day(self) -> Option<NaiveDate> {
        match self {
            Self::Until(day) => Some(day),
            Self::None | Self::Open => None,
        }
    }

    /// Whether the time to appeal has passed.
    #[must_use]
    pub fn is_over(self, now: Instant) -> bool {
        match self {
            Self::None => true,
            Self::Open => false,
            Self::Until(day) => end_of_day(day) <= now,
        }
    }
}

keywords! {
    /// Status of a decision at an instant.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DecisionStatus {
        /// Signed, and no notice was sent; by post, not known to have arrived.
        Signed = "signed",
        /// Notified; it can be appealed against.
        Notified = "notified",
        /// Notified, with a corrected clerical error.
        Corrected = "corrected",
        /// An appeal is open.
        Appealed = "appealed",
        /// The last day to appeal is past and no appeal is open.
        Final = "final",
        /// Changed by a later decision.
        Reversed = "reversed",
        /// Annulled on an appeal.
        Annulled = "annulled",
    }
}

impl DecisionHistory {
    /// The course of a decision that is signed and made available in the same instant.
    #[must_use]
    pub fn begin(decision: &Decision, signed_by: Line) -> Self {
        Self {
            decision: decision.id,
            municipality: decision.municipality.clone(),
            provider: decision.provider.clone(),
            course: DecisionCourse {
                signed_by,
                notification: Notification::new(decision.channel, decision.signed_at),
                appealable: decision.appeal.is_some(),
                reasons_demand: None,
                extensions: vec![],
                corrections: vec![],
                suspension: None,
                appeals: vec![],
                costs: None,
                end: None,
                final_at: None,
            },
            revision: Revision::FIRST,
        }
    }

    /// The party's time to appeal. Later reasons start a new full period, and an extended period is never
    /// shortened.
    #[must_use]
    pub fn appeal_period(&self) -> AppealPeriod {
        if !self.course.appealable {
            return AppealPeriod::None;
        }
        let start = match &self.course.reasons_demand {
            Some(ReasonsDemand { given: Some(given), .. }) => given.notification.starts_on(),
            Some(_) => None,
            None => self.course.notification.starts_on(),
        };
        start.map_or(AppealPeriod::Open, |start| {
            let prolonged = self.course.extensions.iter().map(|longer| longer.to);
            AppealPeriod::Until(prolonged.fold(deadline_day(start, APPEAL_PERIOD), NaiveDate::max))
        })
    }

    /// The open appeals.
    pub fn open_appeals(&self) -> impl Iterator<Item = &DecisionAppeal> {
        self.course.appeals.iter().filter(|appeal| appeal.closed_at.is_none())
    }

    /// The status at an instant.
    #[must_use]
    pub fn status_at(&self, now: Instant) -> DecisionStatus {
        match self.course.end {
            Some(DecisionEnding::Reversed(..)) => DecisionStatus::Reversed,
            Some(DecisionEnding::Annulled(..)) => DecisionStatus::Annulled,
            None if self.open_appeals().next().is_some() => DecisionStatus::Appealed,
            None if self.course.notification.starts_on().is_none() => DecisionStatus::Signed,
            None if self.appeal_period().is_over(now) => DecisionStatus::Final,
            None if !self.course.corrections.is_empty() => DecisionStatus::Corrected,
            None => DecisionStatus::Notified,
        }
    }

    /// The reasons in the decision, or the reasons given afterwards.
    #[must_use]
    pub fn reasons<'a>(&'a self, decision: &'a Decision) -> Option<&'a Reasons> {
        let given =
            || self.course.reasons_demand.as_ref()?.given.as_ref().map(|given| &given.reasons);
        decision.outcome.reasons().or_else(given)
    }

    /// Whether a person signed the decision.
    #[must_use]
    pub fn was_signed_by(&self, person: &Actor) -> bool {
        self.course.signed_by == person.subject
    }

    /// Notes that the decision is final. It is so without the note, too.
    ///
    /// # Errors
    /// `illegal-transition` where it is not final, or noted already.
    pub fn become_final(mut self, now: Instant) -> Result<Change<Self>, DomainError> {
        // A finality recorded for a future instant comes from a wrong clock and is ignored.
        let is_noted = self.course.final_at.is_some_and(|at| at <= now);
        if self.status_at(now) != DecisionStatus::Final || is_noted {
            return Err(self.illegal("become-final", now));
        }
        self.course.final_at = Some(now);
        // It waited until the period was out (forvaltningsloven § 42), as was decided.
        if matches!(self.course.suspension, Some(SuspendedEffect::Granted(..))) {
            self.course.suspension = Some(SuspendedEffect::Over(now));
        }
        Ok(self.step(EventKind::DecisionFinal, vec![]))
    }

    /// Notes an appeal, and that its appellant wants the decision to wait.
    #[must_use]
    pub fn record_appeal(
        mut self,
        appeal: AppealId,
        by_party: bool,
        deferral_wanted: bool,
        now: Instant,
    ) -> Change<Self> {
        self.course.appeals.push(DecisionAppeal { appeal, by_party, closed_at: None });
        self.course.final_at = None;
        if deferral_wanted && self.course.suspension.is_none() {
            self.course.suspension = Some(SuspendedEffect::Asked(now));
        }
        self.step(EventKind::DecisionAppealed, vec![("appeal", appeal.to_string())])
    }

    /// Records that an appeal is closed and the decision upheld. The last open appeal also ends the suspended
    /// effect.
    #[must_use]
    pub fn record_closed_appeal(mut self, appeal: AppealId, now: Instant) -> Change<Self> {
        self.close(appeal, now);
        self.step(EventKind::DecisionUpheld, vec![("appeal", appeal.to_string())])
    }

    /// Notes that an appeal is open again, since its dismissal was annulled.
    #[must_use]
    pub fn resume_appeal(mut self, appeal: AppealId) -> Change<Self> {
        for entry in self.course.appeals.iter_mut().filter(|entry| entry.appeal == appeal) {
            entry.closed_at = None;
        }
        self.course.final_at = None;
        self.step(EventKind::DecisionAppealed, vec![("appeal", appeal.to_string())])
    }

    /// Notes that an appeal has taken its force.
    #[must_use]
    pub fn ended(mut self, end: DecisionEnding, appeal: AppealId, now: Instant) -> Change<Self> {
        self.close(appeal, now);
        self.course.end = Some(end);
        let (kind, by) = match end {
            DecisionEnding::Reversed(by, _) => (EventKind::DecisionReversed, by),
            DecisionEnding::Annulled(by, _) => (EventKind::DecisionAnnulled, by),
        };
        self.step(kind, vec![("by", by.to_string()), ("appeal", appeal.to_string())])
    }

    fn close(&mut self, appeal: AppealId, now: Instant) {
        for entry in self.course.appeals.iter_mut().filter(|entry| entry.appeal == appeal) {
            entry.closed_at = Some(now);
        }
        let open = self.open_appeals().next().is_some();
        if !open
            && matches!(
                self.course.suspension,
                Some(SuspendedEffect::Granted(..) | SuspendedEffect::Asked(_))
            )
        {
            self.course.suspension = Some(SuspendedEffect::Over(now));
        }
    }

    /// Others may not know of a decision that is not theirs.
    ///
    /// # Errors
    /// `not-found`.
    pub fn handled_by(&self, municipality: &MunicipalityNumber) -> Result<(), DomainError> {
        if *municipality == self.municipality {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Decision))
        }
    }

    pub(in crate::domain) fn last_day_detail(&self) -> Vec<(&'static str, String)> {
        let day = self.appeal_period().last_day();
        vec![("lastDay", day.map_or_else(|| "open".to_owned(), |day| day.to_string()))]
    }

    pub(in crate::domain) fn step(
        mut self,
        kind: EventKind,
        detail: Vec<(&'static str, String)>,
    ) -> Change<Self> {
        self.revision = self.revision.next();
        let event = Event {
            kind,
            subject: Subject::Decision(self.decision),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail,
        };
        Change { value: self, event }
    }
}
