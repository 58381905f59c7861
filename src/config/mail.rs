//! Settings of mail: a server or a folder.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use crate::mail::{MailSetupError, Mailer, Sender};

/// How long the mail server may take for each answer. A mail that it takes later would be sent twice.
const SMTP_TIMEOUT: Duration = Duration::from_secs(60);

/// Notices by e-mail.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "E-mail")]
pub struct MailSettings {
    /// Mail server for notices of letters: `smtps://user:password@host:465`, or with STARTTLS
    /// `smtp://user:password@host:587?tls=required`. Without encryption only on this machine: `smtp://localhost:25`. Prefer
    /// the variable, since other users of the machine can see flags. Default: no e-mail is sent.
    #[arg(long, env = "GODKJENT_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<SecretString>,
    /// Sender of e-mail: `Name <address>` or an address.
    #[arg(long, env = "GODKJENT_MAIL_FROM")]
    pub mail_from: Option<Sender>,
    /// Directory for e-mail instead of a mail server, for demos and trials: one `.eml` file for each.
    #[arg(long, env = "GODKJENT_MAIL_FOLDER")]
    pub mail_folder: Option<PathBuf>,
}

impl MailSettings {
    /// How mail leaves this instance; none if it does not.
    ///
    /// # Errors
    ///
    /// The settings contradict each other or lack something. The text says how to correct them.
    pub fn mailer(&self) -> Result<Option<Mailer>, MailSetupError> {
        let from = self.mail_from.clone();
        match (&self.smtp_url, &self.mail_folder) {
            (Some(_), Some(_)) => Err(MailSetupError::TwoTransports),
            (Some(url), None) => {
                let from = from.ok_or(MailSetupError::NoSender)?;
                Mailer::smtp(url.expose_secret(), from, SMTP_TIMEOUT).map(Some)
            }
            (None, Some(folder)) => Ok(Some(Mailer::folder(folder, from))),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, CliCommand};

    fn settings(flags: &[&str]) -> MailSettings {
        let cli = Cli::try_parse_from([&["godkjent", "serve"], flags].concat()).unwrap();
        match cli.command {
            CliCommand::Serve { settings, .. } => settings.mail,
            _ => panic!("not serve"),
        }
    }

    #[test]
    fn mail_goes_to_a_server_or_into_a_folder_or_nowhere() {
        assert!(settings(&[]).mailer().unwrap().is_none());
        let folder = settings(&["--mail-folder", "mail"]).mailer().unwrap();
        assert!(matches!(folder, Some(Mailer::Folder(_))));
        let smtp = ["--smtp-url", "smtps://robot:sesame@mail.example"];
        assert_eq!(settings(&smtp).mailer().unwrap_err(), MailSetupError::NoSender);
        let from = ["--mail-from", "Kristiansand kommune <ikke-svar@kristiansand.example>"];
        let both = settings(&[smtp, from].concat());
        assert!(matches!(both.mailer().unwrap(), Some(Mailer::Smtp(_))));
        let all = settings(&[&smtp, &from, &["--mail-folder", "mail"][..]].concat());
        assert_eq!(all.mailer().unwrap_err(), MailSetupError::TwoTransports);
        let text = format!("{both:?} {:?}", both.mailer());
        assert!(!text.contains("sesame") && text.contains("[REDACTED]"), "{text}");
    }

    #[test]
    fn a_wrong_sender_stops_the_start() {
        let value = ["godkjent", "serve", "--mail-from", "Kristiansand kommune"];
        let error = Cli::try_parse_from(value).unwrap_err().to_string();
        assert!(error.contains("--mail-from"), "{error}");
    }
}
