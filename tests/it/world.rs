//! A separate registry for each test, and people who send requests to it.
//!
//! The test controls clock and ids: the same test always gets the same answers.

mod contract;
pub mod database;
pub mod files;
pub mod guarded;
pub mod people;
mod scenes;
pub mod town;

use std::{
    net::IpAddr,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use actix_web::{
    body::BoxBody,
    dev::{AppConfig, Response, Service, ServiceFactory},
    http::{Method, StatusCode},
    test, web,
};
use chrono::{DateTime, TimeDelta, Utc};
use godkjent::{
    api::{
        ApiDocument, AppState,
        auth::{LocalIssuer, Tokens, Trusted},
    },
    app::{self, ServerComponents},
    catalogue::Catalogue,
    context::Context,
    domain::{
        role::{Actor, Role},
        values::{numbers::OrganisationNumber, text::Line},
    },
    jobs::{self, NoticeSender},
    mail::Mailer,
    store::{Pool, Store},
    vault::{S3, Vault, scanner::Scanner},
};
use serde_json::Value;
use uuid::Uuid;

use database::TestDatabase;
use files::Files;

/// Kristiansand's main unit.
pub const KRISTIANSAND: &str = "820852982";
/// Bærum's main unit.
pub const BAERUM: &str = "935478715";
/// A synthetic provider.
pub const PROVIDER: &str = "313000028";
/// Another one.
pub const OTHER_PROVIDER: &str = "313000036";

/// When each test begins.
const START: &str = "2026-03-12T09:00:00Z";
/// Lifetime of tokens here, in seconds: long enough for a test over years.
const YEARS: i64 = 10 * 365 * 24 * 3600;

/// Declares a SQLite and a PostgreSQL test for each `async fn name(world: World)`.
///
/// Those after `sqlite_alone` run on SQLite only: they are about HTTP, the register in memory or domain rules,
/// and other tests run their queries on both. Paging, locks, races, searches, setting aside, due work,
/// histories and the journal run on both.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)? $(; sqlite_alone: $($alone:ident),+ $(,)?)?) => {
        $crate::on_sqlite!($($name,)+ $($($alone),+)?);
        mod on_postgres {
            $(#[actix_web::test]
            async fn $name() {
                if let Some(world) = $crate::world::World::on_postgres().await {
                    super::$name(world).await;
                }
            })+
        }
    };
}

/// Declares a SQLite test for each `async fn name(world: World)`; see [`on_both_databases`].
#[macro_export]
macro_rules! on_sqlite {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[actix_web::test]
            async fn $name() {
                super::$name($crate::world::World::on_sqlite().await).await;
            })+
        }
    };
}

/// The same components in which something of the state is otherwise.
pub fn with_state(
    components: ServerComponents,
    change: impl FnOnce(AppState) -> AppState,
) -> ServerComponents {
    let ServerComponents { state, metrics, .. } = components;
    // They measure the state.
    drop(metrics);
    let state = Arc::into_inner(state.into_inner()).expect("nobody else has the state yet");
    let (state, metrics) = (web::Data::new(change(state)), web::Data::default());
    ServerComponents { state, metrics, ..components }
}

/// A registry in a box.
#[derive(Clone)]
pub struct World {
    pub state: web::Data<AppState>,
    pub components: ServerComponents,
    now: Arc<Mutex<DateTime<Utc>>>,
    issuer: LocalIssuer,
    send: Send,
    context: Context,
    database: Arc<TestDatabase>,
    files: Arc<Files>,
    scanner: Option<Scanner>,
    /// Whether notices are sent after each command, as the running program does every second.
    sends_notices: Arc<AtomicBool>,
}

/// The parts of a world that survive a restart.
type WorldParts = (Arc<TestDatabase>, Arc<Files>, Option<Scanner>);

/// The service, built once: building its routes takes longer than a request.
type Send = Rc<dyn Fn(test::TestRequest) -> Pin<Box<dyn Future<Output = Answer>>>>;

impl World {
    pub async fn on_sqlite() -> Self {
        let database = web::block(TestDatabase::migrated_sqlite).await.unwrap();
        Self::on(database).await
    }

    pub async fn on_postgres() -> Option<Self> {
        let database = web::block(TestDatabase::postgres).await.unwrap()?;
        Some(Self::on(database).await)
    }

    async fn on(database: TestDatabase) -> Self {
        let now = Arc::new(Mutex::new(START.parse().unwrap()));
        let (clock, ids) = (Arc::clone(&now), Arc::clone(&database.ids));
        let context = Context::new(
            move || *clock.lock().unwrap(),
            move || {
                let count = ids.fetch_add(1, Ordering::SeqCst);
                Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + u128::from(count))
            },
        );
        let issuer = LocalIssuer::fresh().unwrap().lasting(YEARS);
        let parts = (Arc::new(database), Arc::new(Files::new()), None);
        Self::start(now, issuer, context, (parts, Trusted::default()), |components| components)
            .await
    }

    /// The same registry, restarted, with the Public Administration Act of 2025 from a day on.
    pub async fn under_the_act_of_2025_from(self, day: &str) -> Self {
        let context = self.context.commencing(Some(day.parse().unwrap()));
        let parts = (self.database, self.files, self.scanner);
        Self::start(self.now, self.issuer, context, (parts, Trusted::default()), |components| {
            components
        })
        .await
    }

    /// The same registry, restarted, with further trusted issuers and their keys.
    pub async fn trusting(self, trusted: Trusted) -> Self {
        self.trusting_with(trusted, |components| components).await
    }

    /// The same in which a component is otherwise.
    pub async fn trusting_with(
        self,
        trusted: Trusted,
        change: impl FnOnce(ServerComponents) -> ServerComponents + std::marker::Send + 'static,
    ) -> Self {
        let parts = (self.database, self.files, self.scanner);
        let parts = (parts, trusted);
        let world = Self::start(self.now, self.issuer, self.context, parts, change).await;
        world.tends().await;
        world
    }

    /// Fetches the keys of issuers that are due by the clock, as the running program does.
    pub async fn tends(&self) {
        self.components.tokens.tend(self.state.context.now()).await;
    }

    /// The same registry, restarted, with a virus scanner.
    pub async fn scanned_by(self, scanner: Scanner) -> Self {
        let parts = (self.database, self.files, Some(scanner));
        let parts = (parts, Trusted::default());
        Self::start(self.now, self.issuer, self.context, parts, |components| components).await
    }

    /// Another instance on the same database, with the same clock and its own read of the journal.
    pub async fn another_instance(&self) -> Self {
        self.another_instance_with(|components| components).await
    }

    /// The same in which a component is otherwise.
    pub async fn another_instance_with(
        &self,
        change: impl FnOnce(ServerComponents) -> ServerComponents + std::marker::Send + 'static,
    ) -> Self {
        let (issuer, context) = (self.issuer.clone(), self.context.clone());
        let parts = (Arc::clone(&self.database), Arc::clone(&self.files), self.scanner.clone());
        Self::start(Arc::clone(&self.now), issuer, context, (parts, Trusted::default()), change)
            .await
    }

    async fn start(
        now: Arc<Mutex<DateTime<Utc>>>,
        issuer: LocalIssuer,
        context: Context,
        ((database, files, scanner), issuers): (WorldParts, Trusted),
        change: impl FnOnce(ServerComponents) -> ServerComponents + std::marker::Send + 'static,
    ) -> Self {
        let (place, clamd) = (files.address(), scanner.clone());
        let mail = files.mail();
        let (url, trusted, given) = (database.url(), issuer.clone(), context.clone());
        let components = web::block(move || {
            let catalogue = Arc::new(Catalogue::load().unwrap());
            let store = Store::open(&url, 4).unwrap();
            let tokens = Tokens::new(Some(trusted), Arc::clone(&catalogue)).trusting(issuers);
            let vault = Vault::open(&place, &S3::default(), files::LIMITS, clamd).unwrap();
            let url = "https://registry.example".to_owned();
            let notices =
                NoticeSender { mailer: Some(Mailer::folder(&mail, None)), public_url: url.clone() };
            ServerComponents::new(store, vault, catalogue, given, tokens, url, document())
                .map(|components| change(ServerComponents { notices, ..components }))
        });
        let components = components.await.unwrap().unwrap();
        let service = Rc::new(serve(components.clone()).await);
        let state = components.state.clone();
        let send: Send = Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move { answer(&*service, request).await })
        });
        let sends_notices = Arc::new(AtomicBool::new(true));
        Self {
            state,
            components,
            now,
            issuer,
            send,
            context,
            database,
            files,
            scanner,
            sends_notices,
        }
    }

    /// The URL of its database, for writes outside the registry.
    pub fn database_url(&self) -> String {
        self.database.url()
    }

    /// Whether its database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.database.is_postgres()
    }

    /// The directory of its files, for writes outside the registry.
    pub fn directory(&self) -> &std::path::Path {
        self.files.path()
    }

    /// Moves the clock on.
    pub fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// Sets the clock.
    pub fn set_clock(&self, instant: &str) {
        *self.now.lock().unwrap() = instant.parse().unwrap();
    }

    /// Executes due items by the clock, like the running program every second; returns their number.
    pub async fn catches_up(&self) -> usize {
        let (state, upkeep) = (self.state.clone(), self.components.upkeep.clone());
        let work = move || upkeep.catch_up(&state.jobs(), &state.register).unwrap();
        web::block(work).await.unwrap()
    }

    /// The same registry, restarted, with another way for mail, or none. Notices are sent only by [`World::sends_notices`].
    pub async fn mailing_through(self, mailer: Option<Mailer>) -> Self {
        let change = |components: ServerComponents| {
            let notices = NoticeSender { mailer, ..components.notices };
            ServerComponents { notices, ..components }
        };
        let world = self.trusting_with(Trusted::default(), change).await;
        world.hold_notices(true);
        world
    }

    fn is_sending(&self) -> bool {
        self.sends_notices.load(Ordering::SeqCst)
    }

    /// Confirms the addresses of a provider, as the links in its mail do.
    pub async fn confirms_addresses(&self, provider: &str) {
        let (state, number) = (self.state.clone(), OrganisationNumber::parse(provider).unwrap());
        let confirm = move || {
            let found = state.store.read(|session| session.provider(&number)).unwrap();
            let addresses = found.into_iter().flat_map(|provider| provider.addresses);
            for address in addresses.filter(|address| address.confirmed_at.is_none()) {
                jobs::confirm_address(&state.jobs(), &number, address.token).unwrap();
            }
            jobs::follow(&state.store, &state.register, state.context.now()).unwrap();
        };
        web::block(confirm).await.unwrap();
    }

    /// Sends the notices that wait; returns their number.
    pub async fn sends_notices(&self) -> usize {
        let (state, notices) = (self.state.clone(), self.components.notices.clone());
        let send = move || {
            let jobs = state.jobs();
            let sent = jobs::send_notices(&jobs, &notices).unwrap();
            jobs::follow(&state.store, &state.register, jobs.context.now()).unwrap();
            sent
        };
        web::block(send).await.unwrap()
    }

    /// Whether notices are sent by [`World::sends_notices`] alone.
    pub fn hold_notices(&self, hold: bool) {
        self.sends_notices.store(!hold, Ordering::SeqCst);
    }

    /// A client with a token.
    pub fn person(&self, name: &str, role: Role, organisation: &str) -> Person {
        let actor = Actor { subject: Line::parse(name).unwrap(), name: Line::parse(name).unwrap() };
        let organisation = OrganisationNumber::parse(organisation).unwrap();
        let now = *self.now.lock().unwrap();
        let token = self.issuer.sign(&actor, role, &organisation, now, YEARS).unwrap();
        Person { world: self.clone(), token: Some(token) }
    }

    /// A client with this token.
    pub fn holder(&self, token: String) -> Person {
        Person { world: self.clone(), token: Some(token) }
    }

    /// The present time by its clock.
    pub fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    /// A client without a token.
    pub fn anyone(&self) -> Person {
        Person { world: self.clone(), token: None }
    }

    pub fn editor(&self) -> Person {
        self.person("Eva Editor", Role::Editor, KRISTIANSAND)
    }

    pub fn case_worker(&self) -> Person {
        self.person("Kari Case", Role::CaseWorker, KRISTIANSAND)
    }

    pub fn decision_maker(&self) -> Person {
        self.person("Dag Decision", Role::DecisionMaker, KRISTIANSAND)
    }

    pub fn auditor(&self) -> Person {
        self.person("Aud Auditor", Role::Auditor, KRISTIANSAND)
    }

    pub fn provider(&self) -> Person {
        self.person("Per Provider", Role::Provider, PROVIDER)
    }

    pub fn other_provider(&self) -> Person {
        self.person("Pia Provider", Role::Provider, OTHER_PROVIDER)
    }
}

/// A client.
#[derive(Clone)]
pub struct Person {
    world: World,
    token: Option<String>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: actix_web::http::header::HeaderMap,
    pub text: String,
    pub bytes: web::Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The same without the caller's `actions`, which it must have.
    #[track_caller]
    pub fn json_without_actions(&self) -> Value {
        let mut json = self.json();
        json.as_object_mut().unwrap().remove("actions").unwrap();
        json
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The problem, which must have this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{problem:#}");
        assert_eq!(problem["status"], status);
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert_eq!(problem["instance"], answer.header("x-request-id"));
        problem
    }

    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map_or_else(String::new, |v| v.to_str().unwrap().to_owned())
    }

    pub fn etag(&self) -> String {
        self.header("etag")
    }

    /// The pointers of all errors.
    pub fn pointers(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|f| f["pointer"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// A request in the making.
pub struct Request {
    world: World,
    inner: test::TestRequest,
    /// The path of a command.
    changes: Option<String>,
}

impl Person {
    /// The token, for tests that misuse it.
    pub fn token(&self) -> Option<String> {
        self.token.clone()
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        let method_changes = method != Method::GET;
        let mut inner = test::TestRequest::default().method(method).uri(path);
        if let Some(token) = &self.token {
            inner = inner.insert_header(("Authorization", format!("Bearer {token}")));
        }
        let changes = (method_changes && path.starts_with("/v1/")).then(|| path.to_owned());
        Request { world: self.world.clone(), inner, changes }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// Creates something: no condition.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request(Method::POST, path).json(&body).send().await
    }

    /// Sends a command at the revision that was read.
    pub async fn act(&self, method: Method, path: &str, etag: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path).header("If-Match", etag);
        match body {
            Some(body) => request.json(&body).send().await,
            None => request.send().await,
        }
    }

    /// Puts a new resource.
    pub async fn create(&self, path: &str, body: Value) -> Answer {
        self.request(Method::PUT, path).header("If-None-Match", "*").json(&body).send().await
    }
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.inner = self.inner.insert_header((name, value));
        self
    }

    /// Leaves a header of the same name where it is.
    pub fn another_header(mut self, name: &str, value: &str) -> Self {
        self.inner = self.inner.append_header((name, value));
        self
    }

    /// As if from an address.
    pub fn from(mut self, address: &str) -> Self {
        self.inner = self.inner.peer_addr((address.parse::<IpAddr>().unwrap(), 50_000).into());
        self
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.inner = self.inner.insert_header(("Content-Type", "application/json"));
        self.inner = self.inner.set_payload(body.to_string());
        self
    }

    pub fn body(mut self, kind: &str, body: impl Into<web::Bytes>) -> Self {
        self.inner = self.inner.insert_header(("Content-Type", kind)).set_payload(body);
        self
    }

    pub async fn send(self) -> Answer {
        let Self { world, inner, changes } = self;
        let answer = (world.send)(inner).await;
        if let (true, Some(path)) = (world.is_sending() && answer.status.is_success(), changes) {
            world.sends_notices().await;
            let provider = path.strip_prefix("/v1/providers/").filter(|it| !it.contains('/'));
            if let Some(provider) = provider {
                world.confirms_addresses(provider).await;
            }
        }
        answer
    }
}

/// The OpenAPI document, read once per test process.
fn document() -> Arc<ApiDocument> {
    static DOCUMENT: LazyLock<Arc<ApiDocument>> =
        LazyLock::new(|| Arc::new(app::document().into()));
    Arc::clone(&DOCUMENT)
}

/// The service as in the server, including the page cache.
pub trait Serves:
    Service<actix_http::Request, Response = Response<BoxBody>, Error = actix_web::Error>
{
}

impl<S> Serves for S where
    S: Service<actix_http::Request, Response = Response<BoxBody>, Error = actix_web::Error>
{
}

pub async fn serve(components: ServerComponents) -> impl Serves {
    app::served(components).new_service(AppConfig::default()).await.unwrap()
}

async fn answer(app: &impl Serves, request: test::TestRequest) -> Answer {
    let request = request.to_request();
    let sent = (request.method().clone(), request.uri().clone(), request.head().headers.clone());
    let response = app.call(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    contract::compare((&sent.0, &sent.1, &sent.2), (status, &headers));
    // A stream has no end to be read to.
    if headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") {
        return Answer { status, headers, text: String::new(), bytes: web::Bytes::new() };
    }
    let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
    Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
}

/// The complete content of Kristiansand's offering of personal assistance.
pub fn bpa_content() -> Value {
    serde_json::from_str(include_str!("../../data/demo/kristiansand-personal-assistance.json"))
        .unwrap()
}
