//! What a participant reads of a resource, and sends.

use actix_web::http::Method;
use serde_json::Value;

use super::bodies::{Body, Facts};
use crate::world::{Answer, Person, files::metadata};

/// What a participant has read of a resource, and may do with it.
pub struct Turn {
    pub resource: String,
    pub person: Person,
    pub etag: String,
    pub view: Value,
    pub actions: Vec<Value>,
    pub facts: Facts,
}

/// Operations that end a case, or exclude a person from it.
const ENDS: [&str; 6] = [
    "applicationChallengeImpartiality",
    "applicationWithdraw",
    "appealWithdraw",
    "approvalTerminate",
    "approvalRevoke",
    "priorNoticeClose",
];

/// Operations that are too rare to be reached by chance, or to be seen impossible: one, the days that pass, the next, and
/// whether that is on what the first made.
pub const SEQUELS: [(&str, i64, &str, bool); 9] = [
    ("applicationRequestCompletion", 10, "applicationResume", false),
    // Impossible on a closed application.
    ("applicationWithdraw", 0, "applicationDeclareImpartiality", false),
    ("appealHearCounterparty", 0, "appealState", false),
    ("appealState", 0, "appealReview", false),
    ("approvalRecordContract", 0, "approvalAnnulContract", false),
    ("approvalProposeRevocation", 0, "approvalRevoke", false),
    ("approvalRevoke", 0, "decisionDefer", true),
    ("decisionReverse", 0, "decisionClaimCosts", true),
    ("decisionClaimCosts", 0, "decisionDecideCosts", false),
];

/// Operations of an appeal that is won, on a decision and then on the appeal.
pub const WON_APPEAL: [&str; 6] = [
    "appealCreate",
    "appealAdmit",
    "appealReview",
    "appealDecide",
    "appealClaimCosts",
    "appealDecideCosts",
];

/// Operations on an approval without reasons.
pub const DEMANDED_REASONS: [&str; 2] = ["decisionDemandReasons", "decisionGiveReasons"];

/// An operation to try next on a resource.
#[derive(Debug)]
pub struct Sequel {
    /// How many days pass before it.
    pub days: i64,
    pub operation: &'static str,
    pub resource: String,
}

impl Turn {
    /// Sends an action.
    pub async fn send(&self, action: &Value, body: &Body) -> Answer {
        let mut href = action["href"].as_str().unwrap().to_owned();
        if let Some((name, value)) = &body.parameter {
            href = href.replace(&format!("{{{name}}}"), value);
        }
        if let Some(bytes) = &body.file {
            return self.person.gives(metadata("tax-certificate"), bytes).await;
        }
        if action["operation"] == "lateAccessGrant" {
            return self.person.post(&href, body.json.clone().unwrap()).await;
        }
        let method = Method::from_bytes(action["method"].as_str().unwrap().as_bytes()).unwrap();
        self.person.act(method, &href, &self.etag, body.json.clone()).await
    }
}

/// Whether an action ends a case.
pub fn ends(action: &Value) -> bool {
    ENDS.contains(&action["operation"].as_str().unwrap()) || action["act"] == "dismiss"
}
