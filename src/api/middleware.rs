//! What requests pass before and after their handler.

pub mod activity;
pub(super) mod bodies;
pub mod bulkhead;
pub mod client_limit;
pub mod edge;
pub mod heavy_reads;
pub mod long_poll;
pub mod page_cache;
pub mod rate_limits;
pub mod request_smuggling;
pub mod security_headers;
