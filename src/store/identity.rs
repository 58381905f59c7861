//! Registerets id: which registry a database is, for the evidence store to be compared with.

use diesel::prelude::*;
use uuid::Uuid;

use super::{
    Session, Store, StoreError, connection::repository, schema::registry_identity, sql::Id16,
};

repository! {
    /// The id of the registry.
    impl DbConnection {
        fn registry_identity(c) -> QueryResult<Option<Id16>> {
            registry_identity::table.select(registry_identity::id).first(c).optional()
        }
        /// Stores an id where there is none.
        fn insert_registry_identity(c, id: Id16) -> QueryResult<usize> {
            diesel::insert_into(registry_identity::table)
                .values((registry_identity::one_row.eq(1), registry_identity::id.eq(id)))
                .on_conflict_do_nothing()
                .execute(c)
        }
    }
}

impl Session<'_> {
    /// The id of the registry; none before it has met its evidence store.
    pub fn registry_id(&mut self) -> Result<Option<Uuid>, StoreError> {
        Ok(self.rows.registry_identity()?.map(|id| id.0))
    }

    /// The hash of the journal row at a position, where there is one.
    pub fn journal_hash(&mut self, position: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self.rows.journal_after(position - 1, 1)?.pop();
        Ok(row.filter(|row| row.position == position).map(|row| row.hash))
    }
}

impl Store {
    /// Gives the registry an id unless it has one; returns the id that it has.
    pub fn give_registry_id(&self, id: Uuid) -> Result<Uuid, StoreError> {
        self.pool.write(|rows| {
            rows.insert_registry_identity(Id16(id))?;
            Ok::<_, StoreError>(rows.registry_identity()?.map_or(id, |stored| stored.0))
        })
    }
}
