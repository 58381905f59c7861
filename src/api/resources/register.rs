//! The portal's one call.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

use super::approval::search::order;
use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::{PublicAnswer, Representation},
            page::{MAX_LIMIT, PageRequest, limit},
            preconditions::public_body,
            query::ValidQuery,
        },
        problem::{Problem, ReadProblems},
    },
    catalogue::{Catalogue, ServiceType},
    domain::error::DomainError,
    json::{PageInfo, table::provider_rows, words},
    register::{
        AsOfView, Rendered,
        body::Body,
        page::RegisterPage,
        pages::key,
        search::Order,
        text::{self, folded},
    },
};

/// Query of the providers of a page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RegisterQuery {
    /// `name`, as Norwegian sorts; or `fair`, shuffled by `seed`.
    #[param(inline, value_type = PageOrderParameter, required = false)]
    order: Option<String>,
    /// Seed of `order=fair`: the same seed gives the same order. The documentation has the rule.
    #[param(min_length = 1, max_length = 100)]
    seed: Option<String>,
    /// Maximum number of providers; all by default.
    #[param(inline, value_type = PartLimit, required = false)]
    limit: Option<u16>,
    /// Where the last part ended.
    cursor: Option<String>,
}

crate::json::parameter_schema!(PageOrderParameter, orders);
crate::json::parameter_schema!(PartLimit, part_limit);

fn part_limit() -> Object {
    limit(MAX_LIMIT).build()
}

const ORDERS: [&str; 2] = ["name", "fair"];

fn orders() -> Object {
    words("In which order.", ORDERS)
}

/// Register page.
///
/// All content of a citizen page: the choice in words, the rules for users who do not choose, the compensation
/// in force today, and every provider open to choice – including the municipality's own offer, alphabetically
/// by default. A former municipality number leads to the present one.
#[utoipa::path(
    tag = "register", operation_id = "registerPage", security(),
    params(
        ("municipality" = String, Path, description = "Municipality number, present or former", example = "4204"),
        ("service" = String, Path, description = "Code of the service", example = "practical-help"),
        RegisterQuery,
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The page; as CSV only the providers.", content(
            (RegisterPage = "application/json"), (String = "text/csv"),
        )),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/register/{municipality}/{service}")]
pub(crate) async fn register_page(
    request: HttpRequest,
    path: Path<(String, String)>,
    parameters: ValidQuery<RegisterQuery>,
    times: AsOf,
    form: Representation,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ((municipality, service), ValidQuery(query)) = (path.into_inner(), parameters);
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let order = order(query.order.as_deref(), query.seed.as_deref())?;
    let limited = query.limit.is_some() || query.cursor.is_some();
    let seed = match order {
        Order::Fair(seed) => Some(seed),
        Order::Name | Order::Public => None,
    };
    let is_whole = seed.is_none() && !limited;
    let found = state.catalogue.municipality(&municipality);
    let (number, _) = found.ok_or_else(|| unknown_municipality(&state.catalogue, &municipality))?;
    if is_whole && form == Representation::Json && times.are_now() {
        let page = state.register.page(&key(number.as_str(), &service), state.context.now());
        if let Some(page) = page {
            return Ok(public_body(request.headers(), &page.body));
        }
    }
    let number = number.to_string();
    let read = move |state: &AppState, as_of: AsOfView<'_>| {
        let page = page_of(state, as_of, times.are_now(), (&number, &service))?;
        if is_whole {
            return match form {
                Representation::Json => Ok(PublicAnswer::json(page.body.clone(), None)),
                Representation::Csv => table(page.body.plain(), None),
            };
        }
        part_of(&page, &slice, limited, seed.as_deref(), form)
    };
    state.public_read(&request, times, false, read).await
}

/// The page of a view: the rendered one for the present.
fn page_of(
    state: &AppState,
    as_of: AsOfView<'_>,
    is_now: bool,
    (number, service): (&str, &str),
) -> Result<Arc<Rendered>, DomainError> {
    let page = if is_now {
        state.register.page(&key(number, service), as_of.at())
    } else {
        let known_at = as_of.recorded_at().unwrap_or_else(|| as_of.at());
        Rendered::of(as_of, (number, service), &state.catalogue, known_at).map(Into::into)
    };
    page.ok_or_else(|| missing_offering(&state.catalogue, as_of, number, service))
}

/// No municipality has this number. If the path has a municipality's name, the detail gives its number.
pub(super) fn unknown_municipality(catalogue: &Catalogue, number: &str) -> DomainError {
    let name = folded(number);
    let named = catalogue.municipalities().filter(|it| folded(&it.name) == name);
    // Two municipalities may have one name.
    let named: Vec<_> =
        named.map(|it| (it.name.as_str(), it.county_name.as_str(), it.number.as_str())).collect();
    DomainError::unknown_municipality(&named)
}

/// Nothing is published for a service in a municipality: tells what is.
pub(super) fn missing_offering(
    catalogue: &Catalogue,
    as_of: AsOfView<'_>,
    municipality: &str,
    service: &str,
) -> DomainError {
    let is_published = |code: &&str| as_of.version_of(municipality, code).is_some();
    let codes = catalogue.service_types.iter().map(|it| it.code.as_str());
    let published: Vec<_> = codes.filter(is_published).collect();
    if catalogue.service_type(service).is_some() {
        return DomainError::service_not_published(municipality, &published);
    }
    let named = service_named(catalogue, service);
    let named = named.map(|it| (it.name_nb.as_str(), it.code.as_str()));
    DomainError::unknown_service_type(named, municipality, &published)
}

/// The service type with this name in one of the languages.
fn service_named<'a>(catalogue: &'a Catalogue, name: &str) -> Option<&'a ServiceType> {
    let wanted = text::words(name);
    let is_named = |own: &String| text::words(own) == wanted;
    catalogue
        .service_types
        .iter()
        .find(|it| [&it.name_nb, &it.name_nn, &it.name_en].into_iter().any(is_named))
}

/// A part of the providers of a page; in random order with a seed.
fn part_of(
    page: &Rendered,
    slice: &PageRequest,
    is_limited: bool,
    seed: Option<&str>,
    form: Representation,
) -> Result<PublicAnswer, Problem> {
    let after = slice.after(|place| Rendered::has_place(place, seed).then_some(place))?;
    let part = slice.part(is_limited, page.order(seed), after);
    let place = serde_json::to_string(&part.page).map_err(|error| Problem::internal(&error))?;
    let bytes = page.with(&part.items, &format!(",\"page\":{place}"));
    match form {
        Representation::Json => {
            let body = Body::once(bytes, None);
            let modified = page.body.modified().map(|(at, _)| *at);
            let body = modified.into_iter().fold(body, Body::modified_at);
            Ok(PublicAnswer::json(body, Some(part.page)))
        }
        Representation::Csv => table(&bytes, Some(part.page)),
    }
}

/// The providers of a page as a table, from the page's content, so that both forms agree.
fn table(page: &[u8], part: Option<PageInfo>) -> Result<PublicAnswer, Problem> {
    let rows = provider_rows(page).map_err(|error| Problem::internal(&error))?;
    PublicAnswer::csv(rows, part)
}
