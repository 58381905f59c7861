//! Rights: every route that the server really has, tried by everyone, with a sound body and a broken one.
//!
//! What came of it is one table, `snapshots/authorization.txt`. A route that is not in it fails here, and so
//! does an answer that is another one than it says. `UPDATE=1` writes it anew; never in continuous integration.
//!
//! Acts are tried at a revision that is long past. Who may do one is told so (412), nothing changes, and
//! each cell stands by itself.

mod routes;
mod scene;

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use actix_web::http::Method;
use godkjent::{app, domain::role::Role};
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{Answer, BAERUM, KRISTIANSAND, OTHER_PROVIDER, PROVIDER, Person, World},
};
use routes::{Route, served};
use scene::Scene;

on_both_databases!(everyone_gets_from_every_route_what_the_table_says);

const TABLE: &str = "tests/it/snapshots/authorization.txt";
const HEAD: &str = "\
Who gets what from which route. Made by UPDATE=1 cargo test authorization.

Provider, editor, case-worker, decision-maker and inspector are of the organisation whose resource it is; with a prime (provider')
they are of another one. An auditor and an operator belong to no case. “the rest” is whoever is not named.

Acts are tried at a revision long past: 412 says that only the condition held the caller back. “broken” is the same
request with a body that is not JSON.

";

/// Who tries: people of the organisation whose things they are, and of another one.
fn columns(world: &World) -> Vec<(&'static str, Person)> {
    let person = |role, organisation| world.person("Nina Navn", role, organisation);
    vec![
        ("anyone", world.anyone()),
        ("provider", person(Role::Provider, PROVIDER)),
        ("provider'", person(Role::Provider, OTHER_PROVIDER)),
        ("editor", person(Role::Editor, KRISTIANSAND)),
        ("editor'", person(Role::Editor, BAERUM)),
        ("case-worker", person(Role::CaseWorker, KRISTIANSAND)),
        ("case-worker'", person(Role::CaseWorker, BAERUM)),
        ("decision-maker", person(Role::DecisionMaker, KRISTIANSAND)),
        ("decision-maker'", person(Role::DecisionMaker, BAERUM)),
        ("inspector", person(Role::Inspector, KRISTIANSAND)),
        ("inspector'", person(Role::Inspector, BAERUM)),
        ("auditor", person(Role::Auditor, KRISTIANSAND)),
        ("operator", person(Role::Operator, KRISTIANSAND)),
    ]
}

/// What was answered, by column.
type Cells = Vec<(&'static str, String)>;

async fn everyone_gets_from_every_route_what_the_table_says(world: World) {
    let document = serde_json::to_value(app::document()).unwrap();
    let scene = Scene::new(&world).await;
    let columns = columns(&world);
    let mut table = HEAD.to_owned();
    for route in served(&world).await {
        let operation = &document["paths"][&route.pattern][route.method.as_str().to_lowercase()];
        let body = scene.body(&route, operation);
        if !scene.has_all_of(&route) {
            writeln!(
                table,
                "{} {} names something that the scene lacks",
                route.method, route.pattern
            )
            .unwrap();
        }
        let sound = tried(&columns, &route, &scene, body.as_ref().map(Value::to_string)).await;
        check(&route, operation, &sound);
        writeln!(table, "{} {}: {}", route.method, route.pattern, grouped(&sound)).unwrap();
        if body.is_some() {
            let broken = tried(&columns, &route, &scene, Some("{".to_owned())).await;
            check(&route, operation, &broken);
            writeln!(table, "{} {} broken: {}", route.method, route.pattern, grouped(&broken))
                .unwrap();
        }
    }
    compare(&table);
}

async fn tried(
    columns: &[(&'static str, Person)],
    route: &Route,
    scene: &Scene,
    body: Option<String>,
) -> Cells {
    let path = scene.path(route);
    let mut cells = vec![];
    for (name, who) in columns {
        let mut request = who.request(route.method.clone(), &path);
        if route.method != Method::GET {
            request = request.header("If-Match", "\"999\"");
        }
        if let Some(body) = &body {
            request = request.body("application/json", body.clone());
        }
        cells.push((*name, said(&request.send().await)));
    }
    cells
}

/// The status, and the code of a problem.
fn said(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    if status < 400 {
        status.to_string()
    } else {
        format!("{status} {}", answer.json()["code"].as_str().unwrap())
    }
}

/// What holds whatever the table says.
fn check(route: &Route, operation: &Value, cells: &Cells) {
    let place = format!("{} {}", route.method, route.pattern);
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).unwrap().1.as_str();
    for (name, said) in cells {
        assert!(!said.starts_with('5'), "{place}: {name} gets {said}");
    }
    if operation.is_null() {
        return;
    }
    // Whether a token is needed is said where it is so, and nobody without one gets further.
    let needed = cell("anyone") == "401 unauthenticated";
    let told = if needed { json!([{"token": []}]) } else { json!([]) };
    assert_eq!(operation["security"], told, "{place}: anyone gets {}", cell("anyone"));
    // What belongs to somebody is nobody else's: not there, or told whose it is.
    if !needed || !route.pattern.contains('{') {
        return;
    }
    for (name, said) in cells.iter().filter(|(name, _)| name.ends_with('\'')) {
        let refused = ["403 ", "404 ", "400 malformed-json"].iter().any(|no| said.starts_with(no));
        assert!(refused, "{place}: {name} gets {said}");
    }
}

/// Equal answers together, the accepted ones first, the greatest group as “the rest”.
fn grouped(cells: &Cells) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, said) in cells {
        groups.entry(said).or_default().push(name);
    }
    let most = groups.values().map(Vec::len).max().unwrap_or(0);
    let rest = groups.iter().find(|(_, names)| names.len() == most).map(|(said, _)| *said);
    if groups.len() == 1 {
        return format!("everyone {}", rest.unwrap_or_default());
    }
    let named = groups.iter().filter(|(said, _)| Some(**said) != rest);
    let mut parts: Vec<_> =
        named.map(|(said, names)| format!("{} {said}", names.join(", "))).collect();
    parts.push(format!("the rest {}", rest.unwrap_or_default()));
    parts.join("; ")
}

fn compare(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let is_set = |name| std::env::var_os(name).is_some();
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if kept != table && is_set("UPDATE") && !is_set("CI") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, table).unwrap();
        return;
    }
    let (old, new): (Vec<_>, Vec<_>) = (kept.lines().collect(), table.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    let differs: Vec<_> = gone.chain(come).collect();
    assert!(
        kept == table,
        "{TABLE} says otherwise; look at the difference after UPDATE=1 cargo test authorization\n{}",
        differs.join("\n")
    );
}
