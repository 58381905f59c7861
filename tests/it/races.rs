//! Concurrent commands on PostgreSQL: each of two has read rows that the other changes. The journal is held, so
//! that the first waits at its end with all its reads and writes; then the second begins, on another instance.

use actix_web::{http::Method, rt, web};
use godkjent::{
    domain::rules::daily_limit::CHANGES_PER_DAY,
    jobs::{self, evidence::remove_unused},
};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};

use crate::{
    intake::concession_for_one,
    offering_life::ending,
    world::{
        Answer, KRISTIANSAND, PROVIDER, Person, Request, World, bpa_content, files,
        people::{Assessed, SERVICE, profile, reasons, settings, synthetic_number},
    },
};

/// Tests for PostgreSQL only: SQLite has one writer.
macro_rules! on_postgres {
    ($($name:ident),+ $(,)?) => { mod on_postgres { $(
        #[actix_web::test]
        async fn $name() {
            if let Some(world) = crate::world::World::on_postgres().await {
                super::$name(world).await;
            }
        }
    )+ } };
}

on_postgres!(
    of_two_changes_of_one_thing_the_second_is_stale,
    of_two_who_create_the_same_provider_the_second_is_stale,
    of_two_who_start_the_same_offering_the_second_hears_of_the_first,
    the_same_request_on_two_instances_is_done_once,
    the_last_place_goes_to_one,
    a_provider_has_one_open_application,
    the_daily_limit_counts_what_is_under_way,
    what_is_approved_while_the_end_is_announced_ends_with_it,
    who_becomes_partial_meanwhile_does_not_decide,
    numbers_of_cases_follow_each_other,
    a_file_that_a_case_is_shown_is_not_removed,
    what_falls_due_while_a_command_runs_is_done_after_it,
    side_by_side_nobody_waits_for_another,
    a_command_in_a_deadlock_changes_nothing_and_is_sent_again,
);

/// A transaction waits no longer for a lock.
const LOCK_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// Rows locked by another session.
struct HeldRows(Client);

impl HeldRows {
    async fn of(table: &str, world: &World) -> Self {
        let (client, socket) = tokio_postgres::connect(&world.database_url(), NoTls).await.unwrap();
        rt::spawn(socket);
        client.batch_execute("BEGIN").await.unwrap();
        let held = Self(client);
        held.lock(table).await;
        held
    }

    async fn journal(world: &World) -> Self {
        Self::of("journal_head", world).await
    }

    async fn lock(&self, table: &str) {
        self.0.batch_execute(&format!("SELECT FROM {table} FOR UPDATE")).await.unwrap();
    }

    /// Returns when so many transactions wait for a lock, the last of them that of a task.
    async fn until_waiting<T>(&self, many: i64, task: &JoinHandle<T>) {
        let waiting = "SELECT count(*) FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let begin = std::time::Instant::now();
        loop {
            self.0.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
            let row = self.0.query_one(waiting, &[]).await.unwrap();
            if row.get::<_, i64>(0) >= many {
                return;
            }
            if task.is_finished() {
                return;
            }
            assert!(begin.elapsed() < LOCK_TIMEOUT, "{many} do not wait for a lock");
            tokio::task::yield_now().await;
        }
    }

    async fn release(self) {
        self.0.batch_execute("COMMIT").await.unwrap();
    }
}

/// The second is sent when the first has done all but the end of the journal, and waits too before that is free.
async fn interleave(world: &World, [first, second]: [Request; 2]) -> [Answer; 2] {
    let journal = HeldRows::journal(world).await;
    let first = rt::spawn(first.send());
    journal.until_waiting(1, &first).await;
    let second = rt::spawn(second.send());
    journal.until_waiting(2, &second).await;
    assert!(!first.is_finished(), "{:?}", first.await);
    assert!(!second.is_finished(), "{:?}", second.await);
    journal.release().await;
    [first.await.unwrap(), second.await.unwrap()]
}

fn statuses(answers: &[Answer; 2]) -> [u16; 2] {
    answers.each_ref().map(|answer| answer.status.as_u16())
}

/// A command at the present revision, as read at `seen`.
async fn act(who: &Person, seen: &str, method: Method, path: &str) -> Request {
    let etag = who.get(seen).await.expect(200).etag();
    who.request(method, path).header("If-Match", &etag)
}

async fn decision(who: &Person, application: &str) -> Request {
    let path = format!("/v1/applications/{application}");
    let request = act(who, &path, Method::POST, &format!("{path}/decision")).await;
    request.json(&json!({"outcome": "approve", "reasons": reasons()}))
}

async fn of_two_changes_of_one_thing_the_second_is_stale(world: World) {
    let editor = world.editor();
    let draft = format!("/v1/offerings/{}/draft", editor.drafts(SERVICE, bpa_content()).await);
    let other = world.another_instance().await.editor();
    let mut requests = vec![];
    for (who, title) in [(&editor, "Den første"), (&other, "Den andre")] {
        let patch = json!({"title": {"nb": title}}).to_string();
        let request = act(who, &draft, Method::PATCH, &draft).await;
        requests.push(request.body("application/merge-patch+json", patch));
    }
    let answers = interleave(&world, requests.try_into().ok().unwrap()).await;
    assert_eq!(statuses(&answers), [200, 412], "{answers:?}");
    assert_eq!(editor.get(&draft).await.json()["content"]["title"]["nb"], "Den første");
}

async fn of_two_who_create_the_same_provider_the_second_is_stale(world: World) {
    let path = format!("/v1/providers/{PROVIDER}");
    let create = |who: Person| {
        let request = who.request(Method::PUT, &path).header("If-None-Match", "*");
        request.json(&profile("Eksempel AS"))
    };
    let other = world.another_instance().await.provider();
    let answers = interleave(&world, [create(world.provider()), create(other)]).await;
    assert_eq!(statuses(&answers), [200, 412], "{answers:?}");
}

fn drafting(who: &Person) -> Request {
    let body = json!({"service": SERVICE, "content": bpa_content()});
    who.request(Method::POST, "/v1/offerings").json(&body)
}

async fn of_two_who_start_the_same_offering_the_second_hears_of_the_first(world: World) {
    let other = world.another_instance().await.editor();
    let requests = [drafting(&world.editor()), drafting(&other)];
    let [first, second] = interleave(&world, requests).await;
    let problem = second.problem(409, "offering-exists");
    assert!(problem.to_string().contains(&first.expect(201).header("location")), "{problem}");
}

async fn the_same_request_on_two_instances_is_done_once(world: World) {
    let keyed = |who: &Person| drafting(who).header("Idempotency-Key", "\"one\"");
    let other = world.another_instance().await.editor();
    let [first, second] = interleave(&world, [keyed(&world.editor()), keyed(&other)]).await;
    assert_eq!(
        (first.status.as_u16(), second.header("idempotency-replayed")),
        (201, "true".into())
    );
    assert_eq!(first.text, second.text);
    assert_eq!(world.auditor().audits().await.len(), 1);
}

async fn submit_application(provider: &Person, offering: &str) -> String {
    let application = provider.drafts_application(offering).await;
    provider.completes(&application).await;
    provider.submits(&application).await.expect(200);
    application
}

async fn the_last_place_goes_to_one(world: World) {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    world.registered_providers().await;
    let offering = town.publish(SERVICE, concession_for_one()).await;
    let mut requests = vec![];
    let makers = [world.decision_maker(), world.another_instance().await.decision_maker()];
    for (provider, maker) in [world.provider(), world.other_provider()].iter().zip(&makers) {
        let application = submit_application(provider, &offering).await;
        world.assess(&application, Assessed::AllMet).await;
        requests.push(decision(maker, &application).await);
    }
    let [first, second] = interleave(&world, requests.try_into().ok().unwrap()).await;
    first.expect(201);
    second.problem(409, "offering-full");
}

async fn a_provider_has_one_open_application(world: World) {
    let offering = world.published_offering().await;
    world.registered_providers().await;
    let start = |who: Person| {
        who.request(Method::POST, "/v1/applications").json(&json!({"offeringId": offering}))
    };
    let other = world.another_instance().await.provider();
    let [first, second] = interleave(&world, [start(world.provider()), start(other)]).await;
    let problem = second.problem(409, "duplicate-application");
    assert!(problem.to_string().contains(&first.expect(201).header("location")), "{problem}");
}

async fn the_daily_limit_counts_what_is_under_way(world: World) {
    let case = world.create_contract().await;
    let (provider, path) = (world.provider(), format!("/v1/providers/{PROVIDER}"));
    // The registration was today, too.
    for number in 1..CHANGES_PER_DAY - 1 {
        let request = act(&provider, &path, Method::PUT, &path).await;
        request.json(&profile(&format!("Navn {number} AS"))).send().await.expect(200);
    }
    let own = act(&provider, &path, Method::PUT, &path).await.json(&profile("Det siste AS"));
    let listing = format!("/v1/approvals/{}", case.approval);
    let other = world.another_instance().await.provider();
    let (seen, listing) = (format!("{listing}/case"), format!("{listing}/listing"));
    let patch = json!({"capacity": "open"}).to_string();
    let listed = act(&other, &seen, Method::PATCH, &listing).await;
    let listed = listed.body("application/merge-patch+json", patch);
    let [first, second] = interleave(&world, [own, listed]).await;
    first.expect(200);
    second.problem(429, "too-many-changes");
}

async fn what_is_approved_while_the_end_is_announced_ends_with_it(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let maker = world.another_instance().await.decision_maker();
    maker.declares_impartiality(&case.application).await.expect(200);
    let offering = format!("/v1/offerings/{}", case.offering);
    let (draft, closure) = (format!("{offering}/draft"), format!("{offering}/closure"));
    let closure = act(&world.editor(), &draft, Method::POST, &closure).await.json(&ending());
    let answers = interleave(&world, [closure, decision(&maker, &case.application).await]).await;
    assert_eq!(statuses(&answers), [200, 201], "{answers:?}");
    let journal = world.auditor().audits_without_notices().await;
    assert_eq!(journal.last().unwrap()["event"], "approval.ended-with-offering");
}

async fn who_becomes_partial_meanwhile_does_not_decide(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let maker = world.another_instance().await.decision_maker();
    let mut staffed = settings();
    staffed["ownProviderStaff"] = json!(["Dag Decision"]);
    let path = "/v1/municipalities/4204";
    let setting = act(&world.editor(), path, Method::PUT, path).await.json(&staffed);
    let answers = interleave(&world, [setting, decision(&maker, &case.application).await]).await;
    let [first, second] = answers;
    first.expect(200);
    second.problem(403, "own-provider-staff");
}

async fn numbers_of_cases_follow_each_other(world: World) {
    world.registered_providers().await;
    let offering = world.published_offering().await;
    let mut requests = vec![];
    let other = world.another_instance().await.other_provider();
    for who in [&world.provider(), &other] {
        let application = who.drafts_application(&offering).await;
        who.completes(&application).await;
        let path = format!("/v1/applications/{application}");
        requests.push(act(who, &path, Method::POST, &format!("{path}/submission")).await);
    }
    let answers = interleave(&world, requests.try_into().ok().unwrap()).await;
    let references =
        answers.map(|it| it.expect(200).json()["case"]["receipt"]["reference"].clone());
    assert_eq!(references, ["4204-2026-S1", "4204-2026-S2"].map(|it| json!(it)));
}

async fn a_file_that_a_case_is_shown_is_not_removed(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let file = me.gives_pdf("tax-certificate").await;
    let path = format!("/v1/applications/{}", case.application);
    let body = json!({"criterion": "tax-certificate", "evidenceId": file, "consent": true});
    world.pass(files::LIMITS.unused);
    let attach = act(&me, &path, Method::POST, &format!("{path}/evidence")).await.json(&body);
    let journal = HeldRows::journal(&world).await;
    let attach = rt::spawn(attach.send());
    journal.until_waiting(1, &attach).await;
    let state = world.state.clone();
    let removal =
        rt::spawn(async move { remove_unused(&state.jobs(), files::LIMITS.unused).await });
    journal.until_waiting(2, &removal).await;
    journal.release().await;
    attach.await.unwrap().expect(200);
    assert_eq!(removal.await.unwrap().unwrap(), 0);
    me.get(&format!("/v1/evidence/{file}")).await.expect(200);
}

async fn what_falls_due_while_a_command_runs_is_done_after_it(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let (provider, approve) = (world.provider(), json!({"outcome": "approve"}));
    let signed = world.decision_maker().decides(&case.application, approve).await.expect(201);
    let path = signed.header("location");
    world.pass(chrono::TimeDelta::days(8));
    // The provider has not read it yet, so a second notice is due.
    let etag = world.decision_maker().get(&path).await.expect(200).etag();
    let demand = provider.request(Method::POST, &format!("{path}/reasons-demands"));
    let demand = demand.header("If-Match", &etag);
    let journal = HeldRows::journal(&world).await;
    let demand = rt::spawn(demand.json(&json!({})).send());
    journal.until_waiting(1, &demand).await;
    let state = world.state.clone();
    let due = rt::spawn(web::block(move || jobs::run_due(&state.jobs())));
    journal.until_waiting(2, &due).await;
    journal.release().await;
    demand.await.unwrap().expect(200);
    due.await.unwrap().unwrap().unwrap();
}

async fn side_by_side_nobody_waits_for_another(world: World) {
    let journal = HeldRows::journal(&world).await;
    let create = |count| {
        let provider = world.provider_with_number(count);
        let path = format!("/v1/providers/{}", synthetic_number(count));
        let request = provider.request(Method::PUT, &path).header("If-None-Match", "*");
        rt::spawn(request.json(&profile("Eksempel AS")).send())
    };
    let sent = [10, 11, 12].map(create);
    // All three have reached the end of the journal.
    journal.until_waiting(3, &sent[2]).await;
    journal.release().await;
    for answer in sent {
        answer.await.unwrap().expect(200);
    }
}

async fn a_command_in_a_deadlock_changes_nothing_and_is_sent_again(world: World) {
    let offering = world.published_offering().await;
    world.registered_providers().await;
    let start = || {
        let request = world.provider().request(Method::POST, "/v1/applications");
        let request = request.json(&json!({"offeringId": offering}));
        request.header("Idempotency-Key", "\"deadlock\"")
    };
    let audits = world.auditor().audits().await.len();
    let held = HeldRows::of("provider", &world).await;
    // The server ends the transaction whose time runs out first: the command.
    held.0.batch_execute("SET LOCAL deadlock_timeout = '1min'").await.unwrap();
    let command = rt::spawn(start().send());
    held.until_waiting(1, &command).await;
    // The command has locked the offering and waits for the provider; this session does the opposite.
    held.lock("offering").await;
    let busy = command.await.unwrap();
    assert_eq!(busy.header("retry-after"), "2");
    busy.problem(503, "busy");
    held.release().await;
    assert_eq!(world.auditor().audits().await.len(), audits);
    start().send().await.expect(201);
    assert_eq!(world.auditor().audits().await.len(), audits + 1);
}
