//! Doctor: each failure is found, with its remedy.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path, process};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use godkjent::{
    app::doctor::{Level, examine},
    config::{Cli, CliCommand},
    context::Context,
};

use serde_json::{Value, json};
use uuid::Uuid;

use super::program::{Directory, Running, godkjent, godkjent_after, run, token};
use crate::{
    problems::scene::profile,
    rebuild::behind_its_back,
    tokens::{
        issuer::{Signer, TestIssuer},
        scene::issuer_config,
    },
    world::{PROVIDER, database::TestDatabase},
};

/// A new database has no tables of a registry yet.
const NEED_TABLES: [&str; 4] = ["writing", "guards", "journal", "set-aside"];

/// A finding of the doctor: level, text, and remedy.
struct Examined(Value, Option<i32>);

impl Examined {
    fn of(command: &mut process::Command) -> Self {
        let output = run(command.args(["doctor", "--json"]));
        let wrong = String::from_utf8_lossy(&output.stderr);
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{wrong}"));
        Self(report, output.status.code())
    }

    /// The single finding of a check must have this level and text; every failure has a remedy.
    #[track_caller]
    fn finds(&self, check: &str, level: &str, words: &str) {
        let findings = self.0["findings"].as_array().unwrap();
        let of: Vec<_> = findings.iter().filter(|it| it["check"] == check).collect();
        assert_eq!(of.len(), 1, "{:#}", self.0);
        assert_eq!(of[0]["level"], level, "{}", of[0]);
        assert!(of[0]["said"].as_str().unwrap().contains(words), "{}", of[0]);
        assert_eq!(of[0].get("mend").is_some(), level != "ok", "{}", of[0]);
        let failed = findings.iter().any(|it| it["level"] == "fail");
        assert_eq!(self.1, Some(i32::from(failed)));
    }

    #[track_caller]
    fn says_nothing_of(&self, check: &str) {
        let findings = self.0["findings"].as_array().unwrap();
        assert!(findings.iter().all(|it| it["check"] != check), "{:#}", self.0);
    }
}

fn set_up(directory: &Directory, url: &str) -> process::Command {
    let mut command = godkjent(directory);
    command
        .env("GODKJENT_DATABASE_URL", url)
        .env("GODKJENT_PUBLIC_URL", "https://registry.example")
        .env("GODKJENT_LOCAL_ISSUER_KEY", directory.file("key"))
        .env("GODKJENT_CHECKPOINT_KEY", directory.file("checkpoint.pem"))
        // As many as any machine has files for.
        .env("GODKJENT_MAX_CONNECTIONS", "50");
    command
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_is_well_is_said_to_be_well() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let running = Running::start(&directory, &url);
    let found = Examined::of(set_up(&directory, &url).env("GODKJENT_LISTEN", &running.address));
    found.finds("listen", "ok", "a registry answers there");
    drop(running);
    let key = set_up(&directory, &url).args(["audit", "key"]).output().unwrap();
    assert!(key.status.success());
    let found = Examined::of(&mut set_up(&directory, &url));
    for check in [
        "variables",
        "listen",
        "open-files",
        "public-url",
        "local-issuer-key",
        "checkpoint-key",
        "database",
        "migrations",
        "writing",
        "guards",
        "journal",
        "clock",
        "evidence",
        "registry-id",
    ] {
        found.finds(check, "ok", "");
    }
    found.finds("issuers", "warn", "the local issuer is enabled");
    let output = run(set_up(&directory, &url).arg("doctor"));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("ok    database: SQLite answers\n"), "{text}");
    assert!(text.ends_with("0 failures, 3 warnings\n"), "{text}");
    found.finds("scanner", "warn", "not scanned for viruses");
    found.finds("mail", "warn", "nobody is notified automatically");
    found.finds("notices", "ok", "each notice was sent");
}

#[test]
fn what_is_wrong_around_the_registry_is_found() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let issuers = directory.file("issuers.json");
    let examined = |more: &[(&str, &str)]| {
        let mut command = godkjent(&directory);
        command.env("GODKJENT_DATABASE_URL", &url).env("GODKJENT_ISSUERS", &issuers);
        Examined::of(command.envs(more.iter().copied()))
    };
    let found = examined(&[("GODKJENT_PERSON_KEY", "person.key")]);
    found.finds("issuers", "warn", "not checked without the person key");
    found.finds("person-key", "fail", "does not exist");
    found.finds("evidence", "warn", "does not exist yet");
    fs::write(&issuers, "[]").unwrap();
    fs::write(directory.file("person.key"), "x".repeat(40)).unwrap();
    mode(&directory.file("person.key"), 0o644);
    fs::create_dir(directory.file("evidence")).unwrap();
    mode(&directory.file("evidence"), 0o755);
    let found = examined(&[("GODKJENT_PERSON_KEY", "person.key")]);
    found.finds("issuers", "warn", "lists no issuer");
    found.finds("person-key", "fail", "other users can read");
    found.finds("evidence", "warn", "other users of the machine can list");
    assert_eq!(fs::read_dir(directory.file("evidence")).unwrap().count(), 0, "nothing is left");
    fs::write(&issuers, "[{]").unwrap();
    fs::write(directory.file("no-directory"), "").unwrap();
    let scanner = format!("unix:{}", directory.file("no-socket").display());
    let found = examined(&[
        ("GODKJENT_EVIDENCE_STORE", "file:no-directory"),
        ("GODKJENT_SCANNER", scanner.as_str()),
    ]);
    found.finds("issuers", "fail", "issuers.json");
    found.finds("evidence", "fail", "is not writable");
    found.finds("scanner", "fail", "scanner");
    found.says_nothing_of("person-key");
    examined(&[("GODKJENT_EVIDENCE_STORE", "ftp://x")]).finds(
        "evidence",
        "fail",
        "must begin with",
    );
}

#[test]
fn what_is_wrong_with_the_configuration_is_found() {
    let directory = Directory::new();
    let found = Examined::of(godkjent(&directory).env("GODKJENT_LISTN", "127.0.0.1:8080"));
    found.finds("variables", "fail", "GODKJENT_LISTN");
    found.finds("public-url", "warn", "not set");
    found.finds("issuers", "warn", "no token issuer");
    found.finds("checkpoint-key", "warn", "no key");
    found.finds("database", "warn", "does not exist yet");
    found.says_nothing_of("local-issuer-key");
    found.says_nothing_of("migrations");
    assert!(!directory.file("godkjent.db").exists(), "it makes nothing");

    let url = directory.sqlite();
    fs::write(directory.file("key"), "no key").unwrap();
    let mut command = set_up(&directory, &url);
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    command.env("GODKJENT_LISTEN", &port).env("GODKJENT_PUBLIC_URL", "http://registry.example");
    let found = Examined::of(&mut command);
    found.finds("listen", "fail", "another program listens there");
    drop(busy);
    found.finds("public-url", "warn", "is not https");
    found.finds("local-issuer-key", "fail", "not an Ed25519 key");
    found.finds("checkpoint-key", "warn", "does not exist yet");
    let output = run(set_up(&directory, &url).arg("doctor").env("GODKJENT_PUBLIC_URL", "registry"));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("write a web address, such as https://registry.example"), "{message}");
    assert!(!directory.file("checkpoint.pem").exists() && !directory.file("registry.db").exists());

    fs::remove_file(directory.file("key")).unwrap();
    drop(Running::start(&directory, &url));
    for open in ["key", "registry.db"] {
        mode(&directory.file(open), 0o644);
    }
    let found = Examined::of(&mut set_up(&directory, &url));
    found.finds("local-issuer-key", "fail", "other users can read");
    found.finds("database", "warn", "other users of the machine can read");
    let nobody = "postgres://registry@127.0.0.1:1/registry";
    let found = Examined::of(&mut set_up(&directory, nobody));
    found.finds("database", "fail", "PostgreSQL is unreachable");
    found.says_nothing_of("journal");
}

#[test]
fn whether_enough_files_can_be_open_for_the_connections_is_found() {
    let directory = Directory::new();
    let limited = |connections: &str| {
        let mut command = godkjent_after(&directory, "ulimit -n 256");
        command.env("GODKJENT_MAX_CONNECTIONS", connections).env("GODKJENT_CONNECTIONS", "10");
        Examined::of(&mut command)
    };
    // 100 are for open files beside connections.
    limited("146").finds("open-files", "ok", "as many files can be open");
    let short = "the process may open 256 files, and 147 connections need 257";
    limited("147").finds("open-files", "warn", short);
}

#[test]
fn whether_database_and_evidence_store_belong_together_is_found() {
    let directory = Directory::new();
    let url = directory.sqlite();
    drop(Running::start(&directory, &url));
    let examined = || Examined::of(&mut set_up(&directory, &url));
    examined().finds("registry-id", "ok", "are of the registry");
    let owner = directory.file("evidence/registry.json");
    let own = fs::read(&owner).unwrap();
    fs::write(&owner, json!({"registry": Uuid::from_u128(9)}).to_string()).unwrap();
    let found = examined();
    found.finds("registry-id", "fail", "belongs to the registry 00000000");
    fs::write(&owner, "{").unwrap();
    examined().finds("registry-id", "warn", "not compared");
    fs::remove_file(&owner).unwrap();
    examined().finds("registry-id", "warn", "not bound to each other yet");
    fs::write(&owner, own).unwrap();
    let swept = json!({"position": 7, "hash": "00"}).to_string();
    fs::write(directory.file("evidence/swept.json"), swept).unwrap();
    examined().finds("registry-id", "warn", "the database is older than the evidence store");
    fs::remove_dir_all(directory.file("evidence")).unwrap();
    let found = examined();
    found.says_nothing_of("registry-id");
    found.finds("evidence", "warn", "does not exist yet");
    assert!(!directory.file("evidence").exists(), "nothing is created");
}

/// Files and directories that the next start cannot create.
#[test]
fn what_cannot_be_created_is_found() {
    let directory = Directory::new();
    fs::write(directory.file("file"), "").unwrap();
    let below = |name: &str| directory.file("file").join(name);
    let url = format!("sqlite:{}", below("registry.db").display());
    let mut command = godkjent(&directory);
    command.env("GODKJENT_DATABASE_URL", &url);
    command.env("GODKJENT_CHECKPOINT_KEY", below("checkpoint.pem"));
    command.env("GODKJENT_EVIDENCE_STORE", format!("file:{}", below("evidence").display()));
    let found = Examined::of(&mut command);
    found.finds("database", "fail", "cannot be created");
    found.finds("checkpoint-key", "fail", "cannot be created");
    found.finds("evidence", "fail", "cannot be created");
    let missing = format!("sqlite:{}", directory.file("nowhere/registry.db").display());
    let found = Examined::of(godkjent(&directory).env("GODKJENT_DATABASE_URL", &missing));
    found.finds("database", "fail", "its directory does not exist");
}

#[test]
fn whether_each_issuer_gives_its_keys_is_found() {
    let (directory, key) = (Directory::new(), Signer::ec("k1"));
    let issuer = TestIssuer::start("", &[&key]);
    let file = directory.file("issuers.json");
    fs::write(&file, json!([issuer_config("oidc", &issuer.name)]).to_string()).unwrap();
    let examined = || Examined::of(godkjent(&directory).env("GODKJENT_ISSUERS", &file));
    examined().finds("issuers", "ok", "has 1 keys");
    issuer.stop();
    examined().finds("issuers", "fail", &issuer.name);
}

#[test]
fn what_is_wrong_with_a_sqlite_database_is_found() {
    let directory = Directory::new();
    let url = directory.sqlite();
    drop(Running::start(&directory, &url));
    let examined = || Examined::of(&mut set_up(&directory, &url));
    ails(&url, &examined);
    let running = Running::start(&directory, &url);
    let provider = running.client(Some(token(&directory, "provider", PROVIDER, "Per")));
    let path = format!("/v1/providers/{PROVIDER}");
    let put = provider.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    drop(running);
    examined().finds("journal", "ok", "2 rows");
    let found = by_a_clock(&url, now() - TimeDelta::days(365));
    found.finds("journal", "warn", "in the future");
    behind_its_back(&url, "DROP TRIGGER journal_no_delete");
    examined().finds("guards", "fail", "journal_no_delete");
    // A database user with read access only.
    let path = directory.file("registry.db");
    fs::write(directory.file("empty.db"), "").unwrap();
    let empty = format!("sqlite:{}", directory.file("empty.db").display());
    let found = Examined::of(&mut set_up(&directory, &empty));
    found.finds("migrations", "warn", "00000000000001_registry");
    for check in NEED_TABLES {
        found.says_nothing_of(check);
    }
    fs::write(&path, "this is no database, and long enough to be read as if it were one").unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", path.display()));
    }
    examined().finds("database", "fail", "is unreachable");
}

#[test]
fn what_is_wrong_with_a_postgres_database_is_found() {
    let Some(database) = TestDatabase::postgres() else { return };
    let directory = Directory::new();
    let url = database.url();
    drop(Running::start(&directory, &url));
    let examined = || Examined::of(&mut set_up(&directory, &url));
    let found = examined();
    found.finds("database", "ok", "PostgreSQL answers");
    found.finds("language", "ok", "in English");
    found.finds("clock", "ok", "ms from the database's clock");
    found.finds("guards", "ok", "");
    ails(&url, &examined);
    behind_its_back(&url, "ALTER TABLE journal DISABLE TRIGGER journal_append_only");
    examined().finds("guards", "fail", "journal_append_only");
    for (ahead, level) in [(TimeDelta::seconds(20), "warn"), (TimeDelta::hours(1), "fail")] {
        let found = by_a_clock(&url, now() + ahead);
        found.finds("clock", level, "ms from the database's clock");
    }
    let name = url.split('?').next().unwrap().rsplit('/').next().unwrap();
    let only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    behind_its_back(&url, &only);
    examined().finds("writing", "fail", "not writable");
}

fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

/// The doctor's finding with a wrong clock of this machine.
fn by_a_clock(url: &str, at: DateTime<Utc>) -> Examined {
    let cli = Cli::try_parse_from(["godkjent", "doctor", "--database-url", url]).unwrap();
    let CliCommand::Doctor { settings, .. } = cli.command else { panic!("not the doctor") };
    let context = Context::new(move || at, Uuid::nil);
    let report = examine(&settings, &[], &context);
    let code = i32::from(report.level == Level::Fail);
    Examined(serde_json::to_value(report).unwrap(), Some(code))
}

/// Failures common to both databases.
fn ails(url: &str, examined: &dyn Fn() -> Examined) {
    let both = |there: &str, back: &str, check: &str, level: &str, words: &str| {
        behind_its_back(url, there);
        examined().finds(check, level, words);
        behind_its_back(url, back);
        examined().finds(check, "ok", "");
    };
    both(
        "UPDATE journal_head SET position = 1",
        "UPDATE journal_head SET position = 0",
        "journal",
        "fail",
        "the head names position 1, the last row is 0",
    );
    let other = "11".repeat(32);
    let other =
        if url.starts_with("sqlite") { format!("x'{other}'") } else { format!("'\\x{other}'") };
    let zeros = other.replace("11", "00");
    let back = format!("UPDATE journal_head SET hash = {zeros}");
    let altered = format!("UPDATE journal_head SET hash = {other}");
    both(&altered, &back, "journal", "fail", "another hash");
    let (versions, newest) = ("__diesel_schema_migrations", "99990000000001");
    both(
        &format!("INSERT INTO {versions} (version) VALUES ('{newest}')"),
        &format!("DELETE FROM {versions} WHERE version = '{newest}'"),
        "migrations",
        "fail",
        "a newer version",
    );
    both(
        &format!("UPDATE {versions} SET version = '99' WHERE version = '00000000000001'"),
        &format!("UPDATE {versions} SET version = '00000000000001' WHERE version = '99'"),
        "migrations",
        "fail",
        "a newer version has changed the tables: 99",
    );
}
