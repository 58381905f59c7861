//! Databases for tests: each test gets a fresh one of its own, on SQLite or on PostgreSQL.
//!
//! PostgreSQL is one throw-away server per test process, or `GODKJENT_TEST_POSTGRES_URL`. Its
//! programs are looked for in PATH, `GODKJENT_TEST_POSTGRES_BIN` and Debian's directories;
//! without them those tests are left out, unless `GODKJENT_TEST_REQUIRE_POSTGRES` is set.

use godkjent::store::Pool;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

static COUNTER: AtomicUsize = AtomicUsize::new(0);
static SERVER: OnceLock<Option<Server>> = OnceLock::new();

const TEMPLATE: &str = "godkjent_template";

/// Makes a server, tells that it is ready, and takes it down when standard input ends: the test
/// process holds the other end of that pipe, so the server dies with it, however it ends.
const SUPERVISOR: &str = r#"
cd "$1" || exit 1
"$2/initdb" -N -A trust --locale=C -E UTF8 -U godkjent -D data >initdb.log 2>&1 &&
"$2/pg_ctl" start -w -D data -l server.log -o "-k '$1' -c listen_addresses= -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" >pg_ctl.log 2>&1 &&
echo ready || cat initdb.log pg_ctl.log server.log >&2
cat >/dev/null
"$2/pg_ctl" stop -D data -m immediate >/dev/null 2>&1
cd / && rm -rf "$1"
"#;

/// A database of one test, removed when dropped.
pub struct TestDatabase {
    url: String,
    made_of: Made,
}

enum Made {
    Sqlite(PathBuf),
    Postgres {
        server: &'static Server,
        name: String,
    },
}

impl TestDatabase {
    /// A new SQLite file, not yet there and so not migrated.
    pub fn sqlite() -> Self {
        let path = env::temp_dir().join(format!("godkjent-{}.db", unique()));
        let database = Self {
            url: format!("sqlite:{}", path.display()),
            made_of: Made::Sqlite(path),
        };
        database.remove();
        database
    }

    /// A new, migrated PostgreSQL database; `None` if there is no server to be had.
    pub fn postgres() -> Option<Self> {
        let server = SERVER.get_or_init(Server::find_or_start).as_ref()?;
        let name = format!("t_{}", unique());
        server.execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
        Some(Self {
            url: server.url(&name),
            made_of: Made::Postgres { server, name },
        })
    }

    /// The URL to open it with.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    fn remove(&self) {
        match &self.made_of {
            Made::Sqlite(path) => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(format!("{}{suffix}", path.display()));
                }
            }
            Made::Postgres { server, name } => {
                server.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.remove();
    }
}

fn unique() -> String {
    format!(
        "{}_{}",
        std::process::id(),
        COUNTER.fetch_add(1, Ordering::Relaxed)
    )
}

/// A running server, by the URL of its database `postgres`.
struct Server {
    url: String,
    /// Kept because the server lives as long as its standard input.
    _supervisor: Option<Child>,
}

impl Server {
    fn find_or_start() -> Option<Self> {
        let server = if let Ok(url) = env::var("GODKJENT_TEST_POSTGRES_URL") {
            Self {
                url,
                _supervisor: None,
            }
        } else if let Some(programs) = find_programs() {
            Self::start(&programs)
        } else {
            let required = env::var_os("GODKJENT_TEST_REQUIRE_POSTGRES").is_some();
            assert!(
                !required,
                "GODKJENT_TEST_REQUIRE_POSTGRES is set, but initdb was not found"
            );
            // Not `eprintln!`, which the test harness would hide.
            let _ = writeln!(
                std::io::stderr(),
                "initdb not found: no tests on PostgreSQL"
            );
            return None;
        };
        server.execute(&format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"));
        server.execute(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
        let template = server.url(TEMPLATE);
        let migrated = thread::spawn(move || Pool::open(&template, 1)?.migrate()).join();
        migrated
            .expect("no panic")
            .expect("the template is migrated");
        Some(server)
    }

    fn start(programs: &Path) -> Self {
        let directory = env::temp_dir().join(format!("godkjent-pg-{}", unique()));
        fs::create_dir(&directory).expect("a new directory");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).expect("permissions");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SUPERVISOR, "sh"])
            .arg(&directory)
            .arg(programs);
        // A group of its own, so that Ctrl-C reaches the tests only and the server is cleaned up.
        shell
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some((user, group)) = unprivileged_user(&directory) {
            chown(&directory, Some(user), Some(group)).expect("the directory changes hands");
            shell.uid(user).gid(group);
        }
        let mut supervisor = shell.spawn().expect("sh runs");
        let mut answer = String::new();
        let output = supervisor.stdout.take().expect("is piped");
        BufReader::new(output)
            .read_line(&mut answer)
            .expect("sh answers");
        assert_eq!(
            answer.trim(),
            "ready",
            "PostgreSQL did not start; see above"
        );
        let url = format!("postgres://godkjent@/postgres?host={}", directory.display());
        Self {
            url,
            _supervisor: Some(supervisor),
        }
    }

    /// The server's URL with another database.
    fn url(&self, database: &str) -> String {
        let (front, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let start = front.find("://").map_or(0, |at| at + 3);
        let end = front[start..]
            .find('/')
            .map_or(front.len(), |at| start + at);
        format!("{}/{database}?{query}", &front[..end])
    }

    /// Runs one statement outside a transaction; on a thread of its own, as a test may be async.
    fn execute(&self, sql: &str) {
        let work = async {
            let (client, connection) =
                tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await?;
            let driver = tokio::spawn(connection);
            let done = client.batch_execute(sql).await;
            driver.abort();
            done
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let done = thread::scope(|s| {
            s.spawn(|| runtime.expect("a runtime").block_on(work))
                .join()
        });
        done.expect("no panic")
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

/// The directory with `initdb` and `pg_ctl`; links in PATH are followed.
fn find_programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let chosen = env::var_os("GODKJENT_TEST_POSTGRES_BIN").map(PathBuf::from);
    let mut packaged: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter_map(|it| Some((it.file_name()?.to_str()?.parse().ok()?, it.join("bin"))))
        .collect();
    packaged.sort();
    (chosen.into_iter().chain(env::split_paths(&path)))
        .chain(packaged.into_iter().rev().map(|(_, directory)| directory))
        .filter_map(|it| {
            Some(
                fs::canonicalize(it.join("initdb"))
                    .ok()?
                    .parent()?
                    .to_path_buf(),
            )
        })
        .find(|it| it.join("pg_ctl").is_file())
}

/// Whom to run the server as if we are root, which PostgreSQL refuses: `postgres` or `nobody`.
fn unprivileged_user(own_file: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata(own_file).expect("is there").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("is readable");
    let ids = |name| {
        let mut fields = users
            .lines()
            .map(|it| it.split(':'))
            .find(|it| it.clone().next() == Some(name))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}
