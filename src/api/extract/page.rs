//! Lists: keyset pages behind an opaque cursor that belongs to its query.

use actix_web::HttpRequest;
use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type},
};

use crate::{
    api::problem::{HttpError, Problem, sentences},
    json::PageInfo,
};

/// Default number of items on a page.
pub const DEFAULT_LIMIT: u16 = 50;
/// The greatest number of items on a page.
pub const MAX_LIMIT: u16 = 200;

crate::json::parameter_schema!(PageLimit, page_limit);

/// The schema of `limit`.
fn page_limit() -> Object {
    limit(MAX_LIMIT).default(Some(DEFAULT_LIMIT.into())).build()
}

/// The schema of a number of items from 1 to a maximum.
pub fn limit(max: u16) -> ObjectBuilder {
    let format = SchemaFormat::KnownFormat(KnownFormat::Int32);
    let number = ObjectBuilder::new().schema_type(Type::Integer).format(Some(format));
    number.minimum(Some(1)).maximum(Some(max))
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Position of the page in the list.
    pub page: PageInfo,
}

impl<T> Page<T> {
    /// The same page with its items in another form.
    pub fn map<U>(&self, form: impl Fn(&T) -> U) -> Page<U> {
        Page { items: self.items.iter().map(form).collect(), page: self.page.clone() }
    }
}

/// A request for a page: the limit and the key to begin after.
#[derive(Debug)]
pub struct PageRequest {
    /// Maximum number of items.
    pub limit: u16,
    key: Option<String>,
    path: String,
    filters: String,
}

impl PageRequest {
    /// The page of a checked `limit` and a `cursor`, which is bound to all other parameters.
    ///
    /// # Errors
    /// `invalid-cursor`, `foreign-cursor`.
    pub fn of(
        request: &HttpRequest,
        limit: Option<u16>,
        cursor: Option<&str>,
    ) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        let mut filters: Vec<_> = request
            .query_string()
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("limit=") && !p.starts_with("cursor="))
            .collect();
        filters.sort_unstable();
        let filters = filters.join("&");
        let mut slice = Self { limit, key: None, path: request.path().to_owned(), filters };
        if let Some(cursor) = cursor {
            let (bound, key) = open(cursor).ok_or_else(damaged)?;
            if bound != slice.bound() {
                let detail = sentences::foreign_cursor();
                return Err(Problem::parameter(HttpError::ForeignCursor, "cursor", detail));
            }
            slice.key = Some(key);
        }
        Ok(slice)
    }

    /// The key after which the page begins, read as the keys of this list are.
    ///
    /// # Errors
    /// `invalid-cursor` for a key that no page of this list has.
    pub fn after<'a, T>(
        &'a self,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        self.key.as_deref().map(|key| read(key).ok_or_else(damaged)).transpose()
    }

    /// The part of a whole order after a place: all of it without a limit.
    pub fn part(
        &self,
        limited: bool,
        order: Vec<(String, usize)>,
        after: Option<&str>,
    ) -> Page<(String, usize)> {
        let later = order.into_iter().filter(|(place, _)| after < Some(place));
        if limited {
            return self.page(later.take(self.fetch()).collect(), |(place, _)| place.clone());
        }
        let items: Vec<_> = later.collect();
        let limit = u16::try_from(items.len()).unwrap_or(u16::MAX);
        Page { items, page: PageInfo { limit, has_more: false, next: None, total: None } }
    }

    /// The page of a list with one item more than the limit, if there are so many.
    pub fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let limit = usize::from(self.limit);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(|last| {
            let filters =
                if self.filters.is_empty() { String::new() } else { format!("{}&", self.filters) };
            format!(
                "{}?{filters}limit={}&cursor={}",
                self.path,
                self.limit,
                self.encode_cursor(&key(last))
            )
        });
        Page { items, page: PageInfo { limit: self.limit, has_more, next, total: None } }
    }

    /// Whether it takes long to write so many items.
    #[must_use]
    pub const fn is_large(&self) -> bool {
        self.limit > DEFAULT_LIMIT
    }

    /// One more than the limit, so that it shows whether there is more.
    #[must_use]
    pub fn fetch(&self) -> usize {
        usize::from(self.limit) + 1
    }

    fn encode_cursor(&self, key: &str) -> String {
        let mut sealed = check(&self.bound(), key);
        sealed.extend(self.bound());
        sealed.extend_from_slice(key.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Binds a cursor to its list and filters.
    fn bound(&self) -> Vec<u8> {
        short(&format!("2\n{}\n{}", self.path, self.filters))
    }
}

/// A key that is a number from 1 on.
pub fn positive(key: &str) -> Option<i64> {
    key.parse().ok().filter(|number| *number > 0)
}

fn damaged() -> Problem {
    let detail = sentences::invalid_cursor();
    Problem::parameter(HttpError::InvalidCursor, "cursor", detail)
}

/// The list that a cursor is bound to, and its key; none where it is damaged.
fn open(cursor: &str) -> Option<(Vec<u8>, String)> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (sum, rest) = sealed.split_at_checked(SHORT)?;
    let (bound, key) = rest.split_at_checked(SHORT)?;
    let key = std::str::from_utf8(key).ok()?;
    (check(bound, key) == sum).then(|| (bound.to_vec(), key.to_owned()))
}

/// Protects a cursor against damage. Not a secret: an invented cursor reveals only listable data.
fn check(bound: &[u8], key: &str) -> Vec<u8> {
    short(&format!("{}\n{key}", BASE64_URL_SAFE_NO_PAD.encode(bound)))
}

/// How many bytes of a digest are enough.
const SHORT: usize = 8;

fn short(text: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().iter().copied().take(SHORT).collect()
}
