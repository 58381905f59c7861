//! The JSON form of an offering's content: the five parts and the citizen part.

pub mod difference;
pub mod draft;
mod intake;
pub mod lifecycle;
mod read;

pub use self::intake::{IntakeForm, RoundForm};

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{Array, ArrayBuilder, Object},
};

use super::{
    LocalTextForm, PeriodForm, compensation::CompensationForm, form::serde_bridge::object_by_serde,
    words,
};
use crate::domain::{
    municipality::Contact,
    offering::content::{AgeReference, LegalBasis},
    rules::ground::{RefusalGround, RevocationGround},
    validation::ValidationErrors,
    values::text::{Email, Line, Phone},
};

object_by_serde!(ContentForm);

/// Contact.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Contact, example = json!({"name": "Innkjøp helse og mestring", "email": "brukervalg@example.no"}))]
pub struct ContactForm {
    /// Unit or person.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// E-mail address.
    #[schema(required, min_length = 3, max_length = 254)]
    pub email: Option<String>,
    /// Telephone.
    #[schema(min_length = 5, max_length = 40)]
    pub phone: Option<String>,
}

impl ContactForm {
    /// The contact, or its errors.
    pub fn read(&self, errors: &mut ValidationErrors, at: &str) -> Option<Contact> {
        let name = errors.parse(&format!("{at}/name"), self.name.as_ref(), Line::parse);
        let email = errors.parse(&format!("{at}/email"), self.email.as_ref(), Email::parse);
        let phone =
            errors.parse_optional(&format!("{at}/phone"), self.phone.as_ref(), Phone::parse);
        Some(Contact { name: name?, email: email?, phone })
    }
}

/// Content of an offering. A draft may lack any field; a publication needs all.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OfferingContent, example = json!({"title": {"nb": "Brukerstyrt personlig assistanse"}}))]
pub struct ContentForm {
    /// The title.
    pub title: Option<LocalTextForm>,
    /// Legal basis of the arrangement.
    #[schema(schema_with = legal_bases)]
    pub legal_basis: Option<String>,
    /// Part 1: the service and its content.
    pub service: Option<ServiceForm>,
    /// Part 2: how to apply.
    pub process: Option<ProcessForm>,
    /// Part 3: the criteria, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub criteria: Vec<CriterionForm>,
    /// Part 4: the terms of the contract.
    pub terms: Option<TermsForm>,
    /// Part 5: the fixed compensation.
    pub compensation: Option<CompensationForm>,
    /// The citizen part.
    pub citizen: Option<CitizenForm>,
}

/// Part 1.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OfferingService)]
pub struct ServiceForm {
    /// Content of the service.
    pub description: Option<LocalTextForm>,
    /// Target group.
    pub target_group: Option<LocalTextForm>,
    /// Where it can be chosen, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub zones: Vec<ZoneForm>,
    /// How soon a chosen provider starts.
    pub start_up: Option<PeriodForm>,
}

/// A named part of the municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Zone, example = json!({"code": "whole", "name": "Hele kommunen"}))]
pub struct ZoneForm {
    /// Its code within the offering.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub code: String,
    /// Display name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// Part 2.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OfferingProcess)]
pub struct ProcessForm {
    /// The application process.
    pub how_to_apply: Option<LocalTextForm>,
    /// How long it is expected to take.
    pub expected_time: Option<PeriodForm>,
    /// Contact for questions.
    pub contact: Option<ContactForm>,
    /// Continuous (default), or in rounds.
    pub intake: Option<IntakeForm>,
    /// Maximum number of providers; only if the legal basis does not admit everyone.
    #[schema(minimum = 1, maximum = 1000)]
    pub max_providers: Option<u16>,
}

/// One requirement.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Criterion, example = json!({
    "code": "tax-certificate", "matter": "registration-tax-finance", "text": {"nb": "Skatteattest"},
    "mandatory": true, "evidence": [{"kind": "tax-certificate"}]
}))]
pub struct CriterionForm {
    /// Its code within the offering; answers and assessments use it.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub code: String,
    /// The topic it belongs to, see `/v1/criteria`.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub matter: String,
    /// The requirement.
    pub text: LocalTextForm,
    /// Whether it is mandatory for an approval.
    pub mandatory: bool,
    /// Required evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub evidence: Vec<EvidenceRuleForm>,
    /// Legal source.
    #[schema(min_length = 1, max_length = 200)]
    pub legal_source: Option<String>,
}

/// A required kind of evidence.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EvidenceRule)]
pub struct EvidenceRuleForm {
    /// The kind of evidence.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub kind: String,
    /// How old it may be.
    pub max_age: Option<MaxAgeForm>,
}

/// How old a piece of evidence may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MaxAge)]
pub struct MaxAgeForm {
    /// At most this.
    pub period: PeriodForm,
    /// Reference day of the age.
    #[schema(schema_with = age_references)]
    pub counted_to: String,
}

/// Part 4.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ContractTerms)]
pub struct TermsForm {
    /// How long a contract runs.
    pub duration: Option<PeriodForm>,
    /// The provider's notice.
    pub notice_by_provider: Option<PeriodForm>,
    /// The municipality's notice.
    pub notice_by_municipality: Option<PeriodForm>,
    /// Basis of the payment.
    #[schema(schema_with = super::compensation::settlements)]
    pub settlement: Option<String>,
    /// How long a provider that stops still serves the users it has.
    pub winding_down: Option<PeriodForm>,
    /// Capacity, subcontracting, add-ons, marketing, reporting, sanctions.
    pub conditions: Option<LocalTextForm>,
    /// Grounds to refuse beside unmet criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = refusal_grounds)]
    pub refusal_grounds: Vec<String>,
    /// Grounds that may revoke, at least one: nothing else can found a revocation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = revocation_grounds)]
    pub revocation_grounds: Vec<String>,
}

/// Default for users who do not choose.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DefaultRule, example = json!({"kind": "municipal"}))]
pub struct DefaultRuleForm {
    /// The municipality's own offer, or shared out among the providers.
    #[schema(schema_with = default_rules)]
    pub kind: String,
    /// The rule by which they are shared out; needed for `distribute`, and only there.
    pub rule: Option<LocalTextForm>,
}

/// The municipality's own offer.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OwnOffer)]
pub struct OwnOfferForm {
    /// Name of the unit.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// A short factual presentation.
    #[schema(schema_with = super::presentation)]
    pub presentation: Option<LocalTextForm>,
    /// Languages spoken with users, ISO 639.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub languages: Vec<String>,
    /// Public telephone.
    #[schema(min_length = 5, max_length = 40)]
    pub phone: Option<String>,
    /// Public web page.
    #[schema(min_length = 8, max_length = 500)]
    pub web: Option<String>,
}

/// The citizen part.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CitizenPart)]
pub struct CitizenForm {
    /// How to choose.
    pub how_to_choose: Option<LocalTextForm>,
    /// How to switch.
    pub how_to_switch: Option<LocalTextForm>,
    /// How long one has to choose.
    pub choice_deadline: Option<PeriodForm>,
    /// The result without a choice.
    pub default_rule: Option<DefaultRuleForm>,
    /// How long a switch takes.
    pub switch_notice: Option<PeriodForm>,
    /// Whether a switch needs a reason.
    pub switch_reason_required: Option<bool>,
    /// The user's payment.
    pub user_payment: Option<LocalTextForm>,
    /// Where to complain (pasient- og brukerrettighetsloven § 7-2).
    pub complaints: Option<LocalTextForm>,
    /// The municipality's own offer.
    pub own_offer: Option<OwnOfferForm>,
}

fn legal_bases() -> Object {
    words("Legal basis of the arrangement.", LegalBasis::ALL.map(LegalBasis::as_str))
}
pub(crate) fn age_references() -> Object {
    words("Reference day of the age.", AgeReference::ALL.map(AgeReference::as_str))
}
fn default_rules() -> Object {
    words(
        "The municipality's own offer, or shared out among the providers.",
        ["municipal", "distribute"],
    )
}
fn refusal_grounds() -> Array {
    let codes = RefusalGround::ALL.iter().map(|ground| ground.as_str());
    grounds("Grounds that may refuse beside unmet criteria.", codes)
}
fn revocation_grounds() -> Array {
    let codes = RevocationGround::ALL.iter().map(|ground| ground.as_str());
    grounds("Grounds that may revoke: nothing else can found a revocation.", codes)
}
fn grounds(says: &str, codes: impl Iterator<Item = &'static str>) -> Array {
    let ground = words("The code of a ground, see `/v1/grounds`.", codes);
    ArrayBuilder::new().items(ground).description(Some(says)).build()
}
