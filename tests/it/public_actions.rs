//! What a caller may do with what everyone sees: told to whom a token gives a role with commands there, and to nobody else.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        KRISTIANSAND, PROVIDER, Person, World,
        files::{metadata, pdf},
        people::{possible, profile, settings},
        town::Town,
    },
};

on_both_databases!(
    who_may_act_on_something_public_is_told_so_and_nobody_else_is,
    a_command_takes_the_tag_of_the_public_answer_that_offered_it;
    sqlite_alone:
    the_past_offers_nothing,
    a_file_says_whether_its_provider_may_give_another
);

fn operations(view: &Value) -> Vec<&str> {
    let actions = view["actions"].as_array().unwrap();
    actions.iter().map(|action| action["operation"].as_str().unwrap()).collect()
}

async fn who_may_act_on_something_public_is_told_so_and_nobody_else_is(world: World) {
    let case = world.create_contract().await;
    let Town { editor, decision_maker, case_worker } = world.town(KRISTIANSAND);
    let (provider, other) = (world.provider(), world.other_provider());
    let things: [(String, Vec<(&Person, &str)>); 4] = [
        (format!("/v1/providers/{PROVIDER}"), vec![(&provider, "providerConfirm")]),
        ("/v1/municipalities/4204".to_owned(), vec![(&editor, "municipalityPut")]),
        (
            format!("/v1/offerings/{}", case.offering),
            vec![(&editor, "offeringDraftPatch"), (&decision_maker, "lateAccessGrant")],
        ),
        (
            format!("/v1/approvals/{}", case.approval),
            vec![
                (&provider, "approvalListingPatch"),
                (&case_worker, "priorNoticeSend"),
                (&decision_maker, "approvalRevoke"),
            ],
        ),
    ];
    for (path, actors) in things {
        let public = world.anyone().get(&path).await.expect(200);
        assert!(public.json().get("actions").is_none(), "{path}");
        let headers = ["cache-control", "etag", "vary"];
        let public_headers = headers.map(|name| public.header(name));
        assert_eq!(
            (public_headers[0].starts_with("public"), public_headers[2].as_str()),
            (true, "Accept-Encoding")
        );
        let broken = world.holder("not-a-token".to_owned());
        for nobody in [&world.auditor(), &other, &world.town(super::world::BAERUM).editor, &broken]
        {
            let same = nobody.get(&path).await.expect(200);
            assert_eq!(
                (&same.text, headers.map(|it| same.header(it))),
                (&public.text, public_headers.clone())
            );
        }
        for (who, operation) in actors {
            let answer = who.get(&path).await.expect(200);
            let mut seen = answer.json();
            assert!(operations(&seen).contains(&operation), "{path}: {seen:#}");
            assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
            assert_eq!(answer.header("vary"), "Authorization, Accept-Language, Accept-Encoding");
            let revision = |etag: &str| {
                let stem = etag.trim_matches('"').split('-').next().unwrap_or_default();
                stem.parse::<i64>().ok()
            };
            assert_eq!(revision(&answer.etag()), revision(&public_headers[1]), "{path}");
            seen.as_object_mut().unwrap().remove("actions");
            assert_eq!(seen, public.json(), "{path}: the same, and what one may do");
        }
    }
}

async fn a_command_takes_the_tag_of_the_public_answer_that_offered_it(world: World) {
    let case = world.create_contract().await;
    let (provider, editor) = (world.provider(), world.editor());
    let path = format!("/v1/approvals/{}", case.approval);
    let read = provider.get(&path).await.expect(200);
    assert!(possible(&read.json()).contains(&"change-listing".to_owned()));
    let body = Some(json!({"capacity": "full"}));
    let listing = format!("{path}/listing");
    provider.act(Method::PATCH, &listing, &read.etag(), body.clone()).await.expect(200);
    provider
        .act(Method::PATCH, &listing, &read.etag(), body)
        .await
        .problem(412, "precondition-failed");
    for (who, path, body) in [
        (&provider, format!("/v1/providers/{PROVIDER}"), profile("Nytt navn AS")),
        (&editor, "/v1/municipalities/4204".to_owned(), settings()),
    ] {
        let read = who.get(&path).await.expect(200);
        let action = read.json()["actions"][0].clone();
        let (method, href) = (action["method"].as_str().unwrap(), action["href"].as_str().unwrap());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        who.act(method, href, &read.etag(), Some(body)).await.expect(200);
    }
}

async fn the_past_offers_nothing(world: World) {
    world.create_contract().await;
    world.pass(chrono::TimeDelta::days(2));
    let path = format!("/v1/providers/{PROVIDER}?validAt=2026-03-13");
    let (read, public) = (world.provider().get(&path).await, world.anyone().get(&path).await);
    assert_eq!(read.expect(200).text, public.expect(200).text);
}

async fn a_file_says_whether_its_provider_may_give_another(world: World) {
    world.registered_providers().await;
    let given = world.provider().gives(metadata("tax-certificate"), &pdf(1000)).await.expect(201);
    let path = given.header("location");
    let seen = world.provider().get(&path).await.expect(200).json();
    assert_eq!(operations(&seen), ["evidenceUpload"]);
    assert_eq!(
        (&seen["actions"], &possible(&seen)),
        (&given.json()["actions"], &vec!["upload".to_owned()])
    );
}
