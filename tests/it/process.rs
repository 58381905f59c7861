//! The program: started, called over a real socket, stopped, and killed.

mod backup;
mod container;
mod database_gone;
mod doctor;
mod fresh;
mod issuers;
mod killed;
mod lifecycle;
mod load;
mod log;
mod metrics;
mod mirror;
mod notice_killed;
pub mod program;
mod secrets;
mod slow;
mod start;
mod stores;
mod unheard;
mod unwritable;
mod uploads_killed;
mod waiting;
