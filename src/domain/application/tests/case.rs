//! Impartiality in an application, preliminary answer, succession, and due items.

use super::{
    machine::{assess, awaiting, challenged, own, withdrawn},
    *,
};
use crate::domain::{
    approval::Approval,
    rules::impartiality::{BarringGround, ImpartialityAnswer, ImpartialityFinding, Staff, Whom},
    samples::{active, granted, prose},
};

fn due(it: &Application) -> Vec<(&'static str, String)> {
    let text = |at: crate::domain::values::time::Instant| at.format("%F %R").to_string();
    it.agenda().iter().map(|item| (item.task.as_str(), text(item.due_at))).collect()
}

fn answered(it: Application, expected_by: &str) -> Answered {
    let day = day(expected_by);
    it.send_preliminary_answer(day, prose("Mange søknader"), &case_worker(), context())
}

#[test]
fn the_preliminary_answer_is_due_a_month_after_the_receipt_unrolled() {
    // 12 April 2026 is a Sunday: a time limit that binds the authority warns on the day itself.
    let received = submitted();
    assert_eq!(received.state.case().unwrap().preliminary_answer_due(), day("2026-04-12"));
    let later = answered(under_assessment(), "2026-05-29").unwrap().value;
    let case = later.state.case().unwrap();
    assert_eq!(
        (case.preliminary_answer_due(), case.expected_by()),
        (day("2026-05-29"), day("2026-05-29"))
    );
    let sent = &case.preliminary_answers[0];
    assert_eq!(sent.sent_at, now());
    // A serious delay needs another preliminary answer (fvl 2025 § 17).
    let again = answered(later, "2026-07-01").unwrap().value;
    assert_eq!(again.state.case().unwrap().preliminary_answers.len(), 2);
    assert_eq!(again.state.as_str(), "under-assessment");
}

#[test]
fn a_preliminary_answer_names_a_day_to_come_and_is_sent_by_somebody_impartial() {
    let error = only_error(answered(under_assessment(), "2026-03-12"));
    assert_eq!(error, ("/expectedBy".to_owned(), "date-in-past"));
    let refusal = answered(submitted(), "2026-05-29").unwrap_err();
    assert_eq!(refusal.code, RefusalCode::ImpartialityNotDeclared);
}

#[test]
fn what_falls_due_follows_the_state() {
    let month = [
        ("warn-one-month", "2026-04-11 22:00".to_owned()),
        ("send-preliminary-answer", "2026-04-12 22:00".to_owned()),
    ];
    let with = |task, at: &str| [vec![(task, at.to_owned())], month.to_vec()].concat();
    assert_eq!(due(&submitted()), with("start-assessment", "2026-03-12 23:00"));
    // The sample offering announces one month.
    assert_eq!(due(&under_assessment()), with("assess", "2026-04-12 22:00"));
    let waits = ["complete-application", "resume-or-decide"].map(|it| (it, "2026-03-26 23:00"));
    let waits = [waits[0], waits[1], ("renotify", "2026-03-19 23:00")];
    let waits = waits.map(|(task, at)| (task, at.to_owned()));
    assert_eq!(due(&awaiting()), [&month[..], &waits].concat());
    assert_eq!(due(&ready()), with("sign", "2026-04-12 22:00"));
    let mut expected = with("start-assessment", "2026-03-12 23:00");
    expected.push(("rule-on-impartiality", "2026-03-12 23:00".to_owned()));
    assert_eq!(due(&challenged()), expected);
    for over in [draft(), approved().0, refused().0, withdrawn(submitted())] {
        assert_eq!(due(&over), []);
    }
}

#[test]
fn a_challenged_case_worker_does_nothing_until_another_has_ruled() {
    let cast = own();
    let whom = Whom::Key(cast.worker.actor.subject.clone());
    let left_to_superior = under_assessment()
        .challenge_impartiality(whom.clone(), note("Svoger"), &cast.provider, now())
        .unwrap()
        .value;
    let refused =
        assess(left_to_superior.clone(), CriterionOutcome::Met, &cast.worker).unwrap_err();
    assert_eq!(refused.code, RefusalCode::ImpartialityUnsettled);
    let rule = |it: Application, able: bool, by: &DecisionMaker| {
        let (ground, note) = (BarringGround::SpecialCircumstances, note("Fjernt slektskap"));
        let finding = ImpartialityFinding::new(able, Some(ground), Some(note)).unwrap();
        it.rule_on_impartiality(whom.clone(), finding, None, &Staff::new(), by, now())
    };
    let herself = DecisionMaker { actor: cast.worker.actor.clone(), ..decision_maker() };
    let refused = rule(left_to_superior.clone(), true, &herself).unwrap_err();
    assert_eq!(refused.code, RefusalCode::RulingOnOneself);
    let able = rule(left_to_superior.clone(), true, &cast.maker).unwrap().value;
    assert!(assess(able, CriterionOutcome::Met, &cast.worker).is_ok());
    let barred = rule(left_to_superior, false, &cast.maker).unwrap().value;
    let refused = assess(barred, CriterionOutcome::Met, &cast.worker).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotImpartial);
}

#[test]
fn the_subordinate_of_a_barred_superior_prepares_the_case_but_does_not_sign() {
    let (siv, ola) = (actor("Siv Sjef"), decision_maker());
    let handler = crate::domain::samples::handler;
    let input = ImpartialityAnswer::Own(ImpartialityFinding::Able(None));
    let under = ready()
        .declare_impartiality(
            input,
            Some(siv.subject.clone()),
            &Staff::new(),
            &handler(ola.actor.clone()),
            now(),
        )
        .unwrap()
        .value;
    let sign = |it: Application| {
        let municipality = municipality();
        it.approve(id(6), None, (&content(), &Places::default()), frame(&municipality), &ola)
            .map_err(|no| no.code)
    };
    assert!(sign(under.clone()).is_ok());
    let barred = declares(under, siv, false);
    assert_eq!(sign(barred.clone()), Err(RefusalCode::SuperiorNotImpartial));
    let worker = CaseWorker { actor: ola.actor.clone(), ..case_worker() };
    assert!(assess(barred, CriterionOutcome::Met, &worker).is_ok());
}

#[test]
fn nobody_of_the_own_provider_assesses_asks_or_signs() {
    let mut municipality = municipality();
    let staff = [case_worker().actor.subject, decision_maker().actor.subject];
    municipality.settings.own_provider_staff = staff.into();
    let content = content();
    let places = Places::default();
    let case_context = guard::CaseContext {
        municipality: &municipality,
        content: &content,
        places: &places,
        now: now(),
    };
    let acts = [
        (under_assessment(), ApplicationCommand::Assess, case_worker().actor),
        (under_assessment(), ApplicationCommand::RequestCompletion, case_worker().actor),
        (under_assessment(), ApplicationCommand::SendPreliminaryAnswer, case_worker().actor),
        (declared(), ApplicationCommand::StartAssessment, case_worker().actor),
        (ready(), ApplicationCommand::Decide, decision_maker().actor),
        (ready(), ApplicationCommand::Dismiss, decision_maker().actor),
        (challenged(), ApplicationCommand::RuleOnImpartiality, decision_maker().actor),
    ];
    for (it, act, by) in acts {
        let refusal = it.guard(act, &by, case_context).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::OwnProviderStaff, "{act:?}");
    }
    let signed = ready().approve(
        id(6),
        None,
        (&content, &Places::default()),
        frame(&municipality),
        &decision_maker(),
    );
    assert_eq!(signed.unwrap_err().code, RefusalCode::OwnProviderStaff);
}

#[test]
fn a_merged_provider_needs_a_new_application_linked_to_the_old_approval() {
    let old = Approval { provider: other_provider_number(), ..active() };
    let successor = draft();
    let link = successor.successor_to(Some(&old)).unwrap();
    let linked = successor
        .change_draft(None, vec![], Some(link), &content(), &provider_user())
        .unwrap()
        .value;
    assert_eq!(linked.dossier.succeeds, Some(old.id));
    // Nothing is transferred: it is assessed like any other.
    assert_eq!(linked.missing(&content()), draft().missing(&content()));
    assert_eq!(linked.state, ApplicationState::Draft);
    let error = |approval: Option<&Approval>| {
        draft().successor_to(approval).unwrap_err().errors[0].error.code
    };
    let elsewhere = Approval { offering: id(77), ..old.clone() };
    assert_eq!(error(Some(&elsewhere)), "another-offering");
    assert_eq!(error(Some(&active())), "same-organisation");
    let secret = Approval { provider: other_provider_number(), ..granted() };
    assert_eq!(error(Some(&secret)), "unknown-approval");
    assert_eq!(error(None), "unknown-approval");
}
