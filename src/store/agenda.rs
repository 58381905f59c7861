//! Stored agenda: due items, derived from each aggregate whenever it is saved.

use diesel::{
    dsl::{auto_type, count_star},
    prelude::*,
};

use super::{
    AgendaRow, Session, StoreError, connection::repository, schema::agenda, session::WriteState,
    set_aside::LONGEST_WAIT, sql::Ts,
};
use crate::domain::{
    agenda::{Item, Owner},
    event::Subject,
    values::{ids::Revision, time::Instant},
};

/// Owner of the requested open items.
#[derive(Debug, Clone)]
pub struct Whose {
    /// In which role the work is done.
    pub owner: Owner,
    /// The municipality's number, or empty.
    pub municipality: String,
    /// The provider's organisation number, or empty.
    pub provider: String,
}

/// Items of the registry that are due and not done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overdue {
    /// How many there are.
    pub count: i64,
    /// When the oldest fell due.
    pub oldest: Option<Instant>,
}

/// Position in a list of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaPosition {
    due_at: Ts,
    subject: String,
    task: String,
}

impl AgendaPosition {
    /// Before every item.
    pub const START: Self =
        Self { due_at: Ts(Instant::UNIX_EPOCH), subject: String::new(), task: String::new() };

    /// Parses the output of [`Display`](std::fmt::Display).
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.splitn(3, ' ');
        let due_at = Instant::from_timestamp_micros(parts.next()?.parse().ok()?)?;
        let mut word = || parts.next().filter(|it| it.bytes().all(|byte| byte.is_ascii_graphic()));
        let (subject, task) = (word()?.to_owned(), word()?.to_owned());
        Some(Self { due_at: Ts(due_at), subject, task })
    }
}

impl std::fmt::Display for AgendaPosition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.due_at.0.timestamp_micros(), self.subject, self.task)
    }
}

impl From<&AgendaRow> for AgendaPosition {
    fn from(row: &AgendaRow) -> Self {
        let (subject, task) = (row.subject_id.clone(), row.task.clone());
        Self { due_at: row.due_at, subject, task }
    }
}

repository! {
    /// Due items.
    impl DbConnection {
        /// Deletes open items of a subject.
        fn clear_agenda(c, subject_type: &str, subject_id: &str) -> QueryResult<usize> {
            let subject = agenda::subject_type.eq(subject_type).and(agenda::subject_id.eq(subject_id));
            diesel::delete(agenda::table)
                .filter(subject.and(agenda::done_at.is_null()))
                .execute(c)
        }
        /// Notes items; one that is done stays done.
        fn note_items(c, rows: &[AgendaRow]) -> QueryResult<usize> {
            diesel::insert_into(agenda::table).values(rows).on_conflict_do_nothing().execute(c)
        }
        /// The registry's own items that are due and do not wait for their next attempt, the oldest first.
        fn due_items(c, until: Ts, after: &AgendaPosition, limit: i64) -> QueryResult<Vec<AgendaRow>> {
            agenda::table
                .filter(agenda::owner.eq(Owner::Registry.as_str()))
                .filter(agenda::done_at.is_null())
                .filter(agenda::due_at.le(until))
                .filter(may_be_tried(until))
                .filter(beyond(after))
                .order((agenda::due_at, agenda::subject_id, agenda::task))
                .limit(limit)
                .select(AgendaRow::as_select())
                .load(c)
        }
        /// The registry's own items that are due and not done: their number, and when the oldest fell due.
        fn overdue_items(c, until: Ts) -> QueryResult<(i64, Option<Ts>)> {
            let count = agenda::table.filter(is_overdue(until)).count().get_result(c)?;
            let items = agenda::table.filter(is_overdue(until));
            let oldest = items.order(agenda::due_at).select(agenda::due_at).first(c).optional()?;
            Ok((count, oldest))
        }
        /// Marks an item as done, once: the second to try changes nothing.
        fn claim_item(c, row: &AgendaRow, now: Ts) -> QueryResult<usize> {
            let key = (&row.subject_type, &row.subject_id, &row.task, row.due_at);
            diesel::update(agenda::table.find(key))
                .filter(agenda::done_at.is_null())
                .set(agenda::done_at.eq(now))
                .execute(c)
        }
        /// Open items of an owner, oldest first.
        fn work_items(c, whose: &Whose, after: &AgendaPosition, limit: i64) -> QueryResult<Vec<AgendaRow>> {
            agenda::table
                .filter(of(whose))
                .filter(beyond(after))
                .order((agenda::due_at, agenda::subject_id, agenda::task))
                .limit(limit)
                .select(AgendaRow::as_select())
                .load(c)
        }
        /// Number of an owner's open items due until then, by task.
        fn count_items(c, whose: &Whose, until: Ts) -> QueryResult<Vec<(String, i64)>> {
            agenda::table
                .filter(of(whose))
                .filter(agenda::due_at.le(until))
                .group_by(agenda::task)
                .order(agenda::task)
                .select((agenda::task, count_star()))
                .load(c)
        }
    }
}

/// The registry's own items that are due and not done.
#[auto_type(no_type_alias)]
fn is_overdue(until: Ts) -> _ {
    let owner: &'static str = Owner::Registry.as_str();
    agenda::owner.eq(owner).and(agenda::done_at.is_null()).and(agenda::due_at.le(until))
}

/// Not set aside, or the delay has passed. A delay longer than the maximum comes from a wrong clock.
#[auto_type(no_type_alias)]
fn may_be_tried(now: Ts) -> _ {
    let no_wait: Ts = Ts::from(now.0 + LONGEST_WAIT);
    let waited = agenda::not_before.le(now).or(agenda::not_before.gt(no_wait));
    agenda::not_before.is_null().or(waited)
}

/// After a place in the order of time, subject and task.
#[auto_type(no_type_alias)]
fn beyond(after: &AgendaPosition) -> _ {
    let (due_at, subject, task): (Ts, &str, &str) = (after.due_at, &after.subject, &after.task);
    let later_task = agenda::subject_id.eq(subject).and(agenda::task.gt(task));
    let later = agenda::due_at.eq(due_at).and(agenda::subject_id.gt(subject).or(later_task));
    agenda::due_at.gt(due_at).or(later)
}

/// Open items of one owner in one municipality or with one provider.
#[auto_type(no_type_alias)]
fn of(whose: &Whose) -> _ {
    let owner: &str = whose.owner.as_str();
    let (municipality, provider): (&str, &str) = (&whose.municipality, &whose.provider);
    let there = agenda::municipality.eq(municipality).or(agenda::provider.eq(provider));
    agenda::owner.eq(owner).and(agenda::done_at.is_null()).and(there)
}

impl Session<'_> {
    /// The registry's own items that are due, the oldest first, after a place in the list.
    pub fn due_items(
        &mut self,
        until: Instant,
        after: &AgendaPosition,
        limit: i64,
    ) -> Result<Vec<AgendaRow>, StoreError> {
        Ok(self.rows.due_items(Ts::from(until), after, limit)?)
    }

    /// The registry's own items that are due and not done, in a summary.
    pub fn overdue_items(&mut self, now: Instant) -> Result<Overdue, StoreError> {
        let (count, oldest) = self.rows.overdue_items(Ts::from(now))?;
        Ok(Overdue { count, oldest: oldest.map(|at| at.0) })
    }

    /// Claims an item, so that it is executed once. Returns whether it was still open.
    pub fn claim_item(&mut self, row: &AgendaRow, now: Instant) -> Result<bool, StoreError> {
        Ok(self.rows.claim_item(row, Ts::from(now))? == 1)
    }

    /// The present revision of a subject.
    pub fn revision(&mut self, of: &Subject) -> Result<Option<Revision>, StoreError> {
        Ok(match of {
            Subject::Municipality(number) => self.municipality(number)?.map(|it| it.revision),
            Subject::Provider(number) => self.provider(number)?.map(|it| it.revision),
            Subject::Offering(id) => self.offering(*id)?.map(|it| it.0.revision),
            // Grants never change; nothing falls due with them.
            Subject::LateAccess(_) => None,
            Subject::Application(id) => self.application(*id)?.map(|it| it.revision),
            Subject::Evidence(id) => self.evidence_file(*id)?.map(|it| it.revision),
            Subject::Approval(id) => self.approval(*id)?.map(|it| it.revision),
            Subject::PriorNotice(id) => self.prior_notice(*id)?.map(|it| it.revision),
            Subject::Decision(id) => {
                self.decision_with_history(*id)?.map(|(_, history)| history.revision)
            }
            Subject::Appeal(id) => self.appeal(*id)?.map(|it| it.revision),
            Subject::FollowUp(id) => self.follow_up(*id)?.map(|it| it.revision),
            Subject::Notice(id) => self.notice(*id)?.map(|it| it.revision),
        })
    }

    /// Open items of an owner, oldest first, after a position in the list.
    pub fn work_items(
        &mut self,
        whose: &Whose,
        after: &AgendaPosition,
        limit: i64,
    ) -> Result<Vec<AgendaRow>, StoreError> {
        Ok(self.rows.work_items(whose, after, limit)?)
    }

    /// Number of an owner's open items due until then, by task.
    pub fn count_items(
        &mut self,
        whose: &Whose,
        until: Instant,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(self.rows.count_items(whose, Ts::from(until))?)
    }

    /// Inserts what falls due with all that was saved.
    pub(super) fn insert_agenda(&mut self) -> Result<(), StoreError> {
        let noted = self.write_state.as_mut().map(|it| std::mem::take(&mut it.agenda));
        let noted = noted.unwrap_or_default();
        if !noted.is_empty() {
            self.rows.note_items(&noted)?;
        }
        Ok(())
    }

    /// Saves what falls due with a thing, in place of what fell due before if its former revision was `from`. Call it
    /// whenever the thing is kept.
    pub fn save_agenda(
        &mut self,
        subject: &Subject,
        municipality: Option<&str>,
        provider: Option<&str>,
        items: &[Item],
        from: Option<Revision>,
    ) -> Result<(), StoreError> {
        let (subject_type, subject_id) = (subject.collection(), subject.key());
        if from.is_some() {
            self.rows.clear_agenda(subject_type, &subject_id)?;
        }
        let Some(WriteState { agenda: noted, .. }) = &mut self.write_state else { return Ok(()) };
        noted.retain(|it| it.subject_type != subject_type || it.subject_id != subject_id);
        let row = |Item { task, due_at }: &Item| AgendaRow {
            subject_type: subject_type.to_owned(),
            subject_id: subject_id.clone(),
            task: task.as_str().to_owned(),
            due_at: Ts::from(*due_at),
            owner: task.owner().as_str().to_owned(),
            municipality: municipality.map(str::to_owned),
            provider: provider.map(str::to_owned),
            done_at: None,
            attempts: 0,
            not_before: None,
            error: None,
        };
        noted.extend(items.iter().map(row));
        Ok(())
    }
}
