//! The main story, end to end: from a published offering to an approved and a revoked provider.
//!
//! Over HTTP, on both databases. Each command is first rejected for everyone without the right. `cargo test
//! story -- --nocapture` prints it.

mod approval;
mod ending;

use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_both_databases, rebuild,
    world::{
        Answer, OTHER_PROVIDER, PROVIDER, World, bpa_content,
        guarded::Act,
        people::{CRITERIA, Case, EVIDENCE, SERVICE, evidence, id, possible, profile, settings},
    },
};

on_both_databases!(the_whole_story);

async fn the_whole_story(world: World) {
    world.set_clock("2026-03-10T08:15:00Z");
    let offering = an_offering_is_published(&world).await;
    let mut case = a_provider_applies(&world, offering).await;
    world.set_clock("2026-03-12T09:00:00Z");
    the_case_worker_assesses(&world, &case).await;
    case.approval = approval::another_person_approves(&world, &case).await;
    world.set_clock("2026-03-13T10:00:00Z");
    approval::the_contract_makes_it_public(&world, &case).await;
    approval::a_second_provider_is_refused(&world, &case).await;
    world.set_clock("2026-03-16T12:00:00Z");
    case.notice = ending::the_provider_is_warned(&world, &case).await;
    ending::it_replies_and_is_revoked(&world, &case).await;
    ending::the_journal_has_it_all(&world, &case).await;
    rebuild::is_equal(&world, 8).await;
}

/// One line of the story.
fn tell(line: &str) {
    println!("{line}");
}

/// Everyone with access to a case beside its provider.
const MUNICIPAL_PARTIES: &[Role] = &[Role::CaseWorker, Role::DecisionMaker, Role::Inspector];

/// Pointers of a list of errors.
fn pointers(errors: &Value) -> Vec<&str> {
    errors.as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

/// Missing fields of an offering with only a title.
const MISSING_IN_OFFERING: [&str; 30] = [
    "/legalBasis",
    "/service/description",
    "/service/targetGroup",
    "/service/zones",
    "/service/startUp",
    "/process/howToApply",
    "/process/expectedTime",
    "/process/contact",
    "/criteria",
    "/terms/duration",
    "/terms/noticeByProvider",
    "/terms/noticeByMunicipality",
    "/terms/settlement",
    "/terms/windingDown",
    "/terms/conditions",
    "/terms/revocationGrounds",
    "/compensation/lines",
    "/compensation/callOut",
    "/compensation/wastedTrip",
    "/compensation/standBy",
    "/citizen/howToChoose",
    "/citizen/howToSwitch",
    "/citizen/choiceDeadline",
    "/citizen/defaultRule",
    "/citizen/switchNotice",
    "/citizen/switchReasonRequired",
    "/citizen/userPayment",
    "/citizen/complaints",
    "/citizen/ownOffer",
    "",
];

/// Step 1.
async fn an_offering_is_published(world: &World) -> String {
    let (editor, anyone) = (world.editor(), world.anyone());
    let content = bpa_content();
    let start = json!({"service": SERVICE, "content": {"title": content["title"], "criteria": []}});
    let act = Act::post("/v1/offerings").with(start).for_anyone();
    let draft = world.only(&editor, Role::Editor, act).await.expect(201);
    let offering = id(&draft);
    let path = format!("/v1/offerings/{offering}/draft");
    assert_eq!(draft.header("location"), path);
    assert_eq!(draft.json()["state"], "draft");
    assert_eq!(pointers(&draft.json()["missing"]), MISSING_IN_OFFERING);
    let read = world.only(&editor, Role::Editor, Act::get(&path)).await.expect(200);
    assert_eq!(read.text, draft.text);
    tell("1. The editor of Kristiansand drafts an offering of personal assistance.");

    let publication = format!("/v1/offerings/{offering}/publication");
    let publish = |etag: &str| Act::post(&publication).at(etag);
    let refused = world.only(&editor, Role::Editor, publish(&draft.etag())).await;
    assert_eq!(refused.pointers(), MISSING_IN_OFFERING);
    refused.problem(422, "offering-incomplete");
    tell("   One answer names all 27 things that are missing.");

    let set_up = Act::put("/v1/municipalities/4204").if_new().with(settings()).on_public();
    world.only(&editor, Role::Editor, set_up).await.expect(200);
    let wrong = Act::patch(&path).at(&draft.etag()).with(json!({"legalBasis": "folkeskikk"}));
    assert_eq!(wrong.by(&editor).await.pointers(), ["/legalBasis"]);
    let complete = Act::patch(&path).at(&draft.etag()).with(content.clone());
    let complete = world.only(&editor, Role::Editor, complete).await.expect(200);
    assert_eq!(complete.json()["missing"], json!([]));
    anyone.get(&format!("/v1/offerings/{offering}")).await.problem(404, "not-found");

    let published = world.only(&editor, Role::Editor, publish(&complete.etag())).await.expect(201);
    assert_eq!(published.header("location"), format!("/v1/offerings/{offering}/versions/1"));
    assert_eq!(published.json()["version"], 1);
    let public = anyone.get(&format!("/v1/offerings/{offering}")).await.expect(200).json();
    // The editor sees the changes of the first version (all), its effects (none) and its actions.
    let mut editors_view = published.json();
    assert!(
        editors_view["changes"].as_array().unwrap().iter().all(|change| change["kind"] == "added")
    );
    assert_eq!(editors_view["touched"], json!({"approvals": [], "applications": []}));
    assert_eq!(editors_view["actions"][0]["operation"], "offeringDraftPatch");
    let beside = ["changes", "touched", "actions"];
    editors_view.as_object_mut().unwrap().retain(|name, _| !beside.contains(&name.as_str()));
    assert_eq!(public, editors_view);
    assert_eq!(public["content"], content);
    assert_eq!(public["publishedAt"], "2026-03-10T08:15:00Z");
    tell("   She completes it and publishes version 1. It is public at once.");
    offering
}

/// Step 2.
async fn a_provider_applies(world: &World, offering: String) -> Case {
    let provider = world.provider();
    let start = json!({"offeringId": offering});
    let refused = provider.post("/v1/applications", start.clone()).await;
    refused.problem(409, "provider-not-registered");
    for (person, number, name) in [
        (&provider, PROVIDER, "Eksempel Assistanse AS"),
        (&world.other_provider(), OTHER_PROVIDER, "Annen Omsorg AS"),
    ] {
        let path = format!("/v1/providers/{number}");
        let put = Act::put(path).if_new().with(profile(name)).on_public();
        world.only(person, Role::Provider, put).await.expect(200);
    }
    tell("2. The provider registers its profile.");

    // A stranger would have to register first: it applies for itself.
    let apply = Act::post("/v1/applications").with(start.clone()).for_anyone();
    let mut seen = world.only(&provider, Role::Provider, apply).await.expect(201);
    let application = id(&seen);
    let path = format!("/v1/applications/{application}");
    let refused = provider.post("/v1/applications", start).await;
    assert_eq!(refused.problem(409, "duplicate-application")["existing"], path);
    let view = seen.json();
    assert_eq!(view["state"], "draft");
    assert_eq!(
        pointers(&view["missing"]),
        [
            "/contact",
            "/zones",
            "/answers/tax-certificate",
            "/evidence/-",
            "/answers/police-certificate-routine",
            "/evidence/-",
            "/answers/contingency-plan",
            "/evidence/-",
            "/answers/environment",
        ]
    );
    for municipal in [world.case_worker(), world.decision_maker()] {
        municipal.get(&path).await.problem(404, "not-found");
    }
    let submission = format!("{path}/submission");
    let submit = |seen: &Answer| Act::post(&submission).at(&seen.etag());
    let refused = submit(&seen).by(&provider).await;
    assert_eq!(refused.pointers(), pointers(&view["missing"]));
    refused.problem(422, "application-incomplete");
    tell("   It drafts an application. Reading it lists all that is still missing.");

    let patch = Act::patch(&path).at(&seen.etag()).with(json!({"zones": ["whole"]}));
    seen = world.only(&provider, Role::Provider, patch).await.expect(200);
    assert_eq!(seen.json()["missing"][0]["pointer"], "/contact");
    assert_eq!(seen.json()["missing"][1]["pointer"], "/answers/tax-certificate");
    let wrong = Act::patch(&path).at(&seen.etag()).with(json!({"zones": ["whole", "moon"]}));
    assert_eq!(wrong.by(&provider).await.pointers(), ["/zones/1"]);
    let contact = json!({"contact": {"name": "Ola Eksempel", "email": "ola@example.no"}});
    seen = Act::patch(&path).at(&seen.etag()).with(contact).by(&provider).await.expect(200);
    assert_eq!(seen.json()["zones"], json!(["whole"]), "what is there stays");
    for criterion in CRITERIA {
        let answer = Act::put(format!("{path}/answers/{criterion}")).at(&seen.etag());
        let answer = answer.with(json!({"declaredMet": true, "text": "Se vedlegg."}));
        seen = world.only(&provider, Role::Provider, answer).await.expect(200);
        assert_eq!(seen.json()["answers"][criterion]["declaredMet"], true);
    }
    assert_eq!(pointers(&seen.json()["missing"]), ["/evidence/-"; 3]);
    for (criterion, kind) in EVIDENCE {
        let attach = Act::post(format!("{path}/evidence")).at(&seen.etag());
        seen = world.only(&provider, Role::Provider, attach.with(evidence(criterion, kind))).await;
        let pieces = seen.clone().expect(200).json()["evidence"].as_array().unwrap().clone();
        assert_eq!(pieces.last().unwrap()["criterion"], criterion);
    }
    assert_eq!(seen.json()["missing"], json!([]));
    assert_eq!(
        possible(&seen.json()),
        ["change-draft", "supply", "renew-evidence", "submit", "withdraw"]
    );
    tell("   It answers each criterion and attaches evidence: nothing is missing.");

    let submitted = world.only(&provider, Role::Provider, submit(&seen)).await.expect(200).json();
    assert_eq!(submitted["state"], "submitted");
    let receipt = json!({
        "reference": "4204-2026-S1", "receivedAt": "2026-03-10T08:15:00Z", "version": 1
    });
    assert_eq!(submitted["case"]["receipt"], receipt);
    tell("   It submits and gets receipt 4204-2026-S1 of 2026-03-10T08:15:00Z, on version 1.");
    version_2_changes_nothing_in_the_case(world, &offering, &path, &receipt).await;
    Case { offering, application, ..Case::default() }
}

/// A submission is checked against the version in force at the time.
async fn version_2_changes_nothing_in_the_case(
    world: &World,
    offering: &str,
    application: &str,
    receipt: &Value,
) {
    let editor = world.editor();
    let mut criteria = bpa_content()["criteria"].as_array().unwrap().clone();
    let mut new = criteria[3].clone();
    (new["code"], new["mandatory"]) = (json!("sign-language"), json!(true));
    criteria.push(new);
    let patch = json!({
        "criteria": criteria, "terms": {"revocationGrounds": ["criteria-not-met", "bankruptcy"]}
    });
    editor.changes(offering, patch).await.expect(200);
    assert_eq!(editor.publishes(offering).await.expect(201).json()["version"], 2);
    let versions = world.anyone().get(&format!("/v1/offerings/{offering}/versions")).await.json();
    assert_eq!(versions[0]["content"], bpa_content());
    assert_eq!(versions[1]["content"]["criteria"][4]["code"], "sign-language");
    let view = Act::get(application).also(MUNICIPAL_PARTIES);
    let view = world.only(&world.provider(), Role::Provider, view).await.expect(200).json();
    assert_eq!(view["case"]["receipt"], *receipt);
    tell("   Version 2 demands more; the application stays pinned to version 1.");
}

/// Step 3, with both ways in which an approval is not possible yet.
async fn the_case_worker_assesses(world: &World, case: &Case) {
    let (kari, dag) = (world.case_worker(), world.decision_maker());
    let path = format!("/v1/applications/{}", case.application);
    let mut seen = kari.get(&path).await.expect(200);
    assert_eq!(possible(&seen.json()), ["declare-impartiality"]);
    assert_eq!(seen.json()["actions"][1]["code"], "impartiality-not-declared");
    let start = |seen: &Answer| Act::post(format!("{path}/assessment-start")).at(&seen.etag());
    start(&seen).by(&kari).await.problem(409, "impartiality-not-declared");
    let declare = |seen: &Answer| {
        let act = Act::post(format!("{path}/impartiality")).at(&seen.etag());
        act.with(json!({"impartial": true})).also(&[Role::CaseWorker, Role::DecisionMaker])
    };
    seen = world.only(&kari, Role::CaseWorker, declare(&seen)).await.expect(200);
    seen = world.only(&kari, Role::CaseWorker, start(&seen)).await.expect(200);
    assert_eq!(seen.json()["state"], "under-assessment");
    seen = world.only(&dag, Role::DecisionMaker, declare(&seen)).await.expect(200);
    let declared = &seen.json()["case"]["declarations"];
    assert_eq!(
        (&declared[0]["by"]["name"], &declared[0]["impartial"]),
        (&json!("Kari Case"), &json!(true))
    );
    tell("3. The case worker declares impartiality and starts the assessment.");

    let approve = |seen: &Answer| {
        let act = Act::post(format!("{path}/decision")).at(&seen.etag());
        act.with(json!({"outcome": "approve"}))
    };
    let assess = |seen: &Answer, criterion: &str, outcome: &str, note: &str| {
        let act = Act::put(format!("{path}/assessments/{criterion}")).at(&seen.etag());
        act.with(json!({"outcome": outcome, "note": note}))
    };
    let mut open = CRITERIA.map(|code| format!("/assessments/{code}")).to_vec();
    for (criterion, outcome) in
        CRITERIA.into_iter().zip(["met", "met", "not-met", "not-applicable"])
    {
        let refused = approve(&seen).by(&dag).await;
        assert_eq!(refused.pointers(), open);
        refused.problem(409, "review-incomplete");
        open.remove(0);
        let close = assess(&seen, criterion, outcome, "Vedlegget er sett.");
        seen = world.only(&kari, Role::CaseWorker, close).await.expect(200);
        let line = seen.json()["case"]["lines"][criterion].clone();
        assert_eq!(line["outcome"], outcome);
        assert_eq!(line["note"], "Vedlegget er sett.");
        assert_eq!(line["by"]["name"], "Kari Case");
    }
    assert_eq!(seen.json()["state"], "ready", "without the criterion of version 2");
    tell("   She closes each line; to approve before that is refused and names the open ones.");

    let refused = approve(&seen).by(&dag).await;
    assert_eq!(refused.pointers(), ["/assessments/contingency-plan"]);
    refused.problem(409, "criteria-not-met");
    assess(&seen, "contingency-plan", "met", "").by(&kari).await.problem(422, "validation");
    let again = assess(&seen, "contingency-plan", "met", "Planen kom 12. mars.");
    seen = again.by(&kari).await.expect(200);
    assert_eq!(seen.json()["case"]["lines"]["contingency-plan"]["outcome"], "met");
    tell("   To approve with the contingency plan not met is refused; then the plan is met.");
}
