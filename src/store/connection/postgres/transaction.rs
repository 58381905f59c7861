//! Begin and end of a transaction on PostgreSQL, with as few round trips as can be.

use super::super::error::{StoreError, is_gone, not_kept};
use super::connection::Pg;
use crate::store::journal_rows::{Head, JournalRow};
use crate::store::schema::{journal, journal_head};
use diesel::connection::{TransactionDepthChange, TransactionManagerStatus};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::sql_types::Integer;
use diesel::{ExpressionMethods, IntoSql, QueryDsl};
use diesel_async::async_connection_wrapper::BlockOn;
use diesel_async::{
    AnsiTransactionManager as Transactions, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    TransactionManager,
};
use futures_util::future::join_all;
use futures_util::poll;
use std::pin::pin;

/// Sends `BEGIN` in front of the first statement and does not wait for its answer. It fails only where the connection is
/// gone, and then the first statement fails too.
pub(in crate::store::connection) fn begin(c: &mut Pg, sql: &str) -> QueryResult<()> {
    let status = Transactions::transaction_manager_status_mut(&mut ***c);
    let TransactionManagerStatus::Valid(status) = status else {
        return Err(Error::BrokenTransactionManager);
    };
    if status.transaction_depth().is_some() {
        return Err(Error::AlreadyInTransaction);
    }
    status.change_transaction_depth(TransactionDepthChange::IncreaseDepth)?;
    let connection: &AsyncPgConnection = c;
    let sent = c.runtime.block_on(async {
        let mut connection = connection;
        poll!(pin!(connection.batch_execute(sql)))
    });
    if sent.is_pending() {
        c.statements.pass_over();
    }
    Ok(())
}

/// Whether a transaction was left open, or its end is not known.
pub(super) fn is_broken(c: &mut Pg) -> bool {
    Transactions::is_broken_transaction_manager(&mut ***c)
}

/// Sends rows of the journal, its new end and COMMIT together, and waits for the answers once.
///
/// No statement overtakes another: those that are not prepared yet wait for each other, and COMMIT is prepared like
/// the rest. If one fails, COMMIT rolls back.
pub(in crate::store::connection) fn append_and_commit(
    c: &mut Pg,
    rows: Option<&(Head, Vec<JournalRow>)>,
) -> Result<(), StoreError> {
    let connection: &AsyncPgConnection = c;
    let mut answers = {
        let mut statements = vec![];
        if let Some((head, rows)) = rows {
            for row in rows {
                let row = diesel::insert_into(journal::table).values(row);
                statements.push(row.execute(&mut &*connection));
            }
            let end = (
                journal_head::position.eq(head.position),
                journal_head::public_position.eq(head.public_position),
                journal_head::hash.eq(&head.hash),
            );
            let end = diesel::update(journal_head::table.find(1)).set(end);
            statements.push(end.execute(&mut &*connection));
        } else {
            // Fails where a statement had failed that was passed over: COMMIT alone would not say so.
            let check = diesel::select(1.into_sql::<Integer>());
            statements.push(check.execute(&mut &*connection));
        }
        statements.push(Commit.execute(&mut &*connection));
        c.runtime.block_on(join_all(statements))
    };
    let committed = answers.pop().unwrap_or(Ok(0));
    let refused = answers.into_iter().find_map(|answer| answer.err().filter(|it| !is_gone(it)));
    let outcome = match (refused, committed) {
        (Some(refused), _) => Err(refused.into()),
        (None, Err(error)) => return Err(not_kept(error, StoreError::Uncertain)),
        (None, Ok(_)) => Ok(()),
    };
    // The server has ended the transaction. Else the pool finds it open, and gives the connection up.
    *Transactions::transaction_manager_status_mut(&mut ***c) = TransactionManagerStatus::default();
    outcome
}

/// `COMMIT` as a statement that is prepared.
#[derive(Debug, Clone, Copy, QueryId)]
struct Commit;

impl QueryFragment<diesel::pg::Pg> for Commit {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
        out.push_sql("COMMIT");
        Ok(())
    }
}
