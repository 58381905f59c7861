//! Evidence that expires during the approval.
//!
//! The approval rests on it. The provider renews it in time; no decision follows from an expiry date.

use chrono::{Days, NaiveDate};

use super::{Application, Dossier, Evidence};
use crate::domain::{
    agenda::{Item, Task},
    approval::ApprovalLifecycle,
    values::{
        ids::EvidenceId,
        time::{Instant, end_of_day, start_of_day},
    },
};

/// How many days before the last day the registry reminds.
const WARNINGS: [u64; 3] = [60, 30, 7];

impl Evidence {
    /// Whether it takes the place of an older piece, and lasts longer.
    fn renews(&self, older: &Self) -> bool {
        let same = self.criterion == older.criterion && self.kind == older.kind;
        same && (self.expires_on.is_none() || self.expires_on > older.expires_on)
    }
}

/// The instants at which the registry reminds of a last day.
fn warnings(last: NaiveDate) -> impl Iterator<Item = Instant> {
    let days = WARNINGS.into_iter().filter_map(move |days| last.checked_sub_days(Days::new(days)));
    days.map(start_of_day)
}

impl Dossier {
    /// Expiring evidence without renewal, with its last day.
    fn running_out(&self) -> impl Iterator<Item = (&Evidence, NaiveDate)> {
        self.evidence.iter().enumerate().filter_map(|(i, piece)| {
            let mut later = self.evidence.iter().skip(i + 1);
            let last = piece.expires_on?;
            (!later.any(|newer| newer.renews(piece))).then_some((piece, last))
        })
    }

    /// The evidence that was not renewed, of those asked for, each with its last day.
    pub fn expiring(&self, of: impl Fn(EvidenceId) -> bool) -> Vec<(&Evidence, NaiveDate)> {
        self.running_out().filter(|(piece, _)| of(piece.id)).collect()
    }

    /// Due items after an approval.
    pub(super) fn agenda(&self) -> Vec<Item> {
        let due = |(_, last): (&Evidence, NaiveDate)| {
            let remind = warnings(last).map(|at| Item::new(Task::EvidenceExpires, at));
            remind.chain([Item::new(Task::RenewEvidence, end_of_day(last))])
        };
        let mut items: Vec<_> = self.running_out().flat_map(due).collect();
        items.sort_unstable();
        items.dedup();
        items
    }
}

impl Application {
    /// Due items as long as the resulting approval is in effect: none on a day after its revocation, end or
    /// expiry.
    #[must_use]
    pub fn agenda_under(&self, lifecycle: &ApprovalLifecycle) -> Vec<Item> {
        let mut items = self.agenda();
        items.retain(|item| !lifecycle.status_at(item.due_at).is_over());
        items
    }

    /// The evidence of a reminder. A reminder later than the next one, or than the last day, has none.
    #[must_use]
    pub fn reminded_of(&self, due_at: Instant, now: Instant) -> Vec<EvidenceId> {
        let meant = |last: NaiveDate| {
            now < end_of_day(last) && warnings(last).filter(|at| *at <= now).max() == Some(due_at)
        };
        let pieces = self.dossier.running_out().filter(|(_, last)| meant(*last));
        pieces.map(|(piece, _)| piece.id).collect()
    }
}
