//! lib
pub mod catalogue;
pub mod document;
pub mod domain;
pub mod store;
