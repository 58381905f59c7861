//! Outcome of an appeal: the result, the deciding body and the consequences.

use chrono::NaiveDate;

use super::{Appeal, AppealCommand, AppealState, Appellant, Effect};
use crate::domain::{
    Change,
    decision::{
        DecidedCase, Decision, DecisionOutcome, Reasons, RevocationTerms, SigningContext,
        history::DecisionHistory,
    },
    error::{DomainError, Noun},
    event::EventKind,
    message::fields,
    municipality::MunicipalitySettings,
    role::{Actor, DecisionMaker},
    values::{
        ids::ApprovalId,
        text::{Line, Prose},
        time::{Instant, day_of, end_of_day},
    },
};

keywords! {
    /// Result of an appeal.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum AppealOutcome {
        /// Avvist: too late (§ 31).
        DismissedLate = "dismissed-late",
        /// Avvist: the conditions fail (§§ 33 and 34).
        Dismissed = "dismissed",
        /// The lower body changed the decision (§ 33 second paragraph).
        ChangedInFavour = "changed-in-favour",
        /// Stadfestet.
        Upheld = "upheld",
        /// Changed by the appeal body (§ 34 fourth paragraph).
        Changed = "changed",
        /// Opphevet and sent back (§ 34 fourth paragraph).
        AnnulledReturned = "annulled-returned",
    }
}

keywords! {
    /// Why the lower body dismisses.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DismissalGround {
        /// Too late, and no ground of § 31.
        Late = "late",
        /// No legal interest (§ 28).
        NoLegalInterest = "no-legal-interest",
        /// Defects were not corrected within the deadline (§ 32).
        NotMended = "not-mended",
    }
}

/// The deciding body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instance {
    /// The body that made the decision.
    LowerBody,
    /// The appeal body, as the municipality records it.
    AppealBody {
        name: Line,
        /// When it decided.
        decided_on: NaiveDate,
    },
}

impl Instance {
    /// The appeal body with its day; the lower body where none is named.
    #[must_use]
    pub fn of(appeal_body: Option<(Line, NaiveDate)>) -> Self {
        appeal_body
            .map_or(Self::LowerBody, |(name, decided_on)| Self::AppealBody { name, decided_on })
    }
}

/// A change to the appellant's harm, which only weighty interests allow (§ 34 third paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Harm {
    pub weighty_interests: Prose,
}

/// A ruling with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The result.
    pub ruling: AppealOutcome,
    /// Why it was dismissed, by the lower body.
    pub dismissal: Option<DismissalGround>,
    /// The deciding body.
    pub instance: Instance,
    /// Whether it is to the appellant's harm.
    pub harm: Option<Harm>,
    /// How the approval ends, where the appeal of another takes it away.
    pub withdrawal: Option<RevocationTerms>,
}

/// The subject of an appeal: the decision, its history, the case that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct AppealedCase<'a> {
    pub decision: &'a Decision,
    pub history: &'a DecisionHistory,
    pub case: DecidedCase<'a>,
}

impl Appeal {
    /// The lower body dismisses the appeal.
    ///
    /// # Errors
    /// As [`Appeal::decide`], and `appeal-in-time`, `appeal-defective` (it can still be mended).
    pub fn dismiss(
        self,
        ground: DismissalGround,
        reasons: Reasons,
        about: AppealedCase<'_>,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(AppealCommand::Dismiss)?;
        let ruling = match ground {
            DismissalGround::Late => {
                let excused = !matches!(self.state, AppealState::Received);
                if self.missed.is_none() || excused {
                    return Err(DomainError::appeal_in_time());
                }
                AppealOutcome::DismissedLate
            }
            DismissalGround::NotMended if !self.is_uncorrected(frame.now) => {
                return Err(DomainError::appeal_defective());
            }
            DismissalGround::NoLegalInterest if self.appellant == Appellant::Party => {
                return Err(DomainError::not_found(Noun::LegalInterest));
            }
            DismissalGround::NotMended | DismissalGround::NoLegalInterest => {
                AppealOutcome::Dismissed
            }
        };
        let (dismissal, instance) = (Some(ground), Instance::LowerBody);
        let verdict = Verdict { ruling, dismissal, instance, harm: None, withdrawal: None };
        self.sign(verdict, None, reasons, about, frame, by)
    }

    /// Decides the appeal: the lower body in favour of the appellant, or the appeal body as it is recorded.
    /// `new` is the id of the approval that it gives, should it give one.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` (not this ruling of this body now), `signed-first-decision`,
    /// `impartiality-not-declared`, `not-impartial`, `four-eyes`, `harm-too-late`, `reversal-by-revocation`,
    /// `validation` (`date-order`, `date-in-future`).
    pub fn decide(
        self,
        verdict: Verdict,
        new: ApprovalId,
        reasons: Reasons,
        about: AppealedCase<'_>,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.fits(&verdict)?;
        let takes = self.takes_approval(verdict.ruling, &about.decision.outcome);
        if takes != verdict.withdrawal.is_some() {
            return Err(self.illegal(AppealCommand::Decide));
        }
        self.check_day(&verdict, frame.now)?;
        let approval = match verdict.effect(&about.decision.outcome)? {
            Effect::Approve => Some(new),
            Effect::Reinstate | Effect::Restore | Effect::Withdraw | Effect::WithdrawAndReopen => {
                about.decision.outcome.approval()
            }
            Effect::Stands
            | Effect::Reopen
            | Effect::Replaced
            | Effect::ResumeAppeal
            | Effect::ReopenCosts => None,
        };
        self.sign(verdict, approval, reasons, about, frame, by)
    }

    /// Whether a ruling takes an approval away: on the appeal of another against it, when the decision does not stand
    /// (forvaltningsloven § 33 second paragraph, § 34 fourth paragraph).
    #[must_use]
    pub fn takes_approval(&self, ruling: AppealOutcome, first: &DecisionOutcome) -> bool {
        use AppealOutcome::{AnnulledReturned, Changed, ChangedInFavour};
        matches!(self.appellant, Appellant::Other { .. })
            && matches!(first, DecisionOutcome::Approve { .. })
            && matches!(ruling, ChangedInFavour | Changed | AnnulledReturned)
    }

    /// The appeal body decides after the appeal was forwarded to it, and its decision is recorded afterwards.
    fn check_day(&self, verdict: &Verdict, now: Instant) -> Result<(), DomainError> {
        let (AppealState::Forwarded(.., forwarding), Instance::AppealBody { decided_on, .. }) =
            (&self.state, &verdict.instance)
        else {
            return Ok(());
        };
        let error = if *decided_on < day_of(forwarding.at) {
            fields::date_order_appeal_body()
        } else if day_of(now) < *decided_on {
            fields::date_in_future_appeal_body()
        } else {
            return Ok(());
        };
        Err(DomainError::invalid("/decidedOn", error))
    }

    fn sign(
        mut self,
        verdict: Verdict,
        approval: Option<ApprovalId>,
        reasons: Reasons,
        about: AppealedCase<'_>,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.fits(&verdict)?;
        let case_worker = self.signer(&verdict, about, &frame, by)?;
        let limit = self.harm_limit();
        if verdict.harm.is_some() && end_of_day(limit) <= frame.now {
            return Err(DomainError::harm_too_late(limit));
        }
        let (now, ruling) = (frame.now, verdict.ruling);
        let (appeal, first) = (self.id, about.decision);
        let outcome =
            DecisionOutcome::Appeal { decision: first.id, appeal, verdict, approval, reasons };
        let right = outcome.is_appealable_ruling().then(|| frame.appeal_right());
        let decision = Decision { appeal: right, ..frame.follow(first, outcome, case_worker, by) };
        self.state = AppealState::Decided(self.state.trail(), ruling, decision.id, now);
        let detail = vec![
            ("ruling", ruling.as_str().to_owned()),
            ("by", decision.id.to_string()),
            ("number", decision.number.to_string()),
        ];
        let Change { value, event } = self.step(EventKind::AppealDecided, detail);
        Ok(Change { value: (value, decision), event })
    }

    /// The state and the body that rules belong together.
    fn fits(&self, verdict: &Verdict) -> Result<(), DomainError> {
        use AppealOutcome::{
            AnnulledReturned, Changed, ChangedInFavour, Dismissed, DismissedLate, Upheld,
        };
        let fits = matches!(
            (&self.state, &verdict.instance, verdict.ruling),
            (AppealState::Received, Instance::LowerBody, DismissedLate | Dismissed)
                | (AppealState::Admitted(_), Instance::LowerBody, Dismissed)
                | (
                    AppealState::LowerBodyReview(..),
                    Instance::LowerBody,
                    Dismissed | ChangedInFavour | AnnulledReturned,
                )
                | (
                    AppealState::Forwarded(..),
                    Instance::AppealBody { .. },
                    Upheld | Changed | AnnulledReturned | Dismissed,
                )
        );
        let harmful = verdict.harm.is_some() && verdict.ruling != Changed;
        if fits && !harmful { Ok(()) } else { Err(self.illegal(AppealCommand::Decide)) }
    }

    /// The preparer, if this person may sign. The signer of the first decision may only change it in favour.
    fn signer(
        &self,
        verdict: &Verdict,
        about: AppealedCase<'_>,
        frame: &SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Line, DomainError> {
        let in_favour = matches!(
            verdict.ruling,
            AppealOutcome::ChangedInFavour | AppealOutcome::AnnulledReturned
        ) && verdict.instance == Instance::LowerBody;
        self.may_be_signed(in_favour, about, &by.actor, &frame.municipality.settings)?;
        let case_worker = about.case.signable(about.decision, frame, by)?;
        Ok(self.prepared_last_by().map_or(case_worker, |person| person.name.clone()))
    }

    fn prepared_last_by(&self) -> Option<&Actor> {
        match &self.state {
            AppealState::LowerBodyReview(_, review) => Some(&review.by),
            AppealState::Forwarded(.., forwarding) => Some(&forwarding.by),
            AppealState::Admitted(admission) => Some(&admission.by),
            _ => None,
        }
    }

    fn may_be_signed(
        &self,
        in_favour: bool,
        about: AppealedCase<'_>,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        if !in_favour && about.history.was_signed_by(by) {
            return Err(DomainError::signed_first_decision());
        }
        about.case.may_be_signed(by, settings)?;
        let own = self.prepared_last_by().is_some_and(|person| person.subject == by.subject);
        if settings.four_eyes && own { Err(DomainError::four_eyes()) } else { Ok(()) }
    }

    /// Guards a dismissal on whichever ground holds.
    ///
    /// # Errors
    /// `illegal-transition`, `appeal-in-time` where no ground holds, and who may not sign.
    pub fn may_be_dismissed(
        &self,
        about: AppealedCase<'_>,
        by: &Actor,
        settings: &MunicipalitySettings,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.may(AppealCommand::Dismiss)?;
        let late = self.missed.is_some() && matches!(self.state, AppealState::Received);
        if !late && self.appellant == Appellant::Party && !self.is_uncorrected(now) {
            return Err(DomainError::appeal_in_time());
        }
        self.may_be_signed(false, about, by, settings)
    }

    /// Guards whichever outcome the person may sign.
    ///
    /// # Errors
    /// `illegal-transition`, and who may not sign.
    pub fn may_be_decided(
        &self,
        about: AppealedCase<'_>,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        self.may(AppealCommand::Decide)?;
        let in_favour = matches!(self.state, AppealState::LowerBodyReview(..))
            && about.history.course.end.is_none();
        self.may_be_signed(in_favour, about, by, settings)
    }
}
