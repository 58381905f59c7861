//! Comparable listings: the same fields for all, including the municipality's own offer.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    offering_life::ending,
    on_both_databases,
    world::{
        Answer, KRISTIANSAND, PROVIDER, Person, World,
        guarded::Act,
        people::{Case, PAGE},
    },
};

on_both_databases!(
    what_nobody_confirms_is_marked_as_stale;
    sqlite_alone:
    a_listing_says_when_it_comes_and_when_its_office_answers,
    everyone_on_the_page_has_the_same_fields,
    the_page_says_until_when_one_can_be_chosen,
    the_own_offer_is_listed_beside_the_others,
    the_own_listing_belongs_to_a_published_offering_that_lasts
);

async fn patches(who: &Person, path: &str, seen: &str, patch: Value) -> Answer {
    let etag = who.get(seen).await.expect(200).etag();
    let request = who.request(Method::PATCH, path).header("If-Match", &etag);
    request.body("application/merge-patch+json", patch.to_string()).send().await
}

/// The provider changes its listing.
pub async fn lists(world: &World, case: &Case, patch: Value) -> Answer {
    let path = format!("/v1/approvals/{}", case.approval);
    patches(&world.provider(), &format!("{path}/listing"), &format!("{path}/case"), patch).await
}

/// The editor changes the listing of the own offer.
pub async fn lists_own(world: &World, offering: &str, patch: Value) -> Answer {
    let path = format!("/v1/offerings/{offering}");
    patches(&world.editor(), &format!("{path}/own-listing"), &format!("{path}/draft"), patch).await
}

/// The provider under contract and the own offer, as the page shows them.
async fn read_listings(world: &World) -> (Value, Value) {
    let page = world.anyone().get(PAGE).await.expect(200).json();
    let of = |own: bool| {
        let all = page["providers"].as_array().unwrap();
        all.iter().find(|one| one["ownOffer"] == own).unwrap().clone()
    };
    (of(false), of(true))
}

async fn a_listing_says_when_it_comes_and_when_its_office_answers(world: World) {
    let case = world.create_contract().await;
    let path = format!("/v1/approvals/{}", case.approval);
    let before = world.anyone().get(&path).await.text;
    for (patch, pointer, code) in [
        (json!({"timesOfDay": ["noon"]}), "/timesOfDay/0", "unknown-value"),
        (json!({"timesOfDay": ["day", "day"]}), "/timesOfDay/1", "duplicate"),
        (json!({"timesOfDay": vec!["day"; 5]}), "/timesOfDay", "too-many"),
        (json!({"openingHours": {}}), "/openingHours", "language-missing"),
        (json!({"openingHours": {"nb": " "}}), "/openingHours/nb", "blank"),
    ] {
        let mut patch = patch;
        patch["capacity"] = json!("open");
        let problem = lists(&world, &case, patch).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem:#}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem:#}");
    }
    for wrong in [json!({"timesOfDay": "day"}), json!({"openingHours": "8–16"})] {
        lists(&world, &case, wrong).await.problem(422, "wrong-type");
    }
    assert_eq!(world.anyone().get(&path).await.text, before, "nothing was changed");

    let hours = json!({"nb": "Kl. 8–16 på hverdager."});
    let patch = json!({
        "capacity": "open", "timesOfDay": ["day", "weekend"], "openingHours": hours
    });
    let listed = lists(&world, &case, patch).await.expect(200).json();
    assert_eq!(listed["listing"]["timesOfDay"], json!(["day", "weekend"]));
    assert_eq!(listed["listing"]["openingHours"], hours);
    let fewer = json!({"timesOfDay": ["night"], "openingHours": null});
    let fewer = lists(&world, &case, fewer).await.expect(200).json();
    assert_eq!(fewer["listing"]["timesOfDay"], json!(["night"]));
    assert_eq!(fewer["listing"].get("openingHours"), None);
    let other = world.another_instance().await;
    let read = other.anyone().get(&path).await.expect(200).json();
    assert_eq!(read["listing"], fewer["listing"], "read from the journal");
}

/// All fields of a listing.
fn everything() -> Value {
    json!({
        "capacity": "limited", "text": {"nb": "Vi har plass på dagtid."}, "languages": ["nb", "pl"],
        "timesOfDay": ["day", "evening"], "openingHours": {"nb": "Kl. 8–16."},
        "continuity": {"nb": "Faste assistenter."}, "specialCompetence": {"nb": "Demens."},
        "startsWithin": {"amount": 2, "unit": "weeks"},
        "addOns": [{
            "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"}, "unit": "hour"
        }]
    })
}

async fn everyone_on_the_page_has_the_same_fields(world: World) {
    let case = world.create_contract().await;
    let (provider, own) = read_listings(&world).await;
    assert_eq!(provider["approvalId"], case.approval);
    assert_eq!(own.get("approvalId"), None);
    for (one, kind, number) in
        [(&provider, "commercial", PROVIDER), (&own, "municipal", KRISTIANSAND)]
    {
        assert_eq!((&one["kind"], &one["organisationNumber"]), (&json!(kind), &json!(number)));
        assert_eq!(one["capacity"], json!({"state": "unknown"}), "nothing is said yet");
        assert_eq!((&one["timesOfDay"], &one["addOns"]), (&json!([]), &json!([])));
        assert_eq!((&one["status"], &one["stale"]), (&json!("active"), &json!(false)));
        assert_eq!(one["zones"], json!(["whole"]));
        assert_eq!(one["lastConfirmedAt"], "2026-03-12T09:00:00Z");
        for absent in ["text", "openingHours", "continuity", "startsWithin", "availableUntil"] {
            assert_eq!(one.get(absent), None, "{absent}");
        }
    }
    assert_eq!(provider["languages"], json!(["nb", "en"]), "those of the profile");

    world.set_clock("2026-03-20T09:00:00Z");
    lists(&world, &case, everything()).await.expect(200);
    lists_own(&world, &case.offering, everything()).await.expect(200);
    let (provider, own) = read_listings(&world).await;
    for one in [&provider, &own] {
        for (field, value) in everything().as_object().unwrap() {
            match field.as_str() {
                "capacity" => assert_eq!(one[field], json!({"state": value, "on": "2026-03-20"})),
                "addOns" => {
                    let mut marked = value.clone();
                    marked[0]["partOfMunicipalService"] = json!(false);
                    assert_eq!(one[field], marked);
                }
                _ => assert_eq!(one[field], *value, "{field}"),
            }
        }
        assert_eq!(one["lastConfirmedAt"], "2026-03-20T09:00:00Z");
    }
    let names = |one: &Value, without: &[&str]| -> Vec<String> {
        let all = one.as_object().unwrap().keys();
        all.filter(|name| !without.contains(&name.as_str())).cloned().collect()
    };
    let personal = ["approvalId", "phone", "web"];
    assert_eq!(names(&provider, &personal), names(&own, &personal));
    let other = world.another_instance().await;
    assert_eq!(read_listings(&other).await, (provider, own), "the same from the journal");
}

async fn the_page_says_until_when_one_can_be_chosen(world: World) {
    let case = world.create_contract().await;
    let provider = world.provider();
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = provider.get(&format!("{path}/case")).await.etag();
    let terminate = format!("{path}/termination");
    let notice = provider.act(Method::POST, &terminate, &etag, Some(json!({}))).await;
    let last = notice.expect(200).json()["termination"]["effectiveOn"].clone();
    let (one, own) = read_listings(&world).await;
    assert_eq!((&one["status"], &one["availableUntil"]), (&json!("ending"), &last));
    assert_eq!((&own["status"], own.get("availableUntil")), (&json!("active"), None));

    let mut ending = ending();
    ending["on"] = json!("2026-04-30");
    world.town(KRISTIANSAND).closes(&case.offering, ending).await.expect(200);
    let (one, own) = read_listings(&world).await;
    for one in [one, own] {
        assert_eq!(
            (&one["status"], &one["availableUntil"]),
            (&json!("ending"), &json!("2026-04-30")),
            "the first end counts"
        );
    }
}

async fn what_nobody_confirms_is_marked_as_stale(world: World) {
    let case = world.create_contract().await;
    world.set_clock("2026-06-01T09:00:00Z");
    lists(&world, &case, json!({"capacity": "open"})).await.expect(200);
    let stale = async || {
        let (one, own) = read_listings(&world).await;
        (one["stale"] == true, own["stale"] == true)
    };
    // The later of profile and listing counts; the own offer was last confirmed with its version.
    for (instant, expected) in [
        ("2027-03-12T22:59:59Z", (false, false)),
        ("2027-03-12T23:00:00Z", (false, true)),
        ("2027-06-01T21:59:59Z", (false, true)),
        ("2027-06-01T22:00:00Z", (true, true)),
    ] {
        world.set_clock(instant);
        assert_eq!(stale().await, expected, "{instant}");
    }
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = world.provider().get(&format!("{path}/case")).await.etag();
    let confirm = format!("{path}/listing/confirmation");
    world.provider().act(Method::POST, &confirm, &etag, None).await.expect(200);
    assert_eq!(stale().await, (false, true));
    lists_own(&world, &case.offering, json!({"capacity": "open"})).await.expect(200);
    assert_eq!(stale().await, (false, false));
}

async fn the_own_offer_is_listed_beside_the_others(world: World) {
    let case = world.create_contract().await;
    let editor = world.editor();
    let path = format!("/v1/offerings/{}", case.offering);
    let (draft, own_listing) = (format!("{path}/draft"), format!("{path}/own-listing"));
    let blind = editor.request(Method::PATCH, &own_listing).json(&json!({"capacity": "full"}));
    blind.send().await.problem(428, "precondition-required");
    let etag = editor.get(&draft).await.etag();
    editor
        .act(Method::PATCH, &own_listing, "\"99\"", Some(json!({"capacity": "full"})))
        .await
        .problem(412, "precondition-failed");
    let act = Act::patch(&own_listing).at(&etag).with(json!({"capacity": "full"}));
    let answer = world.only(&editor, Role::Editor, act).await.expect(200);
    assert_eq!(answer.json()["ownListing"]["capacity"], "full");
    let (one, own) = read_listings(&world).await;
    assert_eq!(one["capacity"], json!({"state": "unknown"}));
    assert_eq!(own["capacity"], json!({"state": "full", "on": "2026-03-12"}), "and still listed");

    let feed = world.anyone().get("/v1/changes").await.expect(200).json();
    let last = feed["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["type"], "no.godkjent.offering.own-listing-changed.v1");
    assert_eq!(last["subject"], path);
    assert_eq!(last["data"]["ownListing"]["capacity"], "full");
    let version = world.anyone().get(&format!("{path}/versions/1")).await.expect(200).json();
    assert_eq!(version.get("ownListing"), None, "the version never changes");

    // Confirmed later: the capacity is as old as it is.
    world.set_clock("2026-05-01T09:00:00Z");
    let confirm = Act::post(format!("{own_listing}/confirmation")).at(&answer.etag());
    let confirmed = world.only(&editor, Role::Editor, confirm).await.expect(200).json();
    assert_eq!(confirmed["ownListing"]["lastConfirmedAt"], "2026-05-01T09:00:00Z");
    let own = read_listings(&world).await.1;
    assert_eq!(own["capacity"]["on"], "2026-03-12");
    assert_eq!(own["lastConfirmedAt"], "2026-05-01T09:00:00Z");
    let open = lists_own(&world, &case.offering, json!({"capacity": "open"})).await.expect(200);
    assert_eq!(open.json()["ownListing"]["capacityOn"], "2026-05-01");

    // A new version leaves it, and so does another instance.
    editor.publishes(&case.offering).await.expect(201);
    let before = read_listings(&world).await;
    assert_eq!(before.1["capacity"], json!({"state": "open", "on": "2026-05-01"}));
    assert_eq!(read_listings(&world.another_instance().await).await, before);
}

async fn the_own_listing_belongs_to_a_published_offering_that_lasts(world: World) {
    let offering = world.published_offering().await;
    let editor = world.editor();
    let draft = editor.drafts("practical-help", json!({})).await;
    let early = lists_own(&world, &draft, json!({"capacity": "open"})).await;
    assert_eq!(early.problem(409, "illegal-transition")["currentState"], "draft");
    let etag = editor.get(&format!("/v1/offerings/{offering}/draft")).await.etag();
    let confirm = format!("/v1/offerings/{offering}/own-listing/confirmation");
    editor.act(Method::POST, &confirm, &etag, None).await.problem(404, "not-found");
    let bare = lists_own(&world, &offering, json!({})).await.expect(422);
    assert_eq!(bare.pointers(), ["/capacity"]);
    lists_own(&world, &offering, json!({"colour": 1})).await.problem(422, "unknown-field");
    assert_eq!(editor.get(&format!("/v1/offerings/{offering}/draft")).await.etag(), etag);

    let mut ending = ending();
    ending["on"] = json!("2026-04-30");
    world.town(KRISTIANSAND).closes(&offering, ending).await.expect(200);
    lists_own(&world, &offering, json!({"capacity": "limited"})).await.expect(200);
    world.set_clock("2026-04-30T22:00:00Z");
    let over = lists_own(&world, &offering, json!({"capacity": "full"})).await;
    assert_eq!(over.problem(409, "illegal-transition")["currentState"], "ended");
}
