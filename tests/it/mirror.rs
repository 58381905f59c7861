//! A mirror: a register file, then the change feed.

use std::{collections::BTreeMap, fmt::Write};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use godkjent::{
    catalogue::Catalogue,
    json::public::PublicRecord,
    register::{AsOfView, PublicChange, Rendered, Snapshot},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A mirror of the register: by subject, the record and the position of its last change.
pub struct Mirror {
    position: i64,
    things: BTreeMap<String, (i64, Value)>,
}

/// The kinds of records in a file.
const KINDS: [&str; 4] = ["approvals", "municipalities", "offerings", "providers"];

impl Mirror {
    /// Reads a file as NDJSON; its manifest agrees with its lines.
    pub fn of(file: &str) -> Self {
        let (manifest, rest) = file.split_once('\n').unwrap();
        let manifest: Value = serde_json::from_str(manifest).unwrap();
        assert_eq!(manifest["sha256"], sha256(rest.as_bytes()));
        let things = rest.lines().map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let subject = line["subject"].as_str().unwrap().to_owned();
            (subject, (line["position"].as_i64().unwrap(), line["data"].clone()))
        });
        let position = manifest["position"].as_i64().unwrap();
        let mirror = Self { position, things: things.collect() };
        let (count, digest) = (&manifest["count"], &manifest["digest"]);
        assert_eq!(
            mirror.digest(),
            json!({"position": position, "count": count, "digest": digest})
        );
        mirror
    }

    /// The position of the last change that is in it.
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// The records by subject.
    pub const fn things(&self) -> &BTreeMap<String, (i64, Value)> {
        &self.things
    }

    /// Applies the next event of the feed.
    pub fn apply(&mut self, change: &Value) {
        self.position += 1;
        assert_eq!(change["sequence"], self.position.to_string(), "a gap or a repeat");
        let subject = change["subject"].as_str().unwrap();
        if !KINDS.contains(&collection(subject)) {
            return;
        }
        if change["data"].is_null() {
            self.things.remove(subject);
        } else {
            let latest = (self.position, change["data"].clone());
            self.things.insert(subject.to_owned(), latest);
        }
    }

    /// The registry's digest at this position.
    pub fn digest(&self) -> Value {
        let mut lines = String::new();
        for (subject, (position, _)) in &self.things {
            writeln!(lines, "{subject} {position}").unwrap();
        }
        json!({
            "position": self.position, "count": self.things.len(), "digest": sha256(lines.as_bytes()),
        })
    }

    /// Every register page, by path, built from the mirrored records only.
    pub fn pages(&self, now: DateTime<Utc>) -> BTreeMap<String, String> {
        let catalogue = Catalogue::load().unwrap();
        let mut things: Vec<_> = self.things.iter().collect();
        things.sort_by_key(|(_, (position, _))| *position);
        let mut snapshot = Snapshot::default();
        for ((subject, (_, data)), position) in things.into_iter().zip(1..) {
            let (collection, key) = (collection(subject), subject.rsplit('/').next().unwrap());
            let json = serde_json::value::to_raw_value(data).unwrap();
            let record = PublicRecord::from_json((collection, key), json.get(), now).unwrap();
            snapshot.apply(PublicChange {
                position,
                id: Uuid::nil(),
                at: now,
                kind: "mirrored".to_owned(),
                collection: collection.to_owned(),
                key: key.to_owned(),
                municipality: None,
                record: Some(record),
                json,
            });
        }
        let offerings =
            self.things.iter().filter(|(subject, _)| collection(subject) == "offerings");
        let page = |(_, (_, offering)): (_, &(i64, Value))| {
            let part = |name: &str| offering[name].as_str().unwrap();
            let (municipality, service) = (part("municipality"), part("service"));
            let as_of = AsOfView::now(&snapshot, now);
            let page = Rendered::of(as_of, (municipality, service), &catalogue, now).unwrap();
            let page = String::from_utf8(page.body.plain().to_vec()).unwrap();
            (format!("/v1/register/{municipality}/{service}"), page)
        };
        offerings.map(page).collect()
    }
}

fn collection(subject: &str) -> &str {
    subject.split('/').nth(2).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    let sum = digest(&SHA256, bytes);
    sum.as_ref().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
