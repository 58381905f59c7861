//! Settings, in the groups that the help shows.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{
    DatabaseSettings, EvidenceSettings, EvidenceStoreSettings, LimitSettings, MailSettings,
    parse::{day, listen_address, web_address},
};

/// All settings: those of `serve` and `doctor`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Maximum number of database connections (SQLite: readers), 1 to 100.
    #[arg(long, env = "GODKJENT_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100), help_heading = "Database")]
    pub connections: u32,
    #[command(flatten)]
    pub address: AddressSettings,
    #[command(flatten)]
    pub tokens: TokenSettings,
    #[command(flatten)]
    pub local_issuer: LocalIssuerSettings,
    #[command(flatten)]
    pub checkpoints: CheckpointSettings,
    #[command(flatten)]
    pub evidence_store: EvidenceStoreSettings,
    #[command(flatten)]
    pub evidence: EvidenceSettings,
    #[command(flatten)]
    pub mail: MailSettings,
    #[command(flatten)]
    pub limits: LimitSettings,
    /// First day of the Public Administration Act of 2025 (YYYY-MM-DD). Default: the Act of 1967 governs every
    /// case.
    #[arg(long, env = "GODKJENT_FVL2025_FROM", value_parser = day, help_heading = "Law")]
    pub fvl2025_from: Option<NaiveDate>,
    #[command(flatten)]
    pub log: LogSettings,
}

/// Where the registry is reached.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Address")]
pub struct AddressSettings {
    /// Address and port to listen on, or a port of this machine alone.
    #[arg(long, env = "GODKJENT_LISTEN", default_value = "127.0.0.1:8080", value_parser = listen_address)]
    pub listen: String,
    /// Public base URL of the registry; by default from `--listen`.
    #[arg(long, env = "GODKJENT_PUBLIC_URL", value_parser = web_address)]
    pub public_url: Option<String>,
}

impl AddressSettings {
    /// The address under which the world reaches the registry, without a slash at its end. For a registry that
    /// listens on every address it is that of this machine: `http://0.0.0.0:8080` leads nowhere.
    #[must_use]
    pub fn public_url(&self) -> String {
        if let Some(url) = &self.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        match self.listen.rsplit_once(':') {
            Some(("0.0.0.0" | "[::]", port)) => format!("http://localhost:{port}"),
            _ => format!("http://{}", self.listen),
        }
    }
}

/// Trusted issuers of tokens.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Tokens")]
pub struct TokenSettings {
    /// JSON file with the trusted token issuers; docs/guide/issuers.md describes its format.
    #[arg(long, env = "GODKJENT_ISSUERS")]
    pub issuers: Option<PathBuf>,
    /// File with the secret that derives person keys from national identity numbers.
    #[arg(long, env = "GODKJENT_PERSON_KEY")]
    pub person_key: Option<PathBuf>,
}

/// The local issuer.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Tokens")]
pub struct LocalIssuerSettings {
    /// Key file of the local issuer. `serve` enables the issuer with it and creates a missing file; `token`
    /// signs with it. Default of `token`: that of the demo.
    #[arg(long, env = "GODKJENT_LOCAL_ISSUER_KEY")]
    pub local_issuer_key: Option<PathBuf>,
}

impl LocalIssuerSettings {
    /// The key file of the local issuer; the demo has one without asking.
    #[must_use]
    pub fn key_file(&self, demo: bool, database: &DatabaseSettings) -> Option<PathBuf> {
        let of_demo = demo.then(|| database.beside("godkjent-demo.key"));
        self.local_issuer_key.clone().or(of_demo)
    }
}

/// Checkpoints of the journal.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Checkpoints")]
pub struct CheckpointSettings {
    /// File with the key that signs checkpoints of the journal; `serve` creates a missing file. Default: no
    /// checkpoints.
    #[arg(long, env = "GODKJENT_CHECKPOINT_KEY")]
    pub checkpoint_key: Option<PathBuf>,
}

/// The log.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// Log format.
    #[arg(long, env = "GODKJENT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Log format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, CliCommand};

    fn serve(flags: &[&str]) -> Result<Settings, clap::Error> {
        let cli = Cli::try_parse_from([&["godkjent", "serve"], flags].concat())?;
        match cli.command {
            CliCommand::Serve { settings, .. } => Ok(settings),
            _ => panic!("not serve"),
        }
    }

    #[test]
    fn an_address_has_a_port_and_a_port_alone_is_of_this_machine() {
        for (value, address) in [
            ("8080", "127.0.0.1:8080"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:8080", "[::1]:8080"),
            ("localhost:0", "localhost:0"),
        ] {
            assert_eq!(listen_address(value).as_deref(), Ok(address));
        }
        for wrong in ["", "localhost", ":8080", "127.0.0.1:", "127.0.0.1:99999", "99999"] {
            assert!(listen_address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_public_address_can_be_called() {
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:8080", "http://localhost:8080"),
            ("[::]:80", "http://localhost:80"),
            ("192.0.2.7:8080", "http://192.0.2.7:8080"),
        ] {
            assert_eq!(serve(&["--listen", listen]).unwrap().address.public_url(), url);
        }
        let given = ["--listen", "0.0.0.0:8080", "--public-url", "https://registry.example/"];
        assert_eq!(serve(&given).unwrap().address.public_url(), "https://registry.example");
    }

    #[test]
    fn the_first_day_of_the_new_act_is_a_date_or_the_start_stops() {
        let day = |day| serve(&["--fvl2025-from", day]);
        let first = day("2027-01-01").unwrap().fvl2025_from;
        assert_eq!(first, NaiveDate::from_ymd_opt(2027, 1, 1));
        assert!(day("2027-02-30").unwrap_err().to_string().contains("exists in the calendar"));
    }

    #[test]
    fn settings_print_without_what_is_secret() {
        let url = "postgres://registry:hunter2@db.example/registry";
        let settings = serve(&["--database-url", url]).unwrap();
        let value = format!("{settings:?} {settings:#?}");
        assert!(!value.contains("hunter2") && !value.contains("db.example"), "{value}");
        assert_eq!(settings.database.url(), url);
    }
}
