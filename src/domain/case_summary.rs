//! Case summary: a case as one line in a party's list of all its cases.
//!
//! Derived from an application, decision, appeal, prior notice or follow-up whenever it is saved.

use uuid::Uuid;

use super::{
    appeal::{Appeal, AppealState},
    application::{Application, ApplicationState, Case},
    decision::history::{AppealPeriod, DecisionHistory, DecisionStatus},
    follow_up::{FollowUp, FollowUpStatus},
    notice::NoticeKind,
    prior_notice::PriorNotice,
    rules::notification::Notification,
    values::{
        ids::{ApplicationId, ApprovalId, DecisionId},
        numbers::{MunicipalityNumber, OrganisationNumber},
        time::{Instant, end_of_day},
    },
};

keywords! {
    /// Kind of case.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum CaseKind {
        Application = "application",
        Decision = "decision",
        Appeal = "appeal",
        PriorNotice = "prior-notice",
        FollowUp = "follow-up",
    }
}

impl CaseKind {
    /// The plural noun of its path.
    #[must_use]
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Application => "applications",
            Self::Decision => "decisions",
            Self::Appeal => "appeals",
            Self::PriorNotice => "prior-notices",
            Self::FollowUp => "follow-ups",
        }
    }
}

/// A notice to the provider in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseNotice {
    pub kind: NoticeKind,
    /// When it was made available, or dispatched by post.
    pub issued_at: Instant,
    /// First read receipt.
    pub opened_at: Option<Instant>,
}

/// What a case comes from: its application is found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseOrigin {
    Application(ApplicationId),
    Decision(DecisionId),
    Approval(ApprovalId),
}

/// A case in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSummary {
    pub kind: CaseKind,
    pub id: Uuid,
    pub origin: CaseOrigin,
    pub municipality: MunicipalityNumber,
    pub provider: OrganisationNumber,
    /// Name of its state.
    pub state: &'static str,
    /// Something can still come of it.
    pub is_open: bool,
    /// Only the provider sees it: a draft.
    pub is_draft: bool,
    /// A notice waits for its first reader.
    pub is_unread: bool,
    /// When time alone makes a decision final.
    pub final_from: Option<Instant>,
    /// The notices, oldest first.
    pub notices: Vec<CaseNotice>,
}

impl CaseNotice {
    fn of(kind: NoticeKind, notification: &Notification) -> Self {
        let opened_at = notification.opened().map(|opening| opening.at);
        Self { kind, issued_at: notification.issued_at(), opened_at }
    }

    const fn at(kind: NoticeKind, issued_at: Instant) -> Self {
        Self { kind, issued_at, opened_at: None }
    }
}

impl From<&Application> for CaseSummary {
    fn from(application: &Application) -> Self {
        let state = &application.state;
        let mut notices = vec![];
        if let Some(case) = state.case() {
            notices.push(CaseNotice::at(NoticeKind::Receipt, case.receipt.received_at));
            let answers = case.preliminary_answers.iter();
            notices.extend(
                answers.map(|it| CaseNotice::at(NoticeKind::PreliminaryAnswer, it.sent_at)),
            );
            let requests = case.completions.iter().map(|it| &it.notification);
            notices.extend(requests.map(|it| CaseNotice::of(NoticeKind::CompletionRequest, it)));
            let disclosures = case.disclosures.iter().map(|it| &it.notification);
            notices.extend(disclosures.map(|it| CaseNotice::of(NoticeKind::Disclosure, it)));
            notices.sort_by_key(|notice| notice.issued_at);
        }
        // An earlier request cannot be opened any more.
        let pending = match state {
            ApplicationState::AwaitingCompletion(case) => case.completions.last(),
            _ => None,
        };
        let disclosed = state.case().filter(|_| state.is_under_way());
        let disclosed = disclosed.and_then(Case::open_disclosure);
        Self {
            kind: CaseKind::Application,
            id: application.id.uuid(),
            origin: CaseOrigin::Application(application.id),
            municipality: application.municipality.clone(),
            provider: application.provider.clone(),
            state: state.as_str(),
            is_open: state.is_open(),
            is_draft: state.case().is_none(),
            is_unread: pending.is_some_and(|it| it.notification.is_unread())
                || disclosed.is_some_and(|it| it.notification.is_unread()),
            final_from: None,
            notices,
        }
    }
}

impl From<&DecisionHistory> for CaseSummary {
    fn from(history: &DecisionHistory) -> Self {
        // Without the passing of time, which `final_from` tells.
        let status = history.status_at(Instant::MIN_UTC);
        let last_day = match history.appeal_period() {
            AppealPeriod::Until(day) if is_pending(status) => Some(day),
            _ => None,
        };
        let given = history.course.reasons_demand.iter().filter_map(|demand| demand.given.as_ref());
        let given = given.map(|given| CaseNotice::of(NoticeKind::Reasons, &given.notification));
        let corrections = history.course.corrections.iter().map(|it| &it.notification);
        let corrections = corrections.map(|it| CaseNotice::of(NoticeKind::Correction, it));
        let first = CaseNotice::of(NoticeKind::Decision, &history.course.notification);
        let mut notices: Vec<_> = std::iter::once(first).chain(given).chain(corrections).collect();
        notices.sort_by_key(|notice| notice.issued_at);
        Self {
            kind: CaseKind::Decision,
            id: history.decision.uuid(),
            origin: CaseOrigin::Decision(history.decision),
            municipality: history.municipality.clone(),
            provider: history.provider.clone(),
            state: status.as_str(),
            is_open: is_pending(status) || status == DecisionStatus::Appealed,
            is_draft: false,
            is_unread: history.messages().any(Notification::is_unread),
            final_from: last_day.map(end_of_day),
            notices,
        }
    }
}

/// Whether time alone makes it final.
const fn is_pending(status: DecisionStatus) -> bool {
    matches!(status, DecisionStatus::Signed | DecisionStatus::Notified | DecisionStatus::Corrected)
}

impl From<&Appeal> for CaseSummary {
    fn from(appeal: &Appeal) -> Self {
        let forwarding = appeal.state.trail().forwarding;
        let statement = forwarding.as_ref().map(|it| &it.notification);
        Self {
            kind: CaseKind::Appeal,
            id: appeal.id.uuid(),
            origin: CaseOrigin::Application(appeal.application),
            municipality: appeal.municipality.clone(),
            provider: appeal.provider.clone(),
            state: appeal.state.status().as_str(),
            is_open: appeal.state.is_open(),
            is_draft: false,
            is_unread: matches!(appeal.state, AppealState::Forwarded(..))
                && statement.is_some_and(Notification::is_unread),
            final_from: None,
            notices: statement
                .map(|it| CaseNotice::of(NoticeKind::AppealStatement, it))
                .into_iter()
                .collect(),
        }
    }
}

impl From<&PriorNotice> for CaseSummary {
    fn from(notice: &PriorNotice) -> Self {
        Self {
            kind: CaseKind::PriorNotice,
            id: notice.id.uuid(),
            origin: CaseOrigin::Approval(notice.approval),
            municipality: notice.municipality.clone(),
            provider: notice.provider.clone(),
            state: notice.status().as_str(),
            is_open: notice.closure.is_none(),
            is_draft: false,
            is_unread: notice.notification.is_unread(),
            final_from: None,
            notices: vec![CaseNotice::of(NoticeKind::PriorNotice, &notice.notification)],
        }
    }
}

impl From<&FollowUp> for CaseSummary {
    fn from(follow_up: &FollowUp) -> Self {
        let status = follow_up.status();
        Self {
            kind: CaseKind::FollowUp,
            id: follow_up.id.uuid(),
            origin: CaseOrigin::Approval(follow_up.approval),
            municipality: follow_up.municipality.clone(),
            provider: follow_up.provider.clone(),
            state: status.as_str(),
            is_open: status != FollowUpStatus::Closed,
            is_draft: false,
            is_unread: false,
            final_from: None,
            notices: vec![],
        }
    }
}

#[cfg(test)]
mod tests;
