//! Commands over HTTP: route, OpenAPI operation, body and `actions[]` follow from the declaration of each.

use std::{future::Future, marker::PhantomData, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Resource,
    dev::{AppService, HttpServiceFactory, Payload},
    guard, web,
};
use serde_json::{Map, Value};
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, HttpMethod, PathItem, RefOr, Required, ResponseBuilder,
        SecurityRequirement,
        path::{OperationBuilder, ParameterBuilder, ParameterIn, Paths, PathsBuilder},
        request_body::RequestBodyBuilder,
    },
};
use utoipa_actix_web::{OpenApiFactory, service_config::ServiceConfig};
use uuid::Uuid;

use super::{
    AppData, AppState,
    extract::{
        body::{self, Walk},
        caller::Caller,
        preconditions::IfMatch,
    },
    problem::{ActProblems, HttpError, Problem},
    view::{View, Viewer},
};
use crate::{
    commands::{self, Command, CommandVisitor, Target, Tx},
    domain::{
        error::DomainError, validation::ValidationErrors, values::ids::Id, values::time::Instant,
    },
    json::form::{Form, INVALID_PATH, Object, ObjectForm, UNKNOWN_FIELD, WRONG_TYPE},
    store::{Failure, Session},
    words::{Locale, Words},
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
        let resource = Resource::new(C::ROUTE.path).name(C::ROUTE.operation);
        resource.guard(guard::Post()).to(run::<C>).register(service);
    }
}

impl<C: Command> OpenApiFactory for Endpoint<C> {
    fn paths(&self) -> Paths {
        let (summary, description) = C::DOCS.split_once("\n\n").unwrap_or((C::DOCS, ""));
        let status = if C::ROUTE.creates { "201" } else { "200" };
        let view = ContentBuilder::new().schema(Some(View::<C::Result>::reference())).build();
        let response = ResponseBuilder::new().content("application/json", view);
        let noun = <C::Result as Target>::NOUN;
        let mut operation = OperationBuilder::new()
            .tag(C::Target::TAG)
            .operation_id(Some(C::ROUTE.operation))
            .summary(Some(summary))
            .description(Some(description).filter(|it| !it.is_empty()))
            .security(SecurityRequirement::new("token", [""; 0]))
            .parameter(
                ParameterBuilder::new()
                    .name("id")
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .description(Some(format!("Id of the {}", C::Target::NOUN)))
                    .schema(Some(<Id<()> as Form>::schema())),
            );
        for parameter in C::path_parameters() {
            operation = operation.parameter(parameter);
        }
        operation = operation.parameter(
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .description(Some(format!("The ETag of the {} that was read", C::Target::NOUN)))
                .schema(Some(String::schema())),
        );
        if has_body::<C>() {
            let body = ContentBuilder::new().schema(Some(<C as Form>::schema())).build();
            let body = RequestBodyBuilder::new().content("application/json", body);
            operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
        }
        operation = operation.response(status, response.description(format!("The {noun}.")));
        for (status, problem) in ActProblems::responses() {
            operation = operation.response(status, problem);
        }
        let item = PathItem::new(HttpMethod::Post, operation);
        PathsBuilder::new().path(C::ROUTE.path, item).build()
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<utoipa::openapi::Schema>)>) {
        if has_body::<C>() {
            <C as Form>::components(schemas);
        }
        View::<C::Result>::schemas(schemas);
        schemas.push((Problem::name().into_owned(), Problem::schema()));
        Problem::schemas(schemas);
    }
}

fn has_body<C: ObjectForm>() -> bool {
    let mut names = Vec::new();
    C::names(&mut names);
    !names.is_empty()
}

async fn run<C: Command>(
    by: Caller<C::Role>,
    id: TargetId,
    expected: IfMatch,
    command: Input<C>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let metadata = by.metadata(&state.context);
    let run = move |session: &mut Session<'_>, state: &AppState, now: Instant| {
        let mut tx = Tx::new(session, &state.context, now);
        let done = commands::execute(command.0, id.0, expected.0, &by.caller, &by.role, &mut tx)?;
        let viewer = Viewer { role: by.caller.role, now, locale, words: &words };
        let answer = viewer.answer(&done.answer, C::ROUTE.creates);
        Ok::<_, Failure>(done.answering(answer))
    };
    state.execute(metadata, run).await
}

/// The `{id}` of a path.
#[derive(Debug, Clone, Copy)]
struct TargetId(Uuid);

impl FromRequest for TargetId {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|it| Uuid::try_parse(it).ok());
        std::future::ready(id.map(Self).ok_or_else(Problem::invalid_identifier))
    }
}

/// The body of a command, without an error.
#[derive(Debug)]
struct Input<C>(C);

impl<C: Command> FromRequest for Input<C> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = request.match_info().iter();
        let path: Vec<_> = path.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = has_body::<C>().then(|| body::bytes(request, payload, "application/json"));
        Box::pin(async move {
            let fields = match body {
                Some(body) => body::read_walked(&body.await?, Walk::allowing_null())?,
                None => Value::Object(Map::new()),
            };
            parse(&fields, &path).map(Self)
        })
    }
}

/// Reads a command, or names every error of its body.
fn parse<C: ObjectForm>(fields: &Value, path: &[(String, String)]) -> Result<C, Problem> {
    let Value::Object(fields) = fields else {
        return Err(Problem::at(HttpError::WrongType, String::new(), "Send a JSON object."));
    };
    let mut errors = ValidationErrors::default();
    let command = Object::of_request(fields, path).parse(&mut errors);
    errors.finish(command).map_err(problem)
}

/// An error of the path or of the shape of the body gives its code to the whole.
fn problem(errors: ValidationErrors) -> Problem {
    let shape = errors.iter().find_map(|error| match error.error.code {
        INVALID_PATH => Some((HttpError::InvalidIdentifier, error)),
        WRONG_TYPE => Some((HttpError::WrongType, error)),
        UNKNOWN_FIELD => Some((HttpError::UnknownField, error)),
        _ => None,
    });
    match shape {
        Some((HttpError::InvalidIdentifier, _)) => Problem::invalid_identifier(),
        Some((edge, first)) => {
            let shape = Problem::edge(edge, first.error.detail.clone());
            let all = Problem::from(DomainError::validation(errors));
            Problem { errors: all.errors, more_errors: all.more_errors, ..shape }
        }
        None => DomainError::validation(errors).into(),
    }
}
