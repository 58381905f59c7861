//! Regler: the law that several aggregates share.

pub mod calendar;
pub mod daily_limit;
pub mod ground;
pub mod impartiality;
pub mod notification;
pub mod regime;
pub mod statistics;
