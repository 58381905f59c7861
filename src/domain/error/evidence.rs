//! Avvisninger om dokumentasjonsfiler.

use super::{DomainError, ErrorCode};

impl DomainError {
    /// The certificate stays with the employer (helse- og omsorgstjenesteloven § 5-4).
    #[must_use]
    pub fn police_certificate_file() -> Self {
        Self::new(
            ErrorCode::PoliceCertificateFile,
            "A police certificate is never sent in: attach to the application, without a file, when the \
             routine was seen.",
        )
    }

    /// The scanner found something.
    #[must_use]
    pub fn evidence_rejected() -> Self {
        Self::new(
            ErrorCode::EvidenceRejected,
            "The scanner found harmful content, and the bytes are gone: send in a clean file.",
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
            "No scanner for viruses has looked at this file. To get it all the same, ask again with acceptUnscanned=true, \
             and open it where it can do no harm.",
        )
    }

    /// Its last day is past.
    #[must_use]
    pub fn evidence_expired(last: chrono::NaiveDate) -> Self {
        Self::new(
            ErrorCode::EvidenceExpired,
            format!("It ran out on {last}: send in what has taken its place."),
        )
    }

    /// The files of a case are too large together.
    #[must_use]
    pub fn case_files_too_large(limit: i64) -> Self {
        Self::new(
            ErrorCode::CaseFilesTooLarge,
            format!(
                "The files of one case have at most {limit} bytes together: send in smaller ones."
            ),
        )
    }

    /// The files of a provider are too large together.
    #[must_use]
    pub fn provider_files_too_large(limit: i64) -> Self {
        Self::new(
            ErrorCode::ProviderFilesTooLarge,
            format!(
                "The files of one provider have at most {limit} bytes together. Send in smaller ones; files that no case \
                 is shown are removed with time."
            ),
        )
    }

    /// No contact person, or no longer one.
    #[must_use]
    pub fn nobody_named() -> Self {
        Self::new(ErrorCode::NobodyNamed, "Nothing is left to remove: nobody is named.")
    }

    /// Attached by reference without a consent.
    #[must_use]
    pub fn consent_missing() -> Self {
        Self::new(
            ErrorCode::ConsentMissing,
            "Say \"consent\": true, so that the municipality of this case may see the file.",
        )
    }
}
