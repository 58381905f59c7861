//! The portal's one call.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

use super::{
    Shared,
    approvals::search::order,
    condition::public_body,
    negotiation::{Wanted, csv, linked},
    page::{Asked, Slice},
    problem::{Problem, ReadProblems},
    times::{Times, TimesQuery},
};
use crate::{
    document::{table::provider_rows, words},
    domain::refusal::Refusal,
    register::{Rendered, body::Body, page::RegisterPage, pages::key, search::Order},
};

/// How the providers of a page can be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RegisterQuery {
    /// `name`, as Norwegian sorts; or `fair`, shuffled by `seed`.
    #[param(inline, value_type = PageOrderParameter, required = false)]
    order: Option<String>,
    /// What `order=fair` shuffles by: the same seed gives the same order. Its rule stands in the documentation.
    #[param(min_length = 1, max_length = 100)]
    seed: Option<String>,
    /// How many providers at the most; all unless asked otherwise.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the last part ended.
    cursor: Option<String>,
}

crate::document::parameter_schema!(PageOrderParameter, orders);

const ORDERS: [&str; 2] = ["name", "fair"];

fn orders() -> Object {
    words("In which order.", ORDERS)
}

/// Everything a citizen page needs.
///
/// The choice in words, the rules for those who do not choose, the compensation in force today, and
/// everyone who can be chosen – the municipality's own offer among them, in alphabetical order unless
/// asked otherwise. A former municipality number leads to the present one.
#[utoipa::path(
    tag = "register", operation_id = "registerPage", security(),
    params(
        ("municipality" = String, Path, description = "Municipality number, present or former", example = "4204"),
        ("service" = String, Path, description = "Code of the service", example = "personal-assistance"),
        RegisterQuery,
        TimesQuery,
    ),
    responses(
        (status = 200, description = "The page; as CSV the providers alone.", content(
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
    asked: Asked<RegisterQuery>,
    times: Times,
    form: Wanted,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let ((municipality, service), Asked(query)) = (path.into_inner(), asked);
    let slice = Slice::of(&request, query.limit, query.cursor.as_deref())?;
    let order = order(query.order.as_deref(), query.seed.as_deref(), &ORDERS)?;
    let nothing = || Refusal::not_found("published offering");
    let (number, _) = state.catalogue.municipality(&municipality).ok_or_else(nothing)?;
    let now = state.context.now();
    let page = if times.are_now() {
        state.register.page(&key(number.as_str(), &service), now)
    } else {
        let snapshot = state.register.snapshot();
        let lens = times.lens(&snapshot, now)?;
        let told = lens.said_at().unwrap_or(now);
        Rendered::of(lens, (number.as_str(), &service), &state.catalogue, told).map(Into::into)
    };
    let page = page.ok_or_else(nothing)?;
    let seed = match &order {
        Order::Fair(seed) => Some(seed.as_str()),
        Order::Name | Order::Public => None,
    };
    let limited = query.limit.is_some() || query.cursor.is_some();
    if seed.is_none() && !limited {
        return Ok(match form {
            Wanted::Json => public_body(request.headers(), &page.body),
            Wanted::Csv => table(&request, page.body.plain())?,
        });
    }
    let after = slice.after(|place| Rendered::has_place(place, seed).then_some(place))?;
    let part = slice.part(limited, page.order(seed), after);
    let place = serde_json::to_string(&part.page).map_err(|error| Problem::internal(&error))?;
    let bytes = page.with(&part.items, &format!(",\"page\":{place}"));
    let answer = match form {
        Wanted::Json => {
            let body = Body::once(bytes, None);
            let modified = page.body.modified().map(|(at, _)| *at);
            let body = modified.into_iter().fold(body, Body::modified_at);
            public_body(request.headers(), &body)
        }
        Wanted::Csv => table(&request, &bytes)?,
    };
    Ok(linked(answer, &part.page))
}

/// The providers of a page as a table: what the page says, so that both forms agree.
fn table(request: &HttpRequest, page: &[u8]) -> Result<HttpResponse, Problem> {
    let rows = provider_rows(page).map_err(|error| Problem::internal(&error))?;
    Ok(csv(request, rows))
}
