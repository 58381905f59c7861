//! Lists: keyset pages behind an opaque cursor that belongs to its query.

use actix_web::{HttpRequest, web};
use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use super::problem::{Edge, Problem};

/// The number of items on a page unless it is asked for.
pub const DEFAULT_LIMIT: u16 = 50;
/// The greatest number of items on a page.
pub const MAX_LIMIT: u16 = 200;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the page stands in the list.
    pub page: PageInfo,
}

/// Where a page stands in its list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// The number of items that was asked for at most.
    pub limit: u16,
    /// Whether there is more.
    pub has_more: bool,
    /// The path and query of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

/// What is asked of a list: how many, and after which key.
#[derive(Debug)]
pub struct Slice {
    /// How many at the most.
    pub limit: u16,
    /// The key after which the page begins.
    pub after: Option<String>,
    path: String,
    filters: String,
}

impl Slice {
    /// Reads `limit` and `cursor`; every other parameter is part of what the cursor is bound to.
    ///
    /// # Errors
    /// `invalid-parameter`, `invalid-cursor`.
    pub fn of(
        request: &HttpRequest,
        limit: Option<u16>,
        cursor: Option<&str>,
    ) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let detail = format!("Ask for 1 to {MAX_LIMIT} items at a time.");
            return Err(Problem::parameter(Edge::InvalidParameter, "limit", detail));
        }
        let mut filters: Vec<_> = request
            .query_string()
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("limit=") && !p.starts_with("cursor="))
            .collect();
        filters.sort_unstable();
        let filters = filters.join("&");
        let mut slice = Self { limit, after: None, path: request.path().to_owned(), filters };
        if let Some(cursor) = cursor {
            let key = slice.open(cursor).ok_or_else(|| {
                Problem::parameter(
                    Edge::InvalidCursor,
                    "cursor",
                    "Start again without a cursor: this one belongs to another query or is damaged.",
                )
            })?;
            slice.after = Some(key);
        }
        Ok(slice)
    }

    /// The page made of at least one item more than the limit, where there are so many.
    pub fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let limit = usize::from(self.limit);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(|last| {
            let filters =
                if self.filters.is_empty() { String::new() } else { format!("{}&", self.filters) };
            format!("{}?{filters}limit={}&cursor={}", self.path, self.limit, self.seal(&key(last)))
        });
        Page { items, page: PageInfo { limit: self.limit, has_more, next } }
    }

    /// One more than the limit, so that it shows whether there is more.
    #[must_use]
    pub fn fetch(&self) -> usize {
        usize::from(self.limit) + 1
    }

    fn seal(&self, key: &str) -> String {
        let mut sealed = self.check(key);
        sealed.extend_from_slice(key.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    fn open(&self, cursor: &str) -> Option<String> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (check, key) = sealed.split_at_checked(8)?;
        let key = std::str::from_utf8(key).ok()?;
        (self.check(key) == check).then(|| key.to_owned())
    }

    /// Binds a key to its list and filters. No secret: a made-up cursor gives only what anyone may list.
    fn check(&self, key: &str) -> Vec<u8> {
        let bound = format!("1\n{}\n{}\n{key}", self.path, self.filters);
        digest::digest(&digest::SHA256, bound.as_bytes()).as_ref().iter().copied().take(8).collect()
    }
}

/// Query parameters, read by name and type.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> actix_web::FromRequest for Asked<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let asked = web::Query::<T>::from_query(request.query_string());
        std::future::ready(asked.map(|query| Self(query.into_inner())).map_err(|error| {
            let detail = match error {
                actix_web::error::QueryPayloadError::Deserialize(error) => error.to_string(),
                _ => "the query cannot be read".to_owned(),
            };
            Problem::edge(Edge::InvalidParameter, format!("Correct the query: {detail}."))
        }))
    }
}
