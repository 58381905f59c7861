//! What handlers take from a request, and the parts of answers that belong to it.

pub mod as_of;
pub mod body;
pub mod caller;
pub mod idempotency;
mod locale;
pub mod min_position;
pub mod negotiation;
pub mod page;
pub mod preconditions;
pub(super) mod principal;
