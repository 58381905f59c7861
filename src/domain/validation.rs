//! Validation errors: all errors of one body at once, each with a JSON Pointer (RFC 6901).

use super::{
    message::{Message, fields},
    value_error::ValueError,
};

/// One error and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer into the body or the resource; empty for the whole.
    pub pointer: String,
    /// The error.
    pub error: ValueError,
}

/// Collects the errors of a body: up to [`ValidationErrors::MOST`] missing values and as many invalid ones.
/// [`ValidationErrors::has_more`] reports further ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationErrors {
    found: Vec<FieldError>,
    missing: usize,
    wrong: usize,
    more: bool,
}

/// Code of a missing value.
pub const REQUIRED: &str = "required";

impl ValidationErrors {
    /// The most errors that an answer names.
    pub const MOST: usize = 100;

    /// Notes an error.
    pub fn add(&mut self, pointer: impl Into<String>, error: ValueError) {
        let count = if error.code == REQUIRED { &mut self.missing } else { &mut self.wrong };
        if *count == Self::MOST {
            self.more = true;
            return;
        }
        *count += 1;
        self.found.push(FieldError { pointer: pointer.into(), error });
    }

    /// Notes a value that has no use here, so that no input is dropped silently.
    pub fn unexpected(
        &mut self,
        pointer: impl Into<String>,
        is_there: bool,
        detail: impl Into<Message>,
    ) {
        if is_there {
            self.add(pointer, ValueError::new("unexpected", detail));
        }
    }

    /// Whether there are as many wrong values as an answer names.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.wrong == Self::MOST
    }

    /// Notes that there are errors beside those that were gathered.
    pub const fn more(&mut self) {
        self.more = true;
    }

    /// Whether there are errors beside those that were gathered.
    #[must_use]
    pub const fn has_more(&self) -> bool {
        self.more
    }

    /// Notes that something is missing.
    pub fn missing(&mut self, pointer: impl Into<String>, detail: impl Into<Message>) {
        self.add(pointer, ValueError::new(REQUIRED, detail));
    }

    /// The value, or none and a noted error.
    pub fn collect<T>(&mut self, pointer: &str, parsed: Result<T, ValueError>) -> Option<T> {
        parsed.map_err(|error| self.add(pointer, error)).ok()
    }

    /// The value, or none and a note that it is missing.
    pub fn require<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.missing(pointer, fields::required());
        }
        value
    }

    /// The parsed value of a text that must be there.
    pub fn parse<S: AsRef<str>, T>(
        &mut self,
        pointer: &str,
        input: Option<S>,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let input = self.require(pointer, input)?;
        self.collect(pointer, parse(input.as_ref()))
    }

    /// The parsed value of a text that may be omitted.
    pub fn parse_optional<S: AsRef<str>, T>(
        &mut self,
        pointer: &str,
        input: Option<S>,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        input.and_then(|input| self.collect(pointer, parse(input.as_ref())))
    }

    /// The parsed value, if there are no errors.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, Self> {
        read.filter(|_| self.is_empty()).ok_or(self)
    }

    /// The same errors below a pointer, for a part that does not know its position.
    #[must_use]
    pub fn under(mut self, at: &str) -> Self {
        for found in &mut self.found {
            found.pointer.insert_str(0, at);
        }
        self
    }

    /// Takes over the errors of a part.
    pub fn extend(&mut self, other: Self) {
        self.more |= other.more;
        for FieldError { pointer, error } in other.found {
            self.add(pointer, error);
        }
    }

    /// Nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The errors, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.found.iter()
    }

    /// All errors in the order in which they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldError> {
        self.found
    }

    /// Splits into missing and invalid values.
    #[must_use]
    pub fn split(self) -> (Vec<FieldError>, Vec<FieldError>) {
        self.found.into_iter().partition(|f| f.error.code == REQUIRED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_known_however_much_is_missing() {
        let mut errors = ValidationErrors::default();
        for i in 0..=ValidationErrors::MOST {
            errors.missing(format!("/{i}"), fields::required());
        }
        assert!(errors.has_more() && !errors.is_full());
        errors.add("/wrong", fields::blank());
        let (missing, wrong) = errors.split();
        assert_eq!((missing.len(), wrong.len()), (ValidationErrors::MOST, 1));
    }

    #[test]
    fn a_hundred_wrong_values_are_enough() {
        let mut part = ValidationErrors::default();
        part.unexpected("/a", false, fields::unexpected_by_offering());
        assert!(part.is_empty());
        for i in 0..=ValidationErrors::MOST {
            part.unexpected(format!("/{i}"), true, fields::unexpected_by_offering());
        }
        let mut errors = ValidationErrors::default();
        errors.extend(part);
        assert!(errors.is_full() && errors.has_more());
        assert_eq!(errors.into_vec().len(), ValidationErrors::MOST);
    }
}
