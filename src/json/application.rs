//! JSON forms of an application's dossier.

mod scalars;
mod view;

pub use self::{
    scalars::{CriterionKey, LaterVersion, MissingItems},
    view::ApplicationFields,
};

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::form::{
    Components, ConvertedForm, Form, Schema, enumeration, form, parse_keyword, reference,
    scalars::{string, strings},
};
use crate::domain::{
    application::{CriterionAnswer, Document, Dossier, Evidence, FileConsent},
    evidence::EvidenceState,
    message::fields,
    municipality::Contact,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        ids::{ApprovalId, EvidenceId, FileId},
        text::{Code, Line, Prose},
        time::Instant,
    },
};

form! {
    /// The provider's answer to one criterion.
    #[form(name = "Answer", closed, example({"declaredMet": true, "text": "Attest er lagt ved."}))]
    struct CriterionAnswer {
        /// The provider's own statement on the criterion. A negative one decides nothing by itself.
        declared_met: bool,
        /// How.
        text: Option<Prose>,
    }
}

/// The SHA-256 of a file.
#[derive(Debug)]
pub struct Sha256(pub(super) String);

impl Sha256 {
    fn parse(input: &str) -> Result<Self, ValueError> {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if input.len() != 64 || !input.bytes().all(is_hex) {
            return Err(fields::sha256_form());
        }
        Ok(Self(input.to_owned()))
    }
}

impl std::fmt::Display for Sha256 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

strings!(Sha256: string().pattern(Some("^[0-9a-f]{64}$")));

/// The size of a file in bytes.
#[derive(Debug, Clone, Copy)]
pub struct FileSize(pub(super) i64);

impl FileSize {
    const MAX: i64 = 1_073_741_824;
}

impl Form for FileSize {
    fn parse(value: &serde_json::Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let bytes = i64::parse(value, at, errors)?;
        if !(1..=Self::MAX).contains(&bytes) {
            errors.add(at, fields::out_of_range_file());
            return None;
        }
        Some(Self(bytes))
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }

    fn schema() -> Schema {
        let Schema::T(utoipa::openapi::Schema::Object(mut schema)) = <i64 as Form>::schema() else {
            return <i64 as Form>::schema();
        };
        schema.minimum = Some(1.into());
        schema.maximum = Some(Self::MAX.into());
        Schema::T(schema.into())
    }
}

/// Metadata of a file.
#[derive(Debug, Form)]
#[form(name = "EvidenceDocument", closed)]
pub struct DocumentFields {
    /// Its name.
    file_name: Line,
    /// SHA-256 in lower-case hexadecimal.
    sha256: Sha256,
    /// Its size in bytes.
    bytes: FileSize,
}

impl ConvertedForm for Document {
    type Fields = DocumentFields;

    fn to_fields(&self) -> DocumentFields {
        let Self { file_name, sha256, bytes } = self.clone();
        DocumentFields { file_name, sha256: Sha256(sha256), bytes: FileSize(bytes) }
    }

    fn from_fields(fields: DocumentFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let DocumentFields { file_name, sha256, bytes } = fields;
        Some(Self { file_name, sha256: sha256.0, bytes: bytes.0 })
    }
}

form! {
    /// A file of the provider's own that a case may see.
    struct FileConsent {
        /// The provider's own file that this case may see.
        #[form(name = "evidenceId")]
        file: FileId,
        /// When the provider consented to that.
        consented_at: Instant,
        /// Restricted to the people who handle the case.
        #[form(omit_default)]
        confidential: bool,
        /// The scanner found something harmful in the file: send in a clean one.
        #[form(omit_default)]
        rejected: bool,
    }
}

form! {
    /// Evidence in an application, as it is stored.
    #[form(name = "StoredEvidence")]
    struct Evidence {
        /// Its id.
        id: EvidenceId,
        /// The criterion it supports.
        criterion: Code,
        /// Kind of evidence.
        kind: Code,
        /// Title.
        title: Line,
        /// Date of issue, or of the inspection of the routine.
        issued_on: NaiveDate,
        /// Expiry date.
        expires_on: Option<NaiveDate>,
        /// Metadata of the file. Never for a police certificate.
        document: Option<Document>,
        #[form(flatten)]
        consent: Option<FileConsent>,
    }
}

/// Scanner verdict of a file.
#[derive(Debug, Clone, Copy)]
pub struct FileState(pub &'static str);

impl Form for FileState {
    fn parse(value: &serde_json::Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_keyword(value, at, &EvidenceState::NAMES, |name| name, errors).map(Self)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }

    fn schema() -> Schema {
        reference("FileState")
    }

    fn components(components: &mut Components) {
        let schema = enumeration("Scanner verdict of a file.", &EvidenceState::NAMES);
        components.push(("FileState".to_owned(), schema));
    }
}

/// Evidence in an application.
#[derive(Debug, Form)]
#[form(name = "Evidence")]
pub struct EvidenceView {
    #[form(flatten)]
    evidence: Evidence,
    /// Scanner verdict of the file, in a single application: `not-scanned` without a scanner.
    pub file_state: Option<FileState>,
}

impl EvidenceView {
    /// The provider's own file that the case may see.
    #[must_use]
    pub fn file(&self) -> Option<FileId> {
        self.evidence.consent.as_ref().map(|consent| consent.file)
    }
}

/// The provider's dossier.
#[derive(Debug, Form)]
#[form(name = "Dossier")]
pub struct DossierView {
    /// The contact person in the case.
    contact: Option<Contact>,
    /// When the contact person was removed from the case, which has ended.
    contact_removed_at: Option<Instant>,
    /// The zones applied for.
    #[form(default)]
    zones: Vec<Code>,
    /// The approval of another organisation that the applicant takes over after.
    succeeds: Option<ApprovalId>,
    /// Answers by criterion.
    #[form(default)]
    answers: BTreeMap<Code, CriterionAnswer>,
    /// Evidence in order of arrival.
    #[form(default)]
    pub evidence: Vec<EvidenceView>,
}

/// A dossier is stored in this form, without the scanner verdict.
impl ConvertedForm for Dossier {
    type Fields = DossierView;

    fn to_fields(&self) -> DossierView {
        let Self { contact, contact_removed_at, zones, succeeds, answers, evidence } = self.clone();
        let evidence = evidence.into_iter();
        let evidence = evidence.map(|evidence| EvidenceView { evidence, file_state: None });
        DossierView {
            contact,
            contact_removed_at,
            zones,
            succeeds,
            answers,
            evidence: evidence.collect(),
        }
    }

    fn from_fields(view: DossierView, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        Some(Self {
            contact: view.contact,
            contact_removed_at: view.contact_removed_at,
            zones: view.zones,
            succeeds: view.succeeds,
            answers: view.answers,
            evidence: view.evidence.into_iter().map(|it| it.evidence).collect(),
        })
    }
}
