//! Public decisions: outcome, party and grounds, without persons or facts.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::PublicAnswer,
            page::{Page, PageRequest, ValidQuery, check_name},
        },
        problem::{HttpError, Problem, ReadProblems},
    },
    domain::values::time::{day_of, parse_day},
    json::{
        decision::{outcome::DecisionKind, outcomes},
        public::DecisionRecord,
    },
    register::AsOfView,
};

/// Query of the list of decisions. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DecisionQuery {
    /// Municipality number, present or former.
    #[param(example = "4204")]
    municipality: Option<String>,
    /// Code of the service.
    #[param(example = "personal-assistance")]
    service: Option<String>,
    /// Organisation number of the provider.
    provider: Option<String>,
    /// Outcome.
    #[param(inline, value_type = OutcomeParameter, required = false)]
    outcome: Option<String>,
    /// The first day of signing, Norwegian local time.
    #[param(format = Date, example = "2026-01-01")]
    from: Option<String>,
    /// The last day of signing.
    #[param(format = Date, example = "2026-12-31")]
    to: Option<String>,
    /// Maximum number of decisions.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

crate::json::parameter_schema!(OutcomeParameter, outcomes);

/// Decisions.
///
/// Every signed decision in the order of signing, newest last. With the party, the codes of its grounds and, in
/// a refusal, of the unmet criteria; without facts and names.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionList", security(), params(DecisionQuery, AsOfQuery),
    responses((status = 200, description = "A page of decisions.", body = Page<DecisionRecord>), ReadProblems),
)]
#[get("/decisions")]
pub(crate) async fn decision_list(
    request: HttpRequest,
    asked: ValidQuery<DecisionQuery>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = asked;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    check_name("outcome", query.outcome.as_deref(), &DecisionKind::ALL, DecisionKind::as_str)?;
    let (from, to) = (day("from", query.from.as_ref())?, day("to", query.to.as_ref())?);
    let municipality = state.catalogue.present_number(query.municipality.clone());
    let by_party = query.provider.is_some() || municipality.is_some();
    let narrowed = query.service.is_some() || query.outcome.is_some() || from.or(to).is_some();
    let costs_much = slice.is_large() || (!by_party && narrowed);
    let list = move |_: &AppState, as_of: AsOfView<'_>| {
        let wanted = |record: &DecisionRecord| {
            let is = |wanted: &Option<String>, found: &String| {
                wanted.as_ref().is_none_or(|wanted| wanted == found)
            };
            let signed_on = day_of(record.decided_at);
            is(&municipality, &record.municipality)
                && is(&query.service, &record.service)
                && is(&query.provider, &record.provider)
                && is(&query.outcome, &record.outcome)
                && from.is_none_or(|from| from <= signed_on)
                && to.is_none_or(|to| signed_on <= to)
        };
        let after = slice.after(|key| key.parse().ok())?;
        let found: Box<dyn Iterator<Item = &DecisionRecord>> =
            match (query.provider.as_deref(), municipality.as_deref()) {
                (Some(provider), _) => Box::new(as_of.decisions_of_provider(provider, after)),
                (None, Some(municipality)) => {
                    Box::new(as_of.decisions_of_municipality(municipality, after))
                }
                (None, None) => Box::new(as_of.decisions(after)),
            };
        let items: Vec<_> = found.filter(|record| wanted(record)).take(slice.fetch()).collect();
        PublicAnswer::one(&slice.page(items, |record| record.id.to_string()), None)
    };
    state.public_read(&request, times, costs_much, list).await
}

fn day(parameter: &str, value: Option<&String>) -> Result<Option<NaiveDate>, Problem> {
    let day = value.map(|value| parse_day(value)).transpose();
    day.map_err(|error| Problem::parameter(HttpError::InvalidParameter, parameter, error.detail))
}
