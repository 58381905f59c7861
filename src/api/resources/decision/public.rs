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
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{Problem, ReadProblems},
    },
    catalogue::Catalogue,
    domain::values::time::day_of,
    json::{decision::outcomes, public::DecisionRecord},
    register::AsOfView,
};

/// Query of the list of decisions. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DecisionQuery {
    /// Municipality number, present or former, such as `4204`.
    municipality: Option<String>,
    /// Code of the service, such as `practical-help`.
    service: Option<String>,
    /// Organisation number of the provider.
    provider: Option<String>,
    /// Outcome.
    #[param(inline, value_type = OutcomeParameter, required = false)]
    outcome: Option<String>,
    /// The first day of signing, Norwegian local time.
    from: Option<NaiveDate>,
    /// The last day of signing.
    to: Option<NaiveDate>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
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
    parameters: ValidQuery<DecisionQuery>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let filter = DecisionFilter::of(query, &state.catalogue);
    let costs_much = slice.is_large() || filter.scans_all();
    let list = move |_: &AppState, as_of: AsOfView<'_>| {
        let after = slice.after(|key| key.parse().ok())?;
        let found: Box<dyn Iterator<Item = &DecisionRecord>> =
            match (filter.provider.as_deref(), filter.municipality.as_deref()) {
                (Some(provider), _) => Box::new(as_of.decisions_of_provider(provider, after)),
                (None, Some(municipality)) => {
                    Box::new(as_of.decisions_of_municipality(municipality, after))
                }
                (None, None) => Box::new(as_of.decisions(after)),
            };
        let found = found.filter(|record| filter.matches(record));
        let items: Vec<_> = found.take(slice.fetch()).collect();
        PublicAnswer::one(&slice.page(items, |record| record.id.to_string()), None)
    };
    state.public_read(&request, times, costs_much, list).await
}

/// The filters of a list of decisions, parsed.
struct DecisionFilter {
    municipality: Option<String>,
    service: Option<String>,
    provider: Option<String>,
    outcome: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl DecisionFilter {
    fn of(query: DecisionQuery, catalogue: &Catalogue) -> Self {
        let DecisionQuery { municipality, service, provider, outcome, from, to, .. } = query;
        let municipality = catalogue.present_number(municipality);
        Self { municipality, service, provider, outcome, from, to }
    }

    /// Whether decisions of all parties are searched.
    const fn scans_all(&self) -> bool {
        let is_narrowed = self.service.is_some()
            || self.outcome.is_some()
            || self.from.is_some()
            || self.to.is_some();
        is_narrowed && self.provider.is_none() && self.municipality.is_none()
    }

    fn matches(&self, record: &DecisionRecord) -> bool {
        let is = |wanted: &Option<String>, found: &String| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        let signed_on = day_of(record.decided_at);
        is(&self.municipality, &record.municipality)
            && is(&self.service, &record.service)
            && is(&self.provider, &record.provider)
            && is(&self.outcome, &record.outcome)
            && self.from.is_none_or(|from| from <= signed_on)
            && self.to.is_none_or(|to| signed_on <= to)
    }
}
