//! Steps 4 to 6: approved, under contract and public; and one refusal.

use godkjent::domain::role::Role;
use serde_json::{Value, json};

use super::{MUNICIPAL_PARTIES, tell};
use crate::world::{
    KRISTIANSAND, OTHER_PROVIDER, PROVIDER, World, bpa_content,
    guarded::Act,
    people::{Assessed, Case, PAGE, possible, refusal},
};

/// Step 4.
pub async fn another_person_approves(world: &World, case: &Case) -> String {
    let dag = world.decision_maker();
    let path = format!("/v1/applications/{}", case.application);
    let etag = dag.get(&path).await.expect(200).etag();
    let decide = |body: Value| Act::post(format!("{path}/decision")).at(&etag).with(body);
    let kari = world.person("Kari Case", Role::DecisionMaker, KRISTIANSAND);
    decide(json!({"outcome": "approve"})).by(&kari).await.problem(403, "four-eyes");
    let per = world.person("Per Person", Role::DecisionMaker, KRISTIANSAND);
    let refused = decide(json!({"outcome": "approve"})).by(&per).await;
    refused.problem(409, "impartiality-not-declared");
    decide(refusal()).by(&dag).await.problem(409, "no-ground-to-refuse");
    tell("4. She who assessed may not sign, and whoever meets everything cannot be refused.");

    let approve = decide(json!({"outcome": "approve"}));
    let decided = world.only(&dag, Role::DecisionMaker, approve).await.expect(201);
    let decision = decided.json();
    assert_eq!(decision["outcome"], "approve");
    assert_eq!(decision["grounds"], json!([]));
    assert_eq!(decision["number"], "4204-2026/1");
    legal_parts(&decision, "2026-03-12T09:00:00Z");
    let own = Act::get(decided.header("location")).also(MUNICIPAL_PARTIES);
    let read = world.only(&world.provider(), Role::Provider, own).await.expect(200).json();
    reads_the_same(&read, &decision);
    assert_eq!(
        (&read["status"], &read["lastAppealDay"]),
        (&json!("notified"), &json!("2026-04-07"))
    );
    let application = dag.get(&path).await.expect(200).json();
    assert_eq!(application["state"], "approved");
    assert_eq!(application["decisionId"], decision["id"]);
    // People who handle an appeal declare in the same case.
    assert_eq!(possible(&application), ["declare-impartiality"]);
    let again = Act::post(format!("{path}/decision")).at(&dag.get(&path).await.etag());
    let again = again.with(refusal()).by(&dag).await.problem(409, "illegal-transition");
    assert_eq!(
        (&again["currentState"], &again["allowedActions"]),
        (
            &json!("approved"),
            &json!([
                "renew-evidence",
                "challenge-impartiality",
                "declare-impartiality",
                "rule-on-impartiality",
                "remove-contact"
            ])
        )
    );
    tell("   The decision maker approves: number 4204-2026/1, appeal by 2026-04-07.");
    decision["approvalId"].as_str().unwrap().to_owned()
}

/// The signed decision is unchanged, with its later history beside it; each reader has other actions.
fn reads_the_same(read: &Value, signed: &Value) {
    let parts = signed.as_object().unwrap().iter().filter(|(part, _)| *part != "actions");
    for (part, value) in parts {
        assert_eq!(read[part], *value, "{part}");
    }
}

/// Common content of every decision of 12 or 13 March 2026, beside its outcome.
fn legal_parts(decision: &Value, signed_at: &str) {
    assert_eq!(decision["municipality"], "4204");
    assert_eq!(decision["procedureRegime"], "fvl-1967");
    assert_eq!(
        decision["authority"],
        json!({
            "body": "Kommunedirektøren", "delegation": "Delegasjonsreglementet punkt 4",
            "caseWorker": "Kari Case", "responsible": "Dag Decision"
        })
    );
    assert_eq!(decision["signedAt"], signed_at);
    assert_eq!(decision["channel"], "electronic");
    assert_eq!(decision["appeal"]["body"], "Kristiansand kommunes klageutvalg");
    let rights = decision["appeal"]["text"].as_str().unwrap();
    assert!(rights.contains("Kristiansand kommunes klageutvalg"), "{rights}");
    assert!(rights.contains("tre uker fra den dagen vi sender dere varsel"), "{rights}");
}

/// The names on the portal's page.
async fn chosen_among(world: &World) -> Vec<String> {
    let page = world.anyone().get(PAGE).await.expect(200).json();
    let providers = page["providers"].as_array().unwrap().iter();
    providers.map(|provider| provider["name"].as_str().unwrap().to_owned()).collect()
}

/// Step 5.
pub async fn the_contract_makes_it_public(world: &World, case: &Case) {
    let (dag, anyone) = (world.decision_maker(), world.anyone());
    let path = format!("/v1/approvals/{}", case.approval);
    anyone.get(&path).await.problem(404, "not-found");
    assert_eq!(anyone.get("/v1/approvals").await.json()["items"], json!([]));
    assert_eq!(chosen_among(world).await, ["Kristiansand kommune, personlig assistanse"]);
    let read = Act::get(format!("{path}/case")).also(MUNICIPAL_PARTIES);
    let seen = world.only(&world.provider(), Role::Provider, read).await.expect(200);
    assert_eq!(seen.json()["status"], "pending-contract");
    assert_eq!(seen.json()["version"], 1);
    assert_eq!(seen.json()["applicationId"], case.application);
    let actions = dag.get(&format!("{path}/case")).await.json()["actions"].clone();
    assert_eq!(actions[0]["act"], "record-contract");
    assert_eq!(actions[0]["possible"], true);
    assert_eq!(actions[0]["href"], format!("{path}/contract"));
    assert_eq!(actions[1]["code"], "illegal-transition", "nothing to revoke yet");
    tell("5. The approval waits for its contract; nobody else sees it.");

    let contract = json!({"number": "2026/118", "signedOn": "2026-03-13", "from": "2026-03-13"});
    let record =
        |body: &Value| Act::post(format!("{path}/contract")).at(&seen.etag()).with(body.clone());
    let unsigned = json!({"number": "2026/118", "signedOn": "2026-03-14", "from": "2026-03-14"});
    assert_eq!(record(&unsigned).by(&dag).await.pointers(), ["/signedOn"]);
    let signed = world.only(&dag, Role::DecisionMaker, record(&contract)).await.expect(200).json();
    assert_eq!((&signed["status"], &signed["contract"]), (&json!("active"), &contract));

    let page = anyone.get(PAGE).await.expect(200).json();
    let content = bpa_content();
    assert_eq!(page["municipality"]["name"], "Kristiansand");
    assert_eq!(page["offering"]["version"], 2);
    assert_eq!(page["terms"]["duration"], content["terms"]["duration"]);
    assert_eq!(page["terms"]["settlement"], "decided-time");
    assert_eq!(page["compensation"].as_array().unwrap().len(), 1, "one fixed compensation");
    assert_eq!(page["compensation"][0]["inWords"]["nb"], "814 kr per time");
    assert_eq!(page["compensation"][0]["amount"], json!({"amount": "814.00", "currency": "NOK"}));
    assert_eq!(page["choice"]["howToChoose"], content["citizen"]["howToChoose"]);
    assert_eq!(page["choice"]["defaultRule"], json!({"kind": "municipal"}));
    let [provider, own] = [&page["providers"][0], &page["providers"][1]];
    assert_eq!(provider["name"], "Eksempel Assistanse AS");
    assert_eq!(provider["approvalId"], case.approval);
    assert_eq!(provider["organisationNumber"], PROVIDER);
    assert_eq!(provider["zones"], json!(["whole"]));
    assert_eq!(own["name"], "Kristiansand kommune, personlig assistanse");
    assert_eq!(own["organisationNumber"], KRISTIANSAND);
    assert_eq!((own["kind"].as_str(), own.get("approvalId")), (Some("municipal"), None));
    assert_eq!(page["providers"].as_array().unwrap().len(), 2);
    let approvals = anyone.get("/v1/approvals").await.expect(200).json();
    assert_eq!(approvals["items"].as_array().unwrap().len(), 1);
    assert_eq!(approvals["items"][0], anyone.get(&path).await.expect(200).json());
    assert_eq!(approvals["items"][0]["profile"]["name"], "Eksempel Assistanse AS");
    tell("   With the contract it is public at once: 814 kr, beside the municipality's own offer.");
}

/// Step 6.
pub async fn a_second_provider_is_refused(world: &World, case: &Case) {
    let (dag, pia) = (world.decision_maker(), world.other_provider());
    let application = pia.drafts_application(&case.offering).await;
    let path = format!("/v1/applications/{application}");
    let foreign = world.provider().get(&path).await;
    foreign.problem(404, "not-found");
    pia.completes(&application).await;
    // Version 2 requires one more answer than the first provider gave.
    assert_eq!(pia.submits(&application).await.pointers(), ["/answers/sign-language"]);
    let etag = pia.get(&path).await.etag();
    let answer = Act::put(format!("{path}/answers/sign-language")).at(&etag);
    answer.with(json!({"declaredMet": false})).by(&pia).await.expect(200);
    let receipt = pia.submits(&application).await.expect(200).json()["case"]["receipt"].clone();
    assert_eq!((&receipt["version"], &receipt["reference"]), (&json!(2), &json!("4204-2026-S2")));
    world.assess(&application, Assessed::OneFailing).await;
    let kari = world.case_worker();
    kari.assesses(&application, "sign-language", "met").await.expect(200);
    dag.decides(&application, json!({"outcome": "approve"})).await.problem(409, "criteria-not-met");
    let bare = dag.decides(&application, json!({"outcome": "refuse"})).await;
    assert_eq!(bare.pointers(), ["/reasons/rules", "/reasons/facts", "/reasons/considerations"]);
    bare.problem(422, "validation");
    let mut groundless = refusal();
    groundless["grounds"] = json!([]);
    assert_eq!(dag.decides(&application, groundless).await.pointers(), ["/grounds"]);
    let mut unlisted = refusal();
    unlisted["grounds"][0]["ground"] = json!("supervisory-breach");
    dag.decides(&application, unlisted).await.problem(409, "ground-not-in-terms");
    tell("6. A second provider fails a criterion: to refuse needs rules, facts, considerations.");

    let refuse = Act::post(format!("{path}/decision")).at(&dag.get(&path).await.etag());
    let refused = world.only(&dag, Role::DecisionMaker, refuse.with(refusal())).await.expect(201);
    let decision = refused.json();
    legal_parts(&decision, "2026-03-13T10:00:00Z");
    assert_eq!(
        (&decision["outcome"], &decision["number"]),
        (&json!("refuse"), &json!("4204-2026/2"))
    );
    assert_eq!(decision["grounds"], refusal()["grounds"]);
    assert_eq!(decision["reasons"], refusal()["reasons"]);
    assert_eq!(decision.get("approvalId"), None);
    reads_the_same(&pia.get(&refused.header("location")).await.expect(200).json(), &decision);
    assert_eq!(pia.get(&path).await.json()["state"], "refused");
    world.provider().get(&refused.header("location")).await.problem(404, "not-found");

    let anyone = world.anyone();
    for status in ["active", "ending", "pending-contract", "ended", "revoked", "expired"] {
        let query = format!("/v1/approvals?provider={OTHER_PROVIDER}&status={status}");
        assert_eq!(anyone.get(&query).await.expect(200).json()["items"], json!([]));
    }
    let profile = anyone.get(&format!("/v1/providers/{OTHER_PROVIDER}")).await.expect(200);
    assert_eq!(profile.json()["approvals"], json!([]));
    assert!(!chosen_among(world).await.contains(&"Annen Omsorg AS".to_owned()));
    tell("   It is refused as 4204-2026/2 and never shows among the approved.");
}
