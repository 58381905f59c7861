//! Files with owner-only permissions: keys, backups.

use std::{
    fs::{File, OpenOptions},
    io,
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
