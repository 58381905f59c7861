//! Migrations: two folders with the same result, up and down, and equal to the schema in code.

use std::{collections::BTreeSet, fs, path::Path};

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, backend::Backend,
    migration::MigrationSource, sql_query, sql_types::Text,
};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::world::database::TestDatabase;

type Pg = AsyncConnectionWrapper<AsyncPgConnection>;

/// The schema of SQLite.
const SQLITE_SCHEMA: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line \
    FROM sqlite_master WHERE name NOT LIKE '%__diesel_schema_migrations%' ORDER BY 1";
/// Columns, constraints, indexes, triggers and functions.
const POSTGRES_SCHEMA: &str = "SELECT line FROM (
    SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' ||
        coalesce(collation_name, '') || ' ' || coalesce(column_default, '') AS line, table_name AS t
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid),
        conrelid::regclass::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef, tablename FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT pg_get_triggerdef(oid), tgrelid::regclass::text
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT pg_get_functiondef(oid), ''
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) all_of_it WHERE t <> '__diesel_schema_migrations' ORDER BY 1";

/// `table column type nullable` of all columns.
const SQLITE_COLUMNS: &str = "SELECT t.name || ' ' || c.name || ' ' || c.type || ' ' ||
    iif(c.\"notnull\", 'NO', 'YES') AS line
    FROM sqlite_master t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name <> '__diesel_schema_migrations'";
const POSTGRES_COLUMNS: &str =
    "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' ||
    is_nullable AS line FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn both_folders_hold_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<_> {
        let all = fs::read_dir(directory(folder)).unwrap().map(|entry| entry.unwrap());
        all.map(|entry| {
            for file in ["up.sql", "down.sql"] {
                let sql = fs::read_to_string(entry.path().join(file));
                assert!(sql.is_ok_and(|sql| !sql.trim().is_empty()), "{entry:?} {file}");
            }
            entry.file_name()
        })
        .collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn sqlite_goes_up_and_down_and_up_again_to_the_same_tables() {
    let mut connection = sqlite();
    up_and_down_and_up(&mut connection, "sqlite", |c| in_lite(c, SQLITE_SCHEMA));
}

#[test]
fn postgres_goes_up_and_down_and_up_again_to_the_same_tables() {
    if let Some((mut connection, _database)) = postgres() {
        up_and_down_and_up(&mut connection, "postgres", |c| in_pg(c, POSTGRES_SCHEMA));
    }
}

#[test]
fn the_code_sees_the_columns_that_sqlite_has() {
    let mut connection = sqlite();
    connection.run_pending_migrations(migrations("sqlite")).unwrap();
    assert_eq!(columns_in_code(in_sqlite), in_lite(&mut connection, SQLITE_COLUMNS));
}

#[test]
fn the_code_sees_the_columns_that_postgres_has() {
    if let Some((mut connection, _database)) = postgres() {
        assert_eq!(columns_in_code(in_postgres), in_pg(&mut connection, POSTGRES_COLUMNS));
    }
}

/// Queries have concrete connections, so each database lists its schema in its own way.
fn up_and_down_and_up<C, DB>(
    connection: &mut C,
    folder: &str,
    schema: impl Fn(&mut C) -> BTreeSet<String>,
) where
    DB: Backend,
    C: MigrationHarness<DB>,
    FileBasedMigrations: MigrationSource<DB>,
{
    connection.run_pending_migrations(migrations(folder)).unwrap();
    let first = schema(connection);
    assert!(first.iter().any(|line| line.contains("journal_head")));
    connection.revert_all_migrations(migrations(folder)).unwrap();
    assert_eq!(schema(connection), BTreeSet::new(), "something is left behind");
    connection.run_pending_migrations(migrations(folder)).unwrap();
    assert_eq!(schema(connection), first);
}

fn in_lite(connection: &mut SqliteConnection, sql: &str) -> BTreeSet<String> {
    let lines: Vec<Line> = sql_query(sql).load(connection).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

fn in_pg(connection: &mut Pg, sql: &str) -> BTreeSet<String> {
    let lines: Vec<Line> = sql_query(sql).load(connection).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

fn sqlite() -> SqliteConnection {
    SqliteConnection::establish(":memory:").unwrap()
}

/// A migrated database, which lives as long as the second value.
fn postgres() -> Option<(Pg, TestDatabase)> {
    let database = TestDatabase::postgres()?;
    Some((Pg::establish(&database.url()).unwrap(), database))
}

fn directory(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder)
}

fn migrations(folder: &str) -> FileBasedMigrations {
    FileBasedMigrations::from_path(directory(folder)).unwrap()
}

/// The tables of `src/store/schema.rs` and of the file below it, one line for each column.
fn columns_in_code(type_name: fn(&str) -> &'static str) -> BTreeSet<String> {
    let code = ["src/store/schema.rs", "src/store/schema/outbox.rs"]
        .map(|it| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(it)).unwrap())
        .concat();
    let (mut found, mut table) = (BTreeSet::new(), "");
    for line in code.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name;
        } else if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let inner = kind.strip_prefix("Nullable<").and_then(|rest| rest.strip_suffix('>'));
            let nullable = if inner.is_some() { "YES" } else { "NO" };
            let kind = type_name(inner.unwrap_or(kind));
            found.insert(format!("{table} {column} {kind} {nullable}"));
        }
    }
    assert!(found.len() > 50, "the tables were not found");
    found
}

fn in_sqlite(kind: &str) -> &'static str {
    match kind {
        "Text" | "Date" => "TEXT",
        "Integer" | "BigInt" | "Micros" | "Bool" => "INTEGER",
        "UuidBytes" | "Binary" => "BLOB",
        other => panic!("how does SQLite keep {other}?"),
    }
}

fn in_postgres(kind: &str) -> &'static str {
    match kind {
        "Text" => "text",
        "Date" => "date",
        "Integer" => "integer",
        "BigInt" => "bigint",
        "Bool" => "boolean",
        "Micros" => "timestamp with time zone",
        "UuidBytes" => "uuid",
        "Binary" => "bytea",
        other => panic!("how does PostgreSQL keep {other}?"),
    }
}
