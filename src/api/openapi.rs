//! The OpenAPI document: what the routes cannot say, and what is looked up in it.

pub mod document;
pub(super) mod operations;
pub mod postprocess;
