use super::*;
use crate::domain::{
    approval::ApprovalStatus,
    error::ErrorCode,
    municipality::MunicipalitySettings,
    role::Supervisor,
    rules::ground::RevocationGround,
    samples::{
        active, actor, at, day, finding, follow_up, follower, granted, grounded, id, line,
        municipality, now, other_municipality_number, prose, provider_number, provider_user,
        revoked, supervised, table,
    },
    snapshot::assert_snapshot,
};

/// The deadline to correct is out with 1 April.
const IN_TIME: &str = "2026-04-01T21:59:59Z";
const TOO_LATE: &str = "2026-04-01T22:00:00Z";

fn planned() -> FollowUp {
    follow_up(FollowUpKind::Inspection)
}

fn reported(deviations: usize) -> FollowUp {
    let found = FoundDeviation {
        facts: prose("To besøk uteble"),
        breaks: line("Kontrakten punkt 4"),
        deadline: day("2026-04-01"),
    };
    let found = vec![found; deviations];
    planned().report(day("2026-03-12"), prose("Sett"), found, supervised(), now()).unwrap().value
}

fn corrected() -> FollowUp {
    reported(1).correct(1, prose("Rettet"), &provider_user(), now()).unwrap().value
}

fn judged(accepted: bool) -> FollowUp {
    corrected().assess(1, accepted, prose("Sett på"), supervised(), now()).unwrap().value
}

fn closed() -> FollowUp {
    reported(0).close(prose("I orden"), supervised(), now()).unwrap().value
}

type Command = fn(FollowUp, Instant) -> Result<&'static str, DomainError>;

const COMMANDS: [(&str, Command); 5] = [
    ("report", |it, now| {
        let (on, by) = (day("2026-03-12"), supervised());
        Ok(it.report(on, prose("Sett"), vec![], by, now)?.value.status().as_str())
    }),
    ("correct", |it, now| {
        Ok(it.correct(1, prose("Rettet"), &provider_user(), now)?.value.status().as_str())
    }),
    ("accept", |it, now| {
        Ok(it.assess(1, true, prose("Ja"), supervised(), now)?.value.status().as_str())
    }),
    ("close", |it, now| Ok(it.close(prose("I orden"), supervised(), now)?.value.status().as_str())),
    ("found a notice", |it, now| {
        it.founds(&active(), &[grounded(RevocationGround::TermsBreach)], now).map(|()| "founds")
    }),
];

#[test]
fn the_machine_of_a_follow_up_is_this_table() {
    let states = [
        ("planned", (planned(), IN_TIME)),
        ("no deviation", (reported(0), IN_TIME)),
        ("deviation in time", (reported(1), IN_TIME)),
        ("deviation out of time", (reported(1), TOO_LATE)),
        ("corrected", (corrected(), TOO_LATE)),
        ("accepted", (judged(true), TOO_LATE)),
        ("not accepted, in time", (judged(false), IN_TIME)),
        ("not accepted, out of time", (judged(false), TOO_LATE)),
        ("authority finding", (finding(), IN_TIME)),
        ("closed", (closed(), TOO_LATE)),
    ];
    let text = table(&states, &COMMANDS, |(it, instant), command| {
        command(it.clone(), at(instant))
            .map_or_else(|refusal| refusal.code.as_str().to_owned(), |after| format!("→ {after}"))
    });
    assert_snapshot("follow-up", &text);
}

#[test]
fn one_that_is_deleted_in_the_register_is_flagged_and_never_removed_by_that_alone() {
    let approval = active();
    for entry in BusinessRegisterEntry::ALL {
        let flag = FollowUpKind::RegisterFlag { entry, on: day("2026-03-10") };
        let origin = Origin::Incident(prose("Melding fra Enhetsregisteret"));
        let flagged = FollowUp::plan(id(8), supervised(), flag, origin, now()).unwrap();
        assert_eq!(
            approval.lifecycle.status_at(at("2030-01-01T00:00:00Z")),
            ApprovalStatus::Active
        );
        let bankruptcy = [grounded(RevocationGround::Bankruptcy)];
        let founded = flagged.value.founds(&approval, &bankruptcy, now());
        assert_eq!(founded.is_ok(), entry == BusinessRegisterEntry::Bankrupt, "{entry:?}");
    }
}

#[test]
fn a_supervisory_breach_is_carried_by_the_authoritys_finding_alone() {
    let breach = [grounded(RevocationGround::SupervisoryBreach)];
    assert!(finding().founds(&active(), &breach, now()).is_ok());
    let refusal = reported(1).founds(&active(), &breach, at(TOO_LATE)).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NotFounded);
    let other = Approval { id: id(99), ..active() };
    assert_eq!(finding().founds(&other, &breach, now()).unwrap_err().code, ErrorCode::NotFounded);
}

#[test]
fn a_follow_up_is_planned_ahead_and_tells_of_what_has_happened() {
    let plan = |approval: &Approval, kind, origin| {
        let by = follower();
        let supervised = approval.supervised(&by, &municipality().settings)?;
        FollowUp::plan(id(8), supervised, kind, origin, now())
    };
    let on = |input: &str| Origin::Planned(day(input));
    let early = plan(&active(), FollowUpKind::Inspection, on("2026-03-11")).unwrap_err();
    assert_eq!(early.errors[0].pointer, "/plannedOn");
    assert!(plan(&active(), FollowUpKind::Inspection, on("2026-03-12")).is_ok());
    let flag =
        FollowUpKind::RegisterFlag { entry: BusinessRegisterEntry::Deleted, on: day("2026-03-13") };
    assert_eq!(plan(&active(), flag, on("2026-03-12")).unwrap_err().errors[0].pointer, "/on");
    assert!(plan(&granted(), FollowUpKind::Inspection, on("2026-03-12")).is_ok());
    let over = plan(&revoked(now()), FollowUpKind::Inspection, on("2026-03-12")).unwrap_err();
    assert_eq!(over.code, ErrorCode::IllegalTransition);
}

#[test]
fn only_impartial_people_of_the_municipality_and_not_of_the_provider_follow_up() {
    let (approval, settings) = (active(), municipality().settings);
    let refused = |by: &Supervisor, settings: &MunicipalitySettings| {
        approval.supervised(by, settings).unwrap_err().code
    };
    let stranger = Supervisor { municipality: other_municipality_number(), ..follower() };
    assert_eq!(refused(&stranger, &settings), ErrorCode::NotFound);
    let undeclared = Supervisor { actor: actor("Nora Berg"), ..follower() };
    assert_eq!(refused(&undeclared, &settings), ErrorCode::ImpartialityNotDeclared);
    let own = Supervisor { organisation: provider_number(), ..follower() };
    assert_eq!(refused(&own, &settings), ErrorCode::OwnProviderStaff);
    let own_provider_staff = [follower().actor.subject].into();
    let with_staff = MunicipalitySettings { own_provider_staff, ..settings };
    assert_eq!(refused(&follower(), &with_staff), ErrorCode::OwnProviderStaff);
}

#[test]
fn a_follow_up_of_another_approval_is_not_found() {
    let other = Approval { id: id(99), ..active() };
    let by = follower();
    let supervised = other.supervised(&by, &municipality().settings).unwrap();
    let refused = planned().report(day("2026-03-12"), prose("Sett"), vec![], supervised, now());
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn what_falls_due_is_the_visit_and_then_each_open_deviation() {
    let due = |it: FollowUp| {
        it.agenda().into_iter().map(|item| (item.task, item.due_at)).collect::<Vec<_>>()
    };
    let end = |input: &str| end_of_day(day(input));
    assert_eq!(due(planned()), [(Task::CarryOutFollowUp, end("2026-03-12"))]);
    let open = [Task::DeviationDue, Task::CorrectDeviation].map(|task| (task, end("2026-04-01")));
    assert_eq!(due(reported(2)), open);
    assert_eq!(due(corrected()), [(Task::DeviationDue, end("2026-03-12"))]);
    assert_eq!(due(judged(true)), []);
    assert_eq!(due(judged(false)), open);
    assert_eq!(due(closed()), []);
}
