//! MIME: text of any language in lines of short, printable ASCII (RFC 2045 and RFC 2047).

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_STANDARD};

/// Maximum length of what a server said, in characters.
const MAX_QUOTE: usize = 200;
/// Maximum length of an encoded line, without its end (RFC 2045 § 6.7).
const MAX_LINE: usize = 76;
/// Bytes in one encoded word, so that it fits a line behind the name of its header.
const MAX_WORD: usize = 36;
/// Length of a plain value that fits a line behind the name of its header.
const MAX_PLAIN: usize = 60;

/// A text as the value of a header. A text that is not short and plain becomes encoded words, so that no character of it
/// can end the header.
pub(super) fn header_value(text: &str) -> String {
    let text = one_line(text);
    let is_plain = text.bytes().all(|b| matches!(b, b' '..=b'~')) && !text.contains("=?");
    if is_plain && text.trim() == text && text.len() <= MAX_PLAIN {
        return text;
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= MAX_WORD => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let words = words.iter().map(|it| format!("=?utf-8?b?{}?=", BASE64_STANDARD.encode(it)));
    words.collect::<Vec<_>>().join("\r\n ")
}

/// A name before an address in a header.
pub(super) fn display_name(name: &str) -> String {
    let name = one_line(name);
    let value = header_value(&name);
    if value == name {
        return format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    }
    value
}

/// A body as quoted-printable: readable where it is ASCII, with lines of limited length.
pub(super) fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    for line in text.trim_end_matches('\n').split('\n') {
        let line = line.trim_end_matches('\r');
        let mut length = 0;
        for (at, byte) in line.bytes().enumerate() {
            let is_last = at + 1 == line.len();
            let token = match byte {
                b'=' => hex(byte),
                b' ' if is_last => hex(byte),
                b' '..=b'~' => char::from(byte).to_string(),
                _ => hex(byte),
            };
            // One place stays for the mark of a soft line break.
            if length + token.len() >= MAX_LINE {
                encoded.push_str("=\r\n");
                length = 0;
            }
            encoded.push_str(&token);
            length += token.len();
        }
        encoded.push_str("\r\n");
    }
    encoded
}

fn hex(byte: u8) -> String {
    let mut token = String::new();
    // Writing to a string does not fail.
    let _ = write!(token, "={byte:02X}");
    token
}

/// A text in one line without invisible characters.
pub(super) fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    visible.filter(|c| !is_invisible(*c)).collect()
}

/// What a server said, in one line of limited length.
pub(super) fn quote(text: &str) -> String {
    let line: String = one_line(text).trim().chars().take(MAX_QUOTE).collect();
    line.trim_end().to_owned()
}

/// Control characters, and marks of the reading direction.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_header_stays_and_another_is_encoded() {
        assert_eq!(header_value("A letter"), "A letter");
        assert_eq!(header_value("Påminning"), "=?utf-8?b?UMOlbWlubmluZw==?=");
        assert_eq!(header_value(""), "");
        for text in ["=?utf-8?b?eA==?=", " a", "a ", "x".repeat(61).as_str(), "\u{7f}å"] {
            assert!(header_value(text).starts_with("=?utf-8?b?"), "{text:?}");
        }
    }

    #[test]
    fn no_text_ends_a_header() {
        for evil in ["a\r\nBcc: b", "å\r\nBcc: b", "a\nb", "å\rb", "a\u{2028}å", "a\u{85}b", "\0"]
        {
            for value in [header_value(evil), display_name(evil)] {
                let rest = value.replace("\r\n =?utf-8?b?", "");
                assert!(rest.bytes().all(|b| matches!(b, b' '..=b'~')), "{value:?}");
            }
        }
    }

    #[test]
    fn encoded_words_are_short_and_whole_characters() {
        let value = header_value(&"ÅØ ".repeat(60));
        for line in value.split("\r\n ") {
            let word = line.strip_prefix("=?utf-8?b?").and_then(|it| it.strip_suffix("?="));
            let bytes = BASE64_STANDARD.decode(word.unwrap()).unwrap();
            assert!(line.len() <= 60 && String::from_utf8(bytes).is_ok(), "{line}");
        }
    }

    #[test]
    fn a_name_is_quoted_or_encoded() {
        assert_eq!(display_name("Oslo kommune"), "\"Oslo kommune\"");
        assert_eq!(display_name("A \"b\" \\ <c@d.example>"), "\"A \\\"b\\\" \\\\ <c@d.example>\"");
        assert_eq!(display_name("Ås"), "=?utf-8?b?w4Vz?=");
    }

    #[test]
    fn a_body_has_short_lines_of_ascii() {
        assert_eq!(
            quoted_printable("Hei på deg\n\n1 = 1 \n"),
            "Hei p=C3=A5 deg\r\n\r\n1 =3D 1=20\r\n"
        );
        assert_eq!(quoted_printable("a\r\nb\tc\rd"), "a\r\nb=09c=0Dd\r\n");
        let long = quoted_printable(&"å".repeat(100));
        assert!(long.split("\r\n").all(|line| line.len() <= 76), "{long}");
        assert_eq!(long.replace("=\r\n", ""), "=C3=A5".repeat(100) + "\r\n");
    }

    #[test]
    fn a_quotation_is_one_short_line() {
        assert_eq!(quote(" 250 Ok\r\n\u{1b}[31mqueued\0 "), "250 Ok  [31mqueued");
        assert_eq!(quote(&"x".repeat(500)).len(), MAX_QUOTE);
    }
}
