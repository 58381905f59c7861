//! New prices between versions.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{announces, banded_content, bands, hour, hour_in, read_stored};
use crate::{
    on_both_databases,
    rebuild::is_equal,
    world::{
        BAERUM, KRISTIANSAND, OTHER_PROVIDER, PROVIDER, World,
        people::{PAGE, SERVICE},
    },
};

on_both_databases!(
    a_new_price_is_told_before_it_begins_and_to_each_approved_provider,
    what_is_announced_is_withdrawn_before_it_begins,
    other_bands_take_over_from_a_day,
    only_the_editor_of_the_place_announces_and_only_what_was_read,
    a_new_version_continues_the_table_and_cannot_change_what_was_in_force,
);

async fn feed_after(world: &World, position: &Value) -> Vec<Value> {
    let path = format!("/v1/changes?limit=1000&after={position}");
    world.anyone().get(&path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

async fn a_new_price_is_told_before_it_begins_and_to_each_approved_provider(world: World) {
    let case = world.create_contract().await;
    let town = world.town(KRISTIANSAND);
    // One more is approved and waits for its contract.
    let waiting = town.approval(&world.other_provider(), &case.offering, &["whole"]).await;
    let (_, _, before, position) = read_stored(&world, &case.offering).await;
    let known = world.state.context.now().format("%Y-%m-%dT%H:%M:%SZ");
    world.pass(chrono::TimeDelta::hours(1));
    let body = json!({"lines": [hour("849.00", "2027-01-01")]});
    let answer = announces(&town.editor, &case.offering, body).await.expect(200).json();
    assert_eq!(answer["from"], "2027-01-01");
    assert_eq!(answer["added"], json!([hour("849.00", "2027-01-01")]));
    assert_eq!(answer["closed"][0]["validTo"], "2026-12-31");
    assert_eq!(answer["withdrawn"], json!([]));

    let (offering, approval) =
        (format!("/v1/offerings/{}", case.offering), format!("/v1/approvals/{}", case.approval));
    let feed = feed_after(&world, &position).await;
    let kinds: Vec<_> = feed.iter().map(|it| (&it["type"], &it["subject"])).collect();
    let announcement = "no.godkjent.offering.compensation-announced.v1";
    assert_eq!(kinds, [(&json!(announcement), &json!(offering))]);
    let announced = json!({"at": answer["at"], "from": "2027-01-01"});
    assert_eq!(feed[0]["data"]["compensationAnnounced"], announced);
    let view = world.anyone().get(&approval).await.expect(200).json();
    assert_eq!(view["offering"]["compensationAnnounced"], announced);
    // Each approved provider has its own event in the journal, and the feed has one.
    let audit = world.auditor().audits().await;
    let rows: Vec<_> =
        audit.iter().filter(|it| it["event"] == "approval.compensation-announced").collect();
    assert_eq!(rows.len(), 2, "one for each approved provider");
    assert!(rows.iter().any(|row| row["subject"].to_string().contains(&waiting)));
    for provider in [PROVIDER, OTHER_PROVIDER] {
        assert!(rows.iter().any(|row| row["provider"] == provider), "{provider}");
    }

    // The version is unchanged; the offering and its draft show the present table.
    let anyone = world.anyone();
    let version = anyone.get(&format!("{offering}/versions/1")).await.json();
    assert_eq!(version["content"]["compensation"]["lines"].as_array().unwrap().len(), 1);
    assert_eq!(version["compensationAnnounced"], Value::Null);
    let now = anyone.get(&offering).await.json();
    assert_eq!(now["content"]["compensation"]["lines"].as_array().unwrap().len(), 2);
    let draft = town.editor.get(&format!("{offering}/draft")).await.json();
    assert_eq!(draft["content"]["compensation"], now["content"]["compensation"]);
    assert_eq!(draft["changes"], json!([]));

    // The page shows both, and changes at midnight.
    let page = anyone.get(PAGE).await.json();
    assert_eq!(page["compensation"][0]["inWords"]["nb"], "814 kr per time");
    assert_eq!(page["announcedCompensation"][0]["inWords"]["nn"], "849 kr per time");
    assert_eq!(page["announcedCompensation"][0]["validFrom"], "2027-01-01");
    let at = async |query: &str| {
        let page = world.anyone().get(&format!("{PAGE}?{query}")).await.expect(200).json();
        page["compensation"][0]["amount"]["amount"].clone()
    };
    assert_eq!(at("validAt=2026-12-31").await, "814.00");
    assert_eq!(at("validAt=2027-01-01").await, "849.00");
    assert_eq!(at(&format!("validAt=2027-01-01&knownAt={known}")).await, "814.00");
    is_equal(&world, 6).await;
    let again = world.another_instance().await;
    assert_eq!(again.anyone().get(PAGE).await.text, anyone.get(PAGE).await.text);
    assert_ne!(anyone.get(&offering).await.text, before);
    world.set_clock("2026-12-31T23:00:00Z");
    let page = anyone.get(PAGE).await.json();
    assert_eq!(page["compensation"][0]["amount"]["amount"], "849.00");
    assert_eq!(page["announcedCompensation"], json!([]));
    is_equal(&world, 6).await;
}

async fn what_is_announced_is_withdrawn_before_it_begins(world: World) {
    let offering = world.published_offering().await;
    let editor = world.editor();
    let first = json!({"lines": [hour("849.00", "2027-01-01")]});
    announces(&editor, &offering, first).await.expect(200);
    let known = world.state.context.now();
    world.pass(chrono::TimeDelta::days(1));
    let body = json!({
        "withdrawn": [{"unit": "hour", "validFrom": "2027-01-01"}],
        "lines": [hour("830.00", "2027-01-01")],
    });
    let answer = announces(&editor, &offering, body).await.expect(200).json();
    assert_eq!(answer["withdrawn"], json!([hour("849.00", "2027-01-01")]));
    let amounts = async |query: &str| {
        let path = format!("/v1/offerings/{offering}/compensation?{query}");
        let history = world.anyone().get(&path).await.expect(200).json();
        let items = history["items"].as_array().unwrap().clone();
        let texts = items.iter().map(|line| {
            format!(
                "{} {}",
                line["amount"]["amount"].as_str().unwrap(),
                line["standing"].as_str().unwrap()
            )
        });
        texts.collect::<Vec<_>>()
    };
    assert_eq!(amounts("").await, ["814.00 in-force", "830.00 announced"]);
    let then = known.format("knownAt=%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(amounts(&then).await, ["814.00 in-force", "849.00 announced"]);
    assert_eq!(amounts("validAt=2027-02-01").await, ["814.00 past", "830.00 in-force"]);
    is_equal(&world, 2).await;
}

async fn other_bands_take_over_from_a_day(world: World) {
    world.editor().sets_up("4204").await.expect(200);
    let offering = world.town(KRISTIANSAND).publish(SERVICE, banded_content()).await;
    // The evening begins an hour earlier from July.
    let mut earlier = bands();
    earlier[0]["rules"][0]["to"] = json!("14:00");
    earlier[1]["rules"][0]["from"] = json!("14:00");
    let body = json!({"bands": {"from": "2026-07-01", "hours": [{"from": "00:00", "to": "24:00"}], "bands": earlier}});
    let answer = announces(&world.editor(), &offering, body).await.expect(200).json();
    assert_eq!((&answer["from"], &answer["added"]), (&json!("2026-07-01"), &json!([])));
    let quote = async |date: &str| {
        let visit = json!({"date": date, "start": "13:30", "minutes": 60, "zone": "north"});
        let body = json!({"offeringId": offering, "visits": [visit]});
        let quote = world.anyone().post("/v1/compensation/quotes", body).await.expect(200).json();
        quote["total"]["amount"].clone()
    };
    assert_eq!(quote("2026-06-30").await, "950.00");
    assert_eq!(quote("2026-07-01").await, "1025.00");
    let page = async |query: &str| {
        let page = world.anyone().get(&format!("{PAGE}{query}")).await.expect(200).json();
        page["bands"][0]["rules"][0]["to"].clone()
    };
    assert_eq!(page("").await, "15:00");
    assert_eq!(page("?validAt=2026-07-01").await, "14:00");
    is_equal(&world, 2).await;
}

async fn only_the_editor_of_the_place_announces_and_only_what_was_read(world: World) {
    let offering = world.published_offering().await;
    let path = format!("/v1/offerings/{offering}/compensation");
    let before = read_stored(&world, &offering).await;
    let body = json!({"lines": [hour("849.00", "2027-01-01")]});
    let etag = before.0.clone();
    let post = |who: crate::world::Person, etag: String| {
        let (path, body) = (path.clone(), body.clone());
        async move { who.act(Method::POST, &path, &etag, Some(body)).await }
    };
    post(world.anyone(), etag.clone()).await.problem(401, "unauthenticated");
    post(world.case_worker(), etag.clone()).await.problem(403, "role-missing");
    post(world.town(BAERUM).editor, etag.clone()).await.problem(404, "not-found");
    post(world.editor(), "\"1\"".to_owned()).await.problem(412, "precondition-failed");
    world.editor().post(&path, body.clone()).await.problem(428, "precondition-required");
    assert_eq!(read_stored(&world, &offering).await, before);
    let acts = |draft: String| {
        let draft: Value = serde_json::from_str(&draft).unwrap();
        let all = draft["actions"].as_array().unwrap().clone();
        all.into_iter().find(|it| it["act"] == "announce-compensation").unwrap()
    };
    assert_eq!(acts(before.1)["possible"], true);
    let unpublished = world.editor().drafts("practical-help", json!({})).await;
    let draft = format!("/v1/offerings/{unpublished}/draft");
    assert_eq!(acts(world.editor().get(&draft).await.text)["code"], "illegal-transition");
    announces(&world.editor(), &unpublished, body).await.problem(409, "illegal-transition");
}

async fn a_new_version_continues_the_table_and_cannot_change_what_was_in_force(world: World) {
    let offering = world.published_offering().await;
    let editor = world.editor();
    editor.changes(&offering, json!({"title": {"nb": "Assistanse"}})).await.expect(200);
    announces(&editor, &offering, json!({"lines": [hour("849.00", "2027-01-01")]}))
        .await
        .expect(200);
    // The draft kept its own title and followed with the prices.
    let path = format!("/v1/offerings/{offering}");
    let draft = editor.get(&format!("{path}/draft")).await.json();
    assert_eq!(draft["content"]["title"]["nb"], "Assistanse");
    let lines = draft["content"]["compensation"]["lines"].clone();
    assert_eq!(lines.as_array().unwrap().len(), 2);

    let mut edited = lines.clone();
    edited[0]["amount"] = super::kroner("900.00");
    edited[0].as_object_mut().unwrap().remove("parts");
    editor.changes(&offering, json!({"compensation": {"lines": edited}})).await.expect(200);
    let before = read_stored(&world, &offering).await;
    let refused = editor.publishes(&offering).await;
    assert_eq!(super::errors(&refused)[0].1, "amount-in-force");
    assert_eq!(refused.pointers(), ["/compensation/lines/0"]);
    refused.problem(422, "validation");
    let publish = editor.get(&format!("{path}/draft")).await.json()["actions"][1].clone();
    assert_eq!((&publish["act"], &publish["code"]), (&json!("publish"), &json!("validation")));
    let dropped = json!({"compensation": {"lines": [lines[1]]}});
    assert_eq!(read_stored(&world, &offering).await, before);
    editor.changes(&offering, dropped).await.expect(200);
    let refused = editor.publishes(&offering).await;
    let codes: Vec<_> = super::errors(&refused).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["line-missing", "coverage-gap"]);

    editor.changes(&offering, json!({"compensation": {"lines": lines}})).await.expect(200);
    let published = editor.publishes(&offering).await.expect(201).json();
    assert_eq!(published["version"], 2);
    let changes: Vec<_> =
        published["changes"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
    assert_eq!(changes, [json!("/title/nb")]);
    let now = world.anyone().get(&path).await.json();
    assert_eq!(now["compensationAnnounced"], Value::Null, "the version says it all");
    assert_eq!(now["content"]["compensation"]["lines"], lines);
    // Prices continue from those in force now.
    let lines = json!([hour_in("all", "860.00", "2027-07-01")]);
    let answer = announces(&editor, &offering, json!({"lines": lines})).await.expect(200).json();
    assert_eq!(answer["closed"][0]["validTo"], "2027-06-30");
    is_equal(&world, 2).await;
}
