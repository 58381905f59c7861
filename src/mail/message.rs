//! A mail, and its form on the wire.

use lettre::Address;
use uuid::Uuid;

use super::{
    encoding::{header_value, quoted_printable},
    error::SendError,
    sender::{Sender, smtp_address},
};
use crate::{
    domain::values::{text::Email, time::Instant},
    words::Locale,
};

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

/// Where a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To its recipient.
    Delivery,
    /// Into a folder, where it stays.
    Demo,
}

/// A mail with its headers in ASCII, and its text too where it is delivered.
#[derive(Debug)]
pub(super) struct RenderedMail {
    pub(super) to: Address,
    pub(super) content: String,
}

impl Mail {
    /// The mail with its headers; an error if no mail can be sent to its address.
    pub(super) fn render(
        &self,
        from: &Sender,
        purpose: Purpose,
    ) -> Result<RenderedMail, SendError> {
        let unusable = || SendError::Permanent("no mail can be sent to this address".to_owned());
        let to = smtp_address(&self.to).ok_or_else(unusable)?;
        // A newcomer reads the files of a demo without a mail program.
        let (encoding, text) = match purpose {
            Purpose::Delivery => ("quoted-printable", quoted_printable(&self.text)),
            Purpose::Demo => ("8bit", self.text.trim_end().replace('\n', "\r\n") + "\r\n"),
        };
        // Values are printable ASCII: the encoding, the addresses and the numbers have no line break of their own.
        let mut content = format!(
            "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}@{domain}>\r\nDate: {date}\r\n\
             Auto-Submitted: auto-generated\r\nContent-Language: {language}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n",
            from = from.header(),
            subject = header_value(&self.subject),
            id = self.id,
            domain = from.address().domain(),
            date = self.at.format("%a, %d %b %Y %H:%M:%S +0000"),
            language = self.language.as_str(),
        );
        if purpose == Purpose::Demo {
            content += "X-Godkjent-Demo: yes\r\n";
        }
        content += "\r\n";
        content += &text;
        Ok(RenderedMail { to, content })
    }
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

    fn render(mail: &Mail, purpose: Purpose) -> String {
        let from = "Ås kommune <ikke-svar@aas.example>".parse().unwrap();
        mail.render(&from, purpose).unwrap().content
    }

    #[test]
    fn a_mail_is_written_like_this() {
        let expected = "From: =?utf-8?b?w4VzIGtvbW11bmU=?=\r\n <ikke-svar@aas.example>\r\n\
            To: post@omsorg.example\r\n\
            Subject: A letter\r\n\
            Message-ID: <00000000-0000-0000-0000-000000000007@aas.example>\r\n\
            Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n\
            Auto-Submitted: auto-generated\r\n\
            Content-Language: nn\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\n\
            F=C3=B8rste linje\r\nlast line\r\n";
        assert_eq!(render(&mail("A letter"), Purpose::Delivery), expected);
        let demo = expected.replacen("\r\n\r\n", "\r\nX-Godkjent-Demo: yes\r\n\r\n", 1);
        let demo = demo.replace("quoted-printable", "8bit").replace("=C3=B8", "ø");
        assert_eq!(render(&mail("A letter"), Purpose::Demo), demo);
    }

    #[test]
    fn a_subject_cannot_add_a_header() {
        let lines = |subject| render(&mail(subject), Purpose::Delivery).matches("\r\n").count();
        let expected = lines("Hei");
        for evil in
            ["Hei\r\nBcc: all@x.example", "Hei\nBcc: all@x.example", "Hei\rBcc: a@x.example"]
        {
            assert_eq!(lines(evil), expected);
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
            render(&Mail { at, ..mail("Hei") }, Purpose::Delivery);
        }
    }
}
