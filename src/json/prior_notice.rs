//! The JSON form of a prior notice.

use chrono::NaiveDate;

use super::{
    decision::GroundToRevoke,
    form::{form, scalars::keyword_forms},
};
use crate::domain::{
    prior_notice::{NoticeClosure, NoticeReply, NoticeStatus, PriorNotice},
    role::Actor,
    rules::notification::Notification,
    values::{
        ids::{ApprovalId, FollowUpId, PriorNoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        time::Instant,
    },
};

keyword_forms!(NoticeStatus);

form! {
    /// A prior notice.
    struct PriorNotice {
        /// Its id.
        id: PriorNoticeId,
        /// The approval that it concerns.
        #[form(name = "approvalId")]
        approval: ApprovalId,
        /// The municipality's number.
        municipality: MunicipalityNumber,
        /// The provider's organisation number.
        provider: OrganisationNumber,
        /// `sent`, `answered` or `closed`.
        #[form(computed, name = "state")]
        status: NoticeStatus,
        /// The grounds.
        grounds: Vec<GroundToRevoke>,
        /// Time of availability and notification.
        sent_at: Instant,
        /// The sender.
        sent_by: Actor,
        /// Last day to reply.
        reply_by: NaiveDate,
        /// The follow-up that it builds on.
        #[form(name = "followUpId")]
        founded_on: Option<FollowUpId>,
        /// Its notification and read receipts.
        notification: Notification,
        /// The replies, oldest first.
        replies: Vec<NoticeReply>,
        /// How it was closed without a decision.
        closure: Option<NoticeClosure>,
        #[form(skip = Revision::FIRST)]
        revision: Revision,
    }
}
