//! The JSON forms of an offering's closing and end.

use chrono::NaiveDate;

use crate::{
    domain::{
        approval::WindingDown,
        offering::{Closing, Ending, OfferingClosure, OfferingState},
        values::text::LocalText,
    },
    json::form::{form, scalars::keyword_forms, serde_bridge::serde_by_form},
};

keyword_forms!(OfferingState);
serde_by_form!(OfferingClosure);

form! {
    /// The closing to new providers.
    #[form(name = "OfferingClosing")]
    struct Closing {
        /// The first day on which nothing new is taken.
        from: NaiveDate,
        /// Why.
        reason: LocalText,
    }
}

form! {
    /// The end.
    #[form(name = "OfferingEnding")]
    struct Ending {
        /// The last day.
        on: NaiveDate,
        /// Why.
        reason: LocalText,
        /// How users are taken over.
        winding_down: WindingDown,
    }
}

form! {
    /// The announced closing to new providers, the end, or both.
    struct OfferingClosure {
        /// No new provider is admitted from a day on.
        to_new: Option<Closing>,
        /// The offering ends, and with it every approval.
        ending: Option<Ending>,
    }
}

#[cfg(test)]
mod tests;
