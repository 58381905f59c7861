//! The command line.

use std::{io, process::ExitCode};

use clap::Parser;
use godkjent::{
    api::auth::LocalIssuer,
    app::{self, doctor::Level, log::write_line},
    config::{self, AuditSubject, Cli, CliCommand, EvidenceSubject, Settings},
    context::Context,
    domain::{role::Actor, values::text::Line},
    jobs::{self, Audit, Chain},
    store::{self, DatabaseLock, Store},
};
use secrecy::ExposeSecret;

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
        CliCommand::Serve { settings, demo } => {
            let _log = app::log::init(settings.log_format);
            actix_web::rt::System::new().block_on(app::serve(settings, demo))?;
        }
        CliCommand::Migrate { settings } => {
            let _log = app::log::init(settings.log_format);
            let _lock = DatabaseLock::acquire(settings.database_url.expose_secret())?;
            Store::open(settings.database_url.expose_secret(), 1)?;
            write_line(io::stderr(), "The database is up to date.");
        }
        CliCommand::Token { settings, role, org, name, subject, hours } => {
            let token = token(&settings, role, &org, name, subject, hours)?;
            print(&token);
        }
        CliCommand::Audit { subject } => return audit(subject),
        CliCommand::Evidence { subject: EvidenceSubject::Adopt { settings } } => {
            let _log = app::log::init(settings.log_format);
            print(&app::evidence::adopt(&settings, &Context::system())?.to_string());
        }
        CliCommand::Backup { settings, to } => {
            let _log = app::log::init(settings.log_format);
            let head = store::backup(settings.database_url.expose_secret(), &to)?;
            let (rows, public) = (head.position, head.public_position);
            print(&format!("{}: {rows} rows, position {public} of the feed", to.display()));
        }
        // Handled before: it reports variables that stop all other commands.
        CliCommand::Doctor { .. } => {}
        CliCommand::Openapi => print(&app::document().to_pretty_json()?),
    }
    Ok(ExitCode::SUCCESS)
}

fn audit(subject: AuditSubject) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match subject {
        AuditSubject::Register { settings } => {
            let _log = app::log::init(settings.log_format);
            let store = app::audit::registry(&settings)?;
            let found = jobs::audit_register(&store, Context::system().now())?;
            print(&found.to_string());
            for name in jobs::names_set_aside(&store)? {
                print(&format!("set aside: {name}"));
            }
            if let Audit::Differs(_) = found {
                return Ok(ExitCode::FAILURE);
            }
        }
        AuditSubject::Checkpoint { settings } => {
            let _log = app::log::init(settings.log_format);
            print(&app::audit::checkpoint(&settings)?);
        }
        AuditSubject::Key { settings, pem } => {
            let _log = app::log::init(settings.log_format);
            print(&app::audit::key(&settings, pem)?);
        }
        AuditSubject::Verify { settings, checkpoint, keys } => {
            let _log = app::log::init(settings.log_format);
            let (checkpoint, keys) = (checkpoint.as_deref(), keys.as_deref());
            let mut progress = told_now_and_then();
            let found = app::audit::verify(&settings, checkpoint, keys, &mut progress)?;
            print(&found.to_string());
            if let Chain::Broken(_) = found {
                return Ok(ExitCode::FAILURE);
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

fn token(
    settings: &Settings,
    role: godkjent::domain::role::Role,
    org: &godkjent::domain::values::numbers::OrganisationNumber,
    name: Line,
    subject: Option<Line>,
    hours: u16,
) -> Result<String, Box<dyn std::error::Error>> {
    let path = settings.issuer_key(true).ok_or("no key file")?;
    let issuer = LocalIssuer::existing(&path)?;
    let subject = subject.unwrap_or_else(|| name.clone());
    let actor = Actor { subject, name };
    let seconds = i64::from(hours) * 3600;
    Ok(issuer.sign(&actor, role, org, Context::system().now(), seconds)?)
}

#[allow(clippy::print_stdout, reason = "the output of the command")]
fn print(text: &str) {
    println!("{text}");
}
