//! Page cache: sends ready register pages before the framework.
//!
//! Routing in the framework takes as long as sending the page in the kernel. So a request for a page without
//! parameters is answered from the bare request, and other requests go on to the application, whose route gives
//! the same answer. The pages for citizens are handed in, since this layer does not know them.

use std::{
    cell::RefCell,
    fmt,
    future::{Ready, ready},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::{
    HttpResponse,
    body::BoxBody,
    dev::{
        AppConfig, RequestHead, Response, Service, ServiceFactory, ServiceResponse, forward_ready,
    },
    http::{
        Method,
        header::{self, HeaderValue},
    },
    web::Data,
};

use super::{
    activity::{Activity, RunningRequest},
    cors::open,
    metrics::{Metrics, PAGES},
    pipeline::REQUEST_ID,
    security_headers::SecurityHeaders,
};
use crate::{
    api::{
        AppState,
        extract::{min_position, preconditions::public_body},
    },
    domain::values::time::Instant,
};

type Find = dyn Fn(&AppState, &RequestHead, Instant) -> Option<HttpResponse>;

/// Finds a page for citizens that lies ready.
#[derive(Clone)]
pub struct FindPage(Rc<Find>);

impl FindPage {
    pub fn new(
        find: impl Fn(&AppState, &RequestHead, Instant) -> Option<HttpResponse> + 'static,
    ) -> Self {
        Self(Rc::new(find))
    }
}

impl fmt::Debug for FindPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindPage")
    }
}

/// Builds the page cache and the application behind it, once for each worker.
#[derive(Debug)]
pub struct PageCacheFactory<F> {
    state: Data<AppState>,
    metrics: Data<Metrics>,
    find_page: FindPage,
    behind: F,
}

impl<F> PageCacheFactory<F>
where
    F: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<BoxBody>>,
{
    /// The front of an application.
    pub fn of(
        state: Data<AppState>,
        metrics: Data<Metrics>,
        find_page: FindPage,
        application: impl IntoServiceFactory<F, Request>,
    ) -> Self {
        Self { state, metrics, find_page, behind: application.into_factory() }
    }
}

impl<F> ServiceFactory<Request> for PageCacheFactory<F>
where
    F: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<BoxBody>>,
    F::Future: 'static,
{
    type Response = Response<BoxBody>;
    type Error = F::Error;
    type Config = AppConfig;
    type Service = PageCache<F::Service>;
    type InitError = F::InitError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Service, Self::InitError>>>>;

    fn new_service(&self, config: AppConfig) -> Self::Future {
        let (state, metrics, find_page) =
            (self.state.clone(), self.metrics.clone(), self.find_page.clone());
        let behind = self.behind.new_service(config);
        Box::pin(async move {
            let secure = state.public_url.starts_with("https:");
            let behind = behind.await?;
            Ok(PageCache {
                state,
                metrics,
                find_page,
                behind,
                secure,
                position: RefCell::default(),
            })
        })
    }
}

/// An application with the front before it.
#[derive(Debug)]
pub struct PageCache<S> {
    state: Data<AppState>,
    metrics: Data<Metrics>,
    find_page: FindPage,
    behind: S,
    /// Whether the world reaches the registry by TLS.
    secure: bool,
    /// The feed position at the last answer, as a header value.
    position: RefCell<Option<(i64, HeaderValue)>>,
}

impl<S> PageCache<S> {
    /// The same value while nothing changes: to clone it is cheaper than to write a number.
    fn position_header(&self, position: i64) -> HeaderValue {
        let mut last = self.position.borrow_mut();
        match &*last {
            Some((at, value)) if *at == position => value.clone(),
            _ => last.insert((position, position.into())).1.clone(),
        }
    }

    /// A page without parameters, from memory. It is counted, but not timed.
    fn page(&self, request: &RequestHead) -> Option<HttpResponse> {
        if !is_plain_read(request) {
            return None;
        }
        match request.uri.path().strip_prefix(PAGES) {
            Some(key) => self.register_page(key, request),
            None => self.citizen_page(request),
        }
    }

    /// A page for citizens.
    fn citizen_page(&self, request: &RequestHead) -> Option<HttpResponse> {
        let now = self.state.context.now();
        let mut answer = (self.find_page.0)(&self.state, request, now)?;
        let (status, secure) = (answer.status(), self.secure);
        let headers = answer.headers_mut();
        SecurityHeaders { path: "/", open: false, status, secure }.put_in(headers);
        headers.insert(
            min_position::FEED_POSITION,
            self.position_header(self.state.register.position()),
        );
        self.metrics.count_citizen_page(status);
        Some(answer)
    }

    /// A page of the register, as JSON.
    fn register_page(&self, key: &str, request: &RequestHead) -> Option<HttpResponse> {
        // Requests with weighted media types go to the route.
        let weighs = |accept: &HeaderValue| {
            let value = accept.to_str().unwrap_or("csv");
            ["csv", "text/*", "q="].iter().any(|it| value.contains(it))
        };
        if request.headers.get_all(header::ACCEPT).any(weighs) {
            return None;
        }
        let AppState { context, register, .. } = &**self.state;
        let now = context.now();
        let mut answer = register.with_page(key, now, |page, position| {
            let mut answer = public_body(&request.headers, &page.body);
            answer
                .headers_mut()
                .insert(min_position::FEED_POSITION, self.position_header(position));
            answer
        })?;
        let (status, secure) = (answer.status(), self.secure);
        SecurityHeaders { path: PAGES, open: true, status, secure }.put_in(answer.headers_mut());
        open(answer.headers_mut());
        min_position::mark_age(answer.headers_mut(), register, now);
        self.metrics.count_page(status);
        Some(answer)
    }
}

/// Whether a request reads without anything that a route must look at.
fn is_plain_read(request: &RequestHead) -> bool {
    let headers = &request.headers;
    request.method == Method::GET
        && request.uri.query().is_none_or(str::is_empty)
        && !headers.contains_key(min_position::MIN_POSITION)
        && !headers.contains_key(REQUEST_ID)
        && !headers.contains_key(header::TRANSFER_ENCODING)
}

impl<S> Service<Request> for PageCache<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>>,
{
    type Response = Response<BoxBody>;
    type Error = S::Error;
    type Future = PageCacheFuture<S::Future, S::Error>;

    forward_ready!(behind);

    fn call(&self, request: Request) -> Self::Future {
        let running = request.conn_data::<Activity>().map(Activity::begin);
        match self.page(request.head()) {
            Some(answer) => PageCacheFuture::Page(ready(Ok(answer.into()))),
            None => PageCacheFuture::Behind(Box::pin(self.behind.call(request)), running),
        }
    }
}

/// An answer on its way.
#[derive(Debug)]
pub enum PageCacheFuture<F, E> {
    /// A page that was ready.
    Page(Ready<Result<Response<BoxBody>, E>>),
    /// The application's response.
    Behind(Pin<Box<F>>, Option<RunningRequest>),
}

impl<F, E> Future for PageCacheFuture<F, E>
where
    F: Future<Output = Result<ServiceResponse<BoxBody>, E>>,
{
    type Output = Result<Response<BoxBody>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Page(page) => Pin::new(page).poll(cx),
            Self::Behind(answer, _) => answer.as_mut().poll(cx).map_ok(Into::into),
        }
    }
}
