//! Computation of an index adjustment, so that anyone can repeat it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::IndexRuleForm;
use crate::{
    domain::{
        compensation::{
            index::{Computation, Month},
            number::Ratio,
            step::Step,
        },
        validation::ValidationErrors,
        value_error::ValueError,
        values::money::Price,
    },
    json::MoneyForm,
};

/// Computation of an index adjustment. It is repeated on every read, so it always matches the amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IndexComputation)]
pub struct ComputationForm {
    /// The rule that was followed.
    pub rule: IndexRuleForm,
    /// The month that the amount was adjusted to.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub month: String,
    /// The figure of the base month.
    #[schema(max_length = 20)]
    pub base_figure: String,
    /// The figure of the month.
    #[schema(max_length = 20)]
    pub figure: String,
    /// The amount before.
    pub before: MoneyForm,
    /// Every step, in order.
    #[schema(max_items = 20)]
    pub steps: Vec<IndexStepForm>,
}

/// One step of a calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IndexStep, example = json!({"name": "index-factor", "formula": "121.3 / 118", "exact": "1213/1180"}))]
pub struct IndexStepForm {
    /// The computation.
    #[schema(max_length = 60)]
    pub name: String,
    /// The formula with its numbers.
    #[schema(max_length = 1000)]
    pub formula: String,
    /// The exact result: a decimal number, or a fraction if it needs more than six decimals.
    #[schema(max_length = 100)]
    pub exact: String,
}

impl ComputationForm {
    /// The computation, which must yield the stated amount.
    pub(super) fn read(
        &self,
        f: &mut ValidationErrors,
        at: &str,
        amount: Price,
    ) -> Option<Computation> {
        let rule = self.rule.read(f, &format!("{at}/rule"));
        let month = f.collect(&format!("{at}/month"), Month::parse(&self.month));
        let base = f.collect(&format!("{at}/baseFigure"), Ratio::parse(&self.base_figure));
        let figure = f.collect(&format!("{at}/figure"), Ratio::parse(&self.figure));
        let before = self.before.read(f, &format!("{at}/before"));
        let computed = Computation::of(before?, rule?, month?, (base?, figure?));
        let computed = f.collect(at, computed)?;
        if computed.after != amount || Self::from(&computed).steps != self.steps {
            let detail = "The computation does not lead to the amount by these steps.";
            f.add(at, ValueError::new("computation-differs", detail));
            return None;
        }
        Some(computed)
    }
}

impl From<&Computation> for ComputationForm {
    fn from(computation: &Computation) -> Self {
        Self {
            rule: (&computation.rule).into(),
            month: computation.month.to_string(),
            base_figure: computation.base_figure.to_string(),
            figure: computation.figure.to_string(),
            before: computation.before.money().into(),
            steps: computation.steps.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Step> for IndexStepForm {
    fn from(step: &Step) -> Self {
        Self {
            name: step.name.to_owned(),
            formula: step.formula.clone(),
            exact: step.exact.to_string(),
        }
    }
}
