//! Access log: reads of private files by another organisation, saved before the answer is sent.
//!
//! Simultaneous readers are saved together, in one transaction without the journal lock: the first writes the
//! entries of all.

pub(super) mod queue;

use diesel::prelude::*;

use self::queue::NewAccess;
use super::{
    Session, Store, StoreError,
    connection::repository,
    schema::access_log,
    sql::{Id16, Ts},
};
use crate::domain::{
    access::{AccessLogEntry, Right},
    role::CallerIdentity,
    values::{
        ids::{ApplicationId, ApprovalId},
        time::Instant,
    },
};

/// Rows in one statement. A row has 13 values, and databases bind at most 32 766 of them.
const TOGETHER: usize = 2000;

/// A stored entry of the log.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = access_log)]
pub struct AccessRow {
    /// Its number; later ones are greater.
    pub number: i64,
    /// When.
    pub at: Ts,
    /// Name of the reader.
    pub actor_name: String,
    /// In which role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// Legal right.
    pub basis: String,
    /// Under which request.
    pub request_id: String,
    /// Collection of the subject.
    pub subject_type: String,
    /// Its key.
    pub subject_id: String,
}

/// Owner of the file.
#[derive(Debug, Clone, Copy)]
pub enum CaseFile {
    Application(ApplicationId),
    Approval(ApprovalId),
}

/// A reader of another organisation's file.
#[derive(Debug, Clone)]
pub struct Reader {
    pub caller: CallerIdentity,
    pub right: Right,
    /// Under which request.
    pub request_id: String,
}

repository! {
    /// The log of accesses.
    impl DbConnection {
        fn insert_accesses(c, rows: &[NewAccess]) -> QueryResult<()> {
            diesel::insert_into(access_log::table).values(rows).execute(c).map(drop)
        }
        /// Those of a file, the last first.
        fn access_rows(c, file: &CaseFile, before: i64, limit: i64) -> QueryResult<Vec<AccessRow>> {
            let query = access_log::table
                .filter(access_log::number.lt(before))
                .order(access_log::number.desc())
                .limit(limit)
                .select(AccessRow::as_select())
                .into_boxed();
            match file {
                CaseFile::Application(id) => {
                    query.filter(access_log::application.eq(Id16(id.uuid()))).load(c)
                }
                CaseFile::Approval(id) => query.filter(access_log::approval.eq(Id16(id.uuid()))).load(c),
            }
        }
    }
}

impl Store {
    /// Logs reads of parts of files. `Ok` means durable.
    pub fn log_accesses(
        &self,
        reader: &Reader,
        at: Instant,
        access: Vec<AccessLogEntry>,
    ) -> Result<(), StoreError> {
        if access.is_empty() {
            return Ok(());
        }
        let entries = access.into_iter().map(|it| entry(reader, at, it)).collect();
        self.accesses.keep(entries, |rows| {
            self.pool
                .write(|c| rows.chunks(TOGETHER).try_for_each(|some| Ok(c.insert_accesses(some)?)))
        })
    }
}

fn entry(reader: &Reader, at: Instant, access: AccessLogEntry) -> NewAccess {
    let Reader { caller, right, request_id } = reader;
    NewAccess {
        at: Ts::from(at),
        actor: caller.actor.subject.to_string(),
        actor_name: caller.actor.name.to_string(),
        role: caller.role.as_str(),
        organisation: caller.organisation.to_string(),
        basis: right.as_str(),
        request_id: request_id.clone(),
        subject_type: access.collection,
        subject_id: access.key,
        municipality: access.municipality.map(|it| it.to_string()),
        provider: access.provider.map(|it| it.to_string()),
        application: access.application.map(|id| Id16(id.uuid())),
        approval: access.approval.map(|id| Id16(id.uuid())),
    }
}

impl Session<'_> {
    /// Readers of a file, latest first.
    pub fn accesses(
        &mut self,
        file: CaseFile,
        before: i64,
        limit: i64,
    ) -> Result<Vec<AccessRow>, StoreError> {
        Ok(self.rows.access_rows(&file, before, limit)?)
    }
}
