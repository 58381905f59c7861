//! Extractors, and the response headers that belong to them.

pub mod as_of;
pub mod body;
pub mod caller;
pub mod idempotency;
pub mod locale;
pub mod min_position;
pub mod negotiation;
pub mod page;
pub mod preconditions;
pub(super) mod principal;
pub mod query;
