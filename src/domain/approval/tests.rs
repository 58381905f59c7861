mod before_contract;
mod ending;
mod property;
mod proposal;

use chrono::TimeDelta;

use super::*;
use crate::domain::{
    decision::{DecisionOutcome, RevocationTerms},
    error::ErrorCode as RefusalCode,
    municipality::Municipality,
    offering::intake::Places,
    prior_notice::{PriorNotice, Warning},
    role::CaseWorker,
    rules::ground::RevocationGround,
    samples::{
        active, answered_notice, approved, at, case_worker, content, contract, contracted, day,
        decision_maker, frame, granted, grounded, id, line, municipality, municipality_number,
        municipality_without_four_eyes, notice, now, other_municipality_number, prose,
        provider_number, reasons, revocation_terms, revoked, revoked_before_contract, table,
    },
    snapshot::assert_snapshot,
};

/// A valid revocation; tests change parts of it.
struct Attempt {
    approval: Approval,
    notice: PriorNotice,
    grounds: Vec<RevocationGround>,
    terms: RevocationTerms,
    municipality: Municipality,
    by: DecisionMaker,
}

impl Default for Attempt {
    fn default() -> Self {
        Self {
            approval: active(),
            notice: answered_notice(),
            grounds: vec![RevocationGround::SupervisoryBreach],
            terms: revocation_terms(now()),
            municipality: municipality(),
            by: decision_maker(),
        }
    }
}

impl Attempt {
    fn revoke(self) -> Result<Change<(Approval, Decision)>, DomainError> {
        let grounds = self.grounds.into_iter().map(grounded).collect();
        let (heard, frame) = (self.notice.heard(now())?, frame(&self.municipality));
        self.approval.revoke(heard, grounds, reasons(), self.terms, &content(), frame, &self.by)
    }

    fn refused(self) -> RefusalCode {
        self.revoke().unwrap_err().code
    }

    fn error(self) -> (String, &'static str) {
        let refusal = self.revoke().unwrap_err();
        assert_eq!(refusal.code, RefusalCode::Validation, "{refusal:?}");
        (refusal.errors[0].pointer.clone(), refusal.errors[0].error.code)
    }
}

/// The first instant of May 2026 in Norway.
const LATER: &str = "2026-04-30T22:00:00Z";

fn states() -> Vec<(&'static str, Approval)> {
    vec![
        ("granted", granted()),
        ("contract from later", contracted("2026-04-01", None)),
        ("contract from today", active()),
        ("contract out", contracted("2026-01-01", Some("2026-03-11"))),
        ("provider gave notice", ending::terminated()),
        ("offering ends", ending::with_offering("2026-06-30")),
        ("lapsed", granted().offering_ends(day("2026-06-30"), ending::handover()).unwrap().value),
        ("offering has ended", ending::with_offering("2026-03-11")),
        ("revoked from later", revoked(at(LATER))),
        ("revoked from now", revoked(now())),
        ("deferred", ending::deferred()),
        ("reinstated", ending::reinstated()),
        ("revoked before contract", revoked_before_contract()),
        ("deferred before contract", ending::suspended(revoked_before_contract())),
    ]
}

/// Facts and present status of the approval.
fn label(approval: &Approval) -> String {
    let ApprovalLifecycle { state, revocation } = &approval.lifecycle;
    let lifecycle = match (revocation, state) {
        (Some(revocation), _) if revocation.suspension.is_some() => "deferred",
        (Some(_), _) => "revoked",
        (None, ContractState::Awaited(None)) => "granted",
        (None, ContractState::Awaited(Some(_))) => "lapsed",
        (None, ContractState::Recorded(_)) => "contracted",
    };
    format!("{lifecycle} ({})", approval.lifecycle.status_at(now()).as_str())
}

type Command = fn(Approval, MunicipalityNumber) -> Result<String, DomainError>;

/// Effects of appeals and of the offering on it.
const EFFECTS: [(&str, Command); 4] = [
    ("reinstate", |it, _| Ok(label(&it.reinstate(id(50), &Places::default(), now())?.value))),
    ("defer-revocation", |it, _| {
        Ok(label(&it.suspend_revocation(id(50), &Places::default(), now())?.value))
    }),
    ("end-deferral", |it, _| Ok(label(&it.end_suspension(now())?.value))),
    ("offering-ends", |it, _| {
        Ok(label(&it.offering_ends(day("2026-05-31"), ending::handover())?.value))
    }),
];

/// Every command of people; each returns the label of its result.
const COMMANDS: [(&str, Command); 5] = [
    ("record-contract", |it, of| {
        let by = DecisionMaker { municipality: of, ..decision_maker() };
        Ok(label(&it.record_contract(contract("2026-03-12", None), &by, now())?.value))
    }),
    ("annul-contract", |it, of| {
        let by = DecisionMaker { municipality: of, ..decision_maker() };
        Ok(label(&it.annul_contract(&prose("Ført på feil godkjenning"), &by, now())?.value))
    }),
    ("send-prior-notice", |it, of| {
        let by = CaseWorker { municipality: of, ..case_worker() };
        let grounds = vec![grounded(RevocationGround::TermsBreach)];
        let handled = it.handled(&by, &municipality().settings)?;
        let warning = Warning { grounds, reply_by: day("2026-03-26"), founded_on: None };
        let sent = PriorNotice::send(id(9), handled, warning, &content(), now())?;
        assert_eq!(sent.value.approval, it.id);
        Ok(label(&it))
    }),
    ("revoke", |it, of| {
        let by = DecisionMaker { municipality: of, ..decision_maker() };
        let attempt = Attempt { approval: it, by, ..Attempt::default() };
        Ok(label(&attempt.revoke()?.value.0))
    }),
    ("terminate", |it, of| {
        let by = DecisionMaker { municipality: of, ..decision_maker() };
        let content = ending::procured();
        let (reason, handover) = (prose("Endret behov"), ending::handover());
        let change = it.terminate_as_municipality(None, reason, handover, &content, &by, now())?;
        Ok(label(&change.value))
    }),
];

#[test]
fn the_machine_of_an_approval_is_this_table() {
    let now = ("now", None);
    let mut columns = vec![now];
    columns.extend(COMMANDS.map(|(name, command)| (name, Some(command))));
    columns.extend(EFFECTS.map(|(name, command)| (name, Some(command))));
    let text = table(&states(), &columns, |approval, command| match command {
        None => label(approval),
        Some(command) => command(approval.clone(), municipality_number())
            .map_or_else(|refusal| refusal.code.as_str().to_owned(), |after| format!("→ {after}")),
    });
    assert_snapshot("approval", &text);
}

#[test]
fn another_municipality_finds_nothing_whatever_the_act_and_the_state() {
    for (state, approval) in states() {
        for (name, command) in COMMANDS {
            let refusal = command(approval.clone(), other_municipality_number()).unwrap_err();
            assert_eq!(refusal.code, RefusalCode::NotFound, "{name} in {state}");
            assert_eq!((refusal.state, refusal.allowed), (None, None), "{name} in {state}");
        }
    }
}

#[test]
fn what_is_offered_as_possible_is_what_the_machine_takes() {
    for (state, approval) in states() {
        let municipal = ApprovalCommand::ALL.into_iter().filter(|command| {
            !matches!(command, ApprovalCommand::PlanFollowUp | ApprovalCommand::ChangeListing)
        });
        let guard = |command| match command {
            ApprovalCommand::Terminate => approval.may_terminate(&ending::procured(), now()),
            _ => approval.may(command, now()),
        };
        let offered: Vec<_> = municipal
            .filter(|command| guard(*command).is_ok())
            .map(ApprovalCommand::as_str)
            .collect();
        for (name, command) in COMMANDS {
            match command(approval.clone(), municipality_number()) {
                Ok(_) => assert!(offered.contains(&name), "{name} in {state}"),
                Err(refusal) => {
                    assert_eq!(refusal.code, RefusalCode::IllegalTransition, "{name} in {state}");
                    let allowed = refusal.allowed.unwrap();
                    assert!(offered.iter().all(|act| allowed.contains(act)), "{name} in {state}");
                }
            }
        }
    }
}

#[test]
fn a_contract_counts_from_the_norwegian_midnight_to_the_one_after_its_last_day() {
    // From a day in winter time to one in summer time.
    let lifecycle = contracted("2026-03-20", Some("2026-06-30")).lifecycle;
    for (instant, status) in [
        ("2026-03-19T22:59:59.999Z", ApprovalStatus::PendingContract),
        ("2026-03-19T23:00:00Z", ApprovalStatus::Active),
        ("2026-06-30T21:59:59.999Z", ApprovalStatus::Active),
        ("2026-06-30T22:00:00Z", ApprovalStatus::Expired),
    ] {
        assert_eq!(lifecycle.status_at(at(instant)), status, "{instant}");
    }
}

#[test]
fn a_contract_without_an_end_does_not_expire() {
    assert_eq!(active().lifecycle.status_at(at("2126-01-01T00:00:00Z")), ApprovalStatus::Active);
    assert_eq!(
        granted().lifecycle.status_at(at("2126-01-01T00:00:00Z")),
        ApprovalStatus::PendingContract
    );
}

#[test]
fn a_revocation_counts_from_its_instant() {
    let lifecycle = revoked(at(LATER)).lifecycle;
    assert_eq!(lifecycle.status_at(at(LATER) - TimeDelta::milliseconds(1)), ApprovalStatus::Active);
    assert_eq!(lifecycle.status_at(at(LATER)), ApprovalStatus::Revoked);
    assert_eq!(revoked(now()).lifecycle.status_at(now()), ApprovalStatus::Revoked);
}

#[test]
fn the_next_change_is_the_next_boundary() {
    let lifecycle = contracted("2026-03-20", Some("2026-06-30")).lifecycle;
    let (from, to) = (at("2026-03-19T23:00:00Z"), at("2026-06-30T22:00:00Z"));
    assert_eq!(lifecycle.next_change(now()), Some(from));
    assert_eq!(lifecycle.next_change(from), Some(to));
    assert_eq!(lifecycle.next_change(to), None);
    assert_eq!(revoked(at(LATER)).lifecycle.next_change(now()), Some(at(LATER)));
    assert_eq!(granted().lifecycle.next_change(now()), None);
}

#[test]
fn the_status_never_changes_between_two_boundaries() {
    for (state, approval) in states() {
        let lifecycle = approval.lifecycle;
        let mut boundary = at("2026-03-01T00:00:00Z");
        for hour in 0..24 * 150 {
            let instant = at("2026-03-01T00:00:00Z") + TimeDelta::hours(hour);
            while let Some(next) = lifecycle.next_change(boundary).filter(|next| *next <= instant) {
                assert!(next > boundary, "{state}: a change to come lies ahead");
                boundary = next;
            }
            let (seen, input) = (lifecycle.status_at(instant), lifecycle.status_at(boundary));
            assert_eq!(seen, input, "{state} at {instant}");
        }
    }
}

fn recorded(contract: Contract) -> (String, &'static str) {
    let refusal = granted().record_contract(contract, &decision_maker(), now()).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Validation, "{refusal:?}");
    (refusal.errors[0].pointer.clone(), refusal.errors[0].error.code)
}

#[test]
fn a_contract_is_recorded_when_it_is_signed_and_has_its_days_in_order() {
    let signed_tomorrow = Contract { signed_on: day("2026-03-13"), ..contract("2026-04-01", None) };
    assert_eq!(recorded(signed_tomorrow), ("/signedOn".to_owned(), "date-in-future"));
    let backwards = contract("2026-04-01", Some("2026-03-31"));
    assert_eq!(recorded(backwards), ("/to".to_owned(), "date-order"));
    let one_day = contracted("2026-04-01", Some("2026-04-01"));
    assert_eq!(one_day.lifecycle.contract().unwrap().number, line("2026-7"));
}

#[test]
fn a_revocation_ends_the_approval_and_is_a_decision() {
    let before = active();
    let Change { value: (approval, decision), event } =
        Attempt { terms: revocation_terms(at(LATER)), ..Attempt::default() }.revoke().unwrap();
    let revocation = approval.lifecycle.revocation.as_ref().unwrap();
    assert_eq!(revocation.decision, decision.id);
    assert_eq!(revocation.effective_at, at(LATER));
    assert_eq!(revocation.grounds, [RevocationGround::SupervisoryBreach]);
    assert_eq!(revocation.winding_down.as_ref().unwrap().until, day("2026-06-30"));
    assert_eq!(approval.lifecycle.contract_period(), before.lifecycle.contract_period());
    assert_eq!(decision.outcome.as_str(), "revoke");
    assert_eq!(decision.outcome.approval(), Some(approval.id));
    assert_eq!(decision.outcome.reasons(), Some(&reasons()));
    assert_eq!(decision.application, approved().0.id);
    assert!(decision.appeal.is_some());
    let authority = decision.authority;
    let signers = (authority.case_worker.as_str(), authority.responsible.as_str());
    assert_eq!(signers, ("Kari Nordmann", "Ola Vik"));
    assert_eq!((event.kind, event.revision), (EventKind::ApprovalRevoked, before.revision.next()));
    assert!(event.detail.contains(&("grounds", "supervisory-breach".to_owned())));
}

#[test]
fn nothing_is_revoked_before_the_provider_was_heard() {
    let attempt = Attempt { notice: notice(), ..Attempt::default() };
    assert_eq!(attempt.refused(), RefusalCode::PriorNoticeRunning);
}

#[test]
fn a_notice_about_another_approval_does_not_serve() {
    let notice = PriorNotice { approval: id(99), ..answered_notice() };
    assert_eq!(Attempt { notice, ..Attempt::default() }.refused(), RefusalCode::PriorNoticeUsed);
}

#[test]
fn a_ground_that_the_provider_was_not_warned_of_does_not_revoke() {
    for extra in [RevocationGround::TermsBreach, RevocationGround::Bankruptcy] {
        let grounds = vec![RevocationGround::SupervisoryBreach, extra];
        let refusal = Attempt { grounds, ..Attempt::default() }.revoke().unwrap_err();
        assert_eq!(refusal.code, RefusalCode::GroundNotNotified);
        assert!(refusal.detail.to_string().contains(extra.as_str()), "{}", refusal.detail);
    }
}

#[test]
fn a_ground_that_the_terms_do_not_list_does_not_revoke_even_after_a_notice() {
    let unlisted = RevocationGround::WithheldInformation;
    let notice = PriorNotice { grounds: vec![grounded(unlisted)], ..answered_notice() };
    let attempt = Attempt { notice, grounds: vec![unlisted], ..Attempt::default() };
    assert_eq!(attempt.refused(), RefusalCode::GroundNotInTerms);
}

#[test]
fn a_revocation_names_each_of_its_grounds_once_and_at_least_one() {
    let none = Attempt { grounds: vec![], ..Attempt::default() };
    assert_eq!(none.error(), ("/grounds".to_owned(), "required"));
    let twice =
        Attempt { grounds: vec![RevocationGround::SupervisoryBreach; 2], ..Attempt::default() };
    assert_eq!(twice.error(), ("/grounds/1/ground".to_owned(), "duplicate"));
}

#[test]
fn a_revocation_never_works_back_in_time() {
    let earlier = revocation_terms(now() - TimeDelta::milliseconds(1));
    let attempt = Attempt { terms: earlier, ..Attempt::default() };
    assert_eq!(attempt.error(), ("/effectiveAt".to_owned(), "date-in-past"));
}

#[test]
fn winding_down_lasts_at_least_until_the_revocation_takes_effect() {
    // The last instant of June in Norway belongs to the last day of winding down, the next does not.
    let last = revocation_terms(at("2026-06-30T21:59:59Z"));
    assert!(Attempt { terms: last, ..Attempt::default() }.revoke().is_ok());
    let too_late =
        Attempt { terms: revocation_terms(at("2026-06-30T22:00:00Z")), ..Attempt::default() };
    assert_eq!(too_late.error(), ("/windingDown/until".to_owned(), "date-order"));
}

#[test]
fn the_one_who_warned_does_not_sign_under_four_eyes() {
    let both = || DecisionMaker { actor: case_worker().actor, ..decision_maker() };
    let attempt = Attempt { by: both(), ..Attempt::default() };
    assert_eq!(attempt.refused(), RefusalCode::FourEyes);
    let municipality = municipality_without_four_eyes();
    assert!(Attempt { by: both(), municipality, ..Attempt::default() }.revoke().is_ok());
}

#[test]
fn facts_and_parties_follow_the_approval() {
    let approval = active();
    assert_eq!(
        (&approval.municipality, &approval.provider),
        (&municipality_number(), &provider_number())
    );
    let Decision { outcome, provider, municipality, .. } =
        Attempt::default().revoke().unwrap().value.1;
    assert_eq!((municipality, provider), (approval.municipality, approval.provider));
    let DecisionOutcome::Revoke { grounds, .. } = outcome else { panic!() };
    assert_eq!(grounds[0].facts, prose("Dette skjedde"));
}
