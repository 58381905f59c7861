//! Varsler i lageret: the outbox. A row is inserted in the transaction of the command that made its message.

use chrono::TimeDelta;
use diesel::{dsl::auto_type, prelude::*};

use super::{
    Failure, Session, Store, StoreError,
    connection::{repository, save_row},
    corrupt, expect_one_row, parse_json,
    party_list::{PartyList, party_list},
    schema::notice,
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::domain::{
    event::{Event, EventKind, Subject},
    notice::{DeliveryStatus, Notice, NoticeKind, NoticeState},
    role::Party,
    values::{
        ids::{NoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Line,
        time::Instant,
    },
};

/// How long an instance may take to send a notice before another one takes it for lost.
const CLAIM: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = notice, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct NoticeRow {
    id: Id16,
    kind: String,
    is_second: bool,
    subject_type: String,
    subject_id: String,
    municipality: Option<String>,
    provider: String,
    appellant: Option<String>,
    created_at: Ts,
    state: String,
    body: Json,
    attempts: i64,
    next_attempt_at: Option<Ts>,
    obstacle: Option<String>,
    read_at: Option<Ts>,
    claimed_until: Option<Ts>,
    revision: i64,
}

repository! {
    /// Notices.
    impl DbConnection {
        fn notice_row(c, id: Id16) -> QueryResult<Option<NoticeRow>> {
            notice::table.find(id).select(NoticeRow::as_select()).first(c).optional()
        }
        fn notice_rows(c, list: &PartyList<'_>, wanted: Option<&str>) -> QueryResult<Vec<NoticeRow>> {
            let mut query = party_list!(list, notice, NoticeRow);
            // What another appellant was sent is not the provider's.
            if let Party::Provider(_) = list.party {
                query = query.filter(notice::appellant.is_null());
            }
            if let Some(kind) = wanted {
                query = query.filter(notice::kind.eq(kind));
            }
            query.load(c)
        }
        fn insert_notices(c, rows: &[NoticeRow]) -> QueryResult<usize> {
            diesel::insert_into(notice::table).values(rows).execute(c)
        }
        fn save_notice_row(c, row: &NoticeRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, notice, row, from)
        }
        /// The notices that are due to be sent and that no instance is sending, the oldest first.
        fn notices_to_send(c, now: Ts, limit: i64) -> QueryResult<Vec<NoticeRow>> {
            notice::table
                .filter(is_due(now))
                .order((notice::next_attempt_at, notice::id))
                .limit(limit)
                .select(NoticeRow::as_select())
                .load(c)
        }
        /// Claims a notice, unless another instance did.
        fn claim_notice(c, id: Id16, now: Ts, until: Ts) -> QueryResult<usize> {
            diesel::update(notice::table.filter(notice::id.eq(id)))
                .filter(is_due(now))
                .set(notice::claimed_until.eq(until))
                .execute(c)
        }
        /// Ends all claims.
        fn release_notices(c) -> QueryResult<usize> {
            diesel::update(notice::table.filter(notice::claimed_until.is_not_null()))
                .set(notice::claimed_until.eq(None::<Ts>))
                .execute(c)
        }
        /// Marks the notices of a subject's messages as read.
        fn mark_notices_read(c, subject_type: &str, subject_id: &str, at: Ts) -> QueryResult<usize> {
            let of = notice::subject_type.eq(subject_type).and(notice::subject_id.eq(subject_id));
            let sent = [DeliveryStatus::Sent.as_str(), DeliveryStatus::ByHand.as_str()];
            let of = of.and(notice::appellant.is_null());
            let unread = diesel::update(notice::table).filter(of.and(notice::read_at.is_null()));
            unread.set(notice::read_at.eq(at)).execute(c)?;
            let of = notice::subject_type.eq(subject_type).and(notice::subject_id.eq(subject_id));
            let of = of.and(notice::appellant.is_null());
            diesel::update(notice::table)
                .filter(of.and(notice::state.eq_any(sent)))
                .set(notice::state.eq(DeliveryStatus::Read.as_str()))
                .execute(c)
        }
        /// Number of notices in a state.
        fn count_notices(c, state: &str) -> QueryResult<i64> {
            notice::table.filter(notice::state.eq(state)).count().get_result(c)
        }
    }
}

/// Due, and sent by no instance at the moment. A claim longer than possible comes from a wrong clock.
#[auto_type(no_type_alias)]
fn is_due(now: Ts) -> _ {
    let longest: Ts = Ts::from(now.0 + CLAIM);
    let is_free = notice::claimed_until
        .is_null()
        .or(notice::claimed_until.le(now).or(notice::claimed_until.gt(longest)).assume_not_null());
    notice::next_attempt_at.le(now).assume_not_null().and(is_free)
}

impl Store {
    /// Claims the notices that are due to be sent: no other instance sends them for ten minutes.
    pub fn claim_notices(&self, now: Instant, limit: i64) -> Result<Vec<Notice>, StoreError> {
        let due = self.read(|session| session.notices_to_send(now, limit))?;
        let until = Ts::from(now + CLAIM);
        let mut claimed = Vec::with_capacity(due.len());
        for notice in due {
            let id = Id16(notice.id.uuid());
            // One statement on one row, which no command waits for: it needs no place among the writers.
            let count = self.pool.write(|rows| {
                Ok::<_, StoreError>(rows.claim_notice(id, Ts::from(now), until)?)
            })?;
            if count == 1 {
                claimed.push(notice);
            }
        }
        Ok(claimed)
    }

    /// Ends all claims, where no other instance can be at work.
    pub fn release_notices(&self) -> Result<(), StoreError> {
        self.pool.write(|rows| Ok(rows.release_notices().map(drop)?))
    }
}

impl Session<'_> {
    /// The notice of that id. What it is about is locked first.
    pub fn notice(&mut self, id: NoticeId) -> Result<Option<Notice>, StoreError> {
        let id = Id16(id.uuid());
        let Some(row) = self.rows.notice_row(id)? else { return Ok(None) };
        if self.write_state.is_none() {
            return read_row(row).map(Some);
        }
        self.lock(&subject(&row)?)?;
        self.rows.notice_row(id)?.map(read_row).transpose()
    }

    /// The notices that a party may see, oldest first.
    pub fn notices(
        &mut self,
        list: &PartyList<'_>,
        kind: Option<NoticeKind>,
    ) -> Result<Vec<Notice>, StoreError> {
        let rows = self.rows.notice_rows(list, kind.map(NoticeKind::as_str))?;
        rows.into_iter().map(read_row).collect()
    }

    fn notices_to_send(&mut self, now: Instant, limit: i64) -> Result<Vec<Notice>, StoreError> {
        self.rows.notices_to_send(Ts::from(now), limit)?.into_iter().map(read_row).collect()
    }

    /// How many notices are in a state.
    pub fn count_notices(&mut self, state: DeliveryStatus) -> Result<i64, StoreError> {
        Ok(self.rows.count_notices(state.as_str())?)
    }

    /// Inserts the notices of what some events made available, and marks those of opened messages as read. `events` come
    /// with the ids of their journal rows.
    pub(super) fn note_events<'e>(
        &mut self,
        events: impl Iterator<Item = (uuid::Uuid, &'e Event)>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut rows = vec![];
        for (id, event) in events {
            if let Some(notice) = Notice::of(event, NoticeId::new(id), now) {
                rows.push(to_row(&notice)?);
            }
            if is_opening(event.kind) {
                let (of, key) = (event.subject.collection(), event.subject.key());
                self.rows.mark_notices_read(of, &key, Ts::from(now))?;
            }
        }
        if !rows.is_empty() {
            self.rows.insert_notices(&rows)?;
        }
        Ok(())
    }

    /// Saves a notice with former revision `from`, and its due items. It is no longer claimed.
    pub fn save_notice(&mut self, notice: &Notice, from: Option<Revision>) -> Result<(), Failure> {
        expect_one_row(self.rows.save_notice_row(&to_row(notice)?, from))?;
        let (of, provider) = (&notice.municipality, &notice.provider);
        let subject = Subject::Notice(notice.id);
        let of = of.as_ref().map(MunicipalityNumber::as_str);
        Ok(self.save_agenda(&subject, of, Some(provider.as_str()), &notice.agenda(), from)?)
    }
}

/// Whether an event is the first opening of a message.
const fn is_opening(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::DecisionOpened
            | EventKind::CompletionOpened
            | EventKind::DisclosureOpened
            | EventKind::PriorNoticeOpened
    )
}

fn to_row(notice: &Notice) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        id: Id16(notice.id.uuid()),
        kind: notice.kind.as_str().to_owned(),
        is_second: notice.is_second,
        subject_type: notice.subject.collection().to_owned(),
        subject_id: notice.subject.key(),
        municipality: notice.municipality.as_ref().map(ToString::to_string),
        provider: notice.provider.to_string(),
        appellant: notice.appellant.as_ref().map(ToString::to_string),
        created_at: Ts::from(notice.created_at),
        state: notice.status().as_str().to_owned(),
        body: to_json(&notice.state)?,
        attempts: notice.attempts,
        next_attempt_at: notice.next_attempt_at.map(Ts::from),
        obstacle: notice.obstacle.as_ref().map(ToString::to_string),
        read_at: notice.read_at.map(Ts::from),
        claimed_until: None,
        revision: notice.revision.0,
    })
}

fn subject(row: &NoticeRow) -> Result<Subject, StoreError> {
    let subject = Subject::parse(&row.subject_type, &row.subject_id);
    subject.ok_or_else(|| corrupt("notice", row.id.0))
}

fn read_row(row: NoticeRow) -> Result<Notice, StoreError> {
    let id = row.id.0;
    let bad = || corrupt("notice", id);
    let municipality = row.municipality.as_deref().map(MunicipalityNumber::parse).transpose();
    let obstacle = row.obstacle.as_deref().map(Line::parse).transpose();
    let appellant = row.appellant.as_deref().map(Line::parse).transpose();
    Ok(Notice {
        id: NoticeId::new(id),
        kind: NoticeKind::from_name(&row.kind).ok_or_else(bad)?,
        is_second: row.is_second,
        subject: subject(&row)?,
        municipality: municipality.map_err(|_| bad())?,
        provider: OrganisationNumber::parse(&row.provider).map_err(|_| bad())?,
        appellant: appellant.map_err(|_| bad())?,
        created_at: row.created_at.0,
        state: parse_json::<NoticeState>(&row.body, "notice", id)?,
        attempts: row.attempts,
        next_attempt_at: row.next_attempt_at.map(|at| at.0),
        obstacle: obstacle.map_err(|_| bad())?,
        read_at: row.read_at.map(|at| at.0),
        revision: Revision(row.revision),
    })
}
