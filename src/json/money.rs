//! The JSON form of an amount of money.

use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    form::{
        ConvertedForm, Form, Schema,
        scalars::{keyword_forms, string},
        serde_bridge::serde_by_form,
    },
    words,
};
use crate::domain::{
    keywords,
    validation::ValidationErrors,
    value_error::ValueError,
    values::money::{Money, Price},
};

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Money, example = json!({"amount": "814.00", "currency": "NOK"}))]
pub struct MoneyForm {
    /// Kroner and øre as a decimal text.
    #[schema(max_length = 13, pattern = r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$")]
    pub amount: String,
    /// Always NOK.
    #[schema(schema_with = currencies)]
    pub currency: String,
}

pub(super) fn currencies() -> Object {
    words("Always NOK.", [NOK])
}

const NOK: &str = "NOK";

impl MoneyForm {
    /// The price, above zero.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Price> {
        self.read_as(f, at, Price::parse)
    }

    /// The amount, from zero up.
    pub fn read_amount(&self, f: &mut ValidationErrors, at: &str) -> Option<Money> {
        self.read_as(f, at, Money::parse)
    }

    fn read_as<T>(
        &self,
        f: &mut ValidationErrors,
        at: &str,
        parse: fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        if self.currency != NOK {
            f.add(
                format!("{at}/currency"),
                ValueError::new("unknown-value", "Amounts are in NOK."),
            );
        }
        f.collect(&format!("{at}/amount"), parse(&self.amount))
    }
}

impl From<Money> for MoneyForm {
    fn from(money: Money) -> Self {
        Self { amount: money.to_string(), currency: NOK.to_owned() }
    }
}

impl From<&Price> for MoneyForm {
    fn from(price: &Price) -> Self {
        price.money().into()
    }
}

keywords! {
    /// The one currency.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Currency {
        Nok = "NOK",
    }
}

/// A decimal number as it is written.
#[derive(Debug)]
pub struct Decimal(String);

impl Form for Decimal {
    fn parse(value: &serde_json::Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        String::parse(value, at, errors).map(Self)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }

    fn schema() -> Schema {
        let pattern = r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$";
        Schema::T(string().max_length(Some(13)).pattern(Some(pattern)).build().into())
    }
}

keyword_forms!(Currency);
serde_by_form!(Money, Price);

/// An amount of money.
#[derive(Debug, Form)]
#[form(name = "Money", closed, example({"amount": "814.00", "currency": "NOK"}))]
pub struct MoneyFields {
    /// Kroner and øre as a decimal text.
    amount: Decimal,
    /// Always NOK.
    currency: Currency,
}

impl From<Money> for MoneyFields {
    fn from(money: Money) -> Self {
        Self { amount: Decimal(money.to_string()), currency: Currency::Nok }
    }
}

/// From zero up.
impl ConvertedForm for Money {
    type Fields = MoneyFields;

    fn to_fields(&self) -> MoneyFields {
        (*self).into()
    }

    fn from_fields(fields: MoneyFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        errors.collect(&format!("{at}/amount"), Self::parse(&fields.amount.0))
    }
}

/// Above zero.
impl ConvertedForm for Price {
    type Fields = MoneyFields;

    fn to_fields(&self) -> MoneyFields {
        self.money().into()
    }

    fn from_fields(fields: MoneyFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        errors.collect(&format!("{at}/amount"), Self::parse(&fields.amount.0))
    }
}
