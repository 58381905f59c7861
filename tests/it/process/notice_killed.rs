//! Killed between the sending of a notice and its record: it is sent again with the same id, and recorded once.

use godkjent::store::Store;
use serde_json::json;

use super::{
    load::journal,
    program::{Directory, Running, token, until},
};
use crate::{
    mail::server::{Script, SmtpServer},
    problems::scene::profile,
    world::{KRISTIANSAND, PROVIDER, database::TestDatabase},
};

#[test]
fn on_sqlite_a_notice_whose_sender_is_killed_before_the_answer_is_sent_again_with_the_same_id() {
    let directory = Directory::new();
    let url = directory.sqlite();
    kill_while_sending(&directory, &url);
}

#[test]
fn on_postgres_a_notice_whose_sender_is_killed_before_the_answer_is_sent_again_with_the_same_id() {
    let Some(database) = TestDatabase::postgres() else { return };
    kill_while_sending(&Directory::new(), &database.url());
}

fn kill_while_sending(directory: &Directory, url: &str) {
    let server = SmtpServer::start(Script::HoldAfterContent);
    let start = || {
        Running::start_with(directory, url, |command| {
            command.arg("--local-issuer-key").arg(directory.file("key"));
            command.env("GODKJENT_SMTP_URL", server.url());
            command.env("GODKJENT_MAIL_FROM", "ikke-svar@kristiansand.example");
        })
    };
    let mut running = start();
    let me = running.client(Some(token(directory, "provider", PROVIDER, "Per")));
    let path = format!("/v1/providers/{PROVIDER}");
    let put = me.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    until("the server has the mail", || (server.received().len() == 1).then_some(()));
    running.kill();

    // In place of the ten minutes after which a claim is over.
    Store::open(url, 1).unwrap().release_notices().unwrap();
    server.follow(Script::Accept);
    let running = start();
    until("the server has it again", || (server.received().len() == 2).then_some(()));
    let auditor = token(directory, "auditor", KRISTIANSAND, "Rolf");
    let auditor = running.client(Some(auditor));
    let sent = || {
        let rows = journal(&auditor);
        rows.into_iter().filter(|row| row["event"] == "notice.sent").collect::<Vec<_>>()
    };
    let sent = until("it is recorded", || Some(sent()).filter(|rows| !rows.is_empty()));
    assert_eq!(sent.len(), 1, "{sent:#?}");
    assert_eq!(sent[0]["detail"]["kind"], json!("confirm-address"));
    let ids: Vec<_> = server.received().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids[0], ids[1]);
}
