//! The change feed: every public change in commit order, each with the whole representation after it.

mod schema;
pub mod stream;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, HeaderValue},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::Object};

use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::AsOf, min_position, negotiation::PublicAnswer, page::limit, query::ValidQuery,
        },
        middleware::long_poll::ReaderKind,
        problem::{Problem, ReadProblems},
    },
    register::{AsOfView, PublicChange, Snapshot},
};

const DEFAULT_LIMIT: u16 = 500;
const MAX_LIMIT: u16 = 1000;
/// To list more changes than this takes long.
const MANY: i64 = 20;

/// Query of the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// The position that the reader has; 0 for everything.
    #[param(minimum = 0, default = 0)]
    after: Option<i64>,
    /// Maximum number of changes.
    #[param(inline, value_type = ChangeLimit, required = false)]
    limit: Option<u16>,
}

crate::json::parameter_schema!(ChangeLimit, change_limit);

fn change_limit() -> Object {
    limit(MAX_LIMIT).default(Some(DEFAULT_LIMIT.into())).build()
}

/// A part of the change feed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Changes)]
pub struct ChangesView {
    /// The changes, the oldest first.
    items: Vec<ChangeView>,
    /// The position to continue after: a number, which each change has as the text `sequence`.
    position: i64,
    /// The position of the last change there is.
    high_water: i64,
    /// Whether there is more now.
    has_more: bool,
}

/// One change, in the form of `CloudEvents` 1.0. Its schema has one alternative for each kind of subject.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    #[serde(flatten)]
    envelope: ChangeEnvelope,
    #[serde(rename = "type")]
    kind: String,
    data: Box<serde_json::value::RawValue>,
}

/// What every change has, beside its type and its data.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeEnvelope {
    /// The version of `CloudEvents`: `1.0`.
    specversion: &'static str,
    /// The id of the change.
    id: uuid::Uuid,
    /// The registry that published it.
    source: String,
    /// Path of the subject.
    subject: String,
    /// When.
    time: DateTime<Utc>,
    /// Always `application/json`.
    datacontenttype: &'static str,
    /// The position in the feed, without gaps. A string, as the sequence extension of `CloudEvents` requires; it is the
    /// `position` of the feed and of snapshots as decimal digits.
    #[schema(pattern = "^[1-9][0-9]{0,18}$")]
    sequence: String,
    /// The municipality that it concerns.
    municipality: Option<String>,
}

/// The change feed.
///
/// All public changes in commit order, with positions without gaps. Store `position` and continue after it;
/// with `Prefer: wait=25` the answer waits for the next change.
#[utoipa::path(
    tag = "changes", operation_id = "changeList", security(),
    params(
        ChangeQuery,
        ("Prefer" = Option<String>, Header, description = "`wait=25`: wait up to 25 seconds for the next \
         change, at most 60"),
    ),
    responses((status = 200, description = "A part of the feed.", body = ChangesView), ReadProblems),
)]
#[get("/changes")]
pub(crate) async fn change_list(
    request: HttpRequest,
    parameters: ValidQuery<ChangeQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let after = query.after.unwrap_or(0);
    let wait = min_position::preferred(request.headers());
    // A request that waits holds a slot until it is answered.
    let waits = wait.filter(|seconds| *seconds > 0 && after >= state.register.position());
    let slot = waits.map(|_| min_position::slot(&request, ReaderKind::LongPoll)).transpose()?;
    let waits = slot.as_ref().zip(waits);
    min_position::reached(&state.register, after, waits).await?;
    if let Some((slot, seconds)) = waits {
        slot.wait_for(&state.register, after + 1, seconds).await;
    }
    let count = state.register.position().saturating_sub(after).min(i64::from(limit));
    let list = move |state: &AppState, as_of: AsOfView<'_>| {
        let view = ChangesView::of(as_of.snapshot(), after, limit, &state.public_url);
        PublicAnswer::one(&view, None)
    };
    let mut answer = state.public_read(&request, AsOf::default(), count > MANY, list).await?;
    if let Some(seconds) = wait {
        let seconds = slot.map_or(seconds, |slot| slot.granted(seconds));
        let applied = HeaderValue::from_str(&format!("wait={seconds}"));
        let headers = answer.headers_mut();
        if let Ok(applied) = applied {
            headers.insert(min_position::PREFERENCE_APPLIED, applied);
        }
        // The answer to a long poll is true only at its moment.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(answer)
}

impl ChangesView {
    fn of(snapshot: &Snapshot, after: i64, limit: u16, public_url: &str) -> Self {
        let found = snapshot.changes_after(after).take(usize::from(limit));
        let items: Vec<_> = found.map(|change| event(change, public_url)).collect();
        let high_water = snapshot.position();
        let position = after.saturating_add(i64::try_from(items.len()).unwrap_or(0));
        Self { items, position, high_water, has_more: position < high_water }
    }
}

/// The `type` of an event of a kind.
fn event_type(kind: &str) -> String {
    format!("no.godkjent.{kind}.v1")
}

fn event(change: &PublicChange, public_url: &str) -> ChangeView {
    ChangeView {
        envelope: ChangeEnvelope {
            specversion: "1.0",
            id: change.id,
            source: format!("{public_url}/v1"),
            subject: change.subject(),
            time: change.at,
            datacontenttype: "application/json",
            sequence: change.position.to_string(),
            municipality: change.municipality.clone(),
        },
        kind: event_type(&change.kind),
        data: change.json.clone(),
    }
}
