//! Start: its checks before any write, its rejections, and commands that only read.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    net::TcpListener,
    process::{Command, Output},
};

use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types::Integer};

use super::program::{Directory, Running, godkjent, run, token};
use crate::{
    rebuild::behind_its_back,
    world::{PROVIDER, database::TestDatabase},
};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The command must fail, with this on standard error and nothing on standard output.
#[track_caller]
fn expect_refusal(command: &mut Command, says: &str) -> String {
    let Output { status, stdout, stderr } = run(command);
    let message = text(&stderr);
    assert_eq!((status.code(), text(&stdout)), (Some(1), String::new()), "{message}");
    assert!(message.contains(says) && !message.contains("panicked"), "{message}");
    message
}

fn files(directory: &Directory) -> Vec<String> {
    let entries = fs::read_dir(directory.file("")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Serve, with all that a start can write.
fn serve(directory: &Directory, url: &str, address: &str) -> Command {
    let mut command = godkjent(directory);
    command.args(["serve", "--demo", "--listen", address, "--database-url", url]);
    command.args(["--checkpoint-key", "checkpoint.pem"]);
    command
}

#[test]
fn a_busy_port_leaves_no_file_behind() {
    let directory = Directory::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    expect_refusal(&mut serve(&directory, "sqlite:registry.db", &address), "--listen");
    assert_eq!(files(&directory), [""; 0]);
}

#[test]
fn a_key_file_that_holds_no_key_leaves_no_database_behind() {
    let directory = Directory::new();
    fs::write(directory.file("checkpoint.pem"), "no key").unwrap();
    let url = "sqlite:registry.db";
    expect_refusal(&mut serve(&directory, url, "127.0.0.1:0"), "GODKJENT_CHECKPOINT_KEY");
    assert_eq!(files(&directory), ["checkpoint.pem"]);
}

#[test]
fn a_second_process_on_one_sqlite_file_is_refused_and_commands_that_read_are_not() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let mut running = Running::start(&directory, &url);
    let before = files(&directory);
    std::os::unix::fs::symlink(directory.file("registry.db"), directory.file("link.db")).unwrap();
    let other = Directory::new();
    let link = format!("sqlite:{}", directory.file("link.db").display());
    for url in [&url, &link] {
        expect_refusal(
            &mut serve(&other, url, "127.0.0.1:0"),
            "another godkjent works on this database",
        );
        let mut migrate = godkjent(&other);
        migrate.args(["migrate", "--database-url", url]);
        expect_refusal(&mut migrate, "another godkjent works on this database");
    }
    assert_eq!(files(&other), [""; 0]);
    assert_eq!(files(&directory).len(), before.len() + 1);
    for command in [
        &["audit", "verify"][..],
        &["audit", "register"],
        &["audit", "checkpoint", "--checkpoint-key", "checkpoint.pem"],
        &["doctor"],
        &["backup", "--to", "copy.db"],
    ] {
        let output = run(godkjent(&directory).args(command).args(["--database-url", &url]));
        let message = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success(), "{command:?}: {message}");
    }
    assert!(!token(&directory, "provider", PROVIDER, "Per").is_empty());
    // Killed, it holds nothing.
    running.kill();
    drop(Running::start(&directory, &url));
    let mut migrate = godkjent(&directory);
    assert!(run(migrate.args(["migrate", "--database-url", &url])).status.success());
}

fn a_start_refuses_what_a_newer_version_has_migrated(url: &str) {
    let directory = Directory::new();
    drop(Running::start(&directory, url));
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990000000001')";
    behind_its_back(url, newer);
    let mut migrate = godkjent(&directory);
    migrate.args(["migrate", "--database-url", url]);
    for command in [&mut serve(&directory, url, "127.0.0.1:0"), &mut migrate] {
        let message = expect_refusal(command, "a newer godkjent has changed the tables");
        assert!(
            message.contains("99990000000001") && message.contains("restore a backup"),
            "{message}"
        );
    }
    assert!(!files(&directory).iter().any(|name| name == "godkjent-demo.key"));
    behind_its_back(url, "DELETE FROM __diesel_schema_migrations WHERE version LIKE '9999%'");
    drop(Running::start(&directory, url));
}

#[test]
fn a_start_refuses_a_sqlite_database_of_a_newer_version() {
    a_start_refuses_what_a_newer_version_has_migrated(&Directory::new().sqlite());
}

#[test]
fn a_start_refuses_a_postgres_database_of_a_newer_version() {
    if let Some(database) = TestDatabase::postgres() {
        a_start_refuses_what_a_newer_version_has_migrated(&database.url());
    }
}

#[test]
fn commands_that_look_make_no_registry_and_no_key() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let looking = |directory: &Directory, command: &[&str], says: &str| {
        let mut program = godkjent(directory);
        program.env("GODKJENT_DATABASE_URL", &url);
        program.env("GODKJENT_CHECKPOINT_KEY", "checkpoint.pem");
        expect_refusal(program.args(command), says);
    };
    let token = ["token", "--role", "auditor", "--org", PROVIDER, "--name", "Aud"];
    let audits = [&["audit", "verify"][..], &["audit", "register"], &["audit", "checkpoint"]];
    for audit in audits {
        looking(&directory, audit, "there is no registry");
    }
    looking(&directory, &["backup", "--to", "copy.db"], "the database does not exist");
    looking(&directory, &token, "there is no key");
    looking(&directory, &[&token[..], &["--local-issuer-key", "key"]].concat(), "there is no key");
    assert_eq!(files(&directory), [""; 0]);
    // Nor do they make one of a file that is something else.
    fs::write(directory.file("registry.db"), "").unwrap();
    for audit in audits {
        looking(&directory, audit, "there is no registry");
    }
    assert_eq!(files(&directory), ["registry.db"]);
    assert_eq!(fs::read(directory.file("registry.db")).unwrap().len(), 0);
}

#[derive(QueryableByName)]
struct Root {
    #[diesel(sql_type = Integer)]
    rootpage: i32,
}

#[test]
fn damage_of_a_sqlite_file_is_found_by_the_audit_and_by_the_doctor() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let running = Running::start(&directory, &url);
    running.terminate();
    assert!(running.wait_for_end().success());
    let command = |what: &[&str]| {
        let mut program = godkjent(&directory);
        program.args(what).args(["--database-url", &url]);
        program
    };
    let found = run(&mut command(&["doctor"]));
    assert!(text(&found.stdout).contains("ok    integrity: quick_check finds no damage"));
    assert!(run(&mut command(&["audit", "verify"])).status.success());

    let path = directory.file("registry.db");
    let root = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'offering'";
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let root: Root = diesel::sql_query(root).get_result(&mut connection).unwrap();
    drop(connection);
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    let page = u64::try_from(root.rootpage).unwrap();
    file.seek(SeekFrom::Start((page - 1) * 4096)).unwrap();
    file.write_all(&[0xA5; 4096]).unwrap();
    drop(file);

    let message = expect_refusal(&mut command(&["audit", "verify"]), "the database is damaged");
    assert!(message.contains("restore a backup"), "{message}");
    let found = run(&mut command(&["doctor"]));
    assert_eq!(found.status.code(), Some(1));
    let message = text(&found.stdout);
    assert!(message.contains("FAIL  integrity: the file is damaged: "), "{message}");
}
