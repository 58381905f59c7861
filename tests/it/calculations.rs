//! Unit costs and annual costs over HTTP: the reference case of Kristiansand and its pitfalls.

use actix_web::http::Method;
use godkjent::domain::compensation::number::Ratio;
use serde_json::{Value, json};

use crate::world::World;

const PATH: &str = "/v1/compensation/calculations";

fn kr(amount: &str) -> Value {
    json!({"amount": amount, "currency": "NOK"})
}

/// 716 kr for an hour, all in one, and 12 per cent overhead (Kristiansand 2024).
fn hour(of: &str) -> Value {
    json!({
        "mix": [{"name": "Alle", "share": "1", "fixedPay": kr("716"), "variablePay": kr("0")}],
        "socialCosts": "0", "faceToFace": "1", "consumables": kr("0"), "transport": kr("0"),
        "overhead": {"share": "0.12", "of": of},
    })
}

/// The council case of Kristiansand, autumn 2024.
fn year() -> Value {
    json!({
        "decidedHours": "443769", "privateShare": "0.25", "ownCost": kr("716"), "price": kr("814"),
        "comparisonPrice": kr("849"), "administration": kr("1350000"), "users": 2153,
    })
}

async fn ask(world: &World, body: Value) -> Value {
    world.anyone().post(PATH, body).await.expect(200).json()
}

/// A step by its name.
fn step<'a>(model: &'a Value, name: &str) -> &'a Value {
    let steps = model["steps"].as_array().unwrap();
    steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step {name}"))
}

#[actix_web::test]
async fn golden_716_with_12_per_cent_of_the_total_is_814_kr_with_an_add_on_of_98() {
    let world = World::on_sqlite().await;
    let answer = ask(&world, json!({"unitCost": hour("of-total")})).await;
    let found = &answer["unitCost"];
    assert_eq!((&found["price"], &found["addOn"]), (&kr("814.00"), &kr("98.00")));
    let exact = step(found, "exact-price");
    assert_eq!(exact["formula"], "716 / (1 − 0.12)");
    assert_eq!((&exact["exact"], &exact["rounded"]), (&json!("8950/11"), &json!("813.64")));
    assert_eq!(step(found, "overhead")["rounded"], "97.64");
    assert!(answer.get("consequence").is_none());
}

#[actix_web::test]
async fn golden_a_year_in_kristiansand_to_the_ore() {
    let world = World::on_sqlite().await;
    // Both models at once, as in the case.
    let answer = ask(&world, json!({"unitCost": hour("of-total"), "consequence": year()})).await;
    assert_eq!(answer["unitCost"]["price"], kr("814.00"));
    let found = &answer["consequence"];
    assert_eq!(found["privateHours"], "110942.25");
    for (name, amount) in [
        ("addOn", "98.00"),
        ("cost", "10872340.50"),
        ("comparisonCost", "14755319.25"),
        ("difference", "3882978.75"),
        ("total", "12222340.50"),
    ] {
        assert_eq!(found[name], kr(amount), "{name}");
    }
    assert_eq!(found["hoursPerUser"], "206.12");
    let formulas: Vec<_> = (found["steps"].as_array().unwrap().iter())
        .map(|step| step["formula"].as_str().unwrap())
        .collect();
    assert_eq!(
        formulas,
        [
            "443769 × 0.25",
            "814 − 716",
            "98 × 110942.25",
            "(849 − 716) × 110942.25",
            "(849 − 814) × 110942.25",
            "10872340.5 + 1350000",
            "443769 / 2153",
        ]
    );
}

#[actix_web::test]
async fn trap_12_per_cent_as_a_mark_up_gives_801_92_and_not_the_published_price() {
    let world = World::on_sqlite().await;
    let answer = ask(&world, json!({"unitCost": hour("of-base")})).await;
    let found = &answer["unitCost"];
    let exact = step(found, "exact-price");
    assert_eq!(exact["formula"], "716 × (1 + 0.12)");
    assert_eq!((&exact["exact"], &exact["rounded"]), (&json!("801.92"), &json!("801.92")));
    assert_eq!(step(found, "overhead")["rounded"], "85.92");
    assert_eq!((&found["price"], &found["addOn"]), (&kr("802.00"), &kr("86.00")));
    // So the base of the share is required.
    let mut unsaid = hour("of-total");
    unsaid["overhead"] = json!({"share": "0.12"});
    let answer = world.anyone().post(PATH, json!({"unitCost": unsaid})).await;
    let problem = answer.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/unitCost/overhead/of");
    assert_eq!(problem["errors"][0]["code"], "required");
}

#[actix_web::test]
async fn trap_the_unrounded_add_on_gives_10_831_997_86_and_not_the_published_cost() {
    let world = World::on_sqlite().await;
    let answer = ask(&world, json!({"unitCost": hour("of-total"), "consequence": year()})).await;
    // The exact overhead of the price, times the hours: the result of rounding last.
    assert_eq!(step(&answer["unitCost"], "overhead")["exact"], "1074/11");
    let hours = Ratio::parse(answer["consequence"]["privateHours"].as_str().unwrap()).unwrap();
    let wrong = Ratio::of(1_074, 11).unwrap().times(hours).unwrap().to_ore().unwrap();
    assert_eq!(wrong.to_string(), "10831997.86");
    assert_eq!(answer["consequence"]["cost"], kr("10872340.50"));
    // An unrounded price cannot be sent either.
    let mut unrounded = year();
    unrounded["price"] = kr("813.6364");
    let answer = world.anyone().post(PATH, json!({"consequence": unrounded})).await;
    assert_eq!(answer.problem(422, "validation")["errors"][0]["code"], "money-form");
}

#[actix_web::test]
async fn every_step_has_a_name_words_a_formula_and_what_came_out() {
    let world = World::on_sqlite().await;
    // The competence mix of Bærum 2014; the pay is invented.
    let group = |name: &str, share: &str, fixed: &str, variable: &str| json!({"name": name, "share": share, "fixedPay": kr(fixed), "variablePay": kr(variable)});
    let body = json!({"unitCost": {
        "mix": [
            group("Sykepleier", "0.33", "300", "40"),
            group("Helsefagarbeider", "0.46", "250", "50"),
            group("Assistent", "0.21", "200", "30.50"),
        ],
        "socialCosts": "0.4", "faceToFace": "0.64", "consumables": kr("12.50"),
        "transport": kr("20"), "overhead": {"share": "0.1", "of": "of-total"},
    }, "consequence": year()});
    let answer = ask(&world, body).await;
    let describe = |model: &str| -> Vec<(String, String)> {
        let steps = answer[model]["steps"].as_array().unwrap().iter();
        steps
            .map(|step| {
                for language in ["nb", "nn", "en"] {
                    assert!(!step["words"][language].as_str().unwrap().is_empty(), "{step}");
                }
                assert!(!step["exact"].as_str().unwrap().is_empty(), "{step}");
                let unit = step["unit"].as_str().unwrap();
                let counted = step["rounded"].as_str().unwrap();
                (step["name"].as_str().unwrap().to_owned(), format!("{counted} {unit}"))
            })
            .collect()
    };
    let expected = [
        ("fixed-pay", "256.00 kroner"),
        ("variable-pay", "42.61 kroner"),
        ("pay", "298.61 kroner"),
        ("social-costs", "119.44 kroner"),
        ("working-hour", "418.05 kroner"),
        ("face-to-face-hour", "653.20 kroner"),
        ("consumables", "12.50 kroner"),
        ("transport", "20.00 kroner"),
        ("base", "685.70 kroner"),
        ("exact-price", "761.89 kroner"),
        ("overhead", "76.19 kroner"),
        ("price", "762.00 kroner"),
        ("add-on", "76.00 kroner"),
    ];
    assert_eq!(describe("unitCost"), expected.map(|(name, out)| (name.to_owned(), out.to_owned())));
    let expected = [
        ("private-hours", "110942.25 hours"),
        ("add-on", "98.00 kroner"),
        ("cost", "10872340.50 kroner"),
        ("comparison-cost", "14755319.25 kroner"),
        ("difference", "3882978.75 kroner"),
        ("total", "12222340.50 kroner"),
        ("hours-per-user", "206.12 hours"),
    ];
    assert_eq!(
        describe("consequence"),
        expected.map(|(name, out)| (name.to_owned(), out.to_owned()))
    );
}

#[actix_web::test]
async fn a_price_below_the_own_cost_is_a_saving_with_its_sign() {
    let world = World::on_sqlite().await;
    let mut cheap = year();
    cheap["price"] = kr("700");
    cheap.as_object_mut().unwrap().remove("comparisonPrice");
    cheap.as_object_mut().unwrap().remove("users");
    let answer = ask(&world, json!({"consequence": cheap})).await;
    let found = &answer["consequence"];
    assert_eq!((&found["addOn"], &found["cost"]), (&kr("-16.00"), &kr("-1775076.00")));
    assert!(found.get("comparisonCost").is_none() && found.get("hoursPerUser").is_none());
}

#[actix_web::test]
async fn each_bad_value_has_its_own_code_and_all_are_told_at_once() {
    let world = World::on_sqlite().await;
    let (amount, group) = ("/amount", "/unitCost/mix/0");
    for (at, wrong, code) in [
        ("/unitCost/overhead/share", json!("1"), "overhead-share"),
        ("/unitCost/overhead/share", json!("1.2"), "share-range"),
        ("/unitCost/overhead/share", json!("-0.12"), "number-negative"),
        ("/unitCost/overhead/share", json!("12 %"), "number-form"),
        ("/unitCost/overhead/of", json!("of-everything"), "unknown-value"),
        ("/unitCost/faceToFace", json!("0.00"), "face-to-face-zero"),
        ("/unitCost/mix", json!([]), "mix-size"),
        (&format!("{group}/share"), json!("0.5"), "mix-sum"),
        (&format!("{group}/name"), json!(" "), "blank"),
        (&format!("{group}/fixedPay{amount}"), json!("-716.00"), "money-negative"),
        (&format!("{group}/fixedPay{amount}"), json!("716.005"), "money-form"),
        (&format!("{group}/fixedPay{amount}"), json!("99999999999"), "money-too-large"),
        ("/unitCost/transport/currency", json!("EUR"), "unknown-value"),
        ("/consequence/decidedHours", json!("0"), "hours-zero"),
        ("/consequence/decidedHours", json!("-443769"), "number-negative"),
        ("/consequence/decidedHours", json!("9999999999999"), "number-too-large"),
        ("/consequence/ownCost/amount", json!("0"), "money-not-positive"),
        ("/consequence/users", json!(0), "users-zero"),
        ("/consequence/administration/amount", json!("-1"), "money-negative"),
    ] {
        let mut body = json!({"unitCost": hour("of-total"), "consequence": year()});
        *body.pointer_mut(at).unwrap() = wrong;
        let problem = world.anyone().post(PATH, body).await.problem(422, "validation");
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{at}: {problem}");
        assert_eq!(errors[0]["code"], code, "{at}: {problem}");
        let pointer = errors[0]["pointer"].as_str().unwrap();
        // An error in a sum is reported for all its parts.
        assert!(pointer == at || (code == "mix-sum" && pointer == "/unitCost/mix"), "{pointer}");
    }
    let mut body = json!({"unitCost": hour("of-total"), "consequence": year()});
    body["unitCost"]["overhead"]["share"] = json!("1");
    body["unitCost"]["mix"][0]["share"] = json!("0.5");
    body["unitCost"]["transport"] = kr("-1");
    body["unitCost"].as_object_mut().unwrap().remove("socialCosts");
    body["consequence"]["users"] = json!(0);
    let answer = world.anyone().post(PATH, body).await;
    let expected = [
        "/unitCost/mix",
        "/unitCost/socialCosts",
        "/unitCost/transport/amount",
        "/unitCost/overhead/share",
        "/consequence/users",
    ];
    assert_eq!(answer.pointers(), expected);
    let nothing = world.anyone().post(PATH, json!({})).await.problem(422, "validation");
    assert_eq!(nothing["errors"][0]["code"], "required");
}

#[actix_web::test]
async fn costs_that_come_to_nothing_and_numbers_beyond_measure_are_refused() {
    let world = World::on_sqlite().await;
    let mut free = hour("of-total");
    free["mix"][0]["fixedPay"] = kr("0");
    let problem = world.anyone().post(PATH, json!({"unitCost": free})).await;
    let problem = problem.problem(422, "validation");
    assert_eq!(problem["errors"][0]["code"], "money-not-positive");
    assert_eq!(problem["errors"][0]["pointer"], "/unitCost");
    // Maximum inputs: exact, or rejected; never wrong.
    let huge = "9999999999.99";
    let share = json!("0.000001");
    let mut hour = hour("of-total");
    hour["mix"][0]["fixedPay"] = kr(huge);
    hour["faceToFace"] = share.clone();
    hour["overhead"]["share"] = json!("0.999999");
    let mut year = year();
    year["decidedHours"] = json!("999999999999.999999");
    year["privateShare"] = json!("0.999999");
    year["price"] = kr(huge);
    let answer = world.anyone().post(PATH, json!({"unitCost": hour, "consequence": year})).await;
    let problem = answer.problem(422, "validation");
    let codes: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| &e["code"]).collect();
    assert_eq!(codes, ["number-too-large", "number-too-large"]);
}

#[actix_web::test]
async fn numbers_are_sent_as_texts_and_never_as_floating_point() {
    let world = World::on_sqlite().await;
    for (at, wrong) in [
        ("/unitCost/overhead/share", json!(0.12)),
        ("/unitCost/mix/0/fixedPay/amount", json!(716.0)),
        ("/consequence/decidedHours", json!(443_769)),
        ("/consequence/users", json!(-1)),
        ("/consequence/users", json!(2153.5)),
    ] {
        let mut body = json!({"unitCost": hour("of-total"), "consequence": year()});
        *body.pointer_mut(at).unwrap() = wrong;
        let problem = world.anyone().post(PATH, body).await.problem(422, "wrong-type");
        assert_eq!(problem["errors"][0]["pointer"], at);
    }
}

#[actix_web::test]
async fn nothing_is_stored_and_browsers_of_any_origin_may_ask() {
    let world = World::on_sqlite().await;
    let journal = async || world.auditor().get("/v1/audit").await.expect(200).json();
    let before = journal().await;
    let good = world.anyone().post(PATH, json!({"consequence": year()})).await.expect(200);
    assert_eq!(good.header("access-control-allow-origin"), "*");
    assert_eq!(good.header("cache-control"), "no-store");
    world.anyone().post(PATH, json!({"consequence": {}})).await.problem(422, "validation");
    assert_eq!(journal().await, before);
    world.anyone().get(PATH).await.problem(405, "method-not-allowed");
    let request = world.anyone().request(Method::OPTIONS, PATH);
    let answer = request.header("Access-Control-Request-Method", "POST").send().await.expect(204);
    assert_eq!(answer.header("access-control-allow-methods"), "POST");
}
