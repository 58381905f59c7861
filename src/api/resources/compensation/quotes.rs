//! Quotes: the price of planned visits, split by band, exact to the øre.

use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
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
    },
    catalogue::Catalogue,
    domain::{
        compensation::{
            band::Clock,
            quote::{Quote, QuotePart, Visit, VisitQuote},
            rate::Unit,
            table::PriceTable,
        },
        error::DomainError,
        offering::content::Vat,
        validation::ValidationErrors,
        values::{money::Money, text::Code, time::parse_day},
    },
    json::{
        LocalTextForm, MoneyForm,
        compensation::{PricedLine, units, vats},
        each,
        offering::ContentForm,
        one_of,
        public::OfferingRecord,
    },
    register::AsOfView,
};

/// To price more visits than this takes long.
const MANY_VISITS: usize = 10;

/// A plan of visits, and the table that prices them: that of an offering, or of a municipality's service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = QuoteBody, example = json!({
    "municipality": "4204", "service": "personal-assistance",
    "visits": [{"date": "2026-05-16", "start": "22:30", "minutes": 180, "zone": "whole"}]
}))]
pub struct QuoteBody {
    /// The offering.
    offering_id: Option<uuid::Uuid>,
    /// The municipality's number, present or former, where no offering is named.
    #[schema(max_length = 4)]
    municipality: Option<String>,
    /// The code of the service, where no offering is named.
    #[schema(max_length = 60)]
    service: Option<String>,
    /// Unit: `hour` (default) or `visit`.
    #[schema(schema_with = units)]
    unit: Option<String>,
    /// The visits, 1 to 1000.
    #[schema(min_items = 1, max_items = 1000)]
    visits: Vec<VisitBody>,
}

/// A planned visit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Visit)]
pub struct VisitBody {
    /// The day on which it begins.
    #[schema(format = Date)]
    date: String,
    /// When it begins, by the clock on the wall.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    start: String,
    /// In the repeated hour at the end of summer time: begins in the second one.
    #[serde(default)]
    second_time: bool,
    /// Duration, a day at most.
    #[schema(minimum = 1, maximum = 1440)]
    minutes: u32,
    /// The code of the zone.
    #[schema(max_length = 60)]
    zone: String,
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
    total: MoneyForm,
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
    amount: MoneyForm,
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
    amount: MoneyForm,
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
    price: MoneyForm,
    /// The same in words.
    in_words: LocalTextForm,
    /// The first day of the applied line.
    #[schema(format = Date)]
    valid_from: String,
    /// How value added tax is treated.
    #[schema(schema_with = vats)]
    vat: String,
    /// Price of the part.
    amount: MoneyForm,
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
    let (unit, visits) = body.plan().map_err(DomainError::validation)?;
    let costs_much = visits.len() > MANY_VISITS;
    let quote = move |state: &AppState, as_of: AsOfView<'_>| {
        let offering = body.offering(as_of, &state.catalogue)?;
        let priced = offering.content.prices();
        let (table, _) = priced.ok_or_else(|| DomainError::not_found("published offering"))?;
        let quote = table.quote(unit, &visits).map_err(DomainError::validation)?;
        PublicAnswer::one(&QuoteView::of(&offering, unit, &quote), None)
    };
    state.public_read(&request, AsOf::default(), costs_much, quote).await
}

impl QuoteBody {
    fn plan(&self) -> Result<(Unit, Vec<Visit>), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let unit = match &self.unit {
            None => Some(Unit::Hour),
            Some(value) => f.collect("/unit", one_of(value, &Unit::ALL, Unit::as_str)),
        };
        if self.offering_id.is_none() {
            f.require("/municipality", self.municipality.as_ref());
            f.require("/service", self.service.as_ref());
        } else {
            let detail = "The offering determines this: omit it.";
            f.unexpected("/municipality", self.municipality.is_some(), detail);
            f.unexpected("/service", self.service.is_some(), detail);
        }
        // Visits beyond the maximum are reported by their number, not individually.
        let some = self.visits.get(..=PriceTable::MAX_VISITS).unwrap_or(&self.visits);
        let visits = each(f, "/visits", some, |f, at, visit| visit.read(f, at));
        errors.finish(unit.zip(visits))
    }

    fn offering(
        &self,
        as_of: AsOfView<'_>,
        catalogue: &Catalogue,
    ) -> Result<OfferingRecord, DomainError> {
        let found = match (self.offering_id, &self.municipality, &self.service) {
            (Some(id), ..) => as_of.offering(id),
            (None, Some(municipality), Some(service)) => {
                let known = catalogue.municipality(municipality);
                known.and_then(|(number, _)| as_of.offering_of(number.as_str(), service))
            }
            _ => None,
        };
        found.ok_or_else(|| DomainError::not_found("published offering"))
    }
}

impl VisitBody {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Visit> {
        let day = f.collect(&format!("{at}/date"), parse_day(&self.date));
        let start = f.collect(&format!("{at}/start"), Clock::parse(&self.start));
        let zone = f.collect(&format!("{at}/zone"), Code::parse(&self.zone));
        let (second_time, minutes) = (self.second_time, self.minutes);
        Some(Visit { day: day?, start: start?, second_time, minutes, zone: zone? })
    }
}

impl QuoteView {
    fn of(offering: &OfferingRecord, unit: Unit, quote: &Quote<'_>) -> Self {
        let sum = |(vat, amount): &(Vat, Money)| SumView {
            vat: vat.as_str().to_owned(),
            amount: (*amount).into(),
        };
        let visits = quote.visits.iter().map(|visit| VisitView::of(visit, &offering.content));
        Self {
            offering_id: offering.id,
            municipality: offering.municipality.clone(),
            service: offering.service.clone(),
            unit: unit.as_str().to_owned(),
            total: quote.total.into(),
            sums: quote.sums.iter().map(sum).collect(),
            visits: visits.collect(),
        }
    }
}

impl VisitView {
    fn of(visit: &VisitQuote<'_>, content: &ContentForm) -> Self {
        Self {
            begins: visit.begins,
            ends: visit.ends,
            amount: visit.amount.into(),
            parts: visit.parts.iter().map(|part| QuotePartView::of(part, content)).collect(),
        }
    }
}

impl QuotePartView {
    fn of(part: &QuotePart<'_>, content: &ContentForm) -> Self {
        let day = part.begins.date();
        let PricedLine { line, in_words, .. } = PricedLine::of(part.rate, content, day);
        let bands = content.compensation.as_ref().map(|it| it.bands_on(day)).unwrap_or_default();
        let band = bands.iter().find(|band| band.code == part.band.as_str());
        Self {
            begins: part.begins.format("%Y-%m-%dT%H:%M").to_string(),
            minutes: part.minutes,
            band: part.band.to_string(),
            band_name: band.map(|band| band.name.clone()),
            price: line.amount,
            in_words,
            valid_from: line.valid_from,
            vat: line.vat,
            amount: part.amount.into(),
        }
    }
}
