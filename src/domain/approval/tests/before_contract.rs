//! An approval without a contract, or whose contract begins later.

use super::*;

#[test]
fn an_approval_before_its_contract_is_revoked_and_its_users_are_not_taken_over() {
    let begins_later = contracted("2026-04-01", None);
    for approval in [granted(), begins_later.clone()] {
        let terms = RevocationTerms { winding_down: None, ..revocation_terms(now()) };
        let attempt = Attempt { approval, terms, ..Attempt::default() };
        let revoked = attempt.revoke().unwrap().value.0;
        assert_eq!(revoked.lifecycle.status_at(now()), ApprovalStatus::Revoked);
        assert_eq!(revoked.lifecycle.status_at(at(LATER)), ApprovalStatus::Revoked);
        assert!(revoked.agenda().is_empty(), "no contract is awaited");
        let restored = revoked.reinstate(id(50), &Places::default(), now()).unwrap().value;
        assert_eq!(restored.lifecycle.status_at(now()), ApprovalStatus::PendingContract);
    }
    // Where citizens could choose it by then, the decision says how they are taken over.
    let terms = RevocationTerms { winding_down: None, effective_at: at(LATER) };
    for approval in [begins_later, active()] {
        let attempt = Attempt { approval, terms: terms.clone(), ..Attempt::default() };
        assert_eq!(attempt.error(), ("/windingDown".to_owned(), "required"));
    }
}

#[test]
fn a_contract_is_recorded_while_a_revocation_is_suspended_and_falls_with_it() {
    let suspended = ending::suspended(revoked_before_contract());
    let contracted =
        suspended.record_contract(contract("2026-03-12", None), &decision_maker(), now());
    let contracted = contracted.unwrap().value;
    assert_eq!(contracted.lifecycle.status_at(now()), ApprovalStatus::Active);
    let ended = contracted.end_suspension(at(LATER)).unwrap().value;
    assert_eq!(ended.lifecycle.status_at(at(LATER)), ApprovalStatus::Revoked);
}
