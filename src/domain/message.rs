//! Sentences for people, as keys of the catalogue of words with their arguments.
//!
//! The domain has no texts. `words` has each sentence in every language and writes it with the arguments.

pub(crate) mod fields;
pub(crate) mod prices;

use std::fmt;

use chrono::NaiveDate;

/// Declares sentences: a function for each, and the list `DECLARED` of their keys and arguments.
///
/// `detail` gives a [`Message`], `field` the error of a value, whose code is the first part of the key, and `key` a
/// constant [`MessageKey`]. A declaration that is not used gives a warning, and a test compares `DECLARED` with the catalogue.
macro_rules! messages {
    ($($kind:ident $name:ident($($arg:ident),*) = $key:literal;)+) => {
        /// Each key with its arguments.
        #[cfg(test)]
        pub(crate) const DECLARED: &[(&str, &[&str])] = &[$(($key, &[$(stringify!($arg)),*])),+];

        $($crate::domain::message::messages!(@$kind $name($($arg),*) = $key);)+
    };
    (@key $name:ident() = $key:literal) => {
        pub(crate) const $name: $crate::domain::message::MessageKey = $crate::domain::message::MessageKey::new($key);
    };
    (@detail $name:ident($($arg:ident),*) = $key:literal) => {
        pub(crate) fn $name($($arg: impl Into<$crate::domain::message::Arg>),*) -> $crate::domain::message::Message {
            $crate::domain::message::Message::new($key, vec![$((stringify!($arg), $arg.into())),*])
        }
    };
    (@field $name:ident($($arg:ident),*) = $key:literal) => {
        pub(crate) fn $name($($arg: impl Into<$crate::domain::message::Arg>),*) -> $crate::domain::value_error::ValueError {
            let message = $crate::domain::message::Message::new($key, vec![$((stringify!($arg), $arg.into())),*]);
            $crate::domain::value_error::ValueError::from(message)
        }
    };
}
pub(crate) use messages;

/// An argument of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A code, a name or a quotation: the same in every language.
    Text(String),
    Number(i64),
    Date(NaiveDate),
    /// Texts after each other.
    All(Vec<String>),
    /// Words of the catalogue after each other.
    Words(Vec<MessageKey>),
    /// Sentences after each other.
    Messages(Vec<Message>),
    /// Texts of which one is enough.
    AnyOf(Vec<String>),
}

/// The key of a sentence without arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageKey(&'static str);

/// A sentence: its key in the catalogue, and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    key: &'static str,
    args: Vec<(&'static str, Arg)>,
}

impl MessageKey {
    /// Only for [`messages`], which declares each key.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self(key)
    }

    /// The key as it is in the catalogue.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<MessageKey> for Message {
    fn from(MessageKey(key): MessageKey) -> Self {
        Self::new(key, Vec::new())
    }
}

impl From<&Self> for Message {
    fn from(message: &Self) -> Self {
        message.clone()
    }
}

/// A text of elsewhere, which the catalogue does not have.
impl From<String> for Message {
    fn from(text: String) -> Self {
        verbatim(text)
    }
}

messages! {
    detail verbatim(text) = "verbatim";
}

impl Message {
    /// Only for [`messages`], which declares each key.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(key: &'static str, args: Vec<(&'static str, Arg)>) -> Self {
        Self { key, args }
    }

    /// The key, such as `too-long`, or `not-found.offering` for one of several sentences of a code.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// The arguments, by name.
    #[must_use]
    pub fn args(&self) -> &[(&'static str, Arg)] {
        &self.args
    }

    /// The part of the key that is a code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(code, _)| code)
    }
}

impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::All(texts) | Self::AnyOf(texts) => f.write_str(&texts.join(", ")),
            Self::Messages(messages) => messages.iter().try_for_each(|it| write!(f, "({it})")),
            Self::Words(keys) => {
                f.write_str(&keys.iter().map(|it| it.0).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The key and the arguments, where no catalogue is at hand.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)?;
        self.args.iter().try_for_each(|(name, arg)| write!(f, " {name}={arg}"))
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Arg {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<Vec<String>> for Arg {
    fn from(texts: Vec<String>) -> Self {
        Self::All(texts)
    }
}

impl From<&[&str]> for Arg {
    fn from(texts: &[&str]) -> Self {
        Self::All(texts.iter().map(|it| (*it).to_owned()).collect())
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for Arg {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
