//! A case in progress: the preliminary answer, the link to a predecessor, the possible actions.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, Person, World,
        people::{Assessed, possible},
    },
};

on_both_databases!(
    a_merged_provider_needs_a_new_application_linked_to_the_old_approval,
    each_role_sees_its_acts_and_why_not;
    sqlite_alone:
    an_applicant_is_told_within_a_month_when_the_case_will_be_decided
);

async fn post(who: &Person, path: &str, act: &str, body: Value) -> Answer {
    let etag = who.get(path).await.expect(200).etag();
    who.act(Method::POST, &format!("{path}/{act}"), &etag, Some(body)).await
}

async fn an_applicant_is_told_within_a_month_when_the_case_will_be_decided(world: World) {
    let case = world.submitted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    let (kari, per) = (world.case_worker(), world.provider());
    // Received on 12 March 2026; 12 April is a Sunday and is not moved on.
    assert_eq!(per.get(&path).await.json()["preliminaryAnswerDue"], "2026-04-12");
    let answer = |body: Value| post(&kari, &path, "preliminary-answer", body);
    let body = json!({"expectedBy": "2026-05-29", "text": "Vi har mange søknader."});
    answer(body.clone()).await.problem(409, "impartiality-not-declared");
    kari.declares_impartiality(&case.application).await.expect(200);
    assert_eq!(answer(json!({})).await.expect(422).pointers(), ["/expectedBy", "/text"]);
    let past = json!({"expectedBy": "2026-03-12", "text": "I dag."});
    assert_eq!(answer(past).await.expect(422).pointers(), ["/expectedBy"]);
    post(&per, &path, "preliminary-answer", body.clone()).await.problem(403, "role-missing");
    answer(body).await.expect(200);
    let seen = per.get(&path).await.json();
    let sent = &seen["case"]["preliminaryAnswers"][0];
    assert_eq!(sent["expectedBy"], "2026-05-29");
    assert_eq!(
        (&sent["sentAt"], &seen["preliminaryAnswerDue"]),
        (&json!("2026-03-12T09:00:00Z"), &json!("2026-05-29"))
    );
    world.set_clock("2026-05-20T09:00:00Z");
    let kari = world.case_worker();
    let delay = json!({"expectedBy": "2026-06-30", "text": "Saksbehandleren er syk."});
    let twice = post(&kari, &path, "preliminary-answer", delay).await.expect(200).json();
    assert_eq!(twice["case"]["preliminaryAnswers"].as_array().unwrap().len(), 2);
}

async fn a_merged_provider_needs_a_new_application_linked_to_the_old_approval(world: World) {
    let case = world.create_contract().await;
    let (pia, per) = (world.other_provider(), world.provider());
    let application = pia.drafts_application(&case.offering).await;
    let unknown = json!({"succeeds": uuid::Uuid::nil()});
    let refused = pia.patches_application(&application, unknown).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "unknown-approval");
    let link = json!({"succeeds": case.approval});
    let linked = pia.patches_application(&application, link.clone()).await.expect(200).json();
    assert_eq!((&linked["succeeds"], &linked["state"]), (&json!(case.approval), &json!("draft")));
    let again = per.drafts_application(&case.offering).await;
    let own = per.patches_application(&again, link).await.expect(422);
    assert_eq!(own.json()["errors"][0]["code"], "same-organisation");

    // It is assessed like any other, and both sides see the link; the old approval is unchanged.
    pia.completes(&application).await;
    pia.submits(&application).await.expect(200);
    let path = format!("/v1/applications/{application}");
    for who in [&pia, &world.case_worker()] {
        let seen = who.get(&path).await.expect(200).json();
        assert_eq!(
            (&seen["succeeds"], &seen["state"]),
            (&json!(case.approval), &json!("submitted"))
        );
    }
    let old = world.anyone().get(&format!("/v1/approvals/{}", case.approval)).await.json();
    assert_eq!(
        (&old["status"], &old["provider"]),
        (&json!("active"), &json!(crate::world::PROVIDER))
    );
}

async fn each_role_sees_its_acts_and_why_not(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let path = format!("/v1/applications/{}", case.application);
    let (kari, dag, per) = (world.case_worker(), world.decision_maker(), world.provider());
    let seen = kari.get(&path).await.json();
    assert_eq!(
        possible(&seen),
        [
            "declare-impartiality",
            "assess",
            "send-preliminary-answer",
            "request-completion",
            "disclose-information"
        ]
    );
    let start = &seen["actions"][1];
    assert_eq!(
        (&start["act"], &start["code"]),
        (&json!("start-assessment"), &json!("illegal-transition"))
    );
    assert!(start["because"].as_str().unwrap().contains("ready"));
    assert_eq!(
        possible(&dag.get(&path).await.json()),
        ["declare-impartiality", "decide", "dismiss"]
    );
    assert_eq!(
        possible(&per.get(&path).await.json()),
        ["withdraw", "challenge-impartiality"],
        "no newer version is published"
    );
    // A list has the same content as the single resource.
    let listed = dag.get("/v1/applications").await.json();
    assert_eq!(listed["items"][0]["actions"], dag.get(&path).await.json()["actions"]);
}
