//! Limits of clients, and the proxies that carry many of them.

use std::time::Duration;

use clap::Args;

use super::parse::span;
use crate::network::Network;

/// Limits.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitSettings {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, CliCommand};

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
                    CliCommand::Serve { settings, .. } => settings.limits.trusted_proxies.len(),
                    _ => panic!("not serve"),
                })
                .map_err(|error| error.to_string())
        };
        assert_eq!(serve("10.0.0.0/8,::1"), Ok(2));
        assert!(serve("proxy.example").unwrap_err().contains("10.0.0.0/8"));
    }
}
