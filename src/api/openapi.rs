//! The OpenAPI document: parts that routes cannot express, and lookups in it.

pub mod document;
mod links;
mod methods;
pub(super) mod operations;
pub mod postprocess;
mod query_rules;
pub mod share;
mod shorten;
mod tables;
mod viewer;
