//! Outcome of an accepted command.

use crate::{domain::event::Event, json::public::PublicRecord};

/// Outcome of an accepted command: one event, its public record, and the answer.
#[derive(Debug)]
pub struct Done<T> {
    pub event: Event,
    /// The whole public representation afterwards, where there is one.
    pub public: Option<PublicRecord>,
    /// Related changes, each with its own journal row, in the same transaction.
    pub related: Vec<RelatedChange>,
    /// The caller's answer.
    pub answer: T,
}

/// The outcome of an accepted command.
#[derive(Debug)]
pub enum CommandOutcome<T> {
    /// Something changed.
    Changed(Done<T>),
    /// Nothing changed: the command is answered and leaves no journal row.
    Unchanged(T),
}

impl<T> CommandOutcome<T> {
    /// The same with another answer, derived from this one.
    pub fn map<U>(self, answer: impl FnOnce(T) -> U) -> CommandOutcome<U> {
        match self {
            Self::Changed(Done { event, public, related, answer: before }) => {
                CommandOutcome::Changed(Done { event, public, related, answer: answer(before) })
            }
            Self::Unchanged(before) => CommandOutcome::Unchanged(answer(before)),
        }
    }

    /// The same where making the other answer can fail.
    pub fn try_map<U, E>(
        self,
        answer: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<CommandOutcome<U>, E> {
        match self {
            Self::Changed(Done { event, public, related, answer: before }) => {
                let answer = answer(before)?;
                Ok(CommandOutcome::Changed(Done { event, public, related, answer }))
            }
            Self::Unchanged(before) => answer(before).map(CommandOutcome::Unchanged),
        }
    }

    /// The same with more related changes, where anything changed.
    #[must_use]
    pub fn with_related(mut self, related: Vec<RelatedChange>) -> Self {
        if let Self::Changed(done) = &mut self {
            done.related.extend(related);
        }
        self
    }

    /// The caller's answer.
    pub const fn answer(&self) -> &T {
        match self {
            Self::Changed(done) => &done.answer,
            Self::Unchanged(answer) => answer,
        }
    }
}

/// A change of another aggregate as a consequence of a command.
#[derive(Debug)]
pub struct RelatedChange {
    /// Id of its journal row.
    pub id: uuid::Uuid,
    pub event: Event,
    /// The whole public representation afterwards, where there is one.
    pub public: Option<PublicRecord>,
}
