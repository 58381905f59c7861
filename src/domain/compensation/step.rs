//! Steps: a calculation with each of its steps, so that anyone can repeat it.

use super::number::Ratio;
use crate::domain::value_error::ValueError;

/// One step of a calculation: name, formula and result. `N` names the steps of one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<N = &'static str> {
    /// Name of the step.
    pub name: N,
    /// The formula with its numbers; for people.
    pub formula: String,
    /// Exact result: kroner, hours or a factor, by its name.
    pub exact: Ratio,
}

/// Collects the steps of a calculation.
pub(super) struct Steps<N = &'static str>(Vec<Step<N>>);

impl<N> Default for Steps<N> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<N> Steps<N> {
    /// Notes a step and hands its outcome on.
    pub(super) fn note(
        &mut self,
        name: N,
        formula: impl Into<String>,
        exact: Result<Ratio, ValueError>,
    ) -> Result<Ratio, ValueError> {
        let exact = exact?;
        self.0.push(Step { name, formula: formula.into(), exact });
        Ok(exact)
    }

    pub(super) fn into_vec(self) -> Vec<Step<N>> {
        self.0
    }
}
