//! Adds parts of the document that are common to all routes.

mod demo_ids;
mod enumerations;
mod facts;
mod headers;
mod lists;
mod patches;
mod unused;

use utoipa::openapi::{
    OpenApi, RefOr, Schema, Type,
    path::Parameter,
    schema::{ArrayItems, SchemaType},
};

use super::methods::operations;

/// Headers and query parameters with one schema everywhere.
const FORMS: [(&str, &str); 2] =
    [("If-Match", r#"^"[0-9]{1,18}(-[!#-~]*)?"$"#), ("cursor", r"^[A-Za-z0-9_-]+$")];
/// The one view with a null: the change after which nothing of an approval is public.
const HAS_NULL: &str = "ApprovalRemoval";

/// Completes the document.
pub fn complete(document: &mut OpenApi) {
    let items = document.paths.paths.values_mut();
    for operation in items.flat_map(operations) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                formed(parameter);
                // A parameter is left out and never null.
                parameter.schema.iter_mut().for_each(remove_null);
            }
        }
    }
    refuse_null(document);
    enumerations::name(document);
    name_alternatives_only(document);
    open_parts(document);
    patches::describe(document);
    lists::name(document);
    headers::describe(document);
    demo_ids::add(document);
    unused::remove(document);
}

/// Adds the schema of a parameter.
fn formed(parameter: &mut Parameter) {
    let form = FORMS.iter().find(|(name, _)| *name == parameter.name);
    if let (Some((_, form)), Some(RefOr::T(Schema::Object(schema)))) = (form, &mut parameter.schema)
    {
        schema.schema_type = SchemaType::Type(Type::String);
        schema.pattern = Some((*form).to_owned());
    }
}

/// An alternative is a reference without a description: code generators take another one for a schema of its own.
fn name_alternatives_only(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::OneOf(one)) = schema else { continue };
        for item in &mut one.items {
            if let RefOr::Ref(named) = item {
                named.description.clear();
            }
        }
    }
}

/// An optional field does not accept null: `Option` means the former, and utoipa documents both.
fn refuse_null(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let schemas = components.schemas.iter_mut().filter(|(name, _)| *name != HAS_NULL);
    schemas.for_each(|(_, schema)| refuse_null_in(schema));
}

/// Removes null from the properties of a schema and of its parts.
fn refuse_null_in(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for property in object.properties.values_mut() {
                remove_null(property);
                refuse_null_in(property);
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                refuse_null_in(items);
            }
        }
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(refuse_null_in),
        Schema::OneOf(parts) => parts.items.iter_mut().for_each(refuse_null_in),
        _ => {}
    }
}

/// Removes null from the types of a schema.
fn remove_null(property: &mut RefOr<Schema>) {
    let is_null = |item: &RefOr<Schema>| match item {
        RefOr::T(Schema::Object(object)) => object.schema_type == SchemaType::Type(Type::Null),
        _ => false,
    };
    match property {
        RefOr::T(Schema::Object(object)) => remove_null_type(&mut object.schema_type),
        RefOr::T(Schema::Array(array)) => remove_null_type(&mut array.schema_type),
        RefOr::T(Schema::OneOf(one)) if one.items.iter().any(is_null) => {
            let description = one.description.take();
            let mut rest = std::mem::take(&mut one.items);
            rest.retain(|item| !is_null(item));
            if let Some(mut only) = rest.pop() {
                if let (RefOr::Ref(named), Some(description)) = (&mut only, description) {
                    named.description = description;
                }
                *property = only;
            }
        }
        _ => {}
    }
}

fn remove_null_type(kind: &mut SchemaType) {
    if let SchemaType::Array(kinds) = kind {
        kinds.retain(|it| *it != Type::Null);
        if let [only] = kinds.as_slice() {
            *kind = SchemaType::Type(only.clone());
        }
    }
}

/// A form that takes no other fields is not closed where it is a part of a larger one.
fn open_parts(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let whole = components.schemas.clone();
    let open = |location: &str| match whole.get(location.rsplit('/').next()?) {
        Some(RefOr::T(Schema::Object(closed))) if closed.additional_properties.is_some() => {
            let mut open = closed.clone();
            open.additional_properties = None;
            Some(RefOr::T(Schema::Object(open)))
        }
        _ => None,
    };
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::AllOf(parts)) = schema else { continue };
        for part in &mut parts.items {
            if let RefOr::Ref(named) = part
                && let Some(open) = open(&named.ref_location)
            {
                *part = open;
            }
        }
    }
}
