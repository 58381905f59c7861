//! Feil i utfyllingen: all faults of one body at once, each with a JSON Pointer (RFC 6901) to its place.

use super::fault::Fault;

/// One fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON Pointer into the body or the resource; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// Gathers faults while a body is parsed, so that one answer can name them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<FieldFault>);

/// The code of a value that is not there.
pub const REQUIRED: &str = "required";

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, pointer: impl Into<String>, fault: Fault) {
        self.0.push(FieldFault { pointer: pointer.into(), fault });
    }

    /// Notes that something is missing.
    pub fn missing(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.add(pointer, Fault::new(REQUIRED, detail));
    }

    /// The value, or none and a noted fault.
    pub fn take<T>(&mut self, pointer: &str, parsed: Result<T, Fault>) -> Option<T> {
        parsed.map_err(|fault| self.add(pointer, fault)).ok()
    }

    /// The value, or none and a note that it is missing.
    pub fn need<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.missing(pointer, "This value is required.");
        }
        value
    }

    /// The parsed value of a text that must be there.
    pub fn parse<S: AsRef<str>, T>(
        &mut self,
        pointer: &str,
        said: Option<S>,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let said = self.need(pointer, said)?;
        self.take(pointer, parse(said.as_ref()))
    }

    /// The parsed value of a text that may be left out.
    pub fn parse_optional<S: AsRef<str>, T>(
        &mut self,
        pointer: &str,
        said: Option<S>,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        said.and_then(|said| self.take(pointer, parse(said.as_ref())))
    }

    /// What was read, if nothing was noted on the way.
    ///
    /// # Errors
    /// The faults.
    pub fn settle<T>(self, read: Option<T>) -> Result<T, Self> {
        read.filter(|_| self.is_empty()).ok_or(self)
    }

    /// The same below a place, where a part does not know whose part it is.
    #[must_use]
    pub fn under(mut self, at: &str) -> Self {
        for found in &mut self.0 {
            found.pointer.insert_str(0, at);
        }
        self
    }

    /// Takes over the faults of a part.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All faults in the order in which they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldFault> {
        self.0
    }

    /// Splits into what is missing and what is there but wrong.
    #[must_use]
    pub fn split(self) -> (Vec<FieldFault>, Vec<FieldFault>) {
        self.0.into_iter().partition(|f| f.fault.code == REQUIRED)
    }
}
