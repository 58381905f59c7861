//! The sentences of notices, as keys of the catalogue of words.

use crate::domain::message::messages;

messages! {
    detail subject(kind, sender) = "notice-subject";
    detail subject_again(kind, sender) = "notice-subject-again";
    detail waits(kind, sender) = "notice-waits";
    key UNOPENED() = "notice-unopened";
    key TIME_LIMIT() = "notice-time-limit";
    detail log_in(link) = "notice-log-in";
    key NOT_HERE() = "notice-not-here";
    key NO_REPLY() = "notice-no-reply";

    key RECEIPT() = "notice-receipt";
    key PRELIMINARY_ANSWER() = "notice-preliminary-answer";
    key COMPLETION_REQUEST() = "notice-completion-request";
    key DISCLOSURE() = "notice-disclosure";
    key DECISION() = "notice-decision";
    key REASONS() = "notice-reasons";
    key CORRECTION() = "notice-correction";
    key EXTENSION() = "notice-extension";
    key APPEAL_RECEIVED() = "notice-appeal-received";
    key APPEAL_DEFECTS() = "notice-appeal-defects";
    key APPEAL_HEARING() = "notice-appeal-hearing";
    key APPEAL_STATEMENT() = "notice-appeal-statement";
    key PRIOR_NOTICE() = "notice-prior-notice";
    key NOTICE_CLOSED() = "notice-closed";

    detail evidence_subject(sender) = "notice-evidence-subject";
    detail evidence_subject_again(sender) = "notice-evidence-subject-again";
    detail evidence_expires(sender) = "notice-evidence-expires";
    detail evidence_log_in(link) = "notice-evidence-log-in";

    detail address_subject(provider) = "notice-address-subject";
    detail address_given(provider) = "notice-address-given";
    detail address_confirm(link) = "notice-address-confirm";
    key ADDRESS_UNKNOWN() = "notice-address-unknown";
    detail sent_by(sender) = "notice-sent-by";
}
