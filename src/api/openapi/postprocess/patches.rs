//! Bodies of a JSON Merge Patch: the form with every field optional (RFC 7396). Null removes a field, so a required one takes none.

use crate::api::extract::body::MERGE_PATCH;
use utoipa::openapi::{
    Components, OneOfBuilder, OpenApi, Ref, RefOr, Schema, Type,
    schema::{Object, SchemaType},
};

/// Gives each body of a merge patch its own schema.
pub(super) fn describe(document: &mut OpenApi) {
    let Some(mut components) = document.components.take() else { return };
    let items = document.paths.paths.values_mut();
    let bodies = items.filter_map(|item| item.patch.as_mut()?.request_body.as_mut());
    for body in bodies {
        let RefOr::T(body) = body else { continue };
        let Some(content) = body.content.get_mut(MERGE_PATCH) else { continue };
        let RefOr::T(content) = content else { continue };
        if let Some(RefOr::Ref(form)) = content.schema.clone() {
            content.schema = Some(patch_of(&form, &mut components));
        }
    }
    document.components = Some(components);
}

/// The schema of a patch of a form, created if missing. Values other than objects are replaced as a whole.
fn patch_of(form: &Ref, components: &mut Components) -> RefOr<Schema> {
    let name = form.ref_location.rsplit('/').next().unwrap_or_default().to_owned();
    let object = match components.schemas.get(&name) {
        Some(RefOr::T(Schema::Object(object))) if !object.properties.is_empty() => object.clone(),
        _ => return RefOr::Ref(form.clone()),
    };
    let patch = format!("{}Patch", name.strip_suffix("Patch").unwrap_or(&name));
    if patch == name || !components.schemas.contains_key(&patch) {
        let mut object = object;
        let required = std::mem::take(&mut object.required);
        for (name, property) in &mut object.properties {
            let is_required = required.contains(name);
            *property = patched(property.clone(), is_required, components);
        }
        components.schemas.insert(patch.clone(), RefOr::T(Schema::Object(object)));
    }
    let mut whole = Ref::from_schema_name(patch);
    whole.description.clone_from(&form.description);
    RefOr::Ref(whole)
}

/// The schema of a field in a patch: the same or null, and only the same where the field is required.
fn patched(
    property: RefOr<Schema>,
    is_required: bool,
    components: &mut Components,
) -> RefOr<Schema> {
    let property = match property {
        RefOr::Ref(form) => patch_of(&form, components),
        other @ RefOr::T(_) => other,
    };
    if is_required {
        return property;
    }
    match property {
        RefOr::T(Schema::Object(mut object)) => {
            object.schema_type = or_null(object.schema_type);
            RefOr::T(Schema::Object(object))
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.schema_type = or_null(array.schema_type);
            RefOr::T(Schema::Array(array))
        }
        RefOr::Ref(mut form) => {
            let description = Some(std::mem::take(&mut form.description));
            let null = Object::with_type(Type::Null);
            let one = OneOfBuilder::new().item(form).item(null);
            let description = description.filter(|it| !it.is_empty());
            RefOr::T(Schema::OneOf(one.description(description).build()))
        }
        other @ RefOr::T(_) => other,
    }
}

fn or_null(kind: SchemaType) -> SchemaType {
    match kind {
        SchemaType::Type(kind) => SchemaType::Array(vec![kind, Type::Null]),
        other => other,
    }
}
