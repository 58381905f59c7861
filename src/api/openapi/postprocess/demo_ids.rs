//! Ids of the demo as examples of path parameters, so that a read can be tried as the viewer fills it in.

use serde_json::json;
use utoipa::openapi::{OpenApi, RefOr, path::ParameterBuilder};

use crate::api::openapi::methods::operations;

/// The description of a parameter, and the id of the first such resource of the demo.
const IDS: [(&str, &str); 2] = [
    ("Id of the offering", "01900000-0000-7000-8000-000000000006"),
    ("Id of the approval", "01900000-0000-7000-8000-00000000002e"),
];

/// Adds the examples.
pub(super) fn add(document: &mut OpenApi) {
    let all = document.paths.paths.values_mut().flat_map(operations);
    for parameter in all.flat_map(|operation| operation.parameters.iter_mut().flatten()) {
        let RefOr::T(parameter) = parameter else { continue };
        let known = IDS.iter().find(|(of, _)| Some(*of) == parameter.description.as_deref());
        if let Some((_, id)) = known {
            let with_example = ParameterBuilder::from(parameter.clone()).example(Some(json!(id)));
            *parameter = with_example.build();
        }
    }
}
