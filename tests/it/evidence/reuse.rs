//! Reuse: the second application needs only the evidence that the first did not have.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        BAERUM, Person, World, bpa_content,
        files::{metadata, pdf},
        people::{CRITERIA, SERVICE, id},
    },
};

on_both_databases!(
    the_second_application_in_another_municipality_needs_only_the_delta,
    the_files_of_one_case_have_a_limit_together,
);

/// Coverage of a draft by its provider's files: covered and uncovered criteria.
async fn coverage(who: &Person, application: &str) -> (Vec<String>, Vec<String>) {
    let view = who.get(&format!("/v1/applications/{application}")).await.expect(200).json();
    let all = view["coverage"].as_array().unwrap().clone();
    let (yes, no): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it["covered"] == true);
    let names = |them: Vec<Value>| {
        them.iter().map(|it| it["criterion"].as_str().unwrap().to_owned()).collect()
    };
    (names(yes), names(no))
}

/// Attaches every fitting file, and answers every criterion; returns the missing rest.
async fn shows_what_fits(who: &Person, application: &str) -> Vec<String> {
    let path = format!("/v1/applications/{application}");
    let patch = json!({
        "contact": {"name": "Ola Eksempel", "email": "ola@example.no"}, "zones": ["whole"]
    });
    who.patches_application(application, patch).await.expect(200);
    for criterion in CRITERIA {
        let etag = who.get(&path).await.etag();
        let answer = format!("{path}/answers/{criterion}");
        let body = Some(json!({"declaredMet": true}));
        who.act(Method::PUT, &answer, &etag, body).await.expect(200);
    }
    let view = who.get(&path).await.expect(200).json();
    for covered in view["coverage"].as_array().unwrap() {
        let criterion = covered["criterion"].as_str().unwrap();
        for kind in covered["evidence"].as_array().unwrap() {
            if let Some(file) = kind["evidenceIds"][0].as_str() {
                who.shows(application, criterion, file).await.expect(200);
            }
        }
    }
    let view = who.get(&path).await.expect(200).json();
    let missing = view["missing"].as_array().unwrap();
    missing.iter().map(|it| it["detail"].as_str().unwrap().to_owned()).collect()
}

async fn the_second_application_in_another_municipality_needs_only_the_delta(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let routine = "police-certificate-routine";
    let (yes, no) = coverage(&me, &case.application).await;
    assert_eq!(
        (yes.len(), no),
        (0, vec!["tax-certificate".to_owned(), routine.to_owned(), "contingency-plan".to_owned()])
    );
    let tax = me.gives_pdf("tax-certificate").await;
    me.gives_pdf("contingency-plan").await;
    let (yes, no) = coverage(&me, &case.application).await;
    assert_eq!(
        (yes, no),
        (
            vec!["tax-certificate".to_owned(), "contingency-plan".to_owned()],
            vec![routine.to_owned()]
        )
    );
    let missing = shows_what_fits(&me, &case.application).await;
    assert_eq!(missing.len(), 1, "{missing:?}");
    let seen = json!({
        "criterion": routine, "kind": "police-certificate", "title": "Sett", "issuedOn": "2026-02-20"
    });
    me.attaches(&case.application, seen.clone()).await.expect(200);
    me.submits(&case.application).await.expect(200);
    let own = me.get(&format!("/v1/applications/{}", case.application)).await.json();
    assert_eq!(own.get("coverage"), None, "nothing can be attached now");

    // B\u{e6}rum requires an insurance beside the criteria of Kristiansand.
    let mut content = bpa_content();
    let criteria = content["criteria"].as_array_mut().unwrap();
    let tax_criterion = criteria.iter_mut().find(|it| it["code"] == "tax-certificate").unwrap();
    let mut rule = tax_criterion["evidence"][0].clone();
    rule["kind"] = json!("insurance");
    tax_criterion["evidence"].as_array_mut().unwrap().push(rule);
    let town = world.town(BAERUM);
    town.editor.sets_up("3201").await.expect(200);
    let offering = town.publish(SERVICE, content).await;
    let second = me.drafts_application(&offering).await;
    let missing = shows_what_fits(&me, &second).await;
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(missing[0].contains("insurance") && missing[1].contains("police-certificate"));
    let insurance = me.gives_pdf("insurance").await;
    me.shows(&second, "tax-certificate", &insurance).await.expect(200);
    me.attaches(&second, seen).await.expect(200);
    me.submits(&second).await.expect(200);
    for file in [&tax, &insurance] {
        town.case_worker.fetches(file).await.expect(200);
    }
    world.case_worker().fetches(&tax).await.expect(200);
    world.case_worker().fetches(&insurance).await.problem(404, "not-found");

    // Half a year later the certificate is too old, and covers nothing.
    world.set_clock("2026-10-01T09:00:00Z");
    let third = world.town(crate::world::KRISTIANSAND);
    let offering = third.publish("practical-help", bpa_content()).await;
    let third = me.drafts_application(&offering).await;
    let (_, no) = coverage(&me, &third).await;
    assert!(no.contains(&"tax-certificate".to_owned()), "{no:?}");
}

async fn the_files_of_one_case_have_a_limit_together(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let mut files = vec![];
    for _ in 0..2 {
        let given = me.gives(metadata("tax-certificate"), &pdf(900_000)).await.expect(201);
        files.push(id(&given));
    }
    me.shows(&case.application, "tax-certificate", &files[0]).await.expect(200);
    let over = me.shows(&case.application, "tax-certificate", &files[1]).await;
    over.problem(413, "case-files-too-large");
    me.shows(&case.application, "contingency-plan", &files[0]).await.expect(200);
}
