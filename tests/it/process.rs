//! The program itself: started, asked over a real socket, stopped, and killed.

mod database_gone;
mod killed;
mod lifecycle;
mod mirror;
mod program;
mod secrets;
mod slow;
