//! Compensation on a page: lines in force and announced, hours, and payments beside them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{compensation::band::Band, offering::content::OfferingContent},
    json::compensation::{ExtraInWords, PricedLine, stated_bands},
};

/// Payments beside the rates, or their explicit absence.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageExtras {
    /// An alarm or a call outside the plan.
    pub call_out: ExtraInWords,
    /// The user is absent.
    pub wasted_trip: ExtraInWords,
    /// Being ready.
    pub stand_by: ExtraInWords,
}

/// The prices of a page.
pub(super) struct PagePrices {
    pub(super) in_force: Vec<PricedLine>,
    pub(super) announced: Vec<PricedLine>,
    pub(super) bands: Vec<Band>,
    pub(super) extras: PageExtras,
}

impl PagePrices {
    /// Lines in force on a day, and later ones.
    pub(super) fn on(day: NaiveDate, content: &OfferingContent) -> Self {
        let (table, extras) = (content.table(), content.extras());
        let mut later: Vec<_> = table.rates().iter().filter(|rate| rate.from > day).collect();
        later.sort_by_key(|rate| rate.from);
        Self {
            in_force: table.on(day).map(|rate| PricedLine::of(rate, content, day)).collect(),
            announced: later.into_iter().map(|it| PricedLine::of(it, content, day)).collect(),
            bands: stated_bands(table.divisions().on(day)),
            extras: PageExtras {
                call_out: extras.call_out().into(),
                wasted_trip: extras.wasted_trip().into(),
                stand_by: extras.stand_by().into(),
            },
        }
    }
}
