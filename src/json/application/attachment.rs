//! The body with which a provider attaches evidence: in words, or a file of its own by reference.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DocumentForm, EvidenceForm};
use crate::domain::{
    application::Evidence,
    error::DomainError,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        ids::{EvidenceId, FileId},
        text::Code,
    },
};

/// Evidence as it is attached: what it is and when it was issued, or `evidenceId` and `consent` of a file
/// that says so itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EvidenceBody, example = json!({
    "criterion": "tax-certificate", "kind": "tax-certificate", "title": "Skatteattest",
    "issuedOn": "2026-02-20"
}))]
pub struct AttachmentForm {
    /// The criterion it supports.
    #[schema(required, max_length = 60)]
    criterion: Option<String>,
    /// A file of the provider's own. Kind, title and days are those of the file.
    evidence_id: Option<uuid::Uuid>,
    /// That the municipality of this case may see the file; required with `evidenceId`, and only there.
    consent: Option<bool>,
    /// What sort of evidence it is; required without `evidenceId`.
    #[schema(max_length = 60)]
    kind: Option<String>,
    /// What it is called; required without `evidenceId`.
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// When it was issued, or when the routine was seen; required without `evidenceId`.
    #[schema(format = Date)]
    issued_on: Option<String>,
    /// When it runs out.
    #[schema(format = Date)]
    expires_on: Option<String>,
    /// What is known of a file that is kept elsewhere. Never for a police certificate.
    document: Option<DocumentForm>,
}

/// What is attached.
#[derive(Debug)]
pub enum Attachment {
    /// As it was said.
    Said(Evidence),
    /// A file of the provider's own, for a criterion.
    File(FileId, Code),
}

impl AttachmentForm {
    /// What is attached under a new id.
    ///
    /// # Errors
    /// `validation`, `consent-missing`.
    pub fn read(self, id: EvidenceId) -> Result<Attachment, DomainError> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let Some(file) = self.evidence_id else {
            let detail = "Consent is given to a file: name it by ‘evidenceId’, or leave this out.";
            f.unexpected("/consent", self.consent.is_some(), detail);
            let value = EvidenceForm {
                criterion: self.criterion,
                kind: self.kind,
                title: self.title,
                issued_on: self.issued_on,
                expires_on: self.expires_on,
                document: self.document,
            };
            let evidence = value.read(id, f, "");
            return errors.finish(evidence).map(Attachment::Said).map_err(DomainError::validation);
        };
        let criterion = f.parse("/criterion", self.criterion.as_ref(), Code::parse);
        for (at, there) in [
            ("/kind", self.kind.is_some()),
            ("/title", self.title.is_some()),
            ("/issuedOn", self.issued_on.is_some()),
            ("/expiresOn", self.expires_on.is_some()),
            ("/document", self.document.is_some()),
        ] {
            if there {
                let error =
                    ValueError::new("said-by-file", "The file says this itself: leave it out.");
                f.add(at, error);
            }
        }
        let criterion = errors.finish(criterion).map_err(DomainError::validation)?;
        if self.consent != Some(true) {
            return Err(DomainError::consent_missing());
        }
        Ok(Attachment::File(FileId::new(file), criterion))
    }
}
