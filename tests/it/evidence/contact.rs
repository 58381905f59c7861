//! A contact person leaves a case that has ended, and leaves nothing of him or her in it.

use actix_web::{http::Method, web};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{Answer, BAERUM, Person, World, people::Assessed},
};

on_both_databases!(
    removing_the_contact_person_leaves_nothing_of_it_and_keeps_the_case_whole,
    a_contact_person_is_removed_by_the_parties_alone_and_from_what_has_ended,
);

type Pg =
    diesel_async::async_connection_wrapper::AsyncConnectionWrapper<diesel_async::AsyncPgConnection>;

/// A person with a unique name.
const PERSON: [&str; 3] = ["Synne Sletthaug", "synne@sletthaug.example", "+47 987 65 432"];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "SELECT t.name || ' ' || c.name AS line FROM sqlite_master t, \
    pragma_table_info(t.name) c WHERE t.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT table_name || ' ' || column_name AS line \
    FROM information_schema.columns WHERE table_schema = 'public'";

/// Queries a database.
type Query = Box<dyn FnMut(&str) -> Vec<Line>>;

/// Every `table.column` of the whole database that holds a text.
fn holding(url: &str, text: &str) -> Vec<String> {
    let mut all: Query = if let Some(path) = url.strip_prefix("sqlite:") {
        let mut it = diesel::SqliteConnection::establish(path).unwrap();
        Box::new(move |sql| sql_query(sql).load(&mut it).unwrap())
    } else {
        let mut it = Pg::establish(url).unwrap();
        Box::new(move |sql| sql_query(sql).load(&mut it).unwrap())
    };
    let columns = if url.starts_with("sqlite:") { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    let mut found = vec![];
    for Line { line: column } in all(columns) {
        let (table, name) = column.split_once(' ').unwrap();
        let sql = format!(
            "SELECT CAST(\"{name}\" AS text) AS line FROM \"{table}\" \
             WHERE CAST(\"{name}\" AS text) LIKE '%{text}%'"
        );
        found.extend(all(&sql).iter().map(|_| format!("{table}.{name}")));
    }
    found
}

async fn search(world: &World, text: &'static str) -> Vec<String> {
    let url = world.database_url();
    web::block(move || holding(&url, text)).await.unwrap()
}

/// Refused, with a contact person with a unique name.
async fn refuse_application(world: &World) -> (String, String) {
    let case = world.drafted_application().await;
    let me = world.provider();
    me.completes(&case.application).await;
    let [name, email, phone] = PERSON;
    let contact = json!({"contact": {"name": name, "email": email, "phone": phone}});
    me.patches_application(&case.application, contact).await.expect(200);
    me.submits(&case.application).await.expect(200);
    world.assess(&case.application, Assessed::OneFailing).await;
    let body = crate::world::people::refusal();
    let decision = world.decision_maker().decides(&case.application, body).await.expect(201);
    (case.application, decision.json()["id"].as_str().unwrap().to_owned())
}

pub async fn removes(who: &Person, reader: &Person, application: &str) -> Answer {
    let path = format!("/v1/applications/{application}");
    let etag = reader.get(&path).await.expect(200).etag();
    who.act(Method::POST, &format!("{path}/contact-removal"), &etag, None).await
}

async fn letters(world: &World, application: &str, decision: &str) -> [String; 2] {
    let me = world.provider();
    let mut texts = vec![];
    for path in [
        format!("/v1/decisions/{decision}/letter"),
        format!("/v1/applications/{application}/receipt/letter"),
    ] {
        texts.push(me.get(&path).await.expect(200).text);
    }
    texts.try_into().unwrap()
}

async fn removing_the_contact_person_leaves_nothing_of_it_and_keeps_the_case_whole(world: World) {
    let (application, decision) = refuse_application(&world).await;
    let (me, path) = (world.provider(), format!("/v1/applications/{application}"));
    let (decided, sent) = (
        me.get(&format!("/v1/decisions/{decision}")).await.expect(200).json(),
        letters(&world, &application, &decision).await,
    );
    let before = me.get(&path).await.expect(200).json();
    for text in PERSON {
        assert_eq!(search(&world, text).await, ["application.dossier"], "{text}");
    }
    let after = removes(&world.case_worker(), &me, &application).await.expect(200).json();
    for text in PERSON {
        assert_eq!(search(&world, text).await, Vec::<String>::new(), "{text}");
    }
    assert_eq!(after.get("contact"), None);
    assert_eq!(after["contactRemovedAt"], "2026-03-12T09:00:00Z");
    let now = me.get(&path).await.expect(200).json();
    for name in ["state", "answers", "evidence", "case", "decisionId", "zones"] {
        assert_eq!(now[name], before[name], "{name}");
    }
    assert_eq!(me.get(&format!("/v1/decisions/{decision}")).await.expect(200).json(), decided);
    assert_eq!(letters(&world, &application, &decision).await, sent);
    let last = world.auditor().audits().await.pop().unwrap();
    assert_eq!(
        (&last["event"], &last["subject"]),
        (&json!("application.contact-removed"), &json!(path))
    );
    assert_eq!(last["detail"], json!({}));
    let act =
        |view: &Value| crate::world::people::possible(view).contains(&"remove-contact".to_owned());
    assert!(act(&before) && !act(&now));
    removes(&me, &me, &application).await.problem(409, "nobody-named");
}

async fn a_contact_person_is_removed_by_the_parties_alone_and_from_what_has_ended(world: World) {
    let (application, _) = refuse_application(&world).await;
    let me = world.provider();
    let elsewhere = world.person("Bo Case", Role::CaseWorker, BAERUM);
    for stranger in [world.other_provider(), elsewhere] {
        removes(&stranger, &me, &application).await.problem(404, "not-found");
    }
    removes(&world.decision_maker(), &me, &application).await.problem(403, "role-missing");
    removes(&me, &me, &application).await.expect(200);
    let open =
        me.post("/v1/applications", json!({"offeringId": offering(&me, &application).await}));
    let open = crate::world::people::id(&open.await.expect(201));
    me.completes(&open).await;
    removes(&me, &me, &open).await.problem(409, "illegal-transition");
    me.submits(&open).await.expect(200);
    removes(&world.case_worker(), &me, &open).await.problem(409, "illegal-transition");
    me.withdraws(&open).await.expect(200);
    removes(&world.case_worker(), &me, &open).await.expect(200);
}

async fn offering(who: &Person, application: &str) -> String {
    let view = who.get(&format!("/v1/applications/{application}")).await.expect(200).json();
    view["offeringId"].as_str().unwrap().to_owned()
}
