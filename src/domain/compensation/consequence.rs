//! Economic consequences: the annual cost of free choice for a municipality, by Kristiansand's calculation for
//! home nursing in 2024.

use std::num::NonZeroU32;

use super::{
    number::{Ratio, Share},
    step::{Step, Steps},
};
use crate::domain::{
    message::prices,
    value_error::ValueError,
    values::money::{Money, Price},
};

/// Vedtakstimer: hours decided in a year, above nothing; need not be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecidedHours(Ratio);

impl DecidedHours {
    /// Hours above 0. Error: `hours-zero`.
    pub fn new(hours: Ratio) -> Result<Self, ValueError> {
        if !hours.is_positive() {
            return Err(prices::hours_zero());
        }
        Ok(Self(hours))
    }

    /// The hours.
    #[must_use]
    pub const fn get(self) -> Ratio {
        self.0
    }
}

/// How many have decided hours; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Users(NonZeroU32);

impl Users {
    /// At least one. Error: `users-zero`.
    pub fn new(number: u32) -> Result<Self, ValueError> {
        NonZeroU32::new(number).map(Self).ok_or_else(prices::users_zero)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

/// The municipality's assumptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumptions {
    /// Hours decided in a year.
    pub decided_hours: DecidedHours,
    /// Share of private providers.
    pub private_share: Share,
    /// Cost of an hour of the municipality's own service, without overhead.
    pub own_cost: Price,
    /// Price of an hour, already rounded; the add-on is the part above the own cost.
    pub price: Price,
    /// Another municipality's price, to compare with.
    pub comparison: Option<Price>,
    /// Additional annual cost of administration.
    pub administration: Money,
    /// Number of users, for an average per user.
    pub users: Option<Users>,
}

keywords! {
    /// Steps of the calculation of the annual cost.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ConsequenceStep {
        PrivateHours = "private-hours",
        AddOn = "add-on",
        Cost = "cost",
        ComparisonCost = "comparison-cost",
        Difference = "difference",
        Total = "total",
        HoursPerUser = "hours-per-user",
    }
}

/// Annual result. Amounts are exact to the øre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearlyEffect {
    /// Every step, in order.
    pub steps: Vec<Step<ConsequenceStep>>,
    /// Hours that go to private providers; not rounded to whole hours.
    pub private_hours: Ratio,
    /// Difference between the price and the own cost of an hour.
    pub add_on: Money,
    /// The add-on for all private hours.
    pub cost: Money,
    /// The same with the price that is compared with.
    pub comparison_cost: Option<Money>,
    /// Additional cost at the compared price.
    pub difference: Option<Money>,
    /// The cost with administration.
    pub total: Money,
    /// Hours for one user in a year; exact.
    pub hours_per_user: Option<Ratio>,
}

impl Assumptions {
    /// Computes the result. Prices are rounded inputs and multiplied unchanged.
    ///
    /// # Errors
    /// `number-too-large`.
    pub fn consequence(&self) -> Result<YearlyEffect, ValueError> {
        let mut steps = Steps::default();
        let (DecidedHours(all), share) = (self.decided_hours, self.private_share);
        let hours = all.times(share.ratio());
        let hours = steps.note(ConsequenceStep::PrivateHours, format!("{all} × {share}"), hours)?;
        let [own, price] = [self.own_cost, self.price].map(|price| Ratio::kroner(price.money()));
        let add_on =
            steps.note(ConsequenceStep::AddOn, format!("{price} − {own}"), price.minus(own))?;
        let cost = add_on.times(hours);
        let cost = steps.note(ConsequenceStep::Cost, format!("{add_on} × {hours}"), cost)?;
        let comparison = self.comparison.map(|price| Ratio::kroner(price.money()));
        let mut compared = |name, above: Ratio| match comparison {
            None => Ok(None),
            Some(theirs) => {
                let cost = theirs.minus(above).and_then(|more| more.times(hours));
                let cost = steps.note(name, format!("({theirs} − {above}) × {hours}"), cost)?;
                cost.to_ore().map(Some)
            }
        };
        let comparison_cost = compared(ConsequenceStep::ComparisonCost, own)?;
        let difference = compared(ConsequenceStep::Difference, price)?;
        let administration = Ratio::kroner(self.administration);
        let total = cost.plus(administration);
        let total =
            steps.note(ConsequenceStep::Total, format!("{cost} + {administration}"), total)?;
        let hours_per_user = self.users.map(|Users(users)| {
            let hours = all.over(users.get().into());
            steps.note(ConsequenceStep::HoursPerUser, format!("{all} / {users}"), hours)
        });
        Ok(YearlyEffect {
            private_hours: hours,
            add_on: add_on.to_ore()?,
            cost: cost.to_ore()?,
            comparison_cost,
            difference,
            total: total.to_ore()?,
            hours_per_user: hours_per_user.transpose()?,
            steps: steps.into_vec(),
        })
    }
}

#[cfg(test)]
mod tests;
