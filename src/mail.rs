//! Mail: notices by e-mail, over SMTP or into a folder.
//!
//! A mail says that a letter waits in the registry. It never has the letter, nor anything else of a case.

mod encoding;
mod error;
mod folder;
mod message;
mod relay;
mod sender;
pub(crate) mod sentences;
pub mod text;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

pub use self::{
    error::{MailSetupError, SendError},
    folder::MailFolder,
    message::{Mail, MailAccepted},
    relay::SmtpRelay,
    sender::Sender,
};

/// How mail leaves this instance. Its calls block: make them on a blocking thread.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// A mail server takes it.
    Smtp(SmtpRelay),
    /// A file for each mail, for demos and trials.
    Folder(MailFolder),
}

impl Mailer {
    /// A mail server. The URL is `smtps://user:password@host:465` (TLS from the start),
    /// `smtp://user:password@host:587?tls=required` (STARTTLS) or, for a server on this machine alone, `smtp://localhost:25`.
    /// The timeout is for each answer of the server.
    pub fn smtp(url: &str, from: Sender, timeout: Duration) -> Result<Self, MailSetupError> {
        SmtpRelay::new(url, from, timeout).map(Self::Smtp)
    }

    /// A folder, which is created by the first mail. Without a sender the mails are from that of the demo.
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>, from: Option<Sender>) -> Self {
        Self::Folder(MailFolder::new(path.into(), from.unwrap_or_else(Sender::of_demo)))
    }

    /// The folder, where mail goes into one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Smtp(_) => None,
            Self::Folder(folder) => Some(folder.path()),
        }
    }

    /// Sends one mail. A mail that is sent again has the same `Message-ID`.
    pub fn send(&self, mail: &Mail) -> Result<MailAccepted, SendError> {
        match self {
            Self::Smtp(relay) => relay.send(mail),
            Self::Folder(folder) => folder.save(mail),
        }
    }

    /// Whether mail can leave, without sending one: over SMTP it connects and logs in.
    pub fn check(&self) -> Result<(), SendError> {
        match self {
            Self::Smtp(relay) => relay.check(),
            Self::Folder(folder) => folder.check(),
        }
    }
}
