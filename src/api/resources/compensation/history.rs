//! Price history of one offering: past, present and announced lines.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};
use uuid::Uuid;

use super::{UnitParameter, unit};
use crate::{
    api::{
        AppData,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::PublicAnswer,
            query::ValidQuery,
        },
        problem::{Problem, ReadProblems},
    },
    domain::{
        compensation::rate::Rate,
        error::{DomainError, Noun},
        offering::content::Compensation,
        values::time::day_of,
    },
    json::{
        compensation::{PricedLine, settlements},
        words,
    },
    register::{
        AsOfView,
        compensation::{PriceFilter, line_key},
    },
};

/// Which lines of an offering's table are wanted. Filters narrow together.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct HistoryQuery {
    /// Unit.
    #[param(inline, value_type = UnitParameter, required = false)]
    unit: Option<String>,
    /// Code of a zone: lines that hold there, also those for all zones.
    zone: Option<String>,
    /// Code of a band: lines that hold then, also those for all bands.
    band: Option<String>,
}

/// The price table of an offering, with its history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferingPrices)]
pub struct PricesView {
    /// The offering's id.
    offering_id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// Whether decided or performed time is paid for.
    #[schema(schema_with = settlements)]
    settlement: String,
    /// Hours, bands and payments beside the lines.
    rules: Compensation,
    /// The lines, grouped by key, by day.
    items: Vec<PriceHistory>,
}

/// A line of an offering's table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PriceHistory)]
pub struct PriceHistory {
    /// The line.
    #[serde(flatten)]
    line: PricedLine,
    /// Whether it is over, in force, or announced.
    #[schema(schema_with = standings)]
    standing: &'static str,
    /// Time of its first publication. A line older than the first version has that version's time.
    told_at: DateTime<Utc>,
}

const PAST: &str = "past";
const IN_FORCE: &str = "in-force";
const ANNOUNCED: &str = "announced";

fn standings() -> Object {
    words("Whether it is over, in force, or announced.", [PAST, IN_FORCE, ANNOUNCED])
}

/// Price history of an offering.
///
/// Every past, present and announced line, with the time of its publication: before it began, except lines
/// older than the first version. Filter by unit, zone and band for the history of one price.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringCompensationGet", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), HistoryQuery, AsOfQuery),
    responses(
        (status = 200, description = "The table.", body = PricesView),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/offerings/{id}/compensation")]
pub(crate) async fn offering_compensation_get(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    parameters: ValidQuery<HistoryQuery>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(HistoryQuery { unit: value, zone, band }) = parameters;
    let filter = PriceFilter { unit: unit(value.as_deref()), zone, band, ..PriceFilter::default() };
    let id = *id;
    state.public_read(&request, times, false, move |_, as_of| history(as_of, id, &filter)).await
}

fn history(as_of: AsOfView<'_>, id: Uuid, filter: &PriceFilter) -> Result<PublicAnswer, Problem> {
    let nothing = || DomainError::not_found(Noun::Offering);
    let offering = as_of.priced(id).ok_or_else(nothing)?;
    let content = &offering.content;
    let (published_at, day) = (as_of.published_lines(id), day_of(as_of.at()));
    let rates = content.table().rates().iter();
    let mut rates: Vec<_> = rates.filter(|rate| filter.fits(&rate.key)).collect();
    rates.sort_by_key(|rate| (&rate.key, rate.from));
    let items = rates.into_iter().map(|rate| PriceHistory {
        line: PricedLine::of(rate, content, day),
        standing: standing(rate, day),
        told_at: published_at.get(&line_key(rate)).copied().unwrap_or(offering.published_at),
    });
    let view = PricesView {
        offering_id: offering.id,
        municipality: offering.municipality.clone(),
        service: offering.service.clone(),
        settlement: content.terms().settlement.as_str().to_owned(),
        items: items.collect(),
        rules: Compensation { rates: vec![], ..content.parts().compensation.clone() },
    };
    PublicAnswer::one(&view, None)
}

fn standing(rate: &Rate, day: NaiveDate) -> &'static str {
    if rate.valid_on(day) {
        IN_FORCE
    } else if day < rate.from {
        ANNOUNCED
    } else {
        PAST
    }
}
