//! What routes cannot each say for themselves: put into the document once, for all of them.

mod patches;

use utoipa::openapi::{
    OpenApi, RefOr, Schema, Type,
    path::{Operation, Parameter, PathItem},
    schema::SchemaType,
};

/// Headers and query parameters that look alike wherever they stand.
const FORMS: [(&str, &str); 4] = [
    ("If-Match", r#"^"[0-9]{1,18}(-[!#-~]*)?"$"#),
    ("cursor", r"^[A-Za-z0-9_-]+$"),
    ("validAt", DAY_OR_INSTANT),
    ("knownAt", DAY_OR_INSTANT),
];
const DAY_OR_INSTANT: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$";

/// Completes the document.
pub fn complete(document: &mut OpenApi) {
    let items = document.paths.paths.values_mut();
    for operation in items.flat_map(operations) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                formed(parameter);
            }
        }
    }
    open_parts(document);
    patches::describe(document);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
    methods.into_iter().filter_map(Option::as_mut)
}

/// Says how the value of a parameter looks.
fn formed(parameter: &mut Parameter) {
    let form = FORMS.iter().find(|(name, _)| *name == parameter.name);
    if let (Some((_, form)), Some(RefOr::T(Schema::Object(schema)))) = (form, &mut parameter.schema)
    {
        schema.schema_type = SchemaType::Type(Type::String);
        schema.pattern = Some((*form).to_owned());
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
