//! The same on PostgreSQL, and tests that need a server.

use super::*;

#[path = "../../../../tests/it/world/database.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests of the whole")]
mod database;

use database::TestDatabase;

macro_rules! on_postgres {
    ($($name:ident)*) => { $( #[test] fn $name() {
        with_pool(|pool| super::$name(pool));
    } )* };
}

on_postgres! {
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

/// Runs a test on its own database, if there is a server.
fn with_pool(test: impl FnOnce(&Pool)) {
    if let Some(database) = TestDatabase::postgres() {
        test(&Pool::open(&database.url(), 8).unwrap());
    }
}

/// Runs statements outside a transaction.
fn run(pool: &Pool, sql: &str) -> QueryResult<()> {
    match &pool.0 {
        Kind::Postgres(pool, _) => pool.get().unwrap().batch_execute(sql),
        Kind::Sqlite(..) => panic!("this is SQLite"),
    }
}

#[test]
fn postgres_refuses_to_change_the_journal_even_by_truncation() {
    with_pool(|pool| the_journal_refuses_to_be_changed(pool, &["TRUNCATE journal"]));
}

#[test]
fn of_many_who_migrate_at_once_one_does_it() {
    with_pool(|pool| {
        run(pool, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
        let ran: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..6).map(|_| scope.spawn(|| pool.migrate().unwrap())).collect();
            all.into_iter().map(|one| one.join().unwrap()).filter(|ran| !ran.is_empty()).collect()
        });
        assert_eq!(ran.len(), 1, "{ran:?}");
        assert_eq!(append(pool, |_| ()).unwrap().position, 1);
    });
}

#[test]
fn who_waits_too_long_for_the_lock_is_told_that_it_is_busy() {
    with_pool(|pool| {
        let held: Result<(), StoreError> = pool.write(|repo| {
            next_position(repo)?;
            let waiting = || pool.write::<i64, StoreError>(next_position);
            let second = std::thread::scope(|scope| scope.spawn(waiting).join()).unwrap();
            assert_eq!(second, Err(StoreError::Busy));
            Ok(())
        });
        held.unwrap();
    });
}

#[test]
fn statements_that_the_server_cancels_are_busy() {
    for sql in [
        "BEGIN; SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(60)",
        "SELECT pg_cancel_backend(pg_backend_pid())",
    ] {
        with_pool(|pool| assert_eq!(ended(pool, sql), StoreError::Busy, "{sql}"));
    }
}

#[test]
fn one_of_two_that_wait_for_each_other_is_busy() {
    with_pool(|pool| {
        let each_has_one = std::sync::Barrier::new(2);
        let take = |first: i64, then: i64| -> Result<(), StoreError> {
            let Kind::Postgres(pool, _) = &pool.0 else { panic!("this is PostgreSQL") };
            let mut c = pool.get().unwrap();
            c.batch_execute("BEGIN; SET LOCAL deadlock_timeout = '1ms'").unwrap();
            c.batch_execute(&format!("SELECT pg_advisory_xact_lock({first})")).unwrap();
            each_has_one.wait();
            let taken = c.batch_execute(&format!("SELECT pg_advisory_xact_lock({then})"));
            c.batch_execute("ROLLBACK").unwrap();
            Ok(taken?)
        };
        let outcomes = std::thread::scope(|scope| {
            let other = scope.spawn(|| take(2, 1));
            [take(1, 2), other.join().unwrap()]
        });
        assert!(
            outcomes.contains(&Ok(())) && outcomes.contains(&Err(StoreError::Busy)),
            "{outcomes:?}"
        );
    });
}

#[test]
fn a_full_disk_of_the_server_is_not_writable() {
    let value = "could not extend file \"base/5/1259\": No space left on device";
    let sql = format!("DO $$ BEGIN RAISE '{value}' USING ERRCODE = 'disk_full'; END $$");
    with_pool(|pool| assert_eq!(ended(pool, &sql), StoreError::NotWritable(value.to_owned())));
}

#[test]
fn messages_are_in_english_whatever_the_database_speaks() {
    let Some(database) = TestDatabase::postgres() else { return };
    let connect = || Pool::open(&database.url(), 1).unwrap();
    // Another name of the only language that every machine has.
    let set = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lc_messages = ''POSIX''', \
        current_database()); END $$";
    run(&connect(), set).unwrap();
    assert_eq!(connect().language(), Ok(Some("C".to_owned())));
}

/// Classification of a failed statement.
fn ended(pool: &Pool, sql: &str) -> StoreError {
    run(pool, sql).unwrap_err().into()
}

#[test]
fn a_failed_statement_that_is_passed_over_fails_the_write() {
    with_pool(|pool| {
        let outcome: Result<i64, StoreError> = pool.write(|repo| {
            let position = next_position(repo)?;
            drop(repo.journal_append(&[entry(-1)]));
            Ok(position)
        });
        assert!(outcome.is_err(), "{outcome:?}");
        assert_eq!(append(pool, |_| ()).unwrap().position, 1);
    });
}

#[test]
fn connections_that_the_server_ended_are_replaced() {
    let Some(database) = TestDatabase::postgres() else { return };
    let connect = || Pool::open(&database.url(), 8).unwrap();
    let (pool, other) = (connect(), connect());
    assert_eq!(append(&pool, |_| ()).unwrap().position, 1);
    // Waits until each of them has ended.
    let sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    run(&other, sql).unwrap();
    assert_eq!(append(&pool, |_| ()).unwrap().position, 2);
}

#[test]
fn a_pool_may_be_dropped_in_async_code() {
    let Some(database) = TestDatabase::postgres() else { return };
    let pool = Pool::open(&database.url(), 2).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async move { drop((pool, database)) });
}
