//! What is shown of evidence where one application is read: what is covered, and what the scanner says.

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

/// The most files that coverage looks at, the youngest.
const MOST_FILES: i64 = 1000;

/// What is shown of a single application beside what commands need.
pub(super) fn details(
    session: &mut Session<'_>,
    case: &ApplicationCase,
    party: &Party,
) -> Result<CaseDetails, Failure> {
    let coverage = coverage(session, case, party)?;
    Ok(CaseDetails { coverage, file_states: file_states(session, case)? })
}

/// What the provider's own files cover, for the provider while it can attach them.
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

/// What the scanner has said of each file in a case.
fn file_states(
    session: &mut Session<'_>,
    case: &ApplicationCase,
) -> Result<HashMap<FileId, EvidenceState>, Failure> {
    let mut states = HashMap::new();
    for shown in case.application.dossier.evidence.iter().filter_map(|it| it.shown.as_ref()) {
        if let Some(file) = session.evidence_file(shown.file)? {
            states.insert(file.id, file.state);
        }
    }
    Ok(states)
}
