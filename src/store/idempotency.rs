//! Stored answers of commands with an idempotency key, for retries.
//!
//! Written in the transaction of the command: effect and answer exist together, or neither does.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{
    Session, Store, StoreError, connection::repository, schema::idempotency_record, sql::Ts,
};
use crate::domain::values::time::Instant;

/// Retention time of answers.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(7);

/// Caller, path and key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// For which organisation.
    pub organisation: String,
    /// In which role.
    pub role: &'static str,
    /// The issuer's name of the person or system.
    pub subject: String,
    pub method: String,
    pub path: String,
    /// The caller's own key.
    pub key: String,
}

/// A request that may be sent again.
#[derive(Debug, Clone)]
pub struct IdempotentCommand {
    /// Caller, path and key.
    pub of: IdempotencyKey,
    /// SHA-256 of the whole request, in hexadecimal.
    pub digest: String,
}

/// The stored answer.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_record)]
pub struct StoredResponse {
    pub status: i32,
    /// Where the new resource is.
    pub location: Option<String>,
    /// Its entity tag.
    pub etag: Option<String>,
    /// Media type of the body.
    pub media_type: String,
    pub body: String,
}

/// State of a key.
#[derive(Debug, Clone)]
pub enum IdempotencyRecord {
    /// The same request was answered so.
    Answered(StoredResponse),
    /// Another request has used it.
    Used,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = idempotency_record)]
struct AnswerRow<'a> {
    organisation: &'a str,
    role: &'a str,
    subject: &'a str,
    method: &'a str,
    path: &'a str,
    key: &'a str,
    request_digest: &'a str,
    answered_at: Ts,
    #[diesel(embed)]
    answer: StoredResponse,
}

repository! {
    /// Answers under keys.
    impl DbConnection {
        /// The answer under a key that is not older than this, with the digest of its request.
        fn answer_under(c, of: &IdempotencyKey, since: Ts) -> QueryResult<Option<(String, StoredResponse)>> {
            idempotency_record::table
                .filter(idempotency_record::organisation.eq(&of.organisation))
                .filter(idempotency_record::role.eq(of.role))
                .filter(idempotency_record::subject.eq(&of.subject))
                .filter(idempotency_record::method.eq(&of.method))
                .filter(idempotency_record::path.eq(&of.path))
                .filter(idempotency_record::key.eq(&of.key))
                .filter(idempotency_record::answered_at.gt(since))
                .select((idempotency_record::request_digest, StoredResponse::as_select()))
                .first(c)
                .optional()
        }
        /// Saves an answer in place of one that is not younger than this.
        fn insert_answer(
            c, idempotent: &IdempotentCommand, given: &StoredResponse, at: Ts, oldest: Ts
        ) -> QueryResult<usize> {
            let of = &idempotent.of;
            diesel::delete(idempotency_record::table)
                .filter(idempotency_record::organisation.eq(&of.organisation))
                .filter(idempotency_record::role.eq(of.role))
                .filter(idempotency_record::subject.eq(&of.subject))
                .filter(idempotency_record::method.eq(&of.method))
                .filter(idempotency_record::path.eq(&of.path))
                .filter(idempotency_record::key.eq(&of.key))
                .filter(idempotency_record::answered_at.le(oldest))
                .execute(c)?;
            let row = AnswerRow {
                organisation: &idempotent.of.organisation,
                role: idempotent.of.role,
                subject: &idempotent.of.subject,
                method: &idempotent.of.method,
                path: &idempotent.of.path,
                key: &idempotent.of.key,
                request_digest: &idempotent.digest,
                answered_at: at,
                answer: given.clone(),
            };
            diesel::insert_into(idempotency_record::table).values(&row).execute(c)
        }
        /// Deletes older answers.
        fn forget_answers(c, until: Ts) -> QueryResult<usize> {
            diesel::delete(idempotency_record::table.filter(idempotency_record::answered_at.le(until))).execute(c)
        }
    }
}

impl Session<'_> {
    /// State of a key.
    pub fn known(
        &mut self,
        idempotent: &IdempotentCommand,
        now: Instant,
    ) -> Result<Option<IdempotencyRecord>, StoreError> {
        let IdempotencyKey { organisation, role, subject, method, path, key } = &idempotent.of;
        // The same request on another instance is waited for, and its answer found.
        self.lock_name(&format!("{organisation} {role} {subject} {method} {path} {key}"))?;
        let found = self.rows.answer_under(&idempotent.of, oldest(now))?;
        Ok(found.map(|(digest, answer)| {
            if digest == idempotent.digest {
                IdempotencyRecord::Answered(answer)
            } else {
                IdempotencyRecord::Used
            }
        }))
    }

    /// Saves an answer, in place of one that is too old.
    pub fn save_answer(
        &mut self,
        idempotent: &IdempotentCommand,
        answer: &StoredResponse,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.rows.insert_answer(idempotent, answer, Ts::from(now), oldest(now))?;
        Ok(())
    }
}

impl Store {
    /// Deletes expired answers, and returns their number. They are not events, so the journal has no row about
    /// it.
    pub fn forget_answers(&self, now: Instant) -> Result<usize, StoreError> {
        self.pool.write(|rows| Ok(rows.forget_answers(oldest(now))?))
    }
}

fn oldest(now: Instant) -> Ts {
    Ts::from(now - KEPT_FOR)
}
