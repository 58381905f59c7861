//! Godkjenningsmodellen: the law of the approval model as types, without clock, database or wire format.
//!
//! State is an enum that carries its data. A transition consumes the old value and answers with a
//! [`Change`]: the new value and the one event that goes into the journal. What must hold
//! beforehand is a type that only one function can make.

pub mod access;
pub mod action;
pub mod agenda;
pub mod appeal;
pub mod application;
pub mod approval;
pub mod calendar;
pub mod compensation;
pub mod decision;
pub mod event;
pub mod evidence;
pub mod fault;
pub mod faults;
pub mod follow_up;
pub mod ground;
pub mod ids;
pub mod impartiality;
pub mod late_access;
pub mod money;
pub mod municipality;
pub mod notification;
pub mod numbers;
pub mod offering;
pub mod prior_notice;
pub mod provider;
pub mod refusal;
pub mod regime;
pub mod role;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod snapshot;
pub mod statistics;
pub mod text;
pub mod time;

/// The outcome of an accepted act: the new value and the one event that the journal keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// The value after the act.
    pub value: T,
    /// What happened.
    pub event: event::Event,
}
