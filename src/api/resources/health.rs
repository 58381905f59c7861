//! Health, measurements and the document itself.

pub mod capacity;
pub mod process;
pub mod upkeep;

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, Responder, get, http::header, web};
use chrono::{SecondsFormat, TimeDelta};
use tokio::{
    sync::Mutex,
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use crate::{
    api::{
        ApiDocument, AppData, AppState,
        extract::preconditions::{CODING, JSON, public_form},
        middleware::metrics::Metrics,
        problem::{HttpError, PlainProblems, Problem, ReadProblems, sentences},
    },
    domain::{message::Message, values::time::Instant},
    jobs::Upkeep,
    store::StoreError,
};

/// Whether the process is alive.
///
/// Answers as long as the process can answer at all.
#[utoipa::path(
    tag = "operations", operation_id = "live", security(),
    responses((status = 200, description = "It is alive.", body = String, content_type = "text/plain", example = "ok"), PlainProblems),
)]
#[get("/livez")]
pub(crate) async fn live() -> impl Responder {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// The database's last answer, and a running probe.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Asked>);

/// The cause of unreadiness, for the operator.
type Answered = Result<(), Message>;

#[derive(Debug, Default)]
struct Asked {
    known: Option<(Instant, Answered)>,
    pending: Option<JoinHandle<Answered>>,
}

/// How long an answer of the database is good for: probes cost it one question a second.
const FRESH: TimeDelta = TimeDelta::seconds(1);
/// How long the database gets to answer.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);

impl Readiness {
    /// The state of the database; simultaneous callers share one probe. A probe without an answer stays the
    /// only one, so that probes do not pile up before a hanging database.
    async fn ask(&self, state: &AppData) -> Answered {
        let mut check = self.0.lock().await;
        let now = state.context.now();
        if let Some((at, value)) = &check.known
            && (TimeDelta::zero()..FRESH).contains(&(now - *at))
        {
            return value.clone();
        }
        let pending = check.pending.get_or_insert_with(|| {
            let state = state.clone();
            spawn_blocking(move || question(&state))
        });
        let value = match timeout(HEALTH_TIMEOUT, pending).await {
            Ok(answered) => {
                check.pending = None;
                answered.unwrap_or_else(|error| Err(unanswered(&error)))
            }
            Err(_) => Err(sentences::not_ready_late()),
        };
        check.known = Some((state.context.now(), value.clone()));
        value
    }
}

fn question(state: &AppState) -> Answered {
    let missing = state.store.missing_migrations().map_err(|error| unanswered(&error))?;
    if !missing.is_empty() {
        return Err(sentences::not_ready_migrations(missing));
    }
    let now = state.context.now();
    if let Some(at) = state.register.as_of(now) {
        let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        return Err(sentences::not_ready_journal(at));
    }
    match state.writes.try_writing(&state.store, now) {
        // Busy means that another write is going on.
        Ok(()) | Err(StoreError::Busy) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "the registry is not ready");
            Err(sentences::not_ready_unwritable())
        }
    }
}

fn unanswered(error: &dyn std::fmt::Display) -> Message {
    tracing::warn!(%error, "the registry is not ready");
    sentences::not_ready_silent()
}

/// Readiness for commands.
///
/// Probes the database, at most once a second with a timeout of two seconds: an answer, all migrations, a
/// followed journal, and writable rows. While one of them is missing, public reads continue from memory and
/// commands do not.
#[utoipa::path(
    tag = "operations", operation_id = "ready", security(),
    responses(
        (status = 200, description = "Reads and commands are served.", body = String, content_type = "text/plain", example = "ready"),
        ReadProblems,
    ),
)]
#[get("/readyz")]
pub(crate) async fn ready(
    state: AppData,
    readiness: web::Data<Readiness>,
    upkeep: web::Data<Upkeep>,
) -> Result<HttpResponse, Problem> {
    readiness.ask(&state).await.map_err(|detail| {
        Problem::edge(HttpError::NotReady, detail).with_header(header::RETRY_AFTER, "1")
    })?;
    let set_aside = upkeep.report().to_string();
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(format!("ready\n{set_aside}").trim_end().to_owned()))
}

/// Measurements.
///
/// `OpenMetrics` text for Prometheus, labelled by route pattern.
#[utoipa::path(
    tag = "operations", operation_id = "metrics", security(),
    responses((status = 200, description = "Measurements.", body = String, content_type = "application/openmetrics-text"), PlainProblems),
)]
#[get("/metrics")]
pub(crate) async fn metrics(metrics: web::Data<Metrics>) -> impl Responder {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(metrics.text())
}

/// This document.
///
/// The `OpenAPI` 3.1 description of everything that is served here.
#[utoipa::path(
    tag = "operations", operation_id = "openapi", security(),
    responses((status = 200, description = "The document.", body = Object, content_type = "application/json"), PlainProblems),
)]
#[get("/openapi.json")]
pub(crate) async fn openapi(
    request: HttpRequest,
    document: web::Data<ApiDocument>,
) -> HttpResponse {
    public_form(request.headers(), &document.json, JSON, CODING)
}

/// The document for the viewer.
pub async fn viewed_openapi(
    request: HttpRequest,
    document: web::Data<ApiDocument>,
) -> HttpResponse {
    public_form(request.headers(), &document.for_viewer, JSON, CODING)
}
