//! Describes the CSV of a list as an operation of its own, at the path with the suffix `.csv`: code generators take the
//! first media type of an answer only, or give the answer the type of either.

use utoipa::openapi::{
    HttpMethod, OpenApi, RefOr,
    path::{Operation, PathItem},
};

const CSV: &str = "text/csv";

/// Splits each read that answers with JSON or CSV. Negotiation needs both media types, so this comes after it has read the
/// document.
pub(super) fn split(document: &mut OpenApi) {
    let tables: Vec<_> = document
        .paths
        .paths
        .iter_mut()
        .filter_map(|(path, item)| Some((format!("{path}.csv"), table_of(item.get.as_mut()?)?)))
        .collect();
    for (path, table) in tables {
        document.paths.paths.insert(path, PathItem::new(HttpMethod::Get, table));
    }
}

/// Takes the CSV out of an operation.
fn table_of(list: &mut Operation) -> Option<Operation> {
    let mut table = list.clone();
    let RefOr::T(answer) = list.responses.responses.get_mut("200")? else { return None };
    if answer.content.len() < 2 || answer.content.shift_remove(CSV).is_none() {
        return None;
    }
    if let Some(RefOr::T(answer)) = table.responses.responses.get_mut("200") {
        answer.content.retain(|media_type, _| media_type == CSV);
    }
    table.operation_id = list.operation_id.as_ref().map(|id| format!("{id}Csv"));
    table.summary = list.summary.as_ref().map(|it| format!("{} as CSV.", it.trim_end_matches('.')));
    table.description =
        Some(format!("The rows of `{}` as a table.", list.operation_id.as_deref()?));
    Some(table)
}
