//! The register and the minimal server, in turns, with the same bytes.

use super::{
    Options,
    country::Loaded,
    data::RARE_LANGUAGE,
    http::{self, get, header, once},
    load::{Ask, Round, median, round},
    minimal,
    servers::{Beside, Minimal, Program},
};

/// A request to both sides.
struct Scenario {
    name: &'static str,
    path: String,
    headers: String,
}

/// The result: medians.
pub struct Side {
    pub name: &'static str,
    /// Bytes of the body.
    pub bytes: usize,
    /// Number of hits of a search on this page.
    pub hits: Option<usize>,
    pub register: Round,
    pub minimal: Round,
}

fn scenarios(program: &Program, loaded: &Loaded) -> Vec<Scenario> {
    let page = format!("/v1/register/{}/{}", loaded.page.0, loaded.page.1);
    let (_, head, _) = once(&program.address, &get(&page, ""));
    let tag = header(&head, "etag").expect("an entity tag").to_owned();
    let scenario = |name, path: &str, headers: &str| Scenario {
        name,
        path: path.to_owned(),
        headers: headers.to_owned(),
    };
    let (municipality, service) = &loaded.page;
    let search = format!("/v1/approvals?municipality={municipality}&service={service}&limit=20");
    let rare = format!("/v1/approvals?language={RARE_LANGUAGE}&limit=20");
    vec![
        scenario("one call, plain", &page, ""),
        scenario("one call, gzip", &page, "Accept-Encoding: gzip\r\n"),
        scenario("one call, 304", &page, &format!("If-None-Match: {tag}\r\n")),
        scenario("search, 20 hits", &search, ""),
        scenario("search, rare language", &rare, ""),
        scenario("search, free text", "/v1/approvals?q=bj%C3%B8rkely", ""),
    ]
}

pub fn measure(options: &Options, program: &Program, loaded: &Loaded, beside: Beside) -> Vec<Side> {
    let wanted = scenarios(program, loaded).into_iter().filter(|it| options.wants(it.name));
    wanted.map(|scenario| one(options, program, &scenario, beside)).collect()
}

fn one(options: &Options, program: &Program, scenario: &Scenario, beside: Beside) -> Side {
    let request = get(&scenario.path, &scenario.headers);
    let (status, head, body) = once(&program.address, &request);
    let gzip = header(&head, "content-encoding") == Some("gzip");
    assert_eq!(gzip, scenario.headers.contains("gzip"), "{head}");
    let minimal = Minimal::start(beside, &body, &body);
    let beside = get(minimal::PATH, &scenario.headers);
    let check = |answer: &http::Answer<'_>, _: &mut u64| {
        assert_eq!((answer.status, answer.body.len()), (status, body.len()), "another answer");
    };
    let ask = |request| Ask { request, check: &check };
    let (ours, theirs) = (ask(&request[..]), ask(&beside[..]));
    let size = (options.threads, options.connections);
    let mut rounds = vec![];
    for _ in 0..options.rounds {
        let register = round((&program.address, program.pid()), &ours, size, options.round());
        let least = round((&minimal.address, minimal.pid()), &theirs, size, options.round());
        rounds.push((register, least));
    }
    Side {
        name: scenario.name,
        bytes: body.len(),
        hits: hits(&body),
        register: middle(rounds.iter().map(|(register, _)| register)),
        minimal: middle(rounds.iter().map(|(_, minimal)| minimal)),
    }
}

fn hits(body: &[u8]) -> Option<usize> {
    let found: serde_json::Value = serde_json::from_slice(body).ok()?;
    found["items"].as_array().map(Vec::len)
}

/// The medians of some rounds.
pub fn middle<'a>(rounds: impl Iterator<Item = &'a Round> + Clone) -> Round {
    Round {
        rate: median(rounds.clone().map(|round| round.rate)),
        cpu: median(rounds.clone().map(|round| round.cpu)),
        longest: median(rounds.map(|round| round.longest)),
    }
}
