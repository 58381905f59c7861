//! Errors of files of evidence.

use super::{DomainError, ErrorCode, details};

impl DomainError {
    /// The certificate stays with the employer (helse- og omsorgstjenesteloven § 5-4).
    #[must_use]
    pub fn police_certificate_file() -> Self {
        Self::new(ErrorCode::PoliceCertificateFile, details::police_certificate_file())
    }

    /// The scanner found something.
    #[must_use]
    pub fn evidence_rejected() -> Self {
        Self::new(ErrorCode::EvidenceRejected, details::evidence_rejected())
    }

    /// The scanner has not looked yet.
    #[must_use]
    pub fn evidence_quarantined() -> Self {
        Self::new(ErrorCode::EvidenceQuarantined, details::evidence_quarantined())
    }

    /// No scanner is configured, and the caller did not accept unscanned files.
    #[must_use]
    pub fn evidence_not_scanned() -> Self {
        Self::new(ErrorCode::EvidenceNotScanned, details::evidence_not_scanned())
    }

    /// Its last day is past.
    #[must_use]
    pub fn evidence_expired(last: chrono::NaiveDate) -> Self {
        Self::new(ErrorCode::EvidenceExpired, details::evidence_expired(last))
    }

    /// The files of a case are too large together.
    #[must_use]
    pub fn case_files_too_large(limit: i64) -> Self {
        Self::new(ErrorCode::CaseFilesTooLarge, details::case_files_too_large(limit))
    }

    /// The files of a provider are too large together.
    #[must_use]
    pub fn provider_files_too_large(limit: i64) -> Self {
        Self::new(ErrorCode::ProviderFilesTooLarge, details::provider_files_too_large(limit))
    }

    /// No contact person, or no longer one.
    #[must_use]
    pub fn nobody_named() -> Self {
        Self::new(ErrorCode::NobodyNamed, details::nobody_named())
    }

    /// Attached by reference without a consent.
    #[must_use]
    pub fn consent_missing() -> Self {
        Self::new(ErrorCode::ConsentMissing, details::consent_missing())
    }
}
