use super::*;
use crate::domain::{event, message::fields, values::text::Code as Kebab};

fn is_kebab_case(value: &str) -> bool {
    Kebab::parse(value).is_ok()
}

#[test]
fn codes_are_unique_and_kebab_case() {
    for (i, (code, name, kind)) in ErrorCode::TABLE.iter().enumerate() {
        assert!(is_kebab_case(name), "{name}");
        let clashes = |row: &&(ErrorCode, &str, ErrorKind)| row.1 == *name;
        assert_eq!(ErrorCode::TABLE[..i].iter().find(clashes), None);
        assert_eq!((code.as_str(), code.kind()), (*name, *kind));
    }
}

#[test]
fn kinds_of_events_are_unique_and_dotted_kebab_case() {
    let names: Vec<_> = event::EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    for (i, name) in names.iter().enumerate() {
        let parts: Vec<_> = name.split('.').collect();
        assert!(parts.len() == 2 && parts.into_iter().all(is_kebab_case), "{name}");
        assert!(!names[..i].contains(name), "{name}");
    }
}

#[test]
fn an_illegal_transition_says_what_is_possible_now() {
    let refusal =
        DomainError::illegal_transition("approve", "submitted", vec!["withdraw", "assess"]);
    assert_eq!(refusal.state, Some("submitted"));
    assert_eq!(refusal.allowed, Some(vec!["withdraw", "assess"]));
    assert_eq!(
        refusal.detail.to_string(),
        "illegal-transition.next command=approve state=submitted allowed=withdraw, assess"
    );
    let end = DomainError::illegal_transition("approve", "refused", vec![]);
    assert_eq!(end.detail.to_string(), "illegal-transition.end command=approve state=refused");
}

#[test]
fn faults_keep_their_order_and_their_pointers() {
    let mut errors = ValidationErrors::default();
    errors.missing("/contact", fields::required());
    errors.add("/zones/0", fields::unknown_zone("whole"));
    let refusal = DomainError::validation(errors);
    let found: Vec<_> =
        refusal.errors.iter().map(|it| (it.pointer.as_str(), it.error.code)).collect();
    assert_eq!(found, [("/contact", "required"), ("/zones/0", "unknown-zone")]);
    let one = DomainError::invalid("/to", fields::date_order_last_day());
    assert_eq!((one.code, one.errors.len()), (ErrorCode::Validation, 1));
}

#[test]
fn what_stands_in_the_way_is_named_by_its_path() {
    let path = "/v1/offerings/1".to_owned();
    assert_eq!(DomainError::offering_exists(path.clone()).existing, Some(path.clone()));
    assert_eq!(DomainError::duplicate_application(path.clone()).existing, Some(path));
}
