//! The law of the approval model (godkjenningsmodellen) as types, without clock, database or wire format.
//!
//! State is an enum that carries its data. A transition consumes the old value and answers with a
//! [`Change`]: the new value and the one event that goes into the journal. What must hold
//! beforehand is a type that only one function can make.

/// Declares an enum with the name that each variant has in JSON and in the database.
///
/// `ALL` lists the variants, `as_str` gives the name, `from_name` reads it. The names are written out, so that a search for one
/// finds its variant and a variant can be renamed without changing the API.
macro_rules! keywords {
    (
        $(#[doc = $docs:literal])+
        #[derive($($derived:ident),+ $(,)?)]
        $vis:vis enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[doc = $docs])+
        #[derive($($derived),+)]
        $vis enum $name { $( $(#[$variant_meta])* $variant, )+ }

        impl $name {
            /// Its doc comment.
            pub const DOCS: &str = concat!($($docs),+);
            /// Every value.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The name in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|it| it.as_str() == name)
            }
        }
    };
}
pub(crate) use keywords;

pub mod access;
pub mod agenda;
pub mod appeal;
pub mod application;
pub mod approval;
pub mod case_summary;
pub mod compensation;
pub mod decision;
pub mod error;
pub mod event;
pub mod evidence;
pub mod follow_up;
pub mod late_access;
pub mod message;
pub mod municipality;
pub mod notice;
pub mod offering;
pub mod prior_notice;
pub mod provider;
pub mod role;
pub mod rules;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod snapshot;
pub mod validation;
pub mod value_error;
pub mod values;

/// The result of an accepted command: the new value and its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// The value after the command.
    pub value: T,
    /// The event.
    pub event: event::Event,
}

/// A value that counts its changes.
pub trait Revised: PartialEq {
    /// Sets the number of changes.
    fn set_revision(&mut self, revision: values::ids::Revision);
    /// Number of changes.
    fn revision(&self) -> values::ids::Revision;
}

/// Implements [`Revised`] for aggregates with a field `revision`.
macro_rules! revised {
    ($($aggregate:ty),+ $(,)?) => {$(
        impl Revised for $aggregate {
            fn set_revision(&mut self, revision: values::ids::Revision) {
                self.revision = revision;
            }

            fn revision(&self) -> values::ids::Revision {
                self.revision
            }
        }
    )+};
}

revised!(
    appeal::Appeal,
    application::Application,
    approval::Approval,
    decision::history::DecisionHistory,
    municipality::Municipality,
    notice::Notice,
    offering::Offering,
    prior_notice::PriorNotice,
    provider::Provider,
);

impl<T: Revised> Change<T> {
    /// Compares with the value before, if there was one.
    ///
    /// # Errors
    /// The value before, where it differs in its revision alone.
    pub fn compare(mut self, before: Option<T>) -> Result<Self, T> {
        let Some(before) = before else { return Ok(self) };
        let revision = self.value.revision();
        self.value.set_revision(before.revision());
        if self.value == before {
            return Err(before);
        }
        self.value.set_revision(revision);
        Ok(self)
    }
}
