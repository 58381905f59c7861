//! The JSON form of an amount of money.

use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::words;
use crate::domain::{
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
