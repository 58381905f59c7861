//! Errors of files of evidence.

use super::{DomainError, ErrorCode};

impl DomainError {
    /// The certificate stays with the employer (helse- og omsorgstjenesteloven § 5-4).
    #[must_use]
    pub fn police_certificate_file() -> Self {
        Self::new(
            ErrorCode::PoliceCertificateFile,
            "Police certificates cannot be uploaded: attach the day on which the routine was inspected, \
             without a file.",
        )
    }

    /// The scanner found something.
    #[must_use]
    pub fn evidence_rejected() -> Self {
        Self::new(
            ErrorCode::EvidenceRejected,
            "The scanner found harmful content, and the bytes were deleted: upload a clean file.",
        )
    }

    /// The scanner has not looked yet.
    #[must_use]
    pub fn evidence_quarantined() -> Self {
        Self::new(
            ErrorCode::EvidenceQuarantined,
            "The file waits for the scanner: try again in a minute.",
        )
    }

    /// No scanner is configured, and the caller did not accept unscanned files.
    #[must_use]
    pub fn evidence_not_scanned() -> Self {
        Self::new(
            ErrorCode::EvidenceNotScanned,
            "This file was not scanned for viruses. To get it anyway, repeat the request with \
             acceptUnscanned=true, and open it in a safe environment.",
        )
    }

    /// Its last day is past.
    #[must_use]
    pub fn evidence_expired(last: chrono::NaiveDate) -> Self {
        Self::new(
            ErrorCode::EvidenceExpired,
            format!("It expired on {last}: attach its replacement."),
        )
    }

    /// The files of a case are too large together.
    #[must_use]
    pub fn case_files_too_large(limit: i64) -> Self {
        Self::new(
            ErrorCode::CaseFilesTooLarge,
            format!(
                "The files of one case are limited to {limit} bytes in total: upload smaller ones."
            ),
        )
    }

    /// The files of a provider are too large together.
    #[must_use]
    pub fn provider_files_too_large(limit: i64) -> Self {
        Self::new(
            ErrorCode::ProviderFilesTooLarge,
            format!(
                "The files of one provider are limited to {limit} bytes in total. Upload smaller ones; unused \
                 files are removed over time."
            ),
        )
    }

    /// No contact person, or no longer one.
    #[must_use]
    pub fn nobody_named() -> Self {
        Self::new(ErrorCode::NobodyNamed, "No contact person is named, so none can be removed.")
    }

    /// Attached by reference without a consent.
    #[must_use]
    pub fn consent_missing() -> Self {
        Self::new(
            ErrorCode::ConsentMissing,
            "Send \"consent\": true, so that the municipality of this case may see the file.",
        )
    }
}
