//! Notices: nothing runs before one was sent, and each that was not sent is somebody's task.

use std::time::Duration;

use actix_web::{http::Method, web};
use chrono::TimeDelta;
use godkjent::mail::Mailer;
use serde_json::{Value, json};

use crate::{
    decisions::On,
    mail::server::{Script, SmtpServer},
    on_both_databases,
    world::{
        Answer, PROVIDER, Person, World,
        people::{Assessed, profile, refusal, revocation, settings},
    },
};

on_both_databases!(
    a_decision_whose_first_notice_fails_is_notified_by_hand_and_its_period_starts_then,
    a_busy_server_gets_the_same_mail_again_and_the_period_starts_when_it_takes_it,
    a_connection_that_breaks_before_the_answer_gives_the_same_mail_once_more,
    two_instances_send_each_notice_once,
    a_notice_that_comes_back_takes_its_period_back_unless_it_was_read,
    without_a_mail_server_each_notice_is_a_task;
    sqlite_alone:
    an_address_is_used_after_its_link_was_opened_and_confirmed,
    the_time_to_reply_is_as_long_after_a_late_notice,
    each_party_sees_its_own_notices,
    a_municipality_may_send_its_notices_by_hand,
);

const TIMEOUT: Duration = Duration::from_secs(20);

/// Mail through a server on this machine.
pub fn through(server: &SmtpServer) -> Mailer {
    let from = "Kristiansand kommune <ikke-svar@kristiansand.example>".parse().unwrap();
    Mailer::smtp(&server.url(), from, TIMEOUT).unwrap()
}

/// A registry with an assessed application, and mail through a server; the decision is a refusal.
async fn refuse_through(world: World, server: &SmtpServer) -> (World, On) {
    let case = world.assessed_application(Assessed::OneFailing).await;
    let world = world.mailing_through(Some(through(server))).await;
    let answer = world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    (world, On::decision(&answer))
}

/// The notices of the case worker's municipality about the decision, the last one first.
async fn notice_of(world: &World, decision: &On) -> Value {
    let notices = world.case_worker().pages("/v1/notices?kind=decision").await;
    let about = |it: &&Value| it["about"] == decision.path.as_str();
    notices.iter().rev().find(about).unwrap_or_else(|| panic!("{notices:#?}")).clone()
}

async fn acts(who: &Person, notice: &Value, act: &str, body: Option<Value>) -> Answer {
    let path = format!("/v1/notices/{}", notice["id"].as_str().unwrap());
    let etag = who.get(&path).await.expect(200).etag();
    who.act(Method::POST, &format!("{path}/{act}"), &etag, body).await
}

async fn tasks(who: &Person) -> Vec<String> {
    let items = who.pages("/v1/work-list").await;
    let sends = items.iter().filter(|it| it["task"] == "send-notice");
    sends.map(|it| it["subject"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn a_decision_whose_first_notice_fails_is_notified_by_hand_and_its_period_starts_then(
    world: World,
) {
    let server = SmtpServer::start(Script::Recipient("550 5.1.1 no such user"));
    let (world, decision) = refuse_through(world, &server).await;
    let (kari, per) = (world.case_worker(), world.provider());
    let seen = decision.seen_by(&kari).await;
    assert_eq!((&seen["status"], &seen["lastAppealDay"]), (&json!("signed"), &Value::Null));
    assert_eq!(seen["course"]["notification"]["availableAt"], "2026-03-12T09:00:00Z");
    assert!(tasks(&kari).await.is_empty(), "it has not been tried yet");

    assert_eq!(world.sends_notices().await, 1);
    let notice = notice_of(&world, &decision).await;
    assert_eq!(
        (&notice["state"], &notice["delivery"]["result"]),
        (&json!("failed"), &json!("failed"))
    );
    assert!(notice["delivery"]["why"].as_str().unwrap().contains("no such user"), "{notice:#}");
    let task = format!("/v1/notices/{}", notice["id"].as_str().unwrap());
    assert_eq!(tasks(&kari).await, [task]);
    let seen = decision.seen_by(&kari).await;
    assert_eq!((&seen["status"], &seen["lastAppealDay"]), (&json!("signed"), &Value::Null));
    // Months later nothing has become final, and the party can still appeal.
    world.set_clock("2026-06-15T09:00:00Z");
    world.catches_up().await;
    assert_eq!(decision.seen_by(&world.case_worker()).await["status"], "signed");

    world.set_clock("2026-06-16T09:00:00Z");
    let by_hand = |sent_on: &str| json!({"sentOn": sent_on, "how": "Ringte daglig leder"});
    let kari = world.case_worker();
    for wrong in ["2026-03-11", "2026-06-17"] {
        acts(&kari, &notice, "by-hand", Some(by_hand(wrong))).await.expect(422);
    }
    acts(&per, &notice, "by-hand", Some(by_hand("2026-06-15"))).await.problem(403, "role-missing");
    let done = acts(&kari, &notice, "by-hand", Some(by_hand("2026-06-15"))).await.expect(200);
    assert_eq!(done.json()["state"], "by-hand");
    assert!(tasks(&kari).await.is_empty());
    let seen = decision.seen_by(&kari).await;
    assert_eq!(
        (&seen["status"], &seen["lastAppealDay"]),
        (&json!("notified"), &json!("2026-07-06"))
    );
    let first = &seen["course"]["notification"]["notice"];
    assert_eq!((&first["sentOn"], &first["channel"]), (&json!("2026-06-15"), &json!("by-hand")));
    acts(&kari, &notice, "by-hand", Some(by_hand("2026-06-15")))
        .await
        .problem(409, "illegal-transition");
}

async fn a_busy_server_gets_the_same_mail_again_and_the_period_starts_when_it_takes_it(
    world: World,
) {
    let server = SmtpServer::start(Script::Recipient("451 4.7.1 try again later"));
    let (world, decision) = refuse_through(world, &server).await;
    assert_eq!(world.sends_notices().await, 1);
    let waiting = notice_of(&world, &decision).await;
    assert_eq!((&waiting["state"], &waiting["attempts"]), (&json!("waiting"), &json!(1)));
    assert_eq!(waiting["nextAttemptAt"], "2026-03-12T09:01:00Z");
    assert_eq!(world.sends_notices().await, 0, "not before its time");
    assert_eq!(tasks(&world.case_worker()).await.len(), 1);
    server.follow(Script::Accept);
    world.pass(TimeDelta::days(1));
    assert_eq!(world.sends_notices().await, 1);
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, ["post@example.no"]);
    assert!(received[0].text().contains(&decision.path), "{}", received[0].text());
    let seen = decision.seen_by(&world.decision_maker()).await;
    assert_eq!(
        (&seen["status"], &seen["lastAppealDay"]),
        (&json!("notified"), &json!("2026-04-07"))
    );
    assert_eq!(seen["course"]["notification"]["notice"]["sentOn"], "2026-03-13");
    assert_eq!(notice_of(&world, &decision).await["state"], "sent");
    assert!(tasks(&world.case_worker()).await.is_empty());

    // A week after the notice, not after the signature, an unopened letter is notified once more.
    world.set_clock("2026-03-20T22:59:00Z");
    world.catches_up().await;
    assert_eq!(world.sends_notices().await, 0);
    world.set_clock("2026-03-20T23:00:00Z");
    world.catches_up().await;
    assert_eq!(world.sends_notices().await, 1);
    let second = notice_of(&world, &decision).await;
    assert_eq!((&second["isSecond"], &second["state"]), (&json!(true), &json!("sent")));
    world.provider().get(&decision.path).await.expect(200);
    assert_eq!(notice_of(&world, &decision).await["state"], "read");
}

async fn a_connection_that_breaks_before_the_answer_gives_the_same_mail_once_more(world: World) {
    let server = SmtpServer::start(Script::DropAfterContent);
    let (world, decision) = refuse_through(world, &server).await;
    world.sends_notices().await;
    assert_eq!(decision.seen_by(&world.decision_maker()).await["lastAppealDay"], Value::Null);
    server.follow(Script::Accept);
    world.pass(TimeDelta::minutes(1));
    world.sends_notices().await;
    let ids: Vec<_> = server.received().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]), "the same mail, which programs show once");
    assert_eq!(decision.seen_by(&world.decision_maker()).await["lastAppealDay"], "2026-04-07");
}

async fn two_instances_send_each_notice_once(world: World) {
    let server = SmtpServer::start(Script::Accept);
    let (world, decision) = refuse_through(world, &server).await;
    // The first instance claims the notice and is killed.
    let now = world.now();
    let state = world.state.clone();
    let claim = move || state.store.claim_notices(now, 10).unwrap();
    let claimed = web::block(claim).await.unwrap();
    assert_eq!(claimed.len(), 1);
    let mailer = Some(through(&server));
    let other = world.another_instance().await.mailing_through(mailer).await;
    assert_eq!(other.sends_notices().await, 0, "it is claimed");
    world.pass(TimeDelta::minutes(10));
    assert_eq!(other.sends_notices().await, 1, "the claim has run out");
    assert_eq!(world.sends_notices().await, 0);
    assert_eq!(server.received().len(), 1);
    assert_eq!(decision.seen_by(&world.decision_maker()).await["status"], "notified");
}

async fn a_notice_that_comes_back_takes_its_period_back_unless_it_was_read(world: World) {
    let server = SmtpServer::start(Script::Accept);
    let (world, decision) = refuse_through(world, &server).await;
    world.sends_notices().await;
    assert_eq!(decision.seen_by(&world.decision_maker()).await["lastAppealDay"], "2026-04-07");
    world.set_clock("2026-03-16T09:00:00Z");
    let kari = world.case_worker();
    let notice = notice_of(&world, &decision).await;
    let why = || Some(json!({"why": "Adressen finnes ikke lenger"}));
    acts(&kari, &notice, "failure", why()).await.expect(200);
    let seen = decision.seen_by(&kari).await;
    assert_eq!((&seen["status"], &seen["lastAppealDay"]), (&json!("signed"), &Value::Null));
    assert_eq!(tasks(&kari).await.len(), 1);
    acts(&kari, &notice, "attempt", None).await.expect(200);
    world.sends_notices().await;
    assert_eq!(server.received().len(), 2);
    // Three weeks from Monday 16 March end on Easter Monday.
    assert_eq!(decision.seen_by(&kari).await["lastAppealDay"], "2026-04-07");
    world.provider().get(&decision.path).await.expect(200);
    acts(&kari, &notice, "failure", why()).await.problem(409, "illegal-transition");
    let kinds: Vec<_> = world.auditor().audits().await;
    let kinds: Vec<_> = kinds.iter().filter_map(|row| row["event"].as_str()).collect();
    for kind in ["message.noticed", "message.notice-failed", "notice.sent", "notice.failed"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

async fn without_a_mail_server_each_notice_is_a_task(world: World) {
    let case = world.assessed_application(Assessed::OneFailing).await;
    let world = world.mailing_through(None).await;
    let answer = world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    let decision = On::decision(&answer);
    assert_eq!(world.sends_notices().await, 1);
    let notice = notice_of(&world, &decision).await;
    assert_eq!((&notice["state"], &notice["nextAttemptAt"]), (&json!("waiting"), &Value::Null));
    assert_eq!(notice["obstacle"], "no mail server is configured");
    assert_eq!(tasks(&world.case_worker()).await.len(), 1);
    // Once there is one, the case worker has it sent.
    let server = SmtpServer::start(Script::Accept);
    let world = world.mailing_through(Some(through(&server))).await;
    assert_eq!(world.sends_notices().await, 0);
    acts(&world.case_worker(), &notice, "attempt", None).await.expect(200);
    assert_eq!(world.sends_notices().await, 1);
    assert_eq!(decision.seen_by(&world.decision_maker()).await["status"], "notified");
}

async fn a_municipality_may_send_its_notices_by_hand(world: World) {
    let (editor, path) = (world.editor(), "/v1/municipalities/4204");
    let mut settings = settings();
    settings["noticeChannel"] = json!("by-hand");
    let case = world.assessed_application(Assessed::OneFailing).await;
    let etag = editor.get(path).await.expect(200).etag();
    let saved = editor.act(Method::PUT, path, &etag, Some(settings)).await.expect(200).json();
    assert_eq!(saved["noticeChannel"], "by-hand");
    let answer = world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    let notice = notice_of(&world, &On::decision(&answer)).await;
    assert_eq!(notice["obstacle"], "the municipality sends its notices by hand");
    assert_eq!(tasks(&world.case_worker()).await.len(), 1);
}

async fn an_address_is_used_after_its_link_was_opened_and_confirmed(world: World) {
    let server = SmtpServer::start(Script::Accept);
    let case = world.assessed_application(Assessed::OneFailing).await;
    let world = world.mailing_through(Some(through(&server))).await;
    let (per, path) = (world.provider(), format!("/v1/providers/{PROVIDER}"));
    let mut wanted = profile("Eksempel Assistanse AS");
    wanted["furtherNotificationAddresses"] = json!(["vakt@example.no"]);
    let etag = world.anyone().get(&path).await.expect(200).etag();
    let put = per.act(Method::PUT, &path, &etag, Some(wanted)).await.expect(200).json();
    let state = |it: &Value| (it["address"].clone(), it["confirmedAt"].is_string());
    let states: Vec<_> = put["addresses"].as_array().unwrap().iter().map(state).collect();
    assert_eq!(states, [(json!("post@example.no"), true), (json!("vakt@example.no"), false)]);
    assert_eq!(world.sends_notices().await, 1);
    let asked = server.received();
    assert_eq!(asked.last().unwrap().to, ["vakt@example.no"], "only the new one is asked");
    let text = asked.last().unwrap().text();
    let start = text.find("/notice-addresses/").unwrap();
    let link: String = text[start..].chars().take_while(|it| !it.is_whitespace()).collect();

    // Nothing goes there before somebody has confirmed it.
    world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    world.sends_notices().await;
    let received = server.received();
    assert_eq!(received.last().unwrap().to, ["post@example.no"]);
    let page = world.anyone().get(&link).await.expect(200);
    assert!(page.text.contains("<form method=\"post\">"), "{}", page.text);
    world.anyone().request(Method::POST, &link).send().await.expect(200);
    let page = world.anyone().get(&link).await.expect(200);
    assert!(page.text.contains("bekreftet") && !page.text.contains("<form"), "{}", page.text);
    let wrong = link.replace(|it: char| it.is_ascii_hexdigit(), "0");
    world.anyone().get(&wrong).await.expect(404);
    let decision = world.case_worker().pages("/v1/notices?kind=decision").await.remove(0);
    acts(&world.case_worker(), &decision, "failure", Some(json!({"why": "Retur"})))
        .await
        .expect(200);
    acts(&world.case_worker(), &decision, "attempt", None).await.expect(200);
    world.sends_notices().await;
    let last: Vec<_> = server.received().iter().rev().take(2).map(|it| it.to.clone()).collect();
    assert_eq!(last, [["vakt@example.no"], ["post@example.no"]]);
}

async fn the_time_to_reply_is_as_long_after_a_late_notice(world: World) {
    let case = world.create_contract().await;
    let server = SmtpServer::start(Script::Accept);
    let world = world.mailing_through(Some(through(&server))).await;
    let warned = world.case_worker().warns(&case.approval, "terms-breach").await.expect(201).json();
    assert_eq!(warned["replyBy"], "2026-04-07");
    let notice = warned["id"].as_str().unwrap().to_owned();
    world.set_clock("2026-04-10T09:00:00Z");
    let revoke = || world.decision_maker();
    let body = revocation(&notice, "terms-breach");
    revoke().revokes(&case.approval, body.clone()).await.problem(409, "notice-not-sent");
    world.sends_notices().await;
    // 26 days from 12 March to 7 April; 26 days from 10 April end on Wednesday 6 May.
    let path = format!("/v1/prior-notices/{notice}");
    assert_eq!(world.case_worker().get(&path).await.json()["replyBy"], "2026-05-06");
    revoke().revokes(&case.approval, body.clone()).await.problem(409, "prior-notice-running");
    world.set_clock("2026-05-07T09:00:00Z");
    revoke().revokes(&case.approval, body).await.expect(201);
}

async fn each_party_sees_its_own_notices(world: World) {
    let server = SmtpServer::start(Script::Accept);
    let (world, decision) = refuse_through(world, &server).await;
    world.sends_notices().await;
    let notice = notice_of(&world, &decision).await;
    let path = format!("/v1/notices/{}", notice["id"].as_str().unwrap());
    let own = world.provider().get(&path).await.expect(200).json();
    assert_eq!((&own["state"], &own["about"]), (&json!("sent"), &json!(decision.path)));
    assert_eq!(own["delivery"]["accepted"][0]["address"], "post@example.no");
    world.other_provider().get(&path).await.problem(404, "not-found");
    let others = world.other_provider().pages("/v1/notices").await;
    assert!(others.iter().all(|it| it["provider"] != PROVIDER), "{others:#?}");
    assert!(!world.provider().pages("/v1/notices?state=sent").await.is_empty());
    world.provider().get("/v1/notices?kind=nothing").await.problem(400, "invalid-parameter");
}
