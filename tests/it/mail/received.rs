//! A received mail, read as a mail program reads it.

use base64::{Engine, prelude::BASE64_STANDARD};

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The address of `MAIL FROM`.
    pub from: String,
    /// The addresses of `RCPT TO`.
    pub to: Vec<String>,
    /// Headers and body.
    pub content: String,
}

impl ReceivedMail {
    /// A mail of a file.
    pub fn of_file(content: &str) -> Self {
        Self { from: String::new(), to: vec![], content: content.to_owned() }
    }

    /// Names and decoded values of the headers.
    pub fn headers(&self) -> Vec<(String, String)> {
        let (head, _) = self.content.split_once("\r\n\r\n").unwrap();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let lines = unfolded.split("\r\n").map(|line| line.split_once(": ").unwrap());
        lines.map(|(name, value)| (name.to_owned(), decode_words(value))).collect()
    }

    /// The one header with this name.
    pub fn header(&self, name: &str) -> String {
        let all = self.headers();
        let mut found = all.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = found.next().unwrap_or_else(|| panic!("no {name}: {}", self.content)).1.clone();
        assert_eq!(found.next(), None, "{name} twice");
        value
    }

    /// The decoded text, with line feeds.
    pub fn text(&self) -> String {
        let (_, body) = self.content.split_once("\r\n\r\n").unwrap();
        let bytes = match self.header("Content-Transfer-Encoding").as_str() {
            "7bit" | "8bit" => body.as_bytes().to_vec(),
            "base64" => BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap(),
            "quoted-printable" => decode_quoted(&body.replace("=\r\n", "")),
            other => panic!("{other}"),
        };
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }
}

fn decode_quoted(text: &str) -> Vec<u8> {
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

/// Decodes the encoded words of a header (RFC 2047); the space between two of them is not part of the text.
fn decode_words(value: &str) -> String {
    let (mut text, mut bytes, mut rest) = (String::new(), vec![], value);
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        if bytes.is_empty() || !before.trim().is_empty() {
            text += &String::from_utf8(std::mem::take(&mut bytes)).unwrap();
            text += before;
        }
        let (word, after) = after.split_once("?=").unwrap();
        bytes.extend(BASE64_STANDARD.decode(word).unwrap());
        rest = after;
    }
    text + &String::from_utf8(bytes).unwrap() + rest
}
