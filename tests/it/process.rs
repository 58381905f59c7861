//! The program itself: started, asked over a real socket, stopped, and killed.

mod killed;
mod lifecycle;
mod mirror;
pub mod program;
