//! All lists of the registry at the end of the year, read once, with their counts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{steps::Case, town::Country};
use crate::world::World;

/// How many there are of each.
pub type Counts = BTreeMap<String, usize>;

/// The lists.
pub struct Books {
    /// Every application, as its municipality sees it, with its case.
    pub applications: Vec<Value>,
    /// Every decision, as its municipality sees it.
    pub decisions: Vec<Value>,
    /// Every appeal.
    pub appeals: Vec<Value>,
    /// Every notice of a municipality.
    pub notices: Vec<Value>,
    /// The remaining tasks.
    pub work: Vec<Value>,
    /// The public list of approvals, by status.
    pub approvals: BTreeMap<&'static str, Vec<Value>>,
    /// The whole journal.
    pub journal: Vec<Value>,
}

const STATUSES: [&str; 6] = ["active", "ending", "ended", "expired", "revoked", "pending-contract"];

impl Books {
    pub async fn read(world: &World, country: &Country, cases: &[Case]) -> Self {
        let (mut applications, mut appeals, mut work) = (vec![], vec![], vec![]);
        let mut notices = vec![];
        for town in &country.towns {
            let worker = &town.case_worker;
            applications.extend(worker.pages("/v1/applications?limit=200").await);
            appeals.extend(worker.pages("/v1/appeals?limit=200").await);
            let sent = worker.pages("/v1/notices?limit=200").await;
            for notice in &sent {
                let letter = format!("/v1/notices/{}/letter", notice["id"].as_str().unwrap());
                worker.get(&letter).await.expect(200);
            }
            notices.extend(sent);
            for role in ["case-worker", "decision-maker", "inspector"] {
                work.extend(worker.pages(&format!("/v1/work-list?role={role}&limit=200")).await);
            }
        }
        let mut decisions = vec![];
        for case in cases {
            for path in &case.decisions {
                let maker = &country.towns[case.town].decision_maker;
                decisions.push(country.reads(maker, path).await.json());
            }
        }
        let mut approvals = BTreeMap::new();
        for status in STATUSES {
            let path = format!("/v1/approvals?status={status}&limit=200");
            approvals.insert(status, world.anyone().pages(&path).await);
        }
        let journal = world.auditor().pages("/v1/audit?limit=200").await;
        Self { applications, decisions, appeals, notices, work, approvals, journal }
    }

    /// The rows that time has written.
    pub fn by_time(&self) -> impl Iterator<Item = &Value> {
        self.journal.iter().filter(|row| row["role"] == "registry" && !is_of_notices(row))
    }

    /// The rows that the sending of notices has written.
    pub fn by_mail(&self) -> impl Iterator<Item = &Value> {
        self.journal.iter().filter(|row| is_of_notices(row))
    }

    /// The kinds of the rows of each request by people, in order.
    pub fn by_request(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut requests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let is_by_people = |row: &&Value| row["role"] != "registry" && !is_of_notices(row);
        for row in self.journal.iter().filter(is_by_people) {
            requests.entry(text(row, "requestId")).or_default().push(text(row, "event"));
        }
        requests
    }
}

/// Whether the sending of notices, or an address for them, has written a row.
pub fn is_of_notices(row: &Value) -> bool {
    let event = text(row, "event");
    ["notice.", "message.", "provider.address-"].iter().any(|it| event.starts_with(it))
}

/// A text of it.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// Counts by name.
pub fn count<'a>(names: impl IntoIterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::new();
    for name in names {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    counts
}
