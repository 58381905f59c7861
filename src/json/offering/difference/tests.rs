use serde_json::json;

use super::*;

fn criterion(code: &str, mandatory: bool) -> Value {
    json!({"code": code, "matter": "insurance", "text": {"nb": "Krav"}, "mandatory": mandatory})
}

fn line(amount: &str, from: &str, to: Option<&str>) -> Value {
    let mut line = json!({
        "unit": "hour", "vat": "exempt", "validFrom": from,
        "amount": {"amount": amount, "currency": "NOK"},
    });
    if let Some(to) = to {
        line["validTo"] = to.into();
    }
    line
}

fn input(before: Value, after: Value) -> Vec<(String, &'static str)> {
    let found = between(&before, &after);
    found.into_iter().map(|found| (found.pointer, found.kind.as_str())).collect()
}

fn one(pointer: &str, kind: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), kind)
}

#[test]
fn what_is_the_same_does_not_differ_and_a_text_differs_in_its_language() {
    let title = |nb: &str| json!({"title": {"nb": nb, "en": "Choice"}});
    assert_eq!(input(title("Valg"), title("Valg")), []);
    assert_eq!(input(title("Valg"), title("Val")), [one("/title/nb", "changed")]);
    assert_eq!(input(title("Valg"), json!({})), [one("/title", "removed")]);
    let found = between(&title("Valg"), &title("Val"));
    assert_eq!(found[0].before, Some("Valg".into()));
    assert_eq!(found[0].after, Some("Val".into()));
}

#[test]
fn a_criterion_is_known_by_its_code_and_not_by_its_place() {
    let before = json!({"criteria": [criterion("a", true), criterion("b", true)]});
    let turned = json!({"criteria": [criterion("b", true), criterion("a", true)]});
    assert_eq!(input(before.clone(), turned), []);
    let after = json!({"criteria": [criterion("c", true), criterion("b", false)]});
    assert_eq!(
        input(before, after),
        [
            one("/criteria/a", "removed"),
            one("/criteria/b/mandatory", "changed"),
            one("/criteria/c", "added"),
        ]
    );
}

#[test]
fn a_zone_is_known_by_its_code_and_evidence_by_its_kind() {
    let zones = |name: &str| json!({"service": {"zones": [{"code": "vest", "name": name}]}});
    assert_eq!(input(zones("Vest"), zones("Vestre")), [one("/service/zones/vest/name", "changed")]);
    let asks = |kinds: &[&str]| {
        let mut criterion = criterion("a", true);
        criterion["evidence"] = kinds.iter().map(|kind| json!({"kind": kind})).collect();
        json!({"criteria": [criterion]})
    };
    let found = input(asks(&["plan", "plan"]), asks(&["plan"]));
    assert_eq!(found, [one("/criteria/a/evidence/plan:2", "removed")]);
}

#[test]
fn a_price_that_changes_at_new_year_closes_one_line_and_opens_another() {
    let before = json!({"compensation": {"lines": [line("814", "2026-01-01", None)]}});
    let after = json!({"compensation": {"lines": [
        line("849", "2027-01-01", None), line("814", "2026-01-01", Some("2026-12-31")),
    ]}});
    assert_eq!(
        input(before, after),
        [
            one("/compensation/lines/hour:all:all:2026-01-01/validTo", "added"),
            one("/compensation/lines/hour:all:all:2027-01-01", "added"),
        ]
    );
}

#[test]
fn grounds_are_known_by_themselves() {
    let grounds = |grounds: &[&str]| json!({"terms": {"revocationGrounds": grounds}});
    assert_eq!(
        input(
            grounds(&["bankruptcy", "terms-breach"]),
            grounds(&["terms-breach", "criteria-not-met"])
        ),
        [
            one("/terms/revocationGrounds/bankruptcy", "removed"),
            one("/terms/revocationGrounds/criteria-not-met", "added"),
        ]
    );
}
