//! Rights: every registered route, called by every role, with a valid and an invalid body.
//!
//! The results are one table, `snapshots/authorization.txt`. A missing route fails here, and so does a
//! different result. `UPDATE=1` rewrites the table; never in continuous integration. Rules that hold for every
//! table are asserted separately.
//!
//! Commands are sent with an outdated revision: a permitted caller gets 412, nothing changes, and the cells are
//! independent. A command that creates a resource has no revision: it is executed, once for each permitted
//! caller.

mod handlers;
mod routes;
mod scene;
mod table;

use actix_web::{
    http::{Method, StatusCode},
    web,
};
use godkjent::{api::resources::checkpoint::Seal, app::ServerComponents, domain::role::Role};
use serde_json::Value;

use crate::{
    attacks::routes::document,
    on_both_databases,
    world::{Answer, BAERUM, KRISTIANSAND, OTHER_PROVIDER, PROVIDER, Person, World},
};
use routes::{Route, list_served};
use scene::{Body, Scene};
use table::{Cells, Table};

on_both_databases!(everyone_gets_from_every_route_what_the_table_says);

/// Codes of permitted callers: only the input or the state was the obstacle.
const LET_IN: [&str; 6] = ["2", "304", "409", "412", "422", "428"];

/// Callers: people of the owning organisation and of another one.
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

async fn everyone_gets_from_every_route_what_the_table_says(world: World) {
    // Without a key there are no checkpoints.
    let checkpoint_signer = web::Data::new(Some(Seal::fresh().unwrap()));
    let sealed = |it| ServerComponents { checkpoint_signer, ..it };
    let world = world.another_instance_with(sealed).await;
    let stage = Stage { scene: Scene::new(&world).await, columns: columns(&world) };
    let (mut table, mut errors) = (Table::default(), vec![]);
    for route in list_served(&world).await {
        let body = stage.scene.body(&route);
        let sound = stage.try_route(&route, body.as_ref()).await;
        table.row(&route, "", &sound);
        errors.extend(wrong(&route, &sound));
        errors.extend(stage.tells_of_anothers(&route).await);
        errors.extend(stage.answers_otherwise(&route, &sound).await);
        if let Some(body) = body {
            let broken = stage.try_route(&route, Some(&body.break_tokens())).await;
            table.row(&route, " broken", &broken);
            errors.extend(wrong(&route, &broken));
            let read = broken.iter().filter(|(_, outcome)| outcome.starts_with('2'));
            errors.extend(read.map(|(name, outcome)| format!("{route} broken: {name} {outcome}")));
        }
    }
    table.compare();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// The existing resources, and their readers.
struct Stage {
    scene: Scene,
    columns: Vec<(&'static str, Person)>,
}

impl Stage {
    async fn try_route(&self, route: &Route, body: Option<&Body>) -> Cells {
        let mut cells = vec![];
        for (name, who) in &self.columns {
            let body = body.map(|body| body.sent_by(name, route));
            let answer = ask(who, route, &self.scene.path(route), body.as_ref()).await;
            cells.push((*name, describe(route, &answer)));
        }
        cells
    }

    /// To a stranger an existing resource answers like a missing one, word for word, and no list contains it.
    /// Returns the callers with a different answer.
    async fn tells_of_anothers(&self, route: &Route) -> Vec<String> {
        let mut errors = vec![];
        if route.is_open() || route.is_of_public_things() {
            return errors;
        }
        let (there, nowhere) = (self.scene.path(route), self.scene.nowhere(route));
        let body = self.scene.body(route);
        for (name, who) in self.columns.iter().filter(|(name, _)| is_of_another(name)) {
            let body = body.as_ref().map(|body| body.sent_by(name, route));
            let one = ask(who, route, &there, body.as_ref()).await;
            if there == nowhere {
                if self.scene.is_told_of_in(&one.text) {
                    errors.push(format!("{route}: {name} is told {}", one.text));
                }
                continue;
            }
            let other = ask(who, route, &nowhere, body.as_ref()).await;
            if summarize(&one) != summarize(&other) {
                errors.push(format!("{route}: {name} is told {} and not {}", one.text, other.text));
            }
        }
        errors
    }

    /// HEAD permits the same as GET, and the page cache the same as its route; no suffix permits more. Returns
    /// the callers with a different answer.
    async fn answers_otherwise(&self, route: &Route, cells: &Cells) -> Vec<String> {
        let mut errors = vec![];
        if route.method != Method::GET {
            return errors;
        }
        let path = self.scene.path(route);
        for ((name, who), (_, outcome)) in self.columns.iter().zip(cells) {
            for method in [Method::HEAD, Method::GET] {
                // A request with a request id is answered by the route itself.
                let named = who.request(method.clone(), &path).header("X-Request-Id", "behind");
                let status = named.send().await.status;
                if !outcome.starts_with(status.as_str()) {
                    errors.push(format!("{method} {path}: {name} {outcome}, and behind {status}"));
                }
            }
            let suffixes: &[_] = if route.is_open() { &[] } else { &[".json", ".csv"] };
            for suffix in suffixes {
                let status = who.get(&format!("{path}{suffix}")).await.status;
                if status.is_success() && !outcome.starts_with('2') {
                    errors.push(format!("GET {path}{suffix}: {name} {status}"));
                }
            }
        }
        errors
    }
}

async fn ask(who: &Person, route: &Route, path: &str, body: Option<&Body>) -> Answer {
    let mut request = who.request(route.method.clone(), path);
    let parameters = route.document_entry()["parameters"].as_array();
    if parameters.is_some_and(|all| all.iter().any(|it| it["name"] == "If-Match")) {
        request = request.header("If-Match", "\"999\"");
    }
    if let Some(Body { kind, bytes }) = body {
        request = request.body(kind, bytes.clone());
    }
    request.send().await
}

/// The status, the code of a problem, and how much of a list the caller sees that not everyone does.
fn describe(route: &Route, answer: &Answer) -> String {
    let status = answer.status.as_u16();
    if status >= 400 {
        return format!("{status} {}", answer.json()["code"].as_str().unwrap());
    }
    let list = (!route.is_open() && answer.header("content-type").ends_with("json"))
        .then(|| answer.json()["items"].as_array().map(Vec::len));
    match list.flatten() {
        Some(0) => format!("{status} none"),
        Some(_) => format!("{status} some"),
        None => status.to_string(),
    }
}

/// An answer without the name of its request.
fn summarize(answer: &Answer) -> (StatusCode, Value) {
    let mut body = answer.json();
    body["instance"] = Value::Null;
    (answer.status, body)
}

/// Rules that hold for every table.
fn wrong(route: &Route, cells: &Cells) -> Vec<String> {
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).unwrap().1.as_str();
    let let_in = |outcome: &str| LET_IN.iter().any(|it| outcome.starts_with(it));
    let may = |name: &str, outcome: &str| {
        let own = cell(name.trim_end_matches('\''));
        match name {
            // A token on a public route changes nothing.
            _ if route.is_open() => outcome == cell("anyone"),
            "anyone" => outcome == "401 unauthenticated",
            "operator" => outcome == "403 role-missing",
            _ if !is_of_another(name) => true,
            // A private resource is not found for others, or is public and not theirs to change.
            _ if route.names_something() && route.is_of_public_things() => !let_in(outcome),
            _ if route.names_something() && let_in(own) => outcome == "404 not-found",
            _ if route.names_something() => !let_in(outcome),
            _ => true,
        }
    };
    let wrong =
        cells.iter().filter(|(name, outcome)| outcome.starts_with('5') || !may(name, outcome));
    wrong.map(|(name, outcome)| format!("{route}: {name} {outcome}")).collect()
}

fn is_of_another(name: &str) -> bool {
    name.ends_with('\'')
}

/// A route without a guard accepts every method, and the list of routes would not show it.
#[actix_web::test]
async fn every_method_that_the_list_of_routes_lacks_is_refused() {
    let world = World::on_sqlite().await;
    let (scene, served) = (Scene::new(&world).await, list_served(&world).await);
    for method in [Method::GET, Method::PUT, Method::POST, Method::PATCH, Method::DELETE] {
        for pattern in document()["paths"].as_object().unwrap().keys() {
            let route = Route { pattern: pattern.clone(), method: method.clone() };
            if !served.contains(&route) {
                let answer = ask(&world.decision_maker(), &route, &scene.path(&route), None).await;
                answer.problem(405, "method-not-allowed");
            }
        }
    }
}
