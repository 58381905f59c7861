//! The commands, and the settings that each of them reads.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::{
    AddressSettings, CheckpointSettings, DatabaseSettings, EvidenceStoreSettings,
    LocalIssuerSettings, LogSettings, Settings,
    parse::{line, organisation, role},
};
use crate::domain::{
    role::Role,
    values::{numbers::OrganisationNumber, text::Line},
};

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
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub enum CliCommand {
    /// Serve the registry.
    Serve {
        /// Load the demo municipalities into a new database, and enable the local issuer.
        #[arg(long)]
        demo: bool,
        /// Remove the demo of an earlier start first, with all that was added to it: its database tables and
        /// its evidence. Other data is never removed.
        #[arg(long, requires = "demo")]
        fresh: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Run pending migrations and exit.
    Migrate {
        #[command(flatten)]
        database: DatabaseSettings,
        #[command(flatten)]
        log: LogSettings,
    },
    /// Print a token of the local issuer.
    Token {
        /// The role: provider, editor, case-worker, decision-maker, inspector, auditor or operator.
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
        #[command(flatten)]
        local_issuer: LocalIssuerSettings,
        #[command(flatten)]
        database: DatabaseSettings,
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
        /// Output as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Copy the database into a new file while the registry runs (SQLite).
    Backup {
        /// The new file; it must not exist.
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        database: DatabaseSettings,
        #[command(flatten)]
        log: LogSettings,
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
        database: DatabaseSettings,
        #[command(flatten)]
        evidence: EvidenceStoreSettings,
        #[command(flatten)]
        log: LogSettings,
    },
}

/// Subjects of an audit.
#[derive(Debug, Subcommand)]
pub enum AuditSubject {
    /// Verify the journal's hash chain and name the first row that does not fit; read-only.
    Verify {
        /// A stored checkpoint: its row must still exist with the same hash.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// The registry's public keys (`GET /v1/audit/keys`) to verify the checkpoint, instead of its own key.
        #[arg(long, requires = "checkpoint")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseSettings,
        #[command(flatten)]
        checkpoints: CheckpointSettings,
        #[command(flatten)]
        log: LogSettings,
    },
    /// Sign the end of the journal, for storage elsewhere.
    Checkpoint {
        #[command(flatten)]
        database: DatabaseSettings,
        #[command(flatten)]
        checkpoints: CheckpointSettings,
        #[command(flatten)]
        address: AddressSettings,
        #[command(flatten)]
        log: LogSettings,
    },
    /// Print the public key of checkpoints, as a JWK set.
    Key {
        /// Output as PEM, for openssl.
        #[arg(long)]
        pem: bool,
        #[command(flatten)]
        checkpoints: CheckpointSettings,
    },
    /// Compare the public records of the journal with the tables; read-only.
    Register {
        #[command(flatten)]
        database: DatabaseSettings,
        #[command(flatten)]
        log: LogSettings,
    },
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    /// The options of each command that has not all of them, its own ones first.
    const OPTIONS: [(&[&str], &[&str]); 8] = [
        (&["migrate"], &["database-url", "log-format"]),
        (
            &["token"],
            &["role", "org", "name", "subject", "hours", "local-issuer-key", "database-url"],
        ),
        (
            &["audit", "verify"],
            &["checkpoint", "keys", "database-url", "checkpoint-key", "log-format"],
        ),
        (
            &["audit", "checkpoint"],
            &["database-url", "checkpoint-key", "listen", "public-url", "log-format"],
        ),
        (&["audit", "key"], &["pem", "checkpoint-key"]),
        (&["audit", "register"], &["database-url", "log-format"]),
        (
            &["evidence", "adopt"],
            &[
                "database-url",
                "evidence-store",
                "s3-endpoint",
                "s3-region",
                "s3-key-id",
                "s3-secret",
                "log-format",
            ],
        ),
        (&["backup"], &["to", "database-url", "log-format"]),
    ];

    fn find(path: &[&str]) -> Command {
        let mut command = Cli::command();
        for name in path {
            command = command.find_subcommand(name).unwrap().clone();
        }
        command
    }

    #[test]
    fn each_command_has_only_the_options_that_it_reads() {
        for (path, options) in OPTIONS {
            let command = find(path);
            let found: Vec<_> = command.get_arguments().filter_map(|arg| arg.get_long()).collect();
            assert_eq!(found, options, "{path:?}");
        }
        let all: Vec<_> =
            Cli::command().get_subcommands().map(|it| it.get_name().to_owned()).collect();
        let names =
            ["serve", "migrate", "token", "audit", "evidence", "doctor", "backup", "openapi"];
        assert_eq!(all, names);
    }

    #[test]
    fn the_help_of_a_command_begins_with_its_own_options_and_groups_the_others() {
        let help = find(&["serve"]).render_long_help().to_string();
        let headings = [
            "Options:",
            "  --demo",
            "Database:",
            "Address:",
            "Tokens:",
            "Checkpoints:",
            "Files of evidence:",
            "E-mail:",
            "Limits:",
            "Law:",
            "Log:",
        ];
        let mut from = 0;
        for heading in headings {
            let found = help.split_at(from).1.find(heading);
            from += found.unwrap_or_else(|| panic!("no {heading} after {from}: {help}"));
        }
        // Each option is under one heading, and only the command's own ones are under the first.
        let own = help.split("Database:").next().unwrap();
        assert_eq!(own.matches("      --").count(), 2, "{own}");
        for (path, _) in OPTIONS {
            let lines = find(path).render_long_help().to_string().lines().count();
            assert!(lines <= 60, "{path:?}: {lines} lines");
        }
    }
}
