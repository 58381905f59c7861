use super::*;
use crate::domain::{event, values::text::Code as Kebab};

fn is_kebab_case(value: &str) -> bool {
    Kebab::parse(value).is_ok()
}

#[test]
fn codes_and_titles_are_unique_and_codes_are_kebab_case() {
    for (i, (code, name, kind, title)) in ErrorCode::TABLE.iter().enumerate() {
        assert!(is_kebab_case(name), "{name}");
        assert!(!title.is_empty() && !title.ends_with('.'), "{title}");
        let clashes = |row: &&(ErrorCode, &str, ErrorKind, &str)| row.1 == *name || row.3 == *title;
        assert_eq!(ErrorCode::TABLE[..i].iter().find(clashes), None);
        assert_eq!((code.as_str(), code.kind(), code.title()), (*name, *kind, *title));
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
    assert!(refusal.detail.ends_with("Possible now: withdraw, assess."), "{}", refusal.detail);
    let end = DomainError::illegal_transition("approve", "refused", vec![]);
    assert!(end.detail.ends_with("No further command is possible."), "{}", end.detail);
}

#[test]
fn faults_keep_their_order_and_their_pointers() {
    let mut errors = ValidationErrors::default();
    errors.missing("/contact", "Name somebody.");
    errors.add("/zones/0", ValueError::new("unknown-zone", "Use a zone."));
    let refusal = DomainError::validation(errors);
    let found: Vec<_> =
        refusal.errors.iter().map(|it| (it.pointer.as_str(), it.error.code)).collect();
    assert_eq!(found, [("/contact", "required"), ("/zones/0", "unknown-zone")]);
    let one = DomainError::invalid("/to", ValueError::new("date-order", "Turn them."));
    assert_eq!((one.code, one.errors.len()), (ErrorCode::Validation, 1));
}

#[test]
fn what_stands_in_the_way_is_named_by_its_path() {
    let path = "/v1/offerings/1".to_owned();
    assert_eq!(DomainError::offering_exists(path.clone()).existing, Some(path.clone()));
    assert_eq!(DomainError::duplicate_application(path.clone()).existing, Some(path));
}
