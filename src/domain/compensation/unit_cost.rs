//! Unit cost: the cost of an hour with the user, by the model of KS, NHO and Virke.
//!
//! The elements are those of the guide «Brukervalg i kommunal tjenesteyting» (2015), sections 4.3 and 4.6.
//! Every step is exact and recorded. The price is rounded to whole kroner once, at the end, and multiplications
//! use the rounded price.

use super::{
    number::{Ratio, Share},
    step::{Step, Steps},
};
use crate::domain::{
    message::prices,
    value_error::ValueError,
    values::{
        money::{Money, Price},
        text::Line,
    },
};

keywords! {
    /// Base of the overhead share. It must be stated: 12 per cent of the total is more than 12 per cent on top
    /// of the base.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum OverheadOf {
        /// Of the whole price: base / (1 − share).
        Total = "of-total",
        /// Of the cost without overhead: base × (1 + share).
        Base = "of-base",
    }
}

/// Administration, premises, systems: a share below 1, with its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overhead {
    share: Share,
    of: OverheadOf,
}

impl Overhead {
    /// A share below 1. Error: `overhead-share`.
    pub fn new(share: Share, of: OverheadOf) -> Result<Self, ValueError> {
        if share == Share::WHOLE {
            return Err(prices::overhead_share());
        }
        Ok(Self { share, of })
    }

    /// The share, below 1.
    #[must_use]
    pub const fn share(self) -> Share {
        self.share
    }

    /// Its base.
    #[must_use]
    pub const fn of(self) -> OverheadOf {
        self.of
    }
}

/// How much of the working time is spent with users; above nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaceToFace(Share);

impl FaceToFace {
    /// A share above 0. Error: `face-to-face-zero`.
    pub fn new(share: Share) -> Result<Self, ValueError> {
        if share == Share::NOTHING {
            return Err(prices::face_to_face_zero());
        }
        Ok(Self(share))
    }

    /// The share, above 0.
    #[must_use]
    pub const fn get(self) -> Share {
        self.0
    }
}

/// One group of employees in the competence mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name of the group, such as `Helsefagarbeider`.
    pub name: Line,
    /// Their share of the hours.
    pub share: Share,
    /// Fixed pay for an hour of working time.
    pub fixed_pay: Money,
    /// Variable pay for an hour of working time: supplements for evenings, weekends and holy days.
    pub variable_pay: Money,
}

/// Competence mix: groups of employees whose shares add up to 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix(Vec<Group>);

impl Mix {
    /// The most groups.
    pub const MAX: usize = 20;

    /// At least one group, and shares that add up to 1. Errors: `mix-size`, `mix-sum`.
    pub fn new(groups: Vec<Group>) -> Result<Self, ValueError> {
        if !(1..=Self::MAX).contains(&groups.len()) {
            return Err(prices::mix_size());
        }
        let sum = groups.iter().try_fold(Ratio::ZERO, |sum, group| sum.plus(group.share.ratio()));
        if sum != Ok(Ratio::ONE) {
            return Err(prices::mix_sum());
        }
        Ok(Self(groups))
    }

    /// The groups.
    #[must_use]
    pub const fn get(&self) -> &Vec<Group> {
        &self.0
    }

    /// The mean over the groups by their shares.
    fn mean(&self, pay: impl Fn(&Group) -> Money) -> Result<Ratio, ValueError> {
        self.0.iter().try_fold(Ratio::ZERO, |sum, group| {
            sum.plus(group.share.ratio().times(Ratio::kroner(pay(group)))?)
        })
    }

    fn formula(&self, pay: impl Fn(&Group) -> Money) -> String {
        let one = |group: &Group| format!("{} × {}", group.share, Ratio::kroner(pay(group)));
        self.0.iter().map(one).collect::<Vec<_>>().join(" + ")
    }
}

/// All inputs of the price of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCost {
    /// The competence mix.
    pub mix: Mix,
    /// Employer's contributions, pension and holiday pay, as a share of the pay.
    pub social: Share,
    /// How much of the working time is spent with users.
    pub face_to_face: FaceToFace,
    /// Medical and other consumables for an hour with the user.
    pub consumables: Money,
    /// Transport and cars for an hour with the user.
    pub transport: Money,
    /// The overhead.
    pub overhead: Overhead,
}

/// Steps of the calculation of an hourly price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitCostStep {
    FixedPay,
    VariablePay,
    Pay,
    SocialCosts,
    WorkingHour,
    FaceToFaceHour,
    Consumables,
    Transport,
    Base,
    ExactPriceOfTotal,
    ExactPriceOfBase,
    Overhead,
    Price,
    AddOn,
}

impl UnitCostStep {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FixedPay => "fixed-pay",
            Self::VariablePay => "variable-pay",
            Self::Pay => "pay",
            Self::SocialCosts => "social-costs",
            Self::WorkingHour => "working-hour",
            Self::FaceToFaceHour => "face-to-face-hour",
            Self::Consumables => "consumables",
            Self::Transport => "transport",
            Self::Base => "base",
            Self::ExactPriceOfTotal | Self::ExactPriceOfBase => "exact-price",
            Self::Overhead => "overhead",
            Self::Price => "price",
            Self::AddOn => "add-on",
        }
    }
}

/// The price of an hour, with its calculation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourPrice {
    /// Every step, in order.
    pub steps: Vec<Step<UnitCostStep>>,
    /// Cost of an hour with the user without overhead; exact.
    pub base: Ratio,
    /// The price before rounding.
    pub exact: Ratio,
    /// The price in whole kroner.
    pub price: Price,
    /// The overhead in it, in whole kroner.
    pub add_on: Money,
}

impl UnitCost {
    /// The hour price with every step.
    ///
    /// # Errors
    /// `money-not-positive` (all costs together round to nothing), `number-too-large`.
    pub fn hour_price(&self) -> Result<HourPrice, ValueError> {
        let mut steps = Steps::default();
        let mut of_mix = |name, pay: fn(&Group) -> Money| {
            steps.note(name, self.mix.formula(pay), self.mix.mean(pay))
        };
        let fixed = of_mix(UnitCostStep::FixedPay, |group| group.fixed_pay)?;
        let variable = of_mix(UnitCostStep::VariablePay, |group| group.variable_pay)?;
        let pay =
            steps.note(UnitCostStep::Pay, format!("{fixed} + {variable}"), fixed.plus(variable))?;
        let social = self.social;
        let costs = steps.note(
            UnitCostStep::SocialCosts,
            format!("{pay} × {social}"),
            pay.times(social.ratio()),
        )?;
        let working =
            steps.note(UnitCostStep::WorkingHour, format!("{pay} + {costs}"), pay.plus(costs))?;
        let FaceToFace(face) = self.face_to_face;
        let with_user = steps.note(
            UnitCostStep::FaceToFaceHour,
            format!("{working} / {face}"),
            working.over(face.ratio()),
        )?;
        let (consumables, transport) = (self.consumables, self.transport);
        let consumables =
            steps.note(UnitCostStep::Consumables, "", Ok(Ratio::kroner(consumables)))?;
        let transport = steps.note(UnitCostStep::Transport, "", Ok(Ratio::kroner(transport)))?;
        let base = steps.note(
            UnitCostStep::Base,
            format!("{with_user} + {consumables} + {transport}"),
            with_user.plus(consumables).and_then(|sum| sum.plus(transport)),
        )?;
        self.with_overhead(base, steps)
    }

    /// The price of an hour from its cost without overhead, and the steps to that.
    fn with_overhead(
        &self,
        base: Ratio,
        mut steps: Steps<UnitCostStep>,
    ) -> Result<HourPrice, ValueError> {
        let share = self.overhead.share;
        let (name, formula, exact) = match self.overhead.of {
            OverheadOf::Total => (
                UnitCostStep::ExactPriceOfTotal,
                format!("{base} / (1 − {share})"),
                base.over(share.rest().ratio()),
            ),
            OverheadOf::Base => {
                let factor = Ratio::ONE.plus(share.ratio());
                (
                    UnitCostStep::ExactPriceOfBase,
                    format!("{base} × (1 + {share})"),
                    factor.and_then(|factor| base.times(factor)),
                )
            }
        };
        let exact = steps.note(name, formula, exact)?;
        let overhead =
            steps.note(UnitCostStep::Overhead, format!("{exact} − {base}"), exact.minus(base))?;
        let price = Price::new(exact.to_krone()?)?;
        let rounded = Ratio::kroner(price.money());
        steps.note(UnitCostStep::Price, format!("{exact}, to whole kroner"), Ok(rounded))?;
        let add_on = overhead.to_krone()?;
        let rounded = Ratio::kroner(add_on);
        steps.note(UnitCostStep::AddOn, format!("{overhead}, to whole kroner"), Ok(rounded))?;
        Ok(HourPrice { steps: steps.into_vec(), base, exact, price, add_on })
    }
}

#[cfg(test)]
mod tests;
