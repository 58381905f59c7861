//! Overload: reported at once, while public reads continue.

use std::{future::Future, time::Duration};

use actix_web::{http::Method, rt};
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use serde_json::json;

use crate::{
    on_both_databases,
    world::{World, people::PAGE},
};

on_both_databases!(acts_that_cannot_be_done_are_refused_at_once_and_reads_go_on);

/// Holds the lock that all commands need, from outside the registry, until it is released.
pub fn hold_request(url: String) -> (std::sync::mpsc::Sender<()>, std::thread::JoinHandle<()>) {
    let (let_go, receiver) = std::sync::mpsc::channel();
    let (has_it, has) = std::sync::mpsc::channel();
    let holder = std::thread::spawn(move || {
        let lock = "UPDATE journal_head SET position = position";
        if let Some(path) = url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::establish(path).unwrap();
            connection.batch_execute(&format!("BEGIN IMMEDIATE; {lock}")).unwrap();
            has_it.send(()).unwrap();
            receiver.recv().unwrap();
            connection.batch_execute("ROLLBACK").unwrap();
        } else {
            let mut connection = crate::rebuild::Pg::establish(&url).unwrap();
            connection.batch_execute(&format!("BEGIN; {lock}")).unwrap();
            has_it.send(()).unwrap();
            receiver.recv().unwrap();
            connection.batch_execute("ROLLBACK").unwrap();
        }
    });
    has.recv().unwrap();
    (let_go, holder)
}

pub async fn at_once<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(2), what).await.expect("it waits")
}

async fn acts_that_cannot_be_done_are_refused_at_once_and_reads_go_on(world: World) {
    world.create_contract().await;
    // On a later day, so that there is something to confirm.
    world.pass(chrono::TimeDelta::days(1));
    let provider = world.provider();
    let etag = provider.get("/v1/providers/313000028").await.etag();
    let (let_go, holder) = hold_request(world.database_url());
    // Three of four connections serve commands, and eight requests queue for each.
    let acts = (0..60).map(|_| {
        let confirm = "/v1/providers/313000028/confirmation";
        let request = provider.request(Method::POST, confirm).header("If-Match", &etag);
        rt::spawn(request.json(&json!({})).send())
    });
    let acts: Vec<_> = acts.collect();
    let refused = || acts.iter().filter(|act| act.is_finished()).count();
    at_once(async {
        while refused() < 60 - 27 {
            rt::task::yield_now().await;
        }
    })
    .await;
    // Public data is in memory, and private reads have a reserved connection.
    at_once(world.anyone().get(PAGE)).await.expect(200);
    at_once(world.anyone().get("/v1/approvals")).await.expect(200);
    at_once(provider.get("/v1/applications")).await.expect(200);
    assert_eq!(refused(), 60 - 27);
    let_go.send(()).unwrap();
    let mut answers = vec![];
    for act in acts {
        answers.push(act.await.unwrap());
    }
    holder.join().unwrap();
    let (overloaded, done): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 503);
    assert_eq!((overloaded.len(), done.len()), (33, 27));
    for answer in overloaded {
        assert_eq!(answer.header("retry-after"), "2");
        answer.problem(503, "overloaded");
    }
    assert_eq!(done.iter().filter(|answer| answer.status == 200).count(), 1, "{done:?}");
    // And then all is well again.
    let etag = provider.get("/v1/providers/313000028").await.etag();
    let request = provider.request(Method::POST, "/v1/providers/313000028/confirmation");
    request.header("If-Match", &etag).json(&json!({})).send().await.expect(200);
}
