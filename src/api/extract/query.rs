//! Query parameters, read by name and type.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use crate::api::problem::{HttpError, Problem, sentences};

/// Query parameters, read by name and type.
#[derive(Debug)]
pub struct ValidQuery<T>(pub T);

impl<T: DeserializeOwned> FromRequest for ValidQuery<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request.query_string()))
    }
}

impl<T: DeserializeOwned> ValidQuery<T> {
    /// Reads a query string. The errors of single parameters were found when the route was.
    ///
    /// # Errors
    /// `invalid-parameter`.
    pub fn of(query: &str) -> Result<Self, Problem> {
        serde_urlencoded::from_str(query).map(Self).map_err(|_| {
            Problem::edge(HttpError::InvalidParameter, sentences::invalid_parameter_query())
        })
    }
}
