//! Lookups in the document, used while requests are answered.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{
    http::{Method, header},
    web,
};
use utoipa::openapi::{
    OpenApi, RefOr, SecurityRequirement,
    path::{Parameter, ParameterIn},
};

use super::query_rules::QueryRules;
use crate::api::problem::{HttpError, Problem, sentences};

/// Read by Prometheus, and not by pages of other origins.
const METRICS: &str = "/metrics";

/// The documented operations of each route, by method.
#[derive(Debug, Default)]
pub struct Routes(BTreeMap<String, BTreeMap<String, Operation>>);

/// The documented properties of a method.
#[derive(Debug)]
struct Operation {
    query: QueryRules,
    /// Whether it requires no token.
    open: bool,
}

impl Routes {
    /// Reads the document, so that nothing has to be listed twice.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let routes = document.paths.paths.iter().map(|(path, item)| {
            let shared = item.parameters.iter().flatten();
            let methods = [
                ("GET", &item.get),
                ("PUT", &item.put),
                ("POST", &item.post),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            let methods = methods.into_iter().filter_map(|(method, operation)| {
                let operation = operation.as_ref()?;
                let none = SecurityRequirement::default();
                let open = operation
                    .security
                    .as_ref()
                    .is_some_and(|security| security.is_empty() || security.contains(&none));
                let own = operation.parameters.iter().flatten();
                let query = own
                    .chain(shared.clone())
                    .filter_map(inline)
                    .filter(|p| p.parameter_in == ParameterIn::Query);
                let query = QueryRules::of(query, document);
                Some((method.to_owned(), Operation { query, open }))
            });
            (path.clone(), methods.collect())
        });
        Self(routes.collect())
    }

    /// Whether a path is that of a route, word for word.
    pub(in crate::api) fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The methods that the route of a request takes.
    pub(in crate::api) fn methods(&self, pattern: &str) -> Option<String> {
        let methods = self.0.get(pattern)?;
        Some(methods.keys().cloned().collect::<Vec<_>>().join(", "))
    }

    /// Whether a route exists and needs a token.
    pub(in crate::api) fn needs_token(&self, pattern: &str, method: &Method) -> bool {
        let operation = self.0.get(pattern).and_then(|methods| methods.get(method.as_str()));
        operation.is_some_and(|operation| !operation.open)
    }

    /// Whether a route exists and needs no token.
    pub(in crate::api) fn is_open(&self, pattern: &str, method: &Method) -> bool {
        let operation = self.0.get(pattern).and_then(|methods| methods.get(method.as_str()));
        operation.is_some_and(|operation| operation.open)
    }

    /// Whether pages of any origin may use a route: it requires no token, and it is not for the operator only.
    pub(in crate::api) fn is_for_any_origin(&self, pattern: &str, method: &Method) -> bool {
        pattern != METRICS && self.is_open(pattern, method)
    }

    /// The rules of the query of a request.
    pub(in crate::api) fn query_rules(
        &self,
        pattern: &str,
        method: &Method,
    ) -> Option<&QueryRules> {
        Some(&self.0.get(pattern)?.get(method.as_str())?.query)
    }
}

/// Which media types each route answers a GET with, by the document.
#[derive(Debug, Default)]
pub struct Negotiable(BTreeMap<String, BTreeSet<String>>);

impl Negotiable {
    /// Reads the document, so that nothing has to be listed twice.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let routes = document.paths.paths.iter().filter_map(|(path, item)| {
            let RefOr::T(answer) = item.get.as_ref()?.responses.responses.get("200")? else {
                return None;
            };
            Some((path.clone(), answer.content.keys().cloned().collect()))
        });
        Self(routes.collect())
    }

    pub(in crate::api) fn has(&self, pattern: &str, media_type: &str) -> bool {
        self.0.get(pattern).is_some_and(|types| types.contains(media_type))
    }
}

/// The problem of a path or a query with U+0000, which PostgreSQL cannot store.
pub(in crate::api) fn with_nul(path: &str, query: &str) -> Option<Problem> {
    if path.contains("%00") || path.contains('\0') {
        return Some(Problem::edge(
            HttpError::InvalidIdentifier,
            sentences::invalid_identifier_nul(),
        ));
    }
    if !query.contains("%00") && !query.contains('\0') {
        return None;
    }
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query).ok()?.into_inner();
    let (name, _) = pairs.into_iter().find(|(name, text)| (name.clone() + text).contains('\0'))?;
    let edge =
        if name == "cursor" { HttpError::InvalidCursor } else { HttpError::InvalidParameter };
    Some(Problem::parameter(edge, &name.replace('\0', ""), sentences::invalid_parameter_nul()))
}

/// The problem of a method that a path does not take.
pub(in crate::api) fn method_not_allowed(methods: &str) -> Problem {
    Problem::edge(HttpError::MethodNotAllowed, sentences::method_not_allowed(methods))
        .with_header(header::ALLOW, methods)
}

/// Parameters are inline in the document, never behind a reference.
fn inline(parameter: &RefOr<Parameter>) -> Option<&Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}
