//! Organisation numbers, municipality numbers and language codes: public identifiers, validated when parsed.

use super::text::reads_as_text;
use crate::domain::{message::fields, value_error::ValueError};

/// Nine digits from Enhetsregisteret, the last of them a check digit modulo 11.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationNumber(String);

/// Four digits, assigned by Statistics Norway. Text, since Oslo is `0301`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MunicipalityNumber(String);

/// The ISO 639-1 or 639-3 code of a language: two or three lower-case letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

reads_as_text!(OrganisationNumber, MunicipalityNumber, Language);

/// The weights of the eight first digits, and 1 for the check digit itself.
const WEIGHTS: [u32; 9] = [3, 2, 7, 6, 5, 4, 3, 2, 1];

impl OrganisationNumber {
    /// Accepts spaces anywhere, a leading `NO` and a trailing `MVA`, and stores the nine digits. Errors:
    /// `organisation-number-form`, `organisation-number-check-digit`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let compact: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        let compact = compact.to_ascii_uppercase();
        let digits = compact.strip_prefix("NO").unwrap_or(&compact);
        let digits = digits.strip_suffix("MVA").unwrap_or(digits);
        if !is_digits(digits, 9) {
            return Err(fields::organisation_number_form());
        }
        if !has_valid_check_digit(digits) {
            return Err(fields::organisation_number_check_digit());
        }
        Ok(Self(digits.to_owned()))
    }
}

impl MunicipalityNumber {
    /// Accepts exactly four digits. Error: `municipality-number-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        if is_digits(value, 4) {
            return Ok(Self(value.to_owned()));
        }
        Err(fields::municipality_number_form())
    }

    /// The county number (fylkesnummer): the first two digits.
    #[must_use]
    pub fn county(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }
}

impl Language {
    /// Accepts two or three lower-case letters a–z. Error: `language-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        if (2..=3).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase()) {
            return Ok(Self(value.to_owned()));
        }
        Err(fields::language_form())
    }
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// The check digit makes the weighted sum divisible by 11. This equals the register's rule: a remainder of 1
/// from the first eight digits would need a digit 10, so such numbers do not exist.
fn has_valid_check_digit(digits: &str) -> bool {
    let weighted = digits.chars().filter_map(|c| c.to_digit(10)).zip(WEIGHTS);
    weighted.map(|(digit, weight)| digit * weight).sum::<u32>() % 11 == 0
}

#[cfg(test)]
mod tests;
