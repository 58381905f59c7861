//! Links from an answer to the reads of what it names (OpenAPI `links`).

use std::collections::BTreeMap;

use utoipa::openapi::{
    Components, Content, OpenApi, Ref, RefOr, Response, Schema,
    link::{Link, LinkBuilder},
};

use super::methods::operations_by_path;
use crate::api::view::{AFTER_COMMAND, FOR_CALLER};

/// A link: its name, its operation, and the parameters with the properties that give their values.
type Target = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The linked reads. An answer has a link if it has the properties of all its parameters.
const TARGETS: [Target; 8] = [
    ("Application", "applicationGet", &[("id", "applicationId")]),
    ("Approval", "approvalGet", &[("id", "approvalId")]),
    ("Decision", "decisionGet", &[("id", "decisionId")]),
    ("Municipality", "municipalityGet", &[("number", "municipality")]),
    ("NextChanges", "changeList", &[("after", "position")]),
    ("Offering", "offeringGet", &[("id", "offeringId")]),
    ("Provider", "providerGet", &[("organisation_number", "provider")]),
    ("RegisterPage", "registerPage", &[("municipality", "municipality"), ("service", "service")]),
];

/// Adds the links: to every read of a single resource, and from a new resource to its read.
pub(super) fn add(document: &mut OpenApi) {
    let Some(mut components) = document.components.take() else { return };
    let reads = reads_by_id(document);
    for (_, method, operation) in operations_by_path(document) {
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            let names = properties_of_answer(response, &components);
            for (name, operation, parameters) in TARGETS.into_iter().filter(|_| method == "GET") {
                if parameters.iter().all(|(_, property)| names.iter().any(|it| it == property)) {
                    link(response, name, || component(operation, parameters), &mut components);
                }
            }
            let noun = noun_of_answer(response);
            let read = noun.as_ref().and_then(|noun| Some((noun, reads.get(noun)?)));
            if let Some((noun, read)) = read.filter(|_| status == "201") {
                let name = format!("Created{noun}");
                link(response, &name, || component(read, &[("id", "id")]), &mut components);
            }
        }
    }
    document.components = Some(components);
}

/// Adds a link, and its component where it is new.
fn link(
    response: &mut Response,
    name: &str,
    component: impl FnOnce() -> Link,
    components: &mut Components,
) {
    components.links.entry(name.to_owned()).or_insert_with(|| RefOr::T(component()));
    let reference = Ref::new(format!("#/components/links/{name}"));
    response.links.insert(name.to_owned(), RefOr::Ref(reference));
}

fn component(operation: &str, parameters: &[(&str, &str)]) -> Link {
    let mut link = LinkBuilder::new().operation_id(operation);
    for (parameter, property) in parameters {
        link = link.parameter(*parameter, format!("$response.body#/{property}"));
    }
    link.build()
}

/// The reads of one resource by its id: the name of the schema, and the operation.
fn reads_by_id(document: &OpenApi) -> BTreeMap<String, String> {
    let reads = document.paths.paths.iter().filter(|(path, _)| path.ends_with("/{id}"));
    let reads = reads.filter_map(|(_, item)| {
        let read = item.get.as_ref()?;
        let RefOr::T(answer) = read.responses.responses.get("200")? else { return None };
        Some((noun_of_answer(answer)?, read.operation_id.clone()?))
    });
    reads.collect()
}

/// The name of the schema of an answer, without what its caller may do.
fn noun_of_answer(response: &Response) -> Option<String> {
    let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) =
        response.content.get("application/json")?
    else {
        return None;
    };
    let (_, name) = schema.ref_location.rsplit_once('/')?;
    let mut ends = [AFTER_COMMAND, FOR_CALLER].into_iter();
    Some(ends.find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned())
}

/// The required properties of a JSON answer.
fn properties_of_answer(response: &Response, components: &Components) -> Vec<String> {
    match response.content.get("application/json") {
        Some(RefOr::T(Content { schema: Some(schema), .. })) => {
            required(schema, &components.schemas)
        }
        _ => vec![],
    }
}

fn required(schema: &RefOr<Schema>, schemas: &BTreeMap<String, RefOr<Schema>>) -> Vec<String> {
    match schema {
        RefOr::Ref(named) => {
            let name = named.ref_location.rsplit('/').next().unwrap_or_default();
            schemas.get(name).map(|schema| required(schema, schemas)).unwrap_or_default()
        }
        RefOr::T(Schema::Object(object)) => object.required.clone(),
        RefOr::T(Schema::AllOf(parts)) => {
            parts.items.iter().flat_map(|part| required(part, schemas)).collect()
        }
        RefOr::T(_) => vec![],
    }
}
