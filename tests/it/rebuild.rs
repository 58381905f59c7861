//! Audit of the register: journal and tables agree, and alterations outside the registry are found.

use actix_web::{http::Method, web};
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};
use godkjent::jobs::{Audit, Difference, audit_register};
use serde_json::{Value, json};

use crate::{
    appeals::{in_favour, lodge},
    decisions::refuse_application,
    intake::content_in_rounds,
    on_both_databases,
    world::{
        KRISTIANSAND, OTHER_PROVIDER, PROVIDER, World,
        people::{SERVICE, profile, synthetic_number},
    },
};

on_both_databases!(
    a_row_that_was_altered_behind_the_registrys_back_is_named,
    a_refusal_whose_case_went_on_is_equal,
    late_access_and_an_end_to_come_are_equal,
    nothing_is_equal_to_nothing,
);

/// Result of an audit at the world's instant.
pub async fn audit(world: &World) -> Audit {
    let state = world.state.clone();
    let work = move || audit_register(&state.store, state.context.now()).unwrap();
    web::block(work).await.unwrap()
}

/// Register and tables agree, in at least this many records.
pub async fn is_equal(world: &World, at_least: usize) {
    match audit(world).await {
        Audit::Equal { records, position } => {
            assert!(records >= at_least, "only {records} things at position {position}");
            assert_eq!(position, world.state.register.position());
        }
        differs @ Audit::Differs(_) => panic!("{differs}"),
    }
}

pub type Pg = AsyncConnectionWrapper<AsyncPgConnection>;

/// Runs a statement past the registry. Call it outside of async code.
pub fn behind_its_back(url: &str, sql: &str) {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let mut connection = SqliteConnection::establish(path).unwrap();
        return connection.batch_execute(&format!("PRAGMA busy_timeout=5000; {sql}")).unwrap();
    }
    Pg::establish(url).unwrap().batch_execute(sql).unwrap();
}

pub async fn alter(world: &World, sql: &str) {
    let (url, sql) = (world.database_url(), sql.to_owned());
    web::block(move || behind_its_back(&url, &sql)).await.unwrap();
}

/// The difference that there must be.
async fn differs(world: &World) -> Difference {
    match audit(world).await {
        Audit::Differs(difference) => difference,
        equal @ Audit::Equal { .. } => panic!("{equal}"),
    }
}

async fn a_row_that_was_altered_behind_the_registrys_back_is_named(world: World) {
    let case = world.create_contract().await;
    is_equal(&world, 6).await;
    let approval = format!("/v1/approvals/{}", case.approval);
    let provider = format!("/v1/providers/{PROVIDER}");
    let offering = format!("/v1/offerings/{}", case.offering);
    let replace = |table: &str, column: &str, from: &str, to: &str| {
        format!("UPDATE {table} SET {column} = replace({column}, '{from}', '{to}')")
    };
    for (table, column, there, back, subject, pointer) in [
        ("approval", "zones", "whole", "north", approval.as_str(), "/zones/0"),
        ("approval", "lifecycle", "2026/118", "2026/119", &approval, "/contract/number"),
        ("provider", "profile", "Eksempel", "Annet", &provider, "/name"),
        (
            "municipality",
            "settings",
            "klageutvalg",
            "nemnd",
            "/v1/municipalities/4204",
            "/appealBody",
        ),
        (
            "offering_version",
            "content",
            "Beredskap",
            "Vaktrom",
            &offering,
            "/content/criteria/2/text/nb",
        ),
    ] {
        alter(&world, &replace(table, column, there, back)).await;
        let found = differs(&world).await;
        assert_eq!((found.subject.as_str(), found.pointer.as_str()), (subject, pointer));
        let (journal, tables) = (found.journal.unwrap(), found.tables.unwrap());
        assert_eq!(journal.as_str().unwrap().replace(there, back), tables);
        alter(&world, &replace(table, column, back, there)).await;
        is_equal(&world, 6).await;
    }
    alter(&world, "UPDATE approval SET revision = revision + 1").await;
    let found = differs(&world).await;
    assert_eq!((found.subject, found.pointer.as_str()), (approval, "/revision"));
}

async fn a_refusal_whose_case_went_on_is_equal(world: World) {
    let (_, decision) = refuse_application(&world).await;
    is_equal(&world, 6).await;
    let appeal = lodge(&world, &decision).await;
    appeal.review(&world).await;
    let maker = world.decision_maker();
    appeal.act(&maker, "outcome", in_favour("met")).await.expect(201);
    // The refusal still lists the unmet criterion, which the tables now have as met.
    is_equal(&world, 7).await;
    let decisions = world.anyone().get("/v1/decisions").await.expect(200).json();
    assert_eq!(decisions["items"][0]["criteria"], json!(["contingency-plan"]));
    // Its other fields are compared.
    let end = "UPDATE decision_history SET body = replace(body, '\"reversed\"', '\"annulled\"')";
    alter(&world, end).await;
    let found = differs(&world).await;
    assert_eq!(found.pointer, "/end/kind");
    assert_eq!(found.tables, Some(json!("annulled")));
}

async fn late_access_and_an_end_to_come_are_equal(world: World) {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let offering = town.publish(SERVICE, content_in_rounds()).await;
    let own = world.provider();
    own.registers(PROVIDER, profile("Eksempel Assistanse AS")).await.expect(200);
    world.other_provider().registers(OTHER_PROVIDER, profile("Annen AS")).await.expect(200);
    town.contract(&own, &offering, &["whole"]).await;
    world
        .provider_with_number(0)
        .registers(&synthetic_number(0), profile("Sen AS"))
        .await
        .expect(200);

    world.set_clock("2026-05-02T10:00:00Z");
    let body = json!({
        "provider": synthetic_number(0), "reason": {"nb": "Innsendingen var nede."},
        "expiresOn": "2026-05-08",
    });
    let path = format!("/v1/offerings/{offering}/late-access");
    let granted = town.decision_maker.post(&path, body).await.expect(201).json();
    town.editor.changes(&offering, json!({"title": {"nb": "Nytt navn"}})).await.expect(200);
    town.editor.publishes(&offering).await.expect(201);
    let draft = format!("/v1/offerings/{offering}/draft");
    let etag = town.editor.get(&draft).await.etag();
    let ending: Value = json!({
        "kind": "ending", "on": "2026-12-31", "reason": {"nb": "Ordningen er avviklet."},
        "windingDown": {"until": "2027-01-31", "takenOverBy": "Kommunens egen tjeneste"},
    });
    let closure = format!("/v1/offerings/{offering}/closure");
    town.editor.act(Method::POST, &closure, &etag, Some(ending)).await.expect(200);
    // Before, on the way, and after its last day, whether the day was noted or not.
    is_equal(&world, 9).await;
    world.set_clock("2027-01-01T10:00:00Z");
    is_equal(&world, 9).await;
    assert!(world.catches_up().await > 0);
    is_equal(&world, 9).await;

    // A version that is in force no more, then a grant.
    let altered = "content = replace(content, 'Beredskap', 'Vaktrom') WHERE number = 1";
    alter(&world, &format!("UPDATE offering_version SET {altered}")).await;
    let found = differs(&world).await;
    assert_eq!(found.subject, format!("/v1/offerings/{offering}/versions/1"));
    assert_eq!(found.pointer, "/content/criteria/2/text/nb");
    let restored = "content = replace(content, 'Vaktrom', 'Beredskap') WHERE number = 1";
    alter(&world, &format!("UPDATE offering_version SET {restored}")).await;
    alter(&world, "DELETE FROM late_access").await;
    let found = differs(&world).await;
    assert_eq!(found.subject, format!("/v1/late-access/{}", granted["id"].as_str().unwrap()));
    assert_eq!((found.pointer.as_str(), &found.tables), ("", &None));
    assert_eq!(found.journal.unwrap()["provider"], synthetic_number(0));
}

async fn nothing_is_equal_to_nothing(world: World) {
    assert_eq!(audit(&world).await, Audit::Equal { records: 0, position: 0 });
}
