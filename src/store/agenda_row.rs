//! Rows of the agenda.

use diesel::prelude::*;

use super::{schema::agenda, sql::Ts};

/// A due item.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agenda, treat_none_as_default_value = false)]
pub struct AgendaRow {
    /// Plural noun of the subject's path.
    pub subject_type: String,
    /// Last part of the subject's path.
    pub subject_id: String,
    pub task: String,
    /// When.
    pub due_at: Ts,
    pub owner: String,
    /// The municipality that it concerns.
    pub municipality: Option<String>,
    /// The provider that it concerns.
    pub provider: Option<String>,
    /// When it was done. Only the registry's own items are ever marked; others vanish.
    pub done_at: Option<Ts>,
    /// Number of failed attempts.
    pub attempts: i64,
    /// When it may be tried again.
    pub not_before: Option<Ts>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}
