//! Notice, end of the offering, suspended effect and reinstatement, and the stand-still.

use super::*;
use crate::domain::approval::StandStill;
use crate::domain::{
    agenda::Task,
    offering::content::{ContentParts, LegalBasis},
    role::ProviderUser,
    samples::{other_provider_number, parts, provider_user},
    values::time::end_of_day,
};

/// Users are taken over by the municipality at the end of June 2027.
pub(super) fn handover() -> WindingDown {
    let (until, taken_over_by) = (day("2027-06-30"), line("Kommunens hjemmetjeneste"));
    WindingDown { until, taken_over_by, plan: None }
}

/// An offering that rests on procurement by user choice.
pub(super) fn procured() -> OfferingContent {
    based_on(LegalBasis::ProcurementUserChoice)
}

fn based_on(legal_basis: LegalBasis) -> OfferingContent {
    OfferingContent::new(ContentParts { legal_basis, ..parts() }).unwrap()
}

fn give_notice(approval: Approval, on: Option<&str>) -> Result<Change<Approval>, DomainError> {
    let on = on.map(day);
    approval.terminate_as_provider(on, Some(handover()), &content(), &provider_user(), now())
}

pub(super) fn terminated() -> Approval {
    give_notice(active(), None).unwrap().value
}

pub(super) fn with_offering(on: &str) -> Approval {
    contracted("2026-01-01", None).offering_ends(day(on), handover()).unwrap().value
}

pub(super) fn deferred() -> Approval {
    suspended(revoked(now()))
}

pub(super) fn suspended(approval: Approval) -> Approval {
    approval.suspend_revocation(id(40), &Places::default(), now()).unwrap().value
}

pub(super) fn reinstated() -> Approval {
    revoked(now()).reinstate(id(40), &Places::default(), now()).unwrap().value
}

fn status(approval: &Approval, instant: &str) -> ApprovalStatus {
    approval.lifecycle.status_at(at(instant))
}

#[test]
fn after_notice_it_can_be_chosen_until_the_last_day_is_over_and_not_after() {
    // Three months of notice from 12 March.
    let approval = terminated();
    let termination = approval.lifecycle.contract_period().unwrap().termination.clone().unwrap();
    assert_eq!(termination.effective_on, day("2026-06-12"));
    assert_eq!(termination.given_on, day("2026-03-12"));
    assert_eq!(status(&approval, "2026-06-12T21:59:59Z"), ApprovalStatus::Ending);
    assert!(ApprovalStatus::Ending.is_choosable());
    assert_eq!(status(&approval, "2026-06-12T22:00:00Z"), ApprovalStatus::Ended);
    assert!(!ApprovalStatus::Ended.is_choosable());
    assert_eq!(approval.lifecycle.next_change(now()), Some(at("2026-06-12T22:00:00Z")));
}

#[test]
fn notice_is_never_shorter_than_the_terms_say_and_may_be_longer() {
    let refusal = give_notice(active(), Some("2026-06-11")).unwrap_err();
    let error = &refusal.errors[0];
    assert_eq!((error.pointer.as_str(), error.error.code), ("/effectiveOn", "notice-too-short"));
    assert!(error.error.detail.to_string().contains("2026-06-12"), "{}", error.error.detail);
    assert!(give_notice(active(), Some("2026-06-12")).is_ok());
    assert!(give_notice(active(), Some("2026-09-30")).is_ok());
    let refusal = give_notice(active(), Some("2027-07-01")).unwrap_err();
    assert_eq!(refusal.errors[0].pointer, "/windingDown/until");
}

#[test]
fn notice_that_is_given_stays_and_belongs_to_the_provider_alone() {
    let again = give_notice(terminated(), None).unwrap_err();
    assert_eq!(again.code, RefusalCode::IllegalTransition);
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    let refused = active().terminate_as_provider(None, None, &content(), &stranger, now());
    assert_eq!(refused.unwrap_err().code, RefusalCode::NotFound);
}

#[test]
fn the_municipality_ends_nobody_by_notice_where_all_who_qualify_are_approved() {
    let end = |content: &OfferingContent| {
        let (reason, by) = (prose("Færre brukere"), decision_maker());
        active().terminate_as_municipality(None, reason, handover(), content, &by, now())
    };
    for basis in [LegalBasis::Act311, LegalBasis::Act31OpenToAll] {
        let refusal = end(&based_on(basis)).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::TerminationNeedsGround, "{basis:?}");
        assert_eq!(refusal.detail.key(), "termination-needs-ground.detail");
        let guard = active().may_terminate(&based_on(basis), now());
        assert_eq!(guard.unwrap_err().code, RefusalCode::TerminationNeedsGround);
    }
    let change = end(&procured()).unwrap();
    assert_eq!(change.event.kind, EventKind::ApprovalTerminated);
    let termination =
        change.value.lifecycle.contract_period().unwrap().termination.clone().unwrap();
    assert_eq!(termination.effective_on, day("2026-09-12"), "six months");
    assert_eq!(termination.given_by.as_str(), "municipality");
}

#[test]
fn the_contracts_own_last_day_comes_first_where_it_is_first() {
    let short = contracted("2026-01-01", Some("2026-05-31"));
    let approval = give_notice(short, None).unwrap().value;
    assert_eq!(status(&approval, "2026-05-31T21:59:59Z"), ApprovalStatus::Active);
    assert_eq!(status(&approval, "2026-05-31T22:00:00Z"), ApprovalStatus::Expired);
    assert_eq!(status(&approval, "2026-12-31T12:00:00Z"), ApprovalStatus::Expired);
}

#[test]
fn the_offering_takes_its_approvals_with_it_also_those_that_never_began() {
    let approval = with_offering("2026-06-30");
    assert_eq!(status(&approval, "2026-06-30T21:59:59Z"), ApprovalStatus::Ending);
    assert_eq!(status(&approval, "2026-06-30T22:00:00Z"), ApprovalStatus::Ended);
    let lapsed = granted().offering_ends(day("2026-06-30"), handover()).unwrap().value;
    assert_eq!(status(&lapsed, "2026-06-30T21:59:59Z"), ApprovalStatus::PendingContract);
    assert_eq!(status(&lapsed, "2026-06-30T22:00:00Z"), ApprovalStatus::Ended);
    let early = granted().offering_ends(day("2027-07-01"), handover()).unwrap_err();
    assert_eq!(early.errors[0].pointer, "/windingDown/until");
}

#[test]
fn a_deferred_revocation_has_no_effect_until_the_deferral_ends() {
    let approval =
        revoked(at(LATER)).suspend_revocation(id(40), &Places::default(), now()).unwrap().value;
    assert_eq!(status(&approval, "2030-01-01T00:00:00Z"), ApprovalStatus::Active);
    assert_eq!(approval.lifecycle.next_change(now()), None);
    assert!(approval.lifecycle.contract_period().unwrap().gaps.is_empty(), "it never took effect");
    let ended = at("2026-08-03T10:00:00Z");
    let approval = approval.end_suspension(ended).unwrap().value;
    assert_eq!(status(&approval, "2026-08-03T09:59:59Z"), ApprovalStatus::Active);
    assert_eq!(approval.lifecycle.status_at(ended), ApprovalStatus::Revoked);
    let revocation = approval.lifecycle.revocation.as_ref().unwrap();
    assert_eq!(revocation.effective_at, ended);
    let until = revocation.winding_down.as_ref().unwrap().until;
    assert_eq!(until, day("2026-08-03"), "served until then");
    // Ended before the decided instant, it takes effect when it was decided to.
    let early =
        revoked(at(LATER)).suspend_revocation(id(40), &Places::default(), now()).unwrap().value;
    let early = early.end_suspension(at("2026-03-20T10:00:00Z")).unwrap().value;
    assert_eq!(early.lifecycle.revocation.as_ref().unwrap().effective_at, at(LATER));
}

#[test]
fn a_revocation_that_had_taken_effect_leaves_its_gap() {
    let (from, to) = (at(LATER), at("2026-07-01T08:00:00Z"));
    for approval in [
        revoked(from).reinstate(id(40), &Places::default(), to).unwrap().value,
        revoked(from).suspend_revocation(id(40), &Places::default(), to).unwrap().value,
    ] {
        let gaps = &approval.lifecycle.contract_period().unwrap().gaps;
        assert_eq!(*gaps, [RevocationGap { from, to, revoked_by: id(5), by: id(40) }]);
        assert_eq!(status(&approval, "2026-04-01T00:00:00Z"), ApprovalStatus::Active);
        assert_eq!(status(&approval, "2026-06-30T12:00:00Z"), ApprovalStatus::Revoked);
        assert_eq!(approval.lifecycle.status_at(to), ApprovalStatus::Active);
    }
    let before = revoked(from).reinstate(id(40), &Places::default(), now()).unwrap().value;
    assert!(before.lifecycle.contract_period().unwrap().gaps.is_empty());
    assert_eq!(before.lifecycle.status_at(to), ApprovalStatus::Active);
}

#[test]
fn a_deferral_that_ends_in_reinstatement_keeps_both_times_without_approval() {
    let approval = revoked(now())
        .suspend_revocation(id(40), &Places::default(), at("2026-03-20T10:00:00Z"))
        .unwrap();
    let approval = approval.value.end_suspension(at("2026-04-20T10:00:00Z")).unwrap().value;
    let approval =
        approval.reinstate(id(41), &Places::default(), at("2026-05-20T10:00:00Z")).unwrap().value;
    let gaps = &approval.lifecycle.contract_period().unwrap().gaps;
    assert_eq!(gaps.iter().map(|gap| gap.by).collect::<Vec<_>>(), [id(40), id(41)]);
    assert_eq!(gaps[1].from, at("2026-04-20T10:00:00Z"));
    assert_eq!(status(&approval, "2026-05-20T10:00:00Z"), ApprovalStatus::Active);
}

#[test]
fn what_was_revoked_ends_with_its_offering_all_the_same() {
    let approval = deferred().offering_ends(day("2026-06-30"), handover()).unwrap().value;
    assert_eq!(status(&approval, "2026-06-30T21:59:59Z"), ApprovalStatus::Ending);
    assert_eq!(status(&approval, "2026-06-30T22:00:00Z"), ApprovalStatus::Ended);
    let approval =
        approval.reinstate(id(41), &Places::default(), at("2026-07-20T10:00:00Z")).unwrap().value;
    assert_eq!(status(&approval, "2026-07-20T10:00:00Z"), ApprovalStatus::Ended);
}

fn stand_still(basis: LegalBasis) -> Approval {
    let day = basis.stand_still(day("2026-03-12"), true);
    Approval { stand_still: day.map(StandStill::Until), ..granted() }
}

#[test]
fn the_stand_still_lasts_ten_days_from_the_day_after_dispatch_and_fifteen_on_paper() {
    for basis in
        [LegalBasis::ProcurementUserChoice, LegalBasis::Concession, LegalBasis::FrameworkAgreement]
    {
        // The tenth day is a Sunday.
        assert_eq!(basis.stand_still(day("2026-03-12"), true), Some(day("2026-03-23")));
        // It is Good Friday; the next working day is the Tuesday after Easter.
        assert_eq!(basis.stand_still(day("2027-03-16"), true), Some(day("2027-03-30")));
        assert_eq!(basis.stand_still(day("2026-03-12"), false), Some(day("2026-03-27")));
    }
    for basis in [LegalBasis::Act311, LegalBasis::Act31OpenToAll] {
        assert_eq!(basis.stand_still(day("2026-03-12"), true), None);
    }
    assert_eq!(granted().stand_still, None);
}

#[test]
fn no_contract_is_recorded_before_the_stand_still_is_over() {
    let record = |basis, instant: &str| {
        let contract = contract("2026-04-01", None);
        stand_still(basis).record_contract(contract, &decision_maker(), at(instant))
    };
    let procurement = LegalBasis::ProcurementUserChoice;
    // The last second of 23 March in Norway, and the next.
    let refusal = record(procurement, "2026-03-23T22:59:59Z").unwrap_err();
    assert_eq!(refusal.code, RefusalCode::StandStill);
    assert!(refusal.detail.to_string().contains("2026-03-23"), "{}", refusal.detail);
    assert!(record(procurement, "2026-03-23T23:00:00Z").is_ok());
    assert!(record(LegalBasis::Act31OpenToAll, "2026-03-12T09:00:00Z").is_ok());
}

#[test]
fn what_falls_due_is_the_contract_and_then_each_change_that_time_brings() {
    let due = |approval: &Approval| {
        approval.agenda().into_iter().map(|item| (item.task, item.due_at)).collect::<Vec<_>>()
    };
    let end_of_day = |input: &str| end_of_day(day(input));
    assert_eq!(due(&granted()), [(Task::RecordContract, end_of_day("2026-03-12"))]);
    let waiting = stand_still(LegalBasis::FrameworkAgreement);
    assert_eq!(due(&waiting), [(Task::RecordContract, end_of_day("2026-03-24"))]);
    let later = contracted("2026-04-01", Some("2026-06-30"));
    assert_eq!(
        due(&later),
        [
            (Task::StatusChange, at("2026-03-31T22:00:00Z")),
            (Task::StatusChange, at("2026-06-30T22:00:00Z"))
        ]
    );
    let review = (Task::YearlyReview, end_of_day("2027-03-12"));
    assert_eq!(due(&active()), [review], "begun when it was recorded");
    let reviewed = active().reviewed(day("2027-02-01")).value;
    assert_eq!(due(&reviewed), [(Task::YearlyReview, end_of_day("2028-02-01"))]);
    assert_eq!(due(&revoked(now())), [], "told by the decision");
    assert_eq!(due(&revoked(at(LATER))), [(Task::StatusChange, at(LATER))]);
    assert_eq!(due(&terminated()), [(Task::StatusChange, at("2026-06-12T22:00:00Z"))]);
}

#[test]
fn one_that_is_full_stays_listed_and_its_add_ons_are_its_own() {
    let listing = Listing {
        capacity: ListingCapacity::Full,
        capacity_on: day("2026-03-12"),
        details: ListingDetails {
            times_of_day: TimesOfDay::new(vec![TimeOfDay::Evening]).unwrap(),
            ..ListingDetails::default()
        },
        confirmed_at: at("2020-01-01T00:00:00Z"),
    };
    let by = provider_user();
    let change = active().change_listing(listing.clone(), &by, now()).unwrap();
    assert_eq!(change.event.kind, EventKind::ListingChanged);
    assert!(change.value.lifecycle.status_at(now()).is_choosable());
    assert_eq!(change.value.listing.as_ref().unwrap().confirmed_at, now(), "putting confirms");
    let later = at("2027-03-12T09:00:00Z");
    let confirmed = change.value.confirm_listing(&by, later).unwrap().value;
    assert_eq!(confirmed.listing.unwrap().confirmed_at, later);
    let none = active().confirm_listing(&by, now()).unwrap_err();
    assert_eq!(none.code, RefusalCode::NotFound);
    let over = revoked(now()).change_listing(listing, &by, now()).unwrap_err();
    assert_eq!(over.code, RefusalCode::IllegalTransition);
}

#[test]
fn the_last_day_on_which_one_can_be_chosen_is_the_first_end_that_is_set() {
    let until = |approval: Approval| approval.lifecycle.available_until();
    assert_eq!(until(granted()), None);
    assert_eq!(until(active()), None);
    assert_eq!(until(contracted("2026-03-12", Some("2027-03-11"))), None, "the ordinary end");
    assert_eq!(until(terminated()), Some(day("2026-06-12")));
    assert_eq!(until(with_offering("2026-05-31")), Some(day("2026-05-31")));
    assert_eq!(until(revoked(at(LATER))), Some(day("2026-04-30")), "from the first of May");
    assert_eq!(until(revoked(at("2026-05-01T10:00:00Z"))), Some(day("2026-05-01")));
    assert_eq!(until(deferred()), None);
    let first = revoked(at(LATER)).offering_ends(day("2026-03-31"), handover()).unwrap().value;
    assert_eq!(until(first), Some(day("2026-03-31")));
}

#[test]
fn a_change_of_status_is_told_once_and_only_when_there_is_one() {
    let approval = terminated();
    let change = approval.clone().status_changed(at("2026-06-12T22:00:00Z")).unwrap();
    assert_eq!(change.event.kind, EventKind::ApprovalStatusChanged);
    assert_eq!(change.event.detail, [("status", "ended".to_owned())]);
    assert_eq!(change.value.lifecycle, approval.lifecycle, "it tells, and decides nothing");
    assert_eq!(approval.status_changed(at("2026-06-11T22:00:00Z")), None);
}

#[test]
fn who_is_approved_without_an_end_needs_no_second_approval_in_the_same_zones() {
    let refused = |approval: &Approval, application: &Application| {
        approval.leaves_room_for(application).err().map(|refusal| refusal.code)
    };
    let again = crate::domain::samples::complete_draft();
    let already = Some(RefusalCode::AlreadyApproved);
    for (state, approval) in [("granted", granted()), ("under contract", active())] {
        assert_eq!(refused(&approval, &again), already, "{state}");
    }
    for (state, approval) in [
        ("with a last day", contracted("2026-03-12", Some("2027-03-11"))),
        ("notice given", terminated()),
        ("the offering ends", with_offering("2026-06-30")),
        ("revoked", revoked(now())),
    ] {
        assert_eq!(refused(&approval, &again), None, "{state}");
    }
    let mut elsewhere = again.clone();
    elsewhere.dossier.zones = vec![crate::domain::samples::code("ost")];
    assert_eq!(refused(&active(), &elsewhere), None);
    let mut other = again;
    other.provider = other_provider_number();
    assert_eq!(refused(&active(), &other), None);
}

#[test]
fn an_approval_that_was_never_valid_is_revoked_though_the_terms_do_not_say_so_but_never_unheard() {
    let ground = RevocationGround::InvalidDecision;
    assert!(!content().terms().revocation_grounds.contains(&ground));
    let attempt = Attempt { grounds: vec![ground], ..Attempt::default() };
    assert_eq!(attempt.refused(), RefusalCode::GroundNotNotified);

    let (approval, by) = (active(), case_worker());
    let handled = approval.handled(&by, &municipality().settings).unwrap();
    let grounds = vec![grounded(ground)];
    let warning = Warning { grounds, reply_by: day("2026-03-26"), founded_on: None };
    let sent = PriorNotice::send(id(9), handled, warning, &content(), now()).unwrap().value;
    let notice = sent.answer(prose("Vi er enige"), true, &provider_user(), now()).unwrap().value;
    let attempt = Attempt { notice, grounds: vec![ground], ..Attempt::default() };
    assert_eq!(
        attempt.revoke().unwrap().value.0.lifecycle.revocation.as_ref().unwrap().grounds,
        [ground]
    );
}
