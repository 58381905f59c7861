//! Cost of each kind of public read without other load: decides which reads belong in the bulkhead of heavy
//! reads.

use std::time::Instant;

use super::{
    Options,
    country::Loaded,
    http::{Connection, get, once},
    load::median,
    servers::Program,
};

/// Cost of a read.
pub struct Cost {
    pub path: String,
    pub bytes: usize,
    /// Milliseconds until the complete answer: the first, the median of the others, and that with gzip.
    pub first: f64,
    pub middle: f64,
    pub gzip: f64,
}

pub fn measure(options: &Options, program: &Program, loaded: &Loaded) -> Vec<Cost> {
    let count = options.rounds * 20;
    let paths = paths(program, loaded);
    paths.into_iter().map(|path| cost(program, path, count)).collect()
}

fn cost(program: &Program, path: String, count: usize) -> Cost {
    let mut connection = Connection::open(&program.address).expect("the server listens");
    let mut ask = |headers| {
        let request = get(&path, headers);
        let begin = Instant::now();
        connection.send(&request);
        let answer = connection.answer();
        let took = begin.elapsed().as_secs_f64() * 1e3;
        assert_eq!(answer.status, 200, "{path}");
        (answer.body.len(), took)
    };
    let (bytes, first) = ask("");
    let middle = median((0..count).map(|_| ask("").1));
    let gzip = median((0..count).map(|_| ask("Accept-Encoding: gzip\r\n").1));
    Cost { path, bytes, first, middle, gzip }
}

fn paths(program: &Program, loaded: &Loaded) -> Vec<String> {
    let (municipality, service) = &loaded.page;
    let page = format!("/v1/register/{municipality}/{service}");
    let found = json(program, &format!("/v1/approvals?view=summary&limit=1&service={service}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (approval, provider) =
        (text(&found["items"][0]["id"]), text(&found["items"][0]["provider"]));
    let offering = text(&json(program, &page)["offering"]["id"]);
    let now = [
        page.clone(),
        format!("{page}?order=fair&seed=bench"),
        format!("{page}?limit=10"),
        format!("{page}.csv"),
        "/v1/approvals?limit=20".to_owned(),
        "/v1/approvals".to_owned(),
        "/v1/approvals?limit=200".to_owned(),
        "/v1/approvals?view=summary&limit=200".to_owned(),
        "/v1/approvals?q=bj%C3%B8rkely&limit=200".to_owned(),
        format!("/v1/approvals?municipality={municipality}&order=fair&seed=bench"),
        format!("/v1/approvals/{approval}"),
        format!("/v1/providers/{provider}"),
        format!("/v1/municipalities/{municipality}"),
        "/v1/municipalities".to_owned(),
        "/v1/municipalities?limit=200".to_owned(),
        format!("/v1/offerings/{offering}"),
        format!("/v1/offerings/{offering}/versions"),
        format!("/v1/offerings/{offering}/versions/1/changes"),
        format!("/v1/offerings/{offering}/compensation"),
        "/v1/offerings".to_owned(),
        "/v1/offerings?limit=200".to_owned(),
        format!("/v1/offerings?municipality={municipality}"),
        format!("/v1/statistics?municipality={municipality}"),
        format!("/v1/decisions?municipality={municipality}"),
        "/v1/changes?limit=1000".to_owned(),
        "/v1/service-types".to_owned(),
        "/v1/criteria".to_owned(),
        "/v1/grounds".to_owned(),
    ];
    // The others have no times.
    let timed = now.iter().filter(|path| {
        ["/v1/changes", "/v1/service-types", "/v1/criteria", "/v1/grounds"]
            .iter()
            .all(|it| !path.starts_with(it))
    });
    let then: Vec<_> = timed
        .map(|path| {
            let sign = if path.contains('?') { '&' } else { '?' };
            format!("{path}{sign}validAt=2024-06-01&knownAt=2024-06-01")
        })
        .collect();
    now.into_iter().chain(then).collect()
}

fn json(program: &Program, path: &str) -> serde_json::Value {
    let (_, _, body) = once(&program.address, &get(path, ""));
    serde_json::from_slice(&body).unwrap()
}
