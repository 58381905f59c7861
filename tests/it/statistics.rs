//! Statistics and freshness: the figures are those that anyone can compute from the change feed.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::http::Method;
use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        BAERUM, KRISTIANSAND, Person, World, bpa_content,
        people::{Assessed, SERVICE, profile, refusal, synthetic_number},
        town::Town,
    },
};

on_both_databases!(
    the_figures_are_those_that_the_feed_gives,
    a_group_is_computed_anew_only_where_something_has_changed,
    a_municipality_says_how_fresh_it_is,
);

async fn statistics(world: &World, query: &str) -> Vec<Value> {
    world.anyone().pages(&format!("/v1/statistics?{query}")).await
}

/// An application of a new provider that is submitted, and decided after some days; gives the approval.
async fn decide(world: &World, town: &Town, offering: &str, count: usize, met: bool) -> String {
    let provider = world.provider_with_number(count);
    let number = synthetic_number(count);
    if provider.get(&format!("/v1/providers/{number}")).await.status == 404 {
        provider.registers(&number, profile(&format!("Leverandør {count} AS"))).await.expect(200);
    }
    let application = provider.drafts_application(offering).await;
    provider.completes(&application).await;
    provider.submits(&application).await.expect(200);
    world.pass(TimeDelta::days(i64::try_from(count).unwrap() % 5 + 1));
    let assessed = if met { Assessed::AllMet } else { Assessed::OneFailing };
    town.assess(&application, assessed).await;
    if met {
        return town.approve(&application).await;
    }
    town.decision_maker.decides(&application, refusal()).await.expect(201);
    String::new()
}

async fn lists(provider: &Person, approval: &str, capacity: &str) {
    let etag = provider.get(&format!("/v1/approvals/{approval}")).await.etag();
    let path = format!("/v1/approvals/{approval}/listing");
    let patch = json!({"capacity": capacity}).to_string();
    let request = provider.request(Method::PATCH, &path).header("If-Match", &etag);
    request.body("application/merge-patch+json", patch).send().await.expect(200);
}

/// Six approved and five refused in Kristiansand, three under contract; five approved, one refused in Bærum.
async fn two_towns(world: &World) {
    let kristiansand = world.town(KRISTIANSAND);
    kristiansand.editor.sets_up("4204").await.expect(200);
    let bpa = kristiansand.publish(SERVICE, bpa_content()).await;
    for count in 1..=11 {
        let approval = decide(world, &kristiansand, &bpa, count, count <= 6).await;
        if count <= 3 {
            let to = (count == 3).then_some("2026-12-31");
            let from = "2026-03-12";
            kristiansand.decision_maker.records_contract(&approval, from, to).await.expect(200);
        }
        if let Some(capacity) = [None, Some("open"), Some("full")].get(count).copied().flatten() {
            lists(&world.provider_with_number(count), &approval, capacity).await;
        }
    }
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let practical = baerum.publish("practical-help", bpa_content()).await;
    for count in 1..=6 {
        decide(world, &baerum, &practical, count, count <= 5).await;
    }
}

/// The last feed record of each subject in a collection.
async fn last_said(world: &World, collection: &str) -> Vec<Value> {
    let (mut last, mut after) = (BTreeMap::new(), 0);
    loop {
        let path = format!("/v1/changes?limit=1000&after={after}");
        let page = world.anyone().get(&path).await.expect(200).json();
        for change in page["items"].as_array().unwrap() {
            let subject = change["subject"].as_str().unwrap();
            if subject.starts_with(&format!("/v1/{collection}/")) {
                last.insert(subject.to_owned(), change["data"].clone());
            }
        }
        after = page["position"].as_i64().unwrap();
        if page["hasMore"] == false {
            return last.into_values().collect();
        }
    }
}

/// The smallest value that so many per cent do not exceed.
fn nearest_rank(days: &[i64], percent: usize) -> Option<i64> {
    let enough =
        |limit: &i64| days.iter().filter(|it| *it <= limit).count() * 100 >= percent * days.len();
    days.iter().copied().filter(|it| enough(it)).min()
}

/// Every published number is correct, and every suppressed one is above zero.
fn fits(figure: &Value, counted: usize, about: &str) {
    if let Some(count) = figure["count"].as_u64() {
        assert_eq!(usize::try_from(count).unwrap(), counted, "{about}");
        assert_eq!(figure["suppressed"], false, "{about}");
        assert!(counted == 0 || counted >= 5, "{about}: {counted}");
    } else {
        assert_eq!(figure["suppressed"], true, "{about}");
        assert!(counted > 0, "{about}");
    }
}

fn naive(figures: &Value, approvals: &[Value], decisions: &[Value]) {
    let group = (&figures["municipality"], &figures["service"]);
    let own = |all: &[Value]| -> Vec<Value> {
        let same = |it: &&Value| (&it["municipality"], &it["service"]) == group;
        all.iter().filter(same).cloned().collect()
    };
    let (approvals, decisions) = (own(approvals), own(decisions));
    let choosable = |it: &&Value| ["active", "ending"].iter().any(|status| it["status"] == *status);
    assert_eq!(figures["providers"], approvals.iter().filter(choosable).count());
    for (name, capacity) in
        [("open", "open"), ("limited", "limited"), ("full", "full"), ("notSaid", "")]
    {
        let room = |it: &&Value| it["listing"]["capacity"].as_str().unwrap_or_default() == capacity;
        let count = approvals.iter().filter(choosable).filter(room).count();
        assert_eq!(figures["capacity"][name], count, "{name}");
    }
    let with = |outcome: &str| decisions.iter().filter(|it| it["outcome"] == outcome).count();
    for (table, outcomes) in [
        ("onApplications", &["approve", "dismiss", "refuse"][..]),
        ("onDecisions", &["appeal", "costs", "defer", "reverse", "revoke"]),
    ] {
        let parts = figures[table]["outcomes"].as_array().unwrap();
        let codes: Vec<_> = parts.iter().map(|part| part["code"].as_str().unwrap()).collect();
        assert_eq!(codes, outcomes);
        for part in parts {
            fits(part, with(part["code"].as_str().unwrap()), table);
        }
        fits(&figures[table]["total"], outcomes.iter().map(|it| with(it)).sum(), table);
    }
    let day = |value: &Value| -> NaiveDate { value.as_str().unwrap()[..10].parse().unwrap() };
    let received = decisions.iter().filter(|it| it["receivedOn"].is_string());
    let days: Vec<_> =
        received.map(|it| (day(&it["decidedAt"]) - day(&it["receivedOn"])).num_days()).collect();
    fits(&figures["handling"]["applications"], days.len(), "handled");
    assert_eq!(figures["handling"]["medianDays"].as_i64(), nearest_rank(&days, 50));
    assert_eq!(figures["handling"]["p90Days"].as_i64(), nearest_rank(&days, 90));
    for (table, field) in [("byCriterion", "criteria"), ("byGround", "grounds")] {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for refusal in decisions.iter().filter(|it| it["outcome"] == "refuse") {
            for code in refusal[field].as_array().unwrap() {
                *counted.entry(code.as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        let parts = figures["refusals"][table].as_array().unwrap();
        assert_eq!(parts.len(), counted.len(), "{table}");
        for part in parts {
            fits(part, counted[part["code"].as_str().unwrap()], table);
        }
    }
}

async fn the_figures_are_those_that_the_feed_gives(world: World) {
    assert!(statistics(&world, "").await.is_empty());
    two_towns(&world).await;
    world.catches_up().await;
    let all = statistics(&world, "limit=1").await;
    let groups: Vec<_> = all.iter().map(|it| (&it["municipality"], &it["service"])).collect();
    let (baerum, kristiansand) = (json!("3201"), json!("4204"));
    assert_eq!(groups, [(&baerum, &json!("practical-help")), (&kristiansand, &json!(SERVICE))]);
    let approvals = last_said(&world, "approvals").await;
    let decisions = last_said(&world, "decisions").await;
    for figures in &all {
        naive(figures, &approvals, &decisions);
    }
    let five = json!({"count": 5, "suppressed": false});
    let hidden = json!({"suppressed": true});
    let refused = |figures: &Value, table: &str| -> Value {
        let part = &figures["refusals"][table][0];
        json!({"count": part["count"], "suppressed": part["suppressed"]})
    };
    assert_eq!(all[1]["refusals"]["byCriterion"][0]["code"], "contingency-plan");
    assert_eq!(refused(&all[1], "byGround"), five);
    // One refusal beside five approvals: the total stays, and neither part can be derived from it.
    assert_eq!(all[0]["onApplications"]["total"], json!({"count": 6, "suppressed": false}));
    for place in [0, 2] {
        let mut part = all[0]["onApplications"]["outcomes"][place].clone();
        part.as_object_mut().unwrap().remove("code");
        assert_eq!(part, hidden);
    }
    assert_eq!(all[0]["refusals"]["byCriterion"][0]["suppressed"], true);
    assert_eq!(all[0]["refusals"]["byCriterion"][0].get("count"), None);

    for (query, meant) in [
        ("municipality=4204", vec![&all[1]]),
        ("municipality=1018", vec![&all[1]]),
        ("municipality=0301", vec![]),
        ("service=practical-help", vec![&all[0]]),
        ("municipality=4204&service=practical-help", vec![]),
    ] {
        let found = statistics(&world, query).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), meant, "{query}");
    }
    world.anyone().get("/v1/statistics?limit=0").await.expect(400);
    world.anyone().get("/v1/statistics?cursor=AAAA").await.problem(400, "invalid-cursor");

    // Time alone changes the set of providers open to choice.
    assert_eq!(all[1]["providers"], 3);
    world.set_clock("2027-01-01T09:00:00Z");
    assert_eq!(statistics(&world, "municipality=4204").await[0]["providers"], 2);
    let rebuilt = world.another_instance().await;
    assert_eq!(statistics(&rebuilt, "").await, statistics(&world, "").await);
}

async fn a_group_is_computed_anew_only_where_something_has_changed(world: World) {
    let case = world.create_contract().await;
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let practical = baerum.publish("practical-help", bpa_content()).await;
    let now = "2026-03-12T09:00:00Z".parse().unwrap();
    let figures = |municipality: &str, service: &str| {
        let snapshot = world.state.register.snapshot();
        let key = (municipality.to_owned(), service.to_owned());
        let as_of = godkjent::register::AsOfView::now(&snapshot, now);
        snapshot.statistics().figures(as_of, &key).unwrap()
    };
    let (here, there) = (figures("4204", SERVICE), figures("3201", "practical-help"));
    assert!(Arc::ptr_eq(&here, &figures("4204", SERVICE)), "kept");
    baerum.contract(&world.provider(), &practical, &["whole"]).await;
    assert!(Arc::ptr_eq(&here, &figures("4204", SERVICE)), "nothing has touched it");
    let anew = figures("3201", "practical-help");
    assert!(!Arc::ptr_eq(&there, &anew));
    assert_eq!((there.choosable, anew.choosable), (0, 1));
    lists(&world.provider(), &case.approval, "limited").await;
    assert!(Arc::ptr_eq(&anew, &figures("3201", "practical-help")));
    assert_eq!(figures("4204", SERVICE).capacity["limited"], 1);
    assert_eq!(here.capacity["limited"], 0, "who holds the old figures keeps them");
}

async fn a_municipality_says_how_fresh_it_is(world: World) {
    let anyone = world.anyone();
    let fresh = async || anyone.get("/v1/municipalities/4204").await.expect(200).json();
    assert_eq!(fresh().await.get("freshness"), None);
    let case = world.create_contract().await;
    let position =
        async || anyone.get("/v1/changes?limit=1").await.expect(200).json()["highWater"].clone();
    assert_eq!(
        fresh().await["freshness"],
        json!({
            "lastPublishedAt": "2026-03-12T09:00:00Z", "lastChangedAt": "2026-03-12T09:00:00Z",
            "position": position().await, "offerings": 1, "approvals": 1, "staleListings": 0
        })
    );
    world.set_clock("2026-03-20T09:00:00Z");
    lists(&world.provider(), &case.approval, "open").await;
    let last = fresh().await["freshness"].clone();
    assert_eq!(last["lastPublishedAt"], "2026-03-12T09:00:00Z");
    assert_eq!(last["lastChangedAt"], "2026-03-20T09:00:00Z");
    assert_eq!(last["position"], position().await);
    let list = anyone.get("/v1/municipalities?county=42&limit=200").await.json();
    let listed = |it: &&Value| it["number"] == "4204";
    let item = list["items"].as_array().unwrap().iter().find(listed).unwrap();
    assert_eq!(item["freshness"], last);

    // Changes of other subjects leave it unchanged; a year makes the listing stale.
    world.town(BAERUM).editor.sets_up("3201").await.expect(200);
    assert_eq!(fresh().await["freshness"], last);
    world.set_clock("2027-03-20T22:59:59Z");
    assert_eq!(fresh().await["freshness"]["staleListings"], 0);
    world.set_clock("2027-03-20T23:00:00Z");
    assert_eq!(fresh().await["freshness"]["staleListings"], 1);
}
