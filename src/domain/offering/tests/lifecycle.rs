//! Closing to new providers and ending, on days that are announced.

use super::*;
use crate::domain::agenda::{Item, Task};

fn editor_ends(on: &str, until: &str) -> Result<Change<Offering>, DomainError> {
    let ending = Ending { winding_down: winding_down(until), ..ending(on) };
    published().0.end(ending, &editor(), now())
}

fn closes(offering: Offering, from: &str) -> Result<Change<Offering>, DomainError> {
    offering.close_to_new(closing(from), LegalBasis::Concession, &editor(), now())
}

fn only_error(refused: Result<Change<Offering>, DomainError>) -> (String, &'static str) {
    let refusal = refused.unwrap_err();
    let [error] = &refusal.errors[..] else { panic!("{refusal:?}") };
    (error.pointer.clone(), error.error.code)
}

#[test]
fn the_state_follows_from_the_announced_days_alone() {
    let offering = closes(published().0, "2026-04-01").unwrap().value;
    let offering = offering.end(ending("2026-12-31"), &editor(), now()).unwrap().value;
    for (instant, state) in [
        ("2026-03-12T09:00:00Z", OfferingState::Published),
        ("2026-03-31T21:59:59Z", OfferingState::Published),
        ("2026-03-31T22:00:00Z", OfferingState::ClosedToNew),
        ("2026-12-31T22:59:59Z", OfferingState::ClosedToNew),
        ("2026-12-31T23:00:00Z", OfferingState::Ended),
    ] {
        assert_eq!(offering.state_at(at(instant)), state, "{instant}");
        assert_eq!(
            offering.open(at(instant)).is_ok(),
            state == OfferingState::Published,
            "{instant}"
        );
    }
}

#[test]
fn nothing_is_closed_back_in_time_and_winding_down_is_not_over_before_the_end() {
    let past = |pointer: &str| (pointer.to_owned(), "date-in-past");
    assert_eq!(only_error(closes(published().0, "2026-03-11")), past("/from"));
    assert!(closes(published().0, "2026-03-12").is_ok());
    assert_eq!(only_error(editor_ends("2026-03-11", "2026-06-30")), past("/on"));
    let early = only_error(editor_ends("2026-06-30", "2026-06-29"));
    assert_eq!(early, ("/windingDown/until".to_owned(), "date-order"));
    assert!(editor_ends("2026-06-30", "2026-06-30").is_ok());
}

#[test]
fn what_is_open_to_all_is_ended_but_never_closed_to_new() {
    for basis in LegalBasis::ALL {
        let closed = published().0.close_to_new(closing("2026-04-01"), basis, &editor(), now());
        let refused = closed.err().map(|refusal| refusal.code);
        assert_eq!(refused, basis.is_open_to_all().then_some(RefusalCode::MustStayOpen));
    }
}

#[test]
fn a_new_version_of_what_is_closed_cannot_rest_on_what_is_open_to_all() {
    let offering = closes(published().0, "2026-04-01").unwrap().value;
    let publish = |basis| {
        let content = OfferingContent::new(ContentParts { legal_basis: basis, ..parts() }).unwrap();
        offering.clone().publish(content, None, &municipality(), &editor(), now())
    };
    let refused = publish(LegalBasis::Act31OpenToAll).unwrap_err().code;
    assert_eq!(refused, RefusalCode::MustStayOpen);
    let published = publish(LegalBasis::Concession).unwrap().value.0;
    assert_eq!(
        published.lifecycle,
        OfferingLifecycle::Closing(VersionNumber(2), closing("2026-04-01"))
    );
}

#[test]
fn the_registry_is_told_when_a_day_comes_and_notes_it_once_it_has() {
    let offering = closes(published().0, "2026-04-01").unwrap().value;
    let offering = offering.end(ending("2026-12-31"), &editor(), now()).unwrap().value;
    let (closed, ended) = (at("2026-03-31T22:00:00Z"), at("2026-12-31T23:00:00Z"));
    let items = [Item::new(Task::OfferingCloses, closed), Item::new(Task::OfferingEnds, ended)];
    assert_eq!(offering.agenda(), items);
    let comes = |task, now| offering.clone().day_has_come(task, now).map(|it| it.event.kind);
    assert_eq!(comes(Task::OfferingCloses, now()), None);
    assert_eq!(comes(Task::OfferingCloses, closed), Some(EventKind::OfferingClosedToNew));
    assert_eq!(comes(Task::OfferingEnds, closed), None);
    assert_eq!(comes(Task::OfferingEnds, ended), Some(EventKind::OfferingEnded));
    // Too late to be news.
    assert_eq!(comes(Task::OfferingCloses, ended), None);
    assert_eq!(published().0.agenda(), []);
}

#[test]
fn an_action_says_because_of_what_it_cannot_be_done() {
    let (offering, version) = published();
    let incomplete = DomainError::offering_incomplete(ValidationErrors::default());
    let input = OfferingCommand::ALL.map(|command| {
        let draft = Err(incomplete.clone());
        let because = offering.guard(command, Some(&version.content), draft, now()).err();
        (command.as_str(), because.map(|error| error.code))
    });
    let (incomplete, open) = (RefusalCode::OfferingIncomplete, RefusalCode::MustStayOpen);
    assert_eq!(
        input,
        [
            ("change-draft", None),
            ("publish", Some(incomplete)),
            ("close-to-new", Some(open)),
            ("end", None),
            ("change-own-listing", None),
            ("announce-compensation", None),
        ]
    );
}
