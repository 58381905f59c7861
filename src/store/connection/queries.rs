//! Queries on a connection to either database.

use super::postgres::Pg;

/// A connection to SQLite.
pub(crate) type Lite = diesel::SqliteConnection;

/// A connection to one of the databases, with all queries as its methods.
pub(crate) enum DbConnection<'a> {
    Sqlite(&'a mut Lite),
    Postgres(&'a mut Pg),
}

impl DbConnection<'_> {
    /// The same connection for a shorter time.
    pub(in crate::store) fn reborrow(&mut self) -> DbConnection<'_> {
        match self {
            Self::Sqlite(c) => DbConnection::Sqlite(c),
            Self::Postgres(c) => DbConnection::Postgres(c),
        }
    }
}

/// Writes each query once for both databases.
///
/// Each function becomes a method of [`DbConnection`], with its body once for each database. The first argument, a
/// bare name, is the connection: in the body it has its concrete type, so all of diesel that both databases support
/// can be used. An error in a body is reported twice, once for each database.
///
/// Only leaf queries belong here, one macro call per aggregate; combinations are ordinary code.
macro_rules! repository {
    ($(#[$about:meta])* impl DbConnection { $(
        $(#[$doc:meta])*
        fn $name:ident($c:ident $(, $arg:ident : $type:ty)* $(,)?) -> $result:ty $body:block
    )* }) => {
        $(#[$about])*
        impl $crate::store::connection::DbConnection<'_> { $(
            $(#[$doc])*
            pub(in $crate::store) fn $name(&mut self $(, $arg: $type)*) -> $result {
                match self {
                    Self::Sqlite(c) => { let $c: &mut $crate::store::connection::Lite = c; $body }
                    Self::Postgres(c) => { let $c: &mut $crate::store::connection::Pg = c; $body }
                }
            }
        )* }
    };
}
pub(crate) use repository;

/// Inserts a row, or updates the one with the former revision `from`.
macro_rules! save_row {
    ($c:ident, $table:ident, $row:ident, $from:ident) => {
        match $from {
            None => diesel::insert_into($table::table).values($row).execute($c),
            Some(from) => {
                diesel::update($row).filter($table::revision.eq(from.0)).set($row).execute($c)
            }
        }
    };
}
pub(crate) use save_row;
