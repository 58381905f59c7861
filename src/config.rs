//! Configuration: flags and environment in, structs out. A flag wins over its variable.
//!
//! Each command has the groups of settings that it reads, and no others.

mod cli;
mod database;
mod evidence;
mod limits;
mod mail;
mod parse;
mod settings;

pub use self::{
    cli::{AuditSubject, Cli, CliCommand, EvidenceSubject},
    database::DatabaseSettings,
    evidence::{EvidenceSettings, EvidenceStoreSettings},
    limits::LimitSettings,
    mail::MailSettings,
    settings::{
        AddressSettings, CheckpointSettings, LocalIssuerSettings, LogFormat, LogSettings, Settings,
        TokenSettings,
    },
};

use std::collections::BTreeSet;

use clap::{Command, CommandFactory};

/// Prefix of all variables.
const PREFIX: &str = "GODKJENT_";
/// Prefix of the variables of our own tests.
const TEST_PREFIX: &str = "GODKJENT_TEST_";

/// Unknown variables with our prefix: a misspelt name must not silently become a default.
#[must_use]
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    collect_variables(&Cli::command(), &mut known);
    let ours = names.filter(|name| name.starts_with(PREFIX) && !name.starts_with(TEST_PREFIX));
    ours.filter(|name| !known.contains(name)).collect()
}

/// The variables that a command and its subcommands read.
fn collect_variables(command: &Command, known: &mut BTreeSet<String>) {
    let variables = command.get_arguments().filter_map(|arg| arg.get_env()?.to_str());
    known.extend(variables.map(str::to_owned));
    for command in command.get_subcommands() {
        collect_variables(command, known);
    }
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
}
