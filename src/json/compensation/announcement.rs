//! An editor's announcement of prices, and its result.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CompensationForm, CompensationLineForm, ComputationForm, LaterBandsForm, units};
use crate::{
    domain::{
        compensation::{
            index::{Adjusted, Adjustment, Month},
            number::Ratio,
            rate::{Rate, RateKey, Unit},
            table::{Publication, Published},
        },
        offering::announcement::{Announced, Announcement},
        validation::ValidationErrors,
        values::{
            text::{Code, Line},
            time::parse_day,
        },
    },
    json::{each, form::serde_bridge::object_by_serde, one_of},
};

object_by_serde!(AnnouncementBody, IndexAdjustmentBody);
object_by_serde!(write_only AnnouncementForm);

/// An editor's announcement of prices. New lines begin after today, and close the lines they replace on the day
/// before.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CompensationAnnouncementBody, example = json!({"lines": [{
    "unit": "hour", "amount": {"amount": "849.00", "currency": "NOK"}, "vat": "exempt", "validFrom": "2027-01-01"
}]}))]
pub struct AnnouncementBody {
    /// New lines.
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub lines: Vec<CompensationLineForm>,
    /// Lines that were announced and have not begun: they fall away.
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub withdrawn: Vec<WithdrawnLineForm>,
    /// Other bands from a day on, instead of all that are announced for that day or later.
    pub bands: Option<LaterBandsForm>,
}

/// A line that has not begun.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WithdrawnLine, example = json!({"unit": "hour", "validFrom": "2027-01-01"}))]
pub struct WithdrawnLineForm {
    /// Unit.
    #[schema(schema_with = units)]
    pub unit: String,
    /// Its band; absent for all.
    #[schema(max_length = 60)]
    pub band: Option<String>,
    /// Its zone; absent for all.
    #[schema(max_length = 60)]
    pub zone: Option<String>,
    /// Its first day.
    #[schema(format = Date)]
    pub valid_from: String,
}

/// An adjustment by an index. It concerns every line that follows the index and runs on from that day.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IndexAdjustmentBody, example = json!({
    "index": "Kommunal deflator", "month": "2027-01", "figures": {"2026-01": "118", "2027-01": "121.3"}, "from": "2027-01-01"
}))]
pub struct IndexAdjustmentBody {
    /// The index, as the lines name it.
    #[schema(required, min_length = 1, max_length = 200)]
    pub index: Option<String>,
    /// The month to adjust to.
    #[schema(required, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub month: Option<String>,
    /// The figures by month: of that month, and of every base month of the lines.
    #[serde(default)]
    #[schema(required)]
    pub figures: BTreeMap<String, String>,
    /// The first day of the new amounts, after today.
    #[schema(required, format = Date)]
    pub from: Option<String>,
}

/// When prices were announced last under the version in force, and from which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompensationAnnounced, example = json!({"at": "2026-11-02T09:00:00Z", "from": "2027-01-01"}))]
pub struct AnnouncedForm {
    /// When they were announced.
    pub at: DateTime<Utc>,
    /// The first day on which a price is another.
    pub from: NaiveDate,
}

/// Result of an announcement.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompensationAnnouncement)]
pub struct AnnouncementForm {
    /// The offering's id.
    pub offering_id: uuid::Uuid,
    /// When, and from which day.
    #[serde(flatten)]
    pub announced: AnnouncedForm,
    /// Lines that are new.
    pub added: Vec<CompensationLineForm>,
    /// Lines that have got another last day.
    pub closed: Vec<CompensationLineForm>,
    /// Lines that fell away before they began.
    pub withdrawn: Vec<CompensationLineForm>,
    /// An index adjustment: each line that follows the index, and how it was reckoned.
    pub adjusted: Option<Vec<AdjustedLineForm>>,
}

/// Effect of an index adjustment on one line.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdjustedLine)]
pub struct AdjustedLineForm {
    /// The line before.
    pub before: CompensationLineForm,
    /// How the new amount was reckoned.
    pub computation: ComputationForm,
    /// The line that takes over; absent where the rounded amount is the same, so that the line stays as it is.
    pub after: Option<CompensationLineForm>,
}

impl AnnouncementBody {
    /// The announcement.
    pub fn read(&self) -> Result<Publication, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let rates = each(f, "/lines", &self.lines, |f, at, line| {
            let detail = "Only an index adjustment has a computation: leave it out.";
            f.unexpected(format!("{at}/computation"), line.computation.is_some(), detail);
            line.read(f, at)
        });
        let withdrawn = each(f, "/withdrawn", &self.withdrawn, |f, at, line| line.read(f, at));
        let bands = self.bands.as_ref().map(|form| {
            let from = f.collect("/bands/from", parse_day(&form.from));
            from.zip(form.read(f, "/bands"))
        });
        let bands = bands.flatten();
        let read = rates.zip(withdrawn);
        errors.finish(read.map(|(rates, withdrawn)| Publication { withdrawn, rates, bands }))
    }
}

impl WithdrawnLineForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<(RateKey, NaiveDate)> {
        let unit = f.collect(&format!("{at}/unit"), one_of(&self.unit, &Unit::ALL, Unit::as_str));
        let band = f.parse_optional(&format!("{at}/band"), self.band.as_ref(), Code::parse);
        let zone = f.parse_optional(&format!("{at}/zone"), self.zone.as_ref(), Code::parse);
        let from = f.collect(&format!("{at}/validFrom"), parse_day(&self.valid_from));
        Some((RateKey { unit: unit?, zone, band }, from?))
    }
}

impl IndexAdjustmentBody {
    /// The adjustment.
    pub fn read(&self) -> Result<Adjustment, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let name = f.parse("/index", self.index.as_ref(), Line::parse);
        let month = f.parse("/month", self.month.as_ref(), Month::parse);
        let from = f.parse("/from", self.from.as_ref(), parse_day);
        let figures = self.figures.iter().filter_map(|(month, figure)| {
            let at = format!("/figures/{month}");
            let month = f.collect(&at, Month::parse(month));
            let figure = f.collect(&at, Ratio::parse(figure));
            month.zip(figure)
        });
        let figures = figures.collect();
        let read = name.zip(month).zip(from);
        errors.finish(read.map(|((name, month), from)| Adjustment { name, month, figures, from }))
    }
}

impl CompensationForm {
    /// The same after an announcement: its table, with the bands that were announced.
    #[must_use]
    pub fn after(&self, published: &Published, bands: Option<LaterBandsForm>) -> Self {
        let mut after = Self { lines: lines(published.table.rates()), ..self.clone() };
        if let Some(bands) = bands {
            // Days are written so that they sort as they pass.
            after.later_bands.retain(|earlier| earlier.from < bands.from);
            after.later_bands.push(bands);
        }
        after
    }
}

impl AnnouncementForm {
    /// Effect of an announcement on an offering's table.
    #[must_use]
    pub fn of(
        offering_id: uuid::Uuid,
        announcement: &Announcement,
        adjusted: Option<&[Adjusted]>,
    ) -> Self {
        let Announcement { announced, published } = announcement;
        Self {
            offering_id,
            announced: (*announced).into(),
            added: lines(&published.added),
            closed: lines(&published.closed),
            withdrawn: lines(&published.withdrawn),
            adjusted: adjusted.map(|all| all.iter().map(Into::into).collect()),
        }
    }
}

impl From<Announced> for AnnouncedForm {
    fn from(announced: Announced) -> Self {
        Self { at: announced.at, from: announced.from }
    }
}

impl From<&Adjusted> for AdjustedLineForm {
    fn from(adjusted: &Adjusted) -> Self {
        Self {
            before: (&adjusted.before).into(),
            computation: (&adjusted.computation).into(),
            after: adjusted.after.as_ref().map(Into::into),
        }
    }
}

fn lines(rates: &[Rate]) -> Vec<CompensationLineForm> {
    rates.iter().map(Into::into).collect()
}
