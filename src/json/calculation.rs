//! Calculations: inputs, and every step of the result.
//!
//! Nothing is stored. Numbers are decimal strings, like money: a JSON number could lose a digit in transit.

mod answer;
mod step_text;

pub use self::answer::{
    CalculationAnswer, CalculationStepForm, ComputedMoney, ConsequenceAnswer, HourPriceForm,
};
use super::form::{
    ConvertedForm, Form, form,
    scalars::{integer, keyword_forms, list, newtype_forms},
    serde_bridge::serde_by_form,
};
use crate::domain::{
    compensation::{
        consequence::{Assumptions, DecidedHours, Users},
        number::{Ratio, Share},
        unit_cost::{FaceToFace, Group, Mix, Overhead, OverheadOf, UnitCost},
    },
    message::fields,
    validation::ValidationErrors,
    values::{
        money::{Money, Price},
        text::Line,
    },
};

keyword_forms!(OverheadOf);
serde_by_form!(CalculationBody);
newtype_forms!(
    DecidedHours(Ratio): Ratio::schema(),
    FaceToFace(Share): Share::schema(),
    Mix(Vec<Group>): list::<Group>(1, Mix::MAX),
    Users(u32): integer(1, None),
);

/// Input of a calculation: one of the models, or both.
#[derive(Debug, Form)]
#[form(name = "Calculation", closed, check = CalculationBody::check, example({"unitCost": {
    "mix": [{
        "name": "Alle", "share": "1", "fixedPay": {"amount": "716.00", "currency": "NOK"},
        "variablePay": {"amount": "0.00", "currency": "NOK"}
    }],
    "socialCosts": "0", "faceToFace": "1", "consumables": {"amount": "0.00", "currency": "NOK"},
    "transport": {"amount": "0.00", "currency": "NOK"}, "overhead": {"share": "0.12", "of": "of-total"}
}}))]
pub struct CalculationBody {
    /// Cost of an hour with the user.
    unit_cost: Option<UnitCost>,
    /// Annual cost of free choice.
    consequence: Option<Assumptions>,
}

form! {
    /// Inputs of the price of an hour, by the model of KS, NHO and Virke.
    #[form(name = "UnitCost", closed)]
    struct UnitCost {
        /// The employees: 1 to 20 groups whose shares add up to exactly 1.
        mix: Mix,
        /// Employer's contributions, pension and holiday pay, as a share of the pay.
        #[form(name = "socialCosts")]
        social: Share,
        /// How much of the working time is spent with users; above 0.
        face_to_face: FaceToFace,
        /// Medical and other consumables for an hour with the user.
        consumables: Money,
        /// Transport and cars for an hour with the user.
        transport: Money,
        /// Administration, premises, systems.
        overhead: Overhead,
    }
}

form! {
    /// One group of employees in the competence mix.
    #[form(name = "CompetenceGroup", closed)]
    struct Group {
        /// Name of the group, such as `Helsefagarbeider`.
        name: Line,
        /// Their share of the hours.
        share: Share,
        /// Fixed pay for an hour of working time.
        fixed_pay: Money,
        /// Supplements for evenings, weekends and holy days, for an hour of working time.
        variable_pay: Money,
    }
}

/// Overhead and its base: 12 per cent of the total is more than 12 per cent on top of the base.
#[derive(Debug, Form)]
#[form(name = "Overhead", closed, example({"share": "0.12", "of": "of-total"}))]
pub struct OverheadFields {
    /// How great; below 1.
    share: Share,
    /// Of the total, base / (1 − share), or of the cost without it, base × (1 + share).
    of: OverheadOf,
}

impl ConvertedForm for Overhead {
    type Fields = OverheadFields;

    fn to_fields(&self) -> OverheadFields {
        OverheadFields { share: self.share(), of: self.of() }
    }

    fn from_fields(
        fields: OverheadFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        errors.collect(&format!("{at}/share"), Self::new(fields.share, fields.of))
    }
}

form! {
    /// A municipality's assumptions of a year with free choice.
    #[form(name = "Assumptions", closed, example({
        "decidedHours": "443769", "privateShare": "0.25",
        "ownCost": {"amount": "716.00", "currency": "NOK"}, "price": {"amount": "814.00", "currency": "NOK"},
        "comparisonPrice": {"amount": "849.00", "currency": "NOK"},
        "administration": {"amount": "1350000.00", "currency": "NOK"}, "users": 2153
    }))]
    struct Assumptions {
        /// Hours decided in a year, above 0; need not be whole.
        decided_hours: DecidedHours,
        /// Share of private providers.
        private_share: Share,
        /// Cost of an hour of the municipality's own service, without overhead.
        own_cost: Price,
        /// Price of an hour, already rounded: it is multiplied unchanged.
        price: Price,
        /// Another municipality's price, to compare with.
        #[form(name = "comparisonPrice")]
        comparison: Option<Price>,
        /// Additional annual cost of administration.
        administration: Money,
        /// Number of people with decided hours, for an average per person.
        users: Option<Users>,
    }
}

impl CalculationBody {
    fn check(&self, errors: &mut ValidationErrors) {
        if self.unit_cost.is_none() && self.consequence.is_none() {
            errors.missing("", fields::required_calculation());
        }
    }

    /// Result.
    pub fn answer(&self) -> Result<CalculationAnswer, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let unit_cost = self.unit_cost.as_ref().and_then(|it| {
            let price = it.hour_price().and_then(|price| HourPriceForm::of(&price));
            errors.collect("/unitCost", price)
        });
        let consequence = self.consequence.as_ref().and_then(|it| {
            let year = it.consequence().and_then(|year| ConsequenceAnswer::of(&year));
            errors.collect("/consequence", year)
        });
        errors.finish(Some(CalculationAnswer { unit_cost, consequence }))
    }
}
