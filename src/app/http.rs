//! The HTTP service, and the document that describes it.

use actix_http::Request;
use actix_web::{
    App, HttpRequest, HttpResponse,
    body::BoxBody,
    dev::{AppConfig, Response, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web,
};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    api::{
        self, ApiDocument, AppData,
        extract::idempotency,
        middleware::{
            page_cache::{FindPage, PageCacheFactory},
            pipeline::pipeline,
            route_checks::unknown_route,
        },
        openapi::{postprocess, share::share},
        problem::Problem,
    },
    web as pages,
};

use super::components::ServerComponents;

/// The document, as the routes describe themselves.
#[must_use]
pub fn document() -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(api::frame()).configure(api::routes);
    let mut document = app.split_for_parts().1;
    postprocess::complete(&mut document);
    document
}

/// The document as it is served, with its repeated parts in the components.
#[must_use]
pub fn shared_document() -> OpenApi {
    let mut document = document();
    share(&mut document);
    document
}

/// The HTTP service: the page cache, and the application behind it.
pub fn served(
    components: ServerComponents,
) -> impl ServiceFactory<
    Request,
    Config = AppConfig,
    Response = Response<BoxBody>,
    Error = actix_web::Error,
    InitError = (),
> {
    let (state, metrics) = (components.state.clone(), components.metrics.clone());
    let ready = components.pages.clone();
    let find_page = FindPage::new(move |state, head, now| ready.ready(state, head, now));
    PageCacheFactory::of(state, metrics, find_page, app(components))
}

/// The document that the viewer shows.
const VIEWED: &str = "/docs/openapi.json";

/// The application: routes, middleware, and the viewer.
pub fn app(
    components: ServerComponents,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    // Everything is closed at first: to draw all operations and schemas takes a browser seconds.
    let config = utoipa_swagger_ui::Config::from(VIEWED)
        .doc_expansion("none")
        .default_models_expand_depth(-1)
        .filter(true);
    let viewer = SwaggerUi::new("/docs/{_:.*}").config(config);
    let (app, _) = App::new()
        .into_utoipa_app()
        .openapi(api::frame())
        .map(|app| {
            app.configure(move |config| components.register(config))
                .app_data(web::PayloadConfig::new(api::extract::body::MAX_BODY))
                .app_data(path_config())
        })
        .configure(api::routes)
        .split_for_parts();
    app.service(web::redirect("/docs", "/docs/"))
        .service(web::resource(VIEWED).route(web::get().to(api::resources::health::viewed_openapi)))
        .service(viewer)
        .configure(pages::routes)
        .default_service(web::to(unknown_address))
        .wrap(from_fn(idempotency::once))
        .wrap(from_fn(pipeline))
}

/// Answers for an address that does not exist: a page for a browser, else a problem.
async fn unknown_address(
    request: HttpRequest,
    state: AppData,
    document: web::Data<ApiDocument>,
) -> HttpResponse {
    if pages::wants_page(&request) {
        return pages::not_found(&request, &state);
    }
    unknown_route(request, document).await
}

fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| Problem::invalid_identifier().into())
}
