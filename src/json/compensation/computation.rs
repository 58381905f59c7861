//! Computation of an index adjustment, so that anyone can repeat it.

use serde::Serializer;
use serde_json::Value;

use super::super::form::{ConvertedForm, Form, Schema};
use crate::domain::{
    compensation::{
        index::{Computation, IndexRule, Month},
        number::Ratio,
        step::Step,
    },
    message::prices,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{money::Price, text::Text},
};

/// Computation of an index adjustment. It is repeated on every read, so it always matches the amount.
#[derive(Debug, Form)]
#[form(name = "IndexComputation", closed)]
pub struct ComputationFields {
    /// The rule that was followed.
    rule: IndexRule,
    /// The month that the amount was adjusted to.
    month: Month,
    /// The figure of the base month.
    base_figure: Ratio,
    /// The figure of the month.
    figure: Ratio,
    /// The amount before.
    before: Price,
    /// Every step, in order.
    #[form(max_items = 20)]
    steps: Vec<StepFields>,
}

/// One step of a calculation.
#[derive(Debug, PartialEq, Eq, Form)]
#[form(name = "IndexStep", closed, example({
    "name": "index-factor", "formula": "121.3 / 118", "exact": "1213/1180"
}))]
struct StepFields {
    /// The computation.
    name: StepText<60>,
    /// The formula with its numbers.
    formula: StepText<1000>,
    /// The exact result: a decimal number, or a fraction if it needs more than six decimals.
    exact: StepText<100>,
}

/// A text that the registry computes, and compares with the one that it reads.
#[derive(Debug, PartialEq, Eq)]
struct StepText<const MAX: usize>(String);

impl<const MAX: usize> Form for StepText<MAX> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        <Text<MAX> as Form>::parse(value, at, errors).map(|text| Self(text.to_string()))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }

    fn schema() -> Schema {
        <Text<MAX> as Form>::schema()
    }
}

impl From<&Step> for StepFields {
    fn from(step: &Step) -> Self {
        Self {
            name: StepText(step.name.to_owned()),
            formula: StepText(step.formula.clone()),
            exact: StepText(step.exact.to_string()),
        }
    }
}

impl ConvertedForm for Computation {
    type Fields = ComputationFields;

    fn to_fields(&self) -> ComputationFields {
        ComputationFields {
            rule: self.rule.clone(),
            month: self.month,
            base_figure: self.base_figure,
            figure: self.figure,
            before: self.before,
            steps: self.steps.iter().map(Into::into).collect(),
        }
    }

    fn from_fields(
        fields: ComputationFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        let ComputationFields { rule, month, base_figure, figure, before, steps } = fields;
        let computed = Self::of(before, rule, month, (base_figure, figure));
        let computed = errors.collect(at, computed)?;
        if !computed.steps.iter().map(StepFields::from).eq(steps) {
            errors.add(at, other_amount());
            return None;
        }
        Some(computed)
    }
}

pub(super) fn other_amount() -> ValueError {
    prices::computation_differs()
}
