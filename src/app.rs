//! From configuration to a running server, and to a graceful shutdown; the other commands.

pub mod audit;
mod components;
mod connection;
pub mod doctor;
pub mod evidence;
mod fresh;
mod http;
mod listen;
pub mod log;
pub mod modes;
mod serve;
mod signal;
mod start_error;
mod supervisor;
mod tasks;

pub use components::ServerComponents;
pub use fresh::DemoMode;
pub use http::{app, document, served, shared_document};
pub use serve::serve;
pub use signal::handle_file_size_signal;
pub use start_error::StartError;
