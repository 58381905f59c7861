//! The end of the year: every count that can be had in two ways is the same both ways.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{
    ENDING_TOWN, FAILING, PROVIDERS,
    books::{Books, count, is_of_notices, text},
    fates::{Fate, Step},
    steps::Case,
    town::Country,
};
use crate::{
    rebuild,
    world::{World, people::SERVICE},
};

pub async fn everything(world: &World, country: &Country, cases: &[Case], by_time: usize) {
    let books = Books::read(world, country, cases).await;
    each_case_has_come_where_it_should(&books, cases);
    nobody_is_refused_who_meets_every_criterion(&books);
    approvals_stand_as_they_should(&books, cases);
    decisions_add_up(&books, cases);
    every_revocation_was_heard_before(&books, country, cases).await;
    the_journal_adds_up(&books, country, cases);
    time_has_done_each_thing_once(&books, cases, by_time);
    nothing_is_left_undone(&books);
    each_notice_was_sent_and_each_period_began_with_one(&books);
    another_instance_shows_the_same(world, country, &books).await;
    // Providers, and the decision on each application.
    rebuild::is_equal(world, PROVIDERS + cases.len()).await;
    let (acts, reads, rows) = (country.acts.get(), country.reads.get(), books.journal.len());
    println!("{acts} acts, {reads} reads, {rows} journal rows, {by_time} of them by time");
}

/// Every step that is taken in all cases.
fn steps(cases: &[Case]) -> impl Iterator<Item = Step> {
    cases.iter().flat_map(|case| case.fate.steps()).map(|(_, step)| step)
}

/// How many cases take a step.
fn count_steps(cases: &[Case], step: Step) -> usize {
    steps(cases).filter(|it| *it == step).count()
}

/// The status of a case's approval at the end: where the offering has ended, so has the approval.
fn status(case: &Case) -> Option<&'static str> {
    match case.fate.approval_status() {
        Some("active") if case.town == ENDING_TOWN => Some("ended"),
        status => status,
    }
}

fn each_case_has_come_where_it_should(books: &Books, cases: &[Case]) {
    let meant = count(cases.iter().map(|case| case.fate.application_state()));
    assert_eq!(count(books.applications.iter().map(|it| text(it, "state"))), meant);
    let meant = count(steps(cases).filter_map(Step::rules));
    assert_eq!(count(books.appeals.iter().map(|it| text(it, "state"))), meant);
}

fn nobody_is_refused_who_meets_every_criterion(books: &Books) {
    for application in books.applications.iter().filter(|it| it["state"] == "refused") {
        let lines = application["case"]["lines"].as_object().unwrap();
        assert!(lines.values().any(|line| line["outcome"] == "not-met"), "{application:#}");
    }
}

fn approvals_stand_as_they_should(books: &Books, cases: &[Case]) {
    let mut choosable = BTreeSet::new();
    for (name, listed) in &books.approvals {
        let meant = cases.iter().filter(|case| status(case) == Some(name));
        let mut meant: Vec<_> = meant.map(|case| id_of(&case.approval.path)).collect();
        let mut found: Vec<_> = listed.iter().map(|it| text(it, "id")).collect();
        meant.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, meant, "{name}");
        for it in listed.iter().filter(|_| ["active", "ending"].contains(name)) {
            let whose = (text(it, "provider"), text(it, "offeringId"));
            assert!(choosable.insert(whose), "two approvals of one provider for one offering");
        }
    }
    // An approval restored after a revocation has the gap in its history.
    let gaps = |it: &&Value| it["gaps"].as_array().is_some_and(|gaps| gaps.len() == 1);
    let with_gap = books.approvals.values().flatten().filter(gaps).count();
    assert_eq!(with_gap, cases.iter().filter(|case| case.fate == Fate::Reinstated).count());
}

/// Signed, found in the journal, and numbered without a gap in each municipality and year.
fn decisions_add_up(books: &Books, cases: &[Case]) {
    let meant = count(steps(cases).filter_map(Step::signs));
    assert_eq!(count(books.decisions.iter().map(|it| text(it, "outcome"))), meant);
    let mut series: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for decision in &books.decisions {
        let (of, place) = text(decision, "number").rsplit_once('/').unwrap();
        assert!(series.entry(of).or_default().insert(place.parse().unwrap()), "{of}/{place}");
    }
    for (of, places) in &series {
        assert!(places.iter().copied().eq(1..=places.len()), "{of}: {places:?}");
    }
    let noted: BTreeSet<_> =
        books.journal.iter().filter_map(|row| row["detail"]["number"].as_str()).collect();
    let signed: BTreeSet<_> = books.decisions.iter().map(|it| text(it, "number")).collect();
    assert_eq!(noted, signed);
    // No appeal is open: each decision was upheld, or replaced on appeal.
    let replaced = |step| matches!(step, Step::ChangeRefusal | Step::ChangeRevocation);
    let first = books.decisions.iter().filter(|it| it["outcome"] != "appeal");
    let mut meant = BTreeMap::from([
        ("annulled".to_owned(), count_steps(cases, Step::ReturnRefusal)),
        ("reversed".to_owned(), steps(cases).filter(|step| replaced(*step)).count()),
    ]);
    let all = first.clone().count();
    meant.insert("final".to_owned(), all - meant.values().sum::<usize>());
    assert_eq!(count(first.map(|it| text(it, "status"))), meant);
}

/// A prior notice on the same approval had a final reply, or its time was out, before it was revoked.
async fn every_revocation_was_heard_before(books: &Books, country: &Country, cases: &[Case]) {
    for revocation in books.decisions.iter().filter(|it| it["outcome"] == "revoke") {
        let approval = text(revocation, "approvalId");
        let case = cases.iter().find(|case| case.approval.path.ends_with(approval)).unwrap();
        let maker = &country.towns[case.town].decision_maker;
        let seen = country.reads(maker, &format!("{}/case", case.approval.path)).await.json();
        let signed: DateTime<Utc> = text(revocation, "signedAt").parse().unwrap();
        let heard = |notice: &Value| {
            let mut replies = notice["replies"].as_array().unwrap().iter();
            let said_all = replies.any(|reply| {
                let at: DateTime<Utc> = text(reply, "at").parse().unwrap();
                reply["final"] == true && at <= signed
            });
            let day: NaiveDate = text(notice, "replyBy").parse().unwrap();
            said_all || day < signed.date_naive()
        };
        let notices = seen["priorNotices"].as_array().unwrap();
        assert!(notices.iter().any(heard), "{seen:#}");
    }
}

fn the_journal_adds_up(books: &Books, country: &Country, cases: &[Case]) {
    for (expected, row) in (1_i64..).zip(&books.journal) {
        assert_eq!(row["position"], expected);
    }
    let public = books.journal.iter().filter_map(|row| row["publicPosition"].as_i64());
    for (expected, found) in (1_i64..).zip(public) {
        assert_eq!(found, expected);
    }
    // One request, one command; some commands have consequences.
    let requests = books.by_request();
    assert_eq!(requests.len(), country.acts.get());
    let chains = requests.values().filter(|kinds| kinds.len() > 1).map(|kinds| kinds.join(", "));
    let chains: Vec<_> = chains.collect();
    let stood = |case: &&Case| matches!(case.fate.approval_status(), Some("active" | "revoked"));
    let ended = cases.iter().filter(|case| case.town == ENDING_TOWN).filter(stood).count();
    let ending =
        format!("offering.closure-announced{}", ", approval.ended-with-offering".repeat(ended));
    let mut meant = count(steps(cases).filter_map(Step::brings_about));
    meant.insert(ending, 1);
    assert_eq!(count(chains.iter().map(String::as_str)), meant);
    let others = books.by_time().count() + books.by_mail().count();
    let rows = requests.values().map(Vec::len).sum::<usize>() + others;
    assert_eq!(rows, books.journal.len());
}

/// An automatic event recurs only after a command in between, and the totals match the year.
fn time_has_done_each_thing_once(books: &Books, cases: &[Case], by_time: usize) {
    assert_eq!(books.by_time().count(), by_time);
    let (mut seen, mut acts) = (BTreeSet::new(), BTreeMap::<&str, usize>::new());
    for row in books.journal.iter().filter(|row| !is_of_notices(row)) {
        let subject = text(row, "subject");
        let since = acts.entry(subject).or_default();
        if row["role"] == "registry" {
            let what = (subject, text(row, "event"), row["detail"].to_string(), *since);
            assert!(seen.insert(what), "done twice: {row:#}");
        } else {
            *since += 1;
        }
    }
    let times = |step| count_steps(cases, step);
    let replaced =
        times(Step::ChangeRefusal) + times(Step::ChangeRevocation) + times(Step::ReturnRefusal);
    let first = books.decisions.iter().filter(|it| it["outcome"] != "appeal").count();
    let over = |case: &&Case| matches!(status(case), Some("ended" | "expired"));
    let meant = BTreeMap::from([
        // Each profile after a year, and a case that is sent back after more than a month.
        ("agenda.reminded", PROVIDERS + times(Step::ReturnRefusal)),
        ("application.completion-re-notified", times(Step::Dismiss)),
        ("approval.prior-notice-renotified", times(Step::Revoke)),
        ("approval.status-changed", cases.iter().filter(over).count()),
        // A decision with a late appeal becomes final twice, and the dismissal of the appeal once.
        ("decision.final", first - replaced + 2 * times(Step::DismissAppeal)),
        // Decisions, and statements to the appeal body.
        ("decision.re-notified", books.decisions.len() + times(Step::Forward)),
        ("offering.ended", 1),
    ]);
    let meant = meant.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
    assert_eq!(count(books.by_time().map(|row| text(row, "event"))), meant);
}

/// Each notice was sent, and no time to appeal began before that of its decision.
fn each_notice_was_sent_and_each_period_began_with_one(books: &Books) {
    let states = count(books.notices.iter().map(|it| text(it, "state")));
    let arrived = ["sent", "read"].map(|state| states.get(state).copied().unwrap_or_default());
    assert_eq!(arrived.iter().sum::<usize>(), books.notices.len(), "{states:?}");
    let failed: Vec<_> = books.by_mail().filter(|row| row["event"] == "notice.failed").collect();
    // A link that was refused for now is not tried again once the address is confirmed.
    assert!(failed.iter().all(|row| row["detail"]["kind"] == "confirm-address"), "{failed:#?}");
    let moot = failed.len();
    let sent = books.by_mail().filter(|row| row["event"] == "notice.sent").count();
    assert_eq!(sent, books.notices.len() + PROVIDERS - moot, "and the links to confirm");
    let retried = books.notices.iter().filter(|it| it["attempts"] != 0).count();
    assert!(retried + moot >= sent / FAILING, "{retried} of {sent} were refused at first");
    for decision in &books.decisions {
        let message = &decision["course"]["notification"];
        let (available, first) = (text(message, "availableAt"), &message["notice"]);
        assert!(text(first, "recordedAt") >= available, "{decision:#}");
        assert!(text(first, "sentOn") >= &available[..10], "{decision:#}");
    }
    let begun = books.by_mail().filter(|row| row["event"] == "message.noticed");
    assert!(begun.count() >= books.decisions.len());
}

fn nothing_is_left_undone(books: &Books) {
    let overdue: Vec<_> = books.work.iter().filter(|item| item["overdue"] == true).collect();
    assert!(overdue.is_empty(), "{overdue:#?}");
    // The remaining task is the yearly review of continuing approvals.
    assert!(books.work.iter().all(|item| item["task"] == "yearly-review"));
    assert_eq!(books.work.len(), books.approvals["active"].len());
}

/// The register built from the journal equals the register.
async fn another_instance_shows_the_same(world: &World, country: &Country, books: &Books) {
    let rebuilt = world.another_instance().await;
    let mut paths: Vec<_> = books
        .approvals
        .keys()
        .map(|status| format!("/v1/approvals?status={status}&limit=200"))
        .collect();
    paths.push("/v1/offerings?limit=200".to_owned());
    paths.extend(country.towns.iter().map(|t| format!("/v1/register/{}/{SERVICE}", t.number)));
    let feed = books.journal.iter().filter(|row| row["publicPosition"].is_i64()).count();
    paths.extend(
        (0..=feed).step_by(1000).map(|after| format!("/v1/changes?limit=1000&after={after}")),
    );
    let mut changes = 0;
    for path in paths {
        let here = world.anyone().get(&path).await.expect(200).text;
        let there = rebuilt.anyone().get(&path).await.expect(200).text;
        assert_eq!(here, there, "{path}");
        if path.starts_with("/v1/changes") {
            let page: Value = serde_json::from_str(&here).unwrap();
            for (item, place) in page["items"].as_array().unwrap().iter().zip(changes + 1..) {
                assert_eq!(text(item, "sequence"), place.to_string());
                changes = place;
            }
        }
    }
    assert_eq!(changes, feed);
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}
