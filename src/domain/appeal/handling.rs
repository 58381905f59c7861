//! Handling of an appeal: admission, correction of defects, the lower body's review, forwarding, withdrawal.

use chrono::NaiveDate;

use super::{Appeal, AppealCommand, AppealOutcome, AppealState};
use crate::domain::{
    Change,
    decision::{DecidedCase, Decision},
    error::DomainError,
    event::EventKind,
    message::fields,
    notice::NoticeKind,
    role::{Actor, CaseParty, CaseWorker, ProviderUser},
    rules::{
        calendar::next_working_day_from,
        impartiality::Staff,
        notification::{Channel, Notification},
    },
    values::{
        ids::DecisionId,
        text::{Line, Prose},
        time::{Instant, LATE_APPEAL_LIMIT, day_of, end_of_day, unrolled_day},
    },
};

keywords! {
    /// Why a late appeal is taken all the same (§ 31 first paragraph).
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LateGround {
        /// Neither the appellant nor the agent is to blame (a).
        NoBlame = "no-blame",
        /// Special reasons make it reasonable (b).
        SpecialReasons = "special-reasons",
    }
}

/// A ground for taking a late appeal, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excuse {
    pub ground: LateGround,
    /// Why it holds.
    pub reasons: Prose,
}

/// The appeal is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealAdmission {
    /// Why, where it was late.
    pub excuse: Option<Excuse>,
    /// The decision that annulled its dismissal. The lower body does not dismiss it again.
    pub annulment: Option<DecisionId>,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// The lower body has investigated (§ 33 first and second paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowerBodyReview {
    /// The investigation and its findings.
    pub findings: Prose,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// Sent on to the appeal body, with a copy of the statement to the party (§ 33 fourth paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarding {
    /// The lower body's statement.
    pub statement: Prose,
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// How the copy reached the party.
    pub notification: Notification,
}

/// A short deadline to correct defects (§ 32 third paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefectRequest {
    /// The last day of the deadline, a working day.
    pub deadline: NaiveDate,
    pub asked_by: Actor,
    /// When.
    pub asked_at: Instant,
}

impl Appeal {
    /// Asks the appellant to correct formal defects.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`, `validation`
    /// (`reply-time-too-short`).
    pub fn ask_to_correct(
        mut self,
        deadline: NaiveDate,
        case: DecidedCase<'_>,
        staff: &Staff,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.prepared_by(AppealCommand::RequestCorrection, case, staff, by)?;
        if deadline <= day_of(now) {
            let error = fields::reply_time_too_short_appeal();
            return Err(DomainError::invalid("/deadline", error));
        }
        let deadline = next_working_day_from(deadline);
        self.defect_request =
            Some(DefectRequest { deadline, asked_by: by.actor.clone(), asked_at: now });
        let detail = vec![
            ("deadline", deadline.to_string()),
            ("appellant", self.appellant.as_str().to_owned()),
        ];
        Ok(self.step(EventKind::AppealCorrectionRequested, detail))
    }

    /// Records the correction of defects, by the appealing party or in a letter.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn correct(
        mut self,
        wanted: Prose,
        signed_by: Line,
        by: &CaseParty,
    ) -> Result<Change<Self>, DomainError> {
        match by {
            CaseParty::Provider(by) => self.brought_by(by)?,
            CaseParty::Municipality(by) => self.handled_by(&by.municipality)?,
        }
        self.may(AppealCommand::Correct)?;
        self.text.wanted = Some(wanted);
        self.text.signed_by = Some(signed_by);
        Ok(self.step(EventKind::AppealMended, vec![]))
    }

    /// Takes the appeal. A late one needs a ground of § 31, and after a year from the decision there is none.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`,
    /// `appeal-defective`, `appeal-too-old`, `appeal-late`, `appeal-in-time`.
    pub fn admit(
        mut self,
        excuse: Option<Excuse>,
        (decision, case): (&Decision, DecidedCase<'_>),
        staff: &Staff,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.prepared_by(AppealCommand::Admit, case, staff, by)?;
        self.may_be_taken(excuse.is_some(), decision)?;
        let detail = excuse.iter().map(|it| ("ground", it.ground.as_str().to_owned())).collect();
        self.state = AppealState::Admitted(AppealAdmission {
            excuse,
            annulment: None,
            by: by.actor.clone(),
            at: now,
        });
        Ok(self.step(EventKind::AppealAdmitted, detail))
    }

    /// Takes the appeal up again after its dismissal was annulled or changed on appeal, where its handling was.
    ///
    /// # Errors
    /// `illegal-transition` where it was not dismissed.
    pub fn resume(
        mut self,
        annulment: DecisionId,
        by: &Actor,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let AppealState::Decided(
            trail,
            AppealOutcome::DismissedLate | AppealOutcome::Dismissed,
            ..,
        ) = self.state
        else {
            return Err(self.illegal(AppealCommand::Admit));
        };
        let excuse = trail.admission.and_then(|earlier| earlier.excuse);
        let annulment = Some(annulment);
        let admission = AppealAdmission { excuse, annulment, by: by.clone(), at: now };
        let detail = annulment.iter().map(|id| ("annulment", id.to_string())).collect();
        self.state = match trail.review {
            Some(review) => AppealState::LowerBodyReview(admission, review),
            None => AppealState::Admitted(admission),
        };
        Ok(self.step(EventKind::AppealAdmitted, detail))
    }

    /// Guards an admission, whatever excuses a late appeal.
    ///
    /// # Errors
    /// `appeal-defective`, `appeal-too-old`.
    pub fn may_be_admitted(&self, decision: &Decision) -> Result<(), DomainError> {
        if self.is_defective() {
            return Err(DomainError::appeal_defective());
        }
        let last = unrolled_day(day_of(decision.signed_at), LATE_APPEAL_LIMIT);
        if self.missed.is_some() && self.received.handed_in_on > last {
            return Err(DomainError::appeal_too_old());
        }
        Ok(())
    }

    fn may_be_taken(&self, excused: bool, decision: &Decision) -> Result<(), DomainError> {
        self.may_be_admitted(decision)?;
        match self.missed {
            None if excused => Err(DomainError::appeal_in_time()),
            Some(day) if !excused => Err(DomainError::appeal_late(day)),
            _ => Ok(()),
        }
    }

    /// Records the lower body's investigation.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`, `counterparty-not-heard`,
    /// `notice-not-sent`.
    pub fn review(
        mut self,
        findings: Prose,
        case: DecidedCase<'_>,
        staff: &Staff,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.prepared_by(AppealCommand::Review, case, staff, by)?;
        self.counterparty_heard(now)?;
        let AppealState::Admitted(admission) = self.state else {
            return Err(self.illegal(AppealCommand::Review));
        };
        let review = LowerBodyReview { findings, by: by.actor.clone(), at: now };
        self.state = AppealState::LowerBodyReview(admission, review);
        Ok(self.step(EventKind::AppealReviewed, vec![]))
    }

    /// Sends it on to the appeal body with a statement, and the party a copy.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`.
    pub fn forward(
        mut self,
        statement: Prose,
        case: DecidedCase<'_>,
        staff: &Staff,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.prepared_by(AppealCommand::Forward, case, staff, by)?;
        let AppealState::LowerBodyReview(admission, review) = self.state else {
            return Err(self.illegal(AppealCommand::Forward));
        };
        let notification = Notification::new(Channel::Electronic, now);
        let forwarding = Forwarding { statement, by: by.actor.clone(), at: now, notification };
        self.state = AppealState::Forwarded(admission, review, forwarding);
        Ok(self.step(EventKind::AppealForwarded, vec![]))
    }

    /// The notification of the last message to the provider that starts a period or waits for a reader.
    fn notification_mut(&mut self) -> Option<&mut Notification> {
        match &mut self.state {
            AppealState::Forwarded(.., forwarding) => Some(&mut forwarding.notification),
            _ => self.hearing.as_mut().map(|hearing| &mut hearing.notification),
        }
    }

    /// Sends a second notice of the statement, or of the hearing, if it was not opened within a week.
    ///
    /// # Errors
    /// `illegal-transition` where nothing is due.
    pub fn renotify(mut self, now: Instant) -> Result<Change<Self>, DomainError> {
        let status = self.state.status().as_str();
        let illegal = || DomainError::illegal_transition("renotify", status, vec![]);
        let notification = self.notification_mut().ok_or_else(illegal)?;
        *notification = notification.clone().renotify(now)?;
        let message = match self.state {
            AppealState::Forwarded(..) => NoticeKind::AppealStatement,
            _ => NoticeKind::AppealHearing,
        };
        Ok(self.step(EventKind::DecisionRenotified, vec![("message", message.as_str().to_owned())]))
    }

    /// Records a read receipt of the statement, or of the hearing, by a person of the party. `None` if it changes nothing.
    #[must_use]
    pub fn opened_by(mut self, by: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        if by.organisation != self.provider {
            return None;
        }
        let notification = self.notification_mut()?;
        *notification = notification.clone().opened_by(&by.actor, now)?;
        Some(self.step(EventKind::DecisionOpened, vec![]))
    }

    /// The party withdraws its appeal.
    ///
    /// # Errors
    /// `not-found` (also for the appeal of another), `illegal-transition`.
    pub fn withdraw(self, by: &ProviderUser, now: Instant) -> Result<Change<Self>, DomainError> {
        self.brought_by(by)?;
        self.may(AppealCommand::Withdraw)?;
        Ok(self.withdrawn(now))
    }

    /// Records the withdrawal of an appellant other than the party, who has no token here.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` (also for the party's appeal, which is the party's to withdraw).
    pub fn record_withdrawal(
        self,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(AppealCommand::RecordWithdrawal)?;
        Ok(self.withdrawn(now))
    }

    fn withdrawn(mut self, now: Instant) -> Change<Self> {
        self.state = AppealState::Withdrawn(self.state.trail(), now);
        self.step(EventKind::AppealWithdrawn, vec![])
    }

    /// Whether the deadline to correct has passed without a correction.
    pub(super) fn is_uncorrected(&self, now: Instant) -> bool {
        let out =
            self.defect_request.as_ref().is_some_and(|asked| end_of_day(asked.deadline) <= now);
        self.is_defective() && out
    }

    pub(super) fn prepared_by(
        &self,
        command: AppealCommand,
        case: DecidedCase<'_>,
        staff: &Staff,
        by: &CaseWorker,
    ) -> Result<(), DomainError> {
        self.handled_by(&by.municipality)?;
        self.may_be_prepared(command, case, staff, &by.actor)
    }

    /// Guards what a case worker does with it.
    ///
    /// # Errors
    /// `illegal-transition`, `impartiality-not-declared`, `not-impartial`.
    pub fn may_be_prepared(
        &self,
        command: AppealCommand,
        case: DecidedCase<'_>,
        staff: &Staff,
        by: &Actor,
    ) -> Result<(), DomainError> {
        self.may(command)?;
        case.may_be_handled(by, staff)
    }
}
