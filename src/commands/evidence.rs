//! A provider's own files. A file comes as `multipart/form-data` and not as JSON, so it is taken in by a handler of its own,
//! in `api::resources::evidence`; here stands whether it is possible.

use uuid::Uuid;

use super::{Answer, CommandVisitor, HandlerAction, Precondition, Route, Target, Tx};
use crate::{
    domain::{
        evidence::{ProviderFile, ProviderLimit},
        role::{FromCaller, Party, ProviderUser},
        validation::ValidationErrors,
        values::{
            ids::{FileId, Revision},
            numbers::OrganisationNumber,
        },
    },
    json::form::ConvertedForm,
    store::Failure,
};

/// A file, and how many bytes all files of its provider have.
#[derive(Debug)]
pub struct EvidenceFile {
    /// The file.
    pub file: ProviderFile,
    used: i64,
    limit: ProviderLimit,
}

impl EvidenceFile {
    /// A file with what is read beside it.
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
    const NOUN: &'static str = "evidence";

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

    /// A file never changes: what its provider can do is give another.
    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit_handler(&HandlerAction {
            route: Route::create("upload", "evidenceUpload", "/evidence").with(Precondition::None),
            roles: ProviderUser::ROLES,
            guard: |target, _, _| target.limit.room(target.used).map(drop),
        });
    }
}

impl Answer for EvidenceFile {
    type Target = Self;

    fn target(&self) -> &Self {
        self
    }

    fn revision(&self) -> Revision {
        self.file.revision
    }

    fn path(&self) -> String {
        format!("evidence/{}", self.file.id)
    }
}

impl ConvertedForm for EvidenceFile {
    type Fields = ProviderFile;

    fn to_fields(&self) -> ProviderFile {
        self.file.clone()
    }

    /// Nobody sends one.
    fn from_fields(_: ProviderFile, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        None
    }
}
