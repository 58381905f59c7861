//! The program itself: started, asked over a real socket, stopped, and killed.

mod killed;
mod lifecycle;
pub mod program;
