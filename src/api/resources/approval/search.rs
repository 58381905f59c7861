//! The search over the country.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};

use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::{PublicAnswer, Representation},
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{HttpError, Problem, ReadProblems, sentences},
    },
    catalogue::Catalogue,
    domain::{
        approval::{ApprovalStatus, ListingCapacity},
        message::Message,
    },
    json::{
        PageInfo,
        approval::capacities,
        provider::kinds,
        public::{ApprovalView, statuses},
        table::{ApprovalTableRow, Positioned},
        words,
    },
    register::{
        AsOfView, ViewedApproval,
        body::Body,
        index::{Field, NOT_SAID},
        search::{Order, Search},
        shuffle::MAX_SEED,
    },
};

/// About how many bytes an approval has.
const EACH: usize = 3 * 1024;

/// Query of the national search. Filters are combined.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalQuery {
    /// Municipality number, present or former, such as `4204`.
    municipality: Option<String>,
    /// Code of the service, such as `practical-help`.
    service: Option<String>,
    /// Organisation number of the provider.
    provider: Option<String>,
    /// Code of a zone.
    zone: Option<String>,
    /// Kind of organisation of the provider.
    #[param(inline, value_type = KindParameter, required = false)]
    kind: Option<String>,
    /// A language that the provider speaks with users there, ISO 639.
    language: Option<String>,
    /// Capacity: `open`, `limited`, `full`, or `unknown` if not stated.
    #[param(inline, value_type = CapacityParameter, required = false)]
    capacity: Option<String>,
    /// Status of the approval. Default: those open to choice, `active` and `ending`.
    #[param(inline, value_type = StatusParameter, required = false)]
    status: Option<String>,
    /// Prefixes of words in the provider's name, profile or listing; each must match. Case and accents are
    /// ignored: `asen` finds Åsen.
    #[param(max_length = 100)]
    q: Option<String>,
    /// `public`, as they became public; `name`, as Norwegian sorts; or `fair`, shuffled by `seed`.
    #[param(inline, value_type = OrderParameter, required = false)]
    order: Option<String>,
    /// Seed of `order=fair`: the same seed gives the same order. The documentation has the rule.
    #[param(min_length = 1, max_length = 100)]
    seed: Option<String>,
    /// `full` (default), with the profile, or `summary`.
    #[param(inline, value_type = ViewParameter, required = false)]
    view: Option<String>,
    /// Whether to count all that match, in `page.total`.
    count: Option<bool>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

crate::json::parameter_schema!(KindParameter, kinds);
crate::json::parameter_schema!(StatusParameter, statuses);
crate::json::parameter_schema!(CapacityParameter, asked_capacities);
crate::json::parameter_schema!(OrderParameter, orders);
crate::json::parameter_schema!(ViewParameter, views);

fn asked_capacities() -> Object {
    let value = ListingCapacity::ALL.map(ListingCapacity::as_str);
    words("Whether there is room.", value.into_iter().chain([NOT_SAID]))
}

fn orders() -> Object {
    words("In which order.", ORDERS)
}

fn views() -> Object {
    words("How much of each.", VIEWS)
}

const ORDERS: [&str; 3] = ["public", "name", "fair"];
const VIEWS: [&str; 2] = ["full", SUMMARY];
const SUMMARY: &str = "summary";

/// An approval in a few words.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalSummary {
    /// Its id.
    id: uuid::Uuid,
    /// Status.
    #[schema(schema_with = statuses)]
    status: String,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// The provider's organisation number.
    provider: String,
    /// The provider's name.
    name: String,
    /// Kind of organisation.
    #[schema(schema_with = kinds)]
    kind: String,
    /// The zones in which the provider can be chosen.
    zones: Vec<String>,
    /// Capacity; absent if not stated.
    #[schema(schema_with = capacities)]
    capacity: Option<String>,
}

/// An approval, whole or in a few words.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "says what a page holds, in the document alone")]
pub enum ApprovalHit {
    /// With the profile.
    Full(Box<ApprovalView>),
    /// In a few words.
    Summary(ApprovalSummary),
}

/// Search approvals in the whole country.
///
/// By default those open to choice now.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalList", security(), params(ApprovalQuery, AsOfQuery),
    responses(
        (status = 200, description = "A page of approvals.", content(
            (Page<ApprovalHit> = "application/json"), (String = "text/csv"),
        )),
        ReadProblems,
    ),
)]
#[get("/approvals")]
pub(crate) async fn approval_list(
    request: HttpRequest,
    parameters: ValidQuery<ApprovalQuery>,
    times: AsOf,
    form: Representation,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let order = order(query.order.as_deref(), query.seed.as_deref())?;
    let search = query.search(&state.catalogue);
    let is_summary = query.view.as_deref() == Some(SUMMARY);
    let count = query.count.unwrap_or(false);
    let snapshot = state.register.snapshot();
    let as_of = times.view(&snapshot, state.context.now())?;
    let costs_much = slice.is_large() || search.is_costly(as_of, &order, count);
    let find = move |state: &AppState, as_of: AsOfView<'_>| {
        let after = slice.after(|place| order.has(place).then_some(place))?;
        let found = search.find(as_of, &order, after, slice.fetch(), count);
        let Page { items, page } = slice.page(found.items, |(place, _)| place.clone());
        let page = PageInfo { total: found.total, ..page };
        if form == Representation::Json {
            let hits = items.iter().map(|(_, seen)| seen);
            let body = put_together(hits, is_summary, &page);
            let body = body.map_err(|error| Problem::internal(&error))?;
            return Ok(PublicAnswer::json(body, Some(page)));
        }
        let rows = items.iter().map(|(_, seen)| {
            let row = ApprovalTableRow::new(seen.to_view(), &state.catalogue);
            Positioned { position: seen.position(), row }
        });
        PublicAnswer::csv(rows, Some(page))
    };
    state.public_read(&request, times, costs_much, find).await
}

/// The page as JSON. Records that are stored as JSON are copied byte for byte. The ids of their changes identify
/// those bytes, so the tag needs no digest of them.
fn put_together<'a>(
    hits: impl Iterator<Item = &'a ViewedApproval<'a>>,
    summary: bool,
    page: &PageInfo,
) -> serde_json::Result<Body> {
    let (mut json, mut from) = (Vec::with_capacity(EACH * (hits.size_hint().0 + 1)), vec![]);
    json.extend_from_slice(b"{\"items\":[");
    for (count, seen) in hits.enumerate() {
        if count > 0 {
            json.push(b',');
        }
        if summary {
            let start = json.len();
            serde_json::to_writer(&mut json, &summary_of(seen))?;
            from.extend_from_slice(json.get(start..).unwrap_or_default());
        } else {
            write_full(seen, &mut json, &mut from)?;
        }
    }
    json.extend_from_slice(b"],\"page\":");
    let start = json.len();
    serde_json::to_writer(&mut json, page)?;
    from.extend_from_slice(json.get(start..).unwrap_or_default());
    json.push(b'}');
    Ok(Body::derived(json, &from))
}

/// Writes an approval in full. The identity of its bytes goes into `from`.
pub(super) fn write_full(
    seen: &ViewedApproval<'_>,
    json: &mut Vec<u8>,
    from: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let start = json.len();
    if !seen.write_ready(json, from)? {
        serde_json::to_writer(&mut *json, &seen.to_view())?;
        from.extend_from_slice(json.get(start..).unwrap_or_default());
    }
    Ok(())
}

fn summary_of(seen: &ViewedApproval<'_>) -> ApprovalSummary {
    let (record, profile) = (seen.record(), seen.profile());
    ApprovalSummary {
        id: record.id,
        status: seen.status().as_str().to_owned(),
        municipality: record.municipality.clone(),
        service: record.service.clone(),
        provider: record.provider.clone(),
        name: profile.map(|it| it.name.to_string()).unwrap_or_default(),
        kind: profile.map_or("", |it| it.kind.as_str()).to_owned(),
        zones: record.zones.clone(),
        capacity: record.listing.as_ref().map(|it| it.capacity.as_str().to_owned()),
    }
}

impl ApprovalQuery {
    fn search(&self, catalogue: &Catalogue) -> Search {
        let municipality = catalogue.present_number(self.municipality.clone());
        let mut search = Search::default()
            .with(Field::Municipality, municipality)
            .with(Field::Service, self.service.clone())
            .with(Field::Provider, self.provider.clone())
            .with(Field::Zone, self.zone.clone())
            .with(Field::Kind, self.kind.clone())
            .with(Field::Language, self.language.clone())
            .with(Field::Capacity, self.capacity.clone())
            .with_text(self.q.as_deref());
        let status = self.status.as_deref();
        search.status = ApprovalStatus::ALL.into_iter().find(|it| Some(it.as_str()) == status);
        search
    }
}

/// The requested order. A seed belongs to `fair`, and `fair` needs one.
pub(in crate::api) fn order(order: Option<&str>, seed: Option<&str>) -> Result<Order, Problem> {
    let wrong =
        |detail: Message| Err(Problem::parameter(HttpError::InvalidParameter, "seed", detail));
    match (order, seed) {
        (Some("fair"), Some(seed)) if (1..=MAX_SEED).contains(&seed.len()) => {
            Ok(Order::Fair(seed.to_owned()))
        }
        (Some("fair"), _) => wrong(sentences::invalid_parameter_seed_length(MAX_SEED)),
        (_, Some(_)) => wrong(sentences::invalid_parameter_seed_order()),
        (Some("name"), None) => Ok(Order::Name),
        _ => Ok(Order::Public),
    }
}
