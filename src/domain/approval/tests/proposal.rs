//! A revocation without a prior notice needs two people.

use super::*;
use crate::domain::{
    prior_notice::{Exception, ExceptionKind},
    role::Actor,
    rules::impartiality::{BarringGround, ImpartialityAnswer, ImpartialityFinding, Staff},
    samples::approval_handler,
};

const GROUND: RevocationGround = RevocationGround::TermsBreach;

fn exception() -> Exception {
    Exception { kind: ExceptionKind::NotPossible, reasons: prose("Brukerne er uten hjelp") }
}

/// Under contract, with a proposal of that person.
fn proposed_by(actor: Actor) -> Approval {
    let (approval, by) = (active(), CaseWorker { actor, ..case_worker() });
    let handled = approval.handled(&by, &municipality().settings).unwrap();
    let grounds = vec![grounded(GROUND)];
    Approval::propose_revocation(handled, exception(), grounds, &content(), now()).unwrap().value
}

fn revoke(
    approval: Approval,
    ground: RevocationGround,
    municipality: &Municipality,
) -> Result<(Approval, Decision), DomainError> {
    let (proposal, exception) = (approval.proposal.clone().unwrap(), exception());
    let (heard, terms) = (proposal.excuses(&exception)?, revocation_terms(now()));
    let (grounds, by) = (vec![grounded(ground)], decision_maker());
    let frame = frame(municipality);
    Ok(approval.revoke(heard, grounds, reasons(), terms, &content(), frame, &by)?.value)
}

#[test]
fn one_person_proposes_a_revocation_without_notice_and_another_signs_it() {
    let proposed = proposed_by(case_worker().actor);
    assert_eq!(proposed.revision, active().revision, "the public resource stays as it is");
    let (revoked, decision) = revoke(proposed, GROUND, &municipality()).unwrap();
    assert_eq!(decision.authority.case_worker, case_worker().actor.name);
    assert_eq!(decision.authority.responsible, decision_maker().actor.name);
    assert_eq!(revoked.proposal, None, "it serves one revocation");
}

#[test]
fn nobody_signs_an_own_proposal_not_even_where_four_eyes_are_not_required() {
    for municipality in [municipality(), municipality_without_four_eyes()] {
        let proposed = proposed_by(decision_maker().actor);
        let refused = revoke(proposed, GROUND, &municipality).unwrap_err();
        assert_eq!(refused.code, RefusalCode::FourEyes);
    }
}

#[test]
fn only_grounds_that_were_proposed_revoke() {
    let proposed = proposed_by(case_worker().actor);
    let refused = revoke(proposed, RevocationGround::Bankruptcy, &municipality()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::GroundNotNotified);
}

#[test]
fn what_a_person_prepared_who_is_barred_later_revokes_nothing() {
    let barred = ImpartialityFinding::Barred(BarringGround::Kin, None);
    let declare = |approval: Approval| {
        let (answer, by) =
            (ImpartialityAnswer::Own(barred.clone()), approval_handler(case_worker().actor));
        approval.declare_impartiality(answer, None, &Staff::new(), &by, now()).unwrap().value
    };
    let proposed = declare(proposed_by(case_worker().actor));
    let refused = revoke(proposed, GROUND, &municipality()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::PriorNoticeMissing);
    let attempt = Attempt { approval: declare(active()), ..Attempt::default() };
    assert_eq!(attempt.refused(), RefusalCode::PriorNoticeMissing);
}

#[test]
fn a_proposal_names_grounds_that_the_terms_list_and_needs_an_approval_that_lasts() {
    let by = case_worker();
    let propose = |approval: &Approval, grounds: &[RevocationGround]| {
        let handled = approval.handled(&by, &municipality().settings).unwrap();
        let grounds = grounds.iter().copied().map(grounded).collect();
        Approval::propose_revocation(handled, exception(), grounds, &content(), now())
    };
    let refused = propose(&active(), &[]).unwrap_err();
    assert_eq!((refused.code, &*refused.errors[0].pointer), (RefusalCode::Validation, "/grounds"));
    assert!(propose(&granted(), &[GROUND]).is_ok());
    let refused = propose(&revoked(now()), &[GROUND]).unwrap_err();
    assert_eq!(refused.code, RefusalCode::IllegalTransition);
}
