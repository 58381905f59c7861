//! The benchmark with tiny numbers: it runs to its end, and its load generator reads answers right.

#[path = "../../benches/register/bench.rs"]
pub mod register;

use clap::Parser;
use register::{Options, changes::newest_whole, dice::Dice, http::Head, servers::Beside};

#[test]
fn the_whole_benchmark_runs() {
    let arguments = "register --approvals 20 --rounds 1 --seconds 0.05 --threads 2 --connections 2";
    let options = Options::parse_from(arguments.split(' '));
    register::run(&options, Beside::Thread);
}

#[test]
fn the_head_of_an_answer_is_read_when_it_is_whole() {
    let bytes = b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 12\r\nx: y\r\n\r\n{";
    assert_eq!(Head::read(&bytes[..40]), None);
    assert_eq!(Head::read(bytes), Some(Ok(Head { status: 200, end: bytes.len() - 1, body: 12 })));
    let not_modified = b"HTTP/1.1 304 Not Modified\r\ncontent-length: 12\r\n\r\n";
    let head = Head { status: 304, end: not_modified.len(), body: 0 };
    assert_eq!(Head::read(not_modified), Some(Ok(head)));
    for wrong in [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\n",
    ] {
        assert!(Head::read(wrong.as_bytes()).unwrap().is_err(), "{wrong}");
    }
}

#[test]
fn a_page_with_half_a_change_is_found() {
    let page = |serials: [u32; 4]| {
        let [a, b, c, d] = serials;
        format!(r#"{{"l":["nb"],"a":"x [{a}]","b":"y [{b}]","c":"z [{c}]","d":"[{d}]","e":[1,2]}}"#)
    };
    let newest = |serials, before| newest_whole(page(serials).as_bytes(), before);
    assert_eq!(newest([7, 7, 12, 12], 0), Ok(12));
    assert_eq!(newest([9, 9, 9, 9], 9), Ok(9));
    assert!(newest([7, 7, 12, 7], 0).is_err(), "half of 12");
    assert!(newest([7, 7, 7, 7], 8).is_err(), "older than the one before");
    assert_eq!(newest_whole(br#"{"languages":["nb"],"x":"ok"}"#, 0), Ok(0));
}

#[test]
fn the_numbers_are_those_of_the_published_algorithm() {
    let mut dice = Dice::new(1_234_567);
    let thrown: Vec<_> = (0..3).map(|_| dice.throw()).collect();
    let published = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
    assert_eq!(thrown[..2], published);
    assert_eq!(thrown[2], 9_817_491_932_198_370_423);
}

#[test]
fn every_side_comes_up_and_none_beyond_them() {
    let (mut dice, mut seen) = (Dice::new(1), [0; 6]);
    for _ in 0..6000 {
        seen[dice.below(6)] += 1;
    }
    assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
    assert_eq!(dice.below(0), 0);
}
