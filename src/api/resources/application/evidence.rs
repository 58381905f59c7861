//! Evidence of a single application: coverage and scanner verdicts.

use std::collections::HashMap;

use crate::{
    commands::application::{ApplicationCase, CaseDetails},
    domain::{
        application::{ApplicationCommand, Coverage},
        evidence::EvidenceState,
        role::Party,
        values::ids::FileId,
    },
    store::{Failure, Session},
};

/// Maximum number of files considered for coverage, latest first.
const MOST_FILES: i64 = 1000;

/// Details of a single application beyond those that commands need.
pub(super) fn details(
    session: &mut Session<'_>,
    case: &ApplicationCase,
    party: &Party,
) -> Result<CaseDetails, Failure> {
    let coverage = coverage(session, case, party)?;
    Ok(CaseDetails { coverage, file_states: file_states(session, case)? })
}

/// Coverage by the provider's own files, for the provider while it can attach them.
fn coverage(
    session: &mut Session<'_>,
    case: &ApplicationCase,
    party: &Party,
) -> Result<Option<Vec<Coverage>>, Failure> {
    let Party::Provider(provider) = party else { return Ok(None) };
    if case.application.may(ApplicationCommand::Supply).is_err() {
        return Ok(None);
    }
    let files = session.latest_evidence_files(provider, MOST_FILES)?;
    Ok(Some(case.application.coverage(&files, &case.content, case.now)))
}

/// The scanner verdict of each file in a case.
fn file_states(
    session: &mut Session<'_>,
    case: &ApplicationCase,
) -> Result<HashMap<FileId, EvidenceState>, Failure> {
    let mut states = HashMap::new();
    for consent in case.application.dossier.evidence.iter().filter_map(|it| it.consent.as_ref()) {
        if let Some(file) = session.evidence_file(consent.file)? {
            states.insert(file.id, file.state);
        }
    }
    Ok(states)
}
