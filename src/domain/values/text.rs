//! Text of people, with limits and without invisible characters, stored unchanged.

use std::fmt;

use validator::{ValidateEmail, ValidateLength, ValidateUrl};

use crate::domain::{message::fields, value_error::ValueError};

/// Text with line breaks, not blank, of at most `MAX` Unicode scalar values, stored unchanged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// Running text: descriptions, reasons, terms.
pub type Prose = Text<10_000>;

/// A public presentation in one language.
pub type Presentation = Text<2_000>;

/// A short remark.
pub type Note = Text<2_000>;

/// One line of text: a name, a title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(String);

/// A kebab-case identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

/// An address for electronic mail, checked for its shape only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// A telephone number as people write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// The address of a page on the open web.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebAddress(String);

/// A text in one or both Norwegian written forms (målformer) and perhaps in English, each of at most `MAX` Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalText<const MAX: usize = { Prose::MAX }> {
    norwegian: Norwegian<MAX>,
    en: Option<Text<MAX>>,
}

/// A public presentation in one or more languages.
pub type LocalPresentation = LocalText<{ Presentation::MAX }>;

/// The constructor guarantees at least one written form.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Norwegian<const MAX: usize> {
    Bokmal(Text<MAX>),
    Nynorsk(Text<MAX>),
    Both { nb: Text<MAX>, nn: Text<MAX> },
}

/// Gives a newtype over `String` its reading side: `as_str` and `Display`.
macro_rules! reads_as_text {
    ($($name:ident),+) => {$(
        impl $name {
            /// The value as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    )+};
}
pub(super) use reads_as_text;

reads_as_text!(Line, Code, Email, Phone, WebAddress);

impl<const MAX: usize> Text<MAX> {
    /// The greatest number of Unicode scalar values.
    pub const MAX: usize = MAX;

    /// Parses text unchanged. Errors: `blank`, `too-long`, `control-character` (all but line feed and tab; also
    /// bidirectional controls, which can disguise a text).
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        check(value, MAX)?;
        Ok(Self(value.to_owned()))
    }

    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Line {
    /// The greatest number of Unicode scalar values.
    pub const MAX: usize = 200;

    /// Parses a line unchanged. Errors: those of [`Text::parse`]; `line-break`, also for tabs.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        check(value, Self::MAX)?;
        if value.contains(['\n', '\t', '\u{2028}', '\u{2029}']) {
            return Err(fields::line_break());
        }
        Ok(Self(value.to_owned()))
    }
}

impl Line {
    /// What another program said, as one line: cut, with a space in place of each control character; `-` if nothing is
    /// left.
    #[must_use]
    pub fn from_foreign(value: &str) -> Self {
        let is_break =
            |it: char| it.is_control() || is_invisible(it) || "\u{2028}\u{2029}".contains(it);
        let plain: String = value.chars().map(|it| if is_break(it) { ' ' } else { it }).collect();
        let cut: String = plain.trim().chars().take(Self::MAX).collect();
        Self::parse(cut.trim()).unwrap_or_else(|_| Self("-".to_owned()))
    }

    /// The last path segment of a file name as a label, without invisible characters; `file` if nothing is
    /// left. The sender's folder is private.
    #[must_use]
    pub fn of_file_name(value: &str) -> Self {
        let last = value.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible =
            last.chars().filter(|c| !is_invisible(*c) && !"\u{2028}\u{2029}".contains(*c));
        let label: String = visible.take(Self::MAX).collect();
        let label = label.trim().trim_start_matches('.').trim_start();
        Self::parse(label).unwrap_or_else(|_| Self("file".to_owned()))
    }
}

impl Code {
    /// The greatest number of characters.
    pub const MAX: usize = 60;

    /// Accepts groups of a–z and 0–9 joined by single hyphens. Error: `code-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let is_group = |group: &str| {
            !group.is_empty() && group.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if value.len() <= Self::MAX && value.split('-').all(is_group) {
            return Ok(Self(value.to_owned()));
        }
        Err(fields::code_form())
    }
}

impl Email {
    /// The greatest number of bytes (RFC 5321 § 4.5.3.1.3, less the angle brackets).
    pub const MAX: usize = 254;

    /// Accepts a name, one `@` and a domain with a full stop in it. Error: `email-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        // An address literal in brackets is not a domain.
        let has_domain = value
            .split_once('@')
            .is_some_and(|(_, domain)| domain.contains('.') && !domain.starts_with('['));
        let is_plain = !value.contains(breaks_address);
        if value.len() <= Self::MAX && has_domain && is_plain && value.validate_email() {
            return Ok(Self(value.to_owned()));
        }
        Err(fields::email_form())
    }
}

impl Phone {
    /// Accepts an optional `+` and 5 to 20 digits, in groups with single spaces between. Error: `phone-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let groups = || value.strip_prefix('+').unwrap_or(value).split(' ');
        let is_group = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
        let digits: usize = groups().map(str::len).sum();
        if groups().all(is_group) && (5..=20).contains(&digits) {
            return Ok(Self(value.to_owned()));
        }
        Err(fields::phone_form())
    }
}

impl WebAddress {
    /// The greatest number of Unicode scalar values.
    pub const MAX: usize = 500;

    /// Accepts `https://` or `http://` and a host; no user name before the host. Error: `web-address-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let rest =
            ["https://", "http://"].into_iter().find_map(|scheme| value.strip_prefix(scheme));
        let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
        // Text before an @ imitates a host; a public page has no need for it.
        let has_host = authority
            .is_some_and(|host| !host.is_empty() && !host.starts_with(':') && !host.contains('@'));
        let is_short = value.validate_length(None, length(Self::MAX), None);
        if has_host && is_short && !value.contains(breaks_address) && value.validate_url() {
            return Ok(Self(value.to_owned()));
        }
        Err(fields::web_address_form())
    }
}

impl<const MAX: usize> LocalText<MAX> {
    /// Needs bokmål or nynorsk; English alone is rejected. Error: `language-missing`.
    pub fn new(
        nb: Option<Text<MAX>>,
        nn: Option<Text<MAX>>,
        en: Option<Text<MAX>>,
    ) -> Result<Self, ValueError> {
        let norwegian = match (nb, nn) {
            (Some(nb), Some(nn)) => Norwegian::Both { nb, nn },
            (Some(nb), None) => Norwegian::Bokmal(nb),
            (None, Some(nn)) => Norwegian::Nynorsk(nn),
            (None, None) => {
                return Err(fields::language_missing());
            }
        };
        Ok(Self { norwegian, en })
    }

    /// A text of the registry itself, such as a name in a catalogue. Its length is not checked, and empty
    /// languages are omitted.
    #[must_use]
    pub fn of_registry(nb: &str, nn: &str, en: &str) -> Self {
        let text = |text: &str| Text(text.to_owned());
        let norwegian = if nn.is_empty() {
            Norwegian::Bokmal(text(nb))
        } else {
            Norwegian::Both { nb: text(nb), nn: text(nn) }
        };
        Self { norwegian, en: (!en.is_empty()).then(|| text(en)) }
    }

    /// The text in each language that was given.
    pub fn languages(&self) -> impl Iterator<Item = &Text<MAX>> {
        [self.nb(), self.nn(), self.en()].into_iter().flatten()
    }

    /// The text in bokmål, if it was given.
    #[must_use]
    pub const fn nb(&self) -> Option<&Text<MAX>> {
        match &self.norwegian {
            Norwegian::Bokmal(nb) | Norwegian::Both { nb, .. } => Some(nb),
            Norwegian::Nynorsk(_) => None,
        }
    }

    #[must_use]
    pub const fn nn(&self) -> Option<&Text<MAX>> {
        match &self.norwegian {
            Norwegian::Nynorsk(nn) | Norwegian::Both { nn, .. } => Some(nn),
            Norwegian::Bokmal(_) => None,
        }
    }

    #[must_use]
    pub const fn en(&self) -> Option<&Text<MAX>> {
        self.en.as_ref()
    }

    /// The text in the requested written form, else in the other Norwegian one.
    #[must_use]
    pub fn in_form(&self, nynorsk: bool) -> &str {
        match &self.norwegian {
            Norwegian::Both { nn, .. } if nynorsk => nn.as_str(),
            Norwegian::Both { nb: only, .. }
            | Norwegian::Bokmal(only)
            | Norwegian::Nynorsk(only) => only.as_str(),
        }
    }
}

/// The rules that all written text shares.
fn check(value: &str, max: usize) -> Result<(), ValueError> {
    if value.chars().all(char::is_whitespace) {
        return Err(fields::blank());
    }
    if !value.validate_length(None, length(max), None) {
        return Err(fields::too_long(max));
    }
    if value.contains(|c| is_invisible(c) && !matches!(c, '\n' | '\t')) {
        return Err(fields::control_character());
    }
    Ok(())
}

/// A maximum number of Unicode scalar values.
fn length(max: usize) -> Option<u64> {
    u64::try_from(max).ok()
}

/// Control characters, and the marks that embed, override or isolate a reading direction (UAX #9).
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that end an address, or change its meaning, when displayed or sent.
fn breaks_address(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || matches!(c, '<' | '>' | '"' | '\\')
}

#[cfg(test)]
mod tests;
