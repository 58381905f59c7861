//! Municipalities: catalogue entry, settings and offerings.

use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use chrono::{DateTime, Utc};
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
        public_read::OptionalCaller,
        view::WithActions,
    },
    catalogue::MunicipalityEntry,
    commands::municipality::SettingsEntry,
    domain::{
        error::{DomainError, Noun},
        values::{ids::Revision, numbers::MunicipalityNumber, text::LocalText},
    },
    json::{public::MunicipalityRecord, table::Tabular},
    register::{AsOfView, statistics::Freshness, text::has_words},
};

/// A municipality.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Municipality)]
pub struct MunicipalityView {
    /// Four digits.
    number: String,
    /// Its name.
    name: String,
    /// The county's number.
    county_number: String,
    /// The county's name.
    county_name: String,
    /// The main unit's organisation number.
    organisation_number: String,
    /// The form of Norwegian in letters: `nb`, `nn` or `neutral`.
    language_form: String,
    /// Its settings, if it participates.
    settings: Option<MunicipalityRecord>,
    /// Its published offerings.
    offerings: Vec<OfferingLink>,
    /// Freshness of its data, if any is public.
    freshness: Option<FreshnessView>,
}

/// Freshness of a municipality's public data.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Freshness)]
pub struct FreshnessView {
    /// When a version of an offering was published last.
    last_published_at: Option<DateTime<Utc>>,
    /// When something public last changed that concerns the municipality.
    last_changed_at: Option<DateTime<Utc>>,
    /// The position of that change in the change feed.
    position: i64,
    /// How many offerings are published and have not ended.
    offerings: usize,
    /// How many approvals can be chosen now.
    approvals: usize,
    /// How many of their listings were not confirmed for twelve months.
    stale_listings: usize,
}

impl From<Freshness> for FreshnessView {
    fn from(fresh: Freshness) -> Self {
        Self {
            last_published_at: fresh.last_published_at,
            last_changed_at: fresh.last_changed_at,
            position: fresh.position,
            offerings: fresh.offerings,
            approvals: fresh.approvals,
            stale_listings: fresh.stale_listings,
        }
    }
}

/// A published offering of a municipality.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferingLink {
    /// Its id.
    id: uuid::Uuid,
    /// The code of the service.
    service: String,
    /// Its title.
    title: LocalText,
}

impl Tabular for MunicipalityView {
    fn columns() -> Vec<&'static str> {
        vec![
            "number",
            "name",
            "countyNumber",
            "countyName",
            "organisationNumber",
            "languageForm",
            "offerings",
            "contactName",
            "contactEmail",
            "contactPhone",
            "decidingBody",
            "appealBody",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let settings = self.settings.as_ref();
        let contact = settings.map(|it| &it.contact);
        let phone = contact.and_then(|it| it.phone.as_ref());
        let services: Vec<_> = self.offerings.iter().map(|it| it.service.as_str()).collect();
        vec![
            Cow::Borrowed(&self.number),
            Cow::Borrowed(&self.name),
            Cow::Borrowed(&self.county_number),
            Cow::Borrowed(&self.county_name),
            Cow::Borrowed(&self.organisation_number),
            Cow::Borrowed(&self.language_form),
            Cow::Owned(services.join(", ")),
            Cow::Borrowed(contact.map_or("", |it| it.name.as_str())),
            Cow::Borrowed(contact.map_or("", |it| it.email.as_str())),
            Cow::Borrowed(phone.map_or("", |it| it.as_str())),
            Cow::Borrowed(settings.map_or("", |it| it.deciding_body.as_str())),
            Cow::Borrowed(settings.map_or("", |it| it.appeal_body.as_str())),
        ]
    }
}

/// Query of a list of municipalities.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityQuery {
    /// Its number, or prefixes of words in its name; each must match. Case and accents are ignored.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Only those with published offerings, or only those without.
    has_offerings: Option<bool>,
    /// Only those of this county, by two digits such as `42`.
    #[param(pattern = "^[0-9]{2}$")]
    county: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// All municipalities.
///
/// The 357 municipalities, by number, with their published offerings.
#[utoipa::path(
    tag = "catalogues", operation_id = "municipalityList", security(), params(MunicipalityQuery, AsOfQuery),
    responses(
        (status = 200, description = "A page of municipalities.", content(
            (Page<MunicipalityView> = "application/json"), (String = "text/csv"),
        )),
        ReadProblems,
    ),
)]
#[get("/municipalities")]
pub(crate) async fn municipality_list(
    request: HttpRequest,
    parameters: ValidQuery<MunicipalityQuery>,
    times: AsOf,
    form: Representation,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let after = slice.after(|key| MunicipalityNumber::parse(key).ok())?;
    state
        .public_read(&request, times, true, move |state, as_of| {
            let has_offerings = |entry: &MunicipalityEntry| {
                let mut services = state.catalogue.service_types.iter();
                services.any(|it| as_of.version_of(&entry.number, &it.code).is_some())
            };
            let is_wanted = |entry: &&MunicipalityEntry| {
                query.q.as_ref().is_none_or(|q| entry.number == *q || has_words(&entry.name, q))
                    && query.has_offerings.is_none_or(|wanted| has_offerings(entry) == wanted)
                    && query.county.as_ref().is_none_or(|county| entry.county_number == *county)
                    && after.as_ref().is_none_or(|after| entry.number.as_str() > after.as_str())
            };
            let found = state.catalogue.municipalities().filter(is_wanted).take(slice.fetch());
            let items = found.map(|entry| view(entry, state, as_of)).collect();
            let page = slice.page(items, |item: &MunicipalityView| item.number.clone());
            PublicAnswer::list(form, &page, &page.items)
        })
        .await
}

/// The public view, with the caller's actions if it has any.
type MunicipalityAnswer = WithActions<MunicipalityView>;

/// One municipality.
///
/// A former number leads to the present municipality.
///
/// With a token whose role has commands here, `actions` lists the commands of that caller.
#[utoipa::path(
    tag = "catalogues", operation_id = "municipalityGet", security((), ("token" = [])),
    params(
        ("number" = String, Path, description = "Municipality number, present or former", example = "4204"),
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The municipality.", body = MunicipalityAnswer),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/municipalities/{number}")]
pub(crate) async fn municipality_get(
    request: HttpRequest,
    number: Path<String>,
    times: AsOf,
    by: OptionalCaller,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let missing = || DomainError::not_found(Noun::Municipality);
    let (number, _) = state.catalogue.municipality(&number).ok_or_else(missing)?;
    let number = number.clone();
    let actions = by.actions::<SettingsEntry>(&state, times, &number).await?;
    state
        .public_read(&request, times, false, move |state, as_of| {
            let found = state.catalogue.municipality(number.as_str());
            let (_, entry) = found.ok_or_else(missing)?;
            let view = view(entry, state, as_of);
            let revision = view.settings.as_ref().map(|settings| Revision(settings.revision));
            PublicAnswer::with_actions(&view, revision, actions)
        })
        .await
}

fn view(entry: &MunicipalityEntry, state: &AppState, as_of: AsOfView<'_>) -> MunicipalityView {
    // Freshness is defined for the present only.
    let statistics = as_of.snapshot().statistics();
    let fresh = as_of.is_latest().then(|| statistics.freshness(as_of, &entry.number)).flatten();
    let services = state.catalogue.service_types.iter();
    let offerings = services
        .filter_map(|service| as_of.version_of(&entry.number, &service.code))
        .map(|offering| OfferingLink {
            id: offering.id,
            service: offering.service.clone(),
            title: offering.content.title().clone(),
        });
    MunicipalityView {
        number: entry.number.clone(),
        name: entry.name.clone(),
        county_number: entry.county_number.clone(),
        county_name: entry.county_name.clone(),
        organisation_number: entry.organisation_number.clone(),
        language_form: entry.language_form.clone(),
        settings: as_of.municipality(&entry.number).cloned(),
        offerings: offerings.collect(),
        freshness: fresh.map(Into::into),
    }
}
