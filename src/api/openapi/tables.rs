//! Describes the CSV of a list, or the HTML of the problem codes, as an operation of its own, at the path with the suffix:
//! code generators take the first media type of an answer only, or give the answer the type of either.

use utoipa::openapi::{
    HttpMethod, OpenApi, RefOr,
    path::{Operation, PathItem},
};

use super::methods::pascal_case;
use crate::api::extract::negotiation::SUFFIXES;

const JSON: &str = "application/json";

/// Splits each read that answers with JSON or another media type. Negotiation needs both media types, so this comes after it
/// has read the document.
pub(super) fn split(document: &mut OpenApi) {
    for (suffix, media_type) in SUFFIXES.into_iter().filter(|(_, media_type)| *media_type != JSON) {
        let items = document.paths.paths.iter_mut();
        let others: Vec<_> = items
            .filter_map(|(path, item)| {
                let other = other_form(item.get.as_mut()?, suffix, media_type)?;
                Some((format!("{path}{suffix}"), other))
            })
            .collect();
        for (path, other) in others {
            document.paths.paths.insert(path, PathItem::new(HttpMethod::Get, other));
        }
    }
}

/// Takes a media type out of an operation that also answers with JSON.
fn other_form(read: &mut Operation, suffix: &str, media_type: &str) -> Option<Operation> {
    let mut other = read.clone();
    let RefOr::T(answer) = read.responses.responses.get_mut("200")? else { return None };
    if !answer.content.contains_key(JSON) || answer.content.shift_remove(media_type).is_none() {
        return None;
    }
    if let Some(RefOr::T(answer)) = other.responses.responses.get_mut("200") {
        answer.content.retain(|it, _| it == media_type);
    }
    let (id, name) = (read.operation_id.as_deref()?, suffix.trim_start_matches('.'));
    other.operation_id = Some(format!("{id}{}", pascal_case(name)));
    let summary = read.summary.as_deref()?.trim_end_matches('.');
    other.summary = Some(format!("{summary} as {}.", name.to_uppercase()));
    other.description = Some(format!("The answer of `{id}` as {}.", name.to_uppercase()));
    Some(other)
}
