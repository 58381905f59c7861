//! Index adjustment: a rate follows an index, calculated from figures that an editor enters.
//!
//! New amount = amount × (1 − share) + amount × share × figure / base figure, exact, and then to whole kroner,
//! half a krone up. Later multiplications use that rounded amount. A rate with an unchanged rounded amount
//! stays as it is, with its base month, so that small steps are not lost.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use chrono::{Datelike, NaiveDate};

use super::{
    number::{Ratio, Share},
    rate::{Rate, RateBasis},
    step::{Step, Steps},
    table::{PriceTable, Publication},
};
use crate::domain::{
    message::{fields, prices},
    validation::ValidationErrors,
    value_error::ValueError,
    values::{money::Price, text::Line, time::parse_day},
};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

/// How a rate follows an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRule {
    /// The index, such as `Kommunal deflator`.
    pub name: Line,
    /// The base month of the amount.
    pub base: Month,
    /// How much of the amount follows; the rest stays.
    pub share: Share,
}

/// An editor's input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// The index; rates with another index are left unchanged.
    pub name: Line,
    /// The month to adjust to.
    pub month: Month,
    /// The figures: of that month, and of every base month of the rates.
    pub figures: BTreeMap<Month, Ratio>,
    /// The first day of the new rates.
    pub from: NaiveDate,
}

/// How an amount was adjusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computation {
    /// The rule it followed.
    pub rule: IndexRule,
    /// The month it was adjusted to.
    pub month: Month,
    /// The figure of the base month.
    pub base_figure: Ratio,
    /// The figure of the month.
    pub figure: Ratio,
    /// The amount before.
    pub before: Price,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// The amount before rounding.
    pub exact: Ratio,
    /// The amount in whole kroner.
    pub after: Price,
}

/// Effect of an adjustment on one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjusted {
    /// The rate that is followed.
    pub before: Rate,
    /// How it was reckoned.
    pub computation: Computation,
    /// The rate that takes over; none where the rounded amount is the same.
    pub after: Option<Rate>,
}

impl Month {
    /// Reads `2026-01`. Errors: `month-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let day = parse_day(&format!("{value}-01")).map_err(|_| prices::month_form())?;
        Ok(Self { year: day.year(), month: day.month() })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

fn nothing_to_adjust() -> ValueError {
    prices::nothing_to_adjust()
}

impl PriceTable {
    /// Guards an adjustment from some day after today by some index.
    ///
    /// # Errors
    /// `nothing-to-adjust`.
    pub fn may_adjust(&self, today: NaiveDate) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let runs_on = |rate: &Rate| rate.index.is_some() && rate.to.is_none_or(|to| today < to);
        if !self.rates().iter().any(runs_on) {
            errors.add("/index", nothing_to_adjust());
        }
        errors.finish(Some(()))
    }

    /// What an adjustment would do: one entry for each rate of that index that runs on the day before
    /// the new ones begin, and on that day too. Nothing is changed; announce it with
    /// [`Publication::of_adjusted`].
    ///
    /// # Errors
    /// All errors: `figure-not-positive`, `figure-missing`, `index-month-order` (the month is not after a
    /// base month), `figure-absurd` (less than half, or more than double), `nothing-to-adjust`, `unexpected`
    /// (the figure of a month that no line uses).
    pub fn adjust(&self, adjustment: &Adjustment) -> Result<Vec<Adjusted>, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        for (month, figure) in &adjustment.figures {
            if !figure.is_positive() {
                errors.add(format!("/figures/{month}"), not_positive());
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let from = adjustment.from;
        let runs_on = self.rates().iter().filter(|rate| rate.from < from && rate.valid_on(from));
        let mut adjusted: Vec<Adjusted> = vec![];
        let mut used = BTreeSet::new();
        for rate in runs_on {
            let Some(rule) = rate.index.as_ref().filter(|rule| rule.name == adjustment.name) else {
                continue;
            };
            used.extend([rule.base, adjustment.month]);
            match adjustment.adjusted(rate, rule) {
                Ok(one) => adjusted.push(one),
                Err((pointer, error)) => errors.add(pointer, error),
            }
        }
        if used.is_empty() {
            errors.add("/index", nothing_to_adjust());
        } else {
            for month in adjustment.figures.keys() {
                let detail = fields::unexpected_figure();
                errors.unexpected(format!("/figures/{month}"), !used.contains(month), detail);
            }
        }
        errors.finish(Some(adjusted))
    }
}

impl Publication {
    /// Announces the rates of an adjustment. Without a changed amount it is rejected.
    #[must_use]
    pub fn of_adjusted(adjusted: Vec<Adjusted>) -> Self {
        let rates = adjusted.into_iter().filter_map(|one| one.after).collect();
        Self { rates, ..Self::default() }
    }
}

impl Adjustment {
    fn adjusted(&self, rate: &Rate, rule: &IndexRule) -> Result<Adjusted, (String, ValueError)> {
        Computation::is_ahead(rule, self.month).map_err(|error| ("/month".to_owned(), error))?;
        let figures = (self.figure(rule.base)?, self.figure(self.month)?);
        let computation = Computation::of(rate.amount, rule.clone(), self.month, figures)
            .map_err(|error| (String::new(), error))?;
        let basis = RateBasis::Indexed(Box::new(computation.clone()));
        let after = Rate {
            amount: computation.after,
            from: self.from,
            index: Some(IndexRule { base: self.month, ..rule.clone() }),
            basis,
            ..rate.clone()
        };
        let changes = computation.after != computation.before;
        Ok(Adjusted { before: rate.clone(), computation, after: changes.then_some(after) })
    }

    fn figure(&self, month: Month) -> Result<Ratio, (String, ValueError)> {
        self.figures
            .get(&month)
            .copied()
            .ok_or_else(|| (format!("/figures/{month}"), prices::figure_missing(month.to_string())))
    }
}

impl Computation {
    /// Adjusts an amount by a rule to a month, with the figures of the base month and of that month.
    /// Errors: `index-month-order`, `figure-not-positive`, `figure-absurd`, `money-not-positive`,
    /// `number-too-large`.
    pub fn of(
        before: Price,
        rule: IndexRule,
        month: Month,
        (base, figure): (Ratio, Ratio),
    ) -> Result<Self, ValueError> {
        Self::is_ahead(&rule, month)?;
        if !base.is_positive() || !figure.is_positive() {
            return Err(not_positive());
        }
        let mut steps = Steps::default();
        let (amount, share) = (Ratio::kroner(before.money()), rule.share);
        let factor = steps.note("index-factor", format!("{figure} / {base}"), figure.over(base))?;
        let half = Ratio::ONE.over(Ratio::whole(2))?;
        if half.minus(factor)?.is_positive() || factor.minus(Ratio::whole(2))?.is_positive() {
            return Err(prices::figure_absurd(base.to_string(), figure.to_string()));
        }
        let fixed = amount.times(share.rest().ratio());
        let fixed = steps.note("fixed-part", format!("{amount} × (1 − {share})"), fixed)?;
        let follows = amount.times(share.ratio()).and_then(|part| part.times(factor));
        let formula = format!("{amount} × {share} × {figure} / {base}");
        let follows = steps.note("adjusted-part", formula, follows)?;
        let exact =
            steps.note("exact-amount", format!("{fixed} + {follows}"), fixed.plus(follows))?;
        let after = Price::new(exact.to_krone()?)?;
        let rounded = Ratio::kroner(after.money());
        steps.note("amount", format!("{exact}, to whole kroner"), Ok(rounded))?;
        let (base_figure, steps) = (base, steps.into_vec());
        Ok(Self { rule, month, base_figure, figure, before, steps, exact, after })
    }

    fn is_ahead(rule: &IndexRule, month: Month) -> Result<(), ValueError> {
        if rule.base < month {
            return Ok(());
        }
        Err(prices::index_month_order(rule.base.to_string()))
    }
}

fn not_positive() -> ValueError {
    prices::figure_not_positive()
}

#[cfg(test)]
mod tests;
