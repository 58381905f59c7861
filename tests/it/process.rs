//! The program itself: started, asked over a real socket, stopped, and killed.

mod backup;
mod doctor;
mod issuers;
mod killed;
mod lifecycle;
mod mirror;
pub mod program;
mod unheard;
mod uploads_killed;
