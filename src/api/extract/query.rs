//! Query parameters, read by name and type.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use crate::{
    api::problem::{HttpError, Problem, sentences},
    domain::message::Message,
};

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
    /// Reads a query string. Each parameter with an error is named.
    ///
    /// # Errors
    /// `invalid-parameter`.
    pub fn of(query: &str) -> Result<Self, Problem> {
        let unreadable =
            || Problem::edge(HttpError::InvalidParameter, sentences::invalid_parameter_query());
        let mut pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|_| unreadable())?;
        let mut found: Option<Problem> = None;
        loop {
            let (name, detail) = match parse(&pairs) {
                Ok(query) => return found.map_or(Ok(Self(query)), Err),
                Err(error) => error,
            };
            // The place is not known where a part of the query is flattened.
            if [".", "?"].contains(&name.as_str()) {
                return Err(unreadable());
            }
            let is_named = pairs.iter().any(|(other, _)| *other == name);
            let problem = match found {
                // It is missing because it was left out here.
                Some(problem) if !is_named => return Err(problem),
                Some(problem) => problem
                    .with_parameter(&name, detail)
                    .with_detail(sentences::invalid_parameter_many()),
                None => Problem::parameter(HttpError::InvalidParameter, &name, detail),
            };
            if !is_named {
                return Err(problem);
            }
            // The next error shows when this parameter is left out.
            pairs.retain(|(other, _)| *other != name);
            found = Some(problem);
        }
    }
}

/// The parameters, or the name of one with an error and its required form.
fn parse<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, (String, Message)> {
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner().to_string();
        let quoted = error.split('`').nth(1);
        match quoted.filter(|_| error.contains(" field `")) {
            Some(name) if error.starts_with("missing") => {
                (name.to_owned(), sentences::invalid_parameter_missing())
            }
            Some(name) if error.starts_with("duplicate") => {
                (name.to_owned(), sentences::invalid_parameter_duplicate())
            }
            _ => (path, required_form(&error)),
        }
    })
}

/// The form that a value must have, by the words of serde and of the standard library.
fn required_form(error: &str) -> Message {
    if error.contains("`true` or `false`") {
        sentences::invalid_parameter_boolean()
    } else if error.contains("digit") || error.contains("integer") || error.contains("number") {
        sentences::invalid_parameter_number()
    } else {
        sentences::invalid_parameter_form()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;
    use crate::words::Locale;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    struct Query {
        limit: Option<u16>,
        only_open: Option<bool>,
        name: String,
    }

    fn errors(query: &str) -> Value {
        let problem = ValidQuery::<Query>::of(query).unwrap_err();
        let body: Value = serde_json::from_slice(&problem.to_json(Locale::En, None)).unwrap();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|it| json!([it["parameter"], it["detail"]])).collect()
    }

    #[test]
    fn a_query_is_read() {
        let ValidQuery(query) = ValidQuery::<Query>::of("limit=7&name=a%20b").unwrap();
        assert_eq!(query, Query { limit: Some(7), only_open: None, name: "a b".to_owned() });
    }

    #[test]
    fn each_parameter_with_an_error_is_named_with_its_required_form() {
        let number = "Send a whole number within the documented range.";
        assert_eq!(errors("limit=many&name=a"), json!([["limit", number]]));
        assert_eq!(errors("limit=70000&name=a"), json!([["limit", number]]));
        assert_eq!(errors("limit=1"), json!([["name", "This parameter is required."]]));
        assert_eq!(errors("name=a&name=b"), json!([["name", "Send this parameter once."]]));
        assert_eq!(
            errors("limit=&onlyOpen=yes&name=a"),
            json!([["limit", number], ["onlyOpen", "Send true or false."]])
        );
    }
}
