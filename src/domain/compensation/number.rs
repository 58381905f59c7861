//! Fractions and shares: exact numbers for calculations with money, never floating point.

use std::fmt;

use crate::domain::{message::prices, value_error::ValueError, values::money::Money};

/// An exact fraction in lowest terms. Overflow of 128 bits is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    /// Above zero.
    denominator: i128,
}

/// A part of a whole: 0 to 1, such as `0.12` for 12 per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share(Ratio);

/// The most digits before the full stop of a number that is sent.
const MAX_DIGITS: usize = 12;

/// The most decimals of a number that is sent.
const MAX_DECIMALS: usize = 6;

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A whole number.
    #[must_use]
    pub fn whole(number: i32) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }

    /// A fraction. Error: `number-too-large`, also for a denominator of zero.
    pub fn of(numerator: i128, denominator: i128) -> Result<Self, ValueError> {
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| too_large())?;
        let reduced = |number: i128| number.checked_div(divisor).ok_or_else(too_large);
        let (numerator, denominator) = (reduced(numerator)?, reduced(denominator)?);
        match denominator {
            0 => Err(too_large()),
            1.. => Ok(Self { numerator, denominator }),
            _ => {
                let turned = |number: i128| number.checked_neg().ok_or_else(too_large);
                Ok(Self { numerator: turned(numerator)?, denominator: turned(denominator)? })
            }
        }
    }

    /// Reads a number such as `110942.25`: no sign, no thousands mark, at most twelve digits before the
    /// full stop and six after it. Errors: `number-negative`, `number-form`, `number-too-large`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let unsigned = value.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        if unsigned.is_some_and(|rest| Self::parse(rest).is_ok()) {
            return Err(prices::number_negative());
        }
        let (whole, decimals) = match value.split_once('.') {
            Some((_, "")) => return Err(form()),
            Some(parts) => parts,
            None => (value, ""),
        };
        let is_plain = whole == "0" || !whole.is_empty() && !whole.starts_with('0');
        if !is_plain || !is_digits(whole) || !is_digits(decimals) || decimals.len() > MAX_DECIMALS {
            return Err(form());
        }
        if whole.len() > MAX_DIGITS {
            return Err(too_large());
        }
        let numerator = format!("{whole}{decimals}").parse().map_err(|_| too_large())?;
        let places = u32::try_from(decimals.len()).map_err(|_| too_large())?;
        Self::of(numerator, 10_i128.pow(places))
    }

    /// An amount in kroner.
    #[must_use]
    pub fn kroner(money: Money) -> Self {
        let ore = i128::from(money.ore());
        // Dividing by a hundred first keeps the terms low for any amount.
        Self::of(ore, 100).unwrap_or(Self::ZERO)
    }

    /// The sum. Error, as for all that is computed: `number-too-large`.
    pub fn plus(self, other: Self) -> Result<Self, ValueError> {
        let left = times(self.numerator, other.denominator)?;
        let right = times(other.numerator, self.denominator)?;
        let sum = left.checked_add(right).ok_or_else(too_large)?;
        Self::of(sum, times(self.denominator, other.denominator)?)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Result<Self, ValueError> {
        let numerator = other.numerator.checked_neg().ok_or_else(too_large)?;
        self.plus(Self { numerator, ..other })
    }

    /// The product.
    pub fn times(self, other: Self) -> Result<Self, ValueError> {
        // Cross-cancelling first prevents an overflow.
        let left = Self::of(self.numerator, other.denominator)?;
        let right = Self::of(other.numerator, self.denominator)?;
        Self::of(
            times(left.numerator, right.numerator)?,
            times(left.denominator, right.denominator)?,
        )
    }

    /// The quotient; by zero is an error too.
    pub fn over(self, other: Self) -> Result<Self, ValueError> {
        self.times(Self::of(other.denominator, other.numerator)?)
    }

    /// Above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.numerator > 0
    }

    /// The nearest integer; halves round away from zero.
    #[must_use]
    pub fn rounded(self) -> i128 {
        let down = self.numerator.div_euclid(self.denominator);
        let rest = self.numerator.rem_euclid(self.denominator);
        // Compared without doubling, which could overflow.
        let to_next = self.denominator - rest;
        let up = rest > to_next || (rest == to_next && self.numerator > 0);
        if up { down + 1 } else { down }
    }

    /// Kroner to the nearest øre; halves round away from zero.
    pub fn to_ore(self) -> Result<Money, ValueError> {
        let ore = self.times(Self::whole(100))?.rounded();
        i64::try_from(ore).map(Money::from_ore).map_err(|_| too_large())
    }

    /// Kroner to the nearest whole krone; halves round away from zero. A price is rounded like this before it
    /// is multiplied.
    pub fn to_krone(self) -> Result<Money, ValueError> {
        let kroner = i64::try_from(self.rounded()).map_err(|_| too_large())?;
        kroner.checked_mul(100).map(Money::from_ore).ok_or_else(too_large)
    }

    /// With so many decimals (at most six), rounded as the rest: `813.6364`.
    pub fn decimals(self, places: usize) -> Result<String, ValueError> {
        let places = places.min(MAX_DECIMALS);
        let scale = 10_i32.pow(u32::try_from(places).map_err(|_| too_large())?);
        let scaled = self.times(Self::whole(scale))?.rounded();
        let sign = if scaled < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", scaled.unsigned_abs(), width = places + 1);
        let (whole, decimals) = digits.split_at(digits.len() - places);
        let stop = if places == 0 { "" } else { "." };
        Ok(format!("{sign}{whole}{stop}{decimals}"))
    }
}

impl From<u32> for Ratio {
    fn from(number: u32) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }
}

impl fmt::Display for Ratio {
    /// Exact: `814`, `97.68`, or a fraction such as `8950/11` if it needs more than six decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut decimals = (0..=MAX_DECIMALS).filter_map(|places| {
            let scale = Self::whole(10_i32.pow(u32::try_from(places).ok()?));
            let is_exact = self.times(scale).ok()?.denominator == 1;
            is_exact.then(|| self.decimals(places).ok()).flatten()
        });
        match decimals.next() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl Share {
    pub const WHOLE: Self = Self(Ratio::ONE);

    pub const NOTHING: Self = Self(Ratio::ZERO);

    /// From nothing to the whole. Error: `share-range`.
    pub fn new(ratio: Ratio) -> Result<Self, ValueError> {
        if (0..=ratio.denominator).contains(&ratio.numerator) {
            return Ok(Self(ratio));
        }
        Err(prices::share_range())
    }

    /// Reads `0.12` for 12 per cent. Errors: those of [`Ratio::parse`], `share-range`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        Ratio::parse(value).and_then(Self::new)
    }

    /// The share as a number.
    #[must_use]
    pub const fn ratio(self) -> Ratio {
        self.0
    }

    /// The complement to the whole.
    #[must_use]
    pub const fn rest(self) -> Self {
        let Ratio { numerator, denominator } = self.0;
        Self(Ratio { numerator: denominator - numerator, denominator })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

fn times(a: i128, b: i128) -> Result<i128, ValueError> {
    a.checked_mul(b).ok_or_else(too_large)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn form() -> ValueError {
    prices::number_form()
}

fn too_large() -> ValueError {
    prices::number_too_large()
}

#[cfg(test)]
mod tests;
