//! Frister i lageret: what falls due, derived from each thing whenever it is kept.

use diesel::prelude::*;

use super::{Error, Session, connection::repository, schema::agenda, sql::Ts};
use crate::domain::{agenda::Item, event::Subject};

/// One thing that falls due.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agenda)]
pub struct AgendaRow {
    /// Plural noun of the subject's path.
    pub subject_type: String,
    /// Last part of the subject's path.
    pub subject_id: String,
    /// What there is to do.
    pub task: String,
    /// When.
    pub due_at: Ts,
    /// Whose task it is.
    pub owner: String,
    /// The municipality that it concerns.
    pub municipality: Option<String>,
    /// The provider that it concerns.
    pub provider: Option<String>,
    /// When it was done. Only the registry's own items are ever marked; others vanish.
    pub done_at: Option<Ts>,
}

repository! {
    /// What falls due.
    pub(crate) trait AgendaRows {
        /// Forgets what is not done of a subject.
        fn clear_agenda(c, subject_type: &str, subject_id: &str) -> QueryResult<usize> {
            let subject = agenda::subject_type.eq(subject_type).and(agenda::subject_id.eq(subject_id));
            diesel::delete(agenda::table)
                .filter(subject.and(agenda::done_at.is_null()))
                .execute(c)
        }
        /// Notes an item; one that is done stays done.
        fn note_item(c, row: &AgendaRow) -> QueryResult<usize> {
            diesel::insert_into(agenda::table).values(row).on_conflict_do_nothing().execute(c)
        }
    }
}

impl Session<'_> {
    /// Keeps what falls due with a thing, in place of what fell due before. Call it whenever the
    /// thing is kept.
    ///
    /// # Errors
    /// A failing database.
    pub fn keep_agenda(
        &mut self,
        subject: &Subject,
        municipality: Option<&str>,
        provider: Option<&str>,
        items: &[Item],
    ) -> Result<(), Error> {
        let (subject_type, subject_id) = (subject.collection(), subject.key());
        self.rows.clear_agenda(subject_type, &subject_id)?;
        for Item { task, due_at } in items {
            self.rows.note_item(&AgendaRow {
                subject_type: subject_type.to_owned(),
                subject_id: subject_id.clone(),
                task: task.as_str().to_owned(),
                due_at: Ts::from(*due_at),
                owner: task.owner().as_str().to_owned(),
                municipality: municipality.map(str::to_owned),
                provider: provider.map(str::to_owned),
                done_at: None,
            })?;
        }
        Ok(())
    }
}
