//! The portal's one call: all that a citizen page needs, rendered once and served as bytes.

mod compensation;
mod provider;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{approval::ViewedApproval, as_of::AsOfView, shuffle};
use crate::{
    catalogue::{Catalogue, MunicipalityEntry, ServiceType},
    domain::{
        compensation::band::Band,
        municipality::Contact,
        offering::{
            OfferingClosure, OfferingState,
            content::{CitizenChoice, Service, Terms},
        },
        values::{
            text::LocalText,
            time::{Instant, day_of, end_of_day, start_of_day},
        },
    },
    json::{
        PageInfo,
        compensation::PricedLine,
        public::{OfferingRecord, offering_states},
    },
};
use compensation::PagePrices;

pub use compensation::PageExtras;

pub(super) use provider::OWN;
pub use provider::{PageCapacity, PageProvider};

/// All that a citizen page needs on one service in one municipality.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterPage {
    /// The municipality.
    pub municipality: PageMunicipality,
    /// The service.
    pub service: PageService,
    /// The offering and its version in force.
    pub offering: PageOffering,
    /// Content, target group, places and start-up time of the service.
    pub description: Service,
    /// Choosing, switching, and the default.
    pub choice: CitizenChoice,
    /// The terms that every provider works on.
    pub terms: Terms,
    /// The compensation in force today, the same for every provider.
    pub compensation: Vec<PricedLine>,
    /// Prices that are announced and begin later, the first first.
    pub announced_compensation: Vec<PricedLine>,
    /// The hours that are priced apart today; none where a price holds at all hours.
    pub bands: Vec<Band>,
    /// Payments beside the prices, or their explicit absence.
    pub extras: PageExtras,
    /// Contact.
    pub contact: Contact,
    /// Every provider open to choice today, including the municipality's own offer, by name; empty once the
    /// offering has ended.
    pub providers: Vec<PageProvider>,
    /// Position of this part, if a part or another order was requested.
    pub page: Option<PageInfo>,
}

/// The municipality of a page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageMunicipality {
    /// Four digits.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The main unit's organisation number.
    pub organisation_number: String,
}

/// The service of a page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageService {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: LocalText,
}

/// The offering of a page.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageOffering {
    /// Its id.
    pub id: uuid::Uuid,
    /// The version in force.
    pub version: i32,
    /// Its title.
    pub title: LocalText,
    /// Legal basis.
    pub legal_basis: String,
    /// When the version was published.
    pub published_at: DateTime<Utc>,
    /// Where the offering is in its life.
    #[schema(schema_with = offering_states)]
    pub state: String,
    /// Its announced closing.
    pub closure: Option<OfferingClosure>,
}

impl PageOffering {
    fn of(offering: &OfferingRecord, state: OfferingState) -> Self {
        Self {
            id: offering.id,
            version: offering.version,
            title: offering.content.title().clone(),
            legal_basis: offering.content.legal_basis().as_str().to_owned(),
            published_at: offering.published_at,
            state: state.as_str().to_owned(),
            closure: offering.closure.clone(),
        }
    }
}

impl From<&MunicipalityEntry> for PageMunicipality {
    fn from(entry: &MunicipalityEntry) -> Self {
        Self {
            number: entry.number.clone(),
            name: entry.name.clone(),
            organisation_number: entry.organisation_number.clone(),
        }
    }
}

impl From<&ServiceType> for PageService {
    fn from(service: &ServiceType) -> Self {
        let name = LocalText::of_registry(&service.name_nb, &service.name_nn, &service.name_en);
        Self { code: service.code.clone(), name }
    }
}

impl RegisterPage {
    /// The page of a view, with its providers by name; `None` if nothing is published.
    #[must_use]
    pub fn of(
        view: AsOfView<'_>,
        (municipality, service): (&str, &str),
        catalogue: &Catalogue,
    ) -> Option<Self> {
        let (mut page, _) = page(view, municipality, service, catalogue)?;
        page.providers.sort_by_cached_key(PageProvider::place_by_name);
        Some(page)
    }

    /// Orders the providers by a seed, as `order=fair` does.
    pub fn shuffle(&mut self, seed: &str) {
        self.providers.sort_by_cached_key(|provider| shuffle::place(seed, &provider.place_id()));
    }
}

/// The page of a view, and the instants at which only time changes it; `None` if nothing is published.
pub(super) fn page(
    view: AsOfView<'_>,
    municipality: &str,
    service: &str,
    catalogue: &Catalogue,
) -> Option<(RegisterPage, Vec<Instant>)> {
    let offering = view.offering_of(municipality, service)?;
    let listed: Vec<_> = view.approvals_of_offering(offering.id).collect();
    let (_, entry) = catalogue.municipality(&offering.municipality)?;
    let service = catalogue.service_type(&offering.service)?;
    let now = view.at();
    let prices = PagePrices::on(day_of(now), &offering.content);
    let state = offering.state_at(now);
    let mut providers = vec![];
    if state != OfferingState::Ended {
        let choosable = listed.iter().filter(|approval| approval.status().is_choosable());
        let profiled = choosable.filter_map(|it| Some(PageProvider::approved(it.profile()?, it)));
        providers.extend(profiled);
        providers.push(PageProvider::own(&offering, &entry.organisation_number, now));
    }
    let times = times(&offering, &listed, &providers);
    let parts = offering.content.parts().clone();
    let page = RegisterPage {
        municipality: entry.into(),
        service: service.into(),
        offering: PageOffering::of(&offering, state),
        description: parts.service,
        choice: parts.citizen.choice,
        terms: parts.terms,
        compensation: prices.in_force,
        announced_compensation: prices.announced,
        bands: prices.bands,
        extras: prices.extras,
        contact: parts.process.contact,
        providers,
        page: None,
    };
    Some((page, times))
}

/// The instants at which only time changes the page: a contract, a revocation, a price, the offering's closing
/// or end, or a listing that becomes stale.
fn times(
    offering: &OfferingRecord,
    listed: &[ViewedApproval<'_>],
    providers: &[PageProvider],
) -> Vec<Instant> {
    let approvals = listed.iter().flat_map(ViewedApproval::times);
    let rates = offering.content.table().rates().iter();
    let prices = rates
        .flat_map(|rate| std::iter::once(start_of_day(rate.from)).chain(rate.to.map(end_of_day)));
    let lifecycle = offering.closure.iter().flat_map(OfferingClosure::instants);
    let stale = providers.iter().map(PageProvider::stale_from);
    approvals.chain(prices).chain(lifecycle).chain(stale).collect()
}
