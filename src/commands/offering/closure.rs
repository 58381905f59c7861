//! Closing an offering to new providers, and ending it.

use super::{ChangedPart, EditedOffering, changed, show_record};
use crate::{
    commands::{Command, NoActions, Outcome, Route, Shown, Tx, approval::end_approvals},
    domain::{
        error::DomainError,
        offering::OfferingCommand,
        role::{CallerIdentity, Editor},
        validation::ValidationErrors,
        values::time::Instant,
    },
    json::{
        form::Form,
        offering::lifecycle::{AnnouncedClosure, OfferingClosureBody},
        public::OfferingRecord,
    },
};

pub(super) const ROUTE: Route =
    Route::change(OfferingCommand::CloseToNew.as_str(), "offeringClose", "/offerings/{id}/closure");

/// Announce a closing.
///
/// `to-new`: from a day on no new provider is admitted; rejected if the legal basis admits everyone who
/// qualifies. `ending`: the offering ends, and with it every approval. Both are public at once with their
/// reason, and neither is withdrawn.
#[derive(Debug, Form)]
#[form(name = "ClosureBody", closed, check = CloseOffering::check, example({
    "kind": "ending", "on": "2026-12-31", "reason": {"nb": "Kommunestyret har avviklet ordningen."},
    "windingDown": {"until": "2027-03-31", "takenOverBy": "Kommunens egen tjeneste"}
}))]
pub struct CloseOffering {
    #[form(flatten)]
    closure: OfferingClosureBody,
}

impl CloseOffering {
    fn check(&self, errors: &mut ValidationErrors) {
        if let Err(found) = self.closure.read() {
            errors.extend(found);
        }
    }
}

impl Command for CloseOffering {
    type Target = EditedOffering;
    type Answer = Shown<NoActions, OfferingRecord>;
    type Role = Editor;
    const ROUTE: Route = ROUTE;
    const TAG: &'static str = "offerings";

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::CloseToNew, now)
    }

    fn check(
        &self,
        edited: &EditedOffering,
        _: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        let command = match self.closure.read().map_err(DomainError::validation)? {
            AnnouncedClosure::Ending(_) => OfferingCommand::End,
            AnnouncedClosure::ToNew(_) => OfferingCommand::CloseToNew,
        };
        edited.guard(command, now)
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let EditedOffering { offering, draft, content_in_force, .. } = edited;
        let closure = self.closure.read().map_err(DomainError::validation)?;
        let (change, ending) = match closure {
            AnnouncedClosure::Ending(ending) => {
                (offering.end(ending.clone(), by, tx.now)?, Some(ending))
            }
            AnnouncedClosure::ToNew(closing) => {
                // A never published offering cannot be closed.
                let content =
                    content_in_force.ok_or_else(|| DomainError::offering_not_open("draft"))?;
                (offering.close_to_new(closing, content.legal_basis(), by, tx.now)?, None)
            }
        };
        tx.save(changed(change, draft, ChangedPart::Public))?.try_map(|closed| {
            if let Some(ending) = ending {
                end_approvals(tx, closed.offering.id, &ending)?;
            }
            show_record(tx, &closed.offering)
        })
    }
}
