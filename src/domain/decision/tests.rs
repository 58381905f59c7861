use super::*;
use crate::domain::{
    application::{
        Application,
        CriterionOutcome::{self as Assessed, Met, NotApplicable, NotMet},
    },
    approval::ApprovalLifecycle,
    error::{DomainError, ErrorCode},
    offering::{
        content::{LegalBasis, OfferingContent},
        intake::Places,
    },
    role::{Actor, CaseWorker},
    samples::{
        CRITERIA, active, actor, answered_notice, approved, assessed, at, case_worker, content,
        context, day, decision_maker, declared, declares, failing, frame, grounded, heard, id,
        line, municipality, municipality_number, municipality_without_four_eyes, note, noticed,
        now, provider_number, ready, reasons, refused, revocation_terms, under_assessment,
    },
    validation::FieldError,
};

/// How a line is closed, or that it is open.
type Closed = Option<Assessed>;
type Lines = [Closed; 3];

/// Every combination of three closed lines.
fn all_lines() -> impl Iterator<Item = Lines> {
    const OUTCOMES: [Closed; 4] = [Some(Met), Some(NotMet), Some(NotApplicable), None];
    OUTCOMES.into_iter().flat_map(|first| {
        OUTCOMES.into_iter().flat_map(move |second| OUTCOMES.map(|third| [first, second, third]))
    })
}

fn approve(application: Application) -> Result<Decision, DomainError> {
    let municipality = municipality();
    let frame = frame(&municipality);
    Ok(application
        .approve(id(6), None, (&content(), &Places::default()), frame, &decision_maker())?
        .value
        .1)
}

fn refuse(application: Application, grounds: &[RefusalGround]) -> Result<Decision, DomainError> {
    let municipality = municipality();
    let grounds = grounds.iter().copied().map(grounded).collect();
    let frame = frame(&municipality);
    let application = match application.state.case() {
        Some(_) => heard(application),
        None => application,
    };
    Ok(application.refuse(grounds, reasons(), &content(), frame, &decision_maker())?.value.1)
}

fn code_of<T>(decided: Result<T, DomainError>) -> ErrorCode {
    decided.err().unwrap().code
}

fn named(errors: &[FieldError]) -> Vec<(&str, &str)> {
    errors.iter().map(|error| (error.pointer.as_str(), error.error.code)).collect()
}

/// The criteria with this outcome, as pointers.
fn pointers_to(lines: Lines, wanted: Lines) -> Vec<String> {
    let places = CRITERIA.iter().zip(lines.into_iter().zip(wanted));
    places
        .filter(|(_, (line, wanted))| line == wanted)
        .map(|(criterion, _)| format!("/assessments/{criterion}"))
        .collect()
}

const PLAIN: [RefusalGround; 1] = [RefusalGround::CriteriaNotMet];
const LISTED: [RefusalGround; 1] = [RefusalGround::SupervisoryBreach];
const BOTH: [RefusalGround; 2] = [RefusalGround::CriteriaNotMet, RefusalGround::SupervisoryBreach];

#[test]
fn there_are_sixty_four_ways_for_three_lines() {
    assert_eq!(all_lines().count(), 64);
}

#[test]
fn an_application_is_approved_if_and_only_if_every_mandatory_criterion_is_met() {
    for lines in all_lines() {
        let closed = lines.iter().all(Option::is_some);
        let mandatory_met =
            lines.iter().take(2).all(|line| matches!(line, Some(Met | NotApplicable)));
        let approved = approve(assessed(lines));
        assert_eq!(approved.is_ok(), closed && mandatory_met, "{lines:?}: {approved:?}");
    }
}

#[test]
fn an_application_is_refused_if_and_only_if_a_mandatory_criterion_fails_or_a_listed_ground_is_given()
 {
    for lines in all_lines() {
        let closed = lines.iter().all(Option::is_some);
        let fails = lines.iter().take(2).any(|line| *line == Some(NotMet));
        let refused = |grounds: &[_]| refuse(assessed(lines), grounds).is_ok();
        assert_eq!(refused(&PLAIN), closed && fails, "{lines:?}");
        assert_eq!(refused(&LISTED), closed && !fails, "{lines:?}");
        assert_eq!(refused(&BOTH), closed && fails, "{lines:?}");
        assert!(!refused(&[]), "{lines:?}");
    }
}

#[test]
fn there_is_one_way_and_only_one_once_all_lines_are_closed() {
    for lines in all_lines() {
        let (approved, refused) = (approve(assessed(lines)), refuse(assessed(lines), &PLAIN));
        if lines.iter().all(Option::is_some) {
            assert!(approved.is_ok() != refused.is_ok(), "{lines:?}");
        } else {
            assert_eq!(code_of(approved), ErrorCode::ReviewIncomplete, "{lines:?}");
            assert_eq!(code_of(refused), ErrorCode::ReviewIncomplete, "{lines:?}");
        }
    }
}

#[test]
fn every_open_line_is_named() {
    for lines in all_lines().filter(|lines| lines.contains(&None)) {
        let open = pointers_to(lines, [None; 3]);
        let open: Vec<_> = open.iter().map(|pointer| (pointer.as_str(), "open")).collect();
        assert_eq!(named(&approve(assessed(lines)).unwrap_err().errors), open, "{lines:?}");
        assert_eq!(named(&refuse(assessed(lines), &BOTH).unwrap_err().errors), open, "{lines:?}");
    }
}

#[test]
fn every_mandatory_criterion_that_fails_is_named_and_no_optional_one() {
    for lines in all_lines().filter(|lines| !lines.contains(&None)) {
        // No line is open here, so the optional one is never counted.
        let failing = pointers_to(lines, [Some(NotMet), Some(NotMet), None]);
        let failing: Vec<_> = failing.iter().map(|pointer| (pointer.as_str(), "not-met")).collect();
        match approve(assessed(lines)) {
            Ok(_) => assert!(failing.is_empty(), "{lines:?}"),
            Err(refusal) => {
                assert_eq!(refusal.code, ErrorCode::CriteriaNotMet, "{lines:?}");
                assert_eq!(named(&refusal.errors), failing, "{lines:?}");
            }
        }
    }
}

#[test]
fn whoever_meets_everything_is_not_refused_on_the_criteria_not_even_beside_another_ground() {
    for grounds in [&PLAIN[..], &BOTH, &[]] {
        assert_eq!(code_of(refuse(ready(), grounds)), ErrorCode::NoGroundToRefuse, "{grounds:?}");
    }
}

#[test]
fn a_ground_that_the_terms_do_not_list_cannot_refuse() {
    for ground in RefusalGround::ALL.iter().copied().filter(|ground| {
        *ground != RefusalGround::CriteriaNotMet
            && !content().terms().refusal_grounds.contains(ground)
    }) {
        let refusal = refuse(ready(), &[ground]).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::GroundNotInTerms);
        assert!(refusal.detail.to_string().contains(ground.as_str()), "{}", refusal.detail);
        let beside = [RefusalGround::CriteriaNotMet, ground];
        assert_eq!(code_of(refuse(failing(), &beside)), ErrorCode::GroundNotInTerms);
    }
}

#[test]
fn a_probable_bankruptcy_refuses_where_the_terms_list_it() {
    let decision = refuse(ready(), &[RefusalGround::BankruptcyProbable]).unwrap();
    let DecisionOutcome::Refuse { grounds, .. } = decision.outcome else { panic!("{decision:?}") };
    assert_eq!(grounds, [grounded(RefusalGround::BankruptcyProbable)]);
}

#[test]
fn a_dismissal_to_another_body_names_the_right_one() {
    let municipality = municipality();
    let dismiss = |ground, right_body: Option<&str>| {
        let ground = (ground, right_body.map(line));
        ready().dismiss(ground, reasons(), frame(&municipality), &decision_maker())
    };
    let missing = dismiss(FormalGround::WrongBody, None).unwrap_err();
    assert_eq!(named(&missing.errors), [("/rightBody", "required")]);
    let other = dismiss(FormalGround::NoLegalCapacity, Some("Ålesund kommune")).unwrap_err();
    assert_eq!(named(&other.errors), [("/rightBody", "unexpected")]);
    let (_, decision) = dismiss(FormalGround::WrongBody, Some("Ålesund kommune")).unwrap().value;
    let DecisionOutcome::Dismiss { right_body, .. } = decision.outcome else { panic!() };
    assert_eq!(right_body, Some(line("Ålesund kommune")));
}

#[test]
fn a_decision_tells_of_the_courts_only_if_the_municipality_has_set_the_condition() {
    let approve = |court_condition| {
        let mut municipality = municipality();
        municipality.settings.court_condition = court_condition;
        let (content, places) = (content(), Places::default());
        let (frame, by) = (frame(&municipality), decision_maker());
        let change = ready().approve(id(6), None, (&content, &places), frame, &by).unwrap();
        change.value.1.appeal.unwrap().court_condition
    };
    assert_eq!([approve(false), approve(true)], [false, true]);
}

#[test]
fn under_a_procurement_basis_an_approval_has_reasons_and_a_stand_still() {
    let municipality = municipality();
    let approve = |basis, reasons| {
        let mut parts = crate::domain::samples::parts();
        parts.legal_basis = basis;
        let (content, places) = (OfferingContent::new(parts).unwrap(), Places::default());
        let (frame, by) = (frame(&municipality), decision_maker());
        let change = ready().approve(id(6), reasons, (&content, &places), frame, &by)?;
        Ok::<_, DomainError>(change.value.1)
    };
    for (basis, days, rules) in [
        (LegalBasis::ProcurementUserChoice, 10, "anskaffelsesforskriften §§ 30-8 og 30-9"),
        (LegalBasis::FrameworkAgreement, 10, "anskaffelsesforskriften §§ 30-8 og 30-9"),
        (LegalBasis::Concession, 10, "konsesjonskontraktforskriften §§ 14-5 og 14-6"),
    ] {
        let bare = approve(basis, None).unwrap_err();
        assert_eq!(named(&bare.errors), [("/reasons", "required")], "{basis:?}");
        let decision = approve(basis, Some(reasons())).unwrap();
        let rule = decision.stand_still().unwrap();
        assert_eq!((rule.days, rule.rules), (days, rules), "{basis:?}");
        let on_paper = Decision { channel: Channel::Paper, ..decision };
        assert_eq!(on_paper.stand_still().unwrap().days, 15);
    }
    let open_to_all = approve(LegalBasis::Act31OpenToAll, None).unwrap();
    assert_eq!(open_to_all.stand_still(), None);
}

#[test]
fn a_ground_is_named_once() {
    let [listed] = LISTED;
    let refusal =
        refuse(ready(), &[listed, RefusalGround::BankruptcyProbable, listed]).unwrap_err();
    assert_eq!(named(&refusal.errors), [("/grounds/2/ground", "duplicate")]);
}

#[test]
fn a_criterion_that_is_not_met_is_always_among_the_grounds() {
    for grounds in [&LISTED[..], &[]] {
        let refusal = refuse(failing(), grounds).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Validation);
        assert_eq!(named(&refusal.errors), [("/grounds", "criteria-ground-missing")]);
    }
}

/// The case worker's person, as a signer.
fn assessor() -> DecisionMaker {
    DecisionMaker { actor: case_worker().actor, municipality: municipality_number() }
}

#[test]
fn the_one_who_assessed_does_not_sign_under_four_eyes() {
    let municipality = municipality();
    let approved = ready().approve(
        id(6),
        None,
        (&content(), &Places::default()),
        frame(&municipality),
        &assessor(),
    );
    assert_eq!(code_of(approved), ErrorCode::FourEyes);
    let grounds = PLAIN.map(grounded).to_vec();
    let refused =
        failing().refuse(grounds, reasons(), &content(), frame(&municipality), &assessor());
    assert_eq!(code_of(refused), ErrorCode::FourEyes);
}

#[test]
fn one_closed_line_is_enough_to_be_barred_from_signing() {
    let second = CaseWorker { actor: decision_maker().actor, ..case_worker() };
    let criterion = content().criteria()[2].code.clone();
    let note = note("Sett");
    let twice_assessed = ready().assess(criterion, Met, note, &second, context()).unwrap().value;
    assert_eq!(code_of(approve(twice_assessed)), ErrorCode::FourEyes);
}

#[test]
fn one_person_may_do_both_where_the_municipality_has_said_so() {
    let municipality = municipality_without_four_eyes();
    let signed = ready().approve(
        id(6),
        None,
        (&content(), &Places::default()),
        frame(&municipality),
        &assessor(),
    );
    let authority = signed.unwrap().value.1.authority;
    assert_eq!(authority.case_worker, authority.responsible);
}

#[test]
fn nobody_signs_without_being_impartial() {
    let sign = |application: Application, actor: Actor| {
        let (municipality, maker) = (municipality(), DecisionMaker { actor, ..decision_maker() });
        code_of(application.approve(
            id(6),
            None,
            (&content(), &Places::default()),
            frame(&municipality),
            &maker,
        ))
    };
    let stranger_to_the_case = actor("Ida Lie");
    assert_eq!(sign(ready(), stranger_to_the_case), ErrorCode::ImpartialityNotDeclared);
    let ola = decision_maker().actor;
    let barred = declares(ready(), ola.clone(), false);
    assert_eq!(sign(barred, ola), ErrorCode::NotImpartial);
}

#[test]
fn nothing_is_decided_before_the_assessment_or_twice() {
    for application in [declared(), approved().0, refused().0] {
        assert_eq!(code_of(approve(application.clone())), ErrorCode::IllegalTransition);
        assert_eq!(code_of(refuse(application, &BOTH)), ErrorCode::IllegalTransition);
    }
    assert_eq!(code_of(approve(under_assessment())), ErrorCode::ReviewIncomplete);
}

#[test]
fn a_decision_says_who_answers_for_it() {
    let decision = approve(ready()).unwrap();
    assert_eq!(
        decision.authority,
        Authority {
            body: line("Kommunedirektøren"),
            delegation: line("Delegeringsreglementet punkt 4"),
            case_worker: line("Kari Nordmann"),
            responsible: line("Ola Vik"),
        }
    );
    assert_eq!((decision.id, decision.number), (id(5), line("4204-2026/17")));
    assert_eq!(decision.municipality, municipality_number());
    assert_eq!(decision.provider, provider_number());
    assert_eq!((decision.signed_at, decision.channel), (now(), Channel::Electronic));
    assert_eq!(decision.regime.as_str(), "fvl-1967");
}

#[test]
fn an_approval_may_come_without_reasons_and_a_refusal_never_does() {
    let approving = approve(ready()).unwrap();
    assert_eq!((approving.outcome.as_str(), approving.outcome.reasons()), ("approve", None));
    assert_eq!(approved().1.outcome.reasons(), Some(&reasons()));
    let (_, refusing) = refused();
    assert_eq!((refusing.outcome.as_str(), refusing.outcome.approval()), ("refuse", None));
    assert_eq!(refusing.outcome.reasons(), Some(&reasons()));
}

#[test]
fn an_approving_decision_gives_an_approval_that_waits_for_its_contract() {
    let (application, decision, approval) = approved();
    assert_eq!(decision.outcome.approval(), Some(approval.id));
    assert_eq!((approval.decision, approval.granted_at), (decision.id, decision.signed_at));
    assert_eq!((approval.application, approval.offering), (application.id, application.offering));
    assert_eq!(approval.version, application.state.case().unwrap().version());
    assert_eq!(approval.zones, application.dossier.zones);
    assert_eq!((approval.service, approval.provider), (application.service, application.provider));
    assert_eq!(approval.lifecycle, ApprovalLifecycle::GRANTED);
}

#[test]
fn the_last_day_to_appeal_passes_over_easter() {
    let last_day = |decision: &Decision| {
        let history = noticed(history::DecisionHistory::begin(decision, line("signer")));
        history.appeal_period().last_day()
    };
    assert_eq!(last_day(&approve(ready()).unwrap()), Some(day("2026-04-07")));
    assert_eq!(last_day(&refused().1), Some(day("2026-04-07")));
}

#[test]
fn a_case_keeps_the_act_of_the_day_on_which_it_began() {
    let municipality = municipality();
    for (first, regime) in [
        ("2026-03-11", Regime::Fvl2025),
        ("2026-03-12", Regime::Fvl2025),
        ("2026-03-13", Regime::Fvl1967),
    ] {
        let commencement = Some(day(first));
        let later = at("2026-04-20T09:00:00Z");
        let frame = SigningContext { commencement, now: later, ..frame(&municipality) };
        let approved = ready()
            .approve(
                id(6),
                None,
                (&content(), &Places::default()),
                frame.clone(),
                &decision_maker(),
            )
            .unwrap();
        assert_eq!(approved.value.1.regime, regime, "received 2026-03-12, first day {first}");
        let (notice, by) = (answered_notice(), decision_maker());
        let (heard, terms) = (notice.heard(later).unwrap(), revocation_terms(later));
        let grounds = vec![grounded(RevocationGround::SupervisoryBreach)];
        let revoked =
            active().revoke(heard, grounds, reasons(), terms, &content(), frame, &by).unwrap();
        assert_eq!(revoked.value.1.regime, regime, "warned 2026-03-12, first day {first}");
    }
}
