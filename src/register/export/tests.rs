use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::json::public::PublicRecord;

const PROVIDER: &str = "313000028";

fn at(input: &str) -> Instant {
    input.parse().unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn provider() -> Value {
    json!({
        "organisationNumber": PROVIDER, "name": "Ærlig Hjelp Ås AS", "kind": "commercial",
        "presentation": {"nb": "Vi hjelper."}, "languages": ["nb"], "phone": "+47 38 07 50 00",
        "lastConfirmedAt": "2026-03-01T09:00:00Z", "revision": 1,
    })
}

fn approval(number: u128, from: &str, to: &str) -> Value {
    json!({
        "id": id(number), "status": "active", "offeringId": id(900), "version": 1,
        "municipality": "0301", "service": "personal-assistance", "provider": PROVIDER,
        "zones": ["north", "south"], "decisionId": id(800 + number),
        "grantedAt": "2026-03-01T09:00:00Z",
        "contract": {"number": "2026/1", "signedOn": "2026-03-01", "from": from, "to": to},
        "recordedAt": "2026-03-01T09:00:00Z", "revision": 2,
    })
}

/// A register of these changes, one a minute from nine on the first of March.
fn register(changes: &[(&str, Value)]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (number, (collection, record)) in (1..).zip(changes) {
        let json = record.to_string();
        let key = record.get("id").or(record.get("organisationNumber")).unwrap();
        let now = at("2026-03-01T09:00:00Z") + TimeDelta::minutes(number);
        let change = PublicChange {
            position: number,
            id: id(u128::try_from(5000 + number).unwrap()),
            at: now,
            kind: "changed".to_owned(),
            collection: (*collection).to_owned(),
            key: key.as_str().unwrap().to_owned(),
            municipality: None,
            record: Some(PublicRecord::from_json((collection, ""), &json, now).unwrap()),
            json: serde_json::value::RawValue::from_string(json).unwrap(),
        };
        snapshot.apply(change);
    }
    snapshot
}

fn three() -> Snapshot {
    register(&[
        ("providers", provider()),
        ("approvals", approval(3, "2026-03-01", "2026-03-10")),
        ("approvals", approval(1, "2026-03-01", "2030-02-28")),
        ("providers", provider()),
        ("approvals", approval(2, "2026-03-20", "2030-02-28")),
        ("approvals", approval(3, "2026-03-01", "2026-03-10")),
    ])
}

fn build(snapshot: &Snapshot, form: SnapshotFormat, now: &str) -> SnapshotFile {
    SnapshotFile::make(snapshot, &Catalogue::load().unwrap(), form, at(now)).unwrap()
}

fn plain(file: &SnapshotFile) -> String {
    String::from_utf8(file.sent(Coding::Identity).bytes.to_vec()).unwrap()
}

#[test]
fn a_proof_is_the_digest_of_subjects_and_positions_by_subject() {
    let snapshot = three();
    let one = |number, last| format!("/v1/approvals/{} {last}\n", id(number));
    let provider = |last: i64| format!("/v1/providers/{PROVIDER} {last}\n");
    for (position, lines) in [
        (0, vec![]),
        (1, vec![provider(1)]),
        (2, vec![one(3, 2), provider(1)]),
        (4, vec![one(1, 3), one(3, 2), provider(4)]),
        (5, vec![one(1, 3), one(2, 5), one(3, 2), provider(4)]),
        (6, vec![one(1, 3), one(2, 5), one(3, 6), provider(4)]),
    ] {
        let text = lines.concat();
        let count = lines.len();
        let expected = Proof { position, count, digest: sha256(text.as_bytes()) };
        assert_eq!(Proof::at(&snapshot, position), expected);
    }
}

#[test]
fn the_manifest_tells_the_digest_of_all_lines_after_it() {
    let file = build(&three(), SnapshotFormat::Ndjson, "2026-03-02T09:00:00Z");
    let text = plain(&file);
    let (manifest, rest) = text.split_once('\n').unwrap();
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(
        manifest,
        json!({
            "position": 6, "asOf": "2026-03-01T09:06:00Z", "count": 4,
            "digest": Proof::at(&three(), 6).digest, "sha256": sha256(rest.as_bytes()),
        })
    );
    let lines: Vec<Value> = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let positions: Vec<_> =
        lines.iter().map(|it| (it["subject"].as_str().unwrap(), it["position"].clone())).collect();
    let subjects = [1, 2, 3].map(|number| format!("/v1/approvals/{}", id(number)));
    let last = format!("/v1/providers/{PROVIDER}");
    let expected = subjects.iter().map(String::as_str).chain([last.as_str()]);
    assert_eq!(
        positions,
        expected.zip([json!(3), json!(5), json!(6), json!(4)]).collect::<Vec<_>>()
    );
    let mut first = approval(1, "2026-03-01", "2030-02-28");
    first["nextChange"] = json!("2030-02-28T23:00:00Z");
    assert_eq!(lines[0]["data"], first);
    assert_eq!(lines[1]["data"]["status"], "pending-contract");
    assert_eq!(lines[3]["data"], provider());
}

#[test]
fn a_thing_whose_last_change_cannot_be_read_has_that_change_in_the_file() {
    let mut snapshot = three();
    let mut strange = approval(1, "2026-03-01", "2030-02-28");
    strange["contract"] = json!("of a later version");
    for (collection, key, record) in [
        ("approvals", id(1).to_string(), strange.clone()),
        ("providers", PROVIDER.to_owned(), json!({"of": "a later version"})),
    ] {
        let position = snapshot.position() + 1;
        let at = at("2026-03-01T10:00:00Z");
        let json = serde_json::value::RawValue::from_string(record.to_string()).unwrap();
        snapshot.apply(PublicChange {
            position,
            id: id(u128::try_from(5000 + position).unwrap()),
            at,
            kind: "changed".to_owned(),
            collection: collection.to_owned(),
            record: PublicRecord::from_json((collection, &key), json.get(), at).ok(),
            key,
            municipality: None,
            json,
        });
    }
    assert_eq!(snapshot.unread().len(), 2);
    let file = build(&snapshot, SnapshotFormat::Ndjson, "2026-03-02T09:00:00Z");
    assert_eq!(file.proof, Proof::at(&snapshot, 8));
    let text = plain(&file);
    let lines: Vec<Value> =
        text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["position"], &lines[0]["data"]), (&json!(7), &strange));
    assert_eq!(
        (&lines[3]["position"], &lines[3]["data"]["of"]),
        (&json!(8), &json!("a later version"))
    );
    // The tables equal the register.
    let csv = plain(&build(
        &snapshot,
        SnapshotFormat::Csv(SnapshotTable::Providers),
        "2026-03-02T09:00:00Z",
    ));
    assert!(csv.lines().nth(1).unwrap().starts_with(&format!("8;{PROVIDER};")), "{csv}");
}

#[test]
fn the_same_state_gives_the_same_bytes_whenever_it_is_asked_for() {
    let snapshot = three();
    for form in [
        SnapshotFormat::Ndjson,
        SnapshotFormat::Csv(SnapshotTable::Approvals),
        SnapshotFormat::Xlsx,
    ] {
        let early = build(&snapshot, form, "2026-03-02T09:00:00Z");
        let later = build(&snapshot, form, "2026-03-10T22:59:59Z");
        let after = build(&snapshot, form, "2026-03-12T09:00:00Z");
        let tag = |file: &SnapshotFile| file.sent(Coding::Identity).etag.clone();
        assert_eq!(tag(&early), tag(&later), "{form:?}");
        assert_ne!(tag(&early), tag(&after), "{form:?}");
        // The contract's last day is over.
        assert_eq!(after.as_of, at("2026-03-10T23:00:00Z"));
        assert_eq!(later.as_of, at("2026-03-01T09:06:00Z"));
    }
    let after = plain(&build(&snapshot, SnapshotFormat::Ndjson, "2026-03-12T09:00:00Z"));
    assert!(after.lines().nth(3).unwrap().contains("\"status\":\"expired\""));
}

#[test]
fn a_file_serves_while_it_is_true_and_five_minutes_more_but_never_behind_the_reader() {
    let file =
        build(&three(), SnapshotFormat::Csv(SnapshotTable::Approvals), "2026-03-02T09:00:00Z");
    for (position, least, now, serves) in [
        (6, 0, "2026-03-02T09:00:00Z", true),
        (6, 6, "2026-03-10T22:59:59Z", true),
        (6, 0, "2026-03-10T23:00:00Z", false),
        (7, 0, "2026-03-02T09:04:59Z", true),
        (7, 6, "2026-03-02T09:04:59Z", true),
        (7, 7, "2026-03-02T09:00:01Z", false),
        (7, 0, "2026-03-02T09:05:00Z", false),
    ] {
        assert_eq!(file.serves(position, least, at(now)), serves, "{position} {least} {now}");
    }
}

#[test]
fn a_workbook_is_not_compressed_again() {
    let file = build(&three(), SnapshotFormat::Xlsx, "2026-03-02T09:00:00Z");
    assert!(file.ready(Coding::Brotli).is_none());
    let sent = file.sent(Coding::Brotli);
    assert_eq!((sent.coding, &sent.bytes[..2]), (Coding::Identity, &b"PK"[..]));
    assert!(file.ready(Coding::Brotli).is_some());
    assert_eq!(file.name(), "register-2026-03-01-6.xlsx");
}

#[test]
fn a_register_without_approvals_is_a_file_too() {
    let file = build(&Snapshot::default(), SnapshotFormat::Ndjson, "2026-03-02T09:00:00Z");
    let text = plain(&file);
    let manifest: Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!((&manifest["position"], &manifest["count"]), (&json!(0), &json!(0)));
    assert_eq!(manifest["sha256"], sha256(b""));
    build(&Snapshot::default(), SnapshotFormat::Xlsx, "2026-03-02T09:00:00Z");
}

#[test]
fn a_row_shows_an_approval_with_its_names() {
    let file =
        build(&three(), SnapshotFormat::Csv(SnapshotTable::Approvals), "2026-03-02T09:00:00Z");
    let text = plain(&file);
    let mut lines = text.strip_prefix('\u{feff}').unwrap().lines();
    let mut cells = || lines.next().unwrap().split(';').collect::<Vec<_>>();
    let (columns, row) = (cells(), cells());
    let cell = |name: &str| row[columns.iter().position(|it| *it == name).unwrap()];
    for (column, value) in [
        ("position", "3"),
        ("status", "active"),
        ("municipality", "0301"),
        ("municipalityName", "Oslo"),
        ("provider", PROVIDER),
        ("name", "Ærlig Hjelp Ås AS"),
        ("zones", "north, south"),
        ("phone", "'+47 38 07 50 00"),
        ("contractTo", "2030-02-28"),
        ("capacity", ""),
        ("grantedAt", "2026-03-01T09:00:00Z"),
    ] {
        assert_eq!(cell(column), value, "{column}");
    }
}
