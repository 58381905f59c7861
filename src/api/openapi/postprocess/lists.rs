//! Names the pages of lists: `ApplicationList`, with a reference to the schema of its items.

use utoipa::openapi::{
    OpenApi, Ref, RefOr, Schema,
    path::Operation,
    schema::{ArrayItems, Object},
};

use crate::api::openapi::methods::operations;

/// The name of a generic page starts so, before that of its items.
const PAGE: &str = "Page_";

/// Renames each page, and moves the schema of its items to the components.
pub(super) fn name(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let pages: Vec<_> =
        components.schemas.keys().filter(|name| name.starts_with(PAGE)).cloned().collect();
    for page in pages {
        let (Some(mut schema), Some(item)) =
            (components.schemas.remove(&page), page.strip_prefix(PAGE))
        else {
            continue;
        };
        if let Some(items) = items_of(&mut schema) {
            let reference = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
            if let ArrayItems::RefOrSchema(inline) = std::mem::replace(items, reference) {
                components.schemas.entry(item.to_owned()).or_insert(*inline);
            }
        }
        components.schemas.insert(format!("{item}List"), schema);
    }
    document.paths.paths.values_mut().flat_map(operations).for_each(rename_answers);
}

fn items_of(page: &mut RefOr<Schema>) -> Option<&mut ArrayItems> {
    let RefOr::T(Schema::Object(Object { properties, .. })) = page else { return None };
    match properties.get_mut("items") {
        Some(RefOr::T(Schema::Array(list))) => Some(&mut list.items),
        _ => None,
    }
}

fn rename_answers(operation: &mut Operation) {
    for answer in operation.responses.responses.values_mut() {
        let RefOr::T(answer) = answer else { continue };
        for content in answer.content.values_mut() {
            if let RefOr::T(content) = content
                && let Some(RefOr::Ref(schema)) = &mut content.schema
                && let Some((schemas, item)) = schema.ref_location.split_once(PAGE)
            {
                schema.ref_location = format!("{schemas}{item}List");
            }
        }
    }
}
