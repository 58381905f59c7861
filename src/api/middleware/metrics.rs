//! Measurements of requests, and their line in the log.

use std::time::Instant;

use actix_web::http::{Method, StatusCode};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// The path of the register's pages.
pub(super) const PAGES: &str = "/v1/register/";

/// Metrics of requests, by route pattern and never by path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// Measurements for `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    /// Pages that were ready: sent, and known to the reader.
    ready: [Counter; 2],
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let requests = Family::<Labels, Counter>::default();
        let steps = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
        let seconds = Histogram::new(steps);
        registry.register("godkjent_http_requests", "Requests answered", requests.clone());
        registry.register("godkjent_http_seconds", "Time to answer, in seconds", seconds.clone());
        let ready = [200, 304].map(|status| {
            let route = format!("{PAGES}{{municipality}}/{{service}}");
            requests.get_or_create_owned(&Labels { method: "GET", route, status })
        });
        Self { registry, requests, seconds, ready }
    }
}

impl Metrics {
    /// Counts a page from the page cache.
    pub(super) fn count_page(&self, status: StatusCode) {
        let [sent, known] = &self.ready;
        if status == StatusCode::OK { sent } else { known }.inc();
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
    pub(super) fn finish(self, metrics: Option<&Metrics>, id: &str, status: StatusCode) {
        let Self { started, method, route, is_private } = self;
        let seconds = started.elapsed().as_secs_f64();
        let is_read = matches!(method, Method::GET | Method::HEAD);
        let (method, status) = (label(&method), status.as_u16());
        if let Some(metrics) = metrics {
            let labels = Labels { method, route: route.clone(), status };
            metrics.requests.get_or_create(&labels).inc();
            metrics.seconds.observe(seconds);
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
