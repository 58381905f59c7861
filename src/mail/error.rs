//! Why mail cannot be set up, and why a mail was not sent.

use thiserror::Error;

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SendError {
    /// Send the same mail again later: the server was busy or out of reach, or our own settings are wrong. The server may
    /// have the mail already, if the connection broke at its end.
    #[error("{0}")]
    Temporary(String),
    /// The server refused the recipient or the content: the same mail would be refused again.
    #[error("{0}")]
    Permanent(String),
}

/// Why the settings give no mail transport. No text has the URL, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MailSetupError {
    #[error(
        "GODKJENT_SMTP_URL cannot be read: write smtps://user:password@host:465 or \
         smtp://user:password@host:587?tls=required, with special characters of the password as %XX"
    )]
    Url,
    #[error(
        "GODKJENT_SMTP_URL has a parameter other than tls=required: remove it. With smtp:// add \
         ?tls=required, with smtps:// nothing"
    )]
    Parameter,
    #[error(
        "GODKJENT_SMTP_URL has a user name or a password without the other: write both, or neither"
    )]
    Login,
    #[error(
        "mail to {0} would be sent unencrypted: in GODKJENT_SMTP_URL use smtps://, or add ?tls=required. \
         Only a mail server on this machine needs no encryption"
    )]
    Unencrypted(String),
    #[error("TLS for mail cannot be set up: {0}")]
    Tls(String),
    #[error(
        "GODKJENT_SMTP_URL needs a sender: set GODKJENT_MAIL_FROM, such as \
         ‘Kristiansand kommune <ikke-svar@kristiansand.example>’"
    )]
    NoSender,
    #[error(
        "mail goes to a server or into a folder: remove GODKJENT_SMTP_URL or GODKJENT_MAIL_FOLDER"
    )]
    TwoTransports,
}
