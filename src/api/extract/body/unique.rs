//! Checks any JSON before it is read as a form: no object has two values of one name (RFC 7493 section 2.3), and
//! no value is null or has U+0000 where that is not allowed.

use std::{collections::HashSet, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};

use crate::json::form::escape;

/// A value that no form accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum InvalidValue {
    /// `null`.
    Null,
    /// A text with U+0000, which PostgreSQL cannot store.
    Nul,
}

/// Whether it is JSON in which no object has two values of one name.
pub(in crate::api) fn has_unique_names(json: &[u8]) -> bool {
    let reader = &mut serde_json::Deserializer::from_slice(json);
    Walk::allowing_null().deserialize(&mut *reader).and_then(|()| reader.end()).is_ok()
}

/// Walks through JSON, and records the location of the first invalid value.
#[derive(Debug, Default)]
pub(in crate::api) struct Walk {
    pointer: String,
    pub(in crate::api) invalid: Option<(String, InvalidValue)>,
    allows_null: bool,
}

impl Walk {
    /// A walk that accepts null.
    pub(in crate::api) fn allowing_null() -> Self {
        Self { allows_null: true, ..Self::default() }
    }

    fn note(&mut self, invalid: InvalidValue) {
        self.invalid.get_or_insert_with(|| (self.pointer.clone(), invalid));
    }

    fn text(&mut self, text: &str) {
        if text.contains('\0') {
            self.note(InvalidValue::Nul);
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Walk {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Walk {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut names, here) = (HashSet::new(), self.pointer.len());
        while let Some(name) = map.next_key::<String>()? {
            self.pointer.push('/');
            self.pointer.push_str(&escape(&name));
            self.text(&name);
            if !names.insert(name) {
                return Err(A::Error::custom("a name stands twice"));
            }
            map.next_value_seed(&mut *self)?;
            self.pointer.truncate(here);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let here = self.pointer.len();
        for index in 0_usize.. {
            self.pointer.push('/');
            self.pointer.push_str(&index.to_string());
            if list.next_element_seed(&mut *self)?.is_none() {
                break;
            }
            self.pointer.truncate(here);
        }
        self.pointer.truncate(here);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.text(text);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        if !self.allows_null {
            self.note(InvalidValue::Null);
        }
        Ok(())
    }
}
