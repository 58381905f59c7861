//! HelseID-style issuers: the health sector's people and systems.

use serde_json::{Value, json};

use super::scene::{PID, Scene};
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, PROVIDER, World},
};

const PARENT: &str = "helseid://claims/client/claims/orgnr_parent";
const LEVEL: &str = "helseid://claims/identity/security_level";

on_sqlite!(a_person_and_a_system_act_for_the_organisation_of_the_client);

/// Claims of a system without a person.
fn system(claims: &mut Value) {
    for name in ["sub", "name", "helseid://claims/identity/pid", LEVEL] {
        claims.as_object_mut().unwrap().remove(name);
    }
    claims[PARENT] = json!(PROVIDER);
    claims["scope"] = json!(["test:provider"]);
}

async fn a_person_and_a_system_act_for_the_organisation_of_the_client(world: World) {
    let scene = Scene::on(world, "helseid", |_| {}).await;
    scene.reads(&scene.token()).await.expect(200);
    scene.acts(&scene.token_with(system)).await.expect(200);
    let actor = [&format!("0192:{PROVIDER}"), &format!("Organisasjon {PROVIDER}"), PROVIDER];
    assert_eq!(scene.last_actor().await, actor.map(str::to_owned));
}

#[actix_web::test]
async fn the_organisation_of_the_client_must_be_told() {
    let scene = Scene::of("helseid").await;
    for wrong in [json!(null), json!("820852983"), json!([KRISTIANSAND])] {
        let token = scene.token_with(|claims| claims[PARENT] = wrong);
        scene.reads(&token).await.invalid("organisation of its client");
    }
}

#[actix_web::test]
async fn the_long_form_of_the_type_is_not_taken() {
    let scene = Scene::of("helseid").await;
    for typ in ["at+jwt", "JWT"] {
        scene.reads(&scene.token_under(|header| header["typ"] = json!(typ))).await.expect(200);
    }
    let token = scene.token_under(|header| header["typ"] = json!("application/at+jwt"));
    scene.reads(&token).await.invalid("typ");
}

#[actix_web::test]
async fn the_level_of_the_login_is_read_from_its_own_claim() {
    let scene = Scene::of("helseid").await;
    let decides = |level: Value| {
        scene.token_with(|claims| {
            claims["scope"] = json!("test:decide");
            claims[LEVEL] = level;
            claims["acr"] = json!("high");
        })
    };
    scene.decides(&decides(json!("4"))).await.problem(404, "not-found");
    scene.decides(&decides(json!("3"))).await.problem(403, "assurance-too-low");
    // Below the minimum level.
    scene.decides(&decides(json!("2"))).await.problem(403, "assurance-too-low");
    scene.decides(&decides(json!(null))).await.problem(403, "assurance-too-low");
}

#[actix_web::test]
async fn a_system_signs_no_decision() {
    let scene = Scene::of("helseid").await;
    let token = scene.token_with(|claims| {
        system(claims);
        claims[PARENT] = json!(KRISTIANSAND);
        claims["scope"] = json!("test:decide");
    });
    scene.decides(&token).await.problem(403, "assurance-too-low");
}

#[actix_web::test]
async fn the_number_of_the_person_is_kept_nowhere() {
    let scene = Scene::of("helseid").await;
    let token = scene.token_with(|claims| {
        claims[PARENT] = json!(PROVIDER);
        claims["scope"] = json!("test:provider");
    });
    scene.acts(&token).await.expect(200);
    let journal = scene.world.auditor().get("/v1/audit").await.text;
    assert!(!journal.contains(PID) && journal.contains("person:"), "{journal}");
}

#[actix_web::test]
async fn tokens_are_bound_to_a_key_unless_it_is_configured_otherwise() {
    let scene = Scene::with("helseid", |config| {
        config.as_object_mut().unwrap().remove("dpopRequired");
    })
    .await;
    scene.reads(&scene.token()).await.invalid("must be bound to a key");
}
