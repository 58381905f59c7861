//! The HTTP interface: one list of routes gives the server and the document that describes it.

pub mod answer;
pub mod auth;
pub mod commands;
pub mod extract;
pub mod middleware;
pub mod openapi;
mod private_read;
pub mod problem;
mod public_read;
pub mod resources;
mod routes;
mod state;
pub mod view;
mod write_health;

pub use self::{
    openapi::document::{ApiDocument, frame},
    routes::routes,
    state::{AppData, AppState, CommandRequest},
    write_health::WriteHealth,
};
