//! Middleware: the steps before and after a handler.

pub mod activity;
pub(super) mod bodies;
pub mod bulkhead;
pub mod client_limit;
mod cors;
pub mod heavy_reads;
pub mod long_poll;
pub mod metrics;
pub mod origin;
pub mod page_cache;
pub mod pipeline;
pub mod rate_limits;
pub mod request_smuggling;
pub mod route_checks;
pub mod samples;
pub mod security_headers;
