//! Well-formed but meaningless input: invented cursors, U+0000, null, and very many errors.

use actix_web::http::Method;
use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use godkjent::app;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        PROVIDER, Person, World,
        people::{PAGE, profile},
    },
};

on_both_databases!(
    a_made_up_cursor_is_refused_by_every_list,
    no_parameter_and_no_path_may_hold_u_0000,
    no_body_may_hold_u_0000,
);

fn document() -> Value {
    serde_json::to_value(app::document()).unwrap()
}

/// Every operation that takes a query parameter, with the names of those it takes.
fn find_queries() -> Vec<(String, String, Vec<String>)> {
    let document = document();
    let mut found = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|it| it["in"] == "query");
            let names: Vec<_> = query.map(|it| it["name"].as_str().unwrap().to_owned()).collect();
            if !names.is_empty() {
                found.push((method.to_uppercase(), path.clone(), names));
            }
        }
    }
    found
}

/// A cursor as the list itself would make it, with a key of one's own.
fn forge_cursor(path: &str, filters: &str, key: &str) -> String {
    let short = |text: &str| {
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        hash.as_ref()[..8].to_vec()
    };
    let bound = short(&format!("2\n{path}\n{filters}"));
    let mut sealed = short(&format!("{}\n{key}", BASE64_URL_SAFE_NO_PAD.encode(&bound)));
    sealed.extend(bound);
    sealed.extend(key.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(sealed)
}

async fn a_made_up_cursor_is_refused_by_every_list(world: World) {
    let case = world.create_contract().await;
    let (anyone, provider) = (world.anyone(), world.provider());
    let who = |path: &str| -> Person {
        match path {
            "/v1/audit" => world.auditor(),
            _ if path.ends_with("/accesses") => provider.clone(),
            "/v1/evidence" | "/v1/applications" | "/v1/appeals" | "/v1/follow-ups"
            | "/v1/work-list" | "/v1/prior-notices" | "/v1/cases" | "/v1/notices" => {
                provider.clone()
            }
            _ => anyone.clone(),
        }
    };
    let lists =
        find_queries().into_iter().filter(|(.., names)| names.iter().any(|it| it == "cursor"));
    let lists: Vec<_> = lists.map(|(_, path, _)| path).collect();
    assert!(lists.len() >= 15, "{lists:?}");
    for list in lists {
        let path = match list.as_str() {
            "/v1/register/{municipality}/{service}" => PAGE.to_owned(),
            "/v1/approvals/{id}/accesses" => list.replace("{id}", &case.approval),
            _ => list.replace("{id}", &case.application),
        };
        let orders: &[&str] = match list.as_str() {
            "/v1/approvals" => &["", "order=name", "order=fair&seed=s"],
            "/v1/register/{municipality}/{service}" => &["", "order=fair&seed=s"],
            _ => &[""],
        };
        for order in orders {
            for key in ["no such key", "0 \0 \0", "", "-1", "9999999999999999999999"] {
                let cursor = forge_cursor(&path, order, key);
                let ask = format!("{path}?{order}&cursor={cursor}");
                let answer = who(&path).get(&ask).await;
                assert_eq!(answer.status.as_u16(), 400, "{ask} {key:?}: {}", answer.text);
                let problem = answer.problem(400, "invalid-cursor");
                assert_eq!(problem["errors"][0]["parameter"], "cursor", "{ask} {key:?}");
            }
        }
    }
}

async fn no_parameter_and_no_path_may_hold_u_0000(world: World) {
    let id = "01970000-0000-7000-8000-000000000001";
    let auditor = world.auditor();
    for (method, path, names) in find_queries() {
        let path = path.replace("{id}", id).replace("{municipality}", "4204");
        let path = path.replace(['{', '}'], "");
        let method: Method = method.parse().unwrap();
        for name in names {
            let code = if name == "cursor" { "invalid-cursor" } else { "invalid-parameter" };
            let answer = auditor.request(method.clone(), &format!("{path}?{name}=a%00b"));
            let problem = answer.send().await.problem(400, code);
            assert_eq!(problem["errors"][0]["parameter"], name.as_str());
        }
    }
    for path in ["/v1/providers/%00", "/v1/register/4204/%00", "/v1/offerings/%00"] {
        auditor.get(path).await.problem(400, "invalid-identifier");
    }
}

async fn no_body_may_hold_u_0000(world: World) {
    let case = world.drafted_application().await;
    let (provider, editor) = (world.provider(), world.editor());
    let mut named = profile("Eksempel");
    named["name"] = json!("a\0b");
    let mut keyed = profile("Eksempel");
    keyed["a\0"] = json!(1);
    let draft = format!("/v1/offerings/{}/draft", case.offering);
    let application = format!("/v1/applications/{}", case.application);
    let me = format!("/v1/providers/{PROVIDER}");
    let patch = Method::PATCH;
    for (who, method, path, body, pointer) in [
        (&provider, Method::PUT, &me, named, "/name"),
        (&provider, Method::PUT, &me, keyed, "/a\0"),
        (&editor, patch.clone(), &draft, json!({"title": {"nb": "\0"}}), "/title/nb"),
        (
            &editor,
            patch.clone(),
            &draft,
            json!({"criteria": [{"code": "a\0"}]}),
            "/criteria/0/code",
        ),
        (&provider, patch, &application, json!({"zones": ["\0"]}), "/zones/0"),
    ] {
        let etag = who.get(path).await.expect(200).etag();
        let answer = who.act(method, path, &etag, Some(body)).await;
        assert_eq!(answer.pointers(), [pointer]);
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["errors"][0]["code"], "control-character");
    }
    let body = json!({"organisationNumbers": ["\0"]});
    let answer = world.anyone().post("/v1/approvals/lookup", body).await;
    answer.problem(422, "validation");
}

#[actix_web::test]
async fn null_stands_for_nothing_but_a_removal_in_a_merge_patch() {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let (provider, kari) = (world.provider(), world.case_worker());
    let seen = format!("/v1/approvals/{}/case", case.approval);
    let etag = kari.get(&seen).await.etag();
    let path = format!("/v1/approvals/{}/follow-ups", case.approval);
    let body = json!({"kind": "inspection", "plannedOn": null, "incident": "Klage."});
    let refused = kari.act(Method::POST, &path, &etag, Some(body)).await.expect(422);
    assert_eq!(refused.pointers(), ["/plannedOn"]);
    refused.problem(422, "wrong-type");

    let listing = format!("/v1/approvals/{}/listing", case.approval);
    let put = async |body: Value| {
        let etag = provider.get(&seen).await.etag();
        provider.act(Method::PATCH, &listing, &etag, Some(body)).await
    };
    let add_on = json!({
        "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"}, "unit": "hour"
    });
    put(json!({"capacity": "open", "addOns": [add_on.clone()]})).await.expect(200);
    let gone = put(json!({"addOns": null})).await.expect(200).json();
    put(json!({NEVER_REMOVED: null})).await.problem(422, "validation");
    assert_eq!(gone["listing"]["addOns"], json!([]));
    // A list is replaced whole: there is nothing in it that null could remove.
    let mut with_null = add_on;
    with_null["partOfMunicipalService"] = Value::Null;
    let refused = put(json!({"addOns": [with_null]})).await.expect(422);
    assert_eq!(refused.pointers(), ["/addOns/0/partOfMunicipalService"]);
}

/// The schema behind a reference, or itself.
fn whole<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next());
    named.map_or(schema, |name| &document["components"]["schemas"][name])
}

/// The one required field among those of all merge patches: it can be changed and not removed.
const NEVER_REMOVED: &str = "capacity";

fn may_be_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| {
        *kind == "null" || kind.as_array().is_some_and(|all| all.contains(&json!("null")))
    };
    let any = schema["oneOf"].as_array().into_iter().flatten();
    is_null(&schema["type"]) || any.into_iter().any(|one| is_null(&one["type"]))
}

#[test]
fn the_document_says_where_null_is_taken() {
    let document = document();
    let (mut bodies, mut patches) = (0, 0);
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let contents = operation["requestBody"]["content"].as_object().into_iter().flatten();
            for (kind, content) in contents {
                let form = whole(&document, &content["schema"]);
                let is_patch = kind == "application/merge-patch+json";
                for (name, property) in form["properties"].as_object().into_iter().flatten() {
                    let removable = is_patch && name != NEVER_REMOVED;
                    assert_eq!(may_be_null(property), removable, "{kind} {name}: {property}");
                }
                bodies += 1;
                if is_patch {
                    assert!(form.get("required").is_none_or(|it| *it == json!([])), "{form}");
                    patches += 1;
                }
            }
        }
    }
    assert!(bodies > 40 && patches == 4, "{bodies} {patches}");
}

#[actix_web::test]
async fn an_answer_names_a_hundred_faults_and_says_that_there_are_more() {
    let world = World::on_sqlite().await;
    let ask = async |count: usize| {
        let numbers = vec!["123"; count];
        let body = json!({"organisationNumbers": numbers});
        world.anyone().post("/v1/approvals/lookup", body).await.problem(422, "validation")
    };
    let some = ask(100).await;
    assert_eq!((some["errors"].as_array().unwrap().len(), some.get("moreErrors")), (100, None));
    let many = ask(101).await;
    assert_eq!(many["errors"].as_array().unwrap().len(), 100);
    assert_eq!(many["moreErrors"], true);
    let too_many = ask(50_000).await;
    assert_eq!(too_many["errors"].as_array().unwrap().len(), 1);
    assert_eq!(too_many["errors"][0]["code"], "too-many");
}
