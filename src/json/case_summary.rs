//! The stored form of the notices in a case summary.

use super::form::form;
use crate::domain::{case_summary::CaseNotice, notice::NoticeKind, values::time::Instant};

form! {
    /// A notice to the provider.
    struct CaseNotice {
        /// Kind of notice.
        kind: NoticeKind,
        /// When it was made available, or dispatched by post.
        issued_at: Instant,
        /// First read receipt.
        opened_at: Option<Instant>,
    }
}
