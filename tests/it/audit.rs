//! Audit log: an auditor filters the journal by subject, actor, organisation, event and time.

use serde_json::Value;

use crate::{
    on_both_databases,
    world::{
        KRISTIANSAND, PROVIDER, World,
        people::{profile, synthetic_number as number},
    },
};

on_both_databases!(
    each_filter_lets_through_what_it_names_and_nothing_else,
    pages_of_a_filtered_journal_follow_one_another_and_belong_to_it;
    sqlite_alone:
    a_question_that_makes_no_sense_is_refused
);

/// The matching rows, page by page of three.
async fn query_rows(world: &World, query: &str) -> Vec<Value> {
    world.auditor().pages(&format!("/v1/audit?{query}&limit=3")).await
}

async fn each_filter_lets_through_what_it_names_and_nothing_else(world: World) {
    let case = world.send_notice().await;
    world.set_clock("2026-03-14T09:00:00Z");
    world.provider().replies(&case.notice).await.expect(200);
    let all = world.auditor().audits().await;
    let approval = format!("/v1/approvals/{}", case.approval);
    let by = |keep: &dyn Fn(&Value) -> bool| {
        let rows: Vec<_> = all.iter().filter(|row| keep(row)).cloned().collect();
        assert!(!rows.is_empty() && rows.len() < all.len());
        rows
    };
    for (query, expected) in [
        (format!("subject={approval}"), by(&|row| row["subject"] == approval)),
        (format!("subject=approvals/{}", case.approval), by(&|row| row["subject"] == approval)),
        ("actor=Dag%20Decision".to_owned(), by(&|row| row["actor"] == "Dag Decision")),
        (format!("organisation={PROVIDER}"), by(&|row| row["organisation"] == PROVIDER)),
        ("event=decision.signed".to_owned(), by(&|row| row["event"] == "decision.signed")),
        ("from=2026-03-14".to_owned(), by(&|row| row["at"] == "2026-03-14T09:00:00Z")),
        ("from=2026-03-14T09:00:00Z".to_owned(), by(&|row| row["at"] == "2026-03-14T09:00:00Z")),
        ("to=2026-03-14T09:00:00Z".to_owned(), by(&|row| row["at"] != "2026-03-14T09:00:00Z")),
        (
            format!(
                "subject={approval}&organisation={KRISTIANSAND}&event=approval.contract-recorded&to=2026-03-13"
            ),
            by(&|row| row["event"] == "approval.contract-recorded"),
        ),
    ] {
        assert_eq!(query_rows(&world, &query).await, expected, "{query}");
    }
    assert_eq!(query_rows(&world, "actor=Ingen").await, Vec::<Value>::new());
    assert_eq!(query_rows(&world, "from=2026-03-13&to=2026-03-13").await, Vec::<Value>::new());
    // Each row has its place in the chain.
    let last = all.last().unwrap();
    assert_eq!(last["position"], all.len());
    let hash = last["hash"].as_str().unwrap();
    assert!(hash.len() == 64 && hash != "0".repeat(64), "{hash}");
}

async fn pages_of_a_filtered_journal_follow_one_another_and_belong_to_it(world: World) {
    world.create_contract().await;
    let auditor = world.auditor();
    let first = auditor.get("/v1/audit?actor=Kari%20Case&limit=2").await.expect(200).json();
    let next = first["page"]["next"].as_str().unwrap();
    assert!(next.contains("actor=Kari%20Case"), "{next}");
    // A new row meanwhile moves no page.
    world.provider_with_number(0).registers(&number(0), profile("Ny AS")).await.expect(200);
    let second = auditor.get(next).await.expect(200).json();
    let position = |page: &Value, nth: usize| page["items"][nth]["position"].as_i64().unwrap();
    assert!(position(&second, 0) > position(&first, 1));
    let foreign = next.replace("Kari%20Case", "Dag%20Decision");
    auditor.get(&foreign).await.problem(400, "foreign-cursor");
}

async fn a_question_that_makes_no_sense_is_refused(world: World) {
    let auditor = world.auditor();
    for (query, code) in [
        ("subject=/v1/approvals", "invalid-parameter"),
        ("subject=/v1/approvals/1", "invalid-parameter"),
        ("event=approval.forgotten", "invalid-parameter"),
        ("from=2026-02-30", "impossible-time"),
        ("to=tomorrow", "impossible-time"),
        ("role=auditor", "unknown-parameter"),
    ] {
        auditor.get(&format!("/v1/audit?{query}")).await.problem(400, code);
    }
    world.case_worker().get("/v1/audit?actor=Per").await.problem(403, "role-missing");
}
