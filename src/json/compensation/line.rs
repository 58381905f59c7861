//! One line of the price table.

use chrono::NaiveDate;
use serde::Serializer;
use serde_json::Value;

use super::super::form::{
    Components, ConvertedForm, Form, Schema, form, serde_bridge::serde_by_form,
};
use crate::domain::{
    compensation::{
        index::{Computation, IndexRule, Month},
        number::Share,
        rate::{Rate, RateBasis, RateKey, RateParts, Unit},
    },
    message::fields,
    offering::content::Vat,
    validation::ValidationErrors,
    values::{
        money::{Money, Price},
        text::{Code, Line, Note},
    },
};

serde_by_form!(Rate);

form! {
    /// Key of a line.
    struct RateKey {
        /// Unit.
        unit: Unit,
        /// In one band; absent for all.
        band: Option<Code>,
        /// In one zone; absent for all.
        zone: Option<Code>,
    }
}

form! {
    /// How a line follows an index.
    #[form(name = "IndexRule", closed, example({
        "name": "Kommunal deflator", "baseMonth": "2026-01", "share": "0.85"
    }))]
    struct IndexRule {
        /// The index.
        name: Line,
        /// The base month of the amount.
        #[form(name = "baseMonth")]
        base: Month,
        /// How much of the amount follows, from 0 to 1; the rest stays.
        share: Share,
    }
}

/// Parts of an amount.
#[derive(Debug, Form)]
#[form(name = "AmountParts", closed)]
pub(super) struct PartsFields {
    /// Payment for work.
    wage: Money,
    /// Payment for other costs; both parts add up to the amount.
    overhead: Money,
}

/// One line of the price table. An amount that was once in force is never edited: a new line closes the old.
#[derive(Debug, Form)]
#[form(name = "CompensationLine", closed, example({
    "unit": "hour", "amount": {"amount": "814.00", "currency": "NOK"}, "vat": "exempt", "validFrom": "2026-01-01"
}))]
pub struct RateFields {
    #[form(flatten)]
    key: RateKey,
    /// The price, above zero.
    amount: Price,
    /// How value added tax is treated.
    vat: Vat,
    /// First day.
    valid_from: NaiveDate,
    /// Last day; absent while it is open.
    valid_to: Option<NaiveDate>,
    /// How it follows an index.
    index: Option<IndexRule>,
    /// Parts of the amount.
    parts: Option<PartsFields>,
    /// How the amount was reckoned.
    note: Option<Note>,
    /// Computation by an index adjustment, instead of `parts` and `note`.
    computation: Option<Computation>,
}

/// A line without a computation: only an index adjustment makes one.
#[derive(Debug)]
pub struct StatedRate(pub Rate);

impl Form for StatedRate {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        if value.get("computation").is_some() {
            let detail = fields::unexpected_computation();
            errors.unexpected(format!("{at}/computation"), true, detail);
            return None;
        }
        Rate::parse(value, at, errors).map(Self)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }

    fn schema() -> Schema {
        Rate::schema()
    }

    fn components(components: &mut Components) {
        <Rate as Form>::components(components);
    }
}

/// The price table checks it against the other lines.
impl ConvertedForm for Rate {
    type Fields = RateFields;

    fn to_fields(&self) -> RateFields {
        let rate = self.clone();
        let (parts, note, computation) = match rate.basis {
            RateBasis::Stated { parts, note } => (parts, note, None),
            RateBasis::Indexed(computation) => (None, None, Some(*computation)),
        };
        RateFields {
            key: rate.key,
            amount: rate.amount,
            vat: rate.vat,
            valid_from: rate.from,
            valid_to: rate.to,
            index: rate.index,
            parts: parts.map(|it| PartsFields { wage: it.wage(), overhead: it.overhead() }),
            note,
            computation,
        }
    }

    fn from_fields(fields: RateFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let RateFields { key, amount, vat, valid_from, valid_to, index, .. } = fields;
        let basis = match fields.computation {
            None => RateBasis::Stated {
                parts: match fields.parts {
                    None => None,
                    Some(PartsFields { wage, overhead }) => {
                        let parts = RateParts::new(wage, overhead, amount);
                        Some(errors.collect(&format!("{at}/parts"), parts)?)
                    }
                },
                note: fields.note,
            },
            Some(computation) => {
                let both = [("parts", fields.parts.is_some()), ("note", fields.note.is_some())];
                for (field, is_there) in both {
                    let detail = fields::unexpected_computed();
                    errors.unexpected(format!("{at}/{field}"), is_there, detail);
                }
                if computation.after != amount {
                    let at = format!("{at}/computation");
                    errors.add(at, super::computation::other_amount());
                    return None;
                }
                RateBasis::Indexed(Box::new(computation))
            }
        };
        Some(Self { key, amount, vat, from: valid_from, to: valid_to, index, basis })
    }
}
