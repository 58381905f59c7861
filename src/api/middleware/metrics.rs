//! Measurements of requests, and their line in the log.

use std::time::Instant;

use actix_web::{
    HttpMessage,
    body::BoxBody,
    dev::ServiceResponse,
    http::{Method, StatusCode},
    web,
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::long_poll::Waited;
use crate::api::problem::ProblemReason;

/// The path of the register's pages.
pub(super) const PAGES: &str = "/v1/register/";

/// The route of the pages of services, in bokmål; ready pages in all languages are counted there.
const CITIZEN_PAGES: &str = "/velg/{place}/{service}";

/// Metrics of requests, by route pattern and never by path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// The method and the pattern of a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

/// Why a request was turned away: status, code, and the limit that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RejectionLabels {
    status: u16,
    code: &'static str,
    limit: &'static str,
}

/// Upper bounds of the time to answer, in seconds.
const STEPS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
/// The same of long polls.
const LONG_STEPS: [f64; 7] = [0.1, 1.0, 5.0, 10.0, 20.0, 30.0, 60.0];

/// Measurements for `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    long_polls: Histogram,
    rejections: Family<RejectionLabels, Counter>,
    rejected_connections: Counter,
    /// Register pages that were ready: sent, and known to the reader.
    ready: [Counter; 2],
    /// The same of pages for citizens.
    ready_for_citizens: [Counter; 2],
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let requests = Family::<Labels, Counter>::default();
        let histogram: fn() -> Histogram = || Histogram::new(STEPS);
        let seconds = Family::new_with_constructor(histogram);
        let long_polls = Histogram::new(LONG_STEPS);
        let rejections = Family::<RejectionLabels, Counter>::default();
        registry.register("godkjent_http_requests", "Answered requests", requests.clone());
        registry.register_with_unit(
            "godkjent_http_request_duration",
            "Time to answer, without long polls and cached register pages",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register_with_unit(
            "godkjent_http_long_poll_duration",
            "Time to answer a request that waited for a change",
            Unit::Seconds,
            long_polls.clone(),
        );
        registry.register(
            "godkjent_http_rejections",
            "Requests answered with 429, 503 or 507",
            rejections.clone(),
        );
        let rejected_connections = Counter::default();
        registry.register(
            "godkjent_http_rejected_connections",
            "Connections beyond the limit of their address",
            rejected_connections.clone(),
        );
        let ready = |route: &str| {
            [200, 304].map(|status| {
                let route = route.to_owned();
                requests.get_or_create_owned(&Labels { method: "GET", route, status })
            })
        };
        Self {
            ready: ready(&format!("{PAGES}{{municipality}}/{{service}}")),
            ready_for_citizens: ready(CITIZEN_PAGES),
            registry,
            requests,
            seconds,
            long_polls,
            rejections,
            rejected_connections,
        }
    }
}

impl Metrics {
    /// Counts a register page from the page cache.
    pub(super) fn count_page(&self, status: StatusCode) {
        count_ready(&self.ready, status);
    }

    /// Counts a page for citizens from the page cache.
    pub(super) fn count_citizen_page(&self, status: StatusCode) {
        count_ready(&self.ready_for_citizens, status);
    }

    /// Counts a connection beyond the limit of its address.
    pub fn count_rejected_connection(&self) {
        self.rejected_connections.inc();
    }

    /// Counts a rejected request by its reason.
    fn count_rejection(&self, status: u16, response: &ServiceResponse<BoxBody>) {
        if !matches!(status, 429 | 503 | 507) {
            return;
        }
        let extensions = response.response().extensions();
        let Some(reason) = extensions.get::<ProblemReason>() else { return };
        let (code, limit) = (reason.code, reason.limit.unwrap_or("none"));
        self.rejections.get_or_create(&RejectionLabels { status, code, limit }).inc();
    }

    /// The registry for further metrics.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    /// The measurements as `OpenMetrics` text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

fn count_ready([sent, known]: &[Counter; 2], status: StatusCode) {
    if status == StatusCode::OK { sent } else { known }.inc();
}

/// A request that is being answered.
pub(super) struct Observation {
    pub(super) started: Instant,
    pub(super) method: Method,
    /// The pattern of the route, or `unknown`.
    pub(super) route: String,
    /// Whether a token was sent.
    pub(super) is_private: bool,
}

impl Observation {
    /// Counts the answer and writes its line in the log.
    pub(super) fn finish(self, id: &str, response: &ServiceResponse<BoxBody>) {
        let Self { started, method, route, is_private } = self;
        let seconds = started.elapsed().as_secs_f64();
        let is_read = matches!(method, Method::GET | Method::HEAD);
        let (method, status) = (label(&method), response.status().as_u16());
        if let Some(metrics) = response.request().app_data::<web::Data<Metrics>>() {
            let labels = Labels { method, route: route.clone(), status };
            metrics.requests.get_or_create(&labels).inc();
            if response.request().extensions().contains::<Waited>() {
                metrics.long_polls.observe(seconds);
            } else {
                let labels = RouteLabels { method, route: route.clone() };
                metrics.seconds.get_or_create(&labels).observe(seconds);
            }
            metrics.count_rejection(status, response);
        }
        // Public reads are counted only; a line for each would cost more than the answer.
        if is_read && status < 400 && !is_private {
            tracing::debug!(request_id = %id, %method, %route, status, seconds, "answered");
        } else {
            tracing::info!(request_id = %id, %method, %route, status, seconds, "answered");
        }
    }
}

/// The method as a label of metrics and the log. Unknown methods are one label, since there is no end of them.
fn label(method: &Method) -> &'static str {
    let served = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    served.into_iter().find(|it| *it == method.as_str()).unwrap_or("other")
}
