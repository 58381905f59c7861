use serde_json::{Value, json};

use super::*;
use crate::{
    domain::offering::{OfferingLifecycle, VersionNumber},
    json::form::{Written, parse_json},
};

fn json() -> Value {
    json!({
        "toNew": {"from": "2026-04-01", "reason": {"nb": "Nok leverandører."}},
        "ending": {
            "on": "2026-12-31", "reason": {"nb": "Avviklet."},
            "windingDown": {"until": "2027-03-31", "takenOverBy": "Kommunen"},
        },
    })
}

fn closure() -> OfferingClosure {
    parse_json(&json().to_string()).unwrap()
}

fn lifecycle() -> OfferingLifecycle {
    let OfferingClosure { to_new, ending } = closure();
    OfferingLifecycle::Ending(VersionNumber(1), to_new, ending.unwrap())
}

#[test]
fn a_closure_is_read_as_it_was_written() {
    assert_eq!(serde_json::to_value(Written(&closure())).unwrap(), json());
    assert_eq!(lifecycle().closure(), Some(closure()));
    assert_eq!(OfferingLifecycle::Draft.closure(), None);
    let broken = json().to_string().replace("2026-12-31", "yesterday");
    let errors = parse_json::<OfferingClosure>(&broken).unwrap_err().into_vec();
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!((error.pointer.as_str(), error.error.code), ("/ending/on", "date-form"));
}

#[test]
fn the_state_of_a_record_is_that_of_the_offering() {
    let instants: Vec<_> = closure().instants().collect();
    for at in &instants {
        for now in [*at - chrono::TimeDelta::microseconds(1), *at] {
            assert_eq!(closure().state_at(now), lifecycle().state_at(now), "{now}");
        }
    }
    assert_eq!(instants.len(), 2);
}
