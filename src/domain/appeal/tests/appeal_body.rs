//! Decisions of an appeal body: the day, and a change to the appellant's harm.

use super::*;

#[test]
fn the_appeal_body_decides_from_the_day_of_forwarding_to_today() {
    let now = at("2026-04-20T10:00:00Z");
    let decided = |on: &str| {
        let instance = Instance::AppealBody { name: line("Klageutvalget"), decided_on: day(on) };
        let verdict = Verdict { instance, ..lower(AppealOutcome::Upheld) };
        let refused = decide(forwarded(), verdict, &second_maker(), now).err()?;
        Some((refused.errors[0].pointer.clone(), refused.errors[0].error.code))
    };
    let at = |code| Some(("/decidedOn".to_owned(), code));
    for (on, expected) in [
        ("2020-01-01", at("date-order")),
        ("2026-04-06", at("date-order")),
        ("2026-04-07", None),
        ("2026-04-20", None),
        ("2026-04-21", at("date-in-future")),
        ("2030-01-01", at("date-in-future")),
    ] {
        assert_eq!(decided(on), expected, "{on}");
    }
}

#[test]
fn a_change_to_the_appellants_harm_needs_weighty_interests_and_comes_within_three_months() {
    let harm = Some(Harm { weighty_interests: prose("Brukernes sikkerhet") });
    let verdict = Verdict { harm, ..appeal_body(AppealOutcome::Changed) };
    // Received on 7 April: sent by 7 July.
    let on = |when| decide(forwarded(), verdict.clone(), &second_maker(), at(when));
    assert!(on("2026-07-07T21:59:59Z").is_ok());
    assert_eq!(on("2026-07-07T22:00:00Z").unwrap_err().code, ErrorCode::HarmTooLate);
    let limit = Item::new(Task::HarmLimit, at("2026-07-07T22:00:00Z"));
    assert!(forwarded().agenda().contains(&limit));
    let upheld = Verdict { harm: verdict.harm, ..appeal_body(AppealOutcome::Upheld) };
    let refused = decide(forwarded(), upheld, &second_maker(), at(IN_TIME)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::IllegalTransition);
}
