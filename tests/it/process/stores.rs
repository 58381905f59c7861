//! A database and its evidence store belong together: another pair is rejected, and nothing is deleted.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::program::{Directory, Running, godkjent, run, token};
use crate::{
    problems::scene::profile,
    rebuild::behind_its_back,
    world::{
        PROVIDER,
        database::TestDatabase,
        files::{metadata, pdf, upload},
    },
};

/// A provider uploads a file to a new registry, which is stopped; gives the file, two hours old.
fn upload_file(directory: &Directory, url: &str) -> PathBuf {
    let running = Running::start(directory, url);
    let provider = token(directory, "provider", PROVIDER, "Per");
    let client = running.client(Some(provider.clone()));
    let path = format!("/v1/providers/{PROVIDER}");
    let put = client.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    let (kind, body) = upload(&metadata("insurance"), "; filename=\"x.pdf\"", &pdf(4000));
    let sent = ureq::post(format!("http://{}/v1/evidence", running.address))
        .header("Authorization", format!("Bearer {provider}"))
        .header("Content-Type", kind)
        .send(&body[..]);
    assert_eq!(sent.unwrap().status(), 201);
    let file = list_stored(&directory.file("evidence")).pop().unwrap();
    let then = SystemTime::now() - Duration::from_secs(7200);
    File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
    file
}

/// The files of evidence in a directory.
fn list_stored(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let is_id = |path: &PathBuf| {
        path.file_name().unwrap().to_str().is_some_and(|name| uuid::Uuid::parse_str(name).is_ok())
    };
    entries.filter(is_id).collect()
}

/// Starts the program, which must fail; returns its message.
fn expect_refusal(directory: &Directory, url: &str) -> String {
    let mut command = godkjent(directory);
    command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", url]);
    let output = run(&mut command);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{message}");
    message
}

fn the_other_registry_is_refused(directory: &Directory, first: &str, other: &str) {
    let file = upload_file(directory, first);
    let message = expect_refusal(directory, other);
    for part in ["belongs to the registry", "GODKJENT_EVIDENCE_STORE", "evidence adopt"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(file.is_file(), "the file of the first registry is still there");
    let examined = run(godkjent(directory).args(["doctor", "--database-url", other]));
    let found = String::from_utf8_lossy(&examined.stdout);
    assert!(
        found.contains("FAIL  registry-id: the evidence store belongs to the registry"),
        "{found}"
    );
    drop(Running::start(directory, first));
    assert!(file.is_file());
}

#[test]
fn a_second_sqlite_database_does_not_get_the_evidence_of_the_first() {
    let directory = Directory::new();
    let other = format!("sqlite:{}", directory.file("other.db").display());
    the_other_registry_is_refused(&directory, &directory.sqlite(), &other);
    assert!(!directory.file("other.db").exists(), "a refused start creates no database");
}

#[test]
fn postgres_after_sqlite_in_one_folder_does_not_get_the_evidence_of_sqlite() {
    let Some(database) = TestDatabase::postgres() else { return };
    let directory = Directory::new();
    the_other_registry_is_refused(&directory, &directory.sqlite(), &database.url());
}

#[test]
fn files_without_a_registry_id_are_not_taken_by_a_database_that_does_not_know_them() {
    let directory = Directory::new();
    fs::create_dir(directory.file("evidence")).unwrap();
    let file = directory.file("evidence").join(uuid::Uuid::from_u128(7).to_string());
    fs::write(&file, "bytes").unwrap();
    let message = expect_refusal(&directory, &directory.sqlite());
    assert!(message.contains("no registry id") && message.contains("evidence adopt"), "{message}");
    assert!(file.is_file());
}

#[test]
fn a_database_whose_files_are_not_in_an_empty_store_is_refused() {
    let directory = Directory::new();
    upload_file(&directory, &directory.sqlite());
    fs::rename(directory.file("evidence"), directory.file("aside")).unwrap();
    let message = expect_refusal(&directory, &directory.sqlite());
    assert!(message.contains("is empty") && message.contains("evidence adopt"), "{message}");
    assert!(!directory.file("evidence").exists(), "nothing is created");
    let mut doctor = godkjent(&directory);
    let examined = run(doctor.args(["doctor", "--database-url", &directory.sqlite()]));
    let found = String::from_utf8_lossy(&examined.stdout);
    assert!(found.contains("FAIL  registry-id: the evidence store is empty"), "{found}");
    fs::rename(directory.file("aside"), directory.file("evidence")).unwrap();
    drop(Running::start(&directory, &directory.sqlite()));
}

#[test]
fn an_operator_binds_a_store_to_another_database_with_adopt() {
    let directory = Directory::new();
    let file = upload_file(&directory, &directory.sqlite());
    let other = format!("sqlite:{}", directory.file("other.db").display());
    drop(Running::start_with(&directory, &other, |command| {
        command.arg("--evidence-store").arg(format!("file:{}", directory.file("own").display()));
    }));
    expect_refusal(&directory, &other);
    let mut adopt = godkjent(&directory);
    let output = run(adopt.args(["evidence", "adopt", "--database-url", &other]));
    let message = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{message}{}", String::from_utf8_lossy(&output.stderr));
    assert!(message.contains("1 of its files has no row"), "{message}");
    drop(Running::start(&directory, &other));
    assert!(file.is_file(), "an empty database sweeps nothing");
    assert!(expect_refusal(&directory, &directory.sqlite()).contains("belongs to the registry"));
}

#[test]
fn a_database_from_a_backup_without_an_id_finds_its_store_again() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let file = upload_file(&directory, &url);
    behind_its_back(&url, "DELETE FROM registry_identity");
    drop(Running::start(&directory, &url));
    assert!(file.is_file());
}

#[test]
fn evidence_lies_beside_the_sqlite_database_and_not_where_the_program_was_started() {
    let directory = Directory::new();
    fs::create_dir(directory.file("data")).unwrap();
    let url = format!("sqlite:{}", directory.file("data/registry.db").display());
    let running = Running::start_with(&directory, &url, |command| {
        command.arg("--demo");
    });
    assert!(directory.file("data/evidence").is_dir() && !directory.file("evidence").exists());
    assert!(directory.file("data/godkjent-demo.key").is_file());
    assert!(!directory.file("godkjent-demo.key").exists());
    let place = directory.file("data/evidence").canonicalize().unwrap();
    assert!(running.log().contains(&place.display().to_string()), "{}", running.log());
}

/// Permissions of other users on a path and everything below it, unless none.
fn open_to_others(path: &Path) -> Vec<String> {
    let about = fs::metadata(path).unwrap();
    let mode = about.permissions().mode() & 0o7777;
    let mut open = vec![];
    if mode & 0o077 != 0 {
        open.push(format!("{} {mode:o}", path.display()));
    }
    if about.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        open.extend(entries.flat_map(|entry| open_to_others(&entry.unwrap().path())));
    }
    open
}

#[test]
fn what_the_program_writes_is_for_its_owner_alone_whatever_the_umask() {
    let directory = Directory::new();
    let url = directory.sqlite();
    upload_file(&directory, &url);
    let running = Running::start(&directory, &url);
    let copy = directory.file("copy.db");
    let backup =
        run(godkjent(&directory).args(["backup", "--database-url", &url, "--to"]).arg(&copy));
    assert!(backup.status.success());
    let made = ["registry.db", "registry.db-wal", "registry.db-shm", "evidence", "key", "copy.db"];
    for name in made.iter().chain(&["checkpoint.pem"]) {
        assert_eq!(open_to_others(&directory.file(name)), Vec::<String>::new());
    }
    drop(running);
}

#[test]
fn a_start_takes_from_others_what_an_earlier_version_left_open() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let file = upload_file(&directory, &url);
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let (evidence, others) = (directory.file("evidence"), directory.file("somebody-elses.txt"));
    fs::write(&others, "text").unwrap();
    for path in [&directory.file("registry.db"), &directory.file("key"), &file, &others] {
        mode(path, 0o644);
    }
    mode(&evidence, 0o755);
    let running = Running::start(&directory, &url);
    for path in [directory.file("registry.db"), directory.file("key"), evidence] {
        assert_eq!(open_to_others(&path), Vec::<String>::new());
    }
    assert_eq!(open_to_others(&others).len(), 1, "what is not the registry's is left as it is");
    assert!(running.log().contains("were restricted to the owner"), "{}", running.log());
}
