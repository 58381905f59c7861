//! Call-outs, wasted trips and stand-by: payments beside the rates, or their explicit absence.
//!
//! The guide «Brukervalg i kommunal tjenesteyting» (2015), section 4.3, asks a municipality to decide on each.
//! An undecided one cannot be published: silence would be ambiguous. Add-ons sold by a provider to users do not
//! belong here or in the table.

use super::{
    number::{Ratio, Share},
    rate::Vat,
};
use crate::domain::{
    message::prices,
    value_error::ValueError,
    values::money::{Money, Price},
};

/// Payment when no service, or more than the service, is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// Nothing: it is within the rates.
    Nothing,
    /// So much each time.
    EachTime {
        /// How much.
        amount: Price,
        /// How value added tax is treated.
        vat: Vat,
    },
    /// So much for each hour that it lasts.
    EachHour {
        /// How much.
        amount: Price,
        /// How value added tax is treated.
        vat: Vat,
    },
    /// A share of the price of the planned visit; the tax is that of the visit.
    OfVisit {
        /// Which share.
        share: Share,
    },
}

/// Payments beside the rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extras {
    call_out: Extra,
    wasted_trip: Extra,
    stand_by: Extra,
}

impl Extra {
    /// The name of its form in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::EachTime { .. } => "each-time",
            Self::EachHour { .. } => "each-hour",
            Self::OfVisit { .. } => "of-visit",
        }
    }

    /// `350 kr hver gang`, `75 % av det planlagte besøket`.
    #[must_use]
    pub fn in_words(self, nynorsk: bool) -> String {
        let of = |nb: &str, nn: &str| if nynorsk { nn.to_owned() } else { nb.to_owned() };
        match self {
            Self::Nothing => of("Ingen betaling utover satsene", "Inga betaling utover satsane"),
            Self::EachTime { amount, .. } => {
                let amount = amount.money().in_words_nb();
                format!("{amount} {}", of("hver gang", "kvar gong"))
            }
            Self::EachHour { amount, .. } => format!("{} per time", amount.money().in_words_nb()),
            Self::OfVisit { share } => {
                let percent = share.ratio().times(Ratio::whole(100));
                let percent =
                    percent.map(|it| it.to_string().replace('.', ",")).unwrap_or_default();
                format!(
                    "{percent} % {}",
                    of("av det planlagte besøket", "av det planlagde besøket")
                )
            }
        }
    }

    /// The payment, to the øre, for a planned visit and its duration in minutes. Error: `number-too-large`.
    pub fn amount(self, planned: Money, minutes: u32) -> Result<Money, ValueError> {
        match self {
            Self::Nothing => Ok(Money::from_ore(0)),
            Self::EachTime { amount, .. } => Ok(amount.money()),
            Self::EachHour { amount, .. } => {
                let hours = Ratio::of(minutes.into(), 60)?;
                Ratio::kroner(amount.money()).times(hours)?.to_ore()
            }
            Self::OfVisit { share } => Ratio::kroner(planned).times(share.ratio())?.to_ore(),
        }
    }
}

impl Extras {
    /// Stand-by has no planned visit to take a share of. Error: `stand-by-of-visit`.
    pub fn new(call_out: Extra, wasted_trip: Extra, stand_by: Extra) -> Result<Self, ValueError> {
        if matches!(stand_by, Extra::OfVisit { .. }) {
            return Err(prices::stand_by_of_visit());
        }
        Ok(Self { call_out, wasted_trip, stand_by })
    }

    /// Oppmøte: an alarm or a call outside the plan.
    #[must_use]
    pub const fn call_out(self) -> Extra {
        self.call_out
    }

    /// The user is absent.
    #[must_use]
    pub const fn wasted_trip(self) -> Extra {
        self.wasted_trip
    }

    /// Beredskap: being ready.
    #[must_use]
    pub const fn stand_by(self) -> Extra {
        self.stand_by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_comes_to_its_amount() {
        let (planned, amount, vat) =
            (Money::from_ore(61_050), Price::parse("350").unwrap(), Vat::Exempt);
        for (extra, name, ore) in [
            (Extra::Nothing, "nothing", 0),
            (Extra::EachTime { amount, vat }, "each-time", 35_000),
            (Extra::EachHour { amount, vat }, "each-hour", 11_667),
            (Extra::OfVisit { share: Share::parse("0.75").unwrap() }, "of-visit", 45_788),
        ] {
            assert_eq!(
                (extra.as_str(), extra.amount(planned, 20)),
                (name, Ok(Money::from_ore(ore)))
            );
        }
    }

    #[test]
    fn each_form_is_said_in_words() {
        let (amount, vat) = (Price::parse("350").unwrap(), Vat::Exempt);
        for (extra, nb, nn) in [
            (Extra::Nothing, "Ingen betaling utover satsene", "Inga betaling utover satsane"),
            (Extra::EachTime { amount, vat }, "350 kr hver gang", "350 kr kvar gong"),
            (Extra::EachHour { amount, vat }, "350 kr per time", "350 kr per time"),
            (
                Extra::OfVisit { share: Share::parse("0.755").unwrap() },
                "75,5 % av det planlagte besøket",
                "75,5 % av det planlagde besøket",
            ),
        ] {
            assert_eq!((extra.in_words(false).as_str(), extra.in_words(true).as_str()), (nb, nn));
        }
    }

    #[test]
    fn stand_by_is_no_share_of_a_visit() {
        let half = Extra::OfVisit { share: Share::parse("0.5").unwrap() };
        let refused = Extras::new(Extra::Nothing, half, half).unwrap_err();
        assert_eq!(refused.code, "stand-by-of-visit");
        let extras = Extras::new(half, Extra::Nothing, Extra::Nothing).unwrap();
        let value = [extras.call_out(), extras.wasted_trip(), extras.stand_by()].map(Extra::as_str);
        assert_eq!(value, ["of-visit", "nothing", "nothing"]);
    }
}
