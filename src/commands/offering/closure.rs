//! Closing an offering to new providers, and ending it.

use chrono::NaiveDate;

use super::{ChangedPart, EditedOffering, changed, show_record};
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx, approval::end_approvals},
    domain::{
        approval::WindingDown,
        error::DomainError,
        offering::{Closing, Ending, OfferingCommand},
        role::{CallerIdentity, Editor},
        values::{text::LocalText, time::Instant},
    },
    json::{form::Form, public::OfferingRecord},
};

pub(super) const ROUTE: Route =
    Route::change(OfferingCommand::CloseToNew.as_str(), "offeringClose", "/offerings/{id}/closure");

/// Announce a closing.
///
/// `to-new`: from a day on no new provider is admitted; rejected if the legal basis admits everyone who
/// qualifies. `ending`: the offering ends, and with it every approval. Both are public at once with their
/// reason, and neither is withdrawn.
#[derive(Debug, Form)]
#[form(name = "ClosureBody", closed, example({
    "kind": "ending", "on": "2026-12-31", "reason": {"nb": "Kommunestyret har avviklet ordningen."},
    "windingDown": {"until": "2027-03-31", "takenOverBy": "Kommunens egen tjeneste"}
}))]
pub struct CloseOffering {
    #[form(flatten)]
    kind: ClosureKind,
    /// Why, for everyone to read.
    reason: LocalText,
}

/// To new providers only, or the end.
#[derive(Debug, Form)]
#[form(tag = "kind")]
enum ClosureKind {
    ToNew {
        /// `to-new`: the first day on which nothing new is taken, today or later.
        from: NaiveDate,
    },
    Ending {
        /// `ending`: the last day, today or later.
        on: NaiveDate,
        /// `ending`: how users are taken over.
        winding_down: WindingDown,
    },
}

impl Command for CloseOffering {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, OfferingRecord>;
    type Role = Editor;
    const ROUTE: Route = ROUTE;

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::CloseToNew, now)
    }

    fn check(
        &self,
        edited: &EditedOffering,
        _: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        let command = match self.kind {
            ClosureKind::Ending { .. } => OfferingCommand::End,
            ClosureKind::ToNew { .. } => OfferingCommand::CloseToNew,
        };
        edited.guard(command, now)
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let EditedOffering { offering, draft, in_force, .. } = edited;
        let Self { kind, reason } = self;
        let (change, ending) = match kind {
            ClosureKind::Ending { on, winding_down } => {
                let ending = Ending { on, reason, winding_down };
                (offering.end(ending.clone(), by, tx.now)?, Some(ending))
            }
            ClosureKind::ToNew { from } => {
                // A never published offering cannot be closed.
                let in_force = in_force.ok_or_else(|| DomainError::offering_not_open("draft"))?;
                let (closing, basis) = (Closing { from, reason }, in_force.content.legal_basis());
                (offering.close_to_new(closing, basis, by, tx.now)?, None)
            }
        };
        tx.save(changed(change, draft, ChangedPart::Public))?.try_map(|closed| {
            if let Some(ending) = ending {
                end_approvals(tx, closed.offering.id, &ending)?;
            }
            show_record(tx, closed)
        })
    }
}
