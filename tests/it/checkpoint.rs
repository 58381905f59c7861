//! Checkpoints: the signed end of the journal proves later alterations and truncation.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

use actix_web::web;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use godkjent::{
    api::resources::checkpoint::{Seal, read_by},
    domain::role::Role,
};
use serde_json::json;

use crate::{
    on_both_databases,
    problems::scene::settings,
    process::program::{Directory, Running, godkjent, run, token},
    rebuild::behind_its_back,
    world::{BAERUM, KRISTIANSAND, World},
};

on_both_databases!(
    a_kept_checkpoint_shows_what_was_cut_off;
    sqlite_alone:
    a_registry_without_a_key_says_so
);

const OPERATIONS: &str = include_str!("../../docs/guide/data.md");

#[test]
fn an_auditor_gets_a_checkpoint_that_the_published_key_proves() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let editor = running.client(Some(token(&directory, "editor", KRISTIANSAND, "Eva")));
    let path = "/v1/municipalities/4204";
    let put = editor.send("PUT", path, Some(("If-None-Match", "*")), Some(&settings())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    let bearer = token(&directory, "auditor", KRISTIANSAND, "Aud");
    let auditor = running.client(Some(bearer.clone()));
    let last = auditor.get("/v1/audit").unwrap().json()["items"][0].clone();
    let answer = auditor.get("/v1/audit/checkpoint").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    let checkpoint = answer.json();
    assert_eq!((&checkpoint["position"], &checkpoint["hash"]), (&last["position"], &last["hash"]));
    assert_eq!((&checkpoint["position"], &checkpoint["publicPosition"]), (&json!(1), &json!(1)));
    let keys = running.client(None).get("/v1/audit/keys").unwrap().text;
    let jws = checkpoint["jws"].as_str().unwrap();
    let claims = read_by(jws, &keys).unwrap();
    assert_eq!(claims.hash, checkpoint["hash"].as_str().unwrap());
    assert_eq!(claims.iss, checkpoint["registry"].as_str().unwrap());
    assert_eq!(claims.iat, claims.at.timestamp());
    // Another key, another claim, another kind of token.
    let other = Seal::fresh().unwrap();
    assert_eq!(read_by(jws, &serde_json::to_string(&other.keys()).unwrap()), None);
    let parts: Vec<_> = jws.split('.').collect();
    let forged = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let forged = BASE64_URL_SAFE_NO_PAD.encode(forged.replace("\"position\":1", "\"position\":2"));
    assert_ne!(forged, parts[1]);
    assert_eq!(read_by(&format!("{}.{forged}.{}", parts[0], parts[2]), &keys), None);
    assert_eq!(read_by(&bearer, &keys), None);
}

async fn a_registry_without_a_key_says_so(world: World) {
    world.auditor().get("/v1/audit/checkpoint").await.problem(404, "not-found");
    let keys = world.anyone().get("/v1/audit/keys").await.expect(200).json();
    assert_eq!(keys, json!({"keys": []}));
    world.case_worker().get("/v1/audit/checkpoint").await.problem(403, "role-missing");
    world.anyone().get("/v1/audit/checkpoint").await.problem(401, "unauthenticated");
}

async fn a_kept_checkpoint_shows_what_was_cut_off(world: World) {
    world.editor().sets_up("4204").await.expect(200);
    world.person("Eli Editor", Role::Editor, BAERUM).sets_up("3201").await.expect(200);
    let url = world.database_url();
    let work = move || {
        let directory = Directory::new();
        let key = directory.file("checkpoint.pem");
        let audit = |args: &[&str]| {
            let mut command = godkjent(&directory);
            command.arg("audit").args(args).env("GODKJENT_DATABASE_URL", &url);
            run(command.env("GODKJENT_CHECKPOINT_KEY", &key))
        };
        let print = |args: &[&str]| {
            let output = audit(args);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        // A missing key is not created here: the registry's own would be another one.
        for words in [&["checkpoint"][..], &["key"]] {
            let output = audit(words);
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && text.contains("when it starts"), "{text}");
            assert!(!key.exists());
        }
        Seal::from_file(&key).unwrap();
        let saved = directory.file("checkpoint.jws");
        fs::write(&saved, print(&["checkpoint"])).unwrap();
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(directory.file("keys.json"), print(&["key"])).unwrap();
        fs::write(directory.file("key.pem"), print(&["key", "--pem"])).unwrap();
        outsider(&directory);
        let verify = ["verify", "--checkpoint", "checkpoint.jws"];
        assert!(print(&verify).starts_with("intact: 2 rows"));
        assert!(
            print(&[&verify[..], &["--keys", "keys.json"]].concat()).starts_with("intact: 2 rows")
        );

        // The last row is removed, with the head.
        let unlock = if url.starts_with("sqlite") {
            "DROP TRIGGER journal_no_delete"
        } else {
            "ALTER TABLE journal DISABLE TRIGGER USER"
        };
        let cut = "DELETE FROM journal WHERE position = 2; \
            UPDATE journal_head SET position = 1, public_position = 1, \
            hash = (SELECT hash FROM journal WHERE position = 1)";
        behind_its_back(&url, &format!("{unlock}; {cut}"));
        assert!(print(&["verify"]).starts_with("intact: 1 rows"));
        let output = audit(&verify);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            text.trim(),
            "broken at position 1: the journal ends here, the checkpoint saw position 2"
        );

        // An unsigned checkpoint proves nothing.
        let jws = fs::read_to_string(&saved).unwrap();
        fs::write(&saved, jws.replacen('.', ".e", 1)).unwrap();
        let output = audit(&verify);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && text.contains("not a checkpoint signed with this key"),
            "{text}"
        );
        let output =
            run(godkjent(&directory).args(["audit", "checkpoint", "--database-url", &url]));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && text.contains("GODKJENT_CHECKPOINT_KEY"), "{text}");
    };
    web::block(work).await.unwrap();
}

/// Follows the instructions for outsiders in the operations guide, with `checkpoint.jws` and `key.pem`.
fn outsider(directory: &Directory) {
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        eprintln!("there is no openssl here: the outsider's proof is left out");
        return;
    }
    let blocks = OPERATIONS.split("```sh\n").skip(1).map(|it| it.split("```").next().unwrap());
    let script = blocks.into_iter().find(|it| it.contains("pkeyutl")).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", script]).current_dir(directory.file("."));
    let output = run(&mut shell);
    let text = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{wrong}");
    assert!(
        text.contains("Verified Successfully") && text.contains("\"position\":2"),
        "{text}{wrong}"
    );
    // With one letter changed it fails.
    let jws = fs::read_to_string(directory.file("checkpoint.jws")).unwrap();
    let changed = script.replace("$(cat checkpoint.jws)", &jws.trim().replacen("ey", "ez", 1));
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &changed]).current_dir(directory.file("."));
    assert!(!run(&mut shell).status.success());
}
