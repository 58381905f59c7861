//! The JSON forms of grounds and reasons.

use utoipa::openapi::schema::Object;

use crate::{
    domain::{
        decision::{Reasons, on_decision::ReversalGround},
        rules::ground::{FormalGround, Ground, Grounded, RefusalGround, RevocationGround},
        validation::ValidationErrors,
        values::text::Prose,
    },
    json::{
        form::{
            Components, Form, Schema, enumeration, form, reference,
            scalars::{keyword_forms, parse_string},
        },
        words,
    },
};

keyword_forms!(FormalGround, ReversalGround);

form! {
    /// The three required parts of reasons (forvaltningsloven § 25).
    #[form(closed, expand_absent, example({
        "rules": "Helse- og omsorgstjenesteloven § 3-1 siste ledd; kunngjort krav K2.",
        "facts": "Leverandøren har ikke lagt fram beredskapsplan.",
        "considerations": "Kravet er obligatorisk og gjelder likt for alle."
    }))]
    struct Reasons {
        /// The rules that the decision builds on.
        rules: Prose,
        /// The facts that it builds on.
        facts: Prose,
        /// The main considerations.
        considerations: Prose,
    }
}

/// Gives a type of grounds its form. The schema has the codes of all types, because the schema `Ground` is one.
macro_rules! ground_forms {
    ($($type:ty),+ $(,)?) => {$(
        impl Form for $type {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut ValidationErrors,
            ) -> Option<Self> {
                parse_string(value, at, <Self as Ground>::parse, errors)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }

            fn schema() -> Schema {
                GroundCode::schema()
            }

            fn components(components: &mut Components) {
                GroundCode::components(components);
            }
        }
    )+};
}

ground_forms!(RefusalGround, RevocationGround);

/// The code of a ground of any type.
#[derive(Debug)]
pub struct GroundCode(String);

impl Form for GroundCode {
    fn parse(value: &serde_json::Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, |code| Ok(Self(code.to_owned())), errors)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }

    fn schema() -> Schema {
        reference("GroundCode")
    }

    fn components(components: &mut Components) {
        let schema = enumeration("The code of a ground of any type.", &all_ground_codes());
        components.push(("GroundCode".to_owned(), schema));
    }
}

fn all_ground_codes() -> Vec<&'static str> {
    let mut codes: Vec<_> = RefusalGround::ALL.iter().map(|g| g.as_str()).collect();
    codes.extend(RevocationGround::ALL.iter().map(|g| g.as_str()));
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A ground that can revoke, with its facts.
pub type GroundToRevoke = Grounded<RevocationGround>;

form! {
    /// A ground and the facts it rests on.
    #[form(name = "Ground", closed, example({
        "ground": "criteria-not-met", "facts": "Beredskapsplan mangler."
    }))]
    struct Grounded<G: Form> {
        /// The code, see `/v1/grounds`.
        ground: G,
        /// The facts to which it applies.
        facts: Prose,
    }
}

/// The grounds of one type among those of any type.
pub(super) fn grounds_of<G: Ground>(
    grounds: Vec<Grounded<GroundCode>>,
    at: &str,
    errors: &mut ValidationErrors,
) -> Option<Vec<Grounded<G>>> {
    let each = grounds.into_iter().enumerate().map(|(i, it)| {
        let ground = errors.collect(&format!("{at}/grounds/{i}/ground"), G::parse(&it.ground.0))?;
        Some(Grounded { ground, facts: it.facts })
    });
    each.collect()
}

pub(super) fn codes_of<G: Ground>(grounds: &[Grounded<G>]) -> Vec<Grounded<GroundCode>> {
    let each = grounds.iter().map(|it| Grounded {
        ground: GroundCode(it.ground.as_str().to_owned()),
        facts: it.facts.clone(),
    });
    each.collect()
}

pub(crate) fn reversal_grounds() -> Object {
    let description = "Ground of the reversal (forvaltningsloven § 35).";
    words(description, ReversalGround::ALL.map(ReversalGround::as_str))
}

pub(crate) fn formal_grounds() -> Object {
    words("Why an application was dismissed.", FormalGround::ALL.map(FormalGround::as_str))
}
