//! Mail over SMTP, against a server on this machine, and into a folder.

pub mod received;
pub mod server;

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use godkjent::{
    domain::values::text::Email,
    mail::{
        Mail, Mailer, SendError,
        text::{LetterNotice, compose},
    },
    words::Locale,
};
use uuid::Uuid;

use self::{
    received::ReceivedMail,
    server::{Script, SmtpServer},
};
use crate::process::program::Directory;

const SENDER: &str = "Øygarden kommune <ikke-svar@øygarden.example>";
/// For answers that come at once.
const PATIENT: Duration = Duration::from_secs(30);
/// The server that the test program sends to when it runs as its own child, trusting another certificate.
const CHILD: &str = "GODKJENT_TEST_SMTP_URL";

fn mail() -> Mail {
    let link = "https://registry.example/brev/0198b2f0-0000-7000-8000-000000000001?from=mail";
    let notice =
        LetterNotice { kind: "decision", is_reminder: false, sender: "Øygarden kommune", link };
    let text = compose(&notice, Locale::Nn).unwrap();
    Mail {
        id: Uuid::from_u128(0x0198_b2f0_0000_7000_8000_0000_0000_0007),
        to: Email::parse("post@omsorg.example").unwrap(),
        subject: text.subject,
        text: text.text,
        language: Locale::Nn,
        at: "2026-04-07T08:05:00Z".parse().unwrap(),
    }
}

fn mailer(url: &str, timeout: Duration) -> Mailer {
    Mailer::smtp(url, SENDER.parse().unwrap(), timeout).unwrap()
}

fn send(server: &SmtpServer) -> Result<String, SendError> {
    mailer(&server.url(), PATIENT).send(&mail()).map(|it| it.reference)
}

#[track_caller]
fn assert_temporary(error: SendError, words: &str) {
    match error {
        SendError::Temporary(text) => assert!(text.contains(words), "{text}"),
        SendError::Permanent(text) => panic!("permanent: {text}"),
    }
}

#[track_caller]
fn assert_permanent(error: SendError, words: &str) {
    match error {
        SendError::Permanent(text) => assert!(text.contains(words), "{text}"),
        SendError::Temporary(text) => panic!("temporary: {text}"),
    }
}

#[test]
fn a_mail_arrives_as_it_was_written() {
    let server = SmtpServer::start(Script::Accept);
    assert_eq!(send(&server).unwrap(), "250 2.0.0 Ok: queued as 1");
    let [received] = &server.received()[..] else { panic!("{:?}", server.received()) };
    assert_eq!(received.from, "ikke-svar@xn--ygarden-p1a.example");
    assert_eq!(received.to, ["post@omsorg.example"]);
    let id = "<0198b2f0-0000-7000-8000-000000000007@xn--ygarden-p1a.example>";
    for (name, value) in [
        ("From", "Øygarden kommune <ikke-svar@xn--ygarden-p1a.example>"),
        ("To", "post@omsorg.example"),
        ("Subject", "Nytt brev frå Øygarden kommune: vedtak"),
        ("Message-ID", id),
        ("Date", "Tue, 07 Apr 2026 08:05:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "nn"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(received.header(name), value);
    }
    assert_eq!(received.headers().len(), 10, "{:?}", received.headers());
    assert_eq!(received.text(), mail().text);
    assert!(received.content.is_ascii(), "{}", received.content);
    assert!(received.content.lines().all(|line| line.len() <= 78), "{}", received.content);
    let commands = server.commands();
    assert_eq!(commands[0], "EHLO xn--ygarden-p1a.example");
    assert_eq!(commands.last().unwrap(), "QUIT");
}

#[test]
fn a_line_with_a_full_stop_does_not_end_the_mail() {
    let server = SmtpServer::start(Script::Accept);
    let dotted = Mail { text: "One\n.\n..\nQUIT\n".to_owned(), ..mail() };
    mailer(&server.url(), PATIENT).send(&dotted).unwrap();
    assert_eq!(server.received()[0].text().trim_end(), "One\n.\n..\nQUIT");
}

#[test]
fn a_line_break_in_the_subject_adds_no_header() {
    let server = SmtpServer::start(Script::Accept);
    let evil = Mail { subject: "Hei\r\nBcc: all@evil.example\r\n\r\nå".to_owned(), ..mail() };
    mailer(&server.url(), PATIENT).send(&evil).unwrap();
    let [received] = &server.received()[..] else { panic!("{:?}", server.received()) };
    assert_eq!(received.to, ["post@omsorg.example"]);
    assert_eq!(received.headers().len(), 10, "{:?}", received.headers());
    assert_eq!(received.header("Subject"), "Hei  Bcc: all@evil.example    å");
    for evil in ["a@x.example\r\nRCPT TO:<b@x.example>", "a@x.example>\r\nDATA", "a b@x.example"] {
        assert!(Email::parse(evil).is_err(), "{evil}");
    }
}

#[test]
fn a_refused_recipient_or_content_is_permanent() {
    for (script, words) in [
        (
            Script::Recipient("550 5.1.1 no such user"),
            "RCPT TO: permanent error (550): 5.1.1 no such user",
        ),
        (Script::Data("554 5.5.1 no valid recipients"), "DATA: permanent error (554)"),
        (Script::Content("552 5.3.4 too big"), "DATA: permanent error (552): 5.3.4 too big"),
    ] {
        let server = SmtpServer::start(script);
        assert_permanent(send(&server).unwrap_err(), words);
        assert_eq!(server.received(), [], "{script:?}");
    }
}

#[test]
fn a_busy_server_and_our_own_settings_are_temporary() {
    for (script, words) in [
        (Script::Recipient("451 4.7.1 greylisted"), "transient error (451): 4.7.1 greylisted"),
        (Script::Recipient("530 5.7.0 log in first"), "(530)"),
        (Script::Sender("550 5.7.1 not your address"), "MAIL FROM: permanent error (550)"),
        (Script::Content("452 4.3.1 disk full"), "(452)"),
        (Script::Data("250 what content?"), "unexpected answer 250"),
        (Script::Content("354 go on"), "unexpected answer 354"),
        (Script::FailEvery(1), "(451)"),
    ] {
        let server = SmtpServer::start(script);
        assert_temporary(send(&server).unwrap_err(), words);
    }
    let server = SmtpServer::start(Script::Accept);
    let url = server.url();
    drop(server);
    assert_temporary(mailer(&url, PATIENT).send(&mail()).unwrap_err(), "connection");
}

#[test]
fn a_refused_login_is_temporary_and_sends_nothing() {
    let server = SmtpServer::start(Script::Login("535 5.7.8 wrong password"));
    let mailer = mailer(&server.url_for("robot:p%40ss%20w%C3%B8rd@"), PATIENT);
    assert_temporary(mailer.send(&mail()).unwrap_err(), "login: permanent error (535)");
    assert_temporary(mailer.check().unwrap_err(), "535");
    let login = ("robot".to_owned(), "p@ss wørd".to_owned());
    assert_eq!(server.logins(), [login.clone(), login]);
    assert!(!server.commands().iter().any(|it| it.starts_with("MAIL")), "{:?}", server.commands());
    server.follow(Script::Accept);
    mailer.check().unwrap();
    assert_eq!(server.received(), []);
    mailer.send(&mail()).unwrap();
    assert_eq!(server.received().len(), 1);
}

#[test]
fn a_silent_server_ends_with_the_timeout() {
    let server = SmtpServer::start(Script::Silent);
    let begin = Instant::now();
    let sent = mailer(&server.url(), Duration::from_millis(200)).send(&mail());
    assert_temporary(sent.unwrap_err(), "no answer within 200ms");
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_broken_connection_is_temporary_and_the_next_attempt_has_the_same_id() {
    let server = SmtpServer::start(Script::DropInContent);
    assert_temporary(send(&server).unwrap_err(), "DATA");
    assert_eq!(server.received(), []);
    server.follow(Script::DropAfterContent);
    assert_temporary(send(&server).unwrap_err(), "DATA");
    server.follow(Script::Accept);
    send(&server).unwrap();
    // The recipient has it twice, and its mail program can tell.
    let ids: Vec<_> = server.received().iter().map(|it| it.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn one_of_three_fails_and_the_others_arrive() {
    let server = SmtpServer::start(Script::FailEvery(3));
    let results: Vec<_> = (0..6).map(|_| send(&server).is_ok()).collect();
    assert_eq!(results, [true, true, false, true, true, false]);
    assert_eq!(server.received().len(), 4);
}

#[test]
fn a_certificate_that_the_system_does_not_trust_is_temporary() {
    for script in [Script::Tls, Script::StartTls] {
        let server = SmtpServer::start(script);
        let mailer = mailer(&server.url_for("robot:secret@"), PATIENT);
        assert_temporary(mailer.check().unwrap_err(), "invalid peer certificate");
        assert_temporary(mailer.send(&mail()).unwrap_err(), "invalid peer certificate");
        assert_eq!((server.received(), server.logins()), (vec![], vec![]), "{script:?}");
    }
}

#[test]
fn a_server_without_starttls_gets_neither_login_nor_mail() {
    let server = SmtpServer::start(Script::Accept);
    let url = server.url_for("robot:secret@") + "?tls=required";
    let sent = mailer(&url, PATIENT).send(&mail());
    assert_temporary(sent.unwrap_err(), "STARTTLS is not supported");
    assert_eq!((server.received(), server.logins()), (vec![], vec![]));
}

#[test]
fn mail_is_encrypted_to_a_server_that_the_system_trusts() {
    let directory = Directory::new();
    for script in [Script::Tls, Script::StartTls] {
        let server = SmtpServer::start(script);
        let certificate = directory.file("certificate.pem");
        fs::write(&certificate, &server.certificate).unwrap();
        // The certificates of the system are read once in a process, so this one runs again with others.
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["mail::child_sends_one_mail", "--exact", "--ignored"]);
        child.env("SSL_CERT_FILE", &certificate).env(CHILD, server.url_for("robot:secret@"));
        let ended = child.output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
        assert_eq!(server.received().len(), 1, "{script:?}");
        assert_eq!(server.received()[0].text(), mail().text);
        assert_eq!(server.logins(), [("robot".to_owned(), "secret".to_owned())]);
    }
}

#[test]
#[ignore = "run by mail_is_encrypted_to_a_server_that_the_system_trusts"]
fn child_sends_one_mail() {
    let Some(url) = std::env::var_os(CHILD) else { return };
    mailer(url.to_str().unwrap(), PATIENT).send(&mail()).unwrap();
}

#[test]
fn a_folder_has_one_file_for_each_mail() {
    let directory = Directory::new();
    let path = directory.file("mail/out");
    let mailer = Mailer::folder(&path, None);
    mailer.check().unwrap();
    assert_eq!(names(&path), [""; 0]);
    let name = "0198b2f0-0000-7000-8000-000000000007.eml";
    assert_eq!(mailer.send(&mail()).unwrap().reference, name);
    let again = Mail { text: "Again.\n".to_owned(), ..mail() };
    mailer.send(&again).unwrap();
    let other = Mail { id: Uuid::from_u128(8), ..mail() };
    mailer.send(&other).unwrap();
    assert_eq!(names(&path), ["00000000-0000-0000-0000-000000000008.eml", name]);
    let saved = ReceivedMail::of_file(&fs::read_to_string(path.join(name)).unwrap());
    assert_eq!(saved.header("X-Godkjent-Demo"), "yes");
    assert_eq!(saved.header("Subject"), mail().subject);
    assert_eq!(saved.header("From"), "\"Godkjent (demo)\" <ikke-svar@godkjent.invalid>");
    assert_eq!(saved.text(), "Again.\n");
}

#[test]
fn a_folder_that_cannot_be_written_is_temporary() {
    let directory = Directory::new();
    fs::write(directory.file("file"), "").unwrap();
    let mailer = Mailer::folder(directory.file("file"), Some(SENDER.parse().unwrap()));
    assert_temporary(mailer.check().unwrap_err(), "file");
    assert_temporary(mailer.send(&mail()).unwrap_err(), "file");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
