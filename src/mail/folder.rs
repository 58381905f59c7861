//! Mail into a folder, for demos and trials: one file for each mail.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    encoding::quote,
    error::SendError,
    message::{Mail, MailAccepted, Purpose},
    sender::Sender,
};
use crate::private_file;

/// A folder with a file `id.eml` for each mail, marked as demo.
#[derive(Debug, Clone)]
pub struct MailFolder {
    path: PathBuf,
    from: Sender,
}

impl MailFolder {
    pub(super) fn new(path: PathBuf, from: Sender) -> Self {
        Self { path, from }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file of a mail; that of an earlier attempt is replaced.
    pub(super) fn save(&self, mail: &Mail) -> Result<MailAccepted, SendError> {
        let rendered = mail.render(&self.from, Purpose::Demo)?;
        let name = format!("{}.eml", mail.id);
        self.write(&name, rendered.content.as_bytes()).map_err(|error| self.failure(&error))?;
        Ok(MailAccepted { reference: name })
    }

    /// Whether files can be written: one is created and removed.
    pub(super) fn check(&self) -> Result<(), SendError> {
        let probe = self.temporary("check");
        let written = fs::create_dir_all(&self.path).and_then(|()| create(&probe, b""));
        let removed = written.and_then(|()| fs::remove_file(&probe));
        removed.map_err(|error| self.failure(&error))
    }

    /// Readers see the whole file or none.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        let temporary = self.temporary(name);
        create(&temporary, bytes)?;
        fs::rename(&temporary, self.path.join(name))
    }

    fn temporary(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}.{}", std::process::id()))
    }

    fn failure(&self, error: &io::Error) -> SendError {
        SendError::Temporary(quote(&format!("{}: {error}", self.path.display())))
    }
}

fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    private_file::create(path)?.write_all(bytes)
}
