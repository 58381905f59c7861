//! A PostgreSQL server for the benchmark, with its defaults: commits are durable.

use std::{
    env, fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::servers::Directory;

/// A running server; it is stopped when it is dropped.
pub struct Postgres {
    programs: PathBuf,
    directory: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Postgres {
    /// None where its programs are not installed.
    pub fn start(place: &Directory) -> Option<Self> {
        let (programs, directory) = (programs()?, place.file("postgres"));
        fs::create_dir(&directory).unwrap();
        let owner = is_root(&directory).then(unprivileged_user);
        if let Some((user, group)) = owner {
            chown(&directory, Some(user), Some(group)).unwrap();
        }
        let server = Self { programs, directory, owner };
        server.run(
            "initdb",
            &["-A", "trust", "-E", "UTF8", "--locale=C", "-U", "godkjent", "-D", "data"],
        );
        let options = format!("-k '{}' -c listen_addresses=", server.directory.display());
        server.run("pg_ctl", &["start", "-w", "-D", "data", "-l", "log", "-o", &options]);
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://godkjent@/postgres?host={}", self.directory.display())
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(&self.directory);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        assert!(command.status().unwrap().success(), "{program} {arguments:?}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "-D", "data", "-m", "immediate"]);
    }
}

/// The directory of `initdb` and `pg_ctl`, found like in the tests.
fn programs() -> Option<PathBuf> {
    let chosen = env::var_os("GODKJENT_TEST_POSTGRES_BIN").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let packaged = versions.map(|version| version.path().join("bin"));
    let mut all = chosen.into_iter().chain(env::split_paths(&path)).chain(packaged);
    all.find(|directory| directory.join("initdb").is_file() && directory.join("pg_ctl").is_file())
}

fn is_root(made: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(made).unwrap().uid() == 0
}

/// PostgreSQL does not run as root.
fn unprivileged_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let line = users.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(":x:"))?;
        let (user, rest) = line.split_once(':')?;
        Some((user.parse().ok()?, rest.split(':').next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).expect("user postgres or nobody")
}
