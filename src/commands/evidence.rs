//! A provider's own files: the guard of an upload, the scanner's verdict, the removal of unused files. The upload is
//! `multipart/form-data` and not JSON, so it has a handler of its own in `api::resources::evidence`.

use uuid::Uuid;

use super::{
    Aggregate, CommandVisitor, HandlerAction, Outcome, Precondition, Resource, Route, Target, Tx,
};
use crate::{
    domain::{
        error::{DomainError, Noun},
        evidence::{EvidenceState, ProviderFile, ProviderLimit},
        role::{Party, ProviderUser},
        values::{
            ids::{FileId, Revision},
            numbers::OrganisationNumber,
            text::Line,
        },
    },
    json::form::ConvertedForm,
    store::{CommandOutcome, Done, Failure},
};

/// A file, with the bytes of all files of its provider.
#[derive(Debug)]
pub struct EvidenceFile {
    /// The file.
    pub file: ProviderFile,
    used: i64,
    limit: ProviderLimit,
}

impl EvidenceFile {
    /// Loads the data beside a file.
    ///
    /// # Errors
    /// A failing database.
    pub fn of(tx: &mut Tx, file: ProviderFile) -> Result<Self, Failure> {
        let used = tx.session.provider_bytes(&file.provider)?;
        Ok(Self::new(tx, file, used))
    }

    /// The files of a provider.
    ///
    /// # Errors
    /// A failing database.
    pub fn all(
        tx: &mut Tx,
        files: Vec<ProviderFile>,
        provider: &OrganisationNumber,
    ) -> Result<Vec<Self>, Failure> {
        let used = tx.session.provider_bytes(provider)?;
        Ok(files.into_iter().map(|file| Self::new(tx, file, used)).collect())
    }

    const fn new(tx: &Tx, file: ProviderFile, used: i64) -> Self {
        Self { file, used, limit: tx.environment.provider_limit }
    }
}

impl Target for EvidenceFile {
    type Key = Uuid;
    const NOUN: Noun = Noun::Evidence;
    const TAG: &'static str = "evidence";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.evidence_file(FileId::new(*id))?;
        let own = found.filter(|it| *party == Party::Provider(it.provider.clone()));
        own.map(|file| Self::of(tx, file)).transpose()
    }

    fn key(&self) -> Uuid {
        self.file.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.file.revision)
    }

    /// A file never changes: its provider can upload another.
    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit_handler::<ProviderUser>(&HandlerAction {
            route: Route::create("upload", "evidenceUpload", "/evidence").with(Precondition::None),
            guard: |target, _, _| target.limit.room(target.used).map(drop),
        });
    }
}

impl Resource for EvidenceFile {
    const COLLECTION: &'static str = "evidence";
}

impl ConvertedForm for EvidenceFile {
    type Fields = ProviderFile;

    fn to_fields(&self) -> ProviderFile {
        self.file.clone()
    }
}

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
        record_harmful_file(id, tx)?;
    }
    let outcome = tx.save(change)?.map(drop);
    Ok(outcome.with_related(tx.take_related()))
}

fn record_harmful_file(file: FileId, tx: &mut Tx) -> Result<(), Failure> {
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
    DomainError::not_found(Noun::Evidence)
}
