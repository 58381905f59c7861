//! The bulkhead of heavy reads: routing, capacity and thread priority.

use actix_web::{http::Method, rt, test::TestRequest};
use godkjent::api::{AppState, middleware::heavy_reads::HeavyReads};
use serde_json::json;

use crate::{
    overload::at_once,
    world::{
        Answer, World,
        people::{PAGE, profile},
        with_state,
    },
};

/// How many heavy reads are computed or wait, where one is computed at a time.
const HEAVY: usize = 17;
/// How many of them are one client's.
const HEAVY_OF_CLIENT: usize = 9;

#[actix_web::test]
async fn heavy_reads_beyond_their_bulkhead_are_refused_and_small_reads_go_on() {
    let world = World::on_sqlite().await;
    world.create_contract().await;
    let heavy_reads = HeavyReads::new(1).unwrap();
    let world = world
        .another_instance_with(|it| with_state(it, |state| AppState { heavy_reads, ..state }))
        .await;
    let (let_go, receiver) = std::sync::mpsc::channel::<()>();
    let state = world.state.clone();
    let first = rt::spawn(async move {
        let request = TestRequest::default().to_http_request();
        state.heavy(&request, move |_| Ok(receiver.recv().is_ok())).await
    });
    rt::task::yield_now().await;
    let paths = [
        "/v1/statistics",
        "/v1/compensation",
        "/v1/approvals?validAt=2026-03-11&knownAt=2026-03-11",
        "/v1/decisions?validAt=2026-03-11",
    ];
    let ask = |path: &str, from: String| {
        rt::spawn(world.anyone().request(Method::GET, path).from(&from).send())
    };
    let refused =
        |reads: &[rt::task::JoinHandle<Answer>]| reads.iter().filter(|it| it.is_finished()).count();
    // One client has its share of the places, and the others have the rest.
    let own: Vec<_> = (0..HEAVY).map(|it| ask(paths[it % 4], "192.0.2.1".to_owned())).collect();
    let others: Vec<_> =
        (0..HEAVY).map(|it| ask(paths[it % 4], format!("198.51.100.{it}"))).collect();
    at_once(async {
        while refused(&own) < HEAVY - HEAVY_OF_CLIENT || refused(&others) < 1 + HEAVY_OF_CLIENT {
            rt::task::yield_now().await;
        }
    })
    .await;
    for path in [PAGE, "/v1/approvals", "/v1/changes", "/v1/municipalities/4204"] {
        at_once(world.anyone().get(path)).await.expect(200);
    }
    assert_eq!(refused(&own) + refused(&others), 2 * HEAVY - (HEAVY - 1));
    let_go.send(()).unwrap();
    assert!(first.await.unwrap().unwrap());
    let mut done = 0;
    for answer in own.into_iter().chain(others) {
        let answer = answer.await.unwrap();
        if answer.status == 200 {
            done += 1;
        } else {
            assert_eq!(answer.header("retry-after"), "2");
            answer.problem(503, "overloaded");
        }
    }
    assert_eq!(done, HEAVY - 1);
}

#[actix_web::test]
async fn what_costs_much_goes_through_the_bulkhead_and_nothing_else() {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let (provider, municipality) = ("/v1/providers/313000028", "/v1/municipalities/4204");
    for count in 0..21 {
        let etag = world.anyone().get(provider).await.etag();
        let profile = Some(profile(&format!("Omsorg {count}")));
        world.provider().act(Method::PUT, provider, &etag, profile).await.expect(200);
    }
    // A bulkhead without places rejects all reads.
    let heavy_reads = HeavyReads::new(0).unwrap();
    let world = world
        .another_instance_with(|it| with_state(it, |state| AppState { heavy_reads, ..state }))
        .await;
    let anyone = world.anyone();
    let approval = format!("/v1/approvals/{}", case.approval);
    let offering = format!("/v1/offerings/{}", case.offering);
    let [first, versions, changes, prices, late_access] =
        ["/versions/1", "/versions", "/versions/1/changes", "/compensation", "/late-access"]
            .map(|end| format!("{offering}{end}"));
    let [fair, part, table] =
        ["?order=fair&seed=spring", "?limit=1", ".csv"].map(|end| format!("{PAGE}{end}"));
    let small = [
        PAGE,
        "/v1/approvals",
        "/v1/approvals?limit=50",
        "/v1/offerings?municipality=4204",
        "/v1/decisions",
        "/v1/decisions?municipality=4204",
        "/v1/statistics?municipality=4204",
        "/v1/changes?limit=20",
        &approval,
        provider,
        municipality,
        &offering,
        &first,
        &versions,
        &changes,
        &prices,
        &late_access,
        &fair,
        &part,
        &table,
    ];
    for path in small {
        anyone.get(path).await.expect(200);
        // These have no other times.
        if path.starts_with("/v1/changes") || path.ends_with("/late-access") {
            continue;
        }
        for time in ["validAt=2026-03-13", "knownAt=2026-03-01"] {
            let sign = if path.contains('?') { '&' } else { '?' };
            let then = format!("{path}{sign}{time}");
            anyone.get(&then).await.problem(503, "overloaded");
        }
    }
    let heavy = [
        "/v1/approvals?limit=51",
        "/v1/municipalities",
        "/v1/offerings",
        "/v1/compensation",
        "/v1/statistics",
        "/v1/decisions?outcome=approve",
        "/v1/decisions?limit=51",
        "/v1/changes?limit=1000",
        "/v1/snapshots/approvals.csv",
        "/v1/snapshots/digest",
    ];
    for path in heavy {
        anyone.get(path).await.problem(503, "overloaded");
    }
    let numbers = json!({"organisationNumbers": ["313000028"]});
    anyone.post("/v1/approvals/lookup", numbers).await.problem(503, "overloaded");
    let quote = |visits: usize| {
        let visit = json!({"date": "2026-05-16", "start": "09:00", "minutes": 60, "zone": "whole"});
        json!({"offeringId": case.offering, "visits": vec![visit; visits]})
    };
    anyone.post("/v1/compensation/quotes", quote(1)).await.expect(200);
    anyone.post("/v1/compensation/quotes", quote(11)).await.problem(503, "overloaded");
}

#[cfg(target_os = "linux")]
#[actix_web::test]
async fn heavy_reads_are_computed_with_a_lower_priority_than_small_ones() {
    let world = World::on_sqlite().await;
    let request = TestRequest::default().to_http_request();
    let priority = || rustix::process::getpriority_process(None).unwrap();
    let heavy = world.state.heavy(&request, move |_| Ok(priority())).await.unwrap();
    assert_eq!(heavy, (priority() + 10).min(19));
}
