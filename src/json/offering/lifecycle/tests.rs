use serde_json::json;

use super::*;
use crate::json::public::OfferingRecord;

fn closure() -> OfferingClosureForm {
    serde_json::from_value(json!({
        "toNew": {"from": "2026-04-01", "reason": {"nb": "Nok leverandører."}},
        "ending": {
            "on": "2026-12-31", "reason": {"nb": "Avviklet."},
            "windingDown": {"until": "2027-03-31", "takenOverBy": "Kommunen"},
        },
    }))
    .unwrap()
}

#[test]
fn what_was_kept_before_offerings_could_close_is_readable() {
    let record: OfferingRecord = serde_json::from_value(json!({
        "id": uuid::Uuid::nil(), "municipality": "4204", "service": "personal-assistance",
        "version": 1, "publishedAt": "2026-03-12T09:00:00Z",
        "content": {"process": {"howToApply": {"nb": "Søk."}}},
    }))
    .unwrap();
    assert_eq!((record.state.as_str(), &record.closure), ("published", &None));
    assert_eq!(record.state_at(record.published_at), OfferingState::Published);
    assert_eq!(record.content.process.unwrap().intake, None);
}

#[test]
fn a_closure_is_read_as_it_was_written() {
    let (closing, ending) = closure().read().unwrap();
    let lifecycle = OfferingLifecycle::Ending(
        crate::domain::offering::VersionNumber(1),
        closing,
        ending.unwrap(),
    );
    assert_eq!(OfferingClosureForm::of(&lifecycle), Some(closure()));
    assert_eq!(OfferingClosureForm::of(&OfferingLifecycle::Draft), None);
    let mut broken = closure();
    broken.ending.as_mut().unwrap().on = "yesterday".to_owned();
    assert_eq!(broken.read(), None);
}

#[test]
fn the_state_of_a_record_is_that_of_the_offering() {
    let instants: Vec<_> = closure().instants().collect();
    let (closing, ending) = closure().read().unwrap();
    let lifecycle = OfferingLifecycle::Ending(
        crate::domain::offering::VersionNumber(1),
        closing,
        ending.unwrap(),
    );
    for at in &instants {
        for now in [*at - chrono::TimeDelta::microseconds(1), *at] {
            assert_eq!(closure().state_at(now), lifecycle.state_at(now), "{now}");
        }
    }
    assert_eq!(instants.len(), 2);
}
