//! Headers of requests and answers that follow from the kind of an operation.

use utoipa::openapi::{
    HeaderBuilder, ObjectBuilder, OpenApi, RefOr, Required, Response, ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::{Schema, Type},
};

use super::facts::Facts;
use crate::api::openapi::methods::operations_by_path;

/// A header with its type and its description.
type Described = (&'static str, Type, &'static str);

const ETAG: Described = (
    "ETag",
    Type::String,
    "The entity tag of this representation. `If-Match` of a command takes it.",
);
const LOCATION: Described = ("Location", Type::String, "The path of the new resource.");
const LINK: Described =
    ("Link", Type::String, "`rel=\"next\"`: the next page, where there is one (RFC 8288).");
const FEED_POSITION: Described =
    ("Feed-Position", Type::Integer, "The position of this instance in the change feed.");
const REGISTER_AS_OF: Described = (
    "Register-As-Of",
    Type::String,
    "The instant of the data, only while this instance cannot read changes of others.",
);
const LAST_MODIFIED: Described =
    ("Last-Modified", Type::String, "When this representation last changed.");
const RETRY_AFTER: Described =
    ("Retry-After", Type::Integer, "Seconds to wait before the next try.");
const CHALLENGE: Described = (
    "WWW-Authenticate",
    Type::String,
    "A challenge for each scheme, with the address of the metadata (RFC 6750, 9449, 9470, 9728).",
);
const RATE_LIMIT: Described =
    ("RateLimit", Type::String, "The remaining quota, and the seconds until it is full.");
const RATE_LIMIT_POLICY: Described =
    ("RateLimit-Policy", Type::String, "The quota of this class of requests.");
const CONTENT_RANGE: Described =
    ("Content-Range", Type::String, "The range of bytes, and the length of the file.");

const CONTENT_DISPOSITION: Described =
    ("Content-Disposition", Type::String, "An attachment, with the name of the file.");
const ACCEPT_POST: Described =
    ("Accept-Post", Type::String, "With 415: the media types of the body.");
const ACCEPT_PATCH: Described =
    ("Accept-Patch", Type::String, "With 415: the media type of the body.");
const PREFERENCE_APPLIED: Described =
    ("Preference-Applied", Type::String, "`wait=25`: how long the answer could wait.");
const CONTENT_LANGUAGE: Described =
    ("Content-Language", Type::String, "The written form of Norwegian: `nb` or `nn`.");

/// `If-None-Match` of a read.
const IF_NONE_MATCH: Described =
    ("If-None-Match", Type::String, "The ETag of a stored answer: 304 if it is still current.");
const IF_MODIFIED_SINCE: Described = (
    "If-Modified-Since",
    Type::String,
    "The same by `Last-Modified`, where `If-None-Match` is not sent.",
);
const MIN_POSITION: Described = (
    "Min-Position",
    Type::Integer,
    "Answer only from this position of the change feed on: 409 if this instance has not reached it.",
);
const PREFER: Described = (
    "Prefer",
    Type::String,
    "`wait=25`: wait up to 25 seconds, at most 60, for `Min-Position` (RFC 7240).",
);

/// Adds the headers to every operation.
pub(super) fn describe(document: &mut OpenApi) {
    for (path, method, operation) in operations_by_path(document) {
        let facts = Facts::of(path, method, operation);
        if facts.is_conditional {
            let statuses = &mut operation.responses.responses;
            let unchanged = ResponseBuilder::new().description("The reader has it already.");
            statuses.entry("304".to_owned()).or_insert_with(|| RefOr::T(unchanged.build()));
        }
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response {
                for header in answered(&facts, status) {
                    add(response, header);
                }
            }
        }
        repeat_headers(operation);
        for header in requested(&facts) {
            add_parameter(operation, header);
        }
    }
}

/// Headers that only a body has.
const OF_BODY: [&str; 3] = ["Content-Digest", "Content-Disposition", "Content-Language"];

/// Copies the headers of 200 to 206, and all but those of the body to 304.
fn repeat_headers(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    let Some(RefOr::T(Response { headers: whole, .. })) = responses.get("200").cloned() else {
        return;
    };
    if let Some(RefOr::T(part)) = responses.get_mut("206") {
        part.headers.extend(whole.clone());
    }
    if let Some(RefOr::T(unchanged)) = responses.get_mut("304") {
        unchanged
            .headers
            .extend(whole.into_iter().filter(|(name, _)| !OF_BODY.contains(&name.as_str())));
    }
}

/// The headers of an answer.
fn answered(facts: &Facts, status: &str) -> Vec<Described> {
    match status {
        "401" | "403" => vec![CHALLENGE],
        "409" => vec![RETRY_AFTER, FEED_POSITION],
        "415" if facts.is_patch => vec![ACCEPT_PATCH],
        "415" => vec![ACCEPT_POST],
        "416" => vec![CONTENT_RANGE],
        "429" => vec![RETRY_AFTER, RATE_LIMIT, RATE_LIMIT_POLICY],
        "503" => vec![RETRY_AFTER],
        "304" => vec![ETAG, REGISTER_AS_OF],
        status if status.starts_with('2') => succeeded(facts, status),
        _ => vec![],
    }
}

fn succeeded(facts: &Facts, status: &str) -> Vec<Described> {
    let optional = [
        (facts.has_tag, ETAG),
        (status == "201", LOCATION),
        (facts.is_list, LINK),
        (facts.is_public_read, REGISTER_AS_OF),
        (facts.has_time, LAST_MODIFIED),
        (facts.takes_wait, PREFERENCE_APPLIED),
        (facts.has_language, CONTENT_LANGUAGE),
        (facts.is_file, CONTENT_DISPOSITION),
        (status == "206", CONTENT_RANGE),
    ];
    optional.into_iter().filter_map(|(has, header)| has.then_some(header)).collect()
}

/// The headers of a request.
fn requested(facts: &Facts) -> Vec<Described> {
    let optional = [
        (facts.is_conditional, IF_NONE_MATCH),
        (facts.has_time, IF_MODIFIED_SINCE),
        (facts.is_public_read, MIN_POSITION),
        (facts.is_public_read, PREFER),
    ];
    optional.into_iter().filter_map(|(has, header)| has.then_some(header)).collect()
}

fn add(response: &mut Response, (name, kind, description): Described) {
    response.headers.entry(name.to_owned()).or_insert_with(|| {
        let header = HeaderBuilder::new().schema(Some(schema(kind)));
        RefOr::T(header.description(Some(description)).build())
    });
}

/// An operation's own description of a header wins.
fn add_parameter(operation: &mut Operation, (name, kind, description): Described) {
    let parameters = operation.parameters.get_or_insert_default();
    let is_known = |it: &RefOr<Parameter>| matches!(it, RefOr::T(it) if it.name == name);
    if parameters.iter().any(is_known) {
        return;
    }
    let header = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header);
    let header = header.required(Required::False).description(Some(description));
    parameters.push(RefOr::T(header.schema(Some(schema(kind))).build()));
}

fn schema(kind: Type) -> Schema {
    ObjectBuilder::new().schema_type(kind).build().into()
}
