//! Whatever people write stays text: every field holds markup, and none of it becomes any.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{PREFIXES, SERVICE_PAGE, browse};
use crate::{
    listing::{lists, lists_own},
    offering_life::ending,
    on_sqlite,
    world::{
        KRISTIANSAND, PROVIDER, World, bpa_content,
        people::{Case, SERVICE},
    },
};

on_sqlite!(no_field_that_people_write_becomes_markup, nothing_that_a_reader_sends_becomes_markup);

const MARKUP: &str = "<b title='x'>\"&amp;<script>alert(1)</script><img src=x onerror=alert(1)>";

/// Markup with the name of a field in it.
fn hostile(name: &str) -> Value {
    json!(format!("{MARKUP}{name}!"))
}

fn local(name: &str) -> Value {
    let mut text = Map::new();
    for language in ["nb", "nn", "en"] {
        text.insert(language.to_owned(), hostile(&format!("{name}-{language}")));
    }
    Value::Object(text)
}

fn content() -> Value {
    let mut content = bpa_content();
    content["title"] = local("title");
    content["service"]["description"] = local("description");
    content["service"]["targetGroup"] = local("target-group");
    content["service"]["zones"] = json!([{"code": "whole", "name": hostile("zone")}]);
    content["process"]["contact"]["name"] = hostile("contact");
    for field in ["howToChoose", "howToSwitch", "userPayment", "complaints"] {
        content["citizen"][field] = local(field);
    }
    content["citizen"]["defaultRule"] = json!({"kind": "distribute", "rule": local("rule")});
    content["citizen"]["ownOffer"]["name"] = hostile("own-name");
    content["citizen"]["ownOffer"]["presentation"] = local("own-presentation");
    content["compensation"] = json!({
        "bands": [{"code": "all-day", "name": hostile("band"), "rules": [{"from": "00:00", "to": "24:00"}]}],
        "hours": [{"from": "00:00", "to": "24:00"}],
        "lines": [{
            "unit": "hour", "band": "all-day", "vat": "exempt", "validFrom": "2026-01-01",
            "amount": {"amount": "900.00", "currency": "NOK"},
        }],
        "callOut": {"kind": "nothing"}, "wastedTrip": {"kind": "nothing"}, "standBy": {"kind": "nothing"},
    });
    content
}

fn listing(name: &str) -> Value {
    let named = |field: &str| local(&format!("{name}-{field}"));
    json!({
        "capacity": "open", "text": named("text"), "continuity": named("continuity"),
        "specialCompetence": named("competence"), "openingHours": named("hours"),
        "addOns": [{
            "name": hostile(&format!("{name}-add-on")), "unit": "hour",
            "price": {"amount": "450.00", "currency": "NOK"},
        }],
    })
}

/// An offering, a provider and an announced end with markup in every field.
async fn scene(world: &World) -> Case {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let offering = town.publish(SERVICE, content()).await;
    let profile = json!({
        "name": hostile("provider"), "kind": "commercial", "notificationAddress": "post@example.no",
        "presentation": local("presentation"), "languages": ["nb"],
        "web": "https://example.no/?a='b'&c=d",
    });
    world.provider().registers(PROVIDER, profile).await.expect(200);
    let approval = town.contract(&world.provider(), &offering, &["whole"]).await;
    let case = Case { offering, approval, ..Case::default() };
    lists(world, &case, listing("listed")).await.expect(200);
    lists_own(world, &case.offering, listing("own-listed")).await.expect(200);
    let mut end = ending();
    end["reason"] = local("reason");
    end["windingDown"]["takenOverBy"] = hostile("taken-over-by");
    town.closes(&case.offering, end).await.expect(200);
    case
}

async fn no_field_that_people_write_becomes_markup(world: World) {
    let case = scene(&world).await;
    let mut found = BTreeSet::new();
    let paths = [
        "/velg/4204-kristiansand".to_owned(),
        SERVICE_PAGE.to_owned(),
        format!("{SERVICE_PAGE}/utskrift"),
        format!("{SERVICE_PAGE}/bytteskjema"),
        format!("{SERVICE_PAGE}/innbygg"),
        format!("/leverandor/{PROVIDER}"),
        format!("/godkjenning/{}", case.approval),
        "/velg/4204-kristiansand/hjemmesykepleie".to_owned(),
        String::new(),
    ];
    for path in paths.iter().flat_map(|path| PREFIXES.map(|prefix| format!("{prefix}{path}"))) {
        let path = if path.is_empty() { "/" } else { &path };
        let page = browse(&world.anyone(), path).await.text;
        for raw in ["<script", "<img", "<b ", "\"\"&amp;<", "title='x'>\"", "='b'&c"] {
            assert!(!page.contains(raw), "{path}: {raw}");
        }
        let escaped = "&lt;img src=x onerror=alert(1)&gt;";
        found.extend(
            page.split(escaped).skip(1).map(|rest| rest.split('!').next().unwrap().to_owned()),
        );
    }
    let one = [
        "title",
        "description",
        "target-group",
        "howToChoose",
        "howToSwitch",
        "userPayment",
        "complaints",
        "rule",
        "presentation",
        "reason",
        "listed-text",
        "listed-continuity",
        "listed-competence",
        "listed-hours",
        "own-listed-text",
        "own-listed-continuity",
        "own-listed-competence",
        "own-listed-hours",
    ];
    let all = [
        "zone",
        "contact",
        "own-name",
        "band",
        "provider",
        "taken-over-by",
        "listed-add-on",
        "own-listed-add-on",
    ];
    let in_each = one.iter().flat_map(|name| ["nb", "nn", "en"].map(|it| format!("{name}-{it}")));
    for name in in_each.chain(all.map(str::to_owned)) {
        assert!(found.contains(&name), "{name} is nowhere: {found:?}");
    }
}

async fn nothing_that_a_reader_sends_becomes_markup(world: World) {
    let case = world.create_contract().await;
    let markup = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [
        format!("/?q={markup}"),
        format!("/{markup}"),
        format!("/velg/{markup}"),
        format!("/velg/4204-kristiansand/{markup}"),
        format!("{SERVICE_PAGE}?sprak={markup}&omrade={markup}&rekkefolge=navn"),
        format!("/leverandor/{markup}"),
        format!("/godkjenning/{markup}"),
        format!("/godkjenning/{}?dag={markup}", case.approval),
    ] {
        let page = browse(&world.anyone(), &path).await;
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(!page.text.contains("<script"), "{path}: {}", page.text);
    }
}
