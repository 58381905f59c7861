//! The end of a write transaction on PostgreSQL, in one round trip.

use super::super::error::{is_gone, not_kept};
use super::{Driver, Pg, StoreError};
use crate::store::chain::Head;
use crate::store::journal_rows::JournalRow;
use crate::store::schema::{journal, journal_head};
use diesel::connection::TransactionManagerStatus;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Integer;
use diesel::{ExpressionMethods, IntoSql, QueryDsl};
use diesel_async::{
    AnsiTransactionManager as Transactions, AsyncPgConnection, RunQueryDsl, TransactionManager,
};
use futures_util::future::join_all;

impl Driver {
    /// Sends rows of the journal, its new end and COMMIT together, and waits for the answers once.
    ///
    /// No statement overtakes another: those that are not prepared yet wait for each other, and COMMIT is prepared like
    /// the rest. If one fails, COMMIT rolls back.
    pub(in crate::store::connection) fn append_and_commit(
        &self,
        c: &mut Pg,
        rows: Option<&(Head, Vec<JournalRow>)>,
    ) -> Result<(), StoreError> {
        let connection: &AsyncPgConnection = c;
        let mut answers = {
            let mut statements = vec![];
            match rows {
                Some((head, rows)) => {
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
                }
                // Fails where a statement had failed that was passed over: COMMIT alone would not say so.
                None => statements
                    .push(diesel::select(1.into_sql::<Integer>()).execute(&mut &*connection)),
            }
            statements.push(Commit.execute(&mut &*connection));
            self.handle.block_on(join_all(statements))
        };
        let committed = answers.pop().unwrap_or(Ok(0));
        let refused = answers.into_iter().find_map(|answer| answer.err().filter(|it| !is_gone(it)));
        let outcome = match (refused, committed) {
            (Some(refused), _) => Err(refused.into()),
            (None, Err(error)) => return Err(not_kept(error, StoreError::Uncertain)),
            (None, Ok(_)) => Ok(()),
        };
        // The server has ended the transaction. Else the pool finds it open, and gives the connection up.
        *Transactions::transaction_manager_status_mut(&mut **c) =
            TransactionManagerStatus::default();
        outcome
    }
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
