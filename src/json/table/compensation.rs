//! A row for each line of the price table.

use std::borrow::Cow;

use super::{Tabular, maybe, shown};
use crate::json::compensation::PricedLine;

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
        let (index, parts) = (line.index.as_ref(), line.parts.as_ref());
        vec![
            Cow::Borrowed(self.service.0),
            Cow::Borrowed(self.service.1),
            Cow::Borrowed(&line.unit),
            maybe(line.band.as_ref()),
            maybe(band_name.as_ref()),
            Cow::Borrowed(self.municipality.0),
            Cow::Borrowed(self.municipality.1),
            maybe(line.zone.as_ref()),
            maybe(zone_name.as_ref()),
            Cow::Borrowed(&line.amount.amount),
            Cow::Borrowed(&line.amount.currency),
            Cow::Borrowed(&line.vat),
            Cow::Borrowed(&line.valid_from),
            maybe(line.valid_to.as_ref()),
            maybe(in_words.nb.as_ref()),
            Cow::Borrowed(self.settlement),
            maybe(index.map(|it| &it.name)),
            maybe(index.map(|it| &it.base_month)),
            maybe(index.map(|it| &it.share)),
            maybe(parts.map(|it| &it.wage.amount)),
            maybe(parts.map(|it| &it.overhead.amount)),
            maybe(line.note.as_ref()),
            shown(Some(self.offering)),
        ]
    }
}
