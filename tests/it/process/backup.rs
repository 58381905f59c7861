//! Backups: a copy made during writes is complete, with every command accepted before it.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use godkjent::{
    api::auth::LocalIssuer,
    domain::{
        role::{Actor, Role},
        values::{numbers::OrganisationNumber, text::Line},
    },
};

use super::program::{Client, Directory, Running, godkjent, run, until};
use crate::{
    problems::scene::profile,
    world::{
        database::{TestDatabase, postgres_program},
        people::synthetic_number,
    },
};

const WRITERS: usize = 20;
/// Number of commands of each writer.
const ACTS: usize = 10;

/// A client for each provider, with tokens from the registry's key file.
fn providers(directory: &Directory, running: &Running) -> Vec<(String, Client)> {
    let issuer = LocalIssuer::from_file(&directory.file("key")).unwrap();
    let now = chrono::DateTime::from(std::time::SystemTime::now());
    let client = |nth| {
        let number = synthetic_number(nth);
        let name = Line::parse("Per Provider").unwrap();
        let actor = Actor { subject: name.clone(), name };
        let organisation = OrganisationNumber::parse(&number).unwrap();
        let token = issuer.sign(&actor, Role::Provider, &organisation, now, 3600).unwrap();
        (number, running.client(Some(token)))
    };
    (0..WRITERS * ACTS).map(client).collect()
}

fn register((number, client): &(String, Client)) {
    let path = format!("/v1/providers/{number}");
    let put = client.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
}

fn audit(directory: &Directory, what: &str, url: &str) -> String {
    let output = run(godkjent(directory).args(["audit", what, "--database-url", url]));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn back_up(directory: &Directory, url: &str, to: &Path) -> Output {
    run(godkjent(directory).args(["backup", "--database-url", url, "--to"]).arg(to))
}

#[test]
fn a_backup_under_two_hundred_writes_is_whole_and_starts() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let running = Running::start(&directory, &url);
    let (written, copy) = (Arc::new(AtomicUsize::new(0)), directory.file("copy.db"));
    let all = providers(&directory, &running);
    let threads: Vec<_> = all
        .chunks(ACTS)
        .map(|some| {
            let (some, written) = (some.to_vec(), Arc::clone(&written));
            thread::spawn(move || {
                for one in &some {
                    register(one);
                    written.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let count = || written.load(Ordering::SeqCst);
    until("the writers write", || (count() >= 30).then_some(()));
    let before = i64::try_from(count()).unwrap();
    let output = back_up(&directory, &url, &copy);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for thread in threads {
        thread.join().unwrap();
    }
    let message = text(&output.stdout);
    let rows: i64 = message.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(rows >= before, "{before} were accepted before it began: {message}");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!directory.file("copy.db.partial").exists());

    let restored = format!("sqlite:{}", copy.display());
    assert!(audit(&directory, "verify", &restored).starts_with(&format!("intact: {rows} rows")));
    // Each registration has a row for the profile, which is public, and one for its address.
    let equal = format!("equal: {} records at position {}\n", rows / 2, rows / 2);
    assert_eq!(audit(&directory, "register", &restored), equal);
    assert!(audit(&directory, "verify", &url).starts_with("intact: 400 rows"));
    // A registry starts from it, has all accepted commands, and continues.
    let again = Running::start(&directory, &restored);
    let feed = again.client(None).get("/v1/changes?limit=1000").unwrap().json();
    let original = running.client(None).get("/v1/changes?limit=1000").unwrap().json();
    let (copied, source) =
        (feed["items"].as_array().unwrap(), original["items"].as_array().unwrap());
    assert_eq!(copied.len(), usize::try_from(rows / 2).unwrap());
    assert_eq!(copied[copied.len() - 1]["data"], source[copied.len() - 1]["data"]);
    let missing = all.iter().find(|(number, _)| {
        again.client(None).get(&format!("/v1/providers/{number}")).unwrap().status == 404
    });
    if let Some((number, _)) = missing {
        let tokens = providers(&directory, &again);
        register(tokens.iter().find(|(it, _)| it == number).unwrap());
        assert!(
            audit(&directory, "verify", &restored)
                .starts_with(&format!("intact: {} rows", rows + 2))
        );
    }
}

#[test]
fn a_backup_writes_over_nothing_and_makes_no_database() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let output = back_up(&directory, &url, &directory.file("copy.db"));
    assert!(
        !output.status.success() && text(&output.stderr).contains("the database does not exist")
    );
    assert!(!directory.file("registry.db").exists());
    drop(Running::start(&directory, &url));
    std::fs::write(directory.file("copy.db"), "mine").unwrap();
    let output = back_up(&directory, &url, &directory.file("copy.db"));
    assert!(!output.status.success() && text(&output.stderr).contains("already exists"));
    assert_eq!(std::fs::read_to_string(directory.file("copy.db")).unwrap(), "mine");
    let output = back_up(&directory, &url, &directory.file("nowhere/copy.db"));
    assert!(!output.status.success(), "{}", text(&output.stdout));
    let output = back_up(&directory, "postgres://u:secret@localhost/x", &directory.file("x.dump"));
    let message = text(&output.stderr);
    assert!(!output.status.success() && message.contains("pg_dump --format=custom"), "{message}");
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn a_dump_of_postgres_is_restored_whole() {
    let (Some(database), Some(empty)) = (TestDatabase::postgres(), TestDatabase::postgres()) else {
        return;
    };
    let programs: Option<Vec<PathBuf>> =
        ["pg_dump", "pg_restore"].into_iter().map(postgres_program).collect();
    let Some([dump, restore]) = programs.as_deref() else { return };
    let directory = Directory::new();
    let running = Running::start(&directory, &database.url());
    let all = providers(&directory, &running);
    all.iter().take(ACTS).for_each(register);
    let file = directory.file("registry.dump");
    let rest = all[ACTS..3 * ACTS].to_vec();
    let writer = thread::spawn(move || rest.iter().for_each(register));
    let run_it = |command: &mut Command| {
        let output = run(command);
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    run_it(Command::new(dump).arg("--format=custom").arg("--file").arg(&file).arg(database.url()));
    writer.join().unwrap();
    let options = ["--clean", "--if-exists", "--no-owner", "--exit-on-error", "--dbname"];
    run_it(Command::new(restore).args(options).arg(empty.url()).arg(&file));
    let message = audit(&directory, "verify", &empty.url());
    let rows: usize = message.split(' ').nth(1).unwrap().parse().unwrap();
    // Each registration has a row for the profile, which is public, and one for its address.
    assert!((2 * ACTS..=6 * ACTS).contains(&rows), "{message}");
    let equal = format!("equal: {} records at position {}\n", rows / 2, rows / 2);
    assert_eq!(audit(&directory, "register", &empty.url()), equal);
    // The triggers of the journal are part of the copy.
    drop(Running::start(&directory, &empty.url()));
    let alter = || crate::rebuild::behind_its_back(&empty.url(), "UPDATE journal SET kind = 'x'");
    assert!(std::panic::catch_unwind(alter).is_err());
}
