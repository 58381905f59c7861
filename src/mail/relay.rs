//! Mail over SMTP: one connection for each mail.

use std::{error::Error, fmt, io, net::IpAddr, time::Duration};

use lettre::transport::smtp::{
    self,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{SmtpConnection, Tls, TlsParameters},
    commands::{Data, Mail as MailFrom, Rcpt},
    extension::ClientId,
    response::{Response, Severity},
};
use percent_encoding::percent_decode_str;
use url::Url;

use super::{
    encoding::quote,
    error::{MailSetupError, SendError},
    message::{Mail, MailAccepted, Purpose, RenderedMail},
    sender::Sender,
};

/// Reply codes about the login (RFC 4954 § 6): no fault of the recipient.
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];

/// A mail server that takes our mail.
#[derive(Debug, Clone)]
pub struct SmtpRelay {
    host: String,
    port: u16,
    tls: Tls,
    /// `Debug` of this type prints neither name nor password.
    login: Option<Credentials>,
    from: Sender,
    timeout: Duration,
}

/// A step of the conversation with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Connect,
    StartTls,
    Login,
    Sender,
    Recipient,
    Content,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connection to the mail server",
            Self::StartTls => "STARTTLS",
            Self::Login => "login",
            Self::Sender => "MAIL FROM",
            Self::Recipient => "RCPT TO",
            Self::Content => "DATA",
        })
    }
}

impl SmtpRelay {
    pub(super) fn new(url: &str, from: Sender, timeout: Duration) -> Result<Self, MailSetupError> {
        let url = Url::parse(url).map_err(|_| MailSetupError::Url)?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() || !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(MailSetupError::Url);
        }
        let tls = || TlsParameters::new(host.clone());
        let failed = |error: smtp::Error| MailSetupError::Tls(quote(&error.to_string()));
        let (tls, port) = match (url.scheme(), requires_tls(&url)?) {
            ("smtps", _) => (Tls::Wrapper(tls().map_err(failed)?), 465),
            ("smtp", true) => (Tls::Required(tls().map_err(failed)?), 587),
            ("smtp", false) if is_loopback(&host) => (Tls::None, 25),
            ("smtp", false) => return Err(MailSetupError::Unencrypted(host)),
            _ => return Err(MailSetupError::Url),
        };
        let (port, login) = (url.port().unwrap_or(port), login(&url)?);
        Ok(Self { host, port, tls, login, from, timeout })
    }

    /// Sends a mail over a connection of its own.
    pub(super) fn send(&self, mail: &Mail) -> Result<MailAccepted, SendError> {
        let rendered = mail.render(&self.from, Purpose::Delivery)?;
        let mut connection = self.connect()?;
        let accepted = self.transfer(&mut connection, &rendered)?;
        // The server has the mail, whatever it answers to this.
        let _ = connection.quit();
        let words: Vec<_> = accepted.message().collect();
        let reference = quote(&format!("{} {}", accepted.code(), words.join(" ")));
        Ok(MailAccepted { reference })
    }

    /// Connects and logs in.
    pub(super) fn check(&self) -> Result<(), SendError> {
        let mut connection = self.connect()?;
        let _ = connection.quit();
        Ok(())
    }

    /// A connection that is encrypted and logged in, as far as the settings ask for it.
    fn connect(&self) -> Result<SmtpConnection, SendError> {
        let hello = ClientId::Domain(self.from.address().domain().to_owned());
        let server = (self.host.as_str(), self.port);
        let wrapper = match &self.tls {
            Tls::Wrapper(tls) => Some(tls),
            _ => None,
        };
        let connected = SmtpConnection::connect(server, Some(self.timeout), &hello, wrapper, None);
        let mut connection = connected.map_err(|error| self.failure(Step::Connect, &error))?;
        if let Tls::Required(tls) = &self.tls {
            let encrypted = connection.starttls(tls, &hello);
            encrypted.map_err(|error| self.failure(Step::StartTls, &error))?;
        }
        if let Some(login) = &self.login {
            let known = connection.auth(DEFAULT_MECHANISMS, login);
            known.map_err(|error| self.failure(Step::Login, &error))?;
        }
        Ok(connection)
    }

    /// Gives the message to the server. Errors are separated by step, since only some steps concern the recipient.
    fn transfer(
        &self,
        connection: &mut SmtpConnection,
        mail: &RenderedMail,
    ) -> Result<Response, SendError> {
        let from = MailFrom::new(Some(self.from.address().clone()), vec![]);
        self.expect(Step::Sender, Severity::PositiveCompletion, connection.command(from))?;
        let to = Rcpt::new(mail.to.clone(), vec![]);
        self.expect(Step::Recipient, Severity::PositiveCompletion, connection.command(to))?;
        let ready = connection.command(Data);
        self.expect(Step::Content, Severity::PositiveIntermediate, ready)?;
        // The end of the last line is sent with the full stop.
        let content = mail.content.strip_suffix("\r\n").unwrap_or(&mail.content);
        let accepted = connection.message(content.as_bytes());
        self.expect(Step::Content, Severity::PositiveCompletion, accepted)
    }

    fn expect(
        &self,
        step: Step,
        severity: Severity,
        answer: Result<Response, smtp::Error>,
    ) -> Result<Response, SendError> {
        let answer = answer.map_err(|error| self.failure(step, &error))?;
        if answer.code().severity == severity {
            return Ok(answer);
        }
        Err(SendError::Temporary(format!("{step}: unexpected answer {}", answer.code())))
    }

    fn failure(&self, step: Step, error: &smtp::Error) -> SendError {
        let text = if is_timeout(error) {
            format!("{step}: no answer within {}", humantime::format_duration(self.timeout))
        } else {
            quote(&format!("{step}: {error}"))
        };
        let about_mail = matches!(step, Step::Recipient | Step::Content);
        let about_login = error.status().is_some_and(|it| LOGIN_CODES.contains(&u16::from(it)));
        if about_mail && error.is_permanent() && !about_login {
            return SendError::Permanent(text);
        }
        SendError::Temporary(text)
    }
}

/// Whether the URL asks for STARTTLS.
fn requires_tls(url: &Url) -> Result<bool, MailSetupError> {
    let mut parameters = url.query_pairs();
    match (parameters.next(), parameters.next()) {
        (None, _) => Ok(false),
        (Some((name, value)), None) if name == "tls" && value == "required" => Ok(true),
        _ => Err(MailSetupError::Parameter),
    }
}

/// The name and password of the URL.
fn login(url: &Url) -> Result<Option<Credentials>, MailSetupError> {
    let decode = |value: &str| {
        let decoded = percent_decode_str(value).decode_utf8().map_err(|_| MailSetupError::Url)?;
        Ok(decoded.into_owned())
    };
    match (url.username(), url.password().unwrap_or_default()) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(MailSetupError::Login),
        (name, password) => Ok(Some(Credentials::new(decode(name)?, decode(password)?))),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether the server took too long. Linux reports it as `WouldBlock`.
fn is_timeout(error: &smtp::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
        }
        source = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay(url: &str) -> Result<SmtpRelay, MailSetupError> {
        SmtpRelay::new(url, Sender::of_demo(), Duration::from_secs(1))
    }

    #[test]
    fn a_url_gives_host_port_encryption_and_login() {
        let cases = [
            ("smtps://mail.example", "mail.example", 465, "Wrapper"),
            ("smtps://mail.example:2465/", "mail.example", 2465, "Wrapper"),
            ("smtp://mail.example?tls=required", "mail.example", 587, "Required"),
            ("smtp://localhost", "localhost", 25, "None"),
            ("smtp://127.0.0.2:2525", "127.0.0.2", 2525, "None"),
            ("smtp://[::1]:2525", "::1", 2525, "None"),
        ];
        for (url, host, port, tls) in cases {
            let relay = relay(url).unwrap();
            assert_eq!((relay.host.as_str(), relay.port), (host, port), "{url}");
            assert_eq!((format!("{:?}", relay.tls).as_str(), relay.login), (tls, None), "{url}");
        }
        let relay =
            relay("smtps://post%40kommune.example:p%40ss%2Fw%C3%B8rd@mail.example").unwrap();
        let login = Credentials::new("post@kommune.example".into(), "p@ss/wørd".into());
        assert_eq!(relay.login, Some(login));
    }

    #[test]
    fn only_this_machine_may_be_reached_unencrypted() {
        for url in ["smtp://mail.example", "smtp://10.0.0.1", "smtp://user:pw@mail.example:25"] {
            let error = relay(url).unwrap_err();
            assert!(matches!(error, MailSetupError::Unencrypted(_)), "{url}: {error}");
            assert!(error.to_string().contains("tls=required"), "{error}");
        }
    }

    #[test]
    fn a_wrong_url_is_told_without_its_password() {
        let cases = [
            ("", MailSetupError::Url),
            ("mail.example:25", MailSetupError::Url),
            ("https://mail.example", MailSetupError::Url),
            ("smtps://", MailSetupError::Url),
            ("smtps://mail.example/inbox", MailSetupError::Url),
            ("smtps://user:open/sesame@mail.example", MailSetupError::Url),
            ("smtps://user:open%FFsesame@mail.example", MailSetupError::Url),
            ("smtps://user@mail.example", MailSetupError::Login),
            ("smtps://:sesame@mail.example", MailSetupError::Login),
            ("smtp://u:sesame@mail.example?tls=opportunistic", MailSetupError::Parameter),
            ("smtp://mail.example?tls=required&x=1", MailSetupError::Parameter),
        ];
        for (url, expected) in cases {
            let error = relay(url).unwrap_err();
            assert!(!error.to_string().contains("sesame"), "{error}");
            assert_eq!(error, expected, "{url}");
        }
    }

    #[test]
    fn the_password_is_not_printed() {
        let relay = relay("smtps://robot:sesame@mail.example").unwrap();
        let text = format!("{relay:?} {relay:#?}");
        assert!(!text.contains("sesame") && !text.contains("robot"), "{text}");
    }
}
