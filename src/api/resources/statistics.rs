//! Statistics: providers, handling times, decisions and grounds of refusals.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        AppData,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::PublicAnswer,
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{Problem, ReadProblems},
    },
    domain::{
        approval::ListingCapacity,
        rules::statistics::{Count, CountTable},
        values::{numbers::MunicipalityNumber, text::Code},
    },
    register::statistics::{Figures, GroupKey},
};

/// Query of the statistics.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// Municipality number, present or former, such as `4204`.
    municipality: Option<String>,
    /// Code of the service, such as `practical-help`.
    service: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A count. A number from 1 to 4 is not published, nor one from which such a number could be computed.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatisticsCount)]
pub struct CountView {
    /// The number; omitted if it is not published.
    count: Option<usize>,
    /// Whether there is a number above zero that is not published.
    suppressed: bool,
}

impl From<Count> for CountView {
    fn from(count: Count) -> Self {
        Self { count: count.value(), suppressed: count == Count::Suppressed }
    }
}

/// The count of a code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatisticsPart)]
pub struct StatisticsPartView {
    /// The code: an outcome, a criterion of the offering, or a ground.
    code: String,
    /// How many.
    #[serde(flatten)]
    count: CountView,
}

/// Decisions by outcome.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatisticsDecisions)]
pub struct DecisionsView {
    /// All of them.
    total: CountView,
    /// By outcome.
    outcomes: Vec<StatisticsPartView>,
}

/// Capacity of the providers open to choice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatisticsCapacity)]
pub struct CapacityView {
    /// With free capacity.
    open: usize,
    /// With limited capacity.
    limited: usize,
    /// Without capacity.
    full: usize,
    /// Not stated.
    not_said: usize,
}

/// Days from the receipt of an application to the decision on it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatisticsHandling)]
pub struct HandlingView {
    /// How many applications were decided.
    applications: CountView,
    /// Half of them took no longer, by nearest rank; omitted if too few were decided.
    median_days: Option<i64>,
    /// Nine of ten took no longer, by nearest rank.
    p90_days: Option<i64>,
}

/// Refusals by ground and criterion. One refusal may count in several.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatisticsRefusals)]
pub struct RefusalsView {
    /// By mandatory criterion that was not met.
    by_criterion: Vec<StatisticsPartView>,
    /// By ground.
    by_ground: Vec<StatisticsPartView>,
}

/// The figures of one service in one municipality.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Statistics)]
pub struct StatisticsView {
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// The offering that was published last.
    offering_id: uuid::Uuid,
    /// How many providers can be chosen now. They are listed by name, so this is never suppressed.
    providers: usize,
    /// Their stated capacity.
    capacity: CapacityView,
    /// How long the handling of applications took.
    handling: HandlingView,
    /// Decisions on applications.
    on_applications: DecisionsView,
    /// Decisions on approvals, on other decisions and on appeals.
    on_decisions: DecisionsView,
    /// Refusals by ground and criterion.
    refusals: RefusalsView,
}

fn parts(counts: &BTreeMap<String, Count>) -> Vec<StatisticsPartView> {
    counts
        .iter()
        .map(|(code, count)| StatisticsPartView { code: code.clone(), count: (*count).into() })
        .collect()
}

impl From<&CountTable<String>> for DecisionsView {
    fn from(table: &CountTable<String>) -> Self {
        Self { total: table.total.into(), outcomes: parts(&table.parts) }
    }
}

impl StatisticsView {
    fn of((municipality, service): &GroupKey, figures: &Figures) -> Self {
        let room = |name: &str| figures.capacity.get(name).copied().unwrap_or(0);
        Self {
            municipality: municipality.clone(),
            service: service.clone(),
            offering_id: figures.offering,
            providers: figures.choosable,
            capacity: CapacityView {
                open: room(ListingCapacity::Open.as_str()),
                limited: room(ListingCapacity::Limited.as_str()),
                full: room(ListingCapacity::Full.as_str()),
                not_said: room(""),
            },
            handling: HandlingView {
                applications: figures.on_applications.total.into(),
                median_days: figures.handling.map(|handling| handling.median),
                p90_days: figures.handling.map(|handling| handling.p90),
            },
            on_applications: (&figures.on_applications).into(),
            on_decisions: (&figures.on_decisions).into(),
            refusals: RefusalsView {
                by_criterion: parts(&figures.refused_by_criterion),
                by_ground: parts(&figures.refused_by_ground),
            },
        }
    }
}

/// Statistics.
///
/// For each municipality and service with a published offering: providers open to choice, handling times of
/// applications, decisions and grounds of refusals. Counts of decisions from 1 to 4 are suppressed.
#[utoipa::path(
    tag = "register", operation_id = "statisticsList", security(), params(StatisticsQuery, AsOfQuery),
    responses((status = 200, description = "A page of figures.", body = Page<StatisticsView>), ReadProblems),
)]
#[get("/statistics")]
pub(crate) async fn statistics_list(
    request: HttpRequest,
    parameters: ValidQuery<StatisticsQuery>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let after = slice.after(|key| {
        let (municipality, service) = key.split_once('/')?;
        let number = MunicipalityNumber::parse(municipality).ok()?;
        Some((number.to_string(), Code::parse(service).ok()?.to_string()))
    })?;
    let municipality = state.catalogue.present_number(query.municipality.clone());
    let after = match (after, &municipality) {
        (Some(after), _) => after,
        (None, Some(municipality)) => (municipality.clone(), String::new()),
        (None, None) => GroupKey::default(),
    };
    let costs_much = municipality.is_none();
    state
        .public_read(&request, times, costs_much, move |_, as_of| {
            let statistics = as_of.snapshot().statistics();
            let items = statistics
                .groups_after(&after)
                .take_while(|key| municipality.as_ref().is_none_or(|wanted| *wanted == key.0))
                .filter(|key| query.service.as_ref().is_none_or(|wanted| *wanted == key.1))
                .filter_map(|key| Some((key, statistics.figures(as_of, key)?)))
                .filter(|(_, figures)| figures.published)
                .take(slice.fetch())
                .map(|(key, figures)| StatisticsView::of(key, &figures))
                .collect();
            let key = |item: &StatisticsView| format!("{}/{}", item.municipality, item.service);
            PublicAnswer::one(&slice.page(items, key), None)
        })
        .await
}
