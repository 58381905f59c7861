//! Leaves out what the document says elsewhere: it is read by browsers and code generators as a whole.

use std::collections::BTreeSet;

use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Schema,
    schema::{AllOfBuilder, ArrayItems, Object, Type},
};

use super::methods::operations;

/// Removes the examples of schemas that are no body of a request.
pub(super) fn remove_examples_of_parts(document: &mut OpenApi) {
    let bodies = names_of_bodies(document);
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        // A viewer writes the example of a whole body; those of its parts are not needed.
        if let RefOr::T(Schema::Object(object)) = schema
            && !bodies.contains(name)
        {
            object.examples.clear();
        }
    }
}

/// The names of the schemas of bodies.
fn names_of_bodies(document: &mut OpenApi) -> BTreeSet<String> {
    let all = document.paths.paths.values_mut().flat_map(operations);
    let bodies = all.filter_map(|operation| match &operation.request_body {
        Some(RefOr::T(body)) => Some(body.content.values()),
        _ => None,
    });
    let names = bodies.flatten().filter_map(|content| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => {
            schema.ref_location.rsplit_once('/').map(|(_, name)| name.to_owned())
        }
        _ => None,
    });
    names.collect()
}

/// How the body of a request can be too slow, too large or of another media type: a client meets these while it is written.
const OF_BODIES: [&str; 3] = ["408", "413", "415"];

const ALL_OF_BODIES: &str =
    "The body was not received in time (408), is too large (413) or has another media type (415).";

/// Describes the errors of bodies by one range of statuses.
pub(super) fn join_errors_of_bodies(document: &mut OpenApi) {
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        let responses = &mut operation.responses.responses;
        let own = OF_BODIES.iter().filter_map(|status| responses.remove(*status));
        let own = own.filter_map(|response| match response {
            RefOr::T(response) => Some(response),
            RefOr::Ref(_) => None,
        });
        let joined = own.reduce(|mut all, other| {
            all.headers.extend(other.headers);
            all
        });
        let Some(mut all) = joined else { continue };
        ALL_OF_BODIES.clone_into(&mut all.description);
        responses.insert("4XX".to_owned(), RefOr::T(all));
    }
}

/// Leaves the descriptions of the fields of a merge patch to its form, where the document has the form.
pub(super) fn describe_patches_by_forms(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let forms: BTreeSet<_> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let form = name.strip_suffix("Patch").filter(|form| forms.contains(*form));
        if let (Some(_), RefOr::T(Schema::Object(patch))) = (form, schema) {
            patch.examples.clear();
            patch.properties.values_mut().for_each(leave_out_description);
        }
    }
}

/// Leaves the description of the items of a list to the list, where both have the same.
pub(super) fn describe_items_by_lists(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    components.schemas.values_mut().for_each(describe_items_in);
}

fn describe_items_in(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => object.properties.values_mut().for_each(describe_items_in),
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(describe_items_in),
        Schema::OneOf(parts) => parts.items.iter_mut().for_each(describe_items_in),
        Schema::Array(list) => {
            if let ArrayItems::RefOrSchema(items) = &mut list.items
                && let RefOr::T(Schema::Object(item)) = &mut **items
                && item.description == list.description
            {
                item.description = None;
            }
        }
        _ => {}
    }
}

/// Views that have all fields of another one, and that other one.
const COMPOSED: [(&str, &str); 3] = [
    ("Approval", "ApprovalRecord"),
    ("DecisionCase", "Decision"),
    ("Publication", "OfferingRecord"),
];

/// Writes the fields of a view that another one has as well as a reference to that.
pub(super) fn compose_views(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    for (whole, part) in COMPOSED {
        let Some(RefOr::T(Schema::Object(fields))) = components.schemas.get(part).cloned() else {
            continue;
        };
        let Some(RefOr::T(schema)) = components.schemas.get_mut(whole) else { continue };
        let Schema::Object(own) = schema else { continue };
        let has_all =
            fields.properties.iter().all(|(name, it)| own.properties.get(name) == Some(it));
        if has_all && fields.required.iter().all(|name| own.required.contains(name)) {
            let mut rest = Object::with_type(Type::Object);
            for (name, field) in &own.properties {
                if !fields.properties.contains_key(name) {
                    rest.properties.insert(name.clone(), field.clone());
                }
            }
            rest.required.clone_from(&own.required);
            rest.required.retain(|name| rest.properties.contains_key(name));
            let both = AllOfBuilder::new().item(Ref::from_schema_name(part)).item(rest);
            *schema = both.description(own.description.take()).build().into();
        }
    }
}

fn leave_out_description(property: &mut RefOr<Schema>) {
    match property {
        RefOr::Ref(reference) => reference.description.clear(),
        RefOr::T(Schema::Object(object)) => object.description = None,
        RefOr::T(Schema::Array(list)) => list.description = None,
        RefOr::T(Schema::OneOf(one)) => one.description = None,
        RefOr::T(_) => {}
    }
}
