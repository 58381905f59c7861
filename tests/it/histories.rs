//! Random histories with back-dated effects: both times of the register against a naive reading of
//! the journal, row by row.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use godkjent::{
    catalogue::Catalogue,
    domain::{
        approval::ApprovalStatus,
        values::time::{end_of_day, start_of_day},
    },
    json::public::{ApprovalRecord, PublicRecord},
    register::{
        AsOfView, PublicChange, Rendered, Snapshot,
        index::Field,
        search::{Order, Search},
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::bench::register::dice::Dice;

/// At most this many days, to the minute.
fn days(dice: &mut Dice, most: usize) -> TimeDelta {
    TimeDelta::minutes(i64::try_from(dice.below(most * 24 * 60)).unwrap())
}

type Instant = DateTime<Utc>;

/// A row of the journal as JSON, and when it was written.
struct Row {
    at: Instant,
    collection: &'static str,
    record: Value,
}

const PLACES: [(&str, &str); 3] =
    [("4204", "personal-assistance"), ("4204", "practical-help"), ("3201", "personal-assistance")];
const NAMES: [&str; 4] = ["Åpen Omsorg", "Ærlig Hjelp", "Zebra Pleie", "Østlandet Omsorg"];
const CAPACITIES: [&str; 3] = ["open", "limited", "full"];

fn id(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128((kind << 64) | u128::try_from(number).unwrap())
}

fn provider(number: usize) -> String {
    crate::world::people::synthetic_number(number + 1)
}

fn begin() -> Instant {
    "2026-01-05T08:00:00Z".parse().unwrap()
}

/// A history: offerings with versions, renamed providers, approvals with contracts, notices, revocations and
/// suspended effects recorded before, at and after their effective day.
struct History {
    dice: Dice,
    now: Instant,
    rows: Vec<Row>,
    profiles: BTreeMap<usize, Value>,
    versions: [i32; PLACES.len()],
    approvals: BTreeMap<usize, Value>,
}

impl History {
    fn of(seed: u64, rows: usize) -> Vec<Row> {
        let mut history = Self {
            dice: Dice::new(seed),
            now: begin(),
            rows: vec![],
            profiles: BTreeMap::new(),
            versions: [0; PLACES.len()],
            approvals: BTreeMap::new(),
        };
        for place in 0..PLACES.len() {
            history.publish(place);
        }
        for number in 0..5 {
            history.rename(number);
        }
        while history.rows.len() < rows {
            match history.dice.below(12) {
                0 => history.rename_someone(),
                1 => {
                    let place = history.dice.below(3);
                    history.publish(place);
                }
                _ => history.tell_of_an_approval(),
            }
        }
        history.rows
    }

    fn tell(&mut self, collection: &'static str, record: Value) {
        // Mostly forward; sometimes an instance with a slow clock.
        self.now += days(&mut self.dice, 3);
        let behind =
            if self.dice.below(8) == 0 { days(&mut self.dice, 1) } else { TimeDelta::zero() };
        self.rows.push(Row { at: self.now - behind, collection, record });
    }

    fn publish(&mut self, place: usize) {
        self.versions[place] += 1;
        let ((municipality, service), version) = (PLACES[place], self.versions[place]);
        let mut content = crate::world::bpa_content();
        content["title"] = json!({"nb": format!("Utgave {version}")});
        let published_at = self.now;
        self.tell(
            "offerings",
            json!({
                "id": id(1, place), "municipality": municipality, "service": service,
                "version": version, "publishedAt": published_at, "state": "published",
                "content": content,
            }),
        );
    }

    fn rename_someone(&mut self) {
        let number = self.dice.below(5);
        self.rename(number);
    }

    fn rename(&mut self, number: usize) {
        let revision = self.profiles.get(&number).map_or(0, |it| it["revision"].as_i64().unwrap());
        let profile = json!({
            "organisationNumber": provider(number),
            "name": format!("{} {number}", self.dice.pick(&NAMES)), "kind": "commercial",
            "presentation": {"nb": format!("Hjelp {revision}")}, "languages": ["nb"],
            "lastConfirmedAt": self.now, "revision": revision + 1,
        });
        self.profiles.insert(number, profile.clone());
        self.tell("providers", profile);
    }

    fn tell_of_an_approval(&mut self) {
        let which = self.dice.below(15);
        let record = match self.approvals.get(&which).cloned() {
            None => self.contract_record(which),
            Some(record) => self.change_record(record),
        };
        self.approvals.insert(which, record.clone());
        self.tell("approvals", record);
    }

    fn contract_record(&mut self, which: usize) -> Value {
        let (municipality, service) = PLACES[which % PLACES.len()];
        let from = (self.now - TimeDelta::days(20) + days(&mut self.dice, 40)).date_naive();
        let to = from + days(&mut self.dice, 200) + TimeDelta::days(1);
        let mut contract = json!({"number": "1", "signedOn": from, "from": from, "to": to});
        if self.dice.below(2) == 0 {
            contract.as_object_mut().unwrap().remove("to");
        }
        json!({
            "id": id(2, which), "status": "active", "offeringId": id(1, which % PLACES.len()),
            "version": 1, "municipality": municipality, "service": service,
            "provider": provider(which % 5),
            "zones": ["whole"], "decisionId": id(3, which), "grantedAt": self.now,
            "contract": contract, "recordedAt": self.now, "revision": 1,
        })
    }

    fn change_record(&mut self, mut record: Value) -> Value {
        let (ends, untouched) =
            (record.get("termination").is_some(), record.get("revocation").is_none());
        let effect = self.now - TimeDelta::days(15) + days(&mut self.dice, 30);
        match self.dice.below(5) {
            0 if !ends => {
                record["termination"] = json!({
                    "givenBy": "provider", "givenOn": self.now.date_naive(),
                    "effectiveOn": effect.date_naive(),
                });
            }
            1 if untouched => {
                record["revocation"] = json!({
                    "decisionId": id(4, 0), "effectiveAt": effect, "setAt": self.now,
                    "grounds": ["terms-breach"],
                    "windingDown": {"until": effect.date_naive(), "takenOverBy": "Kommunen"},
                });
            }
            2 if !untouched => {
                // Undone: the past effect stays as a gap.
                let revocation = record.as_object_mut().unwrap().remove("revocation").unwrap();
                let from: Instant = revocation["effectiveAt"].as_str().unwrap().parse().unwrap();
                if from < self.now {
                    let gap = json!({"from": from, "to": self.now, "revokedBy": id(4, 0), "decisionId": id(5, 0)});
                    let gaps = record["gaps"].as_array().cloned().unwrap_or_default();
                    record["gaps"] = json!([gaps, vec![gap]].concat());
                }
            }
            _ => {
                record["listing"] = json!({
                    "capacity": self.dice.pick(&CAPACITIES), "capacityOn": "2026-01-05",
                    "lastConfirmedAt": self.now,
                });
            }
        }
        let revision = record["revision"].as_i64().unwrap();
        record["revision"] = json!(revision + 1);
        record
    }
}

fn fold(rows: &[Row]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (row, position) in rows.iter().zip(1..) {
        let json = row.record.to_string();
        snapshot.apply(PublicChange {
            position,
            id: id(9, 0),
            at: row.at,
            kind: "test".to_owned(),
            collection: row.collection.to_owned(),
            key: String::new(),
            municipality: None,
            record: Some(PublicRecord::from_json((row.collection, ""), &json, row.at).unwrap()),
            json: serde_json::value::RawValue::from_string(json).unwrap(),
        });
    }
    snapshot
}

/// The rows published at an instant: none before a later published one.
fn rows_until(rows: &[Row], at: Instant) -> &[Row] {
    let (mut latest, mut count) = (Instant::MIN_UTC, 0);
    for row in rows {
        latest = latest.max(row.at);
        if latest > at {
            break;
        }
        count += 1;
    }
    &rows[..count]
}

fn last<'a>(rows: &'a [Row], collection: &str, key: &str, value: &Value) -> Option<&'a Value> {
    let own = |row: &&Row| row.collection == collection && row.record[key] == *value;
    rows.iter().rev().find(own).map(|row| &row.record)
}

fn instant(value: &Value) -> Option<Instant> {
    value.as_str().map(|it| it.parse().unwrap())
}

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str().map(|it| it.parse().unwrap())
}

/// The status at an instant, from the dates in the JSON only.
fn status(record: &Value, at: Instant) -> &'static str {
    let contract = &record["contract"];
    let (from, to) = (day(&contract["from"]).unwrap(), day(&contract["to"]));
    let end =
        day(&record["termination"]["effectiveOn"]).filter(|end| to.is_none_or(|to| *end <= to));
    let by_the_contract = |at: Instant| {
        let gaps = record["gaps"].as_array().cloned().unwrap_or_default();
        let within =
            |gap: &Value| instant(&gap["from"]).unwrap() <= at && at < instant(&gap["to"]).unwrap();
        match (end, to) {
            (Some(end), _) if end_of_day(end) <= at => "ended",
            (_, Some(to)) if end_of_day(to) <= at => "expired",
            _ if gaps.iter().any(within) => "revoked",
            _ if at < start_of_day(from) => "pending-contract",
            (Some(_), _) => "ending",
            _ => "active",
        }
    };
    let effect = instant(&record["revocation"]["effectiveAt"]);
    match effect {
        Some(effect)
            if effect <= at && !["ended", "expired"].contains(&by_the_contract(effect)) =>
        {
            "revoked"
        }
        _ => by_the_contract(at),
    }
}

/// The displayed values of an approval: status, capacity, provider name.
type Sight = (String, Option<String>, String);

fn naive(
    rows: &[Row],
    valid_at: Option<Instant>,
    known_at: Option<Instant>,
    now: Instant,
) -> BTreeMap<Uuid, Sight> {
    let known = known_at.map_or(rows, |at| rows_until(rows, at));
    let at = valid_at.or(known_at).unwrap_or(now);
    let visible = valid_at.map_or(known, |at| {
        let visible = rows_until(rows, at);
        if visible.len() < known.len() { visible } else { known }
    });
    let ids: BTreeSet<_> = (0..15).map(|number| id(2, number)).collect();
    let sight = |id: Uuid| {
        let key = json!(id);
        let standing = last(known, "approvals", "id", &key)?;
        let first =
            known.iter().find(|row| row.collection == "approvals" && row.record["id"] == key);
        let parts = last(visible, "approvals", "id", &key).or(first.map(|row| &row.record))?;
        let capacity = parts["listing"]["capacity"].as_str().map(str::to_owned);
        // Its provider as published then, and never before the approval's first record.
        let is_first = |row: &Row| row.collection == "approvals" && row.record["id"] == key;
        let since = rows.iter().position(is_first).unwrap() + 1;
        let beside = &rows[..visible.len().max(since)];
        let profile = last(beside, "providers", "organisationNumber", &parts["provider"])?;
        let name = profile["name"].as_str().unwrap().to_owned();
        Some((id, (status(standing, at).to_owned(), capacity, name)))
    };
    ids.into_iter().filter_map(sight).collect()
}

fn through(as_of: AsOfView<'_>) -> BTreeMap<Uuid, Sight> {
    let sight = |seen: godkjent::register::ViewedApproval<'_>| {
        let record = seen.to_view();
        let capacity = record.record.listing.map(|it| it.capacity.as_str().to_owned());
        (
            record.record.id,
            (
                record.record.status.as_str().to_owned(),
                capacity,
                record.profile.unwrap().name.to_string(),
            ),
        )
    };
    as_of.approvals().map(sight).collect()
}

/// Pairs of times: none, one, the other, both; around every row and between.
fn times(dice: &mut Dice, end: Instant) -> (Option<Instant>, Option<Instant>) {
    let span = usize::try_from((end - begin()).num_days()).unwrap() + 20;
    let at = |dice: &mut Dice| begin() - TimeDelta::days(10) + days(dice, span);
    let (valid, known) = (at(dice), at(dice).min(end));
    match dice.below(5) {
        0 => (None, None),
        1 => (Some(valid), None),
        2 => (None, Some(known)),
        _ => (Some(valid), Some(known)),
    }
}

#[test]
fn both_times_agree_with_a_naive_reading_of_the_journal() {
    let mut seen = BTreeMap::<String, u32>::new();
    for seed in 0..25 {
        let rows = History::of(seed, 120);
        let snapshot = fold(&rows);
        let now = rows.iter().map(|row| row.at).max().unwrap() + TimeDelta::days(1);
        let mut dice = Dice::new(seed + 1000);
        for _ in 0..60 {
            let (valid_at, known_at) = times(&mut dice, now);
            let as_of = AsOfView::of(&snapshot, valid_at, known_at, now);
            let expected = naive(&rows, valid_at, known_at, now);
            assert_eq!(through(as_of), expected, "seed {seed}, {valid_at:?} {known_at:?}");
            offerings_agree(&rows, as_of, (valid_at, known_at, now));
            searches_agree(as_of, &expected, &mut dice);
            for sight in expected.values() {
                *seen.entry(sight.0.clone()).or_default() += 1;
            }
        }
    }
    // The histories are worth the name.
    for status in ["pending-contract", "active", "ending", "ended", "revoked", "expired"] {
        assert!(seen.get(status).is_some_and(|count| *count > 100), "{status}: {seen:?}");
    }
}

fn offerings_agree(
    rows: &[Row],
    as_of: AsOfView<'_>,
    (valid_at, known_at, now): (Option<Instant>, Option<Instant>, Instant),
) {
    let known = known_at.map_or(rows, |at| rows_until(rows, at));
    let at = valid_at.or(known_at).unwrap_or(now);
    for (place, (municipality, service)) in PLACES.into_iter().enumerate() {
        let mut own = known.iter().filter(|row| row.record["id"] == json!(id(1, place)));
        let in_force = own.rfind(|row| instant(&row.record["publishedAt"]).unwrap() <= at);
        let expected = in_force.map(|row| row.record["version"].as_i64().unwrap());
        let found = as_of.offering_of(municipality, service);
        assert_eq!(found.map(|it| i64::from(it.version)), expected, "{valid_at:?} {known_at:?}");
    }
}

fn searches_agree(as_of: AsOfView<'_>, expected: &BTreeMap<Uuid, Sight>, dice: &mut Dice) {
    let (capacity, word) =
        (dice.pick(&CAPACITIES), dice.pick(&["apen", "Omsorg", "zeb", "ØST", "hjelp 3"]));
    let found = |search: Search, order: &Order| {
        let found = search.find(as_of, order, None, 100, true);
        assert_eq!(found.total, Some(found.items.len()));
        found.items.iter().map(|(_, seen)| seen.record().id).collect::<Vec<_>>()
    };
    let choosable =
        expected.iter().filter(|(_, (status, ..))| ["active", "ending"].contains(&status.as_str()));
    let ids: BTreeSet<_> = choosable.clone().map(|(id, _)| *id).collect();
    for order in [Order::Public, Order::Name, Order::Fair("s".to_owned())] {
        let all = found(Search::default(), &order);
        assert_eq!(all.iter().copied().collect::<BTreeSet<_>>(), ids, "{order:?}");
        assert_eq!(all.len(), ids.len(), "{order:?}");
    }
    let (municipality, service) = dice.pick(&PLACES);
    for status in ApprovalStatus::ALL {
        let mut there = Search::default()
            .with(Field::Municipality, Some(municipality.to_owned()))
            .with(Field::Service, Some(service.to_owned()));
        there.status = Some(status);
        let of_place = |record: &ApprovalRecord| {
            (record.municipality.as_str(), record.service.as_str()) == (municipality, service)
        };
        let own = as_of.approvals().filter(|it| it.status() == status && of_place(it.record()));
        let own: Vec<_> = own.map(|it| it.record().id).collect();
        let mut all = found(there, &Order::Public);
        all.sort_unstable();
        assert_eq!(all, own, "{status:?} in {municipality}");
    }
    let with = Search::default().with(Field::Capacity, Some(capacity.to_owned()));
    let own = choosable.clone().filter(|(_, (_, state, _))| state.as_deref() == Some(capacity));
    let mut all = found(with, &Order::Public);
    all.sort_unstable();
    assert_eq!(all, own.map(|(id, _)| *id).collect::<Vec<_>>(), "{capacity}");
    if word != "hjelp 3" {
        let begins = |name: &str| {
            godkjent::register::text::words(name)
                .iter()
                .any(|it| it.starts_with(&godkjent::register::text::folded(word)))
        };
        let own = choosable.filter(|(_, (_, _, name))| begins(name));
        let mut all = found(Search::default().with_text(Some(word)), &Order::Public);
        all.sort_unstable();
        assert_eq!(all, own.map(|(id, _)| *id).collect::<Vec<_>>(), "{word}");
    }
}

#[test]
fn a_page_of_the_past_shows_who_could_be_chosen_then() {
    let catalogue = Catalogue::load().unwrap();
    let mut count = 0;
    for seed in 0..10 {
        let rows = History::of(seed, 80);
        let snapshot = fold(&rows);
        let now = rows.iter().map(|row| row.at).max().unwrap() + TimeDelta::days(1);
        let mut dice = Dice::new(seed + 7);
        for _ in 0..20 {
            let (valid_at, known_at) = times(&mut dice, now);
            let as_of = AsOfView::of(&snapshot, valid_at, known_at, now);
            let Some(page) = Rendered::of(as_of, PLACES[0], &catalogue, now) else {
                assert!(as_of.offering_of(PLACES[0].0, PLACES[0].1).is_none());
                continue;
            };
            let page: Value = serde_json::from_slice(page.body.plain()).unwrap();
            let ids = page["providers"].as_array().unwrap().iter();
            let ids: BTreeSet<_> =
                ids.filter_map(|it| it["approvalId"].as_str()?.parse().ok()).collect();
            let expected = naive(&rows, valid_at, known_at, now).into_iter();
            let here = |id: &Uuid| {
                (0..15).any(|number| number % 3 == 0 && super::histories::id(2, number) == *id)
            };
            let expected: BTreeSet<_> = expected
                .filter(|(id, (status, ..))| {
                    here(id) && ["active", "ending"].contains(&status.as_str())
                })
                .map(|(id, _)| id)
                .collect();
            assert_eq!(ids, expected, "seed {seed}, {valid_at:?} {known_at:?}");
            count += ids.len();
        }
    }
    assert!(count > 100, "{count}");
}
