//! Commands over HTTP: route, OpenAPI operation, body and `actions[]` follow from the declaration of each.

use std::{collections::BTreeMap, future::Future, marker::PhantomData, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Resource,
    dev::{AppService, HttpServiceFactory, Payload},
    guard, http,
};
use serde_json::{Map, Value};
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, HttpMethod, PathItem, RefOr, Required, Response, ResponseBuilder,
        SecurityRequirement,
        path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths, PathsBuilder},
        request_body::RequestBodyBuilder,
        schema::{ObjectBuilder, Type},
    },
};
use utoipa_actix_web::{OpenApiFactory, service_config::ServiceConfig};

use super::{
    AppData, AppState,
    extract::{
        body::{self, MERGE_PATCH, Walk},
        caller::Caller,
        idempotency,
        locale::ReaderLanguage,
        preconditions,
    },
    problem::{ActProblems, PreconditionProblems, Problem},
    view::{View, Viewer},
};
use crate::{
    commands::{
        self, Command, CommandVisitor, Expected, Input, Key, Method, Precondition, Target, Tx,
    },
    domain::values::{ids::Id, time::Instant},
    json::form::{Described, Form, ObjectForm},
    store::{Failure, Session},
};

/// Adds the routes of all commands.
pub fn routes(config: &mut ServiceConfig) {
    commands::all(&mut Routes(config));
}

struct Routes<'a, 's>(&'a mut ServiceConfig<'s>);

impl<T: Target> CommandVisitor<T> for Routes<'_, '_> {
    fn visit<C: Command<Target = T>>(&mut self) {
        self.0.service(Endpoint::<C>(PhantomData));
    }
}

/// The route of one command.
struct Endpoint<C>(PhantomData<C>);

impl<C: Command> HttpServiceFactory for Endpoint<C> {
    fn register(self, service: &mut AppService) {
        let guard = match C::ROUTE.method {
            Method::Post => guard::Method(http::Method::POST),
            Method::Put => guard::Method(http::Method::PUT),
            Method::Patch => guard::Method(http::Method::PATCH),
        };
        let resource = Resource::new(C::ROUTE.path).name(C::ROUTE.operation);
        resource.guard(guard).to(run::<C>).register(service);
    }
}

impl<C: Command> OpenApiFactory for Endpoint<C> {
    fn paths(&self) -> Paths {
        let docs = C::docs();
        let (summary, description) = docs.split_once("\n\n").unwrap_or((&docs, ""));
        let mut operation = OperationBuilder::new()
            .tag(C::TAG)
            .operation_id(Some(C::ROUTE.operation))
            .summary(Some(summary))
            .description(Some(description).filter(|it| !it.is_empty()))
            .security(SecurityRequirement::new("token", [""; 0]));
        for parameter in parameters::<C>() {
            operation = operation.parameter(parameter);
        }
        if has_body::<C>() {
            let body = ContentBuilder::new().schema(Some(<C as Form>::schema())).build();
            let body = RequestBodyBuilder::new().content(media_type::<C>(), body);
            operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
        }
        let status = if C::ROUTE.creates { "201" } else { "200" };
        let view = ContentBuilder::new().schema(Some(View::<C::Answer>::reference())).build();
        let mut response = ResponseBuilder::new().content("application/json", view);
        if C::ROUTE.method == Method::Post {
            operation = operation.parameter(idempotency::parameter());
            response = response.header("Idempotency-Replayed", idempotency::replayed());
        }
        let says = <C::Answer as Described>::docs();
        let says = says.split("\n\n").next().unwrap_or_default();
        operation = operation.response(status, response.description(says));
        for (status, problem) in problems::<C>() {
            operation = operation.response(status, problem);
        }
        let method = match C::ROUTE.method {
            Method::Post => HttpMethod::Post,
            Method::Put => HttpMethod::Put,
            Method::Patch => HttpMethod::Patch,
        };
        PathsBuilder::new().path(C::ROUTE.path, PathItem::new(method, operation)).build()
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<utoipa::openapi::Schema>)>) {
        if has_body::<C>() {
            <C as Form>::components(schemas);
        }
        View::<C::Answer>::schemas(schemas);
        schemas.push((Problem::name().into_owned(), Problem::schema()));
        Problem::schemas(schemas);
    }
}

/// The problems of a command: without a body it has no media type, and without a precondition it is never stale.
fn problems<C: Command>() -> BTreeMap<String, RefOr<Response>> {
    let mut all = ActProblems::responses();
    if !has_body::<C>() {
        all.remove("415");
    }
    if C::ROUTE.precondition != Precondition::None {
        all.extend(PreconditionProblems::responses());
    }
    all
}

/// The parameters of a command's path, and its precondition.
fn parameters<C: Command>() -> Vec<Parameter> {
    type KeyOf<C> = <<C as Command>::Target as Target>::Key;
    let noun = <C::Target as Target>::NOUN.as_str();
    let mut all = Vec::new();
    if !KeyOf::<C>::PARAMETER.is_empty() {
        let key = ParameterBuilder::new()
            .name(KeyOf::<C>::PARAMETER)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some(KeyOf::<C>::describe(noun)))
            .schema(Some(key_schema::<KeyOf<C>>()));
        all.push(key.build());
    }
    all.extend(C::path_parameters().into_iter().map(Into::into));
    let header = |name: &str, required, says: String| {
        let header = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header);
        header
            .required(required)
            .description(Some(says))
            .schema(Some(<String as Form>::schema()))
            .build()
    };
    let read = "The ETag of the resource that was read";
    match C::ROUTE.precondition {
        Precondition::None => {}
        Precondition::Revision => all.push(header("If-Match", Required::True, read.to_owned())),
        Precondition::RevisionOrAbsence => {
            all.push(header("If-Match", Required::False, format!("{read}, to replace")));
            all.push(header("If-None-Match", Required::False, "`*`, to create".to_owned()));
        }
    }
    all
}

fn key_schema<K: Key>() -> RefOr<utoipa::openapi::Schema> {
    let Some(example) = K::EXAMPLE else { return <Id<()> as Form>::schema() };
    let schema = ObjectBuilder::new().schema_type(Type::String).examples([example]);
    RefOr::T(schema.build().into())
}

const fn media_type<C: Command>() -> &'static str {
    match C::ROUTE.method {
        Method::Patch => MERGE_PATCH,
        Method::Post | Method::Put => "application/json",
    }
}

fn has_body<C: ObjectForm>() -> bool {
    let mut names = Vec::new();
    C::names(&mut names);
    !names.is_empty()
}

async fn run<C: Command>(
    by: Caller<C::Role>,
    request: RequestParts<C>,
    language: ReaderLanguage,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let RequestParts { key, expected, fields, path } = request;
    let input = Input::parse(fields, path, by.caller.role)?;
    let metadata = by.metadata(&state.context);
    let run = move |session: &mut Session<'_>, state: &AppState, now: Instant| {
        let mut tx = Tx::new(session, state.environment(), now);
        let done = commands::execute::<C>(input, &key, expected, &by.caller, &by.role, &mut tx)?;
        let viewer = Viewer { caller: &by.caller, now, language };
        Ok::<_, Failure>(done.try_map(|answer| viewer.answer(&answer, C::ROUTE.creates))?)
    };
    state.execute_if_changed(metadata, run).await
}

/// The path, the precondition and the body of a command.
struct RequestParts<C: Command> {
    key: <C::Target as Target>::Key,
    expected: Expected,
    fields: Map<String, Value>,
    path: Vec<(String, String)>,
}

impl<C: Command> FromRequest for RequestParts<C> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = request.match_info().iter();
        let path: Vec<_> = path.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let parameter = <C::Target as Target>::Key::PARAMETER;
        let key = request.match_info().get(parameter).unwrap_or_default();
        let key = <C::Target as Target>::Key::parse(key);
        let expected = preconditions::expected(request, C::ROUTE.precondition);
        let body = has_body::<C>().then(|| body::bytes(request, payload, media_type::<C>()));
        Box::pin(async move {
            let (key, expected) = (key?, expected?);
            let fields = match body {
                Some(body) => body::read(&body.await?, Walk::allowing_null())?,
                None => Map::new(),
            };
            Ok(Self { key, expected, fields, path })
        })
    }
}
