//! Calculations: inputs, and every step of the result.
//!
//! Nothing is stored. Numbers are decimal strings, like money: a JSON number could lose a digit in transit.

mod answer;
mod step_text;

use serde::{Deserialize, Deserializer};
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

pub use self::answer::{
    CalculationAnswer, CalculationStepForm, ComputedMoney, ConsequenceAnswer, HourPriceForm,
};
use super::{each, money::MoneyForm, one_of, words};
use crate::domain::{
    compensation::{
        consequence::{Assumptions, DecidedHours, Users},
        number::{Ratio, Share},
        unit_cost::{FaceToFace, Group, Mix, Overhead, OverheadOf, UnitCost},
    },
    validation::ValidationErrors,
    values::{money::Money, text::Line},
};

/// Input of a calculation: one of the models, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Calculation, example = json!({"unitCost": {
    "mix": [{
        "name": "Alle", "share": "1", "fixedPay": {"amount": "716.00", "currency": "NOK"},
        "variablePay": {"amount": "0.00", "currency": "NOK"}
    }],
    "socialCosts": "0", "faceToFace": "1", "consumables": {"amount": "0.00", "currency": "NOK"},
    "transport": {"amount": "0.00", "currency": "NOK"}, "overhead": {"share": "0.12", "of": "of-total"}
}}))]
pub struct CalculationForm {
    /// Cost of an hour with the user.
    #[serde(default, deserialize_with = "given")]
    unit_cost: Option<UnitCostForm>,
    /// Annual cost of free choice.
    #[serde(default, deserialize_with = "given")]
    consequence: Option<ConsequenceForm>,
}

/// Inputs of the price of an hour, by the model of KS, NHO and Virke.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = UnitCost)]
pub struct UnitCostForm {
    /// The employees: 1 to 20 groups whose shares add up to exactly 1.
    #[schema(required, min_items = 1, max_items = 20)]
    #[serde(default, deserialize_with = "given")]
    mix: Option<Vec<GroupForm>>,
    /// Employer's contributions, pension and holiday pay, as a share of the pay.
    #[schema(schema_with = shares, required)]
    #[serde(default, deserialize_with = "given")]
    social_costs: Option<String>,
    /// How much of the working time is spent with users; above 0.
    #[schema(schema_with = shares, required)]
    #[serde(default, deserialize_with = "given")]
    face_to_face: Option<String>,
    /// Medical and other consumables for an hour with the user.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    consumables: Option<MoneyForm>,
    /// Transport and cars for an hour with the user.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    transport: Option<MoneyForm>,
    /// Administration, premises, systems.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    overhead: Option<OverheadForm>,
}

/// One group of employees in the competence mix.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CompetenceGroup)]
pub struct GroupForm {
    /// Name of the group, such as `Helsefagarbeider`.
    #[schema(required, min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// Their share of the hours.
    #[schema(schema_with = shares, required)]
    #[serde(default, deserialize_with = "given")]
    share: Option<String>,
    /// Fixed pay for an hour of working time.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    fixed_pay: Option<MoneyForm>,
    /// Supplements for evenings, weekends and holy days, for an hour of working time.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    variable_pay: Option<MoneyForm>,
}

/// Overhead and its base: 12 per cent of the total is more than 12 per cent on top of the base.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Overhead, example = json!({"share": "0.12", "of": "of-total"}))]
pub struct OverheadForm {
    /// How great; below 1.
    #[schema(schema_with = shares, required)]
    #[serde(default, deserialize_with = "given")]
    share: Option<String>,
    /// Of the total, base / (1 − share), or of the cost without it, base × (1 + share).
    #[schema(schema_with = overheads, required)]
    #[serde(default, deserialize_with = "given")]
    of: Option<String>,
}

/// A municipality's assumptions of a year with free choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Assumptions, example = json!({
    "decidedHours": "443769", "privateShare": "0.25",
    "ownCost": {"amount": "716.00", "currency": "NOK"}, "price": {"amount": "814.00", "currency": "NOK"},
    "comparisonPrice": {"amount": "849.00", "currency": "NOK"},
    "administration": {"amount": "1350000.00", "currency": "NOK"}, "users": 2153
}))]
pub struct ConsequenceForm {
    /// Hours decided in a year, above 0; need not be whole.
    #[schema(schema_with = decimals, required)]
    #[serde(default, deserialize_with = "given")]
    decided_hours: Option<String>,
    /// Share of private providers.
    #[schema(schema_with = shares, required)]
    #[serde(default, deserialize_with = "given")]
    private_share: Option<String>,
    /// Cost of an hour of the municipality's own service, without overhead.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    own_cost: Option<MoneyForm>,
    /// Price of an hour, already rounded: it is multiplied unchanged.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    price: Option<MoneyForm>,
    /// Another municipality's price, to compare with.
    #[serde(default, deserialize_with = "given")]
    comparison_price: Option<MoneyForm>,
    /// Additional annual cost of administration.
    #[schema(required)]
    #[serde(default, deserialize_with = "given")]
    administration: Option<MoneyForm>,
    /// Number of people with decided hours, for an average per person.
    #[schema(minimum = 1)]
    #[serde(default, deserialize_with = "given")]
    users: Option<u32>,
}

impl CalculationForm {
    /// Result.
    pub fn answer(&self) -> Result<CalculationAnswer, ValidationErrors> {
        let f = &mut ValidationErrors::default();
        if self.unit_cost.is_none() && self.consequence.is_none() {
            f.missing("", "State the calculation: unitCost, consequence or both.");
        }
        let at = "/unitCost";
        let unit_cost = self.unit_cost.as_ref().and_then(|form| form.read(f, at)).and_then(|it| {
            f.collect(at, it.hour_price().and_then(|price| HourPriceForm::of(&price)))
        });
        let at = "/consequence";
        let consequence = self.consequence.as_ref().and_then(|form| form.read(f, at));
        let consequence = consequence.and_then(|it| {
            f.collect(at, it.consequence().and_then(|year| ConsequenceAnswer::of(&year)))
        });
        std::mem::take(f).finish(Some(CalculationAnswer { unit_cost, consequence }))
    }
}

impl UnitCostForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<UnitCost> {
        let mix_at = format!("{at}/mix");
        let mix = f.require(&mix_at, self.mix.as_ref()).and_then(|value| {
            // One more than the maximum is rejected.
            let value = value.get(..=Mix::MAX).unwrap_or(value);
            let groups = each(f, &mix_at, value, |f, at, group| group.read(f, at))?;
            f.collect(&mix_at, Mix::new(groups))
        });
        let social =
            f.parse(&format!("{at}/socialCosts"), self.social_costs.as_ref(), Share::parse);
        let face_to_face =
            f.parse(&format!("{at}/faceToFace"), self.face_to_face.as_ref(), |value| {
                Share::parse(value).and_then(FaceToFace::new)
            });
        let consumables = amount(f, &format!("{at}/consumables"), self.consumables.as_ref());
        let transport = amount(f, &format!("{at}/transport"), self.transport.as_ref());
        let at = format!("{at}/overhead");
        let overhead = f.require(&at, self.overhead.as_ref()).and_then(|form| form.read(f, &at));
        Some(UnitCost {
            mix: mix?,
            social: social?,
            face_to_face: face_to_face?,
            consumables: consumables?,
            transport: transport?,
            overhead: overhead?,
        })
    }
}

impl GroupForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Group> {
        let name = f.parse(&format!("{at}/name"), self.name.as_ref(), Line::parse);
        let share = f.parse(&format!("{at}/share"), self.share.as_ref(), Share::parse);
        let fixed_pay = amount(f, &format!("{at}/fixedPay"), self.fixed_pay.as_ref());
        let variable_pay = amount(f, &format!("{at}/variablePay"), self.variable_pay.as_ref());
        Some(Group {
            name: name?,
            share: share?,
            fixed_pay: fixed_pay?,
            variable_pay: variable_pay?,
        })
    }
}

impl OverheadForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Overhead> {
        let share_at = format!("{at}/share");
        let share = f.parse(&share_at, self.share.as_ref(), Share::parse);
        let of = f.parse(&format!("{at}/of"), self.of.as_ref(), |value| {
            one_of(value, &OverheadOf::ALL, OverheadOf::as_str)
        });
        // Whatever it is a share of, it may not be the whole.
        let overhead = f.collect(&share_at, Overhead::new(share?, of.unwrap_or(OverheadOf::Total)));
        overhead.filter(|_| of.is_some())
    }
}

impl ConsequenceForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Assumptions> {
        let hours = f.parse(&format!("{at}/decidedHours"), self.decided_hours.as_ref(), |value| {
            Ratio::parse(value).and_then(DecidedHours::new)
        });
        let share =
            f.parse(&format!("{at}/privateShare"), self.private_share.as_ref(), Share::parse);
        let mut price = |name: &str, form: Option<&MoneyForm>, needed: bool| {
            let at = format!("{at}/{name}");
            let form = if needed { f.require(&at, form) } else { form };
            form.map(|form| form.read(f, &at))
        };
        let own_cost = price("ownCost", self.own_cost.as_ref(), true).flatten();
        let paid = price("price", self.price.as_ref(), true).flatten();
        let comparison = price("comparisonPrice", self.comparison_price.as_ref(), false);
        let administration =
            amount(f, &format!("{at}/administration"), self.administration.as_ref());
        let users = self.users.map(|users| f.collect(&format!("{at}/users"), Users::new(users)));
        Some(Assumptions {
            decided_hours: hours?,
            private_share: share?,
            own_cost: own_cost?,
            price: paid?,
            comparison: comparison.flatten(),
            administration: administration?,
            users: users.flatten(),
        })
    }
}

/// An amount from zero up that must be there.
fn amount(f: &mut ValidationErrors, at: &str, form: Option<&MoneyForm>) -> Option<Money> {
    f.require(at, form).and_then(|form| form.read_amount(f, at))
}

fn shares() -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(8));
    text.pattern(Some(r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$"))
        .description(Some("A share from 0 to 1 as a decimal text, such as 0.12 for 12 per cent."))
        .build()
}

fn decimals() -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(19));
    text.pattern(Some(r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"))
        .description(Some("A number as a decimal text, such as 110942.25."))
        .build()
}

fn overheads() -> Object {
    words(
        "Of the total price, or of the cost without overhead.",
        OverheadOf::ALL.map(OverheadOf::as_str),
    )
}

/// A present field has a value: omit it for none; `null` is invalid.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}
