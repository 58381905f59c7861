//! Settings of files of evidence: store, limits and scanner.

use chrono::TimeDelta;
use clap::Args;
use secrecy::SecretString;

use super::DatabaseSettings;
use crate::{
    domain::evidence::{CaseLimit, ProviderLimit},
    vault::{S3, UploadLimits, scanner::Scanner},
};

/// The evidence store.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Files of evidence")]
pub struct EvidenceStoreSettings {
    /// Store of the files of evidence: `file:directory` or `s3://bucket/prefix`. Default: the directory
    /// `evidence` beside the SQLite database; with PostgreSQL, in the working directory.
    #[arg(long, env = "GODKJENT_EVIDENCE_STORE")]
    pub evidence_store: Option<String>,
    /// The address of an S3-compatible store other than that of AWS.
    #[arg(long, env = "GODKJENT_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    /// The region of the S3-compatible store.
    #[arg(long, env = "GODKJENT_S3_REGION")]
    pub s3_region: Option<String>,
    /// Access key id of the S3-compatible store; without it the machine's own role is used.
    #[arg(long, env = "GODKJENT_S3_KEY_ID", requires = "s3_secret")]
    pub s3_key_id: Option<String>,
    /// The secret of that key.
    #[arg(long, env = "GODKJENT_S3_SECRET", hide_env_values = true, requires = "s3_key_id")]
    pub s3_secret: Option<SecretString>,
}

impl EvidenceStoreSettings {
    /// The address of the store.
    #[must_use]
    pub fn address(&self, database: &DatabaseSettings) -> String {
        let beside = || format!("file:{}", database.beside("evidence").display());
        self.evidence_store.clone().unwrap_or_else(beside)
    }

    /// Access to an S3-compatible store.
    #[must_use]
    pub fn s3(&self) -> S3 {
        S3 {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            key: self.s3_key_id.clone().zip(self.s3_secret.clone()),
        }
    }
}

/// Limits and scanner of files of evidence.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Files of evidence")]
pub struct EvidenceSettings {
    /// Maximum size of a file of evidence, in MiB.
    #[arg(long, env = "GODKJENT_EVIDENCE_FILE_MIB", default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub evidence_file_mib: u16,
    /// Maximum total size of the files of one case, in MiB.
    #[arg(long, env = "GODKJENT_EVIDENCE_CASE_MIB", default_value_t = 250, value_parser = clap::value_parser!(u16).range(1..=16384))]
    pub evidence_case_mib: u16,
    /// Maximum total size of the files of one provider, in MiB.
    #[arg(long, env = "GODKJENT_EVIDENCE_PROVIDER_MIB", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub evidence_provider_mib: u32,
    /// Days until an unused file (without a case) is removed.
    #[arg(long, env = "GODKJENT_EVIDENCE_UNUSED_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub evidence_unused_days: u16,
    /// A clamd for virus scanning: `tcp://host:port` or `unix:/path`. Default: no scanning.
    #[arg(long, env = "GODKJENT_SCANNER")]
    pub scanner: Option<Scanner>,
}

impl EvidenceSettings {
    /// Upload limits.
    #[must_use]
    pub fn limits(&self) -> UploadLimits {
        let case = CaseLimit(i64::from(self.evidence_case_mib) << 20);
        let provider = ProviderLimit(i64::from(self.evidence_provider_mib) << 20);
        let unused = TimeDelta::days(i64::from(self.evidence_unused_days));
        UploadLimits { file: u64::from(self.evidence_file_mib) << 20, case, provider, unused }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use secrecy::ExposeSecret;

    use crate::config::{Cli, CliCommand};

    #[test]
    fn the_secret_is_redacted() {
        let value = ["godkjent", "serve", "--s3-key-id", "who", "--s3-secret", "open sesame"];
        let CliCommand::Serve { settings, .. } = Cli::try_parse_from(value).unwrap().command else {
            panic!("not serve")
        };
        let text = format!("{settings:?} {:?}", settings.evidence_store.s3());
        assert!(!text.contains("sesame") && text.contains("[REDACTED]"), "{text}");
        assert_eq!(settings.evidence_store.s3().key.unwrap().1.expose_secret(), "open sesame");
        assert!(Cli::try_parse_from(&value[..4]).is_err(), "a key without its secret");
    }
}
