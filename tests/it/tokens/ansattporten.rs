//! Ansattporten: people, and the organisations that they represent.

use serde_json::{Value, json};

use super::scene::{PID, Scene, organisation};
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, PROVIDER, World},
};

on_sqlite!(a_person_acts_for_the_organisation_that_was_chosen);

/// A token with this as its only authorization detail.
fn issue_token(scene: &Scene, detail: Value) -> String {
    scene.token_with(|claims| claims["authorization_details"] = json!([detail]))
}

/// The older shape, of services in Altinn 2, with these rights for the provider.
fn reportee(rights: &[&str]) -> Value {
    json!({
        "type": "ansattporten:altinn:service", "resource": "urn:altinn:resource:2480:40",
        "reportees": [{
            "Rights": rights, "Authority": "iso6523-actorid-upis",
            "ID": format!("0192:{PROVIDER}"), "Name": "Eksempel Assistanse AS",
        }],
    })
}

async fn a_person_acts_for_the_organisation_that_was_chosen(world: World) {
    let scene = Scene::on(world, "ansattporten", |_| {}).await;
    scene.reads(&scene.token()).await.expect(200);
    scene.acts(&issue_token(&scene, reportee(&["Read", "Write"]))).await.expect(200);
    let [key, name, organisation] = scene.last_actor().await;
    assert!(key.starts_with("person:"), "{key}");
    assert_eq!((name.as_str(), organisation.as_str()), ("Kari Case", PROVIDER));
    let journal = scene.world.auditor().get("/v1/audit").await.text;
    assert!(!journal.contains(PID), "the number is kept nowhere");
}

#[actix_web::test]
async fn whoever_represents_nobody_has_no_rights() {
    let scene = Scene::of("ansattporten").await;
    let without = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("authorization_details");
    };
    scene.reads(&scene.token_with(without)).await.not_entitled("represents no organisation");
    for nothing in [json!([]), json!([{}]), json!([null])] {
        let token = scene.token_with(|claims| claims["authorization_details"] = nothing);
        scene.reads(&token).await.not_entitled("represents no organisation");
    }
}

#[actix_web::test]
async fn the_scope_is_needed_beside_the_resource() {
    let scene = Scene::of("ansattporten").await;
    let token = scene.token_with(|claims| claims["scope"] = json!("openid"));
    scene.reads(&token).await.not_entitled("represents no organisation");
}

#[actix_web::test]
async fn resource_and_organisation_stand_in_the_same_element() {
    let scene = Scene::of("ansattporten").await;
    let party =
        |resource: Value| json!({"orgno": organisation(KRISTIANSAND), "resource": resource});
    let detail = |outer: Value, inner: Value| {
        let mut detail =
            json!({"type": "ansattporten:altinn:resource", "authorized_parties": [party(inner)]});
        detail["resource"] = outer;
        detail
    };
    let ours = "urn:altinn:resource:work";
    let none = |mut detail: Value, path: &str| {
        match path {
            "outer" => detail.as_object_mut().unwrap().remove("resource"),
            _ => detail["authorized_parties"][0].as_object_mut().unwrap().remove("resource"),
        };
        detail
    };
    let good = detail(json!(ours), json!(ours));
    for good in [good.clone(), none(good.clone(), "outer"), none(good.clone(), "inner")] {
        scene.reads(&issue_token(&scene, good)).await.expect(200);
    }
    let bare = none(none(good, "outer"), "inner");
    for wrong in [
        detail(json!("urn:altinn:resource:other"), json!(ours)),
        detail(json!(ours), json!("urn:altinn:resource:other")),
        detail(json!(ours), json!(null)),
        bare,
    ] {
        scene.reads(&issue_token(&scene, wrong)).await.not_entitled("represents no organisation");
    }
    // One element has the resource, another the organisation.
    let split = json!([
        {"type": "ansattporten:altinn:resource", "resource": ours, "authorized_parties": []},
        {
            "type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:other",
            "authorized_parties": [{"orgno": organisation(KRISTIANSAND)}],
        },
    ]);
    let token = scene.token_with(|claims| claims["authorization_details"] = split);
    scene.reads(&token).await.not_entitled("represents no organisation");
}

#[actix_web::test]
async fn the_type_must_be_that_of_the_grant() {
    let scene = Scene::of("ansattporten").await;
    for kind in [json!("ansattporten:altinn:service"), json!("other"), json!(null)] {
        let token = scene.token_with(|claims| claims["authorization_details"][0]["type"] = kind);
        scene.reads(&token).await.not_entitled("represents no organisation");
    }
}

#[actix_web::test]
async fn rights_to_read_in_the_older_shape_do_not_act() {
    let scene = Scene::of("ansattporten").await;
    for rights in [&["Read"][..], &[]] {
        let token = issue_token(&scene, reportee(rights));
        scene.reads(&token).await.expect(200);
        scene.acts(&token).await.problem(403, "read-only-token");
    }
}

#[actix_web::test]
async fn people_and_foreign_registers_are_no_organisations() {
    let scene = Scene::of("ansattporten").await;
    for (authority, id) in [
        ("iso6523-actorid-upis", format!("9908:{PROVIDER}")),
        ("other", format!("0192:{PROVIDER}")),
        ("iso6523-actorid-upis", PID.to_owned()),
    ] {
        let mut detail = reportee(&["Write"]);
        detail["reportees"][0]["Authority"] = json!(authority);
        detail["reportees"][0]["ID"] = json!(id);
        scene.reads(&issue_token(&scene, detail)).await.not_entitled("represents no organisation");
    }
}

#[actix_web::test]
async fn whoever_represents_several_must_choose_one() {
    let scene = Scene::of("ansattporten").await;
    let token = scene.token_with(|claims| {
        let details = claims["authorization_details"].as_array_mut().unwrap();
        details.push(reportee(&["Write"]));
    });
    scene.reads(&token).await.not_entitled("several organisations");
}

#[actix_web::test]
async fn a_work_account_is_read_in_both_its_shapes() {
    let scene = Scene::with("ansattporten", |config| {
        config["leastAssurance"] = json!("none");
        config["grants"] = json!([
            {"role": "case-worker", "scope": "test:work", "type": "ansattporten:orgno"},
            {"role": "decision-maker", "scope": "test:work", "type": "ansattporten:orgno"},
        ]);
    })
    .await;
    let direct = json!({"type": "ansattporten:orgno", "orgno": organisation(KRISTIANSAND)});
    let inside = json!({
        "type": "ansattporten:orgno",
        "authorized_parties": [{"orgno": organisation(KRISTIANSAND), "name": "Kristiansand"}],
    });
    for detail in [direct, inside] {
        let token = scene.token_with(|claims| {
            claims["authorization_details"] = json!([detail]);
            claims["acr"] = json!("entraid");
        });
        scene.reads(&token).await.expect(200);
        // A work account is not sure enough for a decision.
        scene.decides(&token).await.problem(403, "assurance-too-low");
    }
}

#[actix_web::test]
async fn a_person_is_the_same_whatever_client_was_used() {
    let scene = Scene::of("ansattporten").await;
    let key = |sub: &str, pid: &str| {
        let token = scene.token_with(|claims| {
            claims["sub"] = json!(sub);
            claims["pid"] = json!(pid);
        });
        let bearer = godkjent::api::auth::PresentedToken::Bearer(&token);
        let (holder, _) =
            scene.world.components.tokens.identify(bearer, scene.world.now()).unwrap();
        holder.callers[0].actor.subject.to_string()
    };
    assert_eq!(key("pairwise-1", PID), key("pairwise-2", PID));
    assert_ne!(key("pairwise-1", PID), key("pairwise-1", "02810199998"));
    let without = scene.token_with(|claims| {
        claims.as_object_mut().unwrap().remove("pid");
    });
    scene.reads(&without).await.invalid("(pid)");
}

#[actix_web::test]
async fn whoever_has_no_name_signs_no_decision() {
    let scene = Scene::of("ansattporten").await;
    let token = |name: bool| {
        scene.token_with(|claims| {
            let detail = &mut claims["authorization_details"][0];
            detail["resource"] = json!("urn:altinn:resource:decide");
            detail["authorized_parties"][0]["resource"] = json!("urn:altinn:resource:decide");
            if !name {
                claims.as_object_mut().unwrap().remove("name");
            }
        })
    };
    scene.decides(&token(true)).await.problem(404, "not-found");
    scene.decides(&token(false)).await.not_entitled("no role");
}
