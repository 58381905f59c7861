//! The stored form of the notices in a case summary.

use super::form::{form, scalars::keyword_forms};
use crate::domain::{
    case_summary::{CaseNotice, NoticeKind},
    values::time::Instant,
};

keyword_forms!(NoticeKind);

form! {
    /// A notice to the provider.
    struct CaseNotice {
        /// Kind of notice.
        kind: NoticeKind,
        /// When.
        sent_at: Instant,
        /// First read receipt.
        opened_at: Option<Instant>,
    }
}
