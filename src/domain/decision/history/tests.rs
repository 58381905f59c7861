use chrono::TimeDelta;

use super::*;
use crate::domain::{
    agenda::{Item, Task},
    decision::{SigningContext, on_decision::ReversalGround},
    error::ErrorCode,
    offering::intake::Places,
    role::{DecisionMaker, ProviderUser},
    samples::{
        approved, at, case_worker, content, day, decision_maker, frame, id, municipality, note,
        noticed, now, other_municipality_number, other_provider_number, provider_user, ready,
        reasons, refused, revoked_by, table,
    },
    snapshot::assert_snapshot,
};

/// Three weeks from Thursday 12 March 2026 end on Maundy Thursday, and so on Tuesday 7 April.
const LAST_DAY: &str = "2026-04-07";
/// The end of that day in Norway.
const OVER: &str = "2026-04-07T22:00:00Z";

fn history(decision: &Decision) -> DecisionHistory {
    noticed(DecisionHistory::begin(decision, decision_maker().actor.subject))
}

/// An approval without reasons.
fn bare() -> Decision {
    let municipality = municipality();
    let change = ready().approve(
        id(6),
        None,
        (&content(), &Places::default()),
        frame(&municipality),
        &decision_maker(),
    );
    change.unwrap().value.1
}

fn on_paper(decision: &Decision) -> DecisionHistory {
    let decision = crate::domain::samples::on_paper(decision.clone());
    DecisionHistory::begin(&decision, decision_maker().actor.subject)
}

fn demanded() -> DecisionHistory {
    history(&bare())
        .demand_reasons(&bare(), &provider_user(), at("2026-03-30T09:00:00Z"))
        .unwrap()
        .value
}

fn given(when: &str) -> DecisionHistory {
    let by = decision_maker();
    demanded().give_reasons(reasons(), &bare(), &by, at(when)).unwrap().value
}

fn corrected() -> DecisionHistory {
    let decision = refused().1;
    let slip = (note("Fakta"), note("Faktum"), note("Skrivefeil"));
    history(&decision)
        .correct(CorrectedText::Facts, slip, &decision, &decision_maker(), now())
        .unwrap()
        .value
}

fn second_frame(municipality: &crate::domain::municipality::Municipality) -> SigningContext<'_> {
    SigningContext { id: id(15), ..frame(municipality) }
}

type Command = fn(DecisionHistory, &Decision, Instant) -> Result<DecisionHistory, DomainError>;

const COMMANDS: [(&str, Command); 11] = [
    ("open", |it, _, now| {
        let illegal = it.illegal("open", now);
        it.opened_by(&provider_user(), now).map(|change| change.value).ok_or(illegal)
    }),
    ("renotify", |it, _, now| Ok(it.renotify(now)?.value)),
    ("demand-reasons", |it, of, now| Ok(it.demand_reasons(of, &provider_user(), now)?.value)),
    ("give-reasons", |it, of, now| {
        Ok(it.give_reasons(reasons(), of, &decision_maker(), now)?.value)
    }),
    ("record-arrival", |it, of, now| {
        Ok(it.record_arrival(day("2026-03-16"), of, &case_worker(), now)?.value)
    }),
    ("prolong", |it, of, now| {
        Ok(it.extend(day("2026-05-29"), note("Mer tid"), of, &decision_maker(), now)?.value)
    }),
    ("correct", |it, of, now| {
        let slip = (note("Vurdering"), note("Vurderinger"), note("Skrivefeil"));
        Ok(it.correct(CorrectedText::Considerations, slip, of, &decision_maker(), now)?.value)
    }),
    ("defer", |it, of, now| {
        let (municipality, application) = (municipality(), refused().0);
        let frame = SigningContext { now, ..second_frame(&municipality) };
        Ok(it
            .suspend_effect(true, reasons(), (of, (&application).into()), frame, &decision_maker())?
            .value
            .0)
    }),
    ("reverse", |it, of, now| {
        let (municipality, application) = (municipality(), refused().0);
        let frame = SigningContext { now, ..second_frame(&municipality) };
        let (ground, about) = (ReversalGround::NoHarm, (of, (&application).into()));
        Ok(it
            .reverse(ground, reasons(), about, &Places::default(), frame, &decision_maker())?
            .value
            .0)
    }),
    ("appeal", |it, of, now| {
        it.may(DecisionCommand::Appeal, of, now)?;
        Ok(it.record_appeal(id(16), true, true, now).value)
    }),
    ("become-final", |it, _, now| Ok(it.become_final(now)?.value)),
];

#[test]
fn the_machine_of_a_decision_is_this_table() {
    let (early, over) = (at("2026-03-20T09:00:00Z"), at(OVER));
    let (bare, refusal, revocation) = (bare(), refused().1, revoked_by().1);
    let appealed = |it: DecisionHistory| it.record_appeal(id(17), true, false, now()).value;
    let by = |how: fn(DecisionId, Instant) -> DecisionEnding, it: DecisionHistory| {
        it.ended(how(id(18), now()), id(17), now()).value
    };
    let final_noted = history(&refusal).become_final(over).unwrap().value;
    let states = vec![
        ("notified: approval without reasons", (history(&bare), bare.clone(), early)),
        ("notified: reasons demanded", (demanded(), bare.clone(), early)),
        (
            "notified: reasons given",
            (given("2026-04-10T09:00:00Z"), bare.clone(), at("2026-04-10T09:00:00Z")),
        ),
        ("notified: refusal", (history(&refusal), refusal.clone(), early)),
        ("notified: revocation", (history(&revocation), revocation.clone(), early)),
        ("signed: on paper", (on_paper(&refusal), refusal.clone(), early)),
        ("corrected", (corrected(), refusal.clone(), early)),
        ("appealed: in time", (appealed(history(&refusal)), refusal.clone(), early)),
        ("appealed: after the last day", (appealed(history(&refusal)), refusal.clone(), over)),
        ("final: approval", (history(&bare), bare.clone(), over)),
        ("final: revocation", (history(&revocation), revocation.clone(), over)),
        ("final: noted", (final_noted, refusal.clone(), over)),
        (
            "reversed",
            (by(DecisionEnding::Reversed, appealed(history(&refusal))), refusal.clone(), early),
        ),
        ("annulled", (by(DecisionEnding::Annulled, appealed(history(&refusal))), refusal, early)),
    ];
    let text = table(&states, &COMMANDS, |(history, decision, now), command| {
        command(history.clone(), decision, *now).map_or_else(
            |refusal| refusal.code.as_str().to_owned(),
            |after| format!("→ {}", after.status_at(*now).as_str()),
        )
    });
    for (name, (history, _, now)) in &states {
        assert!(name.starts_with(history.status_at(*now).as_str()), "{name}");
    }
    assert_snapshot("decision", &text);
}

#[test]
fn a_decision_sent_on_12_march_2026_can_be_appealed_against_until_7_april() {
    let history = history(&refused().1);
    assert_eq!(history.appeal_period(), AppealPeriod::Until(day(LAST_DAY)));
    let last_moment = at(OVER) - TimeDelta::milliseconds(1);
    assert_eq!(history.status_at(last_moment), DecisionStatus::Notified);
    assert_eq!(history.status_at(at(OVER)), DecisionStatus::Final);
}

#[test]
fn not_opened_by_19_march_it_is_notified_once_more_and_the_last_day_stays() {
    let it = history(&refused().1);
    let due = at("2026-03-19T23:00:00Z");
    assert!(it.agenda().contains(&Item::new(Task::Renotify, due)));
    assert_eq!(
        it.clone().renotify(due - TimeDelta::seconds(1)).unwrap_err().code,
        ErrorCode::IllegalTransition
    );
    let Change { value, event } = it.renotify(due).unwrap();
    assert_eq!(event.kind, EventKind::DecisionRenotified);
    assert_eq!(value.appeal_period(), AppealPeriod::Until(day(LAST_DAY)));
    assert!(value.clone().renotify(at(OVER)).is_err());
    assert!(value.agenda().iter().all(|item| item.task != Task::Renotify));
}

#[test]
fn opening_moves_no_last_day_and_the_municipality_opens_nothing() {
    let it = history(&refused().1);
    let opened = it.clone().opened_by(&provider_user(), at("2026-03-18T09:00:00Z")).unwrap().value;
    assert_eq!(opened.appeal_period(), it.appeal_period());
    assert_eq!(opened.clone().opened_by(&provider_user(), at(OVER)), None);
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    assert_eq!(it.opened_by(&stranger, now()), None);
}

#[test]
fn reasons_that_are_demanded_in_the_third_week_give_three_new_weeks_from_their_arrival() {
    let history = demanded();
    assert_eq!(history.appeal_period(), AppealPeriod::Open);
    assert_eq!(history.status_at(at("2026-06-01T00:00:00Z")), DecisionStatus::Notified);
    // From Friday 10 April three weeks end on 1 May, and so on Monday 4 May.
    let Change { value, event } = demanded()
        .give_reasons(reasons(), &bare(), &decision_maker(), at("2026-04-10T09:00:00Z"))
        .unwrap();
    assert_eq!(event.detail, [("lastDay", "open".to_owned())]);
    let value = noticed(value);
    assert_eq!(value.appeal_period(), AppealPeriod::Until(day("2026-05-04")));
    assert_eq!(value.reasons(&bare()), Some(&reasons()));
}

#[test]
fn reasons_are_demanded_within_the_period_and_only_where_there_are_none() {
    let demand = |decision: &Decision, when: &str| {
        let refused = history(decision).demand_reasons(decision, &provider_user(), at(when));
        refused.unwrap_err().code
    };
    assert_eq!(demand(&bare(), OVER), ErrorCode::AppealPeriodOver);
    assert_eq!(demand(&approved().1, NOW), ErrorCode::ReasonsThere);
    assert_eq!(demand(&refused().1, NOW), ErrorCode::ReasonsThere);
    let again =
        |it: DecisionHistory| it.demand_reasons(&bare(), &provider_user(), now()).unwrap_err().code;
    assert_eq!(again(demanded()), ErrorCode::ReasonsAwaited);
    let given = demanded().give_reasons(reasons(), &bare(), &decision_maker(), now());
    assert_eq!(again(given.unwrap().value), ErrorCode::ReasonsThere);
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    let refused = history(&bare()).demand_reasons(&bare(), &stranger, now()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
}

const NOW: &str = "2026-03-12T09:00:00Z";

#[test]
fn on_paper_the_period_runs_from_the_arrival_and_a_late_one_moves_it() {
    let decision = refused().1;
    let it = on_paper(&decision);
    assert_eq!(
        (it.appeal_period(), it.status_at(at(OVER))),
        (AppealPeriod::Open, DecisionStatus::Signed)
    );
    let task = Item::new(Task::RecordArrival, end_of_day(day("2026-03-19")));
    assert_eq!(it.agenda(), [task]);
    let arrive = |it: DecisionHistory, on| {
        it.record_arrival(day(on), &decision, &case_worker(), at("2026-04-20T09:00:00Z"))
            .unwrap()
            .value
    };
    let arrived = arrive(it, "2026-03-16");
    assert_eq!(arrived.appeal_period(), AppealPeriod::Until(day(LAST_DAY)));
    assert_eq!(arrived.status_at(at("2026-04-20T09:00:00Z")), DecisionStatus::Final);
    assert!(arrived.agenda().iter().all(|item| item.task != Task::RecordArrival));
    let late = arrive(arrived, "2026-04-10");
    assert_eq!(late.appeal_period(), AppealPeriod::Until(day("2026-05-04")));
    assert_eq!(late.status_at(at("2026-04-20T09:00:00Z")), DecisionStatus::Notified);
}

#[test]
fn the_period_is_prolonged_before_it_is_out_and_never_shortened() {
    let decision = refused().1;
    let prolong = |to, when| {
        history(&decision).extend(day(to), note("Mer tid"), &decision, &decision_maker(), at(when))
    };
    // Ascension Day moves on to the Friday.
    let longer = prolong("2026-05-14", NOW).unwrap().value;
    assert_eq!(longer.appeal_period(), AppealPeriod::Until(day("2026-05-15")));
    assert_eq!(prolong("2026-05-14", OVER).unwrap_err().code, ErrorCode::AppealPeriodOver);
    assert_eq!(prolong(LAST_DAY, NOW).unwrap_err().code, ErrorCode::Validation);
    let stranger = DecisionMaker { municipality: other_municipality_number(), ..decision_maker() };
    let refused =
        history(&decision).extend(day("2026-05-14"), note("M"), &decision, &stranger, now());
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_correction_stands_beside_the_original_and_changes_no_last_day() {
    let decision = refused().1;
    let mended = corrected();
    assert_eq!(mended.text(CorrectedText::Facts, &decision).as_deref(), Some("Faktum"));
    assert_eq!(decision, refused().1);
    assert_eq!(mended.appeal_period(), history(&decision).appeal_period());
    assert_eq!(mended.messages().count(), 2);
}

#[test]
fn what_is_not_a_text_or_does_not_stand_there_once_is_not_mended() {
    let decision = refused().1;
    let error = |place: CorrectedText, before: &str| {
        let slip = (note(before), note("x"), note("Skrivefeil"));
        let refused = history(&decision).correct(place, slip, &decision, &decision_maker(), now());
        refused.unwrap_err().errors.remove(0).error.code
    };
    assert_eq!(error(CorrectedText::Facts, "noe annet"), "not-in-text");
    assert_eq!(error(CorrectedText::Facts, "a"), "not-in-text");
    assert_eq!(error(CorrectedText::GroundFacts(7), "Dette"), "not-a-text");
    for pointer in ["/outcome", "/grounds/0/ground", "/appeal/lastDay", "/reasons", ""] {
        assert_eq!(CorrectedText::parse(pointer).unwrap_err().code, "not-a-text", "{pointer}");
    }
    for pointer in
        ["/reasons/rules", "/reasons/facts", "/reasons/considerations", "/grounds/0/facts"]
    {
        assert_eq!(CorrectedText::parse(pointer).unwrap().pointer(), pointer);
    }
}

#[test]
fn a_reversal_is_a_decision_of_its_own_and_names_the_first() {
    let (application, first) = refused();
    let municipality = municipality();
    let reverse = |ground| {
        let frame = second_frame(&municipality);
        history(&first).reverse(
            ground,
            reasons(),
            (&first, (&application).into()),
            &Places::default(),
            frame,
            &decision_maker(),
        )
    };
    let (history, second) = reverse(ReversalGround::Invalid).unwrap().value;
    assert_eq!(second.outcome.earlier(), Some(first.id));
    assert_eq!((second.outcome.as_str(), second.regime), ("reverse", first.regime));
    assert_eq!(second.appeal, None);
    assert_eq!(history.status_at(now()), DecisionStatus::Reversed);
    for fails in [ReversalGround::NotArrived, ReversalGround::TermsOfDecision] {
        assert_eq!(reverse(fails).unwrap_err().code, ErrorCode::ReversalGroundFails);
    }
}

#[test]
fn an_approval_is_never_reversed_past_the_prior_notice() {
    let ((application, decision, _), municipality) = (approved(), municipality());
    for ground in ReversalGround::ALL {
        let frame = second_frame(&municipality);
        let about = (&decision, (&application).into());
        let refused = history(&decision).reverse(
            ground,
            reasons(),
            about,
            &Places::default(),
            frame,
            &decision_maker(),
        );
        assert_eq!(refused.unwrap_err().code, ErrorCode::ReversalByRevocation);
    }
}

#[test]
fn the_assessor_signs_no_reversal_and_no_deferral_under_four_eyes() {
    let ((application, first), municipality) = (refused(), municipality());
    let by = DecisionMaker { actor: case_worker().actor, ..decision_maker() };
    let frame = second_frame(&municipality);
    let about = (&first, (&application).into());
    let refused = history(&first).reverse(
        ReversalGround::NoHarm,
        reasons(),
        about,
        &Places::default(),
        frame,
        &by,
    );
    assert_eq!(refused.unwrap_err().code, ErrorCode::FourEyes);
}

#[test]
fn an_open_appeal_keeps_a_decision_from_being_final() {
    let it = history(&refused().1).record_appeal(id(17), true, true, now()).value;
    assert_eq!(it.status_at(at(OVER)), DecisionStatus::Appealed);
    assert_eq!(it.course.suspension, Some(SuspendedEffect::Asked(now())));
    let tasks: Vec<_> = it.agenda().iter().map(|item| item.task).collect();
    assert!(tasks.contains(&Task::DecideOnDeferral) && !tasks.contains(&Task::BecomeFinal));
    let closed = it.record_closed_appeal(id(17), now()).value;
    assert_eq!(closed.status_at(at(OVER)), DecisionStatus::Final);
    assert_eq!(closed.course.suspension, Some(SuspendedEffect::Over(now())));
}

#[test]
fn a_decision_is_noted_as_final_once_on_the_day_after_the_last() {
    let it = history(&refused().1);
    assert!(it.agenda().contains(&Item::new(Task::BecomeFinal, at(OVER))));
    let noted = it.become_final(at(OVER)).unwrap().value;
    // The same item: the one that is done stays done.
    assert!(noted.agenda().contains(&Item::new(Task::BecomeFinal, at(OVER))));
    assert!(noted.become_final(at(OVER)).is_err());
}

#[test]
fn a_note_of_a_future_instant_is_made_again() {
    let ahead = history(&refused().1).become_final(at(OVER) + TimeDelta::days(400)).unwrap().value;
    let noted = ahead.become_final(at(OVER)).unwrap().value;
    assert_eq!(noted.course.final_at, Some(at(OVER)));
}

#[test]
fn guards_say_of_each_act_of_a_party_what_stands_in_its_way() {
    let (decision, over) = (bare(), at(OVER));
    let guard = |command| {
        let guard = history(&decision).may(command, &decision, over);
        guard.map_err(|error| error.code)
    };
    assert_eq!(guard(DecisionCommand::DemandReasons), Err(ErrorCode::AppealPeriodOver));
    assert_eq!(guard(DecisionCommand::Appeal), Ok(()));
}
