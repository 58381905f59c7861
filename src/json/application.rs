//! The JSON forms of what a provider puts together in an application.

mod attachment;

pub use self::attachment::{Attachment, AttachmentForm};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ContactForm, each, words};
use crate::domain::{
    application::{CriterionAnswer, Document, Dossier, Evidence, FileConsent},
    evidence::EvidenceState,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        ids::{ApprovalId, EvidenceId, FileId},
        text::{Code, Line, Prose},
        time::parse_day,
    },
};

/// The provider's answer to one criterion.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Answer, example = json!({"declaredMet": true, "text": "Attest er lagt ved."}))]
pub struct AnswerForm {
    /// Whether the provider says that it meets the criterion. A no decides nothing by itself.
    #[schema(required)]
    pub declared_met: Option<bool>,
    /// How.
    #[schema(min_length = 1, max_length = 10000)]
    pub text: Option<String>,
}

impl AnswerForm {
    /// The answer, or its faults.
    pub fn read(&self, errors: &mut ValidationErrors, at: &str) -> Option<CriterionAnswer> {
        let declared_met = errors.require(&format!("{at}/declaredMet"), self.declared_met);
        let text = errors.parse_optional(&format!("{at}/text"), self.text.as_ref(), Prose::parse);
        Some(CriterionAnswer { declared_met: declared_met?, text })
    }
}

impl From<&CriterionAnswer> for AnswerForm {
    fn from(answer: &CriterionAnswer) -> Self {
        Self {
            declared_met: Some(answer.declared_met),
            text: answer.text.as_ref().map(ToString::to_string),
        }
    }
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EvidenceDocument)]
pub struct DocumentForm {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub file_name: String,
    /// SHA-256 in lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// Its size in bytes.
    #[schema(minimum = 1, maximum = 1_073_741_824)]
    pub bytes: i64,
}

impl DocumentForm {
    const MAX_BYTES: i64 = 1_073_741_824;

    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Document> {
        let file_name = f.collect(&format!("{at}/fileName"), Line::parse(&self.file_name));
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if self.sha256.len() != 64 || !self.sha256.bytes().all(is_hex) {
            let detail = "Give the SHA-256 of the file as 64 lower-case hexadecimal digits.";
            f.add(format!("{at}/sha256"), ValueError::new("sha256-form", detail));
            return None;
        }
        if !(1..=Self::MAX_BYTES).contains(&self.bytes) {
            let detail = "A file has from one byte to one gibibyte.";
            f.add(format!("{at}/bytes"), ValueError::new("out-of-range", detail));
            return None;
        }
        Some(Document { file_name: file_name?, sha256: self.sha256.clone(), bytes: self.bytes })
    }
}

/// Something that shows that a criterion is met, as it was said.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EvidenceDetails, example = json!({
    "criterion": "tax-certificate", "kind": "tax-certificate", "title": "Skatteattest",
    "issuedOn": "2026-02-20"
}))]
pub struct EvidenceForm {
    /// The criterion it supports.
    #[schema(required, max_length = 60)]
    pub criterion: Option<String>,
    /// What sort of evidence it is.
    #[schema(required, max_length = 60)]
    pub kind: Option<String>,
    /// What it is called.
    #[schema(required, min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// When it was issued, or when the routine was seen.
    #[schema(required, format = Date)]
    pub issued_on: Option<String>,
    /// When it runs out.
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    /// What is known of the file. Never for a police certificate.
    pub document: Option<DocumentForm>,
}

impl EvidenceForm {
    /// The evidence under a new id, or its faults.
    pub fn read(&self, id: EvidenceId, f: &mut ValidationErrors, at: &str) -> Option<Evidence> {
        let criterion = f.parse(&format!("{at}/criterion"), self.criterion.as_ref(), Code::parse);
        let kind = f.parse(&format!("{at}/kind"), self.kind.as_ref(), Code::parse);
        let title = f.parse(&format!("{at}/title"), self.title.as_ref(), Line::parse);
        let issued_on = f.parse(&format!("{at}/issuedOn"), self.issued_on.as_ref(), parse_day);
        let expires_on =
            f.parse_optional(&format!("{at}/expiresOn"), self.expires_on.as_ref(), parse_day);
        let document = match &self.document {
            None => None,
            Some(form) => Some(form.read(f, &format!("{at}/document"))?),
        };
        Some(Evidence {
            id,
            criterion: criterion?,
            kind: kind?,
            title: title?,
            issued_on: issued_on?,
            expires_on,
            document,
            shown: None,
        })
    }
}

/// Evidence in an application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Evidence)]
pub struct KeptEvidenceForm {
    /// Its id.
    pub id: uuid::Uuid,
    /// What was sent in.
    #[serde(flatten)]
    pub said: EvidenceForm,
    /// The provider's own file that this case may see.
    #[serde(default)]
    pub evidence_id: Option<uuid::Uuid>,
    /// When the provider consented to that.
    #[serde(default)]
    pub consented_at: Option<DateTime<Utc>>,
    /// Only those who handle the case may see the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// The scanner found something harmful in the file: send in a clean one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rejected: bool,
    /// What the scanner has said of the file, where the application is read: `not-scanned` if no scanner has looked.
    #[serde(default)]
    #[schema(schema_with = file_states)]
    pub file_state: Option<String>,
}

fn file_states() -> Object {
    words("What the scanner has said of the file.", EvidenceState::NAMES)
}

impl KeptEvidenceForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Evidence> {
        let mut evidence = self.said.read(EvidenceId::new(self.id), f, at)?;
        evidence.shown =
            self.evidence_id.zip(self.consented_at).map(|(file, consented_at)| FileConsent {
                file: FileId::new(file),
                consented_at,
                confidential: self.confidential,
                rejected: self.rejected,
            });
        Some(evidence)
    }
}

impl From<&Evidence> for KeptEvidenceForm {
    fn from(evidence: &Evidence) -> Self {
        let document = evidence.document.as_ref().map(|document| DocumentForm {
            file_name: document.file_name.to_string(),
            sha256: document.sha256.clone(),
            bytes: document.bytes,
        });
        Self {
            id: evidence.id.uuid(),
            said: EvidenceForm {
                criterion: Some(evidence.criterion.to_string()),
                kind: Some(evidence.kind.to_string()),
                title: Some(evidence.title.to_string()),
                issued_on: Some(evidence.issued_on.to_string()),
                expires_on: evidence.expires_on.map(|day| day.to_string()),
                document,
            },
            evidence_id: evidence.shown.as_ref().map(|shown| shown.file.uuid()),
            consented_at: evidence.shown.as_ref().map(|shown| shown.consented_at),
            confidential: evidence.shown.as_ref().is_some_and(|shown| shown.confidential),
            rejected: evidence.shown.as_ref().is_some_and(|shown| shown.rejected),
            file_state: None,
        }
    }
}

/// What the provider has put together.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Dossier)]
pub struct DossierForm {
    /// The contact person in the case.
    pub contact: Option<ContactForm>,
    /// When the contact person was removed from the case, which has ended.
    #[serde(default)]
    pub contact_removed_at: Option<DateTime<Utc>>,
    /// The zones applied for.
    #[serde(default)]
    pub zones: Vec<String>,
    /// The approval of another organisation that the applicant takes over after.
    #[serde(default)]
    pub succeeds: Option<uuid::Uuid>,
    /// Answers by criterion.
    #[serde(default)]
    pub answers: BTreeMap<String, AnswerForm>,
    /// Evidence in the order in which it came.
    #[serde(default)]
    pub evidence: Vec<KeptEvidenceForm>,
}

impl DossierForm {
    /// The dossier, or its faults.
    pub fn read(&self) -> Result<Dossier, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let contact = self.contact.as_ref().and_then(|form| form.read(f, "/contact"));
        let zones = each(f, "/zones", &self.zones, |f, at, zone| f.collect(at, Code::parse(zone)));
        let answers: Option<BTreeMap<_, _>> = self
            .answers
            .iter()
            .map(|(code, form)| {
                let at = format!("/answers/{code}");
                Some((f.collect(&at, Code::parse(code))?, form.read(f, &at)?))
            })
            .collect();
        let evidence = each(f, "/evidence", &self.evidence, |f, at, kept| kept.read(f, at));
        let dossier = (|| {
            Some(Dossier {
                contact,
                contact_removed_at: self.contact_removed_at,
                zones: zones?,
                succeeds: self.succeeds.map(ApprovalId::new),
                answers: answers?,
                evidence: evidence?,
            })
        })();
        errors.finish(dossier)
    }
}

impl From<&Dossier> for DossierForm {
    fn from(dossier: &Dossier) -> Self {
        Self {
            contact: dossier.contact.as_ref().map(Into::into),
            contact_removed_at: dossier.contact_removed_at,
            zones: dossier.zones.iter().map(ToString::to_string).collect(),
            succeeds: dossier.succeeds.map(ApprovalId::uuid),
            answers: dossier
                .answers
                .iter()
                .map(|(code, answer)| (code.to_string(), answer.into()))
                .collect(),
            evidence: dossier.evidence.iter().map(Into::into).collect(),
        }
    }
}
