use super::error::StoreError;
use super::pool::{Kind, Pool};
use super::queries::{DbConnection, Lite};
use super::transaction::{begin, begin_immediate, transaction};
use crate::store::journal_rows::{Head, JournalRow};
use crate::store::sql::{Id16, Json, Ts};
use chrono::{DateTime, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

mod group;
mod postgres;

/// A migrated SQLite database for one test.
struct Fresh {
    pool: Pool,
    path: PathBuf,
}

impl Fresh {
    fn new() -> Self {
        let file = format!("godkjent-unit-{}-{}.db", std::process::id(), next_number());
        let path = std::env::temp_dir().join(file);
        let pool = Pool::open(&format!("sqlite:{}", path.display()), 4).unwrap();
        pool.migrate().unwrap();
        Self { pool, path }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.path.display()));
        }
    }
}

fn next_number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

fn entry(position: i64) -> JournalRow {
    JournalRow {
        position,
        public_position: None,
        id: Id16(Uuid::from_u64_pair(next_number(), u64::MAX)),
        at: Ts::from(DateTime::from_timestamp_nanos(1_790_000_000_123_456_789)),
        actor: "subject".to_owned(),
        actor_name: "Kari Nordmann".to_owned(),
        role: "caseworker".to_owned(),
        organisation: None,
        request_id: "request".to_owned(),
        kind: "test.written".to_owned(),
        subject_type: "test".to_owned(),
        subject_id: "1".to_owned(),
        municipality: Some("0301".to_owned()),
        provider: None,
        revision: 1,
        detail: Json(r#"{"b":1.0, "a":1e2,"a":"Ærlig"}"#.to_owned()),
        public: None,
        hash: vec![7; 32],
    }
}

/// The next position, taken with the lock.
fn next_position(repo: &mut DbConnection<'_>) -> Result<i64, StoreError> {
    let head = repo.lock_head()?;
    repo.move_head(&Head { position: head.position + 1, ..head.clone() })?;
    Ok(head.position + 1)
}

fn append(pool: &Pool, change: impl FnOnce(&mut JournalRow)) -> Result<JournalRow, StoreError> {
    pool.write(|repo| {
        let mut head = repo.lock_head()?;
        let mut row = entry(0);
        change(&mut row);
        let given = row.position;
        head.chain(&mut row);
        row.position = if given == 0 { row.position } else { given };
        repo.journal_append(std::slice::from_ref(&row))?;
        repo.move_head(&head)?;
        Ok(row)
    })
}

fn positions(rows: &[JournalRow]) -> Vec<i64> {
    rows.iter().map(|row| row.position).collect()
}

/// The position of the last entry; 0 if there is none.
fn last(repo: &mut DbConnection<'_>) -> Result<i64, StoreError> {
    Ok(repo.journal_after(0, 1000)?.last().map_or(0, |row| row.position))
}

fn head(pool: &Pool) -> i64 {
    pool.read(last).unwrap()
}

fn concurrent_writers_number_their_entries_without_gaps(pool: &Pool) {
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..10 {
                    append(pool, |_| ()).unwrap();
                    append(pool, |row| row.public = Some(Json("{}".to_owned()))).unwrap();
                }
            });
        }
    });
    let rows = pool.read::<_, StoreError>(|repo| Ok(repo.journal_after(0, 1000)?)).unwrap();
    assert_eq!(positions(&rows), (1..=400).collect::<Vec<_>>());
    let public: Vec<_> = rows.iter().filter_map(|row| row.public_position).collect();
    assert_eq!(public, (1..=200).collect::<Vec<_>>(), "in the same order");
    assert_eq!(head(pool), 400);
}

fn a_rolled_back_write_gives_its_positions_back(pool: &Pool) {
    append(pool, |_| ()).unwrap();
    let refused: Result<(), StoreError> = pool.write(|repo| {
        assert_eq!(next_position(repo)?, 2);
        repo.journal_append(&[entry(2)])?;
        Err(StoreError::Database("refused".to_owned()))
    });
    assert_eq!(refused, Err(StoreError::Database("refused".to_owned())));
    let next = append(pool, |row| row.public = Some(Json("{}".to_owned()))).unwrap();
    assert_eq!((next.position, next.public_position), (2, Some(1)));
}

fn a_panic_within_a_write_rolls_back_and_leaves_the_pool_usable(pool: &Pool) {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        pool.write::<(), StoreError>(|repo| {
            next_position(repo)?;
            panic!("on purpose")
        })
    }));
    assert!(outcome.is_err());
    assert_eq!(append(pool, |_| ()).unwrap().position, 1);
}

fn an_entry_comes_back_exactly_as_it_was_written(pool: &Pool) {
    let written = append(pool, |row| {
        row.at = Ts(row.at.0 - TimeDelta::days(366 * 40));
        row.organisation = Some("123456785".to_owned());
        row.public = Some(Json("{ }".to_owned()));
    })
    .unwrap();
    let read = pool.read::<_, StoreError>(|repo| Ok(repo.journal_after(0, 9)?)).unwrap();
    assert_eq!(read, [written]);
}

fn the_public_entries_are_given_in_order_and_in_pages(pool: &Pool) {
    for number in 1..=6 {
        let public = (number % 2 == 0).then(|| Json("{}".to_owned()));
        append(pool, |row| row.public = public).unwrap();
    }
    let page = |after, limit| {
        let rows = pool.read::<_, StoreError>(|repo| Ok(repo.journal_public_after(after, limit)?));
        positions(&rows.unwrap())
    };
    assert_eq!(page(0, 2), [2, 4]);
    assert_eq!(page(2, 2), [6], "after the second public one");
    assert!(page(3, 2).is_empty());
    let rows = pool.read::<_, StoreError>(|repo| Ok(repo.journal_after(0, 9)?)).unwrap();
    let numbers: Vec<_> = rows.iter().map(|row| row.public_position).collect();
    assert_eq!(numbers, [None, Some(1), None, Some(2), None, Some(3)]);
}

fn a_taken_key_is_a_conflict_that_names_the_column(pool: &Pool) {
    let first = append(pool, |_| ()).unwrap();
    let same_id = append(pool, |row| row.id = first.id);
    assert_eq!(same_id, Err(StoreError::Conflict("journal.id".to_owned())));
    let same_position = append(pool, |row| row.position = 1);
    assert_eq!(same_position, Err(StoreError::Conflict("journal.position".to_owned())));
    assert_eq!(head(pool), 1);
}

fn what_is_not_json_is_refused(pool: &Pool) {
    let outcome = append(pool, |row| row.detail = Json("{".to_owned()));
    assert!(matches!(outcome, Err(StoreError::Database(_))), "{outcome:?}");
}

fn what_is_public_has_a_public_position(pool: &Pool) {
    for (public, public_position) in [(Some("{}"), None), (None, Some(1))] {
        let outcome: Result<(), StoreError> = pool.write(|repo| {
            let public = public.map(|json| Json(json.to_owned()));
            let row = JournalRow { public_position, public, ..entry(next_position(repo)?) };
            Ok(repo.journal_append(std::slice::from_ref(&row))?)
        });
        assert!(matches!(outcome, Err(StoreError::Database(_))), "{outcome:?}");
    }
}

fn a_read_sees_one_moment_while_others_write(pool: &Pool) {
    append(pool, |_| ()).unwrap();
    pool.read::<_, StoreError>(|repo| {
        assert_eq!(last(repo)?, 1);
        std::thread::scope(|scope| scope.spawn(|| append(pool, |_| ()).unwrap()).join()).unwrap();
        assert_eq!(last(repo)?, 1);
        assert_eq!(repo.journal_after(0, 9)?.len(), 1);
        Ok(())
    })
    .unwrap();
    assert_eq!(head(pool), 2);
}

fn a_read_cannot_write(pool: &Pool) {
    let outcome = pool.read::<_, StoreError>(next_position);
    assert!(matches!(outcome, Err(StoreError::NotWritable(_))), "{outcome:?}");
    assert_eq!(head(pool), 0);
}

fn migrating_again_does_nothing(pool: &Pool) {
    assert_eq!(pool.migrate(), Ok(Vec::new()));
}

fn the_journal_refuses_to_be_changed(pool: &Pool, more: &[&str]) {
    append(pool, |_| ()).unwrap();
    let attempts = ["UPDATE journal SET kind = 'x'", "DELETE FROM journal"];
    for sql in attempts.iter().chain(more) {
        let outcome: Result<(), StoreError> = match &pool.0 {
            Kind::Sqlite(writer, _) => {
                transaction(&writer.pool, StoreError::Uncertain, begin_immediate, |c| {
                    Ok(c.batch_execute(sql)?)
                })
            }
            Kind::Postgres(pool, _) => {
                transaction(pool, StoreError::Uncertain, begin, |c| Ok(c.batch_execute(sql)?))
            }
        };
        let message = outcome.unwrap_err().to_string();
        assert!(message.contains("the journal is append-only"), "{sql}: {message}");
    }
}

macro_rules! on_sqlite {
    ($($name:ident)*) => { mod sqlite { $( #[test] fn $name() {
        super::$name(&super::Fresh::new().pool);
    } )* } };
}

on_sqlite! {
    concurrent_writers_number_their_entries_without_gaps
    a_rolled_back_write_gives_its_positions_back
    a_panic_within_a_write_rolls_back_and_leaves_the_pool_usable
    an_entry_comes_back_exactly_as_it_was_written
    the_public_entries_are_given_in_order_and_in_pages
    a_taken_key_is_a_conflict_that_names_the_column
    what_is_not_json_is_refused
    what_is_public_has_a_public_position
    a_read_sees_one_moment_while_others_write
    a_read_cannot_write
    migrating_again_does_nothing
}

#[test]
fn sqlite_refuses_to_change_the_journal_even_by_replacement() {
    let replace = "INSERT OR REPLACE INTO journal SELECT * FROM journal";
    the_journal_refuses_to_be_changed(&Fresh::new().pool, &[replace]);
}

#[test]
fn migrating_a_new_database_names_what_was_run() {
    let fresh = Fresh::new();
    let path = fresh.path.with_extension("second.db");
    let second =
        Fresh { pool: Pool::open(&format!("sqlite://{}", path.display()), 1).unwrap(), path };
    let names = second.pool.migrate().unwrap();
    assert_eq!(names.first().map(String::as_str), Some("00000000000001_registry"));
}

#[test]
fn an_url_without_a_usable_database_is_refused_at_once() {
    let problem = |url| Pool::open(url, 1).err().unwrap().to_string();
    assert!(problem("sqlite::memory:").contains("in memory"));
    assert!(problem("sqlite:").contains("name a file"));
    assert!(problem("sqlite:/nowhere/at/all.db").contains("/nowhere/at/all.db"));
    assert!(problem("mysql://localhost/x").contains("must begin with"));
    assert!(problem("postgres://u:secret@localhost/x?sslmode=verify-full").contains("sslmode"));
    assert!(!problem("postgres://u:secret@localhost:x/x").contains("secret"));
}

#[test]
fn a_full_database_is_not_writable() {
    let fresh = Fresh::new();
    let Kind::Sqlite(writer, _) = &fresh.pool.0 else { panic!("this is SQLite") };
    // It cannot be less than there is.
    writer.pool.get().unwrap().batch_execute("PRAGMA max_page_count=1").unwrap();
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000_000));
    let outcome = append(&fresh.pool, |row| row.detail = Json(long));
    assert_eq!(outcome, Err(StoreError::NotWritable("database or disk is full".to_owned())));
}

#[test]
fn a_database_locked_by_another_process_is_busy() {
    let fresh = Fresh::new();
    let mut other = Lite::establish(&fresh.path.display().to_string()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    assert_eq!(append(&fresh.pool, |_| ()), Err(StoreError::Busy));
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(append(&fresh.pool, |_| ()).unwrap().position, 1);
}
