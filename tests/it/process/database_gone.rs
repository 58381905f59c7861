//! The database goes and comes back: acts stop, reads go on and say how old they are, and nothing is lost.

use std::{
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
    thread,
};

use super::program::{Client, Directory, Running, Said, token, until};
use crate::{
    problems::scene::profile,
    world::{PROVIDER, database::OwnServer},
};

const PROFILE: &str = "/v1/providers/313000028";

/// Confirms the profile once; the revision, where that was accepted.
fn confirm(provider: &Client) -> Option<i64> {
    let etag = provider.get(PROFILE).ok()?.etag;
    let condition = Some(("If-Match", etag.as_str()));
    let said = provider.send("POST", &format!("{PROFILE}/confirmation"), condition, None).ok()?;
    // Another writer may have been first, and the database may be gone; nothing else.
    assert!([200, 412, 503].contains(&said.status), "{said:?}");
    assert!(said.status != 503 || !said.header("retry-after").is_empty(), "{said:?}");
    (said.status == 200).then(|| said.revision())
}

fn problem(said: &Said, code: &str) {
    assert_eq!((said.status, said.json()["code"].as_str()), (503, Some(code)), "{said:?}");
    assert!(!said.header("retry-after").is_empty(), "{said:?}");
}

#[test]
fn acts_stop_and_reads_go_on_with_their_age_until_the_database_is_back() {
    let Some(server) = OwnServer::start() else { return };
    let directory = Directory::new();
    let running = Running::start(&directory, &server.url());
    let anyone = running.client(None);
    let provider = running.client(Some(token(&directory, "provider", PROVIDER, "Per")));
    let put = provider.send("PUT", PROFILE, Some(("If-None-Match", "*")), Some(&profile()));
    assert_eq!(put.unwrap().status, 200);
    assert_eq!(anyone.get("/readyz").unwrap().text, "ready");
    assert_eq!(anyone.get(PROFILE).unwrap().header("register-as-of"), "");

    let (over, accepted) = (AtomicBool::new(false), AtomicI64::new(1));
    thread::scope(|scope| {
        for _ in 0..2 {
            let provider = provider.clone();
            let (over, accepted) = (&over, &accepted);
            scope.spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    if let Some(revision) = confirm(&provider) {
                        accepted.fetch_max(revision, Ordering::SeqCst);
                    }
                }
            });
        }
        let (reader, over) = (anyone.clone(), &over);
        scope.spawn(move || {
            while !over.load(Ordering::SeqCst) {
                assert_eq!(reader.get(PROFILE).unwrap().status, 200, "a reader was left alone");
            }
        });
        until("acts are done", || (accepted.load(Ordering::SeqCst) > 3).then_some(()));
        server.stop();
        let said = until("it is not ready", || {
            anyone.get("/readyz").ok().filter(|said| said.status == 503)
        });
        problem(&said, "not-ready");
        assert!(said.json()["detail"].as_str().unwrap().contains("does not answer"), "{said:?}");
        assert_eq!(anyone.get("/livez").unwrap().status, 200);
        let marked = until("reads are marked", || {
            let read = anyone.get(PROFILE).unwrap();
            assert_eq!(read.status, 200);
            Some(read).filter(|read| !read.header("register-as-of").is_empty())
        });
        assert!(marked.header("register-as-of").ends_with('Z'), "{marked:?}");
        let act = provider.send(
            "POST",
            "/v1/applications",
            None,
            Some(&serde_json::json!({
                "offeringId": uuid::Uuid::nil()
            })),
        );
        let act = act.unwrap();
        assert!(["busy", "overloaded"].contains(&act.json()["code"].as_str().unwrap()), "{act:?}");
        assert!(!act.header("retry-after").is_empty());
        let before = accepted.load(Ordering::SeqCst);
        server.start_again();
        until("it is ready again", || anyone.get("/readyz").ok().filter(|said| said.status == 200));
        until("acts are done again", || (accepted.load(Ordering::SeqCst) > before).then_some(()));
        until("reads are of now", || {
            let read = anyone.get(PROFILE).unwrap();
            read.header("register-as-of").is_empty().then_some(())
        });
        over.store(true, Ordering::SeqCst);
    });
    // All that was said to be kept is there, and what is shown is what is kept.
    let shown = anyone.get(PROFILE).unwrap().revision();
    assert!(shown >= accepted.load(Ordering::SeqCst));
    drop(running);
    let again = Running::start(&directory, &server.url());
    assert_eq!(again.client(None).get(PROFILE).unwrap().revision(), shown);
}
