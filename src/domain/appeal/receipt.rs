//! Receipt of an appeal: appellant, content and timeliness (forvaltningsloven §§ 28 to 32).

use chrono::NaiveDate;

use super::{Appeal, AppealState};
use crate::domain::{
    Change,
    decision::{
        Decision, DecisionOutcome,
        history::{AppealPeriod, DecisionCommand as OnDecision, DecisionHistory},
    },
    error::{DomainError, Noun},
    event::EventKind,
    message::fields,
    role::{CaseWorker, ProviderUser},
    values::{
        ids::{AppealId, Revision},
        text::{Line, Note, Prose},
        time::{APPEAL_PERIOD, Instant, LOST_APPEAL_PERIOD, OTHERS_LIMIT, day_of, deadline_day},
    },
};

/// The appellant (§ 28 first paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appellant {
    /// The party of the decision.
    Party,
    /// Another with legal interest in it.
    Other {
        /// Name of the appellant.
        name: Line,
        /// The legal interest.
        legal_interest: Note,
        /// The day of actual or presumed knowledge of the decision.
        knew_on: NaiveDate,
        /// Where its messages are sent: a postal or an e-mail address.
        contact: Option<Line>,
    },
}

impl Appellant {
    /// The name in JSON of another than the party.
    pub const OTHER: &str = "other";

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Other { .. } => Self::OTHER,
        }
    }
}

/// Content of an appeal. Formal requirements may be missing at first and corrected later (§ 32).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealText {
    /// The appeal itself.
    pub text: Prose,
    /// The change that is wanted.
    pub wanted: Option<Prose>,
    /// The signer.
    pub signed_by: Option<Line>,
    /// Whether the decision should wait.
    pub deferral_wanted: bool,
}

/// An appeal that was sent and lost on the way, and repeated (§ 30).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostAppeal {
    /// When it was sent first.
    pub sent_on: NaiveDate,
    /// The day on which the appellant learned of the loss.
    pub learned_on: NaiveDate,
}

/// Receipt of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppealReceipt {
    /// When the municipality received it; time limits for the authority run from here.
    pub at: Instant,
    /// The day of delivery to the post or the authority, which is decisive (§ 30).
    pub handed_in_on: NaiveDate,
    /// It repeats one that was lost.
    pub lost: Option<LostAppeal>,
}

impl AppealReceipt {
    /// Sent here electronically.
    #[must_use]
    pub fn here(now: Instant) -> Self {
        Self { at: now, handed_in_on: day_of(now), lost: None }
    }

    /// Whether it was received by the last day.
    #[must_use]
    pub fn in_time_for(&self, last_day: NaiveDate) -> bool {
        let repeated = self.lost.is_some_and(|lost| {
            lost.sent_on <= last_day
                && self.handed_in_on <= deadline_day(lost.learned_on, LOST_APPEAL_PERIOD)
        });
        self.handed_in_on <= last_day || repeated
    }
}

impl Appellant {
    /// The last day for this appellant; none while the party's period is open. Others have three weeks
    /// from knowing, and never more than three months where the decision grants a right (§ 29).
    #[must_use]
    pub fn last_day(&self, decision: &Decision, history: &DecisionHistory) -> Option<NaiveDate> {
        match self {
            Self::Party => match history.appeal_period() {
                AppealPeriod::Until(day) => Some(day),
                AppealPeriod::Open | AppealPeriod::None => None,
            },
            Self::Other { knew_on, .. } => {
                let known = deadline_day(*knew_on, APPEAL_PERIOD);
                let limit = deadline_day(day_of(decision.signed_at), OTHERS_LIMIT);
                let grants = matches!(decision.outcome, DecisionOutcome::Approve { .. });
                Some(if grants { known.min(limit) } else { known })
            }
        }
    }
}

impl Appeal {
    /// The party appeals.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `not-appealable`, `appeal-exists`.
    pub fn by_party(
        id: AppealId,
        text: AppealText,
        decision: &Decision,
        history: &DecisionHistory,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != decision.provider {
            return Err(DomainError::not_found(Noun::Decision));
        }
        history.may(OnDecision::Appeal, decision, now)?;
        Ok(Self::receive(id, Appellant::Party, text, AppealReceipt::here(now), decision, history))
    }

    /// Registers an appeal on paper, or by another appellant with legal interest.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `not-appealable`, `appeal-exists`, `validation`
    /// (`date-in-future`, `date-order`).
    pub fn registered(
        id: AppealId,
        appellant: Appellant,
        text: AppealText,
        received: AppealReceipt,
        decision: &Decision,
        history: &DecisionHistory,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        history.handled_by(&by.municipality)?;
        let command = match appellant {
            Appellant::Party => OnDecision::Appeal,
            Appellant::Other { .. } => OnDecision::RegisterAppeal,
        };
        history.may(command, decision, now)?;
        check(&appellant, &received, decision, now)?;
        Ok(Self::receive(id, appellant, text, received, decision, history))
    }

    fn receive(
        id: AppealId,
        appellant: Appellant,
        text: AppealText,
        received: AppealReceipt,
        decision: &Decision,
        history: &DecisionHistory,
    ) -> Change<Self> {
        let last_day = appellant.last_day(decision, history);
        let value = Self {
            id,
            decision: decision.id,
            application: decision.application,
            municipality: decision.municipality.clone(),
            provider: decision.provider.clone(),
            appellant,
            text,
            received,
            missed: last_day.filter(|day| !received.in_time_for(*day)),
            hearing: None,
            defect_request: None,
            state: AppealState::Received,
            costs: None,
            revision: Revision::FIRST,
        };
        let detail = vec![
            ("appellant", value.appellant.as_str().to_owned()),
            ("inTime", value.missed.is_none().to_string()),
        ];
        let event = value.event(EventKind::AppealReceived, detail);
        Change { value, event }
    }
}

fn check(
    appellant: &Appellant,
    received: &AppealReceipt,
    decision: &Decision,
    now: Instant,
) -> Result<(), DomainError> {
    let decided = day_of(decision.signed_at);
    let error = |pointer, error| Err(DomainError::invalid(pointer, error));
    if received.at > now {
        return error("/receivedAt", fields::date_in_future_receipt());
    }
    if received.handed_in_on > day_of(received.at) || received.handed_in_on < decided {
        return error("/handedInOn", fields::date_order_posting());
    }
    match appellant {
        Appellant::Other { knew_on, .. } if *knew_on < decided => {
            error("/knewOn", fields::date_order_knowledge())
        }
        _ => Ok(()),
    }
}
