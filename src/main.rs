//! The command line.

use std::{io, process::ExitCode};

use clap::Parser;
use godkjent::{
    api::auth::LocalIssuer,
    app::{self, doctor::Level, log::write_line},
    config::{
        self, AuditSubject, Cli, CliCommand, DatabaseSettings, EvidenceSubject,
        LocalIssuerSettings, Settings,
    },
    context::Context,
    domain::role::Actor,
    jobs::{self, Audit, Chain},
    store::{self, DatabaseLock, Store},
};

fn main() -> ExitCode {
    app::handle_file_size_signal();
    app::modes::restrict_umask();
    let unknown = config::unknown_variables(config::environment().into_iter());
    let command = Cli::parse().command;
    if let CliCommand::Doctor { settings, json } = &command {
        return examine(settings, &unknown, *json);
    }
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        let what_to_do = "See godkjent serve --help for the known variables.";
        write_line(io::stderr(), &format!("unknown variables: {names}\n{what_to_do}"));
        return ExitCode::FAILURE;
    }
    match run(command) {
        Ok(code) => code,
        Err(problem) => {
            write_line(io::stderr(), &format!("godkjent: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: CliCommand) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        CliCommand::Serve { settings, demo, fresh } => {
            let _log = app::log::init(settings.log.log_format);
            let demo = app::DemoMode::of(demo, fresh);
            actix_web::rt::System::new().block_on(app::serve(settings, demo))?;
        }
        CliCommand::Migrate { database, log } => {
            let _log = app::log::init(log.log_format);
            let _lock = DatabaseLock::acquire(database.url())?;
            Store::open(database.url(), 1)?;
            write_line(io::stderr(), "The database is up to date.");
        }
        CliCommand::Token { role, org, name, subject, hours, local_issuer, database } => {
            let issuer = local_issuer_of(&local_issuer, &database)?;
            let subject = subject.unwrap_or_else(|| name.clone());
            let (actor, seconds) = (Actor { subject, name }, i64::from(hours) * 3600);
            print(&issuer.sign(&actor, role, &org, Context::system().now(), seconds)?);
        }
        CliCommand::Audit { subject } => return audit(subject),
        CliCommand::Evidence { subject: EvidenceSubject::Adopt { database, evidence, log } } => {
            let _log = app::log::init(log.log_format);
            let adopted = app::evidence::adopt(&database, &evidence, &Context::system())?;
            print(&adopted.to_string());
        }
        CliCommand::Backup { to, database, log } => {
            let _log = app::log::init(log.log_format);
            let head = store::backup(database.url(), &to)?;
            let (rows, public) = (head.position, head.public_position);
            print(&format!("{}: {rows} rows, position {public} of the feed", to.display()));
        }
        // Handled before: it reports variables that stop all other commands.
        CliCommand::Doctor { .. } => {}
        CliCommand::Openapi => print(&app::shared_document().to_pretty_json()?),
    }
    Ok(ExitCode::SUCCESS)
}

fn audit(subject: AuditSubject) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match subject {
        AuditSubject::Register { database, log } => {
            let _log = app::log::init(log.log_format);
            let store = app::audit::registry(&database)?;
            let found = jobs::audit_register(&store, Context::system().now())?;
            print(&found.to_string());
            for name in jobs::names_set_aside(&store)? {
                print(&format!("set aside: {name}"));
            }
            if let Audit::Differs(_) = found {
                return Ok(ExitCode::FAILURE);
            }
        }
        AuditSubject::Checkpoint { database, checkpoints, address, log } => {
            let _log = app::log::init(log.log_format);
            print(&app::audit::checkpoint(&database, &checkpoints, &address)?);
        }
        AuditSubject::Key { pem, checkpoints } => {
            print(&app::audit::key(&checkpoints, pem)?);
        }
        AuditSubject::Verify { checkpoint, keys, database, checkpoints, log } => {
            let _log = app::log::init(log.log_format);
            let (checkpoint, keys) = (checkpoint.as_deref(), keys.as_deref());
            let mut progress = told_now_and_then();
            let found =
                app::audit::verify(&database, &checkpoints, checkpoint, keys, &mut progress)?;
            print(&found.to_string());
            if let Chain::Broken(_) = found {
                return Ok(ExitCode::FAILURE);
            }
            if checkpoint.is_some() {
                print("the row of the checkpoint is in it, with the same hash");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn examine(settings: &Settings, unknown: &[String], json: bool) -> ExitCode {
    let report = app::doctor::examine(settings, unknown, &Context::system());
    let as_json = || serde_json::to_string_pretty(&report).unwrap_or_default();
    print(&if json { as_json() } else { report.to_string() });
    if report.level == Level::Fail { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Reports the progress of a walk on standard error, in steps of rows.
fn told_now_and_then() -> impl FnMut(i64, i64) {
    const STEP: i64 = 50_000;
    let mut next = STEP;
    move |done, of| {
        if done >= next {
            write_line(io::stderr(), &format!("{done} of {of} rows"));
            next = done + STEP;
        }
    }
}

/// The local issuer, with the key that `serve` has created.
fn local_issuer_of(
    settings: &LocalIssuerSettings,
    database: &DatabaseSettings,
) -> Result<LocalIssuer, Box<dyn std::error::Error>> {
    let path = settings.key_file(true, database).ok_or("no key file")?;
    Ok(LocalIssuer::existing(&path)?)
}

#[allow(clippy::print_stdout, reason = "the output of the command")]
fn print(text: &str) {
    println!("{text}");
}
