//! Background work: the register follows the journal, and due items are executed.

mod clock;
mod due;
pub mod evidence;
mod follow;
mod job_context;
mod notices;
mod rebuild;
mod upkeep;
mod verify;

pub use due::{DueResult, run_due};
pub use follow::{follow, follow_own};
pub use job_context::JobContext;
pub use notices::{NoticeSender, confirm_address, send_notices};
pub use rebuild::{Audit, Difference, audit_register};
pub use upkeep::{SetAsideCount, Upkeep, UpkeepReport, names_set_aside};
pub use verify::{Break, Chain, ChainMismatch, Mark, verify_chain};
