//! The JSON forms of a provider's own files.

use chrono::NaiveDate;

use super::{
    application::{FileSize, FileState, Sha256},
    form::{ConvertedForm, Form, form, scalars::keyword_forms, serde_bridge::serde_by_form},
};
use crate::domain::{
    application::Coverage,
    evidence::{
        Confidentiality, Description, EvidenceState, MediaType, ProviderFile, ReceivedContent,
    },
    validation::ValidationErrors,
    values::{
        ids::{FileId, Revision},
        numbers::OrganisationNumber,
        text::{Code, Line, Note},
        time::Instant,
    },
};

serde_by_form!(Description);
keyword_forms!(MediaType);

form! {
    /// Reason for the restriction of a file to the people who handle the case.
    #[form(closed, example({"reason": "Forretningshemmelighet: underleverandørenes priser."}))]
    struct Confidentiality {
        /// The reason.
        reason: Note,
    }
}

form! {
    /// A provider's metadata of a file: the part `metadata` of an upload.
    #[form(name = "EvidenceMetadata", closed, example({
        "kind": "tax-certificate", "title": "Skatteattest", "issuedOn": "2026-02-20"
    }))]
    struct Description {
        /// Kind of evidence.
        kind: Code,
        /// Title.
        title: Line,
        /// When it was issued.
        issued_on: NaiveDate,
        /// Expiry date.
        expires_on: Option<NaiveDate>,
        /// Restriction to the people who handle the case, with the reason.
        confidential: Option<Confidentiality>,
    }
}

/// The bytes of a file, as they were received.
#[derive(Debug, Form)]
#[form(name = "EvidenceContent")]
pub struct ContentFields {
    /// Its name, which is a label and nothing else.
    file_name: Line,
    /// Type, detected from the bytes.
    media_type: MediaType,
    /// How many bytes.
    bytes: FileSize,
    /// SHA-256 in lower-case hexadecimal.
    sha256: Sha256,
}

impl ConvertedForm for ReceivedContent {
    type Fields = ContentFields;

    fn to_fields(&self) -> ContentFields {
        let Self { file_name, media_type, bytes, sha256 } = self.clone();
        ContentFields { file_name, media_type, bytes: FileSize(bytes), sha256: Sha256(sha256) }
    }

    fn from_fields(fields: ContentFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let ContentFields { file_name, media_type, bytes, sha256 } = fields;
        Some(Self { file_name, media_type, bytes: bytes.0, sha256: sha256.0 })
    }
}

/// Scanner verdict.
#[derive(Debug, Form)]
#[form(name = "EvidenceScan")]
pub struct Scan {
    /// When.
    at: Instant,
    /// The finding.
    found: Option<Line>,
}

/// Scan state of a file.
#[derive(Debug, Form)]
pub struct StateFields {
    /// `not-scanned` without a scanner; `quarantined` until the scan; then `clean` or `rejected`, with the
    /// bytes of the latter deleted.
    state: FileState,
    /// Scanner verdict.
    scan: Option<Scan>,
}

impl ConvertedForm for EvidenceState {
    type Fields = StateFields;

    fn to_fields(&self) -> StateFields {
        let scan = match self.clone() {
            Self::NotScanned | Self::Quarantined => None,
            Self::Clean(at) => Some(Scan { at, found: None }),
            Self::Rejected(at, found) => Some(Scan { at, found: Some(found) }),
        };
        StateFields { state: FileState(self.as_str()), scan }
    }

    fn from_fields(fields: StateFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let StateFields { state: FileState(state), scan } = fields;
        let read = match (state, scan) {
            ("not-scanned", None) => Some(Self::NotScanned),
            ("quarantined", None) => Some(Self::Quarantined),
            ("clean", Some(Scan { at, found: None })) => Some(Self::Clean(at)),
            ("rejected", Some(Scan { at, found: Some(found) })) => Some(Self::Rejected(at, found)),
            _ => None,
        };
        errors.require(&format!("{at}/scan"), read)
    }
}

form! {
    /// A provider's own file: uploaded once, attached to a case with the provider's consent.
    #[form(name = "EvidenceFile", example({
        "id": "0197f6c8-0000-7000-8000-000000000001", "provider": "313000028",
        "kind": "tax-certificate", "title": "Skatteattest", "issuedOn": "2026-02-20",
        "content": {"fileName": "skatteattest.pdf", "mediaType": "application/pdf", "bytes": 48211,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        "state": "clean", "scan": {"at": "2026-03-12T09:00:03Z"}, "uploadedAt": "2026-03-12T09:00:00Z",
        "actions": [{"act": "upload", "possible": true}]
    }))]
    struct ProviderFile {
        /// Its id.
        id: FileId,
        /// The owner.
        provider: OrganisationNumber,
        #[form(flatten)]
        description: Description,
        /// The bytes.
        content: ReceivedContent,
        #[form(flatten)]
        state: EvidenceState,
        /// When it was received.
        uploaded_at: Instant,
        /// Time of its removal, unless a case uses it before. Omitted while a case uses it.
        #[form(name = "removedAfter")]
        remove_after: Option<Instant>,
        #[form(skip = Revision::FIRST)]
        revision: Revision,
    }
}

/// Coverage of a criterion by the provider's own files.
#[derive(Debug, Form)]
#[form(name = "CriterionCoverage")]
pub struct CoverageView {
    /// The criterion.
    criterion: Code,
    /// Whether every required kind of evidence has a file.
    covered: bool,
    /// The required kinds of evidence.
    evidence: Vec<FittingEvidence>,
}

/// Which of the provider's own files fit a kind of evidence on this day.
#[derive(Debug, Form)]
pub struct FittingEvidence {
    /// The kind.
    kind: Code,
    /// Files of that kind that are neither too old nor expired nor harmful, latest first.
    evidence_ids: Vec<FileId>,
}

impl From<&Coverage> for CoverageView {
    fn from(coverage: &Coverage) -> Self {
        let fitting = coverage.fitting.clone().into_iter();
        let fitting = fitting.map(|(kind, evidence_ids)| FittingEvidence { kind, evidence_ids });
        Self {
            criterion: coverage.criterion.clone(),
            covered: coverage.is_covered(),
            evidence: fitting.collect(),
        }
    }
}
