//! The portal's one call: all that a citizen page needs, rendered once and served as bytes.

mod provider;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

pub use provider::{PageCapacity, PageProvider};

use super::{
    body::Body,
    snapshot::{Listed, Snapshot},
};
use crate::{
    catalogue::Catalogue,
    document::{
        ContactForm, LocalTextForm,
        offering::{CitizenForm, CompensationLineForm, ServiceForm, TermsForm, life::ClosureForm},
        public::{OfferingRecord, offering_states},
    },
    domain::{
        money::Money,
        offering::State,
        time::{Instant, day_of, end_of_day, parse_day, start_of_day},
    },
};

/// All that a citizen page needs on one service in one municipality.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterPage {
    /// The municipality.
    pub municipality: PageMunicipality,
    /// The service.
    pub service: PageService,
    /// The offering and its version in force.
    pub offering: PageOffering,
    /// What the service consists of, for whom, where, how soon.
    pub description: ServiceForm,
    /// How to choose and to switch, and what happens without a choice.
    pub choice: CitizenForm,
    /// The terms that every provider works on.
    pub terms: TermsForm,
    /// The compensation in force today, the same for every provider.
    pub compensation: Vec<PageCompensation>,
    /// Whom to ask.
    pub contact: ContactForm,
    /// Everyone who can be chosen today, the municipality's own offer among them, by name; nobody
    /// once the offering has ended.
    pub providers: Vec<PageProvider>,
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
    pub name: LocalTextForm,
}

/// The offering of a page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageOffering {
    /// Its id.
    pub id: uuid::Uuid,
    /// The version in force.
    pub version: i32,
    /// Its title.
    pub title: LocalTextForm,
    /// What it rests on.
    pub legal_basis: String,
    /// When the version was published.
    pub published_at: DateTime<Utc>,
    /// Where the offering is in its life.
    #[schema(schema_with = offering_states)]
    pub state: String,
    /// What is announced of its closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closure: Option<ClosureForm>,
}

/// A line of the compensation, and the same in words.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageCompensation {
    /// The line.
    #[serde(flatten)]
    pub line: CompensationLineForm,
    /// The amount in Norwegian words, such as `814 kr`.
    pub in_words: String,
}

/// A page as bytes, and how long they are true.
#[derive(Debug)]
pub struct Rendered {
    /// The JSON.
    pub body: Body,
    true_until: Option<Instant>,
}

impl Rendered {
    /// Whether time has not changed it.
    #[must_use]
    pub fn is_fresh(&self, now: Instant) -> bool {
        self.true_until.is_none_or(|until| now < until)
    }

    /// Renders the page of a municipality's service; none without a published offering.
    pub(super) fn of(
        snapshot: &Snapshot,
        municipality: &str,
        service: &str,
        catalogue: &Catalogue,
        now: Instant,
    ) -> Option<Self> {
        let offering = snapshot.offering_of(municipality, service)?;
        let listed: Vec<_> = snapshot.approvals_of_offering(offering.id).collect();
        let page = page(snapshot, offering, &listed, catalogue, now)?;
        let body = serde_json::to_string(&page).ok()?;
        let body = Body::new(body, None);
        Some(Self { body, true_until: true_until(offering, &listed, &page.providers, now) })
    }
}

fn page(
    snapshot: &Snapshot,
    offering: &OfferingRecord,
    listed: &[&Listed],
    catalogue: &Catalogue,
    now: Instant,
) -> Option<RegisterPage> {
    let (_, entry) = catalogue.municipality(&offering.municipality)?;
    let service = catalogue.service_type(&offering.service)?;
    let content = offering.content.clone();
    let mut providers: Vec<_> = listed
        .iter()
        .filter(|listed| listed.status(now).is_choosable())
        .filter_map(|listed| {
            Some(PageProvider::approved(snapshot.provider(&listed.record().provider)?, listed, now))
        })
        .collect();
    let zones = content.service.iter().flat_map(|s| &s.zones).map(|z| z.code.clone()).collect();
    let mut choice = content.citizen?;
    if let Some(own) = choice.own_offer.take() {
        providers.push(PageProvider::own(own, zones, &entry.organisation_number, offering, now));
    }
    let state = offering.state_at(now);
    if state == State::Ended {
        providers.clear();
    }
    providers.sort_by_cached_key(|p| (collation_key(&p.name), p.organisation_number.clone()));
    let today = day_of(now);
    let in_force = content.compensation.into_iter().filter(|line| in_force(line, today));
    Some(RegisterPage {
        municipality: PageMunicipality {
            number: entry.number.clone(),
            name: entry.name.clone(),
            organisation_number: entry.organisation_number.clone(),
        },
        service: PageService {
            code: service.code.clone(),
            name: LocalTextForm {
                nb: Some(service.name_nb.clone()),
                nn: Some(service.name_nn.clone()),
                en: Some(service.name_en.clone()),
            },
        },
        offering: PageOffering {
            id: offering.id,
            version: offering.version,
            title: content.title?,
            legal_basis: content.legal_basis?,
            published_at: offering.published_at,
            state: state.as_str().to_owned(),
            closure: offering.closure.clone(),
        },
        description: content.service?,
        choice,
        terms: content.terms?,
        compensation: in_force.map(with_words).collect(),
        contact: content.process?.contact?,
        providers,
    })
}

fn with_words(line: CompensationLineForm) -> PageCompensation {
    let amount = Money::parse(&line.amount.amount);
    PageCompensation { in_words: amount.map(Money::in_words_nb).unwrap_or_default(), line }
}

fn days(line: &CompensationLineForm) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let to = line.valid_to.as_ref().and_then(|day| parse_day(day).ok());
    (parse_day(&line.valid_from).ok(), to)
}

fn in_force(line: &CompensationLineForm, today: NaiveDate) -> bool {
    let (from, to) = days(line);
    from.is_some_and(|from| from <= today) && to.is_none_or(|to| today <= to)
}

/// The next instant at which time alone changes the page: a contract, a revocation, a price, the
/// offering's closing or end, or what a provider says of itself going stale.
fn true_until(
    offering: &OfferingRecord,
    listed: &[&Listed],
    shown: &[PageProvider],
    now: Instant,
) -> Option<Instant> {
    let approvals = listed.iter().filter_map(|listed| listed.next_change(now));
    let prices = offering.content.compensation.iter().flat_map(|line| {
        let (from, to) = days(line);
        [from.map(start_of_day), to.map(end_of_day)].into_iter().flatten()
    });
    let life = offering.closure.iter().flat_map(ClosureForm::instants);
    let stale = shown.iter().map(PageProvider::stale_from);
    approvals.chain(prices.chain(life).chain(stale).filter(|at| *at > now)).min()
}

/// Sorts as Norwegian does: case apart, æ ø å (and aa) last.
pub(crate) fn collation_key(name: &str) -> String {
    let folded = name.to_lowercase().replace("aa", "å");
    let place = |c| match c {
        'æ' | 'ä' => '\u{e000}',
        'ø' | 'ö' => '\u{e001}',
        'å' => '\u{e002}',
        other => other,
    };
    folded.chars().map(place).collect()
}
