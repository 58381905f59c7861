mod age;
mod barred;
mod case;
mod completion;
mod disclosure;
mod evidence;
mod files;
mod guards;
mod machine;
mod property;
mod version;

use std::collections::BTreeMap;

use super::{guard::CaseContext, *};
use crate::domain::{
    decision::{Decision, DecisionOutcome as Decided},
    error::{ErrorCode as RefusalCode, ErrorKind as RefusalKind},
    offering::{content::OfferingContent, intake::Places},
    role::{Actor, CaseHandler, CaseParty, CaseWorker, DecisionMaker, ProviderUser},
    rules::ground::RefusalGround,
    samples::{
        CRITERIA, actor, admission, answer, approved, assessed, at, case_worker, code,
        complete_draft, contact, content, context, day, decision_maker, declared, declares,
        document, draft, evidence, failing, file, frame, grounded, id, line, municipality,
        municipality_number, note, now, other_municipality_number, other_provider_number,
        provider_user, published, ready, reasons, refused, submitted, table, under_assessment,
    },
    snapshot::assert_snapshot,
    validation::FieldError,
    values::ids::DecisionId,
};
use machine::{Answered, COMMANDS, assess, awaiting, own, states, strangers};

fn pointers(errors: &[FieldError]) -> Vec<&str> {
    errors.iter().map(|error| error.pointer.as_str()).collect()
}

fn only_error(answered: Answered) -> (String, &'static str) {
    let refusal = answered.unwrap_err();
    assert_eq!((refusal.code, refusal.errors.len()), (RefusalCode::Validation, 1), "{refusal:?}");
    (refusal.errors[0].pointer.clone(), refusal.errors[0].error.code)
}

#[test]
fn the_machine_of_an_application_is_this_table() {
    let commands = COMMANDS.map(|(name, _, command)| (name, command));
    let text = table(&states(), &commands, |state, command| {
        command(state.clone(), &own()).map_or_else(
            |refusal| refusal.code.as_str().to_owned(),
            |change| format!("→ {}", change.value.state.as_str()),
        )
    });
    assert_snapshot("application", &text);
}

#[test]
fn a_mandatory_criterion_is_inapplicable_only_if_it_says_to_whom_it_applies() {
    let mut parts = crate::domain::samples::parts();
    for criterion in &mut parts.criteria {
        criterion.applies_to = None;
    }
    let for_everyone = OfferingContent::new(parts).unwrap();
    let municipality = municipality();
    let close = |criterion: &str, content: &OfferingContent| {
        let context = CaseContext {
            municipality: &municipality,
            content,
            places: &Places::default(),
            now: now(),
        };
        let outcome = CriterionOutcome::NotApplicable;
        failing().assess(code(criterion), outcome, note("Sett"), &case_worker(), context)
    };
    let refused = only_error(close(CRITERIA[0], &for_everyone));
    assert_eq!(refused, ("/outcome".to_owned(), "applies-to-everyone"));
    assert!(close(CRITERIA[2], &for_everyone).is_ok(), "an optional one");
    assert!(close(CRITERIA[0], &content()).is_ok());
}

#[test]
fn a_stranger_finds_nothing_whatever_the_act_and_the_state() {
    for (state, application) in states() {
        for (name, _, command) in COMMANDS {
            let refusal = command(application.clone(), &strangers()).unwrap_err();
            assert_eq!(refusal.code, RefusalCode::NotFound, "{name} in {state}");
            assert_eq!((refusal.state, refusal.allowed), (None, None), "{name} in {state}");
        }
    }
}

#[test]
fn a_municipality_knows_nothing_of_what_was_never_submitted() {
    for (state, application) in states() {
        let never = state.starts_with("draft") || state == "withdrawn: as a draft";
        let found = application.handled_by(&municipality_number());
        assert_eq!(found.is_err(), never, "{state}");
    }
}

#[test]
fn what_is_offered_as_possible_is_never_refused_for_the_state() {
    for (state, application) in states() {
        for (name, act, command) in COMMANDS {
            let Err(refusal) = command(application.clone(), &own()) else {
                assert!(act.possible_in(&application.state), "{name} in {state}");
                continue;
            };
            let for_the_state =
                matches!(refusal.code, RefusalCode::IllegalTransition | RefusalCode::NotFound);
            assert_eq!(for_the_state, !act.possible_in(&application.state), "{name} in {state}");
            if refusal.code == RefusalCode::IllegalTransition {
                let possible = ApplicationCommand::ALL
                    .into_iter()
                    .filter(|act| act.possible_in(&application.state));
                let possible: Vec<_> = possible.map(ApplicationCommand::as_str).collect();
                assert_eq!(refusal.state, Some(application.state.as_str()));
                assert_eq!(refusal.allowed, Some(possible), "{name} in {state}");
            }
        }
    }
}

#[test]
fn every_accepted_act_is_one_revision_and_one_event_about_the_application() {
    for (state, application) in states() {
        for (name, _, command) in COMMANDS {
            let Ok(Change { value, event }) = command(application.clone(), &own()) else {
                continue;
            };
            assert_eq!(value.revision, application.revision.next(), "{name} in {state}");
            assert_eq!(event.revision, value.revision, "{name} in {state}");
            assert_eq!(event.subject, Subject::Application(application.id));
            assert_eq!(event.municipality, Some(municipality_number()));
            assert_eq!(event.provider, Some(application.provider.clone()));
            assert!(event.kind.as_str().starts_with("application."), "{name} in {state}");
        }
    }
}

#[test]
fn an_empty_draft_is_told_of_everything_that_is_missing() {
    let (offering, _) = published();
    let (open, admission) = (offering.open(now()).unwrap(), admission(&content(), now()));
    let submitted = draft().submit(open, &content(), admission, line("1"), &provider_user());
    let refusal = submitted.unwrap_err();
    assert_eq!(refusal.code, RefusalCode::ApplicationIncomplete);
    assert_eq!(
        pointers(&refusal.errors),
        [
            "/contact",
            "/zones",
            "/answers/tax-and-duties",
            "/evidence/-",
            "/answers/police-certificates",
            "/evidence/-",
            "/answers/languages",
        ]
    );
    assert!(refusal.errors.iter().all(|error| error.error.code == "required"));
    let asked_for =
        |kind: &str| refusal.errors.iter().any(|f| f.error.detail.to_string().contains(kind));
    assert!(asked_for("tax-certificate") && asked_for(POLICE_CERTIFICATE));
    assert!(!asked_for("language-plan"), "an optional criterion demands no evidence");
}

#[test]
fn each_missing_part_is_named_alone() {
    let without = |change: fn(&mut Dossier)| {
        let mut application = complete_draft();
        change(&mut application.dossier);
        let missing = application.missing(&content()).into_vec();
        missing.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
    };
    assert_eq!(without(|_| ()), [""; 0]);
    assert_eq!(without(|dossier| dossier.contact = None), ["/contact"]);
    assert_eq!(without(|dossier| dossier.zones.clear()), ["/zones"]);
    for criterion in CRITERIA {
        let mut application = complete_draft();
        application.dossier.answers.remove(&code(criterion));
        let missing = application.missing(&content()).into_vec();
        assert_eq!(pointers(&missing), [format!("/answers/{criterion}")]);
    }
    // Evidence counts for its own criterion and kind only.
    assert_eq!(without(|dossier| drop(dossier.evidence.remove(0))), ["/evidence/-"]);
    assert_eq!(without(|d| d.evidence[0].kind = code("other")), ["/evidence/-"]);
    assert_eq!(without(|d| d.evidence[0].criterion = code(CRITERIA[2])), ["/evidence/-"]);
}

#[test]
fn a_zone_that_a_newer_version_lacks_stops_the_submission() {
    let mut application = complete_draft();
    application.dossier.zones.push(code("nord"));
    let missing = application.missing(&content()).into_vec();
    assert_eq!(pointers(&missing), ["/zones/1"]);
    assert_eq!(missing[0].error.code, "unknown-zone");
}

#[test]
fn a_submission_pins_the_version_and_makes_a_receipt() {
    let application = submitted();
    let case = application.state.case().unwrap();
    assert_eq!(case.receipt.reference, line("4204-2026/9"));
    assert_eq!((case.receipt.received_at, case.receipt.version), (now(), VersionNumber(1)));
    assert_eq!(application.version(VersionNumber(2)), VersionNumber(1));
    assert_eq!(draft().version(VersionNumber(2)), VersionNumber(2));
}

#[test]
fn a_draft_is_saved_with_gaps_but_not_with_an_unknown_zone() {
    let save = |zones| draft().change_draft(None, zones, None, &content(), &provider_user());
    assert_eq!(save(vec![]).unwrap().value.dossier, Dossier::default());
    let error = only_error(save(vec![code("vest"), code("nord")]));
    assert_eq!(error, ("/zones/1".to_owned(), "unknown-zone"));
}

#[test]
fn an_answer_given_again_replaces_the_first() {
    let no = CriterionAnswer { declared_met: false, text: None };
    let say =
        |it: Application, input| it.answer(code(CRITERIA[0]), input, &content(), &provider_user());
    let first = say(draft(), answer()).unwrap().value;
    let second = say(first, no.clone()).unwrap().value;
    assert_eq!(second.dossier.answers, BTreeMap::from([(code(CRITERIA[0]), no)]));
}

#[test]
fn a_criterion_that_the_offering_lacks_is_not_found() {
    let answered = draft().answer(code("colour"), answer(), &content(), &provider_user());
    assert_eq!(answered.unwrap_err().code, RefusalCode::NotFound);
    let (colour, worker) = (code("colour"), case_worker());
    let assessed =
        under_assessment().assess(colour, CriterionOutcome::Met, note("Sett"), &worker, context());
    assert_eq!(assessed.unwrap_err().code, RefusalCode::NotFound);
}

fn attached(change: impl FnOnce(&mut Evidence)) -> Answered {
    let mut piece = evidence(8, CRITERIA[1], POLICE_CERTIFICATE);
    change(&mut piece);
    draft().attach(piece, &content(), &provider_user(), now())
}

#[test]
fn a_police_certificate_never_comes_as_a_file() {
    assert!(attached(|_| ()).is_ok());
    let error = only_error(attached(|piece| piece.document = Some(document())));
    assert_eq!(error, ("/document".to_owned(), "police-certificate-file"));
    let other_kind = attached(|piece| {
        piece.kind = code("tax-certificate");
        piece.document = Some(document());
    });
    assert_eq!(other_kind.unwrap().value.dossier.evidence[0].document, Some(document()));
}

#[test]
fn evidence_is_issued_today_at_the_latest_and_runs_out_after_it_is_issued() {
    assert!(attached(|piece| piece.issued_on = day("2026-03-12")).is_ok());
    let error = only_error(attached(|piece| piece.issued_on = day("2026-03-13")));
    assert_eq!(error, ("/issuedOn".to_owned(), "date-in-future"));
    assert!(attached(|piece| piece.expires_on = Some(piece.issued_on)).is_ok());
    let error = only_error(attached(|piece| piece.expires_on = piece.issued_on.pred_opt()));
    assert_eq!(error, ("/expiresOn".to_owned(), "date-order"));
}

#[test]
fn today_is_the_norwegian_day() {
    let late = at("2026-03-12T23:00:00Z");
    let mut piece = evidence(8, CRITERIA[0], "tax-certificate");
    piece.issued_on = day("2026-03-13");
    assert!(draft().attach(piece, &content(), &provider_user(), late).is_ok());
}

#[test]
fn all_faults_of_a_piece_of_evidence_are_named_at_once() {
    let refusal = attached(|piece| {
        piece.criterion = code("colour");
        piece.document = Some(document());
        piece.issued_on = day("2026-03-13");
        piece.expires_on = Some(day("2026-03-01"));
    });
    let errors = refusal.unwrap_err().errors;
    assert_eq!(pointers(&errors), ["/criterion", "/document", "/issuedOn", "/expiresOn"]);
}

#[test]
fn nobody_assesses_before_declaring_to_be_impartial() {
    let kari = case_worker().actor;
    let start =
        |it: Application| it.start_assessment(&case_worker(), context()).map_err(|no| no.code);
    assert_eq!(start(submitted()), Err(RefusalCode::ImpartialityNotDeclared));
    let another = declares(submitted(), actor("Ida Lie"), true);
    assert_eq!(start(another), Err(RefusalCode::ImpartialityNotDeclared));
    let disqualified = declares(submitted(), kari.clone(), false);
    assert_eq!(start(disqualified.clone()), Err(RefusalCode::NotImpartial));
    assert!(start(declares(disqualified, kari, true)).is_ok());
}

#[test]
fn the_last_declaration_counts_also_in_the_middle_of_a_case() {
    let barred = declares(under_assessment(), case_worker().actor, false);
    let refusal = assess(barred, CriterionOutcome::Met, &case_worker()).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotImpartial);
    assert_eq!(refusal.kind(), RefusalKind::Forbidden);
    let another = CaseWorker { actor: actor("Ida Lie"), ..case_worker() };
    let undeclared = assess(under_assessment(), CriterionOutcome::Met, &another).unwrap_err();
    assert_eq!(undeclared.code, RefusalCode::ImpartialityNotDeclared);
}

#[test]
fn a_person_is_known_by_key_and_not_by_name() {
    let namesake = Actor { subject: line("issuer|another"), ..case_worker().actor };
    let refusal = declares(submitted(), namesake, true).start_assessment(&case_worker(), context());
    assert_eq!(refusal.unwrap_err().code, RefusalCode::ImpartialityNotDeclared);
}

#[test]
fn a_line_can_be_closed_otherwise_until_the_decision() {
    let ready = assess(failing(), CriterionOutcome::NotApplicable, &case_worker()).unwrap().value;
    let lines = &ready.state.case().unwrap().lines;
    assert_eq!(
        (lines.len(), lines[&code(CRITERIA[0])].outcome),
        (3, CriterionOutcome::NotApplicable)
    );
}

#[test]
fn a_decided_application_names_its_decision() {
    let (application, decision, approval) = approved();
    assert_eq!(application.state.decision(), Some(decision.id));
    assert!(matches!(decision.outcome, Decided::Approve { approval: id, .. } if id == approval.id));
    assert_eq!(ready().state.decision(), None::<DecisionId>);
}
