//! Rate: one line of the price table, the same for every provider.
//!
//! An offering has one service, so a line does not repeat it.

use chrono::NaiveDate;

use super::index::{Computation, IndexRule};
pub use crate::domain::offering::content::Vat;
use crate::domain::{
    message::prices,
    value_error::ValueError,
    values::{
        money::{Money, Price},
        text::{Code, Note},
    },
};

keywords! {
    /// The unit of a price.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Unit {
        /// An hour with the user.
        Hour = "hour",
        /// A visit, however long.
        Visit = "visit",
        /// A place for a day and a night.
        PlaceDay = "place-day",
        /// A calendar month.
        Month = "month",
        /// A pupil for a school year.
        PupilYear = "pupil-year",
    }
}

/// Key of a rate. Two rates with overlapping keys are never valid on the same day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateKey {
    /// Unit.
    pub unit: Unit,
    /// In one zone, or in all.
    pub zone: Option<Code>,
    /// In one band, or in all.
    pub band: Option<Code>,
}

/// Composition of an amount, as stated by the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateParts {
    wage: Money,
    overhead: Money,
}

/// Origin of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RateBasis {
    /// As the municipality fixed it.
    Stated {
        /// Its parts.
        parts: Option<RateParts>,
        /// How it was reckoned, in words.
        note: Option<Note>,
    },
    /// By an index, from the amount before.
    Indexed(Box<Computation>),
}

/// A line of the price table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Its key.
    pub key: RateKey,
    /// The price of one unit.
    pub amount: Price,
    /// How value added tax is treated; stored, never assumed.
    pub vat: Vat,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where there is one.
    pub to: Option<NaiveDate>,
    /// How it follows an index, where it does.
    pub index: Option<IndexRule>,
    /// Origin of the amount.
    pub basis: RateBasis,
}

impl Unit {
    /// Whether it takes place at an hour of the clock, so that a band can price it.
    #[must_use]
    pub const fn has_hours(self) -> bool {
        matches!(self, Self::Hour | Self::Visit)
    }

    /// The greatest amount that is believed; one more and a decimal is in the wrong place.
    #[must_use]
    pub const fn greatest(self) -> Money {
        let kroner = match self {
            Self::Hour => 10_000,
            Self::Visit | Self::PlaceDay => 50_000,
            Self::Month => 1_000_000,
            Self::PupilYear => 5_000_000,
        };
        Money::from_ore(100 * kroner)
    }

    /// After `kr per` in bokmål or in nynorsk.
    const fn in_words(self, nynorsk: bool) -> &'static str {
        match self {
            Self::Hour => "time",
            Self::Visit => "besøk",
            Self::PlaceDay => "plass og døgn",
            Self::Month if nynorsk => "månad",
            Self::Month => "måned",
            Self::PupilYear => "elev og år",
        }
    }
}

impl RateKey {
    /// Whether both price something of the same: a key for all zones meets that of each zone, and so
    /// with bands.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.unit == other.unit
            && meets(self.zone.as_ref(), other.zone.as_ref())
            && meets(self.band.as_ref(), other.band.as_ref())
    }

    /// Whether it prices a zone and a band, in any unit.
    #[must_use]
    pub fn covers(&self, zone: &Code, band: &Code) -> bool {
        self.zone.as_ref().is_none_or(|own| own == zone)
            && self.band.as_ref().is_none_or(|own| own == band)
    }
}

impl RateParts {
    /// A wage part and an overhead part, which must add up to the amount. Error: `parts-do-not-add-up`.
    pub fn new(wage: Money, overhead: Money, amount: Price) -> Result<Self, ValueError> {
        let sum = wage.ore().checked_add(overhead.ore());
        let are_whole = wage.ore() >= 0 && overhead.ore() >= 0;
        if are_whole && sum == Some(amount.money().ore()) {
            return Ok(Self { wage, overhead });
        }
        Err(prices::parts_do_not_add_up())
    }

    /// Payment for work.
    #[must_use]
    pub const fn wage(self) -> Money {
        self.wage
    }

    /// Payment for other costs.
    #[must_use]
    pub const fn overhead(self) -> Money {
        self.overhead
    }
}

impl Rate {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|end| day <= end)
    }

    /// Whether both are valid on some day, whatever their keys.
    #[must_use]
    pub fn shares_a_day(&self, other: &Self) -> bool {
        other.to.is_none_or(|end| self.from <= end) && self.to.is_none_or(|end| other.from <= end)
    }

    /// `814 kr per time`.
    #[must_use]
    pub fn in_words(&self, nynorsk: bool) -> String {
        let unit = self.key.unit.in_words(nynorsk);
        format!("{} per {unit}", self.amount.money().in_words_nb())
    }
}

fn meets(one: Option<&Code>, other: Option<&Code>) -> bool {
    one.is_none() || other.is_none() || one == other
}

#[cfg(test)]
mod tests;
