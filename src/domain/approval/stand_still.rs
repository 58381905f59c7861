//! Stand-still (karensperiode): no contract is signed before it is over, where procurement rules demand it.

use chrono::NaiveDate;

use super::Approval;
use crate::domain::{
    Change, decision::Decision, event::EventKind, offering::content::LegalBasis,
    rules::notification::Channel, values::time::day_of,
};

/// A stand-still (anskaffelsesforskriften § 30-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandStill {
    /// It begins with the notice of the decision.
    AwaitsNotice,
    /// Its last day.
    Until(NaiveDate),
}

impl StandStill {
    /// That of a decision on a legal basis, before any notice of it was sent.
    pub(super) fn of(decision: &Decision, basis: LegalBasis) -> Option<Self> {
        let on_paper = basis.stand_still(day_of(decision.signed_at), false)?;
        Some(match decision.channel {
            Channel::Electronic => Self::AwaitsNotice,
            Channel::Paper => Self::Until(on_paper),
        })
    }

    /// The last day, once it has begun.
    #[must_use]
    pub const fn last_day(self) -> Option<NaiveDate> {
        match self {
            Self::AwaitsNotice => None,
            Self::Until(day) => Some(day),
        }
    }
}

impl Approval {
    /// Notice of the decision was sent on a day, or turned out not to have reached anyone: the stand-still begins, or
    /// waits again. `None` where there is none.
    #[must_use]
    pub fn decision_noticed(
        self,
        on: Option<NaiveDate>,
        basis: LegalBasis,
    ) -> Option<Change<Self>> {
        self.stand_still?;
        let until = on.and_then(|on| basis.stand_still(on, true));
        let stand_still = Some(until.map_or(StandStill::AwaitsNotice, StandStill::Until));
        let kind = match on {
            Some(_) => EventKind::MessageNoticed,
            None => EventKind::MessageNoticeFailed,
        };
        Some(Self { stand_still, ..self }.step(kind, vec![]))
    }
}
