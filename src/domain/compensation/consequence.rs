//! Økonomiske konsekvenser: what free choice costs a municipality in a year, as Kristiansand reckoned
//! for home nursing in 2024.

use super::{
    number::{Ratio, Share},
    step::{Step, Steps},
};
use crate::domain::{
    fault::Fault,
    money::{Money, Price},
};

/// What the municipality assumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumptions {
    /// Hours decided in a year; need not be whole.
    pub decided_hours: Ratio,
    /// The share of them that goes to private providers.
    pub private_share: Share,
    /// What an hour costs the municipality's own service, without overhead.
    pub own_cost: Price,
    /// What is paid for an hour, already rounded; the add-on is what it is above the own cost.
    pub price: Price,
    /// Another municipality's price, to compare with.
    pub comparison: Option<Price>,
    /// What more administration costs in a year.
    pub administration: Money,
    /// How many have decided hours, to see what is usual for one.
    pub users: Option<u32>,
}

/// What follows for a year. Amounts are exact to the øre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// Hours that go to private providers; not rounded to whole hours.
    pub private_hours: Ratio,
    /// What the price is above the own cost, for an hour.
    pub add_on: Money,
    /// The add-on for all private hours.
    pub cost: Money,
    /// The same with the price that is compared with.
    pub comparison_cost: Option<Money>,
    /// What the compared price would cost beyond this one.
    pub difference: Option<Money>,
    /// The cost with administration.
    pub total: Money,
    /// Hours for one user in a year; exact.
    pub hours_per_user: Option<Ratio>,
}

impl Assumptions {
    /// What follows. The prices come in rounded, and are multiplied as they are.
    ///
    /// # Errors
    /// `hours-zero`, `users-zero`, `money-negative` (administration), `number-too-large`.
    pub fn consequence(&self) -> Result<Consequence, Fault> {
        if !self.decided_hours.is_positive() {
            return Err(Fault::new("hours-zero", "Give decided hours above 0."));
        }
        if self.users == Some(0) {
            return Err(Fault::new(
                "users-zero",
                "Give at least one user, or leave the number out.",
            ));
        }
        if self.administration.ore() < 0 {
            return Err(Fault::new("money-negative", "Write an amount from 0 up."));
        }
        let mut steps = Steps::default();
        let (all, share) = (self.decided_hours, self.private_share);
        let hours =
            steps.note("private-hours", format!("{all} × {share}"), all.times(share.ratio()))?;
        let [own, price] = [self.own_cost, self.price].map(|price| Ratio::kroner(price.money()));
        let add_on = steps.note("add-on", format!("{price} − {own}"), price.minus(own))?;
        let cost = steps.note("cost", format!("{add_on} × {hours}"), add_on.times(hours))?;
        let compared = |steps: &mut Steps, name, above: Ratio| {
            let comparison = self.comparison.map(|price| Ratio::kroner(price.money()));
            comparison
                .map(|theirs| {
                    let cost = theirs.minus(above).and_then(|more| more.times(hours));
                    steps.note(name, format!("({theirs} − {above}) × {hours}"), cost)?.to_ore()
                })
                .transpose()
        };
        let comparison_cost = compared(&mut steps, "comparison-cost", own)?;
        let difference = compared(&mut steps, "difference", price)?;
        let administration = Ratio::kroner(self.administration);
        let total =
            steps.note("total", format!("{cost} + {administration}"), cost.plus(administration))?;
        let per_user = |users: u32| {
            steps.note("hours-per-user", format!("{all} / {users}"), all.over(users.into()))
        };
        let hours_per_user = self.users.map(per_user).transpose()?;
        Ok(Consequence {
            private_hours: hours,
            add_on: add_on.to_ore()?,
            cost: cost.to_ore()?,
            comparison_cost,
            difference,
            total: total.to_ore()?,
            hours_per_user,
            steps: steps.into_vec(),
        })
    }
}

#[cfg(test)]
mod tests;
