//! The public register: the portal's one call and the search over the country.

use actix_web::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, BAERUM, KRISTIANSAND, OTHER_PROVIDER, PROVIDER, Person, World, bpa_content,
        people::{PAGE, SERVICE, id, profile, revocation, settings, synthetic_number},
    },
};

on_both_databases!(
    the_registry_is_alive,
    approvals_are_searched_over_the_country,
    what_nobody_has_published_is_not_there,
    a_missing_page_names_the_services_that_are_published,
    providers_and_municipalities_are_found_by_name,
    a_new_version_and_a_new_profile_show_at_once,
    who_does_not_reply_is_revoked_when_the_time_is_out;
    sqlite_alone:
    a_former_municipality_number_leads_to_the_present_page,
    what_the_reader_has_is_not_sent_again,
    a_new_price_is_in_force_at_midnight_in_oslo,
    a_contract_counts_from_its_first_day_to_the_end_of_its_last
);

async fn the_registry_is_alive(world: World) {
    assert_eq!(world.anyone().get("/livez").await.expect(200).text, "ok");
    assert_eq!(world.anyone().get("/readyz").await.expect(200).text, "ready");
}

pub(crate) fn names<'a>(items: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let name = |item: &Value| {
        item["name"].as_str().or(item["profile"]["name"].as_str()).unwrap().to_owned()
    };
    items.into_iter().map(name).collect()
}

async fn page_names(world: &World) -> Vec<String> {
    let page = world.anyone().get(PAGE).await.expect(200).json();
    names(page["providers"].as_array().unwrap())
}

/// Name, kind, a language, and the zone in Kristiansand; in the order of their approvals.
pub(crate) const PROVIDERS: [(&str, &str, &str, &str); 7] = [
    ("Østlandet Pleie AS", "commercial", "nb", "whole"),
    ("Åpen Assistanse AS", "commercial", "pl", "east"),
    ("Zebra Omsorg AS", "non-profit", "nb", "whole"),
    ("Ærlig Omsorg AS", "commercial", "sme", "east"),
    ("annen omsorg AS", "non-profit", "pl", "whole"),
    ("Bjørk Assistanse AS", "commercial", "nb", "whole"),
    ("Aasen Hjelp AS", "commercial", "nb", "whole"),
];

/// Seven providers of personal assistance in Kristiansand; the first also helps in Bærum.
pub(crate) async fn a_country(world: &World) {
    let kristiansand = world.town(KRISTIANSAND);
    kristiansand.editor.sets_up("4204").await.expect(200);
    let mut content = bpa_content();
    content["service"]["zones"] =
        json!([{"code": "whole", "name": "Hele kommunen"}, {"code": "east", "name": "Øst"}]);
    let offering = kristiansand.publish(SERVICE, content).await;
    for ((name, kind, language, zone), count) in PROVIDERS.into_iter().zip(1..) {
        let mut profile = profile(name);
        (profile["kind"], profile["languages"]) = (json!(kind), json!([language, "en"]));
        let provider = world.provider_with_number(count);
        provider.registers(&synthetic_number(count), profile).await.expect(200);
        kristiansand.contract(&provider, &offering, &[zone]).await;
    }
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let offering = baerum.publish("practical-help", bpa_content()).await;
    baerum.contract(&world.provider_with_number(1), &offering, &["whole"]).await;
}

async fn approvals_are_searched_over_the_country(world: World) {
    a_country(&world).await;
    filters(&world).await;
    pages(&world).await;
    let alphabetical = [
        "annen omsorg AS",
        "Bjørk Assistanse AS",
        "Kristiansand kommune, personlig assistanse",
        "Zebra Omsorg AS",
        "Ærlig Omsorg AS",
        "Østlandet Pleie AS",
        "Åpen Assistanse AS",
        "Aasen Hjelp AS",
    ];
    assert_eq!(page_names(&world).await, alphabetical, "as Norwegian sorts");
}

async fn filters(world: &World) {
    let anyone = world.anyone();
    let all: Vec<_> = PROVIDERS.iter().map(|(name, ..)| *name).collect();
    let with_baerum = [&all[..], &all[..1]].concat();
    let of = |places: &[usize]| places.iter().map(|i| all[*i]).collect::<Vec<_>>();
    let first = format!("provider={}", synthetic_number(1));
    let with_baerum_too = with_baerum.clone();
    for (query, expected) in [
        ("", with_baerum.clone()),
        ("municipality=4204", all.clone()),
        ("municipality=1001", all.clone()),
        ("municipality=1018", all.clone()),
        ("municipality=3201", of(&[0])),
        ("municipality=0301", of(&[])),
        ("service=personal-assistance", all.clone()),
        ("service=practical-help", of(&[0])),
        (&first, of(&[0, 0])),
        ("zone=east", of(&[1, 3])),
        ("kind=non-profit", of(&[2, 4])),
        ("kind=municipal", of(&[])),
        ("language=pl", of(&[1, 4])),
        ("language=en", with_baerum.clone()),
        ("language=sme", of(&[3])),
        ("status=active", with_baerum),
        ("status=revoked", of(&[])),
        ("status=expired", of(&[])),
        ("status=pending-contract", of(&[])),
        ("q=omsorg", of(&[2, 3, 4])),
        ("q=%C3%A5PEN", of(&[1])),
        ("q=%C3%A5sen", of(&[6])),
        ("q=%C3%B8", of(&[0, 2, 3, 4, 0])),
        ("q=OMSORG+zeb", of(&[2])),
        ("q=bjork", of(&[5])),
        ("q=aerlig%20om", of(&[3])),
        ("capacity=unknown", with_baerum_too.clone()),
        ("capacity=full", of(&[])),
        ("order=name&zone=east", of(&[3, 1])),
        ("order=name&kind=non-profit", of(&[4, 2])),
        ("q=ingen", of(&[])),
        ("municipality=1001&language=pl&kind=commercial", of(&[1])),
        ("zone=whole&q=omsorg&service=personal-assistance", of(&[2, 4])),
    ] {
        let found = anyone.get(&format!("/v1/approvals?{query}")).await.expect(200).json();
        assert_eq!(names(found["items"].as_array().unwrap()), expected, "{query}");
    }
    for (query, code) in [
        ("status=gone", "invalid-parameter"),
        ("limit=0", "limit-out-of-range"),
        ("limit=201", "limit-out-of-range"),
        ("limit=many", "invalid-parameter"),
        ("order=best", "invalid-parameter"),
        ("order=fair", "invalid-parameter"),
        ("order=name&seed=x", "invalid-parameter"),
        ("order=fair&seed=", "invalid-parameter"),
        ("view=some", "invalid-parameter"),
        ("capacity=none", "invalid-parameter"),
        ("count=perhaps", "invalid-parameter"),
        ("colour=red", "unknown-parameter"),
    ] {
        anyone.get(&format!("/v1/approvals?{query}")).await.problem(400, code);
    }
}

async fn pages(world: &World) {
    let anyone = world.anyone();
    let whole = anyone.get("/v1/approvals").await.expect(200).json();
    assert_eq!(whole["page"], json!({"limit": 50, "hasMore": false}));
    for limit in [1, 3, 4, 8, 200] {
        let items = anyone.pages(&format!("/v1/approvals?limit={limit}")).await;
        assert_eq!(json!(items), whole["items"], "each once, in the same order, by {limit}");
    }
    let narrow = anyone.pages("/v1/approvals?limit=1&q=omsorg&municipality=1001").await;
    assert_eq!(names(&narrow), ["Zebra Omsorg AS", "Ærlig Omsorg AS", "annen omsorg AS"]);
    let first = anyone.get("/v1/approvals?limit=2&q=omsorg").await.json();
    let next = first["page"]["next"].as_str().unwrap().to_owned();
    assert!(next.starts_with("/v1/approvals?q=omsorg&limit=2&cursor="), "{next}");
    assert_eq!(names(anyone.get(&next).await.json()["items"].as_array().unwrap()).len(), 1);
    let cursor = next.split("cursor=").nth(1).unwrap();
    for (foreign, code) in [
        (format!("/v1/approvals?limit=2&cursor={cursor}"), "foreign-cursor"),
        (format!("/v1/approvals?q=pleie&cursor={cursor}"), "foreign-cursor"),
        (format!("/v1/offerings?cursor={cursor}"), "foreign-cursor"),
        ("/v1/approvals?cursor=AAAA".to_owned(), "invalid-cursor"),
        ("/v1/approvals?cursor=%00".to_owned(), "invalid-cursor"),
    ] {
        let problem = anyone.get(&foreign).await.problem(400, code);
        assert_eq!(problem["errors"][0]["parameter"], "cursor", "{foreign}");
    }
}

async fn what_nobody_has_published_is_not_there(world: World) {
    let anyone = world.anyone();
    anyone.get(PAGE).await.problem(404, "not-found");
    world.editor().sets_up("4204").await.expect(200);
    world.editor().drafts(SERVICE, bpa_content()).await;
    let detail = async |path: &str| {
        let problem = anyone.get(path).await.problem(404, "not-found");
        problem["detail"].as_str().unwrap().to_owned()
    };
    for path in
        ["/v1/register/9999/personal-assistance", "/v1/register/9999/personal-assistance.csv"]
    {
        assert!(detail(path).await.starts_with("No municipality has this number"), "{path}");
    }
    let named = detail("/v1/register/kristiansand/personal-assistance").await;
    assert_eq!(named, "Use the municipality's number: Kristiansand in Agder is 4204.");
    for (name, found) in [
        ("KRISTIANSAND", "Kristiansand in Agder is 4204."),
        ("B%C3%A6rum", "Bærum in Akershus is 3201."),
        ("baerum", "Bærum in Akershus is 3201."),
        ("Her%C3%B8y", "Herøy in Møre og Romsdal is 1515, Herøy in Nordland is 1818."),
    ] {
        let named = detail(&format!("/v1/register/{name}/personal-assistance")).await;
        assert_eq!(named, format!("Use the municipality's number: {found}"));
    }
    assert_eq!(
        detail("/v1/register/4204/haircut").await,
        "No service type has this code: use one of /v1/service-types. Published in municipality 4204: nothing."
    );
    assert_eq!(
        detail("/v1/register/1001/Dagaktivitetstilbud").await,
        "Use the code of the service: Dagaktivitetstilbud is day-activity. Published in municipality 4204: nothing."
    );
    assert_eq!(detail(PAGE).await, "Nothing is published in municipality 4204 at this time.");
    anyone.get(&format!("/v1/providers/{PROVIDER}")).await.problem(404, "not-found");
    anyone.get("/v1/providers/313000029").await.problem(422, "validation");
    anyone.get("/v1/approvals/first").await.problem(400, "invalid-identifier");
    assert_eq!(anyone.get("/v1/offerings").await.expect(200).json()["items"], json!([]));
}

async fn a_missing_page_names_the_services_that_are_published(world: World) {
    world.published_offering().await;
    let anyone = world.anyone();
    let there = "Published in municipality 4204: personal-assistance.";
    for (path, found) in [
        (
            "/v1/register/4204/practical-help",
            "This service is not published in municipality 4204; these are: personal-assistance.",
        ),
        (
            "/v1/register/1001/practical-help",
            "This service is not published in municipality 4204; these are: personal-assistance.",
        ),
        (
            "/v1/register/3201/personal-assistance",
            "Nothing is published in municipality 3201 at this time.",
        ),
        (
            "/v1/register/4204/haircut",
            &format!("No service type has this code: use one of /v1/service-types. {there}"),
        ),
        (
            "/v1/register/4204/day%20ACTIVITY",
            &format!("Use the code of the service: Dagaktivitetstilbud is day-activity. {there}"),
        ),
    ] {
        let problem = anyone.get(path).await.problem(404, "not-found");
        assert_eq!(problem["detail"], found, "{path}");
    }
    let before = "/v1/register/4204/personal-assistance?validAt=2026-01-01";
    let problem = anyone.get(before).await.problem(404, "not-found");
    assert_eq!(problem["detail"], "Nothing is published in municipality 4204 at this time.");
}

async fn providers_and_municipalities_are_found_by_name(world: World) {
    world.published_offering().await;
    world.provider().registers(PROVIDER, profile("Åpen Omsorg")).await.expect(200);
    world.other_provider().registers(OTHER_PROVIDER, profile("Nær Hjelp")).await.expect(200);
    let anyone = world.anyone();
    let numbers = async |query: &str| {
        let list = anyone.get(&format!("/v1/providers{query}")).await.expect(200).json();
        let items = list["items"].as_array().unwrap().iter();
        items.map(|it| it["organisationNumber"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut both = [PROVIDER, OTHER_PROVIDER];
    both.sort_unstable();
    assert_eq!(numbers("").await, both);
    assert_eq!(numbers("?limit=1").await, both[..1]);
    assert_eq!(numbers("?kind=non-profit").await, [""; 0]);
    assert_eq!(numbers("?q=APEN").await, [PROVIDER]);
    assert_eq!(numbers("?q=hjelp%20naer").await, [OTHER_PROVIDER]);
    assert_eq!(numbers("?q=zzz").await, [""; 0]);
    anyone.get("/v1/providers?kind=club").await.problem(400, "invalid-parameter");
    let long = "x".repeat(101);
    anyone.get(&format!("/v1/providers?q={long}")).await.problem(400, "invalid-parameter");
    let csv = anyone.get("/v1/providers.csv").await.expect(200).text;
    assert!(csv.contains(PROVIDER) && csv.contains(OTHER_PROVIDER), "{csv}");

    let names = async |query: &str| {
        let list = anyone.get(&format!("/v1/municipalities{query}")).await.expect(200).json();
        names(list["items"].as_array().unwrap())
    };
    assert_eq!(names("?q=kristians").await, ["Kristiansund", "Kristiansand"]);
    assert_eq!(names("?hasOfferings=true").await, ["Kristiansand"]);
    assert_eq!(names("?q=KRISTIANSAND&hasOfferings=false").await, [""; 0]);
}

async fn a_former_municipality_number_leads_to_the_present_page(world: World) {
    world.published_offering().await;
    let anyone = world.anyone();
    let present = anyone.get(PAGE).await.expect(200);
    for former in ["1001", "1017", "1018"] {
        let page = anyone.get(&format!("/v1/register/{former}/{SERVICE}")).await.expect(200);
        assert_eq!((&page.text, page.etag()), (&present.text, present.etag()));
    }
    let offerings = anyone.get("/v1/offerings?municipality=1001").await.expect(200).json();
    assert_eq!(offerings["items"][0]["municipality"], "4204");
}

async fn get_known(person: &Person, path: &str, etag: &str) -> Answer {
    person.request(Method::GET, path).header("If-None-Match", etag).send().await
}

async fn what_the_reader_has_is_not_sent_again(world: World) {
    let case = world.create_contract().await;
    let anyone = world.anyone();
    for path in [
        PAGE.to_owned(),
        "/v1/approvals".to_owned(),
        format!("/v1/approvals/{}", case.approval),
        format!("/v1/offerings/{}", case.offering),
        format!("/v1/offerings/{}/versions/1", case.offering),
        format!("/v1/providers/{PROVIDER}"),
        "/v1/municipalities/4204".to_owned(),
        "/v1/changes".to_owned(),
    ] {
        let etag = anyone.get(&path).await.expect(200).etag();
        for known in [&etag, &format!("W/{etag}"), &format!("\"old\", {etag}"), "*"] {
            let answer = get_known(&anyone, &path, known).await.expect(304);
            assert_eq!((answer.text.as_str(), answer.etag()), ("", etag.clone()), "{path}");
            assert!(answer.header("cache-control").starts_with("public"));
        }
        get_known(&anyone, &path, "\"old\"").await.expect(200);
    }
    let etag = anyone.get(PAGE).await.etag();
    let private = world.provider().get(&format!("/v1/applications/{}", case.application)).await;
    assert_eq!(private.header("cache-control"), "no-store");
    let path = format!("/v1/providers/{PROVIDER}");
    let seen = anyone.get(&path).await.etag();
    let renamed = Some(profile("Nytt Navn AS"));
    world.provider().act(Method::PUT, &path, &seen, renamed).await.expect(200);
    let page = get_known(&anyone, PAGE, &etag).await.expect(200);
    assert!(page.text.contains("Nytt Navn AS"));
    assert_ne!(page.etag(), etag);
}

async fn a_new_price_is_in_force_at_midnight_in_oslo(world: World) {
    let mut content = bpa_content();
    let lines = content["compensation"]["lines"].as_array_mut().unwrap();
    let mut new = lines[0].clone();
    lines[0]["validTo"] = json!("2026-12-31");
    (new["amount"]["amount"], new["validFrom"]) = (json!("849.50"), json!("2027-01-01"));
    new.as_object_mut().unwrap().remove("parts");
    lines.push(new);
    world.editor().sets_up("4204").await.expect(200);
    world.town(KRISTIANSAND).publish(SERVICE, content).await;
    let price = async || {
        let page = world.anyone().get(PAGE).await.expect(200);
        let compensation = page.json()["compensation"].clone();
        assert_eq!(compensation.as_array().unwrap().len(), 1, "one price at a time");
        (compensation[0]["inWords"]["nb"].as_str().unwrap().to_owned(), page.etag())
    };
    // Both lines are in the version with their dates, and no day has two prices.
    let listed = world.anyone().get("/v1/offerings?municipality=4204").await.json();
    let lines = listed["items"][0]["content"]["compensation"]["lines"].as_array().unwrap().clone();
    let days: Vec<_> = lines.iter().map(|line| (&line["validFrom"], &line["validTo"])).collect();
    assert_eq!(days[0].1, "2026-12-31");
    assert_eq!(days[1], (&json!("2027-01-01"), &Value::Null));
    world.set_clock("2026-12-31T22:59:59Z");
    let (old, old_etag) = price().await;
    assert_eq!(old, "814 kr per time");
    world.pass(TimeDelta::seconds(1));
    let (new, new_etag) = price().await;
    assert_eq!(new, "849,50 kr per time");
    assert_ne!(old_etag, new_etag);
}

async fn a_contract_counts_from_its_first_day_to_the_end_of_its_last(world: World) {
    let case = world.grant_approval().await;
    let dag = world.decision_maker();
    let backwards = dag.records_contract(&case.approval, "2026-05-01", Some("2026-04-30")).await;
    assert_eq!(backwards.pointers(), ["/to"]);
    let signed = dag.records_contract(&case.approval, "2026-05-01", Some("2026-06-30")).await;
    assert_eq!(signed.expect(200).json()["status"], "pending-contract");
    let own = "Kristiansand kommune, personlig assistanse";
    let both = ["Eksempel Assistanse AS", own];
    for (instant, status, chosen_among) in [
        ("2026-04-30T21:59:59Z", "pending-contract", &both[1..]),
        ("2026-04-30T22:00:00Z", "active", &both[..]),
        ("2026-06-30T21:59:59Z", "active", &both[..]),
        ("2026-06-30T22:00:00Z", "expired", &both[1..]),
    ] {
        world.set_clock(instant);
        assert_eq!(page_names(&world).await, chosen_among, "{instant}");
        let anyone = world.anyone();
        let approval = anyone.get(&format!("/v1/approvals/{}", case.approval)).await;
        assert_eq!(approval.expect(200).json()["status"], status, "{instant}");
        for filter in ["pending-contract", "active", "revoked", "expired"] {
            let found = anyone.get(&format!("/v1/approvals?status={filter}")).await.json();
            let count = found["items"].as_array().unwrap().len();
            assert_eq!(count, usize::from(filter == status), "{instant} {filter}");
        }
    }
}

async fn a_new_version_and_a_new_profile_show_at_once(world: World) {
    let case = world.create_contract().await;
    let patch = json!({"title": {"nb": "Assistanse"}});
    world.editor().changes(&case.offering, patch).await.expect(200);
    let before = world.anyone().get(PAGE).await.json();
    assert_ne!(before["offering"]["title"]["nb"], "Assistanse", "a draft is not law");
    world.editor().publishes(&case.offering).await.expect(201);
    let after = world.anyone().get(PAGE).await.json();
    assert_eq!(after["offering"]["title"]["nb"], "Assistanse");
    assert_eq!(
        (&before["offering"]["version"], &after["offering"]["version"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        after["providers"],
        before["providers"].as_array().map_or(Value::Null, |all| {
            let mut all = all.clone();
            for own in all.iter_mut().filter(|p| p["kind"] == "municipal") {
                own["lastConfirmedAt"] = after["offering"]["publishedAt"].clone();
            }
            json!(all)
        })
    );
    let path = "/v1/municipalities/4204";
    let etag = world.anyone().get(path).await.etag();
    let mut moved = settings();
    moved["appealBody"] = json!("Nytt klageutvalg");
    world.editor().act(Method::PUT, path, &etag, Some(moved)).await.expect(200);
    let read = world.anyone().get(path).await.json();
    assert_eq!(read["settings"]["appealBody"], "Nytt klageutvalg");
    assert_eq!(read["offerings"][0]["id"], case.offering);
}

async fn who_does_not_reply_is_revoked_when_the_time_is_out(world: World) {
    let case = world.send_notice().await;
    let other = world.other_provider();
    let approval = world.town(KRISTIANSAND).contract(&other, &case.offering, &["whole"]).await;
    let warned = world.case_worker().warns(&approval, "criteria-not-met").await.expect(201);
    let other_notice = id(&warned);
    let (dag, body) = (world.decision_maker(), revocation(&case.notice, "terms-breach"));
    world.set_clock("2026-04-07T21:59:59Z");
    dag.revokes(&case.approval, body.clone()).await.problem(409, "prior-notice-running");
    world.pass(TimeDelta::seconds(1));
    let of_another = revocation(&other_notice, "criteria-not-met");
    dag.revokes(&case.approval, of_another).await.problem(409, "prior-notice-used");
    assert_eq!(page_names(&world).await.len(), 3);
    dag.revokes(&case.approval, body).await.expect(201);
    assert_eq!(
        page_names(&world).await,
        ["Annen Omsorg AS", "Kristiansand kommune, personlig assistanse"],
        "at once, and nobody else"
    );
}
