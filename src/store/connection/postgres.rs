//! Connections to PostgreSQL.

mod connection;
mod manager;
mod transaction;

pub(crate) use self::connection::Pg;
pub(super) use self::{
    manager::{Limit, PostgresManager},
    transaction::{append_and_commit, begin},
};
