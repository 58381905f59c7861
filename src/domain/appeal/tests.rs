mod appeal_body;
mod costs;
mod effects;
mod hearing;
mod receipt;
mod withdrawal;

use super::*;
use crate::domain::{
    application::{Application, CriterionFinding, CriterionOutcome as Assessed},
    decision::{Decision, DecisionOutcome, SigningContext, history::DecisionHistory},
    error::ErrorCode,
    municipality::Municipality,
    offering::intake::Places,
    role::{Actor, CaseParty, DecisionMaker, ProviderUser},
    rules::impartiality::Staff,
    samples::{
        CRITERIA, actor, approved, at, case_worker, code, content, day, decision_maker, declares,
        frame, id, line, municipality, municipality_number, note, noticed, now,
        other_provider_number, prose, provider_user, reasons, refused, revoked_by, table,
    },
    snapshot::assert_snapshot,
};

const IN_TIME: &str = "2026-04-07T21:59:59Z";
const LATE: &str = "2026-04-07T22:00:00Z";

fn second_maker() -> DecisionMaker {
    DecisionMaker { actor: actor("Ida Lie"), municipality: municipality_number() }
}

fn prepared(application: Application) -> Application {
    declares(application, second_maker().actor, true)
}

fn history(decision: &Decision) -> DecisionHistory {
    noticed(DecisionHistory::begin(decision, decision_maker().actor.subject))
}

fn text() -> AppealText {
    let (wanted, signed_by) = (Some(prose("Innvilgelse")), Some(line("Siri Heim")));
    AppealText { text: prose("Vi klager"), wanted, signed_by, deferral_wanted: false }
}

fn received(when: &str) -> Appeal {
    let decision = refused().1;
    let history = history(&decision);
    Appeal::by_party(id(20), text(), &decision, &history, &provider_user(), at(when)).unwrap().value
}

fn defective() -> Appeal {
    let text = AppealText { wanted: None, signed_by: None, ..text() };
    Appeal { text, ..received(IN_TIME) }
}

fn awaiting_correction() -> Appeal {
    let (application, now) = (prepared(refused().0), at(IN_TIME));
    defective()
        .ask_to_correct(
            day("2026-04-20"),
            (&application).into(),
            &Staff::new(),
            &case_worker(),
            now,
        )
        .unwrap()
        .value
}

fn excuse() -> Excuse {
    Excuse { ground: LateGround::NoBlame, reasons: prose("Feil adresse") }
}

fn admit(it: Appeal, excuse: Option<Excuse>, now: Instant) -> Result<Appeal, DomainError> {
    let (application, decision) = refused();
    let application = prepared(application);
    Ok(it
        .admit(excuse, (&decision, (&application).into()), &Staff::new(), &case_worker(), now)?
        .value)
}

fn reviewed() -> Appeal {
    let (application, now) = (prepared(refused().0), at(IN_TIME));
    let admitted = admit(received(IN_TIME), None, now).unwrap();
    admitted
        .review(prose("Sett på nytt"), (&application).into(), &Staff::new(), &case_worker(), now)
        .unwrap()
        .value
}

fn forwarded() -> Appeal {
    let (application, now) = (prepared(refused().0), at(IN_TIME));
    let forwarded = reviewed()
        .forward(prose("Fastholdt"), (&application).into(), &Staff::new(), &case_worker(), now)
        .unwrap();
    noticed(forwarded.value)
}

fn lower(ruling: AppealOutcome) -> Verdict {
    let instance = Instance::LowerBody;
    Verdict { ruling, dismissal: None, instance, harm: None, withdrawal: None }
}

fn appeal_body(ruling: AppealOutcome) -> Verdict {
    let instance =
        Instance::AppealBody { name: line("Klageutvalget"), decided_on: day("2026-04-07") };
    Verdict { instance, ..lower(ruling) }
}

fn later(municipality: &Municipality, now: Instant) -> SigningContext<'_> {
    SigningContext { id: id(21), now, ..frame(municipality) }
}

fn decide(
    it: Appeal,
    verdict: Verdict,
    by: &DecisionMaker,
    now: Instant,
) -> Result<(Appeal, Decision), DomainError> {
    let ((application, decision), municipality) = (refused(), municipality());
    let (application, history) = (prepared(application), history(&decision));
    let about =
        AppealedCase { decision: &decision, history: &history, case: (&application).into() };
    let frame = later(&municipality, now);
    Ok(it.decide(verdict, id(22), reasons(), about, frame, by)?.value)
}

fn dismiss(
    it: Appeal,
    ground: DismissalGround,
    by: &DecisionMaker,
    now: Instant,
) -> Result<(Appeal, Decision), DomainError> {
    let ((application, decision), municipality) = (refused(), municipality());
    let (application, history) = (prepared(application), history(&decision));
    let about =
        AppealedCase { decision: &decision, history: &history, case: (&application).into() };
    Ok(it.dismiss(ground, reasons(), about, later(&municipality, now), by)?.value)
}

fn changed() -> (Appeal, Decision) {
    let verdict = lower(AppealOutcome::ChangedInFavour);
    decide(reviewed(), verdict, &decision_maker(), at(IN_TIME)).unwrap()
}

fn claimed() -> Appeal {
    costs::claim(changed(), "2026-04-07", &provider_user(), at(IN_TIME)).unwrap()
}

type Command = fn(Appeal, Instant) -> Result<Appeal, DomainError>;

const COMMANDS: [(&str, Command); 21] = [
    ("ask-to-mend", |it, now| {
        let application = prepared(refused().0);
        Ok(it
            .ask_to_correct(
                day("2026-05-20"),
                (&application).into(),
                &Staff::new(),
                &case_worker(),
                now,
            )?
            .value)
    }),
    ("mend", |it, _| {
        let by = CaseParty::Provider(provider_user());
        Ok(it.correct(prose("Innvilgelse"), line("Siri Heim"), &by)?.value)
    }),
    ("mend: in a letter", |it, _| {
        let by = CaseParty::Municipality(case_worker());
        Ok(it.correct(prose("Innvilgelse"), line("Siri Heim"), &by)?.value)
    }),
    ("admit", |it, now| admit(it, None, now)),
    ("admit: no blame", |it, now| admit(it, Some(excuse()), now)),
    ("hear-counterparty", |it, now| hearing::ask(it, now)),
    ("state", |it, now| hearing::state(it, true, now)),
    ("review", |it, now| {
        let application = prepared(refused().0);
        Ok(it
            .review(prose("Sett"), (&application).into(), &Staff::new(), &case_worker(), now)?
            .value)
    }),
    ("forward", |it, now| {
        let application = prepared(refused().0);
        Ok(it
            .forward(prose("Fastholdt"), (&application).into(), &Staff::new(), &case_worker(), now)?
            .value)
    }),
    ("renotify", |it, now| Ok(it.renotify(now)?.value)),
    ("dismiss: late", |it, now| Ok(dismiss(it, DismissalGround::Late, &second_maker(), now)?.0)),
    ("dismiss: not mended", |it, now| {
        Ok(dismiss(it, DismissalGround::NotMended, &second_maker(), now)?.0)
    }),
    ("change in favour", |it, now| {
        Ok(decide(it, lower(AppealOutcome::ChangedInFavour), &decision_maker(), now)?.0)
    }),
    ("uphold", |it, now| {
        Ok(decide(it, appeal_body(AppealOutcome::Upheld), &second_maker(), now)?.0)
    }),
    ("change", |it, now| {
        Ok(decide(it, appeal_body(AppealOutcome::Changed), &second_maker(), now)?.0)
    }),
    ("annul", |it, now| {
        Ok(decide(it, appeal_body(AppealOutcome::AnnulledReturned), &second_maker(), now)?.0)
    }),
    ("appeal body dismisses", |it, now| {
        Ok(decide(it, appeal_body(AppealOutcome::Dismissed), &second_maker(), now)?.0)
    }),
    ("withdraw", |it, now| Ok(it.withdraw(&provider_user(), now)?.value)),
    ("record-withdrawal", |it, now| Ok(it.record_withdrawal(&case_worker(), now)?.value)),
    ("claim-costs", |it, now| {
        let new = changed().1;
        costs::claim((it, new), "2026-05-09", &provider_user(), now)
    }),
    ("decide-costs", |it, now| {
        let new = changed().1;
        Ok(costs::decide((it, &new), Instance::LowerBody, &second_maker(), now)?.0)
    }),
];

#[test]
fn the_machine_of_an_appeal_is_this_table() {
    let now = at("2026-05-10T09:00:00Z");
    let withdrawn = received(IN_TIME).withdraw(&provider_user(), now).unwrap().value;
    let upheld =
        decide(forwarded(), appeal_body(AppealOutcome::Upheld), &second_maker(), now).unwrap().0;
    let late = dismiss(received(LATE), DismissalGround::Late, &second_maker(), now).unwrap().0;
    let states = vec![
        ("received: in time", received(IN_TIME)),
        ("received: late", received(LATE)),
        ("received: after a year", received("2027-03-13T09:00:00Z")),
        ("received: with defects", defective()),
        ("received: the time to mend is out", awaiting_correction()),
        ("admitted", admit(received(IN_TIME), None, now).unwrap()),
        ("admitted: late", admit(received(LATE), Some(excuse()), now).unwrap()),
        ("received: of another", withdrawal::of_another()),
        ("admitted: of another", hearing::admitted()),
        ("admitted: of another, heard", hearing::heard()),
        ("lower-body-review", reviewed()),
        ("forwarded", forwarded()),
        ("dismissed-late", late),
        ("changed-in-favour", changed().0),
        ("changed-in-favour: costs claimed", claimed()),
        ("upheld", upheld),
        ("withdrawn", withdrawn),
    ];
    let text = table(&states, &COMMANDS, |it, command| {
        command(it.clone(), now).map_or_else(
            |refusal| refusal.code.as_str().to_owned(),
            |after| format!("→ {}", after.state.status().as_str()),
        )
    });
    for (name, it) in &states {
        assert!(name.starts_with(it.state.status().as_str()), "{name}");
    }
    assert_snapshot("appeal", &text);
}

#[test]
fn the_party_appeals_in_time_until_the_norwegian_midnight_after_the_last_day() {
    assert_eq!(received(IN_TIME).missed, None);
    assert_eq!(received(LATE).missed, Some(day("2026-04-07")));
}

#[test]
fn a_late_appeal_is_taken_on_a_ground_of_section_31_and_not_without() {
    let refused = admit(received(LATE), None, at(LATE)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AppealLate);
    for ground in LateGround::ALL {
        let excuse = Some(Excuse { ground, reasons: prose("Grunn") });
        let taken = admit(received(LATE), excuse.clone(), at(LATE)).unwrap();
        let AppealState::Admitted(admission) = taken.state else { panic!("{taken:?}") };
        assert_eq!(admission.excuse, excuse);
    }
    let refused = admit(received(IN_TIME), Some(excuse()), at(LATE)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AppealInTime);
}

#[test]
fn after_one_year_an_appeal_is_never_taken() {
    // Decided on 12 March 2026.
    let last = received("2027-03-12T22:59:59Z");
    assert!(admit(last, Some(excuse()), at("2027-04-01T09:00:00Z")).is_ok());
    let too_old = received("2027-03-12T23:00:00Z");
    let refused = admit(too_old, Some(excuse()), at("2027-04-01T09:00:00Z")).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AppealTooOld);
}

#[test]
fn the_signer_of_the_decision_changes_it_in_favour_and_nothing_else() {
    let (signer, now) = (decision_maker(), at(IN_TIME));
    for ruling in [AppealOutcome::ChangedInFavour, AppealOutcome::AnnulledReturned] {
        assert!(decide(reviewed(), lower(ruling), &signer, now).is_ok());
    }
    for ruling in [
        AppealOutcome::Upheld,
        AppealOutcome::Changed,
        AppealOutcome::AnnulledReturned,
        AppealOutcome::Dismissed,
    ] {
        let refused = decide(forwarded(), appeal_body(ruling), &signer, now).unwrap_err();
        assert_eq!(refused.code, ErrorCode::SignedFirstDecision, "{ruling:?}");
    }
    let refused = dismiss(received(LATE), DismissalGround::Late, &signer, now).unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignedFirstDecision);
}

#[test]
fn whoever_prepared_the_appeal_does_not_sign_under_four_eyes() {
    let by = |actor: Actor| DecisionMaker { actor, municipality: municipality_number() };
    let refused = decide(
        forwarded(),
        appeal_body(AppealOutcome::Upheld),
        &by(case_worker().actor),
        at(IN_TIME),
    );
    assert_eq!(refused.unwrap_err().code, ErrorCode::FourEyes);
    let stranger = by(actor("Nora Berg"));
    let refused = decide(forwarded(), appeal_body(AppealOutcome::Upheld), &stranger, at(IN_TIME));
    assert_eq!(refused.unwrap_err().code, ErrorCode::ImpartialityNotDeclared);
}

#[test]
fn the_outcome_is_a_decision_of_its_own_that_nobody_appeals_against() {
    let (appeal, second) =
        decide(forwarded(), appeal_body(AppealOutcome::Upheld), &second_maker(), at(IN_TIME))
            .unwrap();
    assert_eq!(second.outcome.earlier(), Some(appeal.decision));
    assert_eq!((second.appeal.clone(), appeal.outcome()), (None, Some(second.id)));
    let about = history(&second);
    let refused = Appeal::by_party(id(30), text(), &second, &about, &provider_user(), now());
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotAppealable);
}
