//! Quotes: the price of planned visits, split by band, exact to the øre.

use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::AsOf,
            body::{QuestionProblems, ValidJson},
            negotiation::PublicAnswer,
        },
        problem::{Problem, ReadProblems},
        resources::register::{missing_offering, unknown_municipality},
    },
    catalogue::Catalogue,
    domain::{
        compensation::{
            band::Clock,
            quote::{Quote, QuotePart, Visit, VisitLength, VisitPlan, VisitQuote},
            rate::Unit,
        },
        error::{DomainError, Noun},
        message::fields,
        offering::content::{OfferingContent, Vat},
        validation::ValidationErrors,
        values::{
            ids::OfferingId,
            money::Money,
            numbers::MunicipalityNumber,
            text::{Code, LocalText},
        },
    },
    json::{
        compensation::{PricedLine, stated_bands, units, vats},
        form::{
            Form, form,
            scalars::{integer, list, newtype_forms},
            serde_bridge::serde_by_form,
        },
        public::OfferingRecord,
    },
    register::AsOfView,
};

serde_by_form!(QuoteBody);
newtype_forms!(
    VisitLength(u32): integer(1, Some(VisitLength::MAX)),
    VisitPlan(Vec<Visit>): list::<Visit>(1, VisitPlan::MAX),
);

/// To price more visits than this takes long.
const MANY_VISITS: usize = 10;

/// A plan of visits, and the table that prices them: that of an offering, or of a municipality's service.
#[derive(Debug, Form)]
#[form(name = "QuoteBody", closed, example({
    "municipality": "4204", "service": "practical-help",
    "visits": [{"date": "2027-01-11", "start": "10:00", "minutes": 90, "zone": "whole"}]
}))]
pub struct QuoteBody {
    /// The table.
    #[form(flatten)]
    table: TableChoice,
    /// Unit: `hour` (default) or `visit`.
    #[form(default = Unit::Hour)]
    unit: Unit,
    /// The visits, 1 to 1000.
    visits: VisitPlan,
}

/// The price table of a plan.
#[derive(Debug, Form)]
#[form(check = TableChoice::check)]
struct TableChoice {
    /// The offering.
    offering_id: Option<OfferingId>,
    /// The municipality's number, present or former, where no offering is named.
    municipality: Option<MunicipalityNumber>,
    /// The code of the service, where no offering is named.
    service: Option<Code>,
}

form! {
    /// A planned visit.
    #[form(name = "Visit", closed)]
    struct Visit {
        /// The day on which it begins.
        #[form(name = "date")]
        day: NaiveDate,
        /// When it begins, by the clock on the wall.
        start: Clock,
        /// In the repeated hour at the end of summer time: begins in the second one.
        #[form(default)]
        second_time: bool,
        /// Duration, from a minute to a day.
        #[form(name = "minutes")]
        length: VisitLength,
        /// The code of the zone.
        zone: Code,
    }
}

/// Price of a plan. Each part is rounded to the øre, and every sum is that of the displayed parts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Quote)]
pub struct QuoteView {
    /// The offering's id.
    offering_id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// Unit of the price.
    #[schema(schema_with = units)]
    unit: String,
    /// The sum of all.
    total: Money,
    /// The sum for each treatment of value added tax that occurs.
    sums: Vec<SumView>,
    /// Each visit, in the order of the plan.
    visits: Vec<VisitView>,
}

/// A sum of parts with the same treatment of value added tax.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuoteSum)]
pub struct SumView {
    /// How value added tax is treated.
    #[schema(schema_with = vats)]
    vat: String,
    /// The sum.
    amount: Money,
}

/// Price of one visit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VisitQuote)]
pub struct VisitView {
    /// When it begins.
    begins: DateTime<Utc>,
    /// When it is over.
    ends: DateTime<Utc>,
    /// The sum of its parts.
    amount: Money,
    /// Minutes one after the other at the same price.
    parts: Vec<QuotePartView>,
}

/// Consecutive minutes of a visit at one price.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuotePart, example = json!({
    "begins": "2026-05-16T22:30", "minutes": 90, "band": "all", "price": {"amount": "814.00", "currency": "NOK"},
    "inWords": {"nb": "814 kr per time", "nn": "814 kr per time"}, "validFrom": "2026-01-01", "vat": "exempt",
    "amount": {"amount": "1221.00", "currency": "NOK"}
}))]
pub struct QuotePartView {
    /// When it begins, by the clock on the wall.
    begins: String,
    /// How many minutes.
    minutes: u32,
    /// The code of the band.
    band: String,
    /// Name of the band.
    #[serde(skip_serializing_if = "Option::is_none")]
    band_name: Option<String>,
    /// The price of one unit.
    price: Money,
    /// The same in words.
    in_words: LocalText,
    /// The first day of the applied line.
    valid_from: NaiveDate,
    /// How value added tax is treated.
    #[schema(schema_with = vats)]
    vat: String,
    /// Price of the part.
    amount: Money,
}

/// Quote a plan of visits.
///
/// The price of planned visits by the published table: split at midnight, weekends and Norwegian public
/// holidays into parts with one price each, to the øre. Announced prices apply from their first day. Nothing is
/// stored.
#[utoipa::path(
    tag = "compensation", operation_id = "compensationQuote", security(),
    request_body = QuoteBody,
    responses((status = 200, description = "The price of the plan.", body = QuoteView), ReadProblems, QuestionProblems),
)]
#[post("/compensation/quotes")]
pub(crate) async fn compensation_quote(
    request: HttpRequest,
    body: ValidJson<QuoteBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidJson(body) = body;
    let costs_much = body.visits.get().len() > MANY_VISITS;
    let quote = move |state: &AppState, as_of: AsOfView<'_>| {
        let offering = body.table.offering(as_of, &state.catalogue)?;
        let quote = offering.content.table().quote(body.unit, body.visits.get());
        let quote = quote.map_err(DomainError::validation)?;
        PublicAnswer::one(&QuoteView::of(&offering, body.unit, &quote), None)
    };
    state.public_read(&request, AsOf::default(), costs_much, quote).await
}

impl TableChoice {
    fn check(&self, errors: &mut ValidationErrors) {
        let parts =
            [("/municipality", self.municipality.is_some()), ("/service", self.service.is_some())];
        for (pointer, is_there) in parts {
            if self.offering_id.is_some() {
                let detail = fields::unexpected_by_offering();
                errors.unexpected(pointer, is_there, detail);
            } else if !is_there {
                errors.missing(pointer, fields::required());
            }
        }
    }

    fn offering(
        &self,
        as_of: AsOfView<'_>,
        catalogue: &Catalogue,
    ) -> Result<OfferingRecord, DomainError> {
        let (Some(municipality), Some(service)) = (&self.municipality, &self.service) else {
            let found = self.offering_id.and_then(|id| as_of.offering(id.uuid()));
            return found.ok_or_else(|| DomainError::not_found(Noun::PublishedOffering));
        };
        let (number, _) = catalogue
            .municipality(municipality.as_str())
            .ok_or_else(|| unknown_municipality(catalogue, municipality.as_str()))?;
        let (number, service) = (number.as_str(), service.as_str());
        let found = as_of.offering_of(number, service);
        found.ok_or_else(|| missing_offering(catalogue, as_of, number, service))
    }
}

impl QuoteView {
    fn of(offering: &OfferingRecord, unit: Unit, quote: &Quote<'_>) -> Self {
        let sum = |(vat, amount): &(Vat, Money)| SumView {
            vat: vat.as_str().to_owned(),
            amount: *amount,
        };
        let visits = quote.visits.iter().map(|visit| VisitView::of(visit, &offering.content));
        Self {
            offering_id: offering.id,
            municipality: offering.municipality.clone(),
            service: offering.service.clone(),
            unit: unit.as_str().to_owned(),
            total: quote.total,
            sums: quote.sums.iter().map(sum).collect(),
            visits: visits.collect(),
        }
    }
}

impl VisitView {
    fn of(visit: &VisitQuote<'_>, content: &OfferingContent) -> Self {
        Self {
            begins: visit.begins,
            ends: visit.ends,
            amount: visit.amount,
            parts: visit.parts.iter().map(|part| QuotePartView::of(part, content)).collect(),
        }
    }
}

impl QuotePartView {
    fn of(part: &QuotePart<'_>, content: &OfferingContent) -> Self {
        let PricedLine { in_words, .. } = PricedLine::of(part.rate, content, part.begins.date());
        let bands = stated_bands(content.table().divisions().on(part.begins.date()));
        let band = bands.into_iter().find(|band| band.code == *part.band);
        Self {
            begins: part.begins.format("%Y-%m-%dT%H:%M").to_string(),
            minutes: part.minutes,
            band: part.band.to_string(),
            band_name: band.map(|band| band.name.to_string()),
            price: part.rate.amount.money(),
            in_words,
            valid_from: part.rate.from,
            vat: part.rate.vat.as_str().to_owned(),
            amount: part.amount,
        }
    }
}
