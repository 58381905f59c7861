//! One line of the price table.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ComputationForm, units, vats};
use crate::{
    domain::{
        compensation::{
            index::{IndexRule, Month},
            number::Share,
            rate::{Rate, RateBasis, RateKey, RateParts, Unit},
        },
        offering::content::Vat,
        validation::ValidationErrors,
        values::{
            money::{Money, Price},
            text::{Code, Line, Note},
            time::parse_day,
        },
    },
    json::{MoneyForm, one_of},
};

/// One line of the price table. An amount that was once in force is never edited: a new line closes the old.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CompensationLine, example = json!({
    "unit": "hour", "amount": {"amount": "814.00", "currency": "NOK"}, "vat": "exempt", "validFrom": "2026-01-01"
}))]
pub struct CompensationLineForm {
    /// Unit.
    #[schema(schema_with = units)]
    pub unit: String,
    /// In one band; absent for all.
    #[schema(max_length = 60)]
    pub band: Option<String>,
    /// In one zone; absent for all.
    #[schema(max_length = 60)]
    pub zone: Option<String>,
    /// The price, above zero.
    pub amount: MoneyForm,
    /// How value added tax is treated.
    #[schema(schema_with = vats)]
    pub vat: String,
    /// First day.
    #[schema(format = Date)]
    pub valid_from: String,
    /// Last day; absent while it is open.
    #[schema(format = Date)]
    pub valid_to: Option<String>,
    /// How it follows an index.
    pub index: Option<IndexRuleForm>,
    /// Parts of the amount.
    pub parts: Option<PartsForm>,
    /// How the amount was reckoned.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
    /// Computation by an index adjustment, instead of `parts` and `note`.
    pub computation: Option<ComputationForm>,
}

/// How a line follows an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IndexRule, example = json!({"name": "Kommunal deflator", "baseMonth": "2026-01", "share": "0.85"}))]
pub struct IndexRuleForm {
    /// The index.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The base month of the amount.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub base_month: String,
    /// How much of the amount follows, from 0 to 1; the rest stays.
    #[schema(max_length = 8)]
    pub share: String,
}

/// Parts of an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AmountParts)]
pub struct PartsForm {
    /// Payment for work.
    pub wage: MoneyForm,
    /// Payment for other costs; both parts add up to the amount.
    pub overhead: MoneyForm,
}

/// Unit, zone, band, first day and amount of a line.
pub type Identity<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a str, Option<Money>);

impl IndexRuleForm {
    pub(super) fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<IndexRule> {
        let name = f.collect(&format!("{at}/name"), Line::parse(&self.name));
        let base = f.collect(&format!("{at}/baseMonth"), Month::parse(&self.base_month));
        let share = f.collect(&format!("{at}/share"), Share::parse(&self.share));
        Some(IndexRule { name: name?, base: base?, share: share? })
    }
}

impl From<&IndexRule> for IndexRuleForm {
    fn from(rule: &IndexRule) -> Self {
        Self {
            name: rule.name.to_string(),
            base_month: rule.base.to_string(),
            share: rule.share.to_string(),
        }
    }
}

impl PartsForm {
    fn read(&self, f: &mut ValidationErrors, at: &str, amount: Option<Price>) -> Option<RateParts> {
        let wage = self.wage.read_amount(f, &format!("{at}/wage"));
        let overhead = self.overhead.read_amount(f, &format!("{at}/overhead"));
        f.collect(at, RateParts::new(wage?, overhead?, amount?))
    }
}

impl CompensationLineForm {
    /// The rate; the table checks it against the others.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Rate> {
        let unit = f.collect(&format!("{at}/unit"), one_of(&self.unit, &Unit::ALL, Unit::as_str));
        let band = f.parse_optional(&format!("{at}/band"), self.band.as_ref(), Code::parse);
        let zone = f.parse_optional(&format!("{at}/zone"), self.zone.as_ref(), Code::parse);
        let amount = self.amount.read(f, &format!("{at}/amount"));
        let vat = f.collect(&format!("{at}/vat"), one_of(&self.vat, &Vat::ALL, Vat::as_str));
        let from = f.collect(&format!("{at}/validFrom"), parse_day(&self.valid_from));
        let to = f.parse_optional(&format!("{at}/validTo"), self.valid_to.as_ref(), parse_day);
        let index = match &self.index {
            None => None,
            Some(form) => Some(form.read(f, &format!("{at}/index"))?),
        };
        let basis = self.basis(f, at, amount);
        Some(Rate {
            key: RateKey { unit: unit?, zone, band },
            amount: amount?,
            vat: vat?,
            from: from?,
            to,
            index,
            basis: basis?,
        })
    }

    fn basis(
        &self,
        f: &mut ValidationErrors,
        at: &str,
        amount: Option<Price>,
    ) -> Option<RateBasis> {
        let note = f.parse_optional(&format!("{at}/note"), self.note.as_ref(), Note::parse);
        let parts = self.parts.as_ref().map(|it| it.read(f, &format!("{at}/parts"), amount));
        let Some(computation) = &self.computation else {
            let parts = match parts {
                None => None,
                Some(parts) => Some(parts?),
            };
            return Some(RateBasis::Stated { parts, note });
        };
        for (field, is_there) in [("parts", parts.is_some()), ("note", note.is_some())] {
            let detail = "The computation determines the origin of the amount: omit this field.";
            f.unexpected(format!("{at}/{field}"), is_there, detail);
        }
        let computation = computation.read(f, &format!("{at}/computation"), amount?)?;
        Some(RateBasis::Indexed(Box::new(computation)))
    }
}

impl CompensationLineForm {
    /// Whether it is in force on a day. Days are written so that they sort as they pass.
    #[must_use]
    pub fn is_valid_on(&self, day: &str) -> bool {
        self.valid_from.as_str() <= day
            && self.valid_to.as_ref().is_none_or(|end| day <= end.as_str())
    }

    /// Identity of the line: key, first day, and amount.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        let Self { unit, zone, band, valid_from, amount, .. } = self;
        let amount = Money::parse(&amount.amount).ok();
        (unit, zone.as_deref(), band.as_deref(), valid_from, amount)
    }
}

impl From<&Rate> for CompensationLineForm {
    fn from(rate: &Rate) -> Self {
        let code = |code: &Option<Code>| code.as_ref().map(ToString::to_string);
        let (parts, note, computation) = match &rate.basis {
            RateBasis::Stated { parts, note } => (*parts, note.as_ref(), None),
            RateBasis::Indexed(computation) => (None, None, Some(&**computation)),
        };
        Self {
            unit: rate.key.unit.as_str().to_owned(),
            band: code(&rate.key.band),
            zone: code(&rate.key.zone),
            amount: rate.amount.money().into(),
            vat: rate.vat.as_str().to_owned(),
            valid_from: rate.from.to_string(),
            valid_to: rate.to.map(|day| day.to_string()),
            index: rate.index.as_ref().map(Into::into),
            parts: parts.map(|parts| PartsForm {
                wage: parts.wage().into(),
                overhead: parts.overhead().into(),
            }),
            note: note.map(ToString::to_string),
            computation: computation.map(Into::into),
        }
    }
}
