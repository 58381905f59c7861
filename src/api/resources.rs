//! Resources: one file or folder each, named after the aggregate where there is one.

pub mod access;
pub mod appeal;
pub mod application;
pub mod approval;
pub mod audit;
pub mod catalogue;
pub mod changes;
pub mod checkpoint;
pub mod compensation;
pub mod decision;
pub mod discovery;
pub mod evidence;
pub mod follow_up;
pub mod guide;
pub mod health;
pub mod late_access;
pub mod letters;
pub mod municipality;
pub mod offering;
pub mod prior_notice;
pub mod provider;
pub(super) mod read_receipt;
pub mod register;
pub mod snapshots;
pub mod statistics;
pub mod work_list;
