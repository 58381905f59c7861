//! The last step before the document is written: moves answers and parameters that many operations repeat into the
//! components, so that each is written once.

use std::{cmp::Reverse, collections::BTreeMap};

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, SecurityRequirement,
    path::{Operation, Parameter},
    response::Response,
};

use super::{
    links,
    methods::{operations, pascal_case},
    shorten, tables,
};

/// From so many equal uses on, a part is a component.
const REPEATED: usize = 2;

/// Shares the repeated parts. Lookups in the document need them inline, so this is the last step before it is written.
pub fn share(document: &mut OpenApi) {
    tables::split(document);
    links::add(document);
    share_security(document);
    shorten::compose_views(document);
    shorten::describe_patches_by_forms(document);
    shorten::describe_items_by_lists(document);
    shorten::join_errors_of_bodies(document);
    shorten::remove_examples_of_parts(document);
    let mut all: Vec<_> = document.paths.paths.values_mut().flat_map(operations).collect();
    let responses = share_parts("responses", &mut all, |operation| {
        let responses = operation.responses.responses.iter_mut();
        let named = responses.map(|(status, it)| (response_name(status, it), it));
        named.filter_map(|(name, response)| Some((name?, response))).collect()
    });
    let parameters = share_parts("parameters", &mut all, |operation| {
        let parameters = operation.parameters.iter_mut().flatten();
        parameters.map(|parameter| (parameter_name(parameter), parameter)).collect()
    });
    let headers = share_parts("headers", &mut all, |operation| {
        let answers =
            operation.responses.responses.values_mut().filter_map(|answer| match answer {
                RefOr::T(answer) => Some(&mut answer.headers),
                RefOr::Ref(_) => None,
            });
        answers.flatten().map(|(name, header)| (pascal_case(name), header)).collect()
    });
    let components = document.components.get_or_insert_default();
    components.headers.extend(headers);
    components.responses.extend(responses);
    components.parameters.extend(parameters);
}

/// States the security of most operations once: a bearer token, or one that is bound to a key, with a proof.
fn share_security(document: &mut OpenApi) {
    let token = SecurityRequirement::new("token", [""; 0]);
    let either = [token.clone(), token.clone().add("proof", [""; 0])];
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        match &mut operation.security {
            Some(security) if *security == [token.clone()] => operation.security = None,
            Some(security) if security.contains(&token) => {
                security.extend(either.get(1).cloned());
            }
            _ => {}
        }
    }
    document.security = Some(either.into());
}

/// Replaces repeated parts by references, and returns the components. Of several parts with one name the most frequent
/// one has the name alone, and the others have a number after it.
fn share_parts<T: Serialize + Clone>(
    section: &str,
    operations: &mut [&mut Operation],
    parts_of: impl for<'a> Fn(&'a mut Operation) -> Vec<(String, &'a mut RefOr<T>)>,
) -> BTreeMap<String, RefOr<T>> {
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for operation in &mut *operations {
        for (name, part) in parts_of(operation) {
            *counts.entry(name).or_default().entry(json(part)).or_default() += 1;
        }
    }
    let shared: BTreeMap<(String, String), String> =
        counts.into_iter().flat_map(|(name, uses)| names_of_repeated(name, uses)).collect();
    let mut components = BTreeMap::new();
    for operation in operations {
        for (name, part) in parts_of(operation) {
            if let Some(name) = shared.get(&(name, json(part))) {
                let reference = Ref::new(format!("#/components/{section}/{name}"));
                components.insert(name.clone(), std::mem::replace(part, RefOr::Ref(reference)));
            }
        }
    }
    components
}

/// The component of each part that is used often enough (`E304`, `E304V2`), by the name and the JSON of the part.
fn names_of_repeated(
    name: String,
    uses: BTreeMap<String, usize>,
) -> impl Iterator<Item = ((String, String), String)> {
    let mut repeated: Vec<_> = uses.into_iter().filter(|(_, uses)| *uses >= REPEATED).collect();
    repeated.sort_by_key(|(_, uses)| Reverse(*uses));
    let jsons = repeated.into_iter().map(|(json, _)| json).enumerate();
    jsons.map(move |(index, json)| {
        let own = if index == 0 { name.clone() } else { format!("{name}V{}", index + 1) };
        ((name.clone(), json), own)
    })
}

fn json(part: &impl Serialize) -> String {
    serde_json::to_string(part).unwrap_or_default()
}

/// `E404` of 404, `ApplicationCreated` of 201 with an application; none of another success.
fn response_name(status: &str, response: &RefOr<Response>) -> Option<String> {
    // A short name: a hundred operations refer to each.
    if !status.starts_with('2') {
        return Some(format!("E{status}"));
    }
    let code = StatusCode::from_u16(status.parse().ok()?).ok()?;
    let reason = pascal_case(code.canonical_reason()?);
    let RefOr::T(response) = response else { return None };
    match response.content.get("application/json")? {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => {
            let (_, noun) = schema.ref_location.rsplit_once('/')?;
            Some(format!("{noun}{reason}"))
        }
        _ => None,
    }
}

/// `ApplicationId` of the path parameter `id` of applications, `IfMatch` of `If-Match`.
fn parameter_name(parameter: &RefOr<Parameter>) -> String {
    let RefOr::T(parameter) = parameter else { return String::new() };
    let description = parameter.description.as_deref().unwrap_or_default();
    match description.strip_prefix("Id of the ") {
        Some(noun) if parameter.name == "id" => pascal_case(noun) + "Id",
        _ => pascal_case(&parameter.name),
    }
}
