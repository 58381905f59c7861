//! Maintenance of files of evidence: files without a row go to the trash, and new ones are scanned.

mod batch;
mod binding;
mod error;
mod removal;
mod scan;
mod sweep;
mod unused;

pub(super) use batch::blocking;
pub use binding::{
    Adopted, BindingMismatch, Fit, Holdings, adopt, bind, compare, compare_missing, compare_new,
};
pub use error::{EvidenceJobError, Unsafe};
pub use removal::remove_all;
pub use scan::scan;
pub use sweep::{GRACE, Swept, last_sweep_fits, sweep};
pub use unused::remove_unused;
