//! Compares every request and answer of the black-box tests with the checked-in OpenAPI document: statuses, headers and
//! media types.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::LazyLock,
};

use actix_web::http::{
    Method, StatusCode, Uri,
    header::{self, HeaderMap},
};
use serde_json::Value;

/// Headers of answers that the document does not repeat for each operation.
const OF_ANY_ANSWER: [&str; 23] = [
    // HTTP itself and caches (RFC 9110, 9111).
    "accept-ranges",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "transfer-encoding",
    "vary",
    // Of every problem: the language of its sentences.
    "content-language",
    // For browsers and proxies, the same everywhere.
    "access-control-allow-origin",
    "access-control-expose-headers",
    "content-security-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-accel-buffering",
    "x-content-type-options",
    // In the introduction of the document, since every answer has them.
    "feed-position",
    "ratelimit",
    "ratelimit-policy",
    "register-as-of",
    "x-request-id",
];

/// Headers of requests that are no parameters of an operation.
const OF_ANY_REQUEST: [&str; 18] = [
    // OpenAPI describes them by media types and security schemes.
    "accept",
    "authorization",
    "content-type",
    "dpop",
    // HTTP itself, connections, browsers and proxies.
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "host",
    "origin",
    "transfer-encoding",
    "x-forwarded-for",
    // Not read where the document has no such parameter.
    "idempotency-key",
    // In the introduction of the document, since every request takes them.
    "accept-language",
    "x-request-id",
];

/// The statuses that the document joins as `4XX`.
const ERRORS_OF_BODIES: [u16; 3] = [408, 413, 415];

/// An unexpected failure is no part of the contract of an operation.
const UNEXPECTED: u16 = 500;

/// Media types that the document describes at the path with a suffix, where they are not the only one.
const SUFFIXES: [(&str, &str); 2] = [("text/csv", ".csv"), ("text/html", ".html")];

/// The document, prepared for look-ups.
struct Contract {
    routes: Vec<(Vec<String>, BTreeMap<String, Operation>)>,
}

struct Operation {
    /// The header parameters, in small letters.
    headers: BTreeSet<String>,
    answers: BTreeMap<u16, Answer>,
}

struct Answer {
    headers: BTreeSet<String>,
    media_types: BTreeSet<String>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);

/// Panics where the document does not have what was sent and answered.
pub(super) fn compare(
    (method, uri, sent): (&Method, &Uri, &HeaderMap),
    (status, answered): (StatusCode, &HeaderMap),
) {
    let (method, is_head) =
        if method == Method::HEAD { (&Method::GET, true) } else { (method, false) };
    let Some(operation) = CONTRACT.operation(method, uri.path()) else { return };
    let mut differences = operation.differences(sent, status, answered, is_head);
    if differences.is_empty() {
        return;
    }
    let media_type = media_type(answered);
    let suffix = SUFFIXES.into_iter().find(|(it, _)| *it == media_type);
    let path = suffix.map(|(_, suffix)| format!("{}{suffix}", uri.path()));
    if let Some(form) = path.and_then(|path| CONTRACT.operation(method, &path)) {
        differences = form.differences(sent, status, answered, is_head);
    }
    assert!(
        differences.is_empty(),
        "openapi/openapi.json does not describe this: {method} {uri} {status}: {}",
        differences.join("; ")
    );
}

impl Contract {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
        let document = std::fs::read_to_string(path).unwrap();
        let document: Value = serde_json::from_str(&document).unwrap();
        let paths = document["paths"].as_object().unwrap().iter();
        let routes = paths.map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            let methods = methods.map(|(method, operation)| {
                (method.to_uppercase(), Operation::read(operation, &document))
            });
            (segments(path).map(ToOwned::to_owned).collect(), methods.collect())
        });
        Self { routes: routes.collect() }
    }

    /// The operation of a request: the route with the most words of its own.
    fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        let bare = path.strip_suffix(".json").filter(|_| *method == Method::GET);
        let path = bare.unwrap_or(path);
        let own = |segment: &String| !segment.starts_with('{');
        let routes = self.routes.iter().filter(|(pattern, _)| matches(pattern, path));
        let (_, methods) =
            routes.max_by_key(|(pattern, _)| pattern.iter().filter(|it| own(it)).count())?;
        methods.get(method.as_str())
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

fn matches(pattern: &[String], path: &str) -> bool {
    segments(path).count() == pattern.len()
        && segments(path).zip(pattern).all(|(segment, pattern)| match pattern.split_once('}') {
            // `{table}.csv` ends with its suffix.
            Some((_, suffix)) => segment.ends_with(suffix),
            None => segment == pattern,
        })
}

/// A part of the document, or what it refers to.
fn resolve<'a>(part: &'a Value, document: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => part,
    }
}

fn keys(part: &Value) -> BTreeSet<String> {
    part.as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase()).collect()
}

/// The media type of an answer without its parameters; empty where there is none.
fn media_type(answered: &HeaderMap) -> &str {
    let media_type = answered.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    media_type.and_then(|it| it.split(';').next()).unwrap_or_default()
}

impl Operation {
    fn read(operation: &Value, document: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.map(|it| resolve(it, document));
        let headers = parameters
            .filter(|it| it["in"] == "header")
            .map(|it| it["name"].as_str().unwrap().to_lowercase())
            .collect();
        let answers = operation["responses"].as_object().unwrap().iter();
        let answers = answers.flat_map(|(status, answer)| {
            let answer = resolve(answer, document);
            let statuses = match status.as_str() {
                "4XX" => ERRORS_OF_BODIES.to_vec(),
                status => vec![status.parse().unwrap()],
            };
            let of = || Answer {
                headers: keys(&answer["headers"]),
                media_types: keys(&answer["content"]),
            };
            statuses.into_iter().map(move |status| (status, of()))
        });
        Self { headers, answers: answers.collect() }
    }

    fn differences(
        &self,
        sent: &HeaderMap,
        status: StatusCode,
        answered: &HeaderMap,
        is_head: bool,
    ) -> Vec<String> {
        let mut found = Vec::new();
        // A request that was refused may have what no operation takes.
        let accepted = sent.keys().filter(|_| status.is_success() || status.is_redirection());
        for name in accepted.map(header::HeaderName::as_str) {
            if !OF_ANY_REQUEST.contains(&name) && !self.headers.contains(name) {
                found.push(format!("the operation takes no request header {name}"));
            }
        }
        let Some(answer) = self.answers.get(&status.as_u16()) else {
            if status.as_u16() != UNEXPECTED {
                found.push(format!("the operation has no status {status}"));
            }
            return found;
        };
        for name in answered.keys().map(header::HeaderName::as_str) {
            if !OF_ANY_ANSWER.contains(&name) && !answer.headers.contains(name) {
                found.push(format!("the answer has no header {name}"));
            }
        }
        for name in ["etag", "location"] {
            if status.is_success()
                && !is_head
                && answer.headers.contains(name)
                && !answered.contains_key(name)
            {
                found.push(format!("the header {name} was not sent"));
            }
        }
        let media_type = media_type(answered);
        if !media_type.is_empty() && !answer.media_types.contains(media_type) {
            found.push(format!("the answer has no media type {media_type}"));
        }
        found
    }
}
