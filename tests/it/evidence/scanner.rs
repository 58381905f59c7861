//! Files wait for a scanner, which is a little server that speaks as clamd does.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::symlink,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use chrono::TimeDelta;
use godkjent::jobs::evidence::EvidenceJobError;
use serde_json::Value;

use super::list_stored;
use crate::{
    on_both_databases,
    rebuild::alter,
    world::{
        World,
        files::{metadata, pdf},
        people::id,
    },
};

on_both_databases!(
    a_file_is_in_quarantine_until_the_scanner_has_looked,
    what_was_given_before_there_was_a_scanner_is_looked_at_too,
    a_scanner_that_does_not_answer_clears_nothing,
    a_file_that_cannot_be_scanned_is_set_aside_and_the_others_are_scanned,
    a_file_that_is_set_aside_is_scanned_once_it_can_be,
    a_scanner_without_verdicts_ends_a_round_and_the_next_one_begins_with_others,
);

/// Content that the test scanner reports as a virus.
const VIRUS: &[u8] = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE";

/// Content without a verdict of the test scanner.
const UNDECIDED: &[u8] = b"TOO-LARGE-FOR-THE-SCANNER";

/// A scanner that lives as long as the test process.
pub struct Clamd {
    pub address: String,
    scan_count: Arc<AtomicUsize>,
}

impl Clamd {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        let scan_count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&scan_count);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let mut socket = socket.unwrap();
                if answer(&mut socket).is_ok() {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Self { address, scan_count }
    }
}

/// One session of `zINSTREAM`: chunks, each after its length, until one of none.
fn answer(socket: &mut TcpStream) -> std::io::Result<()> {
    let mut command = [0; 10];
    socket.read_exact(&mut command)?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut bytes = vec![];
    loop {
        let mut length = [0; 4];
        socket.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        if length == 0 {
            break;
        }
        let begin = bytes.len();
        bytes.resize(begin + length, 0);
        socket.read_exact(&mut bytes[begin..])?;
    }
    let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let reply = match (has(VIRUS), has(UNDECIDED)) {
        (true, _) => "stream: Eicar-Test-Signature FOUND\0",
        (_, true) => "INSTREAM size limit exceeded. ERROR\0",
        _ => "stream: OK\0",
    };
    socket.write_all(reply.as_bytes())
}

/// Scans waiting files, like the running program every other second.
pub async fn scans(world: &World) -> usize {
    try_scan(world).await.unwrap()
}

async fn try_scan(world: &World) -> Result<usize, EvidenceJobError> {
    world.components.upkeep.scan(&world.state.jobs(), &world.state.vault).await
}

pub fn harmful() -> Vec<u8> {
    [b"%PDF-1.7\n", VIRUS, b"\n%%EOF"].concat()
}

async fn state_of(world: &World, file: &str) -> Value {
    world.provider().get(&format!("/v1/evidence/{file}")).await.expect(200).json()
}

async fn a_file_is_in_quarantine_until_the_scanner_has_looked(world: World) {
    let clamd = Clamd::start();
    let world = world.scanned_by(clamd.address.parse().unwrap()).await;
    let case = world.drafted_application().await;
    let (me, worker) = (world.provider(), world.case_worker());
    let (good, plan) = (me.gives_pdf("tax-certificate").await, metadata("contingency-plan"));
    let bad = id(&me.gives(plan.clone(), &harmful()).await.expect(201));
    for (file, criterion) in [(&good, "tax-certificate"), (&bad, "contingency-plan")] {
        assert_eq!(state_of(&world, file).await["state"], "quarantined");
        me.shows(&case.application, criterion, file).await.expect(200);
        me.fetches(file).await.expect(200);
    }
    me.completes(&case.application).await;
    me.submits(&case.application).await.expect(200);
    for file in [&good, &bad] {
        worker.fetches(file).await.problem(409, "evidence-quarantined");
    }

    assert_eq!(scans(&world).await, 2);
    let seen = state_of(&world, &good).await;
    assert_eq!(
        (&seen["state"], &seen["scan"]["at"]),
        (&"clean".into(), &"2026-03-12T09:00:00Z".into())
    );
    worker.fetches(&good).await.expect(200);
    let seen = state_of(&world, &bad).await;
    assert_eq!(seen["state"], "rejected");
    assert_eq!(seen["scan"]["found"], "Eicar-Test-Signature");
    for who in [&me, &worker] {
        who.fetches(&bad).await.problem(409, "evidence-rejected");
    }
    assert_eq!(list_stored(&world), [good.as_str()], "harmful bytes are gone");
    for who in [&me, &worker] {
        let view = who.get(&format!("/v1/applications/{}", case.application)).await.json();
        let pieces = view["evidence"].as_array().unwrap();
        let rejected: Vec<_> = pieces.iter().map(|it| it["rejected"] == true).collect();
        assert_eq!(rejected, [false, true, false, false, false], "the case says so to both");
    }
    let again = world.other_provider().drafts_application(&case.offering).await;
    let bad = id(&world.other_provider().gives(plan, &harmful()).await.expect(201));
    assert_eq!((scans(&world).await, scans(&world).await), (1, 0), "each is looked at once");
    assert_eq!(clamd.scan_count.load(Ordering::SeqCst), 3);
    let answer = world.other_provider().shows(&again, "contingency-plan", &bad).await;
    answer.problem(409, "evidence-rejected");
    let events = world.auditor().audits().await;
    let rejected = events.iter().filter(|row| row["event"] == "evidence.rejected");
    assert!(rejected.map(|row| &row["role"]).eq(["registry", "registry"]));
}

async fn what_was_given_before_there_was_a_scanner_is_looked_at_too(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let file = id(&me.gives(metadata("tax-certificate"), &pdf(300_000)).await.expect(201));
    me.shows(&case.application, "tax-certificate", &file).await.expect(200);
    me.completes(&case.application).await;
    me.submits(&case.application).await.expect(200);
    assert_eq!(state_of(&world, &file).await["state"], "not-scanned");
    world.case_worker().fetches(&file).await.expect(200);
    let world = world.scanned_by(Clamd::start().address.parse().unwrap()).await;
    world.case_worker().fetches(&file).await.problem(409, "evidence-quarantined");
    assert_eq!(scans(&world).await, 1);
    assert_eq!(state_of(&world, &file).await["state"], "clean");
    world.case_worker().fetches(&file).await.expect(200);
}

async fn a_scanner_that_does_not_answer_clears_nothing(world: World) {
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", deaf.local_addr().unwrap());
    drop(deaf);
    let world = world.scanned_by(address.parse().unwrap()).await;
    world.registered_providers().await;
    let file = world.provider().gives_pdf("insurance").await;
    assert!(try_scan(&world).await.is_err());
    assert_eq!(state_of(&world, &file).await["state"], "quarantined");
    // The file is not to blame: it is scanned as soon as there is a scanner.
    assert_eq!(world.anyone().get("/readyz").await.expect(200).text, "ready");
    let world = world.scanned_by(Clamd::start().address.parse().unwrap()).await;
    assert_eq!(scans(&world).await, 1);
}

/// Items listed by `/readyz`.
async fn names(world: &World) -> Vec<String> {
    world.catches_up().await;
    let ready = world.anyone().get("/readyz").await.expect(200).text;
    ready.lines().skip(1).map(str::to_owned).collect()
}

fn name(file: &str, attempts: u32) -> String {
    format!("set aside: scan of /v1/evidence/{file} (attempts: {attempts})")
}

/// Makes the rows of all files unreadable.
async fn damage_rows(world: &World) {
    alter(world, "UPDATE evidence SET body = '[' || body || ']'").await;
}

async fn a_file_that_cannot_be_scanned_is_set_aside_and_the_others_are_scanned(world: World) {
    let world = world.scanned_by(Clamd::start().address.parse().unwrap()).await;
    world.registered_providers().await;
    let me = world.provider();
    let damaged = me.gives_pdf("insurance").await;
    damage_rows(&world).await;
    let (missing, unreadable) = (me.gives_pdf("insurance").await, me.gives_pdf("insurance").await);
    for file in [&missing, &unreadable] {
        fs::remove_file(world.directory().join(file)).unwrap();
    }
    // A symlink loop: it exists, and not even root can open it.
    symlink(&unreadable, world.directory().join(&unreadable)).unwrap();
    let good = me.gives_pdf("insurance").await;
    assert_eq!(scans(&world).await, 1);
    assert_eq!(state_of(&world, &good).await["state"], "clean");
    let named = names(&world).await;
    assert_eq!(named, [&damaged, &missing, &unreadable].map(|file| name(file, 1)));
    let metrics = world.anyone().get("/metrics").await.expect(200).text;
    assert!(metrics.contains("\ngodkjent_evidence_set_aside 3\n"), "{metrics}");

    // The wait holds on every instance and over a restart, and grows.
    let other = world.another_instance().await;
    assert_eq!(scans(&other).await, 0);
    assert_eq!(names(&other).await, named);
    world.pass(TimeDelta::seconds(30));
    assert_eq!(scans(&other).await, 0);
    assert!(names(&other).await.contains(&name(&missing, 2)));
    world.pass(TimeDelta::seconds(30));
    assert_eq!(scans(&world).await, 0);
    assert!(names(&world).await.contains(&name(&missing, 2)), "it waits longer");
    let later = me.gives_pdf("insurance").await;
    assert_eq!(scans(&world).await, 1);
    assert_eq!(state_of(&world, &later).await["state"], "clean");
}

async fn a_file_that_is_set_aside_is_scanned_once_it_can_be(world: World) {
    let world = world.scanned_by(Clamd::start().address.parse().unwrap()).await;
    world.registered_providers().await;
    let me = world.provider();
    let damaged = me.gives_pdf("insurance").await;
    damage_rows(&world).await;
    let lost = me.gives_pdf("insurance").await;
    let (here, elsewhere) = (world.directory().join(&lost), world.directory().join("elsewhere"));
    fs::rename(&here, &elsewhere).unwrap();
    assert_eq!(scans(&world).await, 0);
    fs::rename(&elsewhere, &here).unwrap();
    let mended =
        "UPDATE evidence SET body = substr(body, 2, length(body) - 2) WHERE body LIKE '[%'";
    alter(&world, mended).await;
    assert_eq!(scans(&world).await, 0, "they wait");
    world.pass(TimeDelta::seconds(30));
    assert_eq!(scans(&world).await, 2);
    for file in [&damaged, &lost] {
        assert_eq!(state_of(&world, file).await["state"], "clean");
    }
    assert!(names(&world).await.is_empty());
}

async fn a_scanner_without_verdicts_ends_a_round_and_the_next_one_begins_with_others(world: World) {
    let world = world.scanned_by(Clamd::start().address.parse().unwrap()).await;
    world.registered_providers().await;
    let me = world.provider();
    let undecided = [b"%PDF-1.7\n", UNDECIDED, b"\n%%EOF"].concat();
    for _ in 0..4 {
        me.gives(metadata("insurance"), &undecided).await.expect(201);
    }
    let good = me.gives_pdf("insurance").await;
    let failed = try_scan(&world).await.unwrap_err().to_string();
    assert!(failed.contains("size limit exceeded"), "{failed}");
    assert_eq!((names(&world).await.len(), scans(&world).await), (3, 1));
    assert_eq!(state_of(&world, &good).await["state"], "clean");
    assert_eq!(names(&world).await.len(), 4);
}
