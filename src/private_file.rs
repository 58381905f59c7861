//! Files that their owner alone may read: keys, backups.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

/// A new file for its owner alone; none where one of that name is there.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
