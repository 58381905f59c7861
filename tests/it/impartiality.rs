//! Impartiality: declared, left to the superior, challenged, ruled on; and staff of the own provider.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    appeals::{lodge, outcome},
    decisions::revoke_approval,
    on_sqlite,
    world::{
        KRISTIANSAND, Person, World,
        people::{Assessed, CRITERIA, possible, reasons, revocation, settings},
    },
};

on_sqlite!(
    a_declaration_says_on_which_ground_and_by_whom_it_is_decided,
    a_challenged_person_waits_for_the_ruling_of_another,
    two_challenges_do_not_stop_a_case,
    what_is_left_to_the_superior_is_ruled_on,
    a_subordinate_of_a_barred_superior_may_not_decide,
    nobody_of_the_own_provider_handles_its_cases,
    what_a_barred_person_assessed_is_assessed_again,
    warning_and_revoking_demand_impartiality_too,
    what_is_decided_about_a_revocation_belongs_to_the_approvals_case
);

/// Sends a command with the present revision of an application.
async fn post(who: &Person, application: &str, act: &str, body: Value) -> crate::world::Answer {
    let path = format!("/v1/applications/{application}");
    let etag = who.get(&path).await.expect(200).etag();
    who.act(Method::POST, &format!("{path}/{act}"), &etag, Some(body)).await
}

async fn a_declaration_says_on_which_ground_and_by_whom_it_is_decided(world: World) {
    let case = world.submitted_application().await;
    let kari = world.case_worker();
    let declare = |body: Value| post(&kari, &case.application, "impartiality", body);

    let board =
        json!({"impartial": true, "ground": "leads-or-sits-on-board", "note": "Bare vara."});
    let refused = declare(board).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "bars-outright");
    assert_eq!(declare(json!({"impartial": false})).await.expect(422).pointers(), ["/ground"]);
    let special = json!({"impartial": true, "ground": "special-circumstances"});
    assert_eq!(declare(special).await.expect(422).pointers(), ["/note"]);
    assert_eq!(declare(json!({"leftTo": "superior"})).await.expect(422).pointers(), ["/note"]);
    let both = json!({"leftTo": "superior", "impartial": true, "note": "Tvil."});
    assert_eq!(declare(both).await.expect(422).pointers(), ["/leftTo"]);
    let own = json!({"impartial": true, "superior": "Kari Case"});
    assert_eq!(declare(own).await.expect(422).pointers(), ["/superior"]);
    assert_eq!(declare(json!({})).await.expect(422).pointers(), ["/impartial"]);

    let weighed = json!({
        "impartial": true, "ground": "special-circumstances", "superior": "Siv Sjef",
        "note": "Lederens bror, men vi har aldri møttes."
    });
    let seen = declare(weighed).await.expect(200).json();
    let declaration = &seen["case"]["declarations"][0];
    assert_eq!(
        (&declaration["impartial"], &declaration["ground"]),
        (&json!(true), &json!("special-circumstances"))
    );
    assert_eq!(
        (&declaration["superior"], &declaration["by"]["subject"]),
        (&json!("Siv Sjef"), &json!("Kari Case"))
    );
    assert_eq!(declaration["at"], "2026-03-12T09:00:00Z");
    kari.starts_assessment(&case.application).await.expect(200);
}

async fn a_challenged_person_waits_for_the_ruling_of_another(world: World) {
    let case = world.submitted_application().await;
    let (kari, dag, per) = (world.case_worker(), world.decision_maker(), world.provider());
    kari.declares_impartiality(&case.application).await.expect(200);
    let challenge = |body: Value| post(&per, &case.application, "impartiality-challenges", body);
    assert_eq!(challenge(json!({})).await.expect(422).pointers(), ["/subject", "/reason"]);
    let body = json!({"name": "kari case", "reason": "Hun er svoger av en konkurrent."});
    let seen = challenge(body.clone()).await.expect(200).json();
    let recorded = &seen["case"]["challenges"][0];
    assert_eq!((&recorded["subject"], &recorded["settled"]), (&json!("Kari Case"), &json!(false)));
    post(&kari, &case.application, "impartiality-challenges", body)
        .await
        .problem(403, "role-missing");

    let start = || kari.starts_assessment(&case.application);
    start().await.problem(409, "impartiality-unsettled");
    let path = format!("/v1/applications/{}", case.application);
    assert!(!possible(&kari.get(&path).await.json()).contains(&"start-assessment".to_owned()));
    assert!(possible(&dag.get(&path).await.json()).contains(&"rule-on-impartiality".to_owned()));

    let rule = |body: Value| post(&dag, &case.application, "impartiality-rulings", body);
    assert_eq!(rule(json!({"subject": "Kari Case"})).await.expect(422).pointers(), ["/impartial"]);
    let unasked = json!({"subject": "Ida Lie", "impartial": true});
    rule(unasked).await.problem(409, "no-impartiality-question");
    let able = json!({
        "subject": "Kari Case", "impartial": true, "ground": "special-circumstances",
        "note": "Svogerskapet er til en annen leverandør."
    });
    let ruled = rule(able).await.expect(200).json();
    let ruling = &ruled["case"]["rulings"][0];
    assert_eq!(
        (&ruling["by"]["name"], &ruling["decidedBy"]),
        (&json!("Dag Decision"), &json!("ruling"))
    );
    assert_eq!(ruled["case"]["challenges"][0]["settled"], true);
    start().await.expect(200);
    let rows = world.auditor().audits().await;
    for kind in ["application.impartiality-challenged", "application.impartiality-ruled"] {
        assert_eq!(rows.iter().filter(|row| row["event"] == kind).count(), 1, "{kind}");
    }
}

async fn two_challenges_do_not_stop_a_case(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let (dag, per) = (world.decision_maker(), world.provider());
    let ida = world.person("Ida Decision", Role::DecisionMaker, KRISTIANSAND);
    ida.declares_impartiality(&case.application).await.expect(200);
    for name in ["Dag Decision", "Ida Decision"] {
        let challenge = json!({"name": name, "reason": "Eier en konkurrent."});
        post(&per, &case.application, "impartiality-challenges", challenge).await.expect(200);
    }
    let mut ruling = json!({"subject": "Ida Decision", "impartial": true});
    let rule = |body: Value| post(&dag, &case.application, "impartiality-rulings", body);
    rule(ruling.clone()).await.problem(409, "impartiality-unsettled");
    ruling["superior"] = "Kommunedirektøren".into();
    let ruled = rule(ruling).await.expect(200).json();
    let recorded = &ruled["case"]["rulings"][0];
    assert_eq!(
        (&recorded["decidedBy"], &recorded["superior"], &recorded["by"]["name"]),
        (&json!("outside-superior"), &json!("Kommunedirektøren"), &json!("Dag Decision"))
    );
    // Dag's superior cannot rule before the deadline, so he decides on the challenge against him alone.
    let own = |body: Value| post(&dag, &case.application, "impartiality", body);
    let alone = json!({"impartial": true, "withoutSuperior": "Vedtaket må sendes i dag."});
    let seen = own(alone.clone()).await.expect(200).json();
    let last = seen["case"]["declarations"].as_array().unwrap().last().unwrap();
    assert_eq!(last["withoutSuperior"], "Vedtaket må sendes i dag.");
    own(alone).await.problem(409, "no-impartiality-question");
    dag.decides(&case.application, json!({"outcome": "approve"})).await.expect(201);
}

async fn what_is_left_to_the_superior_is_ruled_on(world: World) {
    let case = world.submitted_application().await;
    let kari = world.case_worker();
    let siv = world.person("Siv Sjef", Role::DecisionMaker, KRISTIANSAND);
    let left =
        json!({"leftTo": "superior", "superior": "Siv Sjef", "note": "Gammel venn av eieren."});
    let seen = post(&kari, &case.application, "impartiality", left).await.expect(200).json();
    let declaration = &seen["case"]["declarations"][0];
    assert_eq!((&declaration["leftTo"], declaration.get("impartial")), (&json!("superior"), None));
    kari.starts_assessment(&case.application).await.problem(409, "impartiality-unsettled");
    let no = json!({
        "subject": "Kari Case", "impartial": false, "ground": "special-circumstances",
        "note": "Nært vennskap."
    });
    let ruled = post(&siv, &case.application, "impartiality-rulings", no).await.expect(200).json();
    assert_eq!(ruled["case"]["rulings"][0]["decidedBy"], "superior");
    // A ruling stays in force, whatever the person declares later.
    kari.declares_impartiality(&case.application).await.expect(200);
    kari.starts_assessment(&case.application).await.problem(403, "not-impartial");
}

async fn a_subordinate_of_a_barred_superior_may_not_decide(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let dag = world.decision_maker();
    let siv = world.person("Siv Sjef", Role::DecisionMaker, KRISTIANSAND);
    let under = json!({"impartial": true, "superior": "Siv Sjef"});
    post(&dag, &case.application, "impartiality", under).await.expect(200);
    let kin = json!({"impartial": false, "ground": "kin"});
    post(&siv, &case.application, "impartiality", kin).await.expect(200);
    let approve = json!({"outcome": "approve"});
    dag.decides(&case.application, approve.clone()).await.problem(403, "superior-not-impartial");
    let seen = dag.get(&format!("/v1/applications/{}", case.application)).await.json();
    let actions = seen["actions"].as_array().unwrap();
    let decide = actions.iter().find(|action| action["act"] == "decide").unwrap();
    assert_eq!(
        (&decide["possible"], &decide["code"]),
        (&json!(false), &json!("superior-not-impartial"))
    );
    let eva = world.person("Eva Erstatter", Role::DecisionMaker, KRISTIANSAND);
    eva.declares_impartiality(&case.application).await.expect(200);
    eva.decides(&case.application, approve).await.expect(201);
}

async fn nobody_of_the_own_provider_handles_its_cases(world: World) {
    let case = world.submitted_application().await;
    let kari = world.case_worker();
    kari.declares_impartiality(&case.application).await.expect(200);
    let path = "/v1/municipalities/4204";
    let mut settings = settings();
    settings["ownProviderStaff"] = json!(["Kari Case"]);
    let put =
        world.editor().act(Method::PUT, path, "\"1\"", Some(settings)).await.expect(200).json();
    assert_eq!(put["ownProviderStaff"], json!(["Kari Case"]));
    let public = world.anyone().get(path).await.expect(200).text;
    assert!(!public.contains("Kari Case"), "the list is nobody else's: {public}");
    let changes = world.anyone().get("/v1/changes").await.expect(200).text;
    assert!(!changes.contains("Kari Case"), "nor in the feed");

    kari.starts_assessment(&case.application).await.problem(403, "own-provider-staff");
    kari.declares_impartiality(&case.application).await.problem(403, "own-provider-staff");
    let honest = json!({"impartial": false, "ground": "own-provider-staff"});
    post(&kari, &case.application, "impartiality", honest).await.expect(200);
}

async fn what_a_barred_person_assessed_is_assessed_again(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let (kari, dag, per) = (world.case_worker(), world.decision_maker(), world.provider());
    let challenge = json!({"name": "Kari Case", "reason": "Hun er søster av en konkurrent."});
    post(&per, &case.application, "impartiality-challenges", challenge).await.expect(200);
    let barred = json!({"subject": "Kari Case", "impartial": false, "ground": "kin"});
    let ruled = post(&dag, &case.application, "impartiality-rulings", barred).await.expect(200);
    assert_eq!(ruled.json()["state"], "under-assessment");
    assert_eq!(ruled.json()["case"]["lines"], json!({}));
    let approve = json!({"outcome": "approve"});
    let refused = dag.decides(&case.application, approve.clone()).await;
    refused.problem(409, "review-incomplete");
    kari.assesses(&case.application, CRITERIA[0], "met").await.problem(403, "not-impartial");

    let liv = world.person("Liv Ny", Role::CaseWorker, KRISTIANSAND);
    liv.declares_impartiality(&case.application).await.expect(200);
    for criterion in CRITERIA {
        liv.assesses(&case.application, criterion, "met").await.expect(200);
    }
    dag.decides(&case.application, approve).await.expect(201);
}

async fn warning_and_revoking_demand_impartiality_too(world: World) {
    let case = world.send_notice().await;
    let (dag, kari, per) = (world.decision_maker(), world.case_worker(), world.provider());
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = world.anyone().get(&path).await.etag();
    let say = async |who: &Person, act: &str, body: Value| {
        who.act(Method::POST, &format!("{path}/{act}"), &etag, Some(body)).await
    };
    per.replies(&case.notice).await.expect(200);
    let eva = world.person("Eva Ny", Role::DecisionMaker, KRISTIANSAND);
    let revoke = revocation(&case.notice, "terms-breach");
    eva.revokes(&case.approval, revoke.clone()).await.problem(409, "impartiality-not-declared");
    let ida = world.person("Ida Ny", Role::CaseWorker, KRISTIANSAND);
    ida.warns(&case.approval, "terms-breach").await.problem(409, "impartiality-not-declared");

    // The provider demands a ruling on the person who would revoke.
    let challenge = json!({"name": "Dag Decision", "reason": "Han eier en konkurrent."});
    say(&world.other_provider(), "impartiality-challenges", challenge.clone())
        .await
        .problem(404, "not-found");
    say(&per, "impartiality-challenges", challenge).await.expect(200);
    dag.revokes(&case.approval, revoke.clone()).await.problem(409, "impartiality-unsettled");
    let barred = json!({"name": "Dag Decision", "impartial": false, "ground": "party"});
    say(&dag, "impartiality-rulings", barred.clone()).await.problem(403, "ruling-on-oneself");
    let ruled = say(&eva, "impartiality-rulings", barred).await.expect(200).json_without_actions();
    assert_eq!(ruled["rulings"][0]["subject"], "Dag Decision");
    dag.revokes(&case.approval, revoke.clone()).await.problem(403, "not-impartial");
    let seen = kari.get(&format!("{path}/case")).await.expect(200).json();
    assert_eq!(seen["impartiality"], ruled, "kept with the approval");

    // Neither the public resource nor its revision has changed.
    assert_eq!(world.anyone().get(&path).await.etag(), etag);
    let feed = world.anyone().get("/v1/changes").await.expect(200).text;
    assert!(!feed.contains("impartiality"));
    eva.declares_impartiality_after(&case.approval).await.expect(200);
    eva.revokes(&case.approval, revoke).await.expect(201);
}

async fn what_is_decided_about_a_revocation_belongs_to_the_approvals_case(world: World) {
    let (case, decision) = revoke_approval(&world).await;
    // Both are impartial in the application's case; one has become a member of the provider's board since.
    let bo = world.person("Bo Board", Role::DecisionMaker, KRISTIANSAND);
    let liv = world.person("Liv Ny", Role::CaseWorker, KRISTIANSAND);
    for person in [&bo, &liv] {
        person.declares_impartiality(&case.application).await.expect(200);
    }
    let defer = json!({"granted": true, "reasons": reasons()});
    let reverse = json!({"ground": "invalid", "reasons": reasons()});
    decision.act(&bo, "deferral", defer.clone()).await.problem(409, "impartiality-not-declared");
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = world.case_worker().get(&format!("{path}/case")).await.expect(200).etag();
    let board = json!({"impartial": false, "ground": "leads-or-sits-on-board"});
    bo.act(Method::POST, &format!("{path}/impartiality"), &etag, Some(board)).await.expect(200);
    decision.act(&bo, "deferral", defer).await.problem(403, "not-impartial");
    decision.act(&bo, "reversal", reverse).await.problem(403, "not-impartial");
    assert_eq!(possible(&decision.seen_by(&bo).await), ["prolong", "correct"]);

    let lodged = lodge(&world, &decision).await;
    lodged.act(&liv, "admission", json!({})).await.problem(409, "impartiality-not-declared");
    liv.declares_impartiality_after(&case.approval).await.expect(200);
    lodged.forward(&world).await;
    lodged.act(&bo, "outcome", outcome(&world, "upheld")).await.problem(403, "not-impartial");
    let ida = world.person("Ida Decision", Role::DecisionMaker, KRISTIANSAND);
    ida.declares_impartiality_after(&case.approval).await.expect(200);
    lodged.act(&ida, "outcome", outcome(&world, "upheld")).await.expect(201);
}
