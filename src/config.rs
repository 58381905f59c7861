//! Configuration: flags and environment in, one struct out. A flag wins over its variable.

mod evidence;
mod parse;

pub use evidence::EvidenceSettings;
use parse::{day, line, listen_address, organisation, role, span};

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    domain::{
        role::Role,
        values::{numbers::OrganisationNumber, text::Line},
    },
    network::Network,
    store::sqlite_path,
};

/// Prefix of all variables.
const PREFIX: &str = "GODKJENT_";
/// Known variables. A test of ours may set further ones.
const KNOWN: [&str; 28] = [
    "GODKJENT_LISTEN",
    "GODKJENT_DATABASE_URL",
    "GODKJENT_PUBLIC_URL",
    "GODKJENT_LOCAL_ISSUER_KEY",
    "GODKJENT_ISSUERS",
    "GODKJENT_PERSON_KEY",
    "GODKJENT_CHECKPOINT_KEY",
    "GODKJENT_LOG_FORMAT",
    "GODKJENT_CONNECTIONS",
    "GODKJENT_FVL2025_FROM",
    "GODKJENT_EVIDENCE_STORE",
    "GODKJENT_EVIDENCE_FILE_MIB",
    "GODKJENT_EVIDENCE_CASE_MIB",
    "GODKJENT_EVIDENCE_PROVIDER_MIB",
    "GODKJENT_EVIDENCE_UNUSED_DAYS",
    "GODKJENT_SCANNER",
    "GODKJENT_S3_ENDPOINT",
    "GODKJENT_S3_REGION",
    "GODKJENT_S3_KEY_ID",
    "GODKJENT_S3_SECRET",
    "GODKJENT_TRUSTED_PROXIES",
    "GODKJENT_RATE_ALL",
    "GODKJENT_RATE_READS",
    "GODKJENT_RATE_SEARCHES",
    "GODKJENT_RATE_WRITES",
    "GODKJENT_REQUEST_TIMEOUT",
    "GODKJENT_MAX_CONNECTIONS",
    "GODKJENT_MAX_CONNECTIONS_EACH",
];

/// The open registry for the Norwegian approval model for free user choice.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: CliCommand,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Serve the registry.
    Serve {
        #[command(flatten)]
        settings: Settings,
        /// Load the demo municipalities into a new database, and enable the local issuer.
        #[arg(long)]
        demo: bool,
    },
    /// Run pending migrations and exit.
    Migrate {
        #[command(flatten)]
        settings: Settings,
    },
    /// Print a token of the local issuer.
    Token {
        #[command(flatten)]
        settings: Settings,
        /// The role.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The organisation number of the token.
        #[arg(long, value_parser = organisation)]
        org: OrganisationNumber,
        /// The person's name, used in decisions.
        #[arg(long, value_parser = line)]
        name: Line,
        /// The person's key; by default derived from the name.
        #[arg(long, value_parser = line)]
        subject: Option<Line>,
        /// Lifetime in hours.
        #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=720))]
        hours: u16,
    },
    /// Verify stored data.
    Audit {
        /// The subject.
        #[command(subcommand)]
        subject: AuditSubject,
    },
    /// Manage the evidence store.
    Evidence {
        /// The command.
        #[command(subcommand)]
        subject: EvidenceSubject,
    },
    /// Check configuration, database, clock, issuers and keys, with a remedy for each failure.
    Doctor {
        #[command(flatten)]
        settings: Settings,
        /// Output as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Copy the database into a new file while the registry runs (SQLite).
    Backup {
        #[command(flatten)]
        settings: Settings,
        /// The new file; it must not exist.
        #[arg(long)]
        to: PathBuf,
    },
    /// Print the `OpenAPI` document.
    Openapi,
}

/// Commands of the evidence store.
#[derive(Debug, Subcommand)]
pub enum EvidenceSubject {
    /// Bind the evidence store to this database, whatever registry it belonged to. Files unknown to the
    /// database go to the trash and are deleted after 30 days.
    Adopt {
        #[command(flatten)]
        settings: Settings,
    },
}

/// Subjects of an audit.
#[derive(Debug, Subcommand)]
pub enum AuditSubject {
    /// Verify the journal's hash chain and name the first row that does not fit; read-only.
    Verify {
        #[command(flatten)]
        settings: Settings,
        /// A stored checkpoint: its row must still exist with the same hash.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// The registry's public keys (`GET /v1/audit/keys`) to verify the checkpoint, instead of its own key.
        #[arg(long, requires = "checkpoint")]
        keys: Option<PathBuf>,
    },
    /// Sign the end of the journal, for storage elsewhere.
    Checkpoint {
        #[command(flatten)]
        settings: Settings,
    },
    /// Print the public key of checkpoints, as a JWK set.
    Key {
        #[command(flatten)]
        settings: Settings,
        /// Output as PEM, for openssl.
        #[arg(long)]
        pem: bool,
    },
    /// Compare the public records of the journal with the tables; read-only.
    Register {
        #[command(flatten)]
        settings: Settings,
    },
}

/// Settings of the server.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address and port to listen on, or a port of this machine alone.
    #[arg(long, env = "GODKJENT_LISTEN", default_value = "127.0.0.1:8080", value_parser = listen_address)]
    pub listen: String,
    /// Database: `sqlite:path` or `postgres://…`. It may contain a password: prefer the variable, since other
    /// users of the machine can see flags.
    #[arg(
        long,
        env = "GODKJENT_DATABASE_URL",
        default_value = "sqlite:godkjent.db",
        hide_env_values = true
    )]
    pub database_url: SecretString,
    /// Public base URL of the registry; by default from `--listen`.
    #[arg(long, env = "GODKJENT_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Key file of the local issuer. Enables the issuer; a missing file is created with a new key.
    #[arg(long, env = "GODKJENT_LOCAL_ISSUER_KEY")]
    pub local_issuer_key: Option<PathBuf>,
    /// JSON file with the trusted token issuers; docs/guide/issuers.md describes its format.
    #[arg(long, env = "GODKJENT_ISSUERS")]
    pub issuers: Option<PathBuf>,
    /// File with the secret that derives person keys from national identity numbers.
    #[arg(long, env = "GODKJENT_PERSON_KEY")]
    pub person_key: Option<PathBuf>,
    /// File with the key that signs checkpoints of the journal; a missing file is created. Default: no
    /// checkpoints.
    #[arg(long, env = "GODKJENT_CHECKPOINT_KEY")]
    pub checkpoint_key: Option<PathBuf>,
    /// Log format.
    #[arg(long, env = "GODKJENT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// Maximum number of database connections (SQLite: readers), 1 to 100.
    #[arg(long, env = "GODKJENT_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub connections: u32,
    /// First day of the Public Administration Act of 2025 (YYYY-MM-DD). Default: the Act of 1967 governs every
    /// case.
    #[arg(long, env = "GODKJENT_FVL2025_FROM", value_parser = day)]
    pub fvl2025_from: Option<NaiveDate>,
    /// Files of evidence.
    #[command(flatten)]
    pub evidence: EvidenceSettings,
    /// Proxies whose `X-Forwarded-For` is trusted: addresses and networks, separated by commas.
    #[arg(long, env = "GODKJENT_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// All requests per minute and address, counted before token verification; 0 for no limit.
    #[arg(long, env = "GODKJENT_RATE_ALL", default_value_t = 20_000)]
    pub rate_all: u32,
    /// Reads per minute and client; 0 for no limit.
    #[arg(long, env = "GODKJENT_RATE_READS", default_value_t = 6000)]
    pub rate_reads: u32,
    /// Searches, statistics, files and streams per minute and client; 0 for no limit.
    #[arg(long, env = "GODKJENT_RATE_SEARCHES", default_value_t = 1200)]
    pub rate_searches: u32,
    /// Commands per minute and client; 0 for no limit.
    #[arg(long, env = "GODKJENT_RATE_WRITES", default_value_t = 600)]
    pub rate_writes: u32,
    /// How long a client may take to send the head of a request (`10s`, `500ms`); three times as long for its
    /// body, and to take more of an answer.
    #[arg(long, env = "GODKJENT_REQUEST_TIMEOUT", default_value = "10s", value_parser = span)]
    pub request_timeout: Duration,
    /// Maximum number of client connections. Each needs a file of the process (`ulimit -n`).
    #[arg(long, env = "GODKJENT_MAX_CONNECTIONS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: u32,
    /// Maximum number of connections of one address, except trusted proxies; 0 for no limit.
    #[arg(long, env = "GODKJENT_MAX_CONNECTIONS_EACH", default_value_t = 1_000)]
    pub max_connections_each: u32,
}

/// Log format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// The address under which the world reaches the registry, without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> String {
        let given = self.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// The key file of the local issuer; the demo has one without asking.
    #[must_use]
    pub fn issuer_key(&self, demo: bool) -> Option<PathBuf> {
        let of_demo = demo.then(|| self.beside_database("godkjent-demo.key"));
        self.local_issuer_key.clone().or(of_demo)
    }

    /// The path of a SQLite database; none of another.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        sqlite_path(self.database_url.expose_secret())
    }

    /// The evidence store.
    #[must_use]
    pub fn evidence_store(&self) -> String {
        let beside = || format!("file:{}", self.beside_database("evidence").display());
        self.evidence.evidence_store.clone().unwrap_or_else(beside)
    }

    /// A file of that name beside a SQLite database; with another database in the working directory.
    fn beside_database(&self, name: &str) -> PathBuf {
        let folder = self.sqlite_path().and_then(Path::parent);
        folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
    }
}

/// Unknown variables with our prefix: a misspelt name must not silently become a default.
#[must_use]
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let ours = names.filter(|name| name.starts_with(PREFIX) && !name.starts_with("GODKJENT_TEST_"));
    ours.filter(|name| !KNOWN.contains(&name.as_str())).collect()
}

/// The names in the environment.
#[allow(clippy::disallowed_methods, reason = "this is the place")]
#[must_use]
pub fn environment() -> Vec<String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_nobody_reads_is_found() {
        let names = ["GODKJENT_LISTEN", "GODKJENT_LISTN", "PATH", "GODKJENT_TEST_POSTGRES_BIN"];
        let unknown = unknown_variables(names.into_iter().map(str::to_owned));
        assert_eq!(unknown, ["GODKJENT_LISTN"]);
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
    fn the_first_day_of_the_new_act_is_a_date_or_the_start_stops() {
        let serve = |day| Cli::try_parse_from(["godkjent", "serve", "--fvl2025-from", day]);
        let CliCommand::Serve { settings, .. } = serve("2027-01-01").unwrap().command else {
            panic!("not serve")
        };
        assert_eq!(settings.fvl2025_from, NaiveDate::from_ymd_opt(2027, 1, 1));
        assert!(serve("2027-02-30").unwrap_err().to_string().contains("exists in the calendar"));
    }

    #[test]
    fn spans_have_a_unit_and_proxies_are_networks() {
        let spans =
            [("10s", 10_000), ("500ms", 500), ("1.5s", 1500), ("1m", 60_000), ("3600s", 3_600_000)];
        for (value, milliseconds) in spans {
            assert_eq!(span(value), Ok(Duration::from_millis(milliseconds)));
        }
        for wrong in ["", "10", "0s", "s", "-1s", "61m", "3601s", "99999999999999999999s"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
        let serve = |proxies| {
            Cli::try_parse_from(["godkjent", "serve", "--trusted-proxies", proxies])
                .map(|cli| match cli.command {
                    CliCommand::Serve { settings, .. } => settings.trusted_proxies.len(),
                    _ => panic!("not serve"),
                })
                .map_err(|error| error.to_string())
        };
        assert_eq!(serve("10.0.0.0/8,::1"), Ok(2));
        assert!(serve("proxy.example").unwrap_err().contains("10.0.0.0/8"));
    }

    #[test]
    fn settings_print_without_what_is_secret() {
        let url = "postgres://registry:hunter2@db.example/registry";
        let cli = Cli::try_parse_from(["godkjent", "serve", "--database-url", url]).unwrap();
        let value = format!("{cli:?} {cli:#?}");
        assert!(!value.contains("hunter2") && !value.contains("db.example"), "{value}");
        let CliCommand::Serve { settings, .. } = cli.command else { panic!("not serve") };
        assert_eq!(settings.database_url.expose_secret(), url);
    }

    #[test]
    fn every_variable_of_the_settings_is_known() {
        use clap::CommandFactory;
        let command = Cli::command();
        let serve = command.get_subcommands().find(|c| c.get_name() == "serve").unwrap();
        let mut read: Vec<_> = serve
            .get_arguments()
            .filter_map(|arg| arg.get_env().map(|name| name.to_str().unwrap().to_owned()))
            .collect();
        read.sort();
        let mut known = KNOWN.map(str::to_owned);
        known.sort();
        assert_eq!(read, known);
    }
}
