//! One's own cases and notices: the list of all cases, and the list of prior notices.

use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    decisions::revoke_approval,
    on_both_databases,
    world::{
        BAERUM, KRISTIANSAND, PROVIDER, Person, World, bpa_content,
        people::{Assessed, SERVICE, id, refusal, revocation},
    },
};

on_both_databases!(
    a_provider_finds_its_cases_in_every_municipality_in_one_list,
    a_municipality_finds_its_own_cases_and_no_drafts,
    a_case_tells_its_next_task_and_its_notices,
    a_decision_is_closed_when_its_last_day_to_appeal_is_past,
    pages_of_cases_join_to_the_whole_list,
    a_list_of_cases_is_a_look_at_each_of_them,
    prior_notices_are_listed_for_their_parties_alone,
    a_revocation_closes_the_notice_and_a_late_reply_opens_nothing,
);

/// Kind and state of each case, the last changed first.
async fn list_cases(who: &Person, query: &str) -> Vec<(String, String)> {
    let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = who.pages(&format!("/v1/cases?{query}")).await;
    items.iter().map(|item| (text(item, "kind"), text(item, "state"))).collect()
}

fn case(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

/// The only case of a kind.
async fn find_case(who: &Person, kind: &str) -> Value {
    let mut items = who.pages(&format!("/v1/cases?kind={kind}")).await;
    assert_eq!(items.len(), 1, "{kind}");
    items.remove(0)
}

async fn a_provider_finds_its_cases_in_every_municipality_in_one_list(world: World) {
    world.submitted_application().await;
    let provider = world.provider();
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let offering = baerum.publish(SERVICE, bpa_content()).await;
    world.pass(chrono::TimeDelta::minutes(1));
    let draft = provider.drafts_application(&offering).await;

    let cases = provider.pages("/v1/cases").await;
    let of = |case: &Value| (case["municipality"].clone(), case["state"].clone());
    let found: Vec<_> = cases.iter().map(of).collect();
    assert_eq!(found, [(json!("3201"), json!("draft")), (json!("4204"), json!("submitted"))]);
    let first = &cases[0];
    assert_eq!(first["href"], format!("/v1/applications/{draft}"));
    assert_eq!((&first["service"], &first["provider"]), (&json!(SERVICE), &json!(PROVIDER)));
    assert_eq!((&first["open"], &first["unread"]), (&json!(true), &json!(false)));
    provider.get(first["href"].as_str().unwrap()).await.expect(200);

    let submitted = [case("application", "submitted")];
    assert_eq!(list_cases(&provider, "municipality=4204").await, submitted);
    assert_eq!(list_cases(&provider, "municipality=1001").await, submitted, "a former number");
    assert_eq!(list_cases(&provider, "service=home-nursing").await, []);
    provider.withdraws(&draft).await.expect(200);
    assert_eq!(list_cases(&provider, "open=true").await, submitted);
    assert_eq!(list_cases(&provider, "open=false").await, [case("application", "withdrawn")]);
    assert_eq!(list_cases(&world.other_provider(), "").await, []);
    provider.get("/v1/cases?kind=approval").await.problem(400, "invalid-parameter");
    world.anyone().get("/v1/cases").await.problem(401, "unauthenticated");
    world.editor().get("/v1/cases").await.problem(403, "role-missing");
}

async fn a_municipality_finds_its_own_cases_and_no_drafts(world: World) {
    let drafted = world.drafted_application().await;
    let kari = world.case_worker();
    assert_eq!(list_cases(&kari, "").await, []);
    world.provider().withdraws(&drafted.application).await.expect(200);
    assert_eq!(list_cases(&kari, "").await, [], "it never was submitted");
    let application = world.provider().drafts_application(&drafted.offering).await;
    world.provider().completes(&application).await;
    world.provider().submits(&application).await.expect(200);
    let submitted = [case("application", "submitted")];
    assert_eq!(list_cases(&kari, "").await, submitted);
    assert_eq!(list_cases(&kari, &format!("provider={PROVIDER}")).await, submitted);
    assert_eq!(list_cases(&kari, "provider=313000036").await, []);
    assert_eq!(list_cases(&kari, "municipality=3201").await, []);
    let stranger = world.person("Bo Case", Role::CaseWorker, BAERUM);
    assert_eq!(list_cases(&stranger, "").await, []);
    assert_eq!(list_cases(&stranger, "municipality=4204").await, []);
}

async fn a_case_tells_its_next_task_and_its_notices(world: World) {
    let noticed = world.send_notice().await;
    let provider = world.provider();
    let prior = find_case(&provider, "prior-notice").await;
    assert_eq!(prior["approvalId"], noticed.approval);
    assert_eq!(prior["applicationId"], noticed.application);
    let next = json!({
        "task": "decide-after-notice", "role": "decision-maker", "dueOn": "2026-04-07", "overdue": false
    });
    assert_eq!(prior["next"], next);
    assert_eq!(prior["unread"], true);
    let letter = format!("/v1/prior-notices/{}/letter", noticed.notice);
    let sent = json!([{
        "kind": "prior-notice", "href": letter, "issuedAt": prior["notices"][0]["issuedAt"]
    }]);
    assert_eq!(prior["notices"], sent);
    provider.get(&letter).await.expect(200);
    let opened = find_case(&provider, "prior-notice").await;
    assert_eq!(opened["unread"], false);
    assert_eq!(opened["notices"][0]["openedAt"], opened["changedAt"]);

    let decision = find_case(&provider, "decision").await;
    assert_eq!((&decision["state"], &decision["open"]), (&json!("notified"), &json!(true)));
    assert_eq!(decision["lastAppealDay"], "2026-04-07");
    assert_eq!(decision["approvalId"], noticed.approval);
    let letter = decision["notices"][0]["href"].as_str().unwrap();
    assert_eq!(letter, format!("{}/letter", decision["href"].as_str().unwrap()));
    assert_eq!(list_cases(&provider, "unread=true").await, [case("decision", "notified")]);
    provider.get(letter).await.expect(200);
    assert_eq!(list_cases(&provider, "unread=true").await, []);

    let application = find_case(&provider, "application").await;
    assert_eq!((&application["state"], &application["open"]), (&json!("approved"), &json!(false)));
    let receipt = application["notices"][0]["href"].as_str().unwrap();
    provider.get(receipt).await.expect(200);
}

async fn a_decision_is_closed_when_its_last_day_to_appeal_is_past(world: World) {
    let assessed = world.assessed_application(Assessed::OneFailing).await;
    world.decision_maker().decides(&assessed.application, refusal()).await.expect(201);
    let provider = world.provider();
    let refused = case("application", "refused");
    let notified = [case("decision", "notified")];
    assert_eq!(list_cases(&provider, "open=true").await, notified);
    world.set_clock("2026-04-07T21:59:59Z");
    assert_eq!(list_cases(&provider, "open=true").await, notified);
    // Nothing is recorded yet: the day alone makes it final.
    world.set_clock("2026-04-07T22:00:00Z");
    assert_eq!(list_cases(&provider, "open=true").await, []);
    let closed = list_cases(&provider, "open=false").await;
    assert!(closed.contains(&refused) && closed.contains(&case("decision", "final")), "{closed:?}");
    world.catches_up().await;
    assert_eq!(find_case(&provider, "decision").await["state"], "final");
}

async fn pages_of_cases_join_to_the_whole_list(world: World) {
    world.send_notice().await;
    let provider = world.provider();
    let whole = provider.get("/v1/cases").await.expect(200).json()["items"].clone();
    let whole = whole.as_array().unwrap();
    assert_eq!(whole.len(), 3);
    let times: Vec<_> = whole.iter().map(|it| it["changedAt"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
    assert_eq!(&provider.pages("/v1/cases?limit=1").await, whole);
    let first = provider.get("/v1/cases?limit=1").await.expect(200).json();
    let next = first["page"]["next"].as_str().unwrap();
    let foreign = next.replace("/v1/cases?", "/v1/cases?open=true&");
    provider.get(&foreign).await.problem(400, "foreign-cursor");
}

async fn a_list_of_cases_is_a_look_at_each_of_them(world: World) {
    let noticed = world.send_notice().await;
    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    let cases = inspector.pages("/v1/cases").await;
    assert_eq!(cases.len(), 3);
    let provider = world.provider();
    provider.get("/v1/cases").await.expect(200);
    let mut seen = vec![];
    for file in [
        format!("/v1/applications/{}", noticed.application),
        format!("/v1/approvals/{}", noticed.approval),
    ] {
        let log = provider.pages(&format!("{file}/accesses")).await;
        let by_inspector = log.iter().filter(|it| it["role"] == "inspector");
        seen.push(by_inspector.map(|it| it["subject"].clone()).collect::<Vec<_>>());
    }
    let path = |kind: &str| {
        let found = cases.iter().find(|it| it["kind"] == kind).unwrap();
        found["href"].clone()
    };
    let [in_application, in_approval] = &seen[..] else { panic!("two files") };
    assert!(in_application.contains(&path("application")), "{in_application:?}");
    assert!(in_application.contains(&path("decision")), "{in_application:?}");
    assert!(in_approval.contains(&path("decision")), "{in_approval:?}");
    assert!(in_approval.contains(&path("prior-notice")), "{in_approval:?}");
}

/// The ids of listed prior notices.
async fn list_notices(who: &Person, query: &str) -> Vec<String> {
    let items = who.pages(&format!("/v1/prior-notices?{query}")).await;
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn prior_notices_are_listed_for_their_parties_alone(world: World) {
    let noticed = world.send_notice().await;
    let (provider, kari) = (world.provider(), world.case_worker());
    let first = noticed.notice.clone();
    let second = id(&kari.warns(&noticed.approval, "terms-breach").await);
    let both = [first.clone(), second.clone()];
    for who in [&provider, &kari] {
        assert_eq!(list_notices(who, "").await, both);
        assert_eq!(list_notices(who, "limit=1").await, both, "page by page");
    }
    assert_eq!(find_openings(&provider, &first).await, 0, "a list is no read receipt");
    provider.replies(&first).await.expect(200);
    for (query, found) in [
        ("state=answered", vec![&first]),
        ("state=sent", vec![&second]),
        ("state=closed", vec![]),
        ("open=true", vec![&first, &second]),
        ("open=false", vec![]),
        ("replyBy=2026-04-06", vec![]),
        ("replyBy=2026-04-07&state=sent", vec![&second]),
        (&format!("approval={}", noticed.approval), vec![&first, &second]),
        (&format!("approval={second}"), vec![]),
    ] {
        assert_eq!(
            list_notices(&provider, query).await.iter().collect::<Vec<_>>(),
            found,
            "{query}"
        );
    }
    let item =
        kari.get("/v1/prior-notices?state=sent").await.expect(200).json()["items"][0].clone();
    let single = kari.get(&format!("/v1/prior-notices/{second}")).await.expect(200).json();
    assert_eq!(item, single);
    assert_eq!(list_notices(&world.other_provider(), "").await, [""; 0]);
    let stranger = world.person("Bo Case", Role::CaseWorker, BAERUM);
    assert_eq!(list_notices(&stranger, "").await, [""; 0]);
    world.anyone().get("/v1/prior-notices").await.problem(401, "unauthenticated");
    world.editor().get("/v1/prior-notices").await.problem(403, "role-missing");
    for wrong in ["state=lost", "replyBy=7.4.2026", "open=maybe", "approval=first"] {
        let path = format!("/v1/prior-notices?{wrong}");
        provider.get(&path).await.problem(400, "invalid-parameter");
    }
}

/// How many people have opened a notice, as the list has it.
async fn find_openings(who: &Person, notice: &str) -> usize {
    let items = who.pages("/v1/prior-notices").await;
    let found = items.iter().find(|it| it["id"] == notice).unwrap();
    found["notification"]["openings"].as_array().map_or(0, Vec::len)
}

async fn a_revocation_closes_the_notice_and_a_late_reply_opens_nothing(world: World) {
    let (revoked, _) = revoke_approval(&world).await;
    let provider = world.provider();
    let notice = [revoked.notice.clone()];
    assert_eq!(list_notices(&provider, "open=false").await, notice);
    assert_eq!(find_case(&provider, "prior-notice").await["open"], false);
    provider.replies(&revoked.notice).await.expect(200);
    assert_eq!(list_notices(&provider, "open=true").await, [""; 0]);
    let replied = find_case(&provider, "prior-notice").await;
    assert_eq!((&replied["state"], &replied["open"]), (&json!("answered"), &json!(false)));
    assert_eq!(replied.get("next"), None, "nobody has anything to do");
    let again = revocation(&revoked.notice, "terms-breach");
    world
        .decision_maker()
        .revokes(&revoked.approval, again)
        .await
        .problem(409, "illegal-transition");
}
