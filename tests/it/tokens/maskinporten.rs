//! Maskinporten: consumers, suppliers, system users.

use serde_json::{Value, json};

use super::scene::{Scene, organisation};
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, OTHER_PROVIDER, PROVIDER, World},
};

on_sqlite!(the_consumer_is_the_tenant_and_acts, a_supplier_acts_for_the_consumer);

async fn the_consumer_is_the_tenant_and_acts(world: World) {
    let scene = Scene::on(world, "maskinporten", |_| {}).await;
    scene.reads(&scene.token()).await.expect(200);
    scene.acts(&scene.token()).await.expect(200);
    let actor = [&format!("0192:{PROVIDER}"), &format!("Organisasjon {PROVIDER}"), PROVIDER];
    assert_eq!(scene.last_actor().await, actor.map(str::to_owned));
}

/// Claims of a supplier for the consumer.
fn delegate(claims: &mut Value) {
    claims["supplier"] = organisation(OTHER_PROVIDER);
    claims["delegation_source"] = json!("https://www.altinn.no/");
}

async fn a_supplier_acts_for_the_consumer(world: World) {
    let scene = Scene::on(world, "maskinporten", |_| {}).await;
    scene.acts(&scene.token_with(delegate)).await.expect(200);
    let actor =
        [&format!("0192:{OTHER_PROVIDER}"), &format!("Organisasjon {OTHER_PROVIDER}"), PROVIDER];
    assert_eq!(scene.last_actor().await, actor.map(str::to_owned));
}

#[actix_web::test]
async fn a_consumer_that_is_a_municipality_handles_cases() {
    let scene = Scene::of("maskinporten").await;
    let token = scene.token_with(|claims| {
        claims["consumer"] = organisation(KRISTIANSAND);
        claims["scope"] = json!("test:work");
    });
    scene.reads(&token).await.expect(200);
    let provider = scene.token_with(|claims| claims["scope"] = json!("test:work"));
    scene.reads(&provider).await.problem(403, "not-a-municipality");
}

#[actix_web::test]
async fn the_consumer_must_be_a_norwegian_organisation() {
    let scene = Scene::of("maskinporten").await;
    let id = |authority: &str, id: &str| json!({"authority": authority, "ID": id});
    let upis = "iso6523-actorid-upis";
    for wrong in [
        json!(null),
        json!(PROVIDER),
        json!({}),
        json!({"ID": format!("0192:{PROVIDER}")}),
        id("iso6523", &format!("0192:{PROVIDER}")),
        id(upis, &format!("9908:{PROVIDER}")),
        id(upis, &format!("0007:{PROVIDER}")),
        id(upis, PROVIDER),
        id(upis, "0192"),
        id(upis, "0192:313000029"),
        id(upis, &format!("0192:{PROVIDER}:a:b:c")),
        id(upis, &format!(" 0192:{PROVIDER}")),
    ] {
        let token = scene.token_with(|claims| claims["consumer"] = wrong);
        scene.reads(&token).await.invalid("consumer is not");
    }
    for good in [format!("0192:{PROVIDER}:a"), format!("0192:{PROVIDER}:a:b")] {
        let token = scene.token_with(|claims| claims["consumer"] = id(upis, &good));
        scene.reads(&token).await.expect(200);
    }
}

#[actix_web::test]
async fn the_client_is_not_whom_it_acts_for() {
    let scene = Scene::of("maskinporten").await;
    let token = scene.token_with(|claims| {
        claims["client_id"] = json!(OTHER_PROVIDER);
        claims["client_orgno"] = json!(OTHER_PROVIDER);
        claims["sub"] = json!(OTHER_PROVIDER);
    });
    scene.acts(&token).await.expect(200);
    assert_eq!(scene.last_actor().await[2], PROVIDER);
}

#[actix_web::test]
async fn a_delegation_comes_from_a_register_that_is_trusted() {
    let scene = Scene::of("maskinporten").await;
    for wrong in [json!("https://www.altinn.no"), json!("https://evil.example/"), json!(null)] {
        let token = scene.token_with(|claims| {
            delegate(claims);
            claims["delegation_source"] = wrong;
        });
        scene.acts(&token).await.not_entitled("delegation_source");
    }
    let token = scene.token_with(|claims| {
        delegate(claims);
        claims.as_object_mut().unwrap().remove("delegation_source");
    });
    scene.acts(&token).await.not_entitled("delegation_source");
    for wrong in [json!(null), json!({}), json!(OTHER_PROVIDER)] {
        let token = scene.token_with(|claims| {
            delegate(claims);
            claims["supplier"] = wrong;
        });
        scene.acts(&token).await.invalid("supplier is not");
    }
    let token = scene.token_with(|claims| {
        delegate(claims);
        claims.as_object_mut().unwrap().remove("supplier");
    });
    scene.acts(&token).await.invalid("supplier is not");
}

#[actix_web::test]
async fn suppliers_can_be_kept_out() {
    let scene = Scene::with("maskinporten", |config| {
        config["suppliers"] = json!(false);
        config["delegationSources"] = json!([]);
    })
    .await;
    scene.reads(&scene.token()).await.expect(200);
    scene.reads(&scene.token_with(delegate)).await.not_entitled("Suppliers are not let in");
}

/// Claims of a system user: the consumer is the vendor of the system.
fn system_user(claims: &mut Value) {
    claims["consumer"] = organisation(OTHER_PROVIDER);
    claims["authorization_details"] = json!([{
        "type": "urn:altinn:systemuser", "systemuser_id": ["c0ffee"],
        "systemuser_org": organisation(PROVIDER), "system_id": "other_system",
    }]);
}

#[actix_web::test]
async fn a_system_user_reads_for_its_customer_and_never_for_its_vendor() {
    let scene = Scene::of("maskinporten").await;
    let token = scene.token_with(system_user);
    scene.reads(&token).await.expect(200);
    let bearer = godkjent::api::auth::PresentedToken::Bearer(&token);
    let (holder, _) = scene.world.components.tokens.identify(bearer, scene.world.now()).unwrap();
    let [caller] = holder.callers.try_into().unwrap();
    assert_eq!(caller.organisation.as_str(), PROVIDER);
    assert_eq!(caller.actor.subject.as_str(), format!("0192:{OTHER_PROVIDER}"));
}

#[actix_web::test]
async fn a_system_user_does_not_act_where_nobody_can_say_that_it_may() {
    let scene = Scene::of("maskinporten").await;
    scene.acts(&scene.token_with(system_user)).await.problem(403, "read-only-token");
}

#[actix_web::test]
async fn system_users_are_let_in_where_configured() {
    let scene = Scene::with("maskinporten", |config| config["systemUsers"] = json!(false)).await;
    scene.reads(&scene.token_with(system_user)).await.not_entitled("System users are not let in");
}

#[actix_web::test]
async fn a_system_user_must_be_one_and_name_its_customer() {
    let scene = Scene::of("maskinporten").await;
    let changed = |change: &dyn Fn(&mut Value)| {
        scene.token_with(|claims| {
            system_user(claims);
            change(&mut claims["authorization_details"]);
        })
    };
    let nobody = changed(&|it| drop(it[0].as_object_mut().unwrap().remove("systemuser_org")));
    scene.reads(&nobody).await.invalid("systemuser_org");
    let wrong = changed(&|it| it[0]["systemuser_org"]["ID"] = json!("9908:313000028"));
    scene.reads(&wrong).await.invalid("systemuser_org");
    let other = changed(&|it| it[0]["type"] = json!("urn:altinn:other"));
    scene.reads(&other).await.not_entitled("type that is not known");
    let two = changed(&|it| *it = json!([it[0], it[0]]));
    scene.reads(&two).await.not_entitled("several system users");
    let odd = changed(&|it| *it = json!("x"));
    scene.reads(&odd).await.invalid("must be a list");
    let supplied = scene.token_with(|claims| {
        system_user(claims);
        delegate(claims);
    });
    scene.reads(&supplied).await.not_entitled("without supplier");
}

#[actix_web::test]
async fn a_token_of_a_person_who_logged_in_elsewhere_is_not_taken() {
    let scene = Scene::of("maskinporten").await;
    let token = scene.token_with(|claims| claims["pid"] = json!(super::scene::PID));
    scene.reads(&token).await.not_entitled("(pid)");
}

#[actix_web::test]
async fn a_token_for_nobody_in_particular_reads_and_does_not_act() {
    let scene = Scene::of("maskinporten").await;
    let absent = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("aud"));
    let unspecified = |claims: &mut Value| claims["aud"] = json!("unspecified");
    for token in [scene.token_with(absent), scene.token_with(unspecified)] {
        scene.reads(&token).await.expect(200);
        let problem = scene.acts(&token).await.problem(403, "read-only-token");
        assert!(problem["detail"].as_str().unwrap().contains("aud"), "{problem}");
    }
    let other = scene.token_with(|claims| claims["aud"] = json!("https://other.example"));
    scene.reads(&other).await.invalid("not meant for this registry");
}

#[actix_web::test]
async fn a_token_for_nobody_in_particular_reads_only_where_configured() {
    let scene = Scene::with("maskinporten", |s| s["readsWithoutAudience"] = json!(false)).await;
    let token = scene.token_with(|claims| claims["aud"] = json!("unspecified"));
    scene.reads(&token).await.invalid("not meant for this registry");
}

#[actix_web::test]
async fn the_metadata_are_where_maskinporten_has_them() {
    // The issuer's name ends with a slash, and the document is that of an authorization server.
    let scene = Scene::of("maskinporten").await;
    assert!(scene.issuer.name.ends_with('/'));
    assert_eq!(scene.issuer.count_fetches(), 1);
    let token = scene.token_with(|c| c["iss"] = json!(scene.issuer.name.trim_end_matches('/')));
    scene.reads(&token).await.invalid("issuer is not trusted");
}
