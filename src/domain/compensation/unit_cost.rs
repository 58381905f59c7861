//! Enhetskostnad: what an hour with the user costs, by the model of KS, NHO and Virke.
//!
//! The elements are those of the guide «Brukervalg i kommunal tjenesteyting» (2015), sections 4.3 and
//! 4.6. Every step is exact and kept. The price is rounded to whole kroner once, at the end, and whoever
//! multiplies it multiplies the rounded price.

use super::{
    number::{Ratio, Share},
    step::{Step, Steps},
};
use crate::domain::{
    fault::Fault,
    faults::Faults,
    money::{Money, Price},
    text::Line,
};

/// What overhead is a share of. It must be said: 12 per cent of the total is more than 12 per cent on
/// top of the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverheadOf {
    /// Of the whole price: base / (1 − share).
    Total,
    /// Of what the service costs without it: base × (1 + share).
    Base,
}

impl OverheadOf {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Total, Self::Base];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "of-total",
            Self::Base => "of-base",
        }
    }
}

/// Administration, premises, systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overhead {
    /// How great; below the whole.
    pub share: Share,
    /// Of what.
    pub of: OverheadOf,
}

/// One group of employees in the competence mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they are, such as `Helsefagarbeider`.
    pub name: Line,
    /// Their share of the hours; all groups together make the whole.
    pub share: Share,
    /// Fixed pay for an hour of working time.
    pub fixed_pay: Money,
    /// Variable pay for an hour of working time: supplements for evenings, weekends and holy days.
    pub variable_pay: Money,
}

/// All that the price of an hour is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCost {
    /// Who does the work, at least one group.
    pub mix: Vec<Group>,
    /// Employer's contributions, pension and holiday pay, as a share of the pay.
    pub social: Share,
    /// How much of the working time is spent with users; above nothing.
    pub face_to_face: Share,
    /// Medical and other consumables for an hour with the user.
    pub consumables: Money,
    /// Transport and cars for an hour with the user.
    pub transport: Money,
    /// What is added for overhead.
    pub overhead: Overhead,
}

/// The price of an hour and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourPrice {
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// What an hour with the user costs without overhead; exact.
    pub base: Ratio,
    /// The price before rounding.
    pub exact: Ratio,
    /// The price in whole kroner.
    pub price: Price,
    /// The overhead in it, in whole kroner.
    pub add_on: Money,
}

impl UnitCost {
    /// The most groups in a competence mix.
    pub const MAX_GROUPS: usize = 20;

    /// The hour price with every step.
    ///
    /// # Errors
    /// All faults: `mix-size`, `mix-sum`, `face-to-face-zero`, `overhead-share` (a share of 1 or more),
    /// `money-not-positive` (all costs are zero), `number-too-large`; amounts below zero, which no
    /// reader lets in, `money-negative`.
    pub fn hour_price(&self) -> Result<HourPrice, Faults> {
        self.check()?;
        self.compute().map_err(|fault| {
            let mut faults = Faults::default();
            faults.add("", fault);
            faults
        })
    }

    fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        if !(1..=Self::MAX_GROUPS).contains(&self.mix.len()) {
            faults.add("/mix", Fault::new("mix-size", "Give from 1 to 20 groups of employees."));
        }
        let sum = self.mix.iter().try_fold(Ratio::ZERO, |sum, group| sum.plus(group.share.ratio()));
        if sum != Ok(Ratio::ONE) && !self.mix.is_empty() {
            let detail = "The shares of the groups must make exactly 1 together.";
            faults.add("/mix", Fault::new("mix-sum", detail));
        }
        if !self.face_to_face.ratio().is_positive() {
            let detail = "Give a share above 0: without time with users there is no hour to price.";
            faults.add("/faceToFace", Fault::new("face-to-face-zero", detail));
        }
        if self.overhead.share == Share::WHOLE {
            let detail = "Give an overhead share below 1: a price that is all overhead has no end.";
            faults.add("/overhead/share", Fault::new("overhead-share", detail));
        }
        let groups = self.mix.iter().enumerate().flat_map(|(i, group)| {
            [
                (format!("/mix/{i}/fixedPay"), group.fixed_pay),
                (format!("/mix/{i}/variablePay"), group.variable_pay),
            ]
        });
        let others = [
            ("/consumables".to_owned(), self.consumables),
            ("/transport".to_owned(), self.transport),
        ];
        for (pointer, money) in groups.chain(others) {
            if money.ore() < 0 {
                faults.add(pointer, Fault::new("money-negative", "Write an amount from 0 up."));
            }
        }
        faults.settle(Some(()))
    }

    fn compute(&self) -> Result<HourPrice, Fault> {
        let mut steps = Steps::default();
        let fixed = self.mixed(|group| group.fixed_pay);
        let fixed = steps.note("fixed-pay", self.mix_formula(|group| group.fixed_pay), fixed)?;
        let variable = self.mixed(|group| group.variable_pay);
        let variable =
            steps.note("variable-pay", self.mix_formula(|group| group.variable_pay), variable)?;
        let pay = steps.note("pay", format!("{fixed} + {variable}"), fixed.plus(variable))?;
        let social = self.social;
        let costs =
            steps.note("social-costs", format!("{pay} × {social}"), pay.times(social.ratio()))?;
        let working = steps.note("working-hour", format!("{pay} + {costs}"), pay.plus(costs))?;
        let face = self.face_to_face;
        let with_user = steps.note(
            "face-to-face-hour",
            format!("{working} / {face}"),
            working.over(face.ratio()),
        )?;
        let (consumables, transport) = (self.consumables, self.transport);
        let consumables = steps.note("consumables", "", Ok(Ratio::kroner(consumables)))?;
        let transport = steps.note("transport", "", Ok(Ratio::kroner(transport)))?;
        let base = steps.note(
            "base",
            format!("{with_user} + {consumables} + {transport}"),
            with_user.plus(consumables).and_then(|sum| sum.plus(transport)),
        )?;
        let share = self.overhead.share;
        let (formula, exact) = match self.overhead.of {
            OverheadOf::Total => {
                (format!("{base} / (1 − {share})"), base.over(share.rest().ratio()))
            }
            OverheadOf::Base => {
                let factor = Ratio::ONE.plus(share.ratio());
                (format!("{base} × (1 + {share})"), factor.and_then(|factor| base.times(factor)))
            }
        };
        let exact = steps.note("exact-price", formula, exact)?;
        let overhead = steps.note("overhead", format!("{exact} − {base}"), exact.minus(base))?;
        let price = Price::new(exact.to_krone()?)?;
        let rounded = Ratio::kroner(price.money());
        steps.note("price", format!("{exact}, to whole kroner"), Ok(rounded))?;
        let add_on = overhead.to_krone()?;
        let rounded = Ratio::kroner(add_on);
        steps.note("add-on", format!("{overhead}, to whole kroner"), Ok(rounded))?;
        Ok(HourPrice { steps: steps.into_vec(), base, exact, price, add_on })
    }

    /// The mean over the groups by their shares.
    fn mixed(&self, pay: impl Fn(&Group) -> Money) -> Result<Ratio, Fault> {
        self.mix.iter().try_fold(Ratio::ZERO, |sum, group| {
            sum.plus(group.share.ratio().times(Ratio::kroner(pay(group)))?)
        })
    }

    fn mix_formula(&self, pay: impl Fn(&Group) -> Money) -> String {
        let one = |group: &Group| format!("{} × {}", group.share, Ratio::kroner(pay(group)));
        self.mix.iter().map(one).collect::<Vec<_>>().join(" + ")
    }
}

#[cfg(test)]
mod tests;
