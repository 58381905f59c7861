//! Compensation: the national price table, its history, quotes and calculations.

pub mod calculations;
pub mod history;
pub mod quotes;

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::{PublicAnswer, Representation},
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{Problem, ReadProblems},
    },
    catalogue::Catalogue,
    domain::{compensation::rate::Unit, values::time::day_of},
    json::{
        compensation::{PricedLine, settlements, units},
        table::PriceRow,
    },
    register::{
        AsOfView,
        compensation::{FoundLine, PriceFilter, is_place},
    },
};

/// Query of the price table. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct CompensationQuery {
    /// Municipality number, present or former, such as `4204`.
    municipality: Option<String>,
    /// Code of the service, such as `practical-help`.
    service: Option<String>,
    /// Unit.
    #[param(inline, value_type = UnitParameter, required = false)]
    unit: Option<String>,
    /// Code of a zone: lines that hold there, also those for all zones.
    zone: Option<String>,
    /// Code of a band such as `evening`: lines that hold then, also those for all bands.
    band: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

crate::json::parameter_schema!(UnitParameter, units);

/// A line of the price table over the country.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CountryPrice)]
pub struct PriceView {
    /// The offering's id.
    pub offering_id: uuid::Uuid,
    /// The municipality's number.
    pub municipality: String,
    /// The municipality's name.
    pub municipality_name: String,
    /// The code of the service.
    pub service: String,
    /// The line.
    #[serde(flatten)]
    pub line: PricedLine,
    /// Whether decided or performed time is paid for.
    #[schema(schema_with = settlements)]
    pub settlement: String,
}

/// The national price table.
///
/// Every line in force on a day, by service, unit and band, so that prices of municipalities can be compared. A
/// line is valid by its own days: `validAt` may be before the registry existed, or in the future.
#[utoipa::path(
    tag = "compensation", operation_id = "compensationList", security(), params(CompensationQuery, AsOfQuery),
    responses(
        (status = 200, description = "A page of lines.", content(
            (Page<PriceView> = "application/json"), (String = "text/csv"),
        )),
        ReadProblems,
    ),
)]
#[get("/compensation")]
pub(crate) async fn compensation_list(
    request: HttpRequest,
    parameters: ValidQuery<CompensationQuery>,
    times: AsOf,
    form: Representation,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let filter = PriceFilter {
        municipality: state.catalogue.present_number(query.municipality),
        service: query.service,
        unit: unit(query.unit.as_deref()),
        zone: query.zone,
        band: query.band,
    };
    let list = move |state: &AppState, as_of: AsOfView<'_>| {
        let after = slice.after(|key| is_place(key).then_some(key))?;
        let found = filter.find(as_of, after, slice.fetch());
        let page = slice.page(found, |found| found.place.clone());
        let items = page.items.iter().filter_map(|found| view(found, as_of, &state.catalogue));
        let page = Page { items: items.collect::<Vec<_>>(), page: page.page };
        let rows = page.items.iter().map(|price| PriceRow {
            municipality: (&price.municipality, &price.municipality_name),
            service: (&price.service, service_name(&state.catalogue, &price.service)),
            offering: price.offering_id,
            settlement: &price.settlement,
            line: &price.line,
        });
        PublicAnswer::list(form, &page, rows)
    };
    state.public_read(&request, times, true, list).await
}

fn service_name<'a>(catalogue: &'a Catalogue, code: &str) -> &'a str {
    catalogue.service_type(code).map_or("", |service| &service.name_nb)
}

fn view(found: &FoundLine<'_>, as_of: AsOfView<'_>, catalogue: &Catalogue) -> Option<PriceView> {
    let (offering, content) = (found.offering, &found.offering.content);
    let (_, entry) = catalogue.municipality(&offering.municipality)?;
    Some(PriceView {
        offering_id: offering.id,
        municipality: offering.municipality.clone(),
        municipality_name: entry.name.clone(),
        service: offering.service.clone(),
        line: PricedLine::of(found.rate, content, day_of(as_of.at())),
        settlement: content.terms().settlement.as_str().to_owned(),
    })
}

fn unit(name: Option<&str>) -> Option<Unit> {
    Unit::ALL.into_iter().find(|it| Some(it.as_str()) == name)
}
