//! Klage: an appeal against a decision, from its receipt to the appeal body's answer (forvaltningsloven §§ 28 to 36).
//!
//! `received → (dismissed-late | admitted) → lower-body-review → (changed-in-favour | dismissed |
//! forwarded) → (upheld | changed | annulled-returned | dismissed)`, and `withdrawn` while it is open.

mod commands;
mod costs;
mod effect;
mod handling;
mod hearing;
mod receipt;
#[cfg(test)]
mod tests;
mod verdict;

pub use commands::AppealCommand;
pub use costs::AppealEnding;
pub use effect::Effect;
pub use handling::{
    AppealAdmission, DefectRequest, Excuse, Forwarding, LateGround, LowerBodyReview,
};
pub use hearing::{CounterpartyHearing, CounterpartyStatement};
pub use receipt::{AppealReceipt, AppealText, Appellant, LostAppeal};
pub use verdict::{AppealOutcome, AppealedCase, DismissalGround, Harm, Instance, Verdict};

use chrono::NaiveDate;

use super::{
    Change,
    agenda::{Item, Task},
    decision::costs::Costs,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    role::ProviderUser,
    values::{
        ids::{AppealId, ApplicationId, DecisionId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        time::{ANSWER_PERIOD, HARM_LIMIT, Instant, day_of, end_of_day, unrolled_day},
    },
};

/// Where an appeal is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppealState {
    /// Mottatt.
    Received,
    /// Tatt til behandling.
    Admitted(AppealAdmission),
    /// Hos underinstansen.
    LowerBodyReview(AppealAdmission, LowerBodyReview),
    /// Oversendt to the appeal body.
    Forwarded(AppealAdmission, LowerBodyReview, Forwarding),
    /// Decided by a decision of its own.
    Decided(AppealHistory, AppealOutcome, DecisionId, Instant),
    /// Trukket.
    Withdrawn(AppealHistory, Instant),
}

/// Name of the state of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealStatus {
    /// Mottatt.
    Received,
    /// Tatt til behandling.
    Admitted,
    /// Hos underinstansen.
    LowerBodyReview,
    /// Oversendt.
    Forwarded,
    /// Avgjort.
    Ruled(AppealOutcome),
    /// Trukket.
    Withdrawn,
}

impl AppealStatus {
    /// Its description.
    pub const DOCS: &str = "State of an appeal.";
    /// Every status, in the order of an appeal's life.
    pub const ALL: [Self; 11] = [
        Self::Received,
        Self::Admitted,
        Self::LowerBodyReview,
        Self::Forwarded,
        Self::Ruled(AppealOutcome::DismissedLate),
        Self::Ruled(AppealOutcome::Dismissed),
        Self::Ruled(AppealOutcome::ChangedInFavour),
        Self::Ruled(AppealOutcome::Upheld),
        Self::Ruled(AppealOutcome::Changed),
        Self::Ruled(AppealOutcome::AnnulledReturned),
        Self::Withdrawn,
    ];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Admitted => "admitted",
            Self::LowerBodyReview => "lower-body-review",
            Self::Forwarded => "forwarded",
            Self::Ruled(ruling) => ruling.as_str(),
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Progress of an appeal before it was closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppealHistory {
    /// When it was taken, and why.
    pub admission: Option<AppealAdmission>,
    /// Findings of the lower body.
    pub review: Option<LowerBodyReview>,
    /// The forwarded statement.
    pub forwarding: Option<Forwarding>,
}

impl AppealState {
    /// Name of the state.
    #[must_use]
    pub const fn status(&self) -> AppealStatus {
        match self {
            Self::Received => AppealStatus::Received,
            Self::Admitted(_) => AppealStatus::Admitted,
            Self::LowerBodyReview(..) => AppealStatus::LowerBodyReview,
            Self::Forwarded(..) => AppealStatus::Forwarded,
            Self::Decided(_, ruling, ..) => AppealStatus::Ruled(*ruling),
            Self::Withdrawn(..) => AppealStatus::Withdrawn,
        }
    }

    /// Open: neither decided nor withdrawn.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self, Self::Decided(..) | Self::Withdrawn(..))
    }

    /// The progress.
    #[must_use]
    pub fn trail(&self) -> AppealHistory {
        let mut trail = AppealHistory::default();
        match self.clone() {
            Self::Received => {}
            Self::Admitted(admission) => trail.admission = Some(admission),
            Self::LowerBodyReview(admission, review) => {
                (trail.admission, trail.review) = (Some(admission), Some(review));
            }
            Self::Forwarded(admission, review, forwarding) => {
                (trail.admission, trail.review) = (Some(admission), Some(review));
                trail.forwarding = Some(forwarding);
            }
            Self::Decided(closed, ..) | Self::Withdrawn(closed, _) => trail = closed,
        }
        trail
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    pub id: AppealId,
    /// The decision appealed against.
    pub decision: DecisionId,
    /// The application behind the decision.
    pub application: ApplicationId,
    /// The body that made the decision, and receives the appeal.
    pub municipality: MunicipalityNumber,
    /// The party of the decision, not necessarily the appellant.
    pub provider: OrganisationNumber,
    pub appellant: Appellant,
    pub text: AppealText,
    pub received: AppealReceipt,
    /// The last day that it missed; none where it is in time.
    pub missed: Option<NaiveDate>,
    /// The hearing of the provider, on the appeal of another.
    pub hearing: Option<CounterpartyHearing>,
    /// The request to correct defects.
    pub defect_request: Option<DefectRequest>,
    /// Where it is in its life.
    pub state: AppealState,
    /// A claim for costs.
    pub costs: Option<Costs>,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl Appeal {
    /// Whether it was received in time.
    #[must_use]
    pub const fn is_in_time(&self) -> bool {
        self.missed.is_none()
    }

    /// Formal requirements that this appeal lacks: the wanted change or the signature (§ 32).
    #[must_use]
    pub const fn is_defective(&self) -> bool {
        self.text.wanted.is_none() || self.text.signed_by.is_none()
    }

    /// The decision on it.
    #[must_use]
    pub const fn outcome(&self) -> Option<DecisionId> {
        match &self.state {
            AppealState::Decided(_, _, by, _) => Some(*by),
            _ => None,
        }
    }

    /// The last day to send a decision to the appellant's harm, not moved on (§ 34 third paragraph).
    #[must_use]
    pub fn harm_limit(&self) -> NaiveDate {
        unrolled_day(day_of(self.received.at), HARM_LIMIT)
    }

    /// Due items. The days bind the authority, so none is moved to a working day.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        let within_a_month = |from: Instant| end_of_day(unrolled_day(day_of(from), ANSWER_PERIOD));
        let harm = Item::new(Task::HarmLimit, end_of_day(self.harm_limit()));
        match &self.state {
            AppealState::Received | AppealState::Admitted(_) => {
                let hearing = self.hearing.iter().flat_map(CounterpartyHearing::agenda);
                let review = Item::new(Task::ReviewAppeal, within_a_month(self.received.at));
                hearing.chain([review]).collect()
            }
            AppealState::LowerBodyReview(_, review) => {
                vec![Item::new(Task::ForwardAppeal, within_a_month(review.at))]
            }
            AppealState::Forwarded(.., forwarding) => {
                let outcome = Item::new(Task::RecordOutcome, within_a_month(forwarding.at));
                forwarding.notification.agenda().into_iter().chain([outcome, harm]).collect()
            }
            AppealState::Decided(..) => {
                let open = self.costs.iter().filter(|costs| costs.answer.is_none());
                open.map(|costs| Item::new(Task::DecideOnCosts, within_a_month(costs.at))).collect()
            }
            AppealState::Withdrawn(..) => vec![],
        }
    }

    /// Others may not know of it.
    ///
    /// # Errors
    /// `not-found`.
    pub fn handled_by(&self, municipality: &MunicipalityNumber) -> Result<(), DomainError> {
        if *municipality == self.municipality {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Appeal))
        }
    }

    /// Checks that the caller is the appealing party; other appeals are outside the party's control.
    fn brought_by(&self, by: &ProviderUser) -> Result<(), DomainError> {
        if by.organisation == self.provider && self.appellant == Appellant::Party {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Appeal))
        }
    }

    pub(super) fn step(
        mut self,
        kind: EventKind,
        detail: Vec<(&'static str, String)>,
    ) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind, detail);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind, mut detail: Vec<(&'static str, String)>) -> Event {
        detail.push(("decision", self.decision.to_string()));
        Event {
            kind,
            subject: Subject::Appeal(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail,
        }
    }
}
