//! What the registry does with files of evidence by itself: the scanner's verdict, and removal of unused files.

use super::{Aggregate, Outcome, Tx};
use crate::{
    domain::{
        error::DomainError,
        evidence::{EvidenceState, ProviderFile},
        values::{
            ids::{FileId, Revision},
            text::Line,
        },
    },
    store::{CommandOutcome, Done, Failure},
};

impl Aggregate for ProviderFile {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_evidence_file(self, from)
    }
}

/// Records the scanner's verdict on a file, and in each case that was shown a harmful one.
///
/// # Errors
/// `not-found` where another instance was first; a failing database.
pub fn record_scan(id: FileId, found: Option<Line>, tx: &mut Tx) -> Outcome<()> {
    tx.session.lock_cases_shown(id)?;
    let file = tx.session.evidence_file(id)?.ok_or_else(gone)?;
    tx.set_revision(Some(file.revision));
    let change = file.scanned(found, tx.now).ok_or_else(gone)?;
    if matches!(change.value.state, EvidenceState::Rejected(..)) {
        record_harmful(id, tx)?;
    }
    let outcome = tx.save(change)?.map(drop);
    Ok(outcome.with_related(tx.take_related()))
}

fn record_harmful(file: FileId, tx: &mut Tx) -> Result<(), Failure> {
    for case in tx.session.cases_shown(file)? {
        let application = tx.session.application(case)?.ok_or_else(gone)?;
        let from = application.revision;
        if let Some(change) = application.found_harmful(file) {
            tx.save_related(change, Some(from))?;
        }
    }
    Ok(())
}

/// Removes a file whose time is up and that no case is shown.
///
/// # Errors
/// `not-found` where a case was shown it meanwhile, or another instance was first; a failing database.
pub fn remove_unused(id: FileId, tx: &mut Tx) -> Outcome<()> {
    let file = tx.session.evidence_file(id)?.ok_or_else(gone)?;
    let is_shown = !tx.session.cases_shown(id)?.is_empty();
    let event = file.unused(is_shown, tx.now).ok_or_else(gone)?;
    tx.session.delete_evidence(id)?;
    Ok(CommandOutcome::Changed(Done { event, public: None, related: vec![], answer: () }))
}

fn gone() -> DomainError {
    DomainError::not_found("evidence")
}
