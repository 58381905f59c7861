use super::*;
use crate::domain::{
    decision::{SigningContext, history::DecisionHistory},
    error::ErrorCode,
    rules::impartiality::{BarringGround, ImpartialityAnswer, ImpartialityFinding},
    samples::{
        actor, approval_handler, approved, case_worker, decision_maker, frame, id, municipality,
        municipality_number, now, reasons, revoked_by,
    },
};

/// A revoked approval whose provider has the person on its board.
fn revoked_with_board_member(person: Actor) -> Approval {
    let ground = BarringGround::LeadsOrSitsOnBoard;
    let answer = ImpartialityAnswer::Own(ImpartialityFinding::Barred(ground, None));
    let by = approval_handler(person);
    revoked_by().0.declare_impartiality(answer, None, &Staff::new(), &by, now()).unwrap().value
}

#[test]
fn a_deferral_of_a_revocation_asks_impartiality_in_the_approvals_case() {
    let (decision, municipality) = (revoked_by().1, municipality());
    let suspend = |case: DecidedCase<'_>| {
        let signer = decision_maker().actor.subject;
        let history = DecisionHistory::begin(&decision, signer);
        let context = SigningContext { id: id(15), ..frame(&municipality) };
        let change = history.suspend_effect(
            true,
            reasons(),
            (&decision, case),
            context,
            &decision_maker(),
        )?;
        Ok::<_, DomainError>(change.value.1)
    };
    // The same person is impartial in the application's case.
    let (application, approval) = (approved().0, revoked_with_board_member(decision_maker().actor));
    assert!(suspend((&application).into()).is_ok());
    assert_eq!(suspend((&approval).into()).unwrap_err().code, ErrorCode::NotImpartial);
    let signed = suspend((&revoked_by().0).into()).unwrap();
    assert_eq!(signed.authority.case_worker, case_worker().actor.name);
}

#[test]
fn the_case_of_a_revocation_is_handled_and_signed_by_those_who_declared_there() {
    let (approval, settings) = (revoked_by().0, municipality().settings);
    let stranger = actor("Nora Berg");
    let refused = DecidedCase::from(&approval).may_be_handled(&stranger, &Staff::new());
    assert_eq!(refused.unwrap_err().code, ErrorCode::ImpartialityNotDeclared);
    assert_eq!(
        DecidedCase::from(&approval).may_be_signed(&decision_maker().actor, &settings),
        Ok(())
    );
    let by = DecisionMaker { actor: stranger, municipality: municipality_number() };
    let refused = DecidedCase::from(&approval).may_be_signed(&by.actor, &settings);
    assert_eq!(refused.unwrap_err().code, ErrorCode::ImpartialityNotDeclared);
}
