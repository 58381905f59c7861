//! Verdier: text, money, time, public numbers and ids, checked when they are read.

pub mod ids;
pub mod money;
pub mod numbers;
pub mod text;
pub mod time;
