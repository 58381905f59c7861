//! Files wait for a scanner, which is a little server that speaks as clamd does.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use godkjent::jobs::evidence::scan;
use serde_json::Value;

use super::kept;
use crate::{
    on_both_databases,
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
);

/// What the little scanner takes for a virus.
const VIRUS: &[u8] = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE";

/// A scanner that lives as long as the test process.
pub struct Clamd {
    pub address: String,
    looked: Arc<AtomicUsize>,
}

impl Clamd {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        let looked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&looked);
        thread::spawn(move || {
            for socket in listener.incoming() {
                if answer(&mut socket.unwrap()).is_ok() {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Self { address, looked }
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
    let harmful = bytes.windows(VIRUS.len()).any(|window| window == VIRUS);
    let said = if harmful { "stream: Eicar-Test-Signature FOUND\0" } else { "stream: OK\0" };
    socket.write_all(said.as_bytes())
}

/// Has the scanner look at what waits, as the running program does every other second.
pub async fn scans(world: &World) -> usize {
    let state = &world.state;
    scan(&state.store, &state.vault, &state.context).await.unwrap()
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
    assert_eq!(kept(&world), [good.as_str()], "harmful bytes are gone");
    for who in [&me, &worker] {
        let view = who.get(&format!("/v1/applications/{}", case.application)).await.json();
        let pieces = view["evidence"].as_array().unwrap();
        let told: Vec<_> = pieces.iter().map(|it| it["rejected"] == true).collect();
        assert_eq!(told, [false, true, false, false, false], "the case says so to both");
    }
    let again = world.other_provider().drafts_application(&case.offering).await;
    let bad = id(&world.other_provider().gives(plan, &harmful()).await.expect(201));
    assert_eq!((scans(&world).await, scans(&world).await), (1, 0), "each is looked at once");
    assert_eq!(clamd.looked.load(Ordering::SeqCst), 3);
    let shown = world.other_provider().shows(&again, "contingency-plan", &bad).await;
    shown.problem(409, "evidence-rejected");
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
    let state = &world.state;
    assert!(scan(&state.store, &state.vault, &state.context).await.is_err());
    assert_eq!(state_of(&world, &file).await["state"], "quarantined");
}
