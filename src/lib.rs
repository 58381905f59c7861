//! lib
pub mod catalogue;
pub mod context;
pub mod document;
pub mod domain;
pub mod register;
pub mod store;
