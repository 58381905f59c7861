//! Number of statements of a command. Each connection of these tests reports its statements, by the URL it was
//! opened with.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{LazyLock, Mutex},
};

use actix_web::http::Method;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use serde_json::json;

use crate::world::{World, people::Assessed};

/// Reads, writes, locks, the rows of two cases, the letter and the journal. On PostgreSQL the lock of the case is added.
const MOST_FOR_A_DECISION: usize = 23;

type Told = HashMap<String, Vec<String>>;
/// The statements of the connections that write, by the database's path.
static STATEMENTS: LazyLock<Mutex<Told>> = LazyLock::new(Mutex::default);

/// Notes the statements of transactions that write.
#[derive(Default)]
struct Notes {
    database: String,
    writes: bool,
}

impl Instrumentation for Notes {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.database);
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let sql = query.to_string();
                self.writes |= sql.starts_with("BEGIN IMMEDIATE");
                if self.writes
                    && let Some(statements) = STATEMENTS.lock().unwrap().get_mut(&self.database)
                {
                    statements.push(sql.clone());
                }
                self.writes &= !sql.starts_with("COMMIT") && !sql.starts_with("ROLLBACK");
            }
            _ => {}
        }
    }
}

/// Kind of a statement, and its table.
fn kind(sql: &str) -> String {
    let words: Vec<_> = sql.split_whitespace().collect();
    let table = |after: &str| {
        let at = words.iter().position(|word| *word == after);
        at.and_then(|at| words.get(at + 1)).map_or("", |word| word.trim_matches(['`', '(']))
    };
    match words[0] {
        "SELECT" => format!("read {}", table("FROM")),
        "INSERT" => format!("insert {}", table("INTO")),
        "UPDATE" => format!("update {}", table("UPDATE")),
        "DELETE" => format!("delete {}", table("FROM")),
        other => other.to_owned(),
    }
}

#[actix_web::test]
async fn a_decision_costs_no_more_statements_than_it_did() {
    set_default_instrumentation(|| Some(Box::new(Notes::default()))).unwrap();
    let world = World::on_sqlite().await;
    let case = world.assessed_application(Assessed::AllMet).await;
    let maker = world.decision_maker();
    maker.declares_impartiality(&case.application).await.expect(200);
    let path = format!("/v1/applications/{}", case.application);
    let etag = maker.get(&path).await.etag();
    let request = maker.request(Method::POST, &format!("{path}/decision"));
    let request = request.header("If-Match", &etag).json(&json!({"outcome": "approve"}));

    let database = world.database_url().replace("sqlite:", "");
    world.hold_notices(true);
    STATEMENTS.lock().unwrap().insert(database.clone(), vec![]);
    request.send().await.expect(201);
    let statements = STATEMENTS.lock().unwrap().remove(&database).unwrap();

    let mut kinds = BTreeMap::<_, usize>::new();
    for sql in
        statements.iter().filter(|sql| !sql.starts_with("BEGIN") && !sql.starts_with("COMMIT"))
    {
        *kinds.entry(kind(sql)).or_default() += 1;
    }
    let count: usize = kinds.values().sum();
    println!("{count} statements: {kinds:#?}");
    let again = kinds.iter().filter(|(kind, times)| kind.starts_with("read") && **times > 1);
    assert_eq!(again.count(), 0, "a row is read again: {kinds:#?}");
    assert!((1..=MOST_FOR_A_DECISION).contains(&count), "{count}: {kinds:#?}");
}
