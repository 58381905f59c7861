//! The JSON form of an amount of money.

use utoipa::openapi::schema::Object;

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
    values::money::{Money, Price},
};

pub(super) fn currencies() -> Object {
    words("Always NOK.", Currency::ALL.map(Currency::as_str))
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
