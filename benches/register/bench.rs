//! The benchmark of the public register: the real program beside the least that can be.
//!
//! `tests/it/bench.rs` runs all of it with tiny numbers, so that it cannot rot.

pub mod beside;
pub mod changes;
pub mod commands;
pub mod costs;
pub mod country;
pub mod data;
pub mod dice;
pub mod http;
pub mod load;
pub mod minimal;
pub mod postgres;
pub mod report;
pub mod servers;
pub mod sides;

use std::{path::PathBuf, time::Duration};

use clap::Parser;

/// How fast the public register is.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// Approvals in the register; several sizes with commas between them.
    #[arg(long, value_delimiter = ',', default_value = "20000")]
    pub approvals: Vec<usize>,
    /// Rounds of each measurement; the median counts.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Seconds of each round.
    #[arg(long, default_value_t = 3.0)]
    pub seconds: f64,
    /// Threads of the load generator.
    #[arg(long, default_value_t = 2)]
    pub threads: usize,
    /// Connections of each thread.
    #[arg(long, default_value_t = 16)]
    pub connections: usize,
    /// Clients that write at once, where durable commands are measured.
    #[arg(long, default_value_t = 16)]
    pub writers: usize,
    /// Changes a second while the one call is under load.
    #[arg(long, default_value_t = 500)]
    pub changes: usize,
    /// Log filter of the program, as in `RUST_LOG`; the default is its own.
    #[arg(long)]
    pub log: Option<String>,
    /// Another build of the program, to be measured instead of this one.
    #[arg(long)]
    pub program: Option<PathBuf>,
    /// Run only scenarios whose name contains this.
    #[arg(long)]
    pub only: Option<String>,
    /// Directory of the databases; they are removed at the end.
    #[arg(long)]
    pub directory: Option<PathBuf>,
    /// Be the minimal server on this address, with the bytes of `--bytes`. The benchmark starts
    /// itself so.
    #[arg(long, hide = true, requires = "bytes")]
    pub minimal: Option<String>,
    /// Directory with the bytes of the minimal server.
    #[arg(long, hide = true)]
    pub bytes: Option<PathBuf>,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    pub bench: bool,
}

impl Options {
    pub fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    pub fn wants(&self, scenario: &str) -> bool {
        self.only.as_ref().is_none_or(|only| scenario.contains(only.as_str()))
    }
}

#[allow(dead_code, reason = "the test calls what is below")]
pub fn main() {
    let options = Options::parse();
    if let (Some(address), Some(bytes)) = (&options.minimal, &options.bytes) {
        return minimal::serve(address, bytes);
    }
    run(&options, servers::Beside::Child);
}

/// Measures each size and prints the tables.
pub fn run(options: &Options, beside: servers::Beside) {
    if options.wants("commands") {
        report::commands(&commands::measure(options));
    }
    if options.only.as_deref() == Some("commands") {
        return;
    }
    let mut sizes = report::Sizes::default();
    for approvals in &options.approvals {
        let place = servers::Directory::new(options.directory.as_deref());
        let (loaded, took) = country::load(&place, *approvals);
        println!("\n{approvals} approvals, {} rows, loaded in {took:.1?}", loaded.rows);
        let program = servers::Program::start(options, &place);
        let mut size = report::Size::new(*approvals, loaded.rows, took, &program);
        let compared = sides::measure(options, &program, &loaded, beside);
        report::sides(&compared);
        if options.wants("costs") {
            report::costs(&costs::measure(options, &program, &loaded));
        }
        if options.wants("beside") {
            report::beside(&beside::measure(options, &program, &loaded));
        }
        if options.wants("changes") {
            let under = changes::measure(options, &place, &program, &loaded);
            report::changes(options.changes, &under);
        }
        size.rates(&compared, program.resident());
        drop(program);
        if options.wants("apply") {
            size.applied(country::apply(&place, &loaded));
        }
        sizes.add(size);
    }
    report::sizes(&sizes);
}
