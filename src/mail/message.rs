//! A mail, and its form on the wire.

use std::time::{Duration, SystemTime};

use lettre::{
    Message,
    message::{
        Body, Mailbox, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

use super::{
    error::SendError,
    sender::{Sender, smtp_address},
};
use crate::{
    domain::values::{text::Email, time::Instant},
    words::Locale,
};

/// The last second of the year 9999, which a `Date` header can have.
const LAST_SECOND: u64 = 253_402_300_799;
/// Maximum length of what a server said, in characters.
const MOST: usize = 200;

/// A notice as an e-mail, without content of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Gives the `Message-ID`: the same for each attempt.
    pub id: Uuid,
    pub to: Email,
    pub subject: String,
    /// Plain text, with line feeds.
    pub text: String,
    pub language: Locale,
    /// The time in the `Date` header.
    pub at: Instant,
}

/// A mail that has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAccepted {
    /// The answer of the server, at most 200 characters, or the name of the file.
    pub reference: String,
}

/// Headers beside those that each mail has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It goes to its recipient.
    Delivery,
    /// It stays in a folder.
    Demo,
}

impl Mail {
    /// The message with its headers.
    pub(super) fn render(&self, from: &Sender, purpose: Purpose) -> Result<Message, SendError> {
        let unusable = || SendError::Permanent("no mail can be sent to this address".to_owned());
        let to = smtp_address(&self.to).ok_or_else(unusable)?;
        let seconds = u64::try_from(self.at.timestamp()).unwrap_or_default().min(LAST_SECOND);
        let mut message = Message::builder()
            .from(from.mailbox().clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&self.subject))
            .message_id(Some(format!("<{}@{}>", self.id, from.domain())))
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", self.language.as_str()));
        if purpose == Purpose::Demo {
            message = message.raw_header(header("X-Godkjent-Demo", "yes"));
        }
        let part = match purpose {
            Purpose::Delivery => SinglePart::plain(self.text.clone()),
            Purpose::Demo => {
                SinglePart::builder().header(ContentType::TEXT_PLAIN).body(legible(&self.text))
            }
        };
        let message = message.singlepart(part);
        message.map_err(|error| SendError::Permanent(error.to_string()))
    }
}

/// A text that is read without a mail program too.
fn legible(text: &str) -> Body {
    let text = text.replace('\n', "\r\n").into_bytes();
    Body::new_with_encoding(text, ContentTransferEncoding::EightBit).unwrap_or_else(Body::new)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A text in one line without invisible characters. In a header a line break would begin another header.
pub(super) fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    visible.filter(|c| !is_invisible(*c)).collect()
}

/// What a server said, in one line of limited length.
pub(super) fn quote(text: &str) -> String {
    let line: String = one_line(text).trim().chars().take(MOST).collect();
    line.trim_end().to_owned()
}

/// Control characters, and marks of the reading direction.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str) -> Mail {
        Mail {
            id: Uuid::from_u128(7),
            to: Email::parse("post@omsorg.example").unwrap(),
            subject: subject.to_owned(),
            text: "Første linje\nlast line".to_owned(),
            language: Locale::Nn,
            at: Instant::UNIX_EPOCH,
        }
    }

    fn lines(mail: &Mail, purpose: Purpose) -> Vec<String> {
        let from = "Ås kommune <ikke-svar@aas.example>".parse().unwrap();
        let bytes = mail.render(&from, purpose).unwrap().formatted();
        assert!(bytes.is_ascii());
        String::from_utf8(bytes).unwrap().split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_mail_has_these_headers_and_no_other() {
        let lines = lines(&mail("A letter"), Purpose::Delivery);
        let names: Vec<_> = lines
            .iter()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(':'))
            .map(|(name, _)| name)
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Message-ID",
            "Date",
            "Auto-Submitted",
            "Content-Language",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
        ];
        assert_eq!(names, expected);
        let has = |line: &str| assert!(lines.iter().any(|it| it == line), "{line}: {lines:?}");
        has("Message-ID: <00000000-0000-0000-0000-000000000007@aas.example>");
        has("Date: Thu, 01 Jan 1970 00:00:00 +0000");
        has("Content-Type: text/plain; charset=utf-8");
    }

    #[test]
    fn a_subject_cannot_add_a_header() {
        for evil in
            ["Hei\r\nBcc: all@x.example", "Hei\nBcc: all@x.example", "Hei\rBcc: a@x.example"]
        {
            let lines = lines(&mail(evil), Purpose::Demo);
            assert!(!lines.iter().any(|line| line.starts_with("Bcc")), "{lines:?}");
            let subject = lines.iter().find(|line| line.starts_with("Subject: ")).unwrap();
            assert!(subject.starts_with("Subject: Hei") && subject.contains("Bcc: a"), "{subject}");
        }
    }

    #[test]
    fn an_address_cannot_add_a_header() {
        let evil = [
            "a@x.example\r\nBcc: b@x.example",
            "a@x.example\n",
            "a\r\n@x.example",
            "<a@x.example>",
        ];
        for evil in evil {
            assert!(Email::parse(evil).is_err(), "{evil}");
        }
    }

    #[test]
    fn a_date_out_of_range_does_not_panic() {
        for at in [Instant::MIN_UTC, Instant::MAX_UTC] {
            lines(&Mail { at, ..mail("Hei") }, Purpose::Delivery);
        }
    }

    #[test]
    fn a_quotation_is_one_short_line() {
        assert_eq!(quote(" 250 Ok\r\n\u{1b}[31mqueued\0 "), "250 Ok  [31mqueued");
        assert_eq!(quote(&"x".repeat(500)).len(), MOST);
    }
}
