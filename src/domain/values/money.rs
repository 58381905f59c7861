//! Beløp: Norwegian kroner as whole øre, never as floating point.

use std::fmt;

use crate::domain::{message::prices, value_error::ValueError};

/// An amount in øre (1 kr = 100 øre).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// An amount above zero: the compensation that a municipality has fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(Money);

/// The most digits before the full stop that are accepted.
const MAX_DIGITS: usize = 10;

impl Money {
    /// An amount from øre; only computed amounts are ever negative.
    #[must_use]
    pub const fn from_ore(ore: i64) -> Self {
        Self(ore)
    }

    /// The amount in øre.
    #[must_use]
    pub const fn ore(self) -> i64 {
        self.0
    }

    /// Accepts kroner such as `814`, `814.5` or `814.50`: no sign, no thousands separator. At most ten digits
    /// before the decimal point. Errors: `money-negative`, `money-form`, `money-too-large`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let unsigned = value.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        if unsigned.is_some_and(|rest| Self::parse(rest).is_ok()) {
            return Err(prices::money_negative());
        }
        let (kroner, decimals) = match value.split_once('.') {
            Some((kroner, decimals)) if !decimals.is_empty() => (kroner, decimals),
            Some(_) => return Err(form_error()),
            None => (value, ""),
        };
        let is_plain = kroner == "0" || (is_digits(kroner) && !kroner.starts_with('0'));
        if !is_plain || kroner.is_empty() || decimals.len() > 2 || !is_digits(decimals) {
            return Err(form_error());
        }
        if kroner.len() > MAX_DIGITS {
            return Err(too_large_error());
        }
        // Two decimals side by side with the kroner are the øre.
        let ore = format!("{kroner}{decimals:0<2}").parse();
        ore.map(Self).map_err(|_| too_large_error())
    }

    /// The amount as Norwegian readers expect it: `814 kr`, `814,50 kr`; thousands are separated by
    /// no-break spaces (U+00A0).
    #[must_use]
    pub fn in_words_nb(self) -> String {
        let (sign, kroner, ore) = self.parts();
        let kroner = grouped(kroner);
        match ore {
            0 => format!("{sign}{kroner} kr"),
            _ => format!("{sign}{kroner},{ore:02} kr"),
        }
    }

    /// The sign, the whole kroner and the øre that are left.
    const fn parts(self) -> (&'static str, u64, u64) {
        let sign = if self.0 < 0 { "-" } else { "" };
        let ore = self.0.unsigned_abs();
        (sign, ore / 100, ore % 100)
    }
}

impl fmt::Display for Money {
    /// Always two decimals: `814.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, kroner, ore) = self.parts();
        write!(f, "{sign}{kroner}.{ore:02}")
    }
}

impl Price {
    /// Accepts amounts above zero. Error: `money-not-positive`.
    pub fn new(money: Money) -> Result<Self, ValueError> {
        if money.0 > 0 {
            return Ok(Self(money));
        }
        Err(prices::money_not_positive())
    }

    /// Reads an amount as [`Money::parse`] does, and wants it above zero.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        Money::parse(value).and_then(Self::new)
    }

    /// The amount.
    #[must_use]
    pub const fn money(self) -> Money {
        self.0
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (digit, after) in digits.chars().zip((0..digits.len()).rev()) {
        text.push(digit);
        if after > 0 && after % 3 == 0 {
            text.push('\u{a0}');
        }
    }
    text
}

fn form_error() -> ValueError {
    prices::money_form()
}

fn too_large_error() -> ValueError {
    prices::money_too_large()
}

#[cfg(test)]
mod tests;
