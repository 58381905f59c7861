//! A row for each line of the price table.

use std::borrow::Cow;

use super::{Tabular, cell, maybe};
use crate::{
    domain::compensation::rate::{RateBasis, RateParts},
    json::compensation::PricedLine,
};

/// A line of the price table over the country.
#[derive(Debug)]
pub struct PriceRow<'a> {
    /// Number and name.
    pub municipality: (&'a str, &'a str),
    /// Code and name.
    pub service: (&'a str, &'a str),
    /// The offering's id.
    pub offering: uuid::Uuid,
    /// Basis of the payment.
    pub settlement: &'a str,
    /// The line.
    pub line: &'a PricedLine,
}

impl Tabular for PriceRow<'_> {
    fn columns() -> Vec<&'static str> {
        vec![
            "service",
            "serviceName",
            "unit",
            "band",
            "bandName",
            "municipality",
            "municipalityName",
            "zone",
            "zoneName",
            "amount",
            "currency",
            "vat",
            "validFrom",
            "validTo",
            "inWords",
            "settlement",
            "indexName",
            "indexBaseMonth",
            "indexShare",
            "wagePart",
            "overheadPart",
            "note",
            "offeringId",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let PricedLine { line, band_name, zone_name, in_words } = self.line;
        let index = line.index.as_ref();
        let (parts, note) = match &line.basis {
            RateBasis::Stated { parts, note } => (*parts, note.as_ref()),
            RateBasis::Indexed(_) => (None, None),
        };
        vec![
            Cow::Borrowed(self.service.0),
            Cow::Borrowed(self.service.1),
            Cow::Borrowed(line.key.unit.as_str()),
            maybe(line.key.band.as_ref()),
            maybe(band_name.as_ref()),
            Cow::Borrowed(self.municipality.0),
            Cow::Borrowed(self.municipality.1),
            maybe(line.key.zone.as_ref()),
            maybe(zone_name.as_ref()),
            cell(Some(line.amount.money())),
            Cow::Borrowed("NOK"),
            Cow::Borrowed(line.vat.as_str()),
            cell(Some(line.from)),
            cell(line.to),
            Cow::Borrowed(in_words.in_form(false)),
            Cow::Borrowed(self.settlement),
            maybe(index.map(|it| &it.name)),
            cell(index.map(|it| it.base)),
            cell(index.map(|it| it.share)),
            cell(parts.map(RateParts::wage)),
            cell(parts.map(RateParts::overhead)),
            maybe(note),
            cell(Some(self.offering)),
        ]
    }
}
