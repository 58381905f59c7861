//! No dead ends: each task has an action that its owner can take, or that time or another person will make possible.

use std::collections::BTreeSet;

use godkjent::domain::role::Role;
use serde_json::Value;

use super::{History, people::Participant};

/// The operations that carry a task out, by task.
const LEADS: [(&str, &[&str]); 24] = [
    ("assess", &["applicationAssess", "applicationRequestCompletion"]),
    ("carry-out-follow-up", &["followUpReport"]),
    ("complete-application", &["applicationComplete", "applicationAnswer"]),
    ("confirm-profile", &["providerConfirm"]),
    ("correct-deviation", &["followUpCorrect"]),
    ("decide-after-notice", &["priorNoticeClose"]),
    ("decide-on-costs", &["appealDecideCosts", "decisionDecideCosts"]),
    ("decide-on-deferral", &["decisionDefer"]),
    ("deviation-due", &["followUpAssess", "followUpClose"]),
    ("forward-appeal", &["appealForward"]),
    ("give-reasons", &["decisionGiveReasons"]),
    ("harm-limit", &["appealDecide"]),
    ("record-arrival", &["decisionRecordArrival"]),
    ("record-contract", &["approvalRecordContract"]),
    ("record-outcome", &["appealDecide"]),
    ("reply-to-notice", &["priorNoticeReply"]),
    ("resume-or-decide", &["applicationResume"]),
    (
        "review-appeal",
        &["appealAdmit", "appealHearCounterparty", "appealReview", "appealAskToMend"],
    ),
    ("rule-on-impartiality", &["applicationRuleOnImpartiality", "approvalRuleOnImpartiality"]),
    ("send-notice", &["noticeRecordByHand"]),
    ("send-preliminary-answer", &["applicationSendPreliminaryAnswer"]),
    ("sign", &["applicationDecide"]),
    ("start-assessment", &["applicationStartAssessment"]),
    ("state-on-appeal", &["appealState"]),
];

/// Codes of an action that becomes possible: by time, by a message that is sent, or by a declaration or ruling of somebody.
const WAITS: [&str; 8] = [
    "counterparty-not-heard",
    "deadline-running",
    "deviations-open",
    "impartiality-not-declared",
    "impartiality-unsettled",
    "notice-not-sent",
    "prior-notice-running",
    "stand-still",
];

impl History<'_> {
    /// Collects the tasks that nobody of their owner's role can carry out, now or later.
    pub async fn check_tasks(&mut self) {
        let mut owners: Vec<_> = ["Kari", "Dag", "Ines"]
            .iter()
            .filter_map(|name| self.people.handler(name))
            .map(|it| (it.clone(), self.people.handlers_in(it.role)))
            .collect();
        if self.is_last() {
            owners.extend(self.people.providers.iter().map(|it| (it.clone(), vec![it.clone()])));
        }
        for (owner, colleagues) in owners {
            for item in owner.person.pages("/v1/work-list").await {
                let task = item["task"].as_str().unwrap();
                let Some((_, leads)) = LEADS.iter().find(|(it, _)| *it == task) else { continue };
                self.seen.tasks.insert(task.to_owned());
                // A case worker closes the notice that a decision maker does not decide on.
                let all = &self.people.handlers;
                let people = if task == "decide-after-notice" { all } else { &colleagues };
                if let Err(codes) = self.leads_on(&item, leads, people).await {
                    let Self { seed, step, .. } = self;
                    let line =
                        format!("seed {seed} step {step}: {task} is a dead end: {item} {codes:?}");
                    self.seen.different.push(line);
                }
            }
        }
    }

    /// Whether one of the operations is possible, or will be; else the codes that stand against them.
    async fn leads_on(
        &self,
        item: &Value,
        leads: &[&str],
        colleagues: &[Participant],
    ) -> Result<(), BTreeSet<String>> {
        let subject = item["subject"].as_str().unwrap();
        let is_approval = subject.starts_with("/v1/approvals/");
        let path = format!("{subject}{}", if is_approval { "/case" } else { "" });
        let mut codes = BTreeSet::new();
        for colleague in colleagues {
            let read = colleague.person.get(&path).await;
            if !read.status.is_success() {
                codes.insert(format!("{} of {path}", read.status));
                continue;
            }
            let view = read.json();
            let actions = view["actions"].as_array().into_iter().flatten();
            for action in actions.filter(|it| leads.contains(&it["operation"].as_str().unwrap())) {
                let code = action["code"].as_str().unwrap_or_default();
                if action["possible"] == true || WAITS.contains(&code) {
                    return Ok(());
                }
                codes.insert(code.to_owned());
            }
        }
        Err(codes)
    }
}

/// How many kinds of tasks the histories meet at the least. A task that is done soon is not met at every run.
pub const MET: usize = 16;

impl super::People {
    fn handler(&self, name: &str) -> Option<&Participant> {
        self.handlers.iter().find(|it| it.name == name)
    }

    fn handlers_in(&self, role: Role) -> Vec<Participant> {
        self.handlers.iter().filter(|it| it.role == role).cloned().collect()
    }
}
