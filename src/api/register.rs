//! The portal's one call.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};

use super::{
    Shared,
    condition::public_body,
    negotiation::{Wanted, csv, varied},
    problem::{Problem, ReadProblems},
};
use crate::{
    document::table::provider_rows,
    domain::refusal::Refusal,
    register::{body::Coding, page::RegisterPage},
};

/// Everything a citizen page needs.
///
/// The choice in words, the rules for those who do not choose, the compensation in force today, and
/// everyone who can be chosen – the municipality's own offer among them, in alphabetical order.
/// A former municipality number leads to the present one.
#[utoipa::path(
    tag = "register", operation_id = "registerPage", security(),
    params(
        ("municipality" = String, Path, description = "Municipality number, present or former", example = "4204"),
        ("service" = String, Path, description = "Code of the service", example = "personal-assistance"),
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
    form: Wanted,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let (municipality, service) = path.into_inner();
    let nothing = || Refusal::not_found("published offering");
    let (number, _) = state.catalogue.municipality(&municipality).ok_or_else(nothing)?;
    let now = state.context.now();
    let page = state.register.page(number.as_str(), &service, now).ok_or_else(nothing)?;
    match form {
        Wanted::Json => Ok(varied(public_body(&request, &page.body))),
        Wanted::Csv => {
            // What the page says, so that both forms agree.
            let (page, _) = page.body.coded(Coding::Identity);
            let rows = provider_rows(&page).map_err(|error| Problem::internal(&error))?;
            Ok(csv(&request, rows))
        }
    }
}
