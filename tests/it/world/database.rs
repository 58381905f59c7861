//! Databases for tests: each test gets its own, on SQLite or on PostgreSQL.
//!
//! Each is a copy of a template that is migrated once per test process. The files are in memory if there is
//! space: no database test cuts the power, so durability is not needed.
//!
//! PostgreSQL is one temporary server per test process, or `GODKJENT_TEST_POSTGRES_URL`. Its programs are found
//! in `GODKJENT_TEST_POSTGRES_BIN`, PATH and Debian's directories; without them those tests are skipped, unless
//! `GODKJENT_TEST_REQUIRE_POSTGRES` is set.

use super::Pool;
use diesel::{Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::{env, fs, thread};
use tokio_postgres::SimpleQueryMessage;

const TEMPLATE: &str = "godkjent_template";

/// Starts a server in directory `$1` with the programs in `$2`, prints `ready`, and stops the server at the end
/// of standard input. The test process holds the other end of that pipe, so the server ends with it, in any
/// case.
const SUPERVISOR: &str = r#"
trap '' HUP INT PIPE TERM
cd "$1" && "$2/initdb" -N -A trust --locale=C -E UTF8 -U godkjent -D data >log 2>&1 &&
"$2/pg_ctl" start -w -D data -l log -o "-k '$1' $3" >/dev/null 2>&1 &&
echo ready || cat log >&2
cat >/dev/null
"$2/pg_ctl" stop -D data -m immediate >/dev/null 2>&1
cd / && rm -rf "$1"
"#;

/// Settings of a server without restarts: durability is not needed.
const QUICK: &str = "-c listen_addresses= -c max_connections=300 -c unix_socket_permissions=0700 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
/// Settings of a server that is killed and must keep its commits.
const KEEPING: &str = "-c listen_addresses= -c unix_socket_permissions=0700 -c fsync=off";

/// A server of a test's own, with one empty database: it can be taken down and started again.
pub struct OwnServer {
    server: Server,
    programs: PathBuf,
    directory: PathBuf,
}

impl OwnServer {
    /// A running server; `None` where there are no programs.
    pub fn start() -> Option<Self> {
        let programs = find_programs()?;
        let (server, directory) = Server::start(&programs, KEEPING);
        Some(Self { server, programs, directory })
    }

    /// The URL of its database, with a password that it does not require.
    pub fn url(&self) -> String {
        self.server.url("postgres").replace("godkjent@", "godkjent:t0p-s3cret@")
    }

    /// The socket that it listens on.
    pub fn socket(&self) -> PathBuf {
        self.directory.join(".s.PGSQL.5432")
    }

    /// Runs one statement.
    pub fn execute(&self, sql: &str) {
        self.server.execute(sql);
    }

    /// Takes it down at once, as a crash does.
    pub fn stop(&self) {
        self.control(&["stop", "-D", "data", "-m", "immediate"]);
    }

    /// Starts it again.
    pub fn start_again(&self) {
        let options = format!("-k '{}' {KEEPING}", self.directory.display());
        self.control(&["start", "-w", "-D", "data", "-l", "log", "-o", &options]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = Command::new(self.programs.join("pg_ctl"));
        command.args(arguments).current_dir(&self.directory);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let metadata = fs::metadata(&self.directory).expect("it is there");
        if Path::new("/proc/self").metadata().is_ok_and(|own| own.uid() == 0) {
            command.uid(metadata.uid()).gid(metadata.gid());
        }
        assert!(command.status().expect("pg_ctl runs").success(), "{arguments:?}");
    }
}

/// The database of one test, removed when dropped.
pub struct TestDatabase {
    url: String,
    /// The name on the server, or the path of the SQLite file.
    name: String,
    server: Option<&'static Server>,
    /// Number of ids generated for its content.
    pub ids: Arc<AtomicU64>,
}

/// The rows of all tables.
pub enum Rows {
    /// A SQLite file.
    File(Vec<u8>),
    /// Statements for PostgreSQL that put them in.
    Statements(String),
}

impl TestDatabase {
    /// A new SQLite file, not yet there and so not migrated.
    pub fn sqlite() -> Self {
        let name = directory().join(unique("godkjent")).with_extension("db");
        let name = name.display().to_string();
        Self { url: format!("sqlite:{name}"), name, server: None, ids: Arc::default() }
    }

    /// A new, migrated SQLite file.
    pub fn migrated_sqlite() -> Self {
        static FILE: OnceLock<Vec<u8>> = OnceLock::new();
        let file = FILE.get_or_init(|| {
            let template = Self::sqlite();
            let migrated = Pool::open(&template.url, 1).and_then(|pool| pool.migrate());
            migrated.expect("the template is migrated");
            // The pool closes its connections a moment later, so a part may still be in the log beside the file.
            let whole = Self::sqlite();
            let mut connection = SqliteConnection::establish(&template.name).expect("it is there");
            let copy = format!("VACUUM INTO '{}'", whole.name);
            sql_query(copy).execute(&mut connection).expect("there is room");
            fs::read(&whole.name).expect("it is there")
        });
        let database = Self::sqlite();
        fs::write(&database.name, file).expect("there is room");
        database
    }

    /// A new, migrated PostgreSQL database; `None` if there is no server to be had.
    pub fn postgres() -> Option<Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        let server = SERVER.get_or_init(Server::find_or_start).as_ref()?;
        let name = unique("t");
        server.execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
        Some(Self { url: server.url(&name), name, server: Some(server), ids: Arc::default() })
    }

    /// The URL to open it with.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Whether it is one on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.server.is_some()
    }

    /// Copies all rows.
    pub fn dump(&self) -> Rows {
        if let Some(server) = self.server {
            return Rows::Statements(server.dump(&self.name));
        }
        let copy = directory().join(unique("godkjent_scene"));
        self.on_sqlite(&format!("VACUUM INTO '{}'", copy.display()));
        let file = fs::read(&copy).expect("it was made");
        fs::remove_file(&copy).expect("it is there");
        Rows::File(file)
    }

    /// Puts copied rows into this database, which is new; others may have it open.
    pub fn restore(&self, rows: &Rows) {
        match (rows, self.server) {
            (Rows::Statements(sql), Some(server)) => drop(server.run(&self.name, sql)),
            (Rows::File(file), None) => {
                let copy = directory().join(unique("godkjent_scene"));
                fs::write(&copy, file).expect("there is room");
                let mut sql = format!(
                    "PRAGMA foreign_keys=OFF; ATTACH '{}' AS copy; BEGIN IMMEDIATE;",
                    copy.display()
                );
                for table in self.sqlite_tables() {
                    sql += &fill(&table, &format!("SELECT * FROM copy.{table}"));
                }
                self.on_sqlite(&(sql + "COMMIT; DETACH copy;"));
                fs::remove_file(&copy).expect("it is there");
            }
            _ => panic!("the rows of another kind of database"),
        }
    }

    fn on_sqlite(&self, sql: &str) {
        let mut connection = SqliteConnection::establish(&self.name).expect("it is there");
        connection.batch_execute(sql).expect("it is done");
    }

    fn sqlite_tables(&self) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Table {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' \
            AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
        let mut connection = SqliteConnection::establish(&self.name).expect("it is there");
        let tables: Vec<Table> = sql_query(sql).load(&mut connection).expect("it is read");
        tables.into_iter().map(|table| table.name).collect()
    }
}

/// Fills a table of a new database; one has a row from the start.
fn fill(table: &str, rows: &str) -> String {
    let emptied = if table == "journal_head" { "DELETE FROM journal_head; " } else { "" };
    format!("{emptied}INSERT INTO {table} {rows};\n")
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = self.server {
            return server.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", self.name));
        }
    }
}

/// Directory of test files: in memory if at least 2 GiB are free, else the system's temporary directory.
pub fn directory() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let in_memory = Path::new("/dev/shm");
        let free = free_kibibytes(in_memory).unwrap_or(0);
        if free >= 2 << 20 { in_memory.to_owned() } else { env::temp_dir() }
    })
}

/// Free space in the file system of a directory; `None` if it does not exist.
fn free_kibibytes(directory: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(directory).output().ok()?;
    let output = String::from_utf8(output.stdout).ok()?;
    output.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn unique(prefix: &str) -> String {
    static COUNTER: AtomicUsize = AtomicUsize::new(1);
    format!("{prefix}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// A running server, by the URL of its database `postgres`.
struct Server {
    url: String,
    /// Held because the server lives as long as the standard input of this process is open.
    _supervisor: Option<Child>,
}

impl Server {
    fn find_or_start() -> Option<Self> {
        let server = if let Some(url) = env::var_os("GODKJENT_TEST_POSTGRES_URL") {
            Self { url: url.into_string().expect("a URL"), _supervisor: None }
        } else if let Some(programs) = find_programs() {
            Self::start(&programs, QUICK).0
        } else {
            let required = env::var_os("GODKJENT_TEST_REQUIRE_POSTGRES").is_some();
            assert!(!required, "GODKJENT_TEST_REQUIRE_POSTGRES is set, but there is no initdb");
            // Not `eprintln!`, which the test harness would hide.
            let _ = writeln!(std::io::stderr(), "no initdb found: PostgreSQL tests are left out");
            return None;
        };
        server.execute(&format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"));
        server.execute(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
        let template = server.url(TEMPLATE);
        let migration = thread::spawn(move || Pool::open(&template, 1)?.migrate());
        migration.join().expect("no panic").expect("the template is migrated");
        Some(server)
    }

    fn start(programs: &Path, settings: &str) -> (Self, PathBuf) {
        let directory = directory().join(unique("godkjent_pg"));
        fs::create_dir(&directory).expect("a new directory");
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "sh"]).arg(&directory).arg(programs).arg(settings);
        // A separate group: Ctrl-C reaches the tests only, and the supervisor can clean up.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some((user, group)) = other_user(&directory) {
            chown(&directory, Some(user), Some(group)).expect("root may give it away");
            shell.uid(user).gid(group);
        }
        let mut supervisor = shell.spawn().expect("sh runs");
        let mut answer = String::new();
        let output = supervisor.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut answer).expect("sh answers");
        assert_eq!(answer, "ready\n", "PostgreSQL did not start; see its log above");
        let url = format!("postgres://godkjent@/postgres?host={}", directory.display());
        (Self { url, _supervisor: Some(supervisor) }, directory)
    }

    /// The server's URL with another database.
    fn url(&self, database: &str) -> String {
        let (address, options) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let (scheme, address) = address.split_once("://").expect("a URL");
        let host = address.split('/').next().unwrap_or_default();
        format!("{scheme}://{host}/{database}?{options}")
    }

    /// Runs one statement outside a transaction.
    fn execute(&self, sql: &str) {
        self.run("postgres", sql);
    }

    /// Statements that copy the rows of a database into a new one; referenced tables come first.
    fn dump(&self, database: &str) -> String {
        let tables = "SELECT relname FROM pg_class WHERE relkind = 'r' \
            AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_%' ORDER BY oid";
        let mut sql = "BEGIN;\n".to_owned();
        for table in self.run(database, tables) {
            let rows = format!("SELECT coalesce(json_agg(t), '[]') FROM {table} t");
            let rows = self.run(database, &rows).concat();
            let rows = format!("json_populate_recordset(NULL::{table}, $rows${rows}$rows$)");
            sql += &fill(&table, &format!("SELECT * FROM {rows}"));
        }
        let sequences = "SELECT format('SELECT setval(%L, %s);', sequencename, last_value) \
            FROM pg_sequences WHERE last_value IS NOT NULL";
        sql + &self.run(database, sequences).concat() + "COMMIT;"
    }

    /// Runs SQL and returns the first column; on a thread, as a test may be async.
    fn run(&self, database: &str, sql: &str) -> Vec<String> {
        let url = self.url(database);
        let work = async {
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
            let socket = tokio::spawn(connection);
            let answered = client.simple_query(sql).await;
            socket.abort();
            answered
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let done = thread::scope(|s| s.spawn(|| runtime.expect("a runtime").block_on(work)).join());
        let answered = done.expect("no panic").unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        let first = |answer: SimpleQueryMessage| match answer {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        answered.into_iter().filter_map(first).collect()
    }
}

/// The directory that holds `initdb` and `pg_ctl`; links in PATH are followed.
fn find_programs() -> Option<PathBuf> {
    let chosen = env::var_os("GODKJENT_TEST_POSTGRES_BIN").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> =
        versions.filter_map(|it| it.file_name().to_str()?.parse().ok()).collect();
    versions.sort_by(|a, b| b.cmp(a));
    let packaged = versions.iter().map(|it| format!("/usr/lib/postgresql/{it}/bin").into());
    (chosen.into_iter().chain(env::split_paths(&path)).chain(packaged))
        .filter_map(|it| Some(fs::canonicalize(it.join("initdb")).ok()?.parent()?.to_owned()))
        .find(|it| it.join("pg_ctl").is_file())
}

/// A program of PostgreSQL; none where there is none.
pub fn postgres_program(name: &str) -> Option<PathBuf> {
    Some(find_programs()?.join(name)).filter(|it| it.is_file())
}

/// The user of the server if our files belong to root, which PostgreSQL rejects.
fn other_user(made: &Path) -> Option<(u32, u32)> {
    let is_root = fs::metadata(made).expect("it is there").uid() == 0;
    is_root.then(|| unprivileged_user().expect("user postgres or nobody"))
}

/// The user and group id to run the server with if we are root.
fn unprivileged_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").expect("it is readable");
    let ids = |name| {
        let line = users.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(":x:"))?;
        let (user, rest) = line.split_once(':')?;
        Some((user.parse().ok()?, rest.split(':').next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}
