//! Saksliste i lageret: one row for each case, derived from its aggregate whenever that is saved.

use std::collections::HashMap;

use diesel::{dsl::not, prelude::*};
use uuid::Uuid;

use super::{
    AgendaRow, Session, StoreError,
    connection::repository,
    corrupt, parse_json,
    schema::{agenda, application, approval, case_summary},
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::domain::{
    agenda::Owner,
    case_summary::{CaseKind, CaseNotice, CaseOrigin, CaseSummary},
    decision::history::DecisionStatus,
    role::Party,
    values::{
        ids::{ApplicationId, ApprovalId, Id},
        numbers::{MunicipalityNumber, OrganisationNumber},
        time::Instant,
    },
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_summary)]
pub(crate) struct CaseRow {
    id: Id16,
    kind: String,
    application: Id16,
    approval: Option<Id16>,
    municipality: String,
    service: String,
    provider: String,
    state: String,
    is_open: bool,
    is_draft: bool,
    is_unread: bool,
    final_from: Option<Ts>,
    notices: Json,
    changed_at: Ts,
}

/// What changes in a row.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = case_summary, treat_none_as_null = true)]
pub(crate) struct CaseChange {
    state: String,
    is_open: bool,
    is_draft: bool,
    is_unread: bool,
    final_from: Option<Ts>,
    notices: Json,
    changed_at: Ts,
}

/// A case in a party's list.
#[derive(Debug)]
pub struct CaseEntry {
    pub id: Uuid,
    pub kind: CaseKind,
    /// The application that it comes from.
    pub application: ApplicationId,
    /// The approval that it concerns.
    pub approval: Option<ApprovalId>,
    pub municipality: MunicipalityNumber,
    pub service: String,
    pub provider: OrganisationNumber,
    /// Name of its state.
    pub state: String,
    pub is_open: bool,
    /// A notice waits for its first reader.
    pub is_unread: bool,
    /// When a decision becomes final.
    pub final_from: Option<Instant>,
    pub notices: Vec<CaseNotice>,
    /// Time of the last command.
    pub changed_at: Instant,
    /// The open task that falls due first.
    pub next: Option<AgendaRow>,
}

/// Position in a list of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CasePosition {
    changed_at: Ts,
    id: Id16,
}

/// Which of a party's cases are listed.
#[derive(Debug)]
pub struct CaseFilter<'a> {
    pub party: &'a Party,
    pub kind: Option<CaseKind>,
    /// Number of the municipality.
    pub municipality: Option<String>,
    /// Code of the service.
    pub service: Option<String>,
    /// Organisation number of the provider.
    pub provider: Option<String>,
    pub is_open: Option<bool>,
    pub is_unread: Option<bool>,
}

impl CasePosition {
    /// Parses the output of [`Display`](std::fmt::Display).
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (micros, id) = value.split_once(' ')?;
        let changed_at = Instant::from_timestamp_micros(micros.parse().ok()?)?;
        Some(Self { changed_at: Ts(changed_at), id: Id16(id.parse().ok()?) })
    }
}

impl std::fmt::Display for CasePosition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.changed_at.0.timestamp_micros(), self.id.0)
    }
}

impl From<&CaseEntry> for CasePosition {
    fn from(entry: &CaseEntry) -> Self {
        Self { changed_at: Ts::from(entry.changed_at), id: Id16(entry.id) }
    }
}

repository! {
    /// Cases of all kinds.
    impl DbConnection {
        fn insert_case(c, row: &CaseRow) -> QueryResult<usize> {
            diesel::insert_into(case_summary::table).values(row).execute(c)
        }
        fn update_case(c, id: Id16, change: &CaseChange) -> QueryResult<usize> {
            diesel::update(case_summary::table.find(id)).set(change).execute(c)
        }
        fn is_open_case(c, id: Id16) -> QueryResult<Option<bool>> {
            case_summary::table.find(id).select(case_summary::is_open).first(c).optional()
        }
        /// The service of an application.
        fn service_of(c, id: Id16) -> QueryResult<String> {
            application::table.find(id).select(application::service).first(c)
        }
        /// Application and service of an approval.
        fn origin_of_approval(c, id: Id16) -> QueryResult<(Id16, String)> {
            approval::table.find(id).select((approval::application, approval::service)).first(c)
        }
        /// The cases that a party may see, the last changed first.
        fn case_rows(
            c, filter: &CaseFilter<'_>, after: Option<CasePosition>, now: Ts, limit: i64
        ) -> QueryResult<Vec<CaseRow>> {
            use case_summary::{
                changed_at, final_from, id, is_draft, is_open, is_unread, kind, municipality, provider,
                service,
            };
            let mut query = case_summary::table
                .order((changed_at.desc(), id.desc()))
                .limit(limit)
                .select(CaseRow::as_select())
                .into_boxed();
            query = match filter.party {
                Party::Provider(number) => query.filter(provider.eq(number.as_str())),
                Party::Municipality(number) => {
                    query.filter(municipality.eq(number.as_str())).filter(not(is_draft))
                }
            };
            if let Some(wanted) = filter.kind {
                query = query.filter(kind.eq(wanted.as_str()));
            }
            if let Some(number) = &filter.municipality {
                query = query.filter(municipality.eq(number));
            }
            if let Some(code) = &filter.service {
                query = query.filter(service.eq(code));
            }
            if let Some(number) = &filter.provider {
                query = query.filter(provider.eq(number));
            }
            query = match filter.is_open {
                Some(true) => {
                    query.filter(is_open).filter(final_from.is_null().or(final_from.gt(now)))
                }
                Some(false) => query.filter(not(is_open).or(final_from.le(now))),
                None => query,
            };
            query = match filter.is_unread {
                Some(true) => query.filter(is_unread),
                Some(false) => query.filter(not(is_unread)),
                None => query,
            };
            if let Some(CasePosition { changed_at: at, id: last }) = after {
                let same = changed_at.eq(at).and(id.lt(last));
                query = query.filter(changed_at.lt(at).or(same));
            }
            query.load(c)
        }
        /// Open tasks of people about some subjects, the first due first.
        fn tasks_of(c, collections: &[&str], keys: &[String]) -> QueryResult<Vec<AgendaRow>> {
            agenda::table
                .filter(agenda::subject_type.eq_any(collections))
                .filter(agenda::subject_id.eq_any(keys))
                .filter(agenda::done_at.is_null())
                .filter(agenda::owner.ne(Owner::Registry.as_str()))
                .order((agenda::due_at, agenda::task))
                .select(AgendaRow::as_select())
                .load(c)
        }
    }
}

impl Session<'_> {
    /// Notes a case as it is saved; its row is written at the end of the transaction.
    pub(super) fn save_case(&mut self, summary: CaseSummary, is_new: bool) {
        let Some(state) = &mut self.write_state else { return };
        let noted = state.summaries.iter_mut().find(|(noted, _)| noted.id == summary.id);
        match noted {
            Some((noted, _)) => *noted = summary,
            None => state.summaries.push((summary, is_new)),
        }
    }

    /// Whether something can still come of a saved case.
    pub fn is_open_case(&mut self, id: Uuid) -> Result<bool, StoreError> {
        let noted = self.write_state.as_ref();
        let noted = noted.and_then(|it| it.summaries.iter().find(|(noted, _)| noted.id == id));
        match noted {
            Some((noted, _)) => Ok(noted.is_open),
            None => Ok(self.rows.is_open_case(Id16(id))?.unwrap_or(true)),
        }
    }

    /// Writes the rows of all cases that were saved.
    pub(super) fn write_cases(&mut self, at: Instant) -> Result<(), StoreError> {
        let noted = self.write_state.as_mut().map(|it| std::mem::take(&mut it.summaries));
        for (summary, is_new) in noted.unwrap_or_default() {
            let notices = to_json(&summary.notices)?;
            let (final_from, changed_at) = (summary.final_from.map(Ts::from), Ts::from(at));
            let CaseSummary { is_open, is_draft, is_unread, .. } = summary;
            let state = summary.state.to_owned();
            if is_new {
                let (application, approval, service) = self.origin(summary.origin)?;
                self.rows.insert_case(&CaseRow {
                    id: Id16(summary.id),
                    kind: summary.kind.as_str().to_owned(),
                    application,
                    approval,
                    municipality: summary.municipality.to_string(),
                    service,
                    provider: summary.provider.to_string(),
                    state,
                    is_open,
                    is_draft,
                    is_unread,
                    final_from,
                    notices,
                    changed_at,
                })?;
            } else {
                let change = CaseChange {
                    state,
                    is_open,
                    is_draft,
                    is_unread,
                    final_from,
                    notices,
                    changed_at,
                };
                self.rows.update_case(Id16(summary.id), &change)?;
            }
        }
        Ok(())
    }

    /// Application, approval and service of a new case.
    fn origin(&mut self, of: CaseOrigin) -> Result<(Id16, Option<Id16>, String), StoreError> {
        let (application, approval) = match of {
            CaseOrigin::Application(id) => (Id16(id.uuid()), None),
            CaseOrigin::Approval(id) => {
                let id = Id16(id.uuid());
                let (application, service) = self.rows.origin_of_approval(id)?;
                return Ok((application, Some(id), service));
            }
            CaseOrigin::Decision(id) => {
                let signed = self.write_state.as_ref();
                let signed = signed.and_then(|it| it.signed.get(&Id16(id.uuid())).copied());
                signed.ok_or_else(|| corrupt("decision", id))?
            }
        };
        Ok((application, approval, self.service(application)?))
    }

    /// The service of an application, which the transaction has as a rule read already.
    fn service(&mut self, application: Id16) -> Result<String, StoreError> {
        let state = self.write_state.as_ref();
        match state.and_then(|it| it.services.get(&application)) {
            Some(service) => Ok(service.clone()),
            None => Ok(self.rows.service_of(application)?),
        }
    }

    /// The cases that a party may see, the last changed first, each with the task that falls due first.
    pub fn cases(
        &mut self,
        filter: &CaseFilter<'_>,
        after: Option<CasePosition>,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<CaseEntry>, StoreError> {
        let rows = self.rows.case_rows(filter, after, Ts::from(now), limit)?;
        let keys: Vec<_> = rows.iter().map(|row| row.id.0.to_string()).collect();
        let collections = CaseKind::ALL.map(CaseKind::collection);
        let mut tasks = HashMap::new();
        for task in self.rows.tasks_of(&collections, &keys)? {
            tasks.entry(task.subject_id.clone()).or_insert(task);
        }
        let entry = |row: CaseRow| {
            let next = tasks.remove(&row.id.0.to_string());
            read_row(row, next, now)
        };
        rows.into_iter().map(entry).collect()
    }
}

fn read_row(row: CaseRow, next: Option<AgendaRow>, now: Instant) -> Result<CaseEntry, StoreError> {
    let id = row.id.0;
    let bad = || corrupt("case_summary", id);
    let kind = CaseKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    let final_from = row.final_from.map(|it| it.0);
    let is_final = final_from.is_some_and(|from| from <= now);
    Ok(CaseEntry {
        id,
        kind: kind.ok_or_else(bad)?,
        application: Id::new(row.application.0),
        approval: row.approval.map(|id| Id::new(id.0)),
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        service: row.service,
        provider: OrganisationNumber::parse(&row.provider).map_err(|_| bad())?,
        state: if is_final { DecisionStatus::Final.as_str().to_owned() } else { row.state },
        is_open: row.is_open && !is_final,
        is_unread: row.is_unread,
        final_from,
        notices: parse_json(&row.notices, "case_summary", id)?,
        changed_at: row.changed_at.0,
        next,
    })
}
