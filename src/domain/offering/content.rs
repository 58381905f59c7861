//! Tjenestegrunnlag, kvalifikasjonsgrunnlag og vilkår: the five parts and the citizen part of an offering.
//!
//! The parts are those that helse- og omsorgstjenesteloven § 3-11 second paragraph a demanded. A
//! [`Content`] exists only when nothing is missing, so an incomplete offering cannot be published.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::{
    fault::Fault,
    faults::Faults,
    ground::{RefusalGround, RevocationGround},
    money::Price,
    municipality::Contact,
    numbers::Language,
    text::{Code, Line, LocalText, Phone, WebAddress},
    time::Period,
};

/// What the arrangement rests on. It decides which duties come with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegalBasis {
    /// helse- og omsorgstjenesteloven § 3-11, in force 1 September 2021 to 9 June 2022.
    Act311,
    /// helse- og omsorgstjenesteloven § 3-1 last paragraph, open to all who qualify.
    Act31OpenToAll,
    /// anskaffelsesforskriften § 30-1 fourth paragraph, award by user choice.
    ProcurementUserChoice,
    /// Tjenestekonsesjon.
    Concession,
    /// Rammeavtale.
    FrameworkAgreement,
}

impl LegalBasis {
    /// Every basis.
    pub const ALL: [Self; 5] = [
        Self::Act311,
        Self::Act31OpenToAll,
        Self::ProcurementUserChoice,
        Self::Concession,
        Self::FrameworkAgreement,
    ];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Act311 => "hol-3-11",
            Self::Act31OpenToAll => "hol-3-1-open-to-all",
            Self::ProcurementUserChoice => "foa-30-1-user-choice",
            Self::Concession => "concession",
            Self::FrameworkAgreement => "framework-agreement",
        }
    }

    /// Whether something new can rest on it on that day.
    #[must_use]
    pub fn in_force(self, day: NaiveDate) -> bool {
        let between = |from: Option<NaiveDate>, until: Option<NaiveDate>| {
            from.is_some_and(|from| from <= day) && until.is_some_and(|until| day < until)
        };
        match self {
            Self::Act311 => {
                between(NaiveDate::from_ymd_opt(2021, 9, 1), NaiveDate::from_ymd_opt(2022, 6, 10))
            }
            _ => true,
        }
    }
}

/// A named part of the municipality in which the service can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its code within the offering.
    pub code: Code,
    /// What people call it.
    pub name: Line,
}

/// Part 1: the service and what it consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// What the service consists of.
    pub description: LocalText,
    /// For whom it is.
    pub target_group: LocalText,
    /// Where, at least one.
    pub zones: Vec<Zone>,
    /// How soon a chosen provider starts.
    pub start_up: Period,
}

/// Part 2: how to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// How to apply and what happens then.
    pub how_to_apply: LocalText,
    /// How long it is expected to take.
    pub expected_time: Period,
    /// Who answers questions.
    pub contact: Contact,
}

/// What the age of a piece of evidence is counted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeReference {
    /// The instant the application is received.
    Received,
    /// The cut-off of the round (anskaffelsesforskriften § 7-2).
    RoundCutoff,
    /// The day the decision is notified (anskaffelsesloven § 5l).
    DecisionNotified,
    /// The day somebody is offered a post (helse- og omsorgstjenesteloven § 5-4).
    Hiring,
}

impl AgeReference {
    /// Every reference point.
    pub const ALL: [Self; 4] =
        [Self::Received, Self::RoundCutoff, Self::DecisionNotified, Self::Hiring];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::RoundCutoff => "round-cutoff",
            Self::DecisionNotified => "decision-notified",
            Self::Hiring => "hiring",
        }
    }
}

/// A kind of evidence that a criterion asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRule {
    /// The kind, such as `tax-certificate`.
    pub kind: Code,
    /// How old it may be, and counted to what.
    pub max_age: Option<(Period, AgeReference)>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its code within the offering; an answer and an assessment line carry the same.
    pub code: Code,
    /// Which of the nineteen matters it belongs to.
    pub matter: Code,
    /// What is demanded.
    pub text: LocalText,
    /// Whether an approval stands or falls with it.
    pub mandatory: bool,
    /// What must be shown.
    pub evidence: Vec<EvidenceRule>,
    /// Where it comes from in law.
    pub legal_source: Option<Line>,
}

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// Vedtakstid: the time that was decided.
    DecidedTime,
    /// Utført tid: the time that was performed.
    PerformedTime,
}

impl Settlement {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::DecidedTime, Self::PerformedTime];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DecidedTime => "decided-time",
            Self::PerformedTime => "performed-time",
        }
    }
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
    /// What is paid for.
    pub settlement: Settlement,
    /// How a provider that stops hands its users over.
    pub winding_down: Period,
    /// Rules on capacity, subcontracting, add-ons, marketing, reporting and sanctions.
    pub conditions: LocalText,
    /// The grounds that may refuse beside unmet criteria.
    pub refusal_grounds: BTreeSet<RefusalGround>,
    /// The grounds that may revoke; at least one, since nothing else can found a revocation.
    pub revocation_grounds: BTreeSet<RevocationGround>,
}

/// What one unit of the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Hour,
    Visit,
    PlaceDay,
    Month,
}

impl Unit {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Visit, Self::PlaceDay, Self::Month];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Visit => "visit",
            Self::PlaceDay => "place-day",
            Self::Month => "month",
        }
    }
}

/// When in the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    All,
    Day,
    Evening,
    Night,
    Weekend,
    HolyDay,
}

impl Band {
    /// Every value.
    pub const ALL: [Self; 6] =
        [Self::All, Self::Day, Self::Evening, Self::Night, Self::Weekend, Self::HolyDay];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Day => "day",
            Self::Evening => "evening",
            Self::Night => "night",
            Self::Weekend => "weekend",
            Self::HolyDay => "holy-day",
        }
    }
}

/// How value added tax is treated; stored, never assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vat {
    Exempt,
    Included,
    Excluded,
}

impl Vat {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Exempt, Self::Included, Self::Excluded];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exempt => "exempt",
            Self::Included => "included",
            Self::Excluded => "excluded",
        }
    }
}

/// Part 5: one line of the fixed compensation. It is the same for every provider: none has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompensationLine {
    /// Per what.
    pub unit: Unit,
    /// When in the week.
    pub band: Band,
    /// In one zone, or in all.
    pub zone: Option<Code>,
    /// The price.
    pub amount: Price,
    /// How value added tax is treated.
    pub vat: Vat,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, where there is one.
    pub valid_to: Option<NaiveDate>,
}

impl CompensationLine {
    fn overlaps(&self, other: &Self) -> bool {
        self.unit == other.unit
            && self.band == other.band
            && self.zone == other.zone
            && other.valid_to.is_none_or(|end| self.valid_from <= end)
            && self.valid_to.is_none_or(|end| other.valid_from <= end)
    }
}

/// What happens to those who do not choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultRule {
    /// The municipality's own offer serves them.
    Municipal,
    /// They are shared out by a rule, which must be published.
    Distribute(LocalText),
}

/// The municipality's own offer, shown beside the others with the same fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOffer {
    /// Name of the unit.
    pub name: Line,
    /// A short factual presentation.
    pub presentation: LocalText,
    /// Languages spoken with users.
    pub languages: Vec<Language>,
    /// Public telephone.
    pub phone: Option<Phone>,
    /// Public web page.
    pub web: Option<WebAddress>,
}

/// The citizen part: choosing, switching, complaining.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// How to choose.
    pub how_to_choose: LocalText,
    /// How to switch.
    pub how_to_switch: LocalText,
    /// How long one has to choose.
    pub choice_deadline: Period,
    /// What happens without a choice.
    pub default_rule: DefaultRule,
    /// How long a switch takes.
    pub switch_notice: Period,
    /// Whether a reason is asked for on a switch.
    pub switch_reason_required: bool,
    /// What the user pays.
    pub user_payment: LocalText,
    /// Where to complain (pasient- og brukerrettighetsloven § 7-2).
    pub complaints: LocalText,
    /// The municipality's own offer.
    pub own_offer: OwnOffer,
}

/// All parts of a complete offering, before the rules that go across them are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    pub title: LocalText,
    pub legal_basis: LegalBasis,
    pub service: Service,
    pub process: Process,
    pub criteria: Vec<Criterion>,
    pub terms: Terms,
    pub compensation: Vec<CompensationLine>,
    pub citizen: Citizen,
}

/// A complete offering whose parts agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content(Parts);

impl Content {
    /// Checks what goes across the parts.
    ///
    /// # Errors
    /// All faults: `duplicate` codes, `unknown-zone`, `compensation-overlap`.
    pub fn new(parts: Parts) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let zones =
            unique(&mut faults, "/service/zones", parts.service.zones.iter().map(|z| &z.code));
        unique(&mut faults, "/criteria", parts.criteria.iter().map(|c| &c.code));
        for (i, line) in parts.compensation.iter().enumerate() {
            if line.zone.as_ref().is_some_and(|zone| !zones.contains(zone)) {
                faults.add(
                    format!("/compensation/{i}/zone"),
                    Fault::new("unknown-zone", "Use a code that stands in /service/zones."),
                );
            }
            if line.valid_to.is_some_and(|end| end < line.valid_from) {
                faults.add(
                    format!("/compensation/{i}/validTo"),
                    Fault::new("date-order", "The last day cannot be before the first."),
                );
            }
            if parts.compensation.iter().take(i).any(|earlier| earlier.overlaps(line)) {
                faults.add(
                    format!("/compensation/{i}"),
                    Fault::new(
                        "compensation-overlap",
                        "Two lines for the same unit, band and zone are valid on the same day.",
                    ),
                );
            }
        }
        if faults.is_empty() { Ok(Self(parts)) } else { Err(faults) }
    }

    /// The criteria, in published order.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.0.criteria
    }

    /// The criterion of that code.
    #[must_use]
    pub fn criterion(&self, code: &Code) -> Option<&Criterion> {
        self.0.criteria.iter().find(|criterion| criterion.code == *code)
    }

    /// The zones.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.0.service.zones
    }

    /// The terms.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.0.terms
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &LocalText {
        &self.0.title
    }

    /// What it rests on.
    #[must_use]
    pub fn legal_basis(&self) -> LegalBasis {
        self.0.legal_basis
    }
}

fn unique<'a>(
    faults: &mut Faults,
    pointer: &str,
    codes: impl Iterator<Item = &'a Code>,
) -> BTreeSet<&'a Code> {
    let mut seen = BTreeSet::new();
    for (i, code) in codes.enumerate() {
        if !seen.insert(code) {
            faults.add(
                format!("{pointer}/{i}/code"),
                Fault::new("duplicate", "Another entry of the list has the same code."),
            );
        }
    }
    seen
}
