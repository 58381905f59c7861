//! What a participant reads of a resource, and sends.

use actix_web::http::Method;
use serde_json::Value;

use super::bodies::{Body, Facts};
use crate::world::{Answer, Person, files::metadata};

/// What a participant has read of a resource, and may do with it.
pub struct Turn {
    pub resource: String,
    pub person: Person,
    pub etag: String,
    pub view: Value,
    pub actions: Vec<Value>,
    pub facts: Facts,
}

/// An operation to try next on a resource.
#[derive(Debug)]
pub struct Sequel {
    /// How many days pass before it.
    pub days: i64,
    pub operation: &'static str,
    pub resource: String,
}

impl Turn {
    /// Sends an action.
    pub async fn send(&self, action: &Value, body: &Body) -> Answer {
        let mut href = action["href"].as_str().unwrap().to_owned();
        if let Some((name, value)) = &body.parameter {
            href = href.replace(&format!("{{{name}}}"), value);
        }
        if let Some(bytes) = &body.file {
            return self.person.gives(metadata("tax-certificate"), bytes).await;
        }
        let method = Method::from_bytes(action["method"].as_str().unwrap().as_bytes()).unwrap();
        self.person.act(method, &href, &self.etag, body.json.clone()).await
    }
}
