//! File permissions: files of the program are readable for their owner only.

use std::path::{Path, PathBuf};

use crate::{config::Settings, vault};

/// Sets the umask so that new files have modes 0600 and 0700.
pub fn restrict_umask() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Restricts the permissions of the database, the evidence and generated keys to the owner. Secrets supplied by
/// operators (person key, issuer file) stay unchanged.
pub(super) fn repair(settings: &Settings, demo: bool) {
    let mut paths: Vec<PathBuf> = vec![];
    if let Some(path) = settings.database.sqlite_path() {
        let with = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        paths.extend(["", "-wal", "-shm", "-lock"].map(with));
    }
    paths.extend(vault::directory(&settings.evidence_store.address(&settings.database)));
    paths.extend(settings.local_issuer.key_file(demo, &settings.database));
    paths.extend(settings.checkpoints.checkpoint_key.clone());
    for path in paths.iter().filter(|path| path.exists()) {
        match restrict(path) {
            Ok(0) => {}
            Ok(closed) => {
                tracing::warn!(path = %path.display(), closed, "file permissions were restricted to the owner");
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "file permissions cannot be restricted; other users can read it");
            }
        }
    }
}

/// Removes the rights of others from a path and, below a directory that had them, from everything. Gives the number
/// of changed paths.
#[cfg(unix)]
fn restrict(path: &Path) -> std::io::Result<usize> {
    use std::os::unix::fs::PermissionsExt;
    let about = path.metadata()?;
    let mut rights = about.permissions();
    let own = rights.mode() & !0o077;
    if rights.mode() == own {
        return Ok(0);
    }
    rights.set_mode(own);
    std::fs::set_permissions(path, rights)?;
    let mut closed = 1;
    if about.is_dir() {
        for entry in path.read_dir()? {
            closed += restrict(&entry?.path())?;
        }
    }
    Ok(closed)
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> std::io::Result<usize> {
    Ok(0)
}
