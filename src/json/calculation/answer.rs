//! Result of a calculation, with every step.

use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::step_text::StepText;
use crate::{
    domain::{
        compensation::{consequence::YearlyEffect, step::Step, unit_cost::HourPrice},
        value_error::ValueError,
        values::{money::Money, text::LocalText},
    },
    json::{money, words},
};

/// The calculation.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalculationAnswer {
    /// The hourly price, if requested.
    pub(super) unit_cost: Option<HourPriceForm>,
    /// The annual cost of free choice, if requested.
    pub(super) consequence: Option<ConsequenceAnswer>,
}

/// The price of an hour, with its calculation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HourPrice)]
pub struct HourPriceForm {
    /// The price in whole kroner.
    price: ComputedMoney,
    /// The overhead in it, in whole kroner.
    add_on: ComputedMoney,
    /// Every step, in order.
    steps: Vec<CalculationStepForm>,
}

/// Annual result.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Consequence)]
pub struct ConsequenceAnswer {
    /// Hours that go to private providers, exact; not rounded to whole hours.
    private_hours: String,
    /// Difference between the price and the own cost of an hour.
    add_on: ComputedMoney,
    /// The add-on for all private hours.
    cost: ComputedMoney,
    /// The same with the price that is compared with.
    comparison_cost: Option<ComputedMoney>,
    /// Additional cost at the compared price.
    difference: Option<ComputedMoney>,
    /// The cost with administration.
    total: ComputedMoney,
    /// Hours for one user in a year, to two decimals.
    hours_per_user: Option<String>,
    /// Every step, in order.
    steps: Vec<CalculationStepForm>,
}

/// An amount that was computed: below zero where something is saved.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"amount": "-16.00", "currency": "NOK"}))]
pub struct ComputedMoney {
    /// Kroner and øre as a decimal text.
    #[schema(max_length = 21, pattern = r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$")]
    amount: String,
    /// Always NOK.
    #[schema(schema_with = money::currencies)]
    currency: &'static str,
}

/// One step: name, formula and result.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CalculationStep, example = json!({
    "name": "exact-price", "words": {"nb": "Grunnlaget delt på én minus andelen til overhead"},
    "formula": "716 / (1 − 0.12)", "unit": "kroner", "exact": "8950/11", "rounded": "813.64"
}))]
pub struct CalculationStepForm {
    /// Its name; never changes.
    name: &'static str,
    /// The formula in words.
    words: LocalText,
    /// The formula with its numbers; omitted if a value is taken as it was sent.
    #[serde(skip_serializing_if = "String::is_empty")]
    formula: String,
    /// Unit of the result.
    #[schema(schema_with = units)]
    unit: &'static str,
    /// The exact result: a decimal string, or a fraction such as `8950/11` if it needs more than six decimals.
    exact: String,
    /// The same to two decimals, half away from zero; later steps use the exact one.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$")]
    rounded: String,
}

impl HourPriceForm {
    /// The displayed price. Error: `number-too-large`.
    pub(super) fn of(hour: &HourPrice) -> Result<Self, ValueError> {
        Ok(Self {
            price: hour.price.money().into(),
            add_on: hour.add_on.into(),
            steps: steps(&hour.steps)?,
        })
    }
}

impl ConsequenceAnswer {
    /// The displayed year. Error: `number-too-large`.
    pub(super) fn of(year: &YearlyEffect) -> Result<Self, ValueError> {
        Ok(Self {
            private_hours: year.private_hours.to_string(),
            add_on: year.add_on.into(),
            cost: year.cost.into(),
            comparison_cost: year.comparison_cost.map(Into::into),
            difference: year.difference.map(Into::into),
            total: year.total.into(),
            hours_per_user: year.hours_per_user.map(|hours| hours.decimals(2)).transpose()?,
            steps: steps(&year.steps)?,
        })
    }
}

impl From<Money> for ComputedMoney {
    fn from(money: Money) -> Self {
        Self { amount: money.to_string(), currency: "NOK" }
    }
}

fn steps<N: StepText>(steps: &[Step<N>]) -> Result<Vec<CalculationStepForm>, ValueError> {
    let view = |step: &Step<N>| {
        let [nb, nn, en] = step.name.words();
        Ok(CalculationStepForm {
            name: step.name.name(),
            words: LocalText::of_registry(nb, nn, en),
            formula: step.formula.clone(),
            unit: step.name.unit(),
            exact: step.exact.to_string(),
            rounded: step.exact.decimals(2)?,
        })
    };
    steps.iter().map(view).collect()
}

fn units() -> Object {
    words("Unit of the result.", [super::step_text::KRONER, super::step_text::HOURS])
}
