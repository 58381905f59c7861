//! The JSON forms of a provider's own files.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{form::serde_bridge::object_by_serde, one_of, words};
use crate::domain::{
    application::Coverage,
    evidence::{Description, EvidenceState, MediaType, ProviderFile, ReceivedContent},
    validation::ValidationErrors,
    values::{
        text::{Code, Line, Note},
        time::parse_day,
    },
};

/// Reason for the restriction of a file to the people who handle the case.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Confidentiality, example = json!({"reason": "Forretningshemmelighet: underleverandørenes priser."}))]
pub struct ConfidentialityForm {
    /// The reason.
    #[schema(required, min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

/// A provider's metadata of a file: the part `metadata` of an upload.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EvidenceMetadata, example = json!({
    "kind": "tax-certificate", "title": "Skatteattest", "issuedOn": "2026-02-20"
}))]
pub struct MetadataForm {
    /// Kind of evidence.
    #[schema(required, max_length = 60)]
    pub kind: Option<String>,
    /// Title.
    #[schema(required, min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// When it was issued.
    #[schema(required, format = Date)]
    pub issued_on: Option<String>,
    /// Expiry date.
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    /// Restriction to the people who handle the case, with the reason.
    pub confidential: Option<ConfidentialityForm>,
}

impl MetadataForm {
    /// The metadata, or its errors.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Description> {
        let kind = f.parse(&format!("{at}/kind"), self.kind.as_ref(), Code::parse);
        let title = f.parse(&format!("{at}/title"), self.title.as_ref(), Line::parse);
        let issued_on = f.parse(&format!("{at}/issuedOn"), self.issued_on.as_ref(), parse_day);
        let expires_on =
            f.parse_optional(&format!("{at}/expiresOn"), self.expires_on.as_ref(), parse_day);
        let confidential = match &self.confidential {
            None => None,
            Some(form) => {
                let at = format!("{at}/confidential/reason");
                Some(f.parse(&at, form.reason.as_ref(), Note::parse)?)
            }
        };
        Some(Description {
            kind: kind?,
            title: title?,
            issued_on: issued_on?,
            expires_on,
            confidential,
        })
    }
}

impl From<&Description> for MetadataForm {
    fn from(it: &Description) -> Self {
        let confidential = it.confidential.as_ref();
        Self {
            kind: Some(it.kind.to_string()),
            title: Some(it.title.to_string()),
            issued_on: Some(it.issued_on.to_string()),
            expires_on: it.expires_on.map(|day| day.to_string()),
            confidential: confidential
                .map(|reason| ConfidentialityForm { reason: Some(reason.to_string()) }),
        }
    }
}

/// The bytes of a file, as they were received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EvidenceContent)]
pub struct EvidenceContentForm {
    /// Its name, which is a label and nothing else.
    pub file_name: String,
    /// Type, detected from the bytes.
    #[schema(schema_with = media_types)]
    pub media_type: String,
    /// How many bytes.
    #[schema(minimum = 1)]
    pub bytes: i64,
    /// SHA-256 in lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
}

fn media_types() -> Object {
    words("Type, detected from the bytes.", MediaType::ALL.map(MediaType::as_str))
}

/// Scanner verdict.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EvidenceScan)]
pub struct ScanForm {
    /// When.
    pub at: DateTime<Utc>,
    /// The finding.
    pub found: Option<String>,
}

/// A provider's own file: uploaded once, attached to a case with the provider's consent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EvidenceFile, example = json!({
    "id": "0197f6c8-0000-7000-8000-000000000001", "provider": "313000028",
    "kind": "tax-certificate", "title": "Skatteattest", "issuedOn": "2026-02-20",
    "content": {"fileName": "skatteattest.pdf", "mediaType": "application/pdf", "bytes": 48211,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    "state": "clean", "scan": {"at": "2026-03-12T09:00:03Z"}, "uploadedAt": "2026-03-12T09:00:00Z",
    "actions": [{"act": "upload", "possible": true}]
}))]
pub struct FileView {
    /// Its id.
    pub id: uuid::Uuid,
    /// The owner.
    pub provider: String,
    /// Kind of evidence.
    pub kind: String,
    /// Title.
    pub title: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Expiry date.
    pub expires_on: Option<NaiveDate>,
    /// Restriction to the people who handle the case, with the reason.
    pub confidential: Option<ConfidentialityForm>,
    /// The bytes.
    pub content: EvidenceContentForm,
    /// `not-scanned` without a scanner; `quarantined` until the scan; then `clean` or `rejected`, with the
    /// bytes of the latter deleted.
    #[schema(schema_with = states)]
    pub state: &'static str,
    /// Scanner verdict.
    pub scan: Option<ScanForm>,
    /// When it was received.
    pub uploaded_at: DateTime<Utc>,
    /// Time of its removal, unless a case uses it before. Omitted while a case uses it.
    pub removed_after: Option<DateTime<Utc>>,
}

fn states() -> Object {
    words("Scanner verdict.", EvidenceState::NAMES)
}

impl From<&ProviderFile> for FileView {
    fn from(file: &ProviderFile) -> Self {
        let kept = KeptFileForm::from(file);
        Self {
            id: file.id.uuid(),
            provider: file.provider.to_string(),
            kind: file.description.kind.to_string(),
            title: file.description.title.to_string(),
            issued_on: file.description.issued_on,
            expires_on: file.description.expires_on,
            confidential: kept.metadata.confidential,
            content: kept.content,
            state: file.state.as_str(),
            scan: kept.scan,
            uploaded_at: file.uploaded_at,
            removed_after: file.remove_after,
        }
    }
}

/// Stored data of a file beside its columns.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptFileForm {
    metadata: MetadataForm,
    content: EvidenceContentForm,
    #[serde(default)]
    scan: Option<ScanForm>,
}

impl From<&ProviderFile> for KeptFileForm {
    fn from(file: &ProviderFile) -> Self {
        let scan = match &file.state {
            EvidenceState::NotScanned | EvidenceState::Quarantined => None,
            EvidenceState::Clean(at) => Some(ScanForm { at: *at, found: None }),
            EvidenceState::Rejected(at, found) => {
                Some(ScanForm { at: *at, found: Some(found.to_string()) })
            }
        };
        let content = EvidenceContentForm {
            file_name: file.content.file_name.to_string(),
            media_type: file.content.media_type.as_str().to_owned(),
            bytes: file.content.bytes,
            sha256: file.content.sha256.clone(),
        };
        Self { metadata: (&file.description).into(), content, scan }
    }
}

impl KeptFileForm {
    /// The stored scan of a state of that name; `None` if it does not fit.
    #[must_use]
    pub fn read(&self, state: &str) -> Option<(Description, ReceivedContent, EvidenceState)> {
        let mut errors = ValidationErrors::default();
        let description = self.metadata.read(&mut errors, "")?;
        let state = match (state, &self.scan) {
            ("not-scanned", None) => EvidenceState::NotScanned,
            ("quarantined", None) => EvidenceState::Quarantined,
            ("clean", Some(ScanForm { at, found: None })) => EvidenceState::Clean(*at),
            ("rejected", Some(ScanForm { at, found: Some(found) })) => {
                EvidenceState::Rejected(*at, Line::parse(found).ok()?)
            }
            _ => return None,
        };
        let content = ReceivedContent {
            file_name: Line::parse(&self.content.file_name).ok()?,
            media_type: one_of(&self.content.media_type, &MediaType::ALL, MediaType::as_str)
                .ok()?,
            bytes: self.content.bytes,
            sha256: self.content.sha256.clone(),
        };
        Some((description, content, state))
    }
}

/// Coverage of a criterion by the provider's own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CriterionCoverage)]
pub struct CoverageForm {
    /// The criterion.
    pub criterion: String,
    /// Whether every required kind of evidence has a file.
    pub covered: bool,
    /// The required kinds of evidence.
    pub evidence: Vec<FittingForm>,
}

/// Which of the provider's own files fit a kind of evidence on this day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FittingEvidence)]
pub struct FittingForm {
    /// The kind.
    pub kind: String,
    /// Files of that kind that are neither too old nor expired nor harmful, latest first.
    pub evidence_ids: Vec<uuid::Uuid>,
}

impl From<&Coverage> for CoverageForm {
    fn from(coverage: &Coverage) -> Self {
        let fitting = coverage.fitting.iter().map(|(kind, files)| FittingForm {
            kind: kind.to_string(),
            evidence_ids: files.iter().map(|id| id.uuid()).collect(),
        });
        Self {
            criterion: coverage.criterion.to_string(),
            covered: coverage.is_covered(),
            evidence: fitting.collect(),
        }
    }
}

object_by_serde!(write_only CoverageForm, FileView);
