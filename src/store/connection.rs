//! Connections, transactions and migrations for both databases.
//!
//! Everything here waits for the database on the calling thread. Call it from blocking threads
//! only (`web::block`, plain threads, `main` before the server starts): on a thread that drives
//! an async runtime the PostgreSQL driver panics.

mod append;
mod error;
mod group_commit;
mod health;
mod migrations;
mod pool;
mod postgres;
mod queries;
mod sqlite_file;
#[cfg(test)]
mod tests;
mod transaction;

pub use self::{
    error::StoreError,
    migrations::Migrations,
    pool::{Pool, PoolUsage},
    sqlite_file::sqlite_path,
};
pub(crate) use self::{
    migrations::known_migrations,
    postgres::Pg,
    queries::{DbConnection, Lite, repository, save_row},
    sqlite_file::expect_file,
};
