use super::*;
use crate::domain::{
    agenda::Task,
    decision::costs::{ChangedDecision, CostsRuling},
    role::ProviderUser,
    samples::other_provider_number,
    values::money::{Money, Price},
};

fn amount() -> Price {
    Price::new(Money::from_ore(1_850_000)).unwrap()
}

/// Claims the costs of an appeal that a decision has ended, which arrived on a day.
pub(super) fn claim(
    (appeal, new): (Appeal, Decision),
    arrived_on: &str,
    by: &ProviderUser,
    now: Instant,
) -> Result<Appeal, DomainError> {
    let ending = AppealEnding { decision: &new, arrived_on: Some(day(arrived_on)) };
    Ok(appeal.claim_costs(amount(), prose("Advokat"), Some(ending), by, now)?.value)
}

/// Decides a claim for the costs of an appeal that `new` has ended.
pub(super) fn decide(
    (appeal, new): (Appeal, &Decision),
    instance: Instance,
    by: &DecisionMaker,
    now: Instant,
) -> Result<(Appeal, Decision), DomainError> {
    let ((application, first), municipality) = (refused(), municipality());
    let (application, history) = (prepared(application), history(&first));
    let (first, case) = (&first, (&application).into());
    let changed = ChangedDecision { first, history: &history, new, case };
    let ruling = CostsRuling { granted: Some(amount()), instance, reasons: reasons() };
    let frame = SigningContext { id: id(23), ..later(&municipality, now) };
    Ok(appeal.decide_costs(ruling, changed, frame, by)?.value)
}

fn changed_above(verdict: Verdict) -> (Appeal, Decision) {
    super::decide(forwarded(), verdict, &second_maker(), at(IN_TIME)).unwrap()
}

fn of_appeal_body(decided_on: &str) -> Instance {
    Instance::AppealBody { name: line("Klageutvalget"), decided_on: day(decided_on) }
}

#[test]
fn costs_are_claimed_by_the_party_within_three_weeks_of_the_new_decision() {
    let claim = |by: &ProviderUser, when| claim(changed(), "2026-04-07", by, at(when));
    assert!(claim(&provider_user(), "2026-04-28T21:59:59Z").is_ok());
    let late = claim(&provider_user(), "2026-04-28T22:00:00Z").unwrap_err();
    assert_eq!(late.code, ErrorCode::CostsTooLate);
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    assert_eq!(claim(&stranger, IN_TIME).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(claimed().agenda().len(), 1);
}

#[test]
fn no_costs_are_claimed_where_nothing_was_changed_in_favour() {
    let harm = Some(Harm { weighty_interests: prose("Brukernes sikkerhet") });
    let harmful = Verdict { harm, ..appeal_body(AppealOutcome::Changed) };
    for verdict in [harmful, appeal_body(AppealOutcome::Upheld)] {
        let ended = changed_above(verdict);
        let refused = claim(ended, "2026-04-07", &provider_user(), at(IN_TIME)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::IllegalTransition);
    }
    for ruling in [AppealOutcome::Changed, AppealOutcome::AnnulledReturned] {
        let ended = changed_above(appeal_body(ruling));
        assert!(claim(ended, "2026-04-07", &provider_user(), at(IN_TIME)).is_ok(), "{ruling:?}");
    }
}

#[test]
fn the_body_that_changed_the_decision_decides_the_claim() {
    let (_, new) = changed();
    let pointer = |outcome: Result<(Appeal, Decision), DomainError>| {
        let refused = outcome.unwrap_err();
        (refused.errors[0].pointer.clone(), refused.errors[0].error.code)
    };
    let (by, now) = (second_maker(), at("2026-04-20T09:00:00Z"));
    let above = decide((claimed(), &new), of_appeal_body("2026-04-15"), &by, now);
    assert_eq!(pointer(above), ("/appealBody".to_owned(), "unexpected"));

    let (appeal, new) = changed_above(appeal_body(AppealOutcome::Changed));
    let claimed =
        claim((appeal, new.clone()), "2026-04-07", &provider_user(), at(IN_TIME)).unwrap();
    let below = decide((claimed.clone(), &new), Instance::LowerBody, &by, now);
    assert_eq!(pointer(below), ("/appealBody".to_owned(), "required"));
    for (day, code) in [("2026-04-06", "date-order"), ("2026-04-21", "date-in-future")] {
        let found = pointer(decide((claimed.clone(), &new), of_appeal_body(day), &by, now));
        assert_eq!(found, ("/decidedOn".to_owned(), code));
    }
    assert!(decide((claimed, &new), of_appeal_body("2026-04-20"), &by, now).is_ok());
}

#[test]
fn the_signer_of_the_first_decision_does_not_decide_on_its_costs() {
    let (_, new) = changed();
    let own = decide((claimed(), &new), Instance::LowerBody, &decision_maker(), at(IN_TIME));
    assert_eq!(own.unwrap_err().code, ErrorCode::SignedFirstDecision);
    let by = DecisionMaker { actor: actor("Nora Berg"), municipality: municipality_number() };
    let unasked = decide((claimed(), &new), Instance::LowerBody, &by, at(IN_TIME));
    assert_eq!(unasked.unwrap_err().code, ErrorCode::ImpartialityNotDeclared);
}

#[test]
fn the_decision_on_costs_can_be_appealed_against_and_its_annulment_reopens_the_claim() {
    let (_, new) = changed();
    let now = at(IN_TIME);
    let (appeal, signed) =
        decide((claimed(), &new), Instance::LowerBody, &second_maker(), now).unwrap();
    let answer = appeal.costs.as_ref().unwrap().answer.as_ref().unwrap();
    assert_eq!((answer.decision, answer.granted), (signed.id, Some(amount())));
    assert_eq!((signed.outcome.as_str(), signed.outcome.earlier()), ("costs", Some(new.id)));
    assert_eq!(signed.appeal.as_ref().unwrap().body.as_str(), "Klagenemnda");
    assert_eq!(appeal.agenda(), []);
    let about = history(&signed);
    let lodged = Appeal::by_party(id(30), text(), &signed, &about, &provider_user(), now);
    assert!(lodged.unwrap().value.is_in_time());
    let effect = |ruling| appeal_body(ruling).effect(&signed.outcome).unwrap();
    assert_eq!(effect(AppealOutcome::Upheld), Effect::Stands);
    assert_eq!(effect(AppealOutcome::Changed), Effect::Replaced);
    assert_eq!(effect(AppealOutcome::AnnulledReturned), Effect::ReopenCosts);
    let reopened = appeal.reopen_costs(&signed).value;
    let due: Vec<_> = reopened.agenda().iter().map(|item| item.task).collect();
    assert_eq!(due, [Task::DecideOnCosts]);
}

#[test]
fn above_a_municipal_appeal_body_is_the_state() {
    let (appeal, new) = changed_above(appeal_body(AppealOutcome::Changed));
    let claimed =
        claim((appeal, new.clone()), "2026-04-07", &provider_user(), at(IN_TIME)).unwrap();
    let body = of_appeal_body("2026-04-08");
    let now = at("2026-04-08T09:00:00Z");
    let (_, signed) = decide((claimed, &new), body, &second_maker(), now).unwrap();
    assert_eq!(signed.appeal.unwrap().body.as_str(), "Statsforvalteren");
}
