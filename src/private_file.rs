//! Files with owner-only permissions: keys, backups.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// Creates a new file with owner-only permissions; fails if it exists.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Creates a file with this content, unless another process was first: then that one's file stays. No reader sees a
/// part of it.
pub fn create_once(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = Path::new(&name);
    let linked = create(temporary)
        .and_then(|mut file| file.write_all(content))
        .and_then(|()| fs::hard_link(temporary, path));
    let removed = fs::remove_file(temporary);
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.exists() => removed,
        other => other.and(removed),
    }
}
