//! Properties of an operation that its headers follow from.

use utoipa::openapi::{
    RefOr, SecurityRequirement,
    path::{Operation, Parameter},
};

/// The kind of an operation.
#[allow(clippy::struct_excessive_bools, reason = "independent facts")]
pub(super) struct Facts {
    /// A merge patch.
    pub(super) is_patch: bool,
    /// A read of public data, from the register in memory.
    pub(super) is_public_read: bool,
    /// A read that answers `If-None-Match`.
    pub(super) is_conditional: bool,
    /// Its answer has an entity tag.
    pub(super) has_tag: bool,
    /// Its answer has `Last-Modified`.
    pub(super) has_time: bool,
    /// Its answer waits for the next change.
    pub(super) takes_wait: bool,
    /// Its answer is a file to save.
    pub(super) is_file: bool,
    /// Its answer is a text in one language.
    pub(super) has_language: bool,
    /// Its answer is a page of a list.
    pub(super) is_list: bool,
}

/// Public reads without an entity tag: they are short, or have no end.
const WITHOUT_TAG: [&str; 5] = ["changeStream", "checkpointKeyList", "live", "metrics", "ready"];
/// Computed answers to a body, with an entity tag.
const COMPUTED: [&str; 2] = ["approvalLookup", "compensationQuote"];
/// Reads of a party without an entity tag: made for each reader.
const MADE_ANEW: [&str; 2] = ["checkpointGet", "evidenceContent"];
/// Reads whose answers say when they last changed.
const DATED: [&str; 4] = ["registerPage", "snapshotNdjson", "snapshotCsv", "snapshotXlsx"];

impl Facts {
    pub(super) fn of(path: &str, method: &str, operation: &Operation) -> Self {
        let id = operation.operation_id.as_deref().unwrap_or_default();
        let is_read = method == "GET" && path.starts_with("/v1/");
        let is_open = is_open(operation);
        let is_public_read = is_read && is_open;
        let is_conditional = method == "GET" && is_open && !WITHOUT_TAG.contains(&id);
        let is_list = is_read && has_parameter(operation, "cursor");
        let is_command = method != "GET" && !is_open;
        let is_private_resource = is_read && !is_open && !is_list && !MADE_ANEW.contains(&id);
        Self {
            is_patch: method == "PATCH",
            is_public_read,
            is_conditional,
            has_tag: is_conditional || is_command || is_private_resource || COMPUTED.contains(&id),
            has_time: DATED.contains(&id),
            takes_wait: id == "changeList",
            is_file: path.starts_with("/v1/snapshots/register.") || path.contains("{table}."),
            has_language: path.ends_with("/letter"),
            is_list,
        }
    }
}

/// Whether it needs no token.
fn is_open(operation: &Operation) -> bool {
    let none = SecurityRequirement::default();
    let security = operation.security.as_ref();
    security.is_some_and(|security| security.is_empty() || security.contains(&none))
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    let is_it = |it: &RefOr<Parameter>| matches!(it, RefOr::T(it) if it.name == name);
    operation.parameters.iter().flatten().any(is_it)
}
