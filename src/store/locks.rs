//! Locks of write transactions on PostgreSQL, where commands run in parallel (docs/adr/0041). SQLite has one
//! writer at a time and needs no locks.
//!
//! The order is: a key, a case, a file of evidence, a provider or municipality, a serial number, the daily
//! limit of an organisation, the journal. Transactions with this order cannot deadlock.

use aws_lc_rs::digest::{SHA256, digest};
use diesel::{prelude::*, sql_types::BigInt};

use super::{
    Session, StoreError,
    connection::{DbConnection, Pg},
    journal_rows::Head,
    schema::{
        appeal, application, approval, decision, evidence_consent, follow_up, journal_head,
        offering, prior_notice,
    },
    session::WriteState,
    sql::Id16,
};
use crate::domain::event::Subject;

/// Rows of a case: everything about one offering.
#[derive(Debug, Clone, Copy)]
pub(crate) enum InCase {
    Offering(Id16),
    Application(Id16),
    Decision(Id16),
    Appeal(Id16),
    Approval(Id16),
    PriorNotice(Id16),
    FollowUp(Id16),
    /// All cases that use this file.
    Evidence(Id16),
}

/// How a row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// As it was committed last.
    None,
    /// No other transaction changes it before this one ends.
    Share,
    /// The same, and no other transaction locks it.
    Update,
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Gives nothing that can be read.
    fn pg_advisory_xact_lock(key: BigInt) -> Text;
}

/// The row of a query, with a lock on PostgreSQL.
macro_rules! read_locked {
    ($connection:ident, $query:expr, $lock:ident) => {
        match $connection {
            DbConnection::Sqlite(c) => $query.first(*c),
            DbConnection::Postgres(c) => match $lock {
                Lock::None => $query.get_result(*c),
                Lock::Share => $query.for_share().get_result(*c),
                Lock::Update => $query.for_no_key_update().get_result(*c),
            },
        }
        .optional()
    };
}
pub(super) use read_locked;

impl DbConnection<'_> {
    /// Where the journal ends, and with it the lock on its end: the last lock of a write transaction.
    pub(super) fn lock_head(&mut self) -> QueryResult<Head> {
        let head = journal_head::table.find(1).select((
            journal_head::position,
            journal_head::public_position,
            journal_head::hash,
        ));
        match self {
            Self::Sqlite(c) => head.first(*c),
            Self::Postgres(c) => head.for_no_key_update().get_result(*c),
        }
    }

    /// Locks the offerings that something belongs to, in the order of their ids. Gives their ids, and none on SQLite.
    fn lock_cases(&mut self, of: InCase) -> QueryResult<Vec<Id16>> {
        match self {
            Self::Sqlite(_) => Ok(vec![]),
            Self::Postgres(c) => lock_offerings(c, of),
        }
    }

    /// Locks a number that a name was hashed to.
    fn lock_number(&mut self, number: i64) -> QueryResult<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(c) => {
                diesel::select(pg_advisory_xact_lock(number)).execute(*c).map(drop)
            }
        }
    }
}

/// Locks the offerings that a query gives.
macro_rules! lock {
    ($c:ident, $offerings:expr) => {
        offering::table
            .filter(offering::id.eq_any($offerings))
            .order(offering::id)
            .select(offering::id)
            .for_no_key_update()
            .load($c)
    };
}

fn lock_offerings(c: &mut Pg, of: InCase) -> QueryResult<Vec<Id16>> {
    let applications = || application::table.select(application::offering);
    let approvals = || approval::table.select(approval::offering);
    match of {
        InCase::Offering(of) => {
            offering::table.find(of).select(offering::id).for_no_key_update().load(c)
        }
        InCase::Application(of) => lock!(c, applications().filter(application::id.eq(of))),
        InCase::Approval(of) => lock!(c, approvals().filter(approval::id.eq(of))),
        InCase::Decision(of) => {
            let of = decision::table.find(of).select(decision::application);
            lock!(c, applications().filter(application::id.eq_any(of)))
        }
        InCase::Appeal(of) => {
            let of = appeal::table.find(of).select(appeal::decision);
            let of = decision::table.filter(decision::id.eq_any(of)).select(decision::application);
            lock!(c, applications().filter(application::id.eq_any(of)))
        }
        InCase::PriorNotice(of) => {
            let of = prior_notice::table.find(of).select(prior_notice::approval);
            lock!(c, approvals().filter(approval::id.eq_any(of)))
        }
        InCase::FollowUp(of) => {
            let of = follow_up::table.find(of).select(follow_up::approval);
            lock!(c, approvals().filter(approval::id.eq_any(of)))
        }
        InCase::Evidence(of) => {
            let of = evidence_consent::table
                .filter(evidence_consent::evidence.eq(of))
                .select(evidence_consent::application);
            lock!(c, applications().filter(application::id.eq_any(of)))
        }
    }
}

impl Session<'_> {
    /// Locks the case of the first row that a write transaction reads. Its later reads belong to the same case,
    /// since they follow immutable links.
    pub(super) fn lock_case(&mut self, of: InCase) -> Result<(), StoreError> {
        let Some(WriteState { cases: held, .. }) = &mut self.write_state else { return Ok(()) };
        let is_held = match of {
            InCase::Offering(id) => held.contains(&id),
            InCase::Evidence(_) => false,
            _ => !held.is_empty(),
        };
        if !is_held {
            held.extend(self.rows.lock_cases(of)?);
        }
        Ok(())
    }

    /// Locks the rows that change with a subject: its case, or its own row.
    pub fn lock(&mut self, subject: &Subject) -> Result<(), StoreError> {
        let lock = self.update();
        let of = match subject {
            Subject::Offering(id) => InCase::Offering(Id16(id.uuid())),
            Subject::Application(id) => InCase::Application(Id16(id.uuid())),
            Subject::Decision(id) => InCase::Decision(Id16(id.uuid())),
            Subject::Appeal(id) => InCase::Appeal(Id16(id.uuid())),
            Subject::Approval(id) => InCase::Approval(Id16(id.uuid())),
            Subject::PriorNotice(id) => InCase::PriorNotice(Id16(id.uuid())),
            Subject::FollowUp(id) => InCase::FollowUp(Id16(id.uuid())),
            Subject::Evidence(id) => {
                return Ok(self.rows.evidence_row(Id16(id.uuid()), lock).map(drop)?);
            }
            Subject::Provider(number) => {
                return Ok(self.rows.provider_row(number.as_str(), lock).map(drop)?);
            }
            Subject::Municipality(number) => {
                return Ok(self.rows.municipality_row(number.as_str(), lock).map(drop)?);
            }
            // A notice is locked with what it is about.
            Subject::Notice(id) => return self.notice(*id).map(drop),
            // Nothing falls due with a grant, and it never changes.
            Subject::LateAccess(_) => return Ok(()),
        };
        self.lock_case(of)
    }

    /// Locks the case of an offering that a row names. Returns whether the row was read before that, and may be
    /// outdated.
    pub(super) fn lock_another_case(&mut self, offering: Id16) -> Result<bool, StoreError> {
        let Some(WriteState { cases: held, .. }) = &mut self.write_state else { return Ok(false) };
        if held.contains(&offering) {
            return Ok(false);
        }
        let new = self.rows.lock_cases(InCase::Offering(offering))?;
        let is_new = !new.is_empty();
        held.extend(new);
        Ok(is_new)
    }

    /// Locks a name in a write transaction, whatever it names.
    pub(super) fn lock_name(&mut self, name: &str) -> Result<(), StoreError> {
        if self.write_state.is_some() {
            let hash = digest(&SHA256, name.as_bytes());
            let bytes = hash.as_ref().first_chunk().copied().unwrap_or_default();
            self.rows.lock_number(i64::from_be_bytes(bytes))?;
        }
        Ok(())
    }

    /// The lock of a row that a write transaction only reads.
    pub(super) const fn share(&self) -> Lock {
        if self.write_state.is_some() { Lock::Share } else { Lock::None }
    }

    /// The lock of a row that a write transaction may change.
    pub(super) const fn update(&self) -> Lock {
        if self.write_state.is_some() { Lock::Update } else { Lock::None }
    }
}
