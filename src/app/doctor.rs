//! Doctor: checks configuration, database, clock, issuers and keys, with a remedy for each failure.
//!
//! Nothing is changed (in an evidence directory a file is created and removed at once). Each check is one
//! function in [`CHECKS`].

mod check;
mod language;
mod mail;
mod set_aside;
mod surroundings;

use std::{
    fmt,
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use chrono::TimeDelta;
use serde::Serialize;

pub use check::Level;
use check::{
    CheckInput, CheckResult, fail, is_new, is_open_to_others, ok, query_store, query_tables,
    try_creation, warn,
};

use super::{connection, listen::BoundSockets, start_error::listen_advice};
use crate::{
    api::{auth::LocalIssuer, resources::checkpoint::Seal},
    config::Settings,
    context::Context,
    store::{Store, StoreError, chain::GENESIS},
};

/// Finding of a check.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoctorFinding {
    pub check: &'static str,
    /// How grave it is.
    pub level: Level,
    /// The finding.
    #[serde(rename = "said")]
    pub message: String,
    /// The remedy.
    #[serde(rename = "mend")]
    pub remedy: Option<&'static str>,
}

/// All findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoctorReport {
    /// The gravest of them.
    pub level: Level,
    /// In the order of the checks.
    pub findings: Vec<DoctorFinding>,
}

impl fmt::Display for DoctorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for DoctorFinding { check, level, message, remedy } in &self.findings {
            let level = match level {
                Level::Ok => "ok  ",
                Level::Warn => "warn",
                Level::Fail => "FAIL",
            };
            writeln!(f, "{level}  {check}: {message}")?;
            if let Some(remedy) = remedy {
                writeln!(f, "      {remedy}")?;
            }
        }
        let count = |level| self.findings.iter().filter(|it| it.level == level).count();
        write!(f, "{} failures, {} warnings", count(Level::Fail), count(Level::Warn))
    }
}

type Check = (&'static str, fn(&CheckInput<'_>) -> Vec<CheckResult>);

/// Every check, in output order.
const CHECKS: &[Check] = &[
    ("variables", variables),
    ("listen", listen),
    ("open-files", open_files),
    ("public-url", public_url),
    ("issuers", surroundings::issuers),
    ("person-key", surroundings::person_key),
    ("local-issuer-key", local_issuer_key),
    ("checkpoint-key", checkpoint_key),
    ("database", database),
    ("language", language::language),
    ("integrity", integrity),
    ("migrations", migrations),
    ("writing", writing),
    ("guards", guards),
    ("journal", journal),
    ("set-aside", set_aside::set_aside),
    ("clock", clock),
    ("evidence", surroundings::evidence_store),
    ("registry-id", surroundings::registry_id),
    ("scanner", surroundings::scanner),
    ("mail", mail::mail),
    ("notices", mail::notices),
];

/// Runs all checks.
#[must_use]
pub fn examine(settings: &Settings, unknown: &[String], context: &Context) -> DoctorReport {
    let store = reach(settings);
    let input = CheckInput { settings, unknown, store, context };
    let findings: Vec<_> = CHECKS
        .iter()
        .flat_map(|(check, look)| {
            look(&input).into_iter().map(|(level, message, remedy)| DoctorFinding {
                check,
                level,
                message,
                remedy,
            })
        })
        .collect();
    let level = findings.iter().map(|it| it.level).max().unwrap_or(Level::Ok);
    DoctorReport { level, findings }
}

/// Opens the database, and makes none where there is none.
fn reach(settings: &Settings) -> Result<Store, StoreError> {
    Store::attach(settings.database.url(), 1)
}

fn variables(input: &CheckInput<'_>) -> Vec<CheckResult> {
    if input.unknown.is_empty() {
        return ok("every variable that begins with GODKJENT_ is known");
    }
    let names = input.unknown.join(", ");
    fail(
        format!("unknown variables: {names}"),
        "Correct or remove it: the registry does not start with a variable that it does not know.",
    )
}

fn listen(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let address = &input.settings.address.listen;
    match BoundSockets::bind(address) {
        Ok(_) => ok(address.clone()),
        Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
            fail(format!("cannot listen on {address}: {error}"), listen_advice(&error))
        }
        Err(_) if is_registry(address) => match &input.store {
            Ok(store) if !is_new(store) => {
                ok(format!("{address}: a registry answers there, this one if it is started"))
            }
            _ => fail(
                format!("{address}: a registry with another database listens there"),
                "Set GODKJENT_LISTEN to another port, or correct GODKJENT_DATABASE_URL.",
            ),
        },
        Err(_) => fail(
            format!("{address}: another program listens there"),
            "Stop that program, or set GODKJENT_LISTEN to another port.",
        ),
    }
}

/// Whether a registry answers at an address of this machine.
fn is_registry(address: &str) -> bool {
    let port = address.rsplit_once(':').map_or("", |(_, port)| port);
    let answer = ask_livez(&format!("127.0.0.1:{port}")).or_else(|_| ask_livez(address));
    answer.is_ok_and(|answer| {
        let answer = answer.to_lowercase();
        answer.contains("\r\nfeed-position: ") && answer.ends_with("\r\n\r\nok")
    })
}

fn ask_livez(address: &str) -> io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(2)))?;
    connection.write_all(b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    connection.take(4096).read_to_string(&mut answer)?;
    Ok(answer)
}

fn open_files(input: &CheckInput<'_>) -> Vec<CheckResult> {
    match connection::too_few_files(input.settings) {
        None => ok("as many files can be open as connections need"),
        Some(short) => warn(
            short,
            "Raise ulimit -n (LimitNOFILE of systemd, --ulimit of docker), or lower GODKJENT_MAX_CONNECTIONS.",
        ),
    }
}

fn public_url(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let url = input.settings.address.public_url();
    let remedy = "Set GODKJENT_PUBLIC_URL to the public https address of the registry.";
    if input.settings.address.public_url.is_none() {
        return warn(format!("not set: the change feed uses {url}"), remedy);
    }
    if url.starts_with("https://") {
        return ok(url);
    }
    warn(format!("{url} is not https"), remedy)
}

fn local_issuer_key(input: &CheckInput<'_>) -> Vec<CheckResult> {
    key_file(input.settings.local_issuer.local_issuer_key.as_deref(), |path| {
        LocalIssuer::from_file(path).map(drop).map_err(|error| error.to_string())
    })
}

fn checkpoint_key(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let path = input.settings.checkpoints.checkpoint_key.as_deref();
    if path.is_none() {
        return warn(
            "no key: checkpoints of the journal are not signed",
            "Set GODKJENT_CHECKPOINT_KEY to a file, and store checkpoints elsewhere.",
        );
    }
    key_file(path, |path| Seal::from_file(path).map(drop).map_err(|error| error.to_string()))
}

/// A key file: existing, valid, and with owner-only permissions.
fn key_file(path: Option<&Path>, read: impl Fn(&Path) -> Result<(), String>) -> Vec<CheckResult> {
    let Some(path) = path else { return vec![] };
    let name = path.display();
    if !path.exists() {
        return match try_creation(path) {
            Ok(()) => warn(
                format!("{name} does not exist yet"),
                "The next start creates it, with a new key.",
            ),
            Err(error) => fail(
                format!("{name} does not exist and cannot be created: {error}"),
                "Name a file in a directory that the user of the service can write.",
            ),
        };
    }
    if let Err(error) = std::fs::File::open(path) {
        return fail(
            format!("{name} cannot be read: {error}"),
            "Give it to the user of the service: chown, and chmod 600.",
        );
    }
    if let Err(wrong) = read(path) {
        return fail(wrong, "Restore the correct file, or delete it to create a new one.");
    }
    if is_open_to_others(path) {
        return fail(
            format!("other users can read {name}"),
            "Restrict it to its owner: chmod 600.",
        );
    }
    ok(format!("{name} is a valid key with owner-only permissions"))
}

fn database(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let kind =
        if input.settings.database.sqlite_path().is_some() { "SQLite" } else { "PostgreSQL" };
    match (&input.store, input.settings.database.sqlite_path()) {
        (Err(_), Some(path)) if !path.exists() => new_file(path),
        (Err(error), _) => fail(
            format!("{kind} is unreachable: {error}"),
            "Check GODKJENT_DATABASE_URL, and that the server answers or the file can be read.",
        ),
        (Ok(_), Some(path)) if is_reachable(path) && is_open_to_others(path) => warn(
            format!("other users of the machine can read {}", path.display()),
            "It holds case files: chmod 600, or a directory with owner-only permissions.",
        ),
        (Ok(_), _) => ok(format!("{kind} answers")),
    }
}

/// A SQLite database that the first start creates, in a directory that exists.
fn new_file(path: &Path) -> Vec<CheckResult> {
    let directory = path.parent().filter(|it| *it != Path::new(""));
    let is_missing = directory.is_some_and(|it| !it.exists());
    let name = path.display();
    match try_creation(path) {
        Ok(()) if !is_missing => warn(
            format!("{name} does not exist yet"),
            "The first start creates it. Is GODKJENT_DATABASE_URL correct?",
        ),
        Ok(()) => fail(
            format!("{name}: its directory does not exist"),
            "Create the directory for the user of the service, or correct GODKJENT_DATABASE_URL.",
        ),
        Err(error) => fail(
            format!("{name} does not exist and cannot be created: {error}"),
            "Correct GODKJENT_DATABASE_URL, or let the user of the service write the directory.",
        ),
    }
}

/// Whether other users can reach a file: its directory may be closed to them.
fn is_reachable(path: &Path) -> bool {
    let directory = path.parent().filter(|it| *it != Path::new(""));
    is_open_to_others(directory.unwrap_or_else(|| Path::new(".")))
}

fn migrations(input: &CheckInput<'_>) -> Vec<CheckResult> {
    query_store(input, Store::migrations, |found| {
        if !found.unknown.is_empty() {
            return fail(
                format!("a newer version has changed the tables: {}", found.unknown.join(", ")),
                "Use that version, or restore a backup from before it.",
            );
        }
        if found.pending.is_empty() {
            return ok("the tables are up to date");
        }
        warn(
            format!("pending: {}", found.pending.join(", ")),
            "The next start runs them, or godkjent migrate. Take a backup first.",
        )
    })
}

fn integrity(input: &CheckInput<'_>) -> Vec<CheckResult> {
    query_store(input, Store::damage, |damage| match damage.as_deref() {
        None => ok("not checked: use pg_amcheck and data checksums of PostgreSQL"),
        Some([]) => ok("quick_check finds no damage"),
        Some(damage) => fail(
            format!("the file is damaged: {}", damage.join("; ")),
            "Stop the registry, keep a copy of the file, and restore a backup.",
        ),
    })
}

fn writing(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let Ok(store) = &input.store else { return vec![] };
    if is_new(store) {
        return vec![];
    }
    match store.try_room() {
        Ok(()) => ok("rows can be written"),
        Err(error) => fail(
            match error {
                StoreError::NotWritable(_) => error.to_string(),
                other => format!("the database is not writable: {other}"),
            },
            "Check the rights of the user, the disk, and that the server is not a standby.",
        ),
    }
}

fn guards(input: &CheckInput<'_>) -> Vec<CheckResult> {
    query_tables(input, Store::missing_guards, |missing| {
        if missing.is_empty() {
            return ok("triggers protect the journal and the access log");
        }
        fail(
            format!("missing or disabled: {}", missing.join(", ")),
            "Somebody removed them: run godkjent audit verify, then restore them from the migrations.",
        )
    })
}

fn journal(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let remedy = "Run godkjent audit verify: it names the row.";
    query_tables(input, Store::end_of_journal, |(head, last)| {
        let position = last.as_ref().map_or(0, |row| row.position);
        if head.position != position {
            return fail(
                format!("the head names position {}, the last row is {position}", head.position),
                remedy,
            );
        }
        if head.hash != last.as_ref().map_or(GENESIS.as_slice(), |row| row.hash.as_slice()) {
            return fail("the head has another hash than the last row", remedy);
        }
        match last.filter(|row| row.at.0 > input.context.now() + TimeDelta::minutes(1)) {
            Some(row) => warn(
                format!("its last row is from {}, in the future", row.at.0.to_rfc3339()),
                "Set the clocks of all instances by a time server.",
            ),
            None => ok(format!("{position} rows, and the head matches the last")),
        }
    })
}

fn clock(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let remedy = "Set the clocks of this machine and of the database's by a time server.";
    query_store(input, Store::clock, |there| {
        let Some(there) = there else { return ok("the database uses this machine's clock") };
        let apart = (input.context.now() - there).abs();
        let message = format!("{} ms from the database's clock", apart.num_milliseconds());
        match apart {
            far if far > TimeDelta::minutes(1) => fail(message, remedy),
            some if some > TimeDelta::seconds(2) => warn(message, remedy),
            _ => ok(message),
        }
    })
}
