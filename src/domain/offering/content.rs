//! Tjenestegrunnlag, kvalifikasjonsgrunnlag og vilkår: the five parts and the citizen part of an offering.
//!
//! The parts are those that helse- og omsorgstjenesteloven § 3-11 second paragraph a demanded. A
//! [`OfferingContent`] exists only when nothing is missing, so an incomplete offering cannot be published.

use std::collections::BTreeSet;

pub use super::intake::{AdmissionRound, Intake, MaxProviders};
pub use super::terms::{AgeReference, LegalBasis, Settlement, StandStillRule, Vat};
use crate::domain::{
    compensation::{division::Divisions, extra::Extras, rate::Rate, table::PriceTable},
    message::fields,
    municipality::Contact,
    rules::ground::{RefusalGround, RevocationGround},
    validation::ValidationErrors,
    values::{
        numbers::Language,
        text::{Code, Line, LocalPresentation, LocalText, Phone, WebAddress},
        time::Period,
    },
};

/// A named part of the municipality in which the service can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its code within the offering.
    pub code: Code,
    /// Display name.
    pub name: Line,
}

/// Part 1: the service and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Content of the service.
    pub description: LocalText,
    /// Target group.
    pub target_group: LocalText,
    /// Where, at least one.
    pub zones: Vec<Zone>,
    /// How soon a chosen provider starts.
    pub start_up: Period,
}

/// Part 2: how to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The application process.
    pub how_to_apply: LocalText,
    /// How long it is expected to take.
    pub expected_time: Period,
    /// Contact for questions.
    pub contact: Contact,
    /// Continuous intake or rounds.
    pub intake: Intake,
    /// The greatest number of providers, where the legal basis allows one.
    pub max_providers: Option<MaxProviders>,
}

/// How old a piece of evidence may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxAge {
    /// At most this.
    pub period: Period,
    /// Reference day of the age.
    pub counted_to: AgeReference,
}

/// A kind of evidence required by a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRule {
    /// The kind, such as `tax-certificate`.
    pub kind: Code,
    /// Its maximum age.
    pub max_age: Option<MaxAge>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its code within the offering; an answer and an assessment line carry the same.
    pub code: Code,
    /// Which of the nineteen matters it belongs to.
    pub topic: Code,
    /// The requirement.
    pub text: LocalText,
    /// Whether the criterion is mandatory.
    pub mandatory: bool,
    /// To whom it applies; to everyone where it says nothing.
    pub applies_to: Option<LocalText>,
    /// The required evidence.
    pub evidence: Vec<EvidenceRule>,
    /// Its legal source.
    pub legal_source: Option<Line>,
}

/// Part 4: the terms of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// How long a contract runs.
    pub duration: Period,
    /// The provider's notice.
    pub notice_by_provider: Period,
    /// The municipality's notice.
    pub notice_by_municipality: Period,
    /// Settlement by decided or performed time.
    pub settlement: Settlement,
    /// How a provider that stops hands its users over.
    pub winding_down: Period,
    /// Rules on capacity, subcontracting, add-ons, marketing, reporting and sanctions.
    pub conditions: LocalText,
    /// Grounds to refuse beside unmet criteria.
    pub refusal_grounds: BTreeSet<RefusalGround>,
    /// The grounds that may revoke; at least one, since nothing else can found a revocation.
    pub revocation_grounds: BTreeSet<RevocationGround>,
}

impl Criterion {
    /// Whether its line can be closed as not applicable: a mandatory criterion must say to whom it applies, so that all
    /// applicants are measured alike.
    #[must_use]
    pub const fn may_be_inapplicable(&self) -> bool {
        !self.mandatory || self.applies_to.is_some()
    }
}

impl Terms {
    /// Whether an approval may be revoked on this ground: the terms list it, or the law itself allows
    /// it, as for an approval that was never valid (forvaltningsloven § 35).
    #[must_use]
    pub fn may_revoke_on(&self, ground: RevocationGround) -> bool {
        ground == RevocationGround::InvalidDecision || self.revocation_grounds.contains(&ground)
    }

    /// Whether an application that meets every criterion may be refused on a ground.
    #[must_use]
    pub fn has_further_refusal_ground(&self) -> bool {
        self.refusal_grounds.iter().any(|ground| *ground != RefusalGround::CriteriaNotMet)
    }
}

/// Part 5: the fixed compensation. It is the same for every provider: none has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compensation {
    /// The hours that are priced apart, over time.
    pub divisions: Divisions,
    /// The price table, line by line.
    pub rates: Vec<Rate>,
    /// Payments beside the rates.
    pub extras: Extras,
}

/// Default for users who do not choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultRule {
    /// The municipality's own offer serves them.
    Municipal,
    /// They are shared out by a rule.
    Distribute {
        /// The rule, which must be published.
        rule: LocalText,
    },
}

/// The municipality's own offer, displayed beside the others with the same fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOffer {
    /// Name of the unit.
    pub name: Line,
    /// A short factual presentation.
    pub presentation: LocalPresentation,
    /// Languages spoken with users.
    pub languages: Vec<Language>,
    /// Public telephone.
    pub phone: Option<Phone>,
    /// Public web page.
    pub web: Option<WebAddress>,
}

/// Choosing, switching, complaining.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenChoice {
    pub how_to_choose: LocalText,
    pub how_to_switch: LocalText,
    /// How long one has to choose.
    pub choice_deadline: Period,
    /// The result without a choice.
    pub default_rule: DefaultRule,
    /// How long a switch takes.
    pub switch_notice: Period,
    /// Whether a switch needs a reason.
    pub switch_reason_required: bool,
    /// The user's payment.
    pub user_payment: LocalText,
    /// Where to complain (pasient- og brukerrettighetsloven § 7-2).
    pub complaints: LocalText,
}

/// The citizen part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    pub choice: CitizenChoice,
    /// The municipality's own offer.
    pub own_offer: OwnOffer,
}

/// All parts of a complete offering, before the rules that go across them are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentParts {
    pub title: LocalText,
    pub legal_basis: LegalBasis,
    pub service: Service,
    pub process: Process,
    pub criteria: Vec<Criterion>,
    pub terms: Terms,
    pub compensation: Compensation,
    pub citizen: Citizen,
}

/// A complete offering whose parts agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferingContent {
    parts: ContentParts,
    table: PriceTable,
}

impl OfferingContent {
    /// Checks rules across the parts.
    ///
    /// # Errors
    /// All errors: `duplicate` codes, `cap-not-allowed`, `rounds-not-allowed`, `round-order`; below
    /// `/compensation` those of [`PriceTable::new`].
    pub fn new(parts: ContentParts) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let zones =
            unique(&mut errors, "/service/zones", parts.service.zones.iter().map(|z| &z.code));
        unique(&mut errors, "/criteria", parts.criteria.iter().map(|c| &c.code));
        parts.process.check_intake(parts.legal_basis, &mut errors);
        let Compensation { divisions, rates, .. } = &parts.compensation;
        let table = PriceTable::new(zones.into_iter().cloned(), divisions.clone(), rates.clone());
        let table = table.map_err(|found| errors.extend(found.under("/compensation"))).ok();
        errors.finish(table).map(|table| Self { parts, table })
    }

    /// All parts.
    #[must_use]
    pub const fn parts(&self) -> &ContentParts {
        &self.parts
    }

    /// The same with other compensation.
    ///
    /// # Errors
    /// As [`OfferingContent::new`].
    pub fn with_compensation(self, compensation: Compensation) -> Result<Self, ValidationErrors> {
        Self::new(ContentParts { compensation, ..self.parts })
    }

    /// Takes over the prices of the same version after announcements.
    pub fn take_prices(&mut self, priced: &Self) {
        self.parts.compensation.clone_from(&priced.parts.compensation);
        self.table.clone_from(&priced.table);
    }

    /// The price table: everything that was, is and will be in force.
    #[must_use]
    pub const fn table(&self) -> &PriceTable {
        &self.table
    }

    /// The payments beside the rates.
    #[must_use]
    pub const fn extras(&self) -> Extras {
        self.parts.compensation.extras
    }

    /// The criteria, in published order.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.parts.criteria
    }

    /// The criterion of that code.
    #[must_use]
    pub fn criterion(&self, code: &Code) -> Option<&Criterion> {
        self.parts.criteria.iter().find(|criterion| criterion.code == *code)
    }

    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.parts.service.zones
    }

    /// How to apply, and how long it is expected to take.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.parts.process
    }

    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.parts.terms
    }

    #[must_use]
    pub fn title(&self) -> &LocalText {
        &self.parts.title
    }

    /// The legal basis.
    #[must_use]
    pub fn legal_basis(&self) -> LegalBasis {
        self.parts.legal_basis
    }
}

fn unique<'a>(
    errors: &mut ValidationErrors,
    pointer: &str,
    codes: impl Iterator<Item = &'a Code>,
) -> BTreeSet<&'a Code> {
    let mut seen = BTreeSet::new();
    for (i, code) in codes.enumerate() {
        if !seen.insert(code) {
            errors.add(format!("{pointer}/{i}/code"), fields::duplicate_code());
        }
    }
    seen
}
