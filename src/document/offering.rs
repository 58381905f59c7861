//! The JSON form of an offering's content: the five parts and the citizen part.

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{Array, ArrayBuilder, Object},
};

use super::{
    ContactForm, LocalTextForm, PeriodForm, each, languages, need_period, need_text, one_of, words,
};
use crate::{
    catalogue::Catalogue,
    domain::{
        fault::Fault,
        faults::Faults,
        ground::{Ground, RefusalGround, RevocationGround},
        money::Price,
        offering::content::{
            AgeReference, Band, Citizen, CompensationLine, Content, Criterion, DefaultRule,
            EvidenceRule, LegalBasis, OwnOffer, Parts, Process, Service, Settlement, Terms, Unit,
            Vat, Zone,
        },
        text::{Code, Line, Phone, WebAddress},
        time::parse_day,
    },
};

/// What an offering says. A draft may lack anything; to be published nothing may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "OfferingContent", example = json!({"title": {"nb": "Brukerstyrt personlig assistanse"}}))]
pub struct ContentForm {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<LocalTextForm>,
    /// What the arrangement rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = legal_bases)]
    pub legal_basis: Option<String>,
    /// Part 1: the service and what it consists of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service: Option<ServiceForm>,
    /// Part 2: how to apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub process: Option<ProcessForm>,
    /// Part 3: the criteria, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub criteria: Vec<CriterionForm>,
    /// Part 4: the terms of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub terms: Option<TermsForm>,
    /// Part 5: the fixed compensation, at least one line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub compensation: Vec<CompensationLineForm>,
    /// The citizen part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub citizen: Option<CitizenForm>,
}

/// Part 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "OfferingService")]
pub struct ServiceForm {
    /// What the service consists of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<LocalTextForm>,
    /// For whom it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub target_group: Option<LocalTextForm>,
    /// Where it can be chosen, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub zones: Vec<ZoneForm>,
    /// How soon a chosen provider starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub start_up: Option<PeriodForm>,
}

/// A named part of the municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "Zone", example = json!({"code": "whole", "name": "Hele kommunen"}))]
pub struct ZoneForm {
    /// Its code within the offering.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub code: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// Part 2.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "OfferingProcess")]
pub struct ProcessForm {
    /// How to apply and what happens then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub how_to_apply: Option<LocalTextForm>,
    /// How long it is expected to take.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expected_time: Option<PeriodForm>,
    /// Who answers questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact: Option<ContactForm>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "Criterion", example = json!({
    "code": "tax-certificate", "matter": "registration-tax-finance", "text": {"nb": "Skatteattest"},
    "mandatory": true, "evidence": [{"kind": "tax-certificate"}]
}))]
pub struct CriterionForm {
    /// Its code within the offering; answers and assessments use it.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub code: String,
    /// The matter it belongs to, see `/v1/criteria`.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub matter: String,
    /// What is demanded.
    pub text: LocalTextForm,
    /// Whether an approval stands or falls with it.
    pub mandatory: bool,
    /// What must be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub evidence: Vec<EvidenceRuleForm>,
    /// Where it comes from in law.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub legal_source: Option<String>,
}

/// A kind of evidence that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "EvidenceRule")]
pub struct EvidenceRuleForm {
    /// The kind of evidence.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub kind: String,
    /// How old it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max_age: Option<MaxAgeForm>,
}

/// How old a piece of evidence may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "MaxAge")]
pub struct MaxAgeForm {
    /// At most this.
    pub period: PeriodForm,
    /// Counted to what.
    #[schema(schema_with = age_references)]
    pub counted_to: String,
}

/// Part 4.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "ContractTerms")]
pub struct TermsForm {
    /// How long a contract runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub duration: Option<PeriodForm>,
    /// The provider's notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub notice_by_provider: Option<PeriodForm>,
    /// The municipality's notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub notice_by_municipality: Option<PeriodForm>,
    /// What is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = settlements)]
    pub settlement: Option<String>,
    /// How long a provider that stops still serves the users it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub winding_down: Option<PeriodForm>,
    /// Capacity, subcontracting, add-ons, marketing, reporting, sanctions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub conditions: Option<LocalTextForm>,
    /// Grounds that may refuse beside unmet criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = refusal_grounds)]
    pub refusal_grounds: Vec<String>,
    /// Grounds that may revoke, at least one: nothing else can found a revocation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = revocation_grounds)]
    pub revocation_grounds: Vec<String>,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "Money", example = json!({"amount": "814.00", "currency": "NOK"}))]
pub struct MoneyForm {
    /// Kroner and øre as a decimal text.
    #[schema(max_length = 13, pattern = r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$")]
    pub amount: String,
    /// Always NOK.
    #[schema(schema_with = currencies)]
    pub currency: String,
}

/// Part 5: one line of the fixed compensation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "CompensationLine", example = json!({
    "unit": "hour", "band": "all", "amount": {"amount": "814.00", "currency": "NOK"},
    "vat": "exempt", "validFrom": "2026-01-01"
}))]
pub struct CompensationLineForm {
    /// Per what.
    #[schema(schema_with = units)]
    pub unit: String,
    /// When in the week.
    #[schema(schema_with = bands)]
    pub band: String,
    /// In one zone; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 60)]
    pub zone: Option<String>,
    /// The price, above zero.
    pub amount: MoneyForm,
    /// How value added tax is treated.
    #[schema(schema_with = vats)]
    pub vat: String,
    /// First day.
    #[schema(format = Date)]
    pub valid_from: String,
    /// Last day; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = Date)]
    pub valid_to: Option<String>,
}

/// What happens to those who do not choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "DefaultRule", example = json!({"kind": "municipal"}))]
pub struct DefaultRuleForm {
    /// The municipality's own offer, or shared out among the providers.
    #[schema(schema_with = default_rules)]
    pub kind: String,
    /// The rule by which they are shared out; needed for `distribute`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rule: Option<LocalTextForm>,
}

/// The municipality's own offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "OwnOffer")]
pub struct OwnOfferForm {
    /// Name of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// A short factual presentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub presentation: Option<LocalTextForm>,
    /// Languages spoken with users, ISO 639.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub languages: Vec<String>,
    /// Public telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 5, max_length = 40)]
    pub phone: Option<String>,
    /// Public web page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 8, max_length = 500)]
    pub web: Option<String>,
}

/// The citizen part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(title = "CitizenPart")]
pub struct CitizenForm {
    /// How to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub how_to_choose: Option<LocalTextForm>,
    /// How to switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub how_to_switch: Option<LocalTextForm>,
    /// How long one has to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub choice_deadline: Option<PeriodForm>,
    /// What happens without a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub default_rule: Option<DefaultRuleForm>,
    /// How long a switch takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub switch_notice: Option<PeriodForm>,
    /// Whether a reason is asked for on a switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub switch_reason_required: Option<bool>,
    /// What the user pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_payment: Option<LocalTextForm>,
    /// Where to complain (pasient- og brukerrettighetsloven § 7-2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complaints: Option<LocalTextForm>,
    /// The municipality's own offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub own_offer: Option<OwnOfferForm>,
}

const NO_CRITERIA: &str = "Say at least one criterion that a provider must meet.";
const NO_COMPENSATION: &str = "Fix the compensation: at least one line.";
const NO_ZONES: &str = "Name at least one zone; the whole municipality can be one.";
const NO_REVOCATION_GROUNDS: &str =
    "List the grounds on which an approval may be revoked: one that is not listed cannot be used.";

impl ContentForm {
    /// The complete content, or all that is missing or wrong.
    pub fn read(&self, catalogue: &Catalogue) -> Result<Content, Faults> {
        let mut faults = Faults::default();
        let parts = self.parts(&mut faults, catalogue);
        match parts {
            Some(parts) if faults.is_empty() => Content::new(parts),
            _ => Err(faults),
        }
    }

    fn parts(&self, f: &mut Faults, catalogue: &Catalogue) -> Option<Parts> {
        let title = need_text(f, "/title", self.title.as_ref());
        let legal_basis = f.parse("/legalBasis", self.legal_basis.as_ref(), |said| {
            one_of(said, &LegalBasis::ALL, LegalBasis::as_str)
        });
        let empty = (ServiceForm::default(), ProcessForm::default(), TermsForm::default());
        let service = self.service.as_ref().unwrap_or(&empty.0).read(f);
        let process = self.process.as_ref().unwrap_or(&empty.1).read(f);
        let criteria = some_of(f, "/criteria", &self.criteria, NO_CRITERIA, |f, at, form| {
            form.read(f, at, catalogue)
        });
        let terms = self.terms.as_ref().unwrap_or(&empty.2).read(f);
        let compensation =
            some_of(f, "/compensation", &self.compensation, NO_COMPENSATION, |f, at, form| {
                form.read(f, at)
            });
        let citizen = self.citizen.clone().unwrap_or_default().read(f);
        Some(Parts {
            title: title?,
            legal_basis: legal_basis?,
            service: service?,
            process: process?,
            criteria: criteria?,
            terms: terms?,
            compensation: compensation?,
            citizen: citizen?,
        })
    }
}

/// Reads a list that may not be empty.
fn some_of<F, T>(
    f: &mut Faults,
    at: &str,
    forms: &[F],
    none: &str,
    read: impl FnMut(&mut Faults, &str, &F) -> Option<T>,
) -> Option<Vec<T>> {
    if forms.is_empty() {
        f.missing(at, none);
        return None;
    }
    each(f, at, forms, read)
}

impl ServiceForm {
    fn read(&self, f: &mut Faults) -> Option<Service> {
        let description = need_text(f, "/service/description", self.description.as_ref());
        let target_group = need_text(f, "/service/targetGroup", self.target_group.as_ref());
        let zones = some_of(f, "/service/zones", &self.zones, NO_ZONES, |f, at, zone| {
            let code = f.take(&format!("{at}/code"), Code::parse(&zone.code));
            let name = f.take(&format!("{at}/name"), Line::parse(&zone.name));
            Some(Zone { code: code?, name: name? })
        });
        let start_up = need_period(f, "/service/startUp", self.start_up.as_ref());
        Some(Service {
            description: description?,
            target_group: target_group?,
            zones: zones?,
            start_up: start_up?,
        })
    }
}

impl ProcessForm {
    fn read(&self, f: &mut Faults) -> Option<Process> {
        let how_to_apply = need_text(f, "/process/howToApply", self.how_to_apply.as_ref());
        let expected_time = need_period(f, "/process/expectedTime", self.expected_time.as_ref());
        let contact = f
            .need("/process/contact", self.contact.as_ref())
            .and_then(|form| form.read(f, "/process/contact"));
        Some(Process {
            how_to_apply: how_to_apply?,
            expected_time: expected_time?,
            contact: contact?,
        })
    }
}

impl CriterionForm {
    fn read(&self, f: &mut Faults, at: &str, catalogue: &Catalogue) -> Option<Criterion> {
        let code = f.take(&format!("{at}/code"), Code::parse(&self.code));
        let matter = f.take(&format!("{at}/matter"), catalogue.matter(&self.matter));
        let text = self.text.read(f, &format!("{at}/text"));
        let evidence = each(f, &format!("{at}/evidence"), &self.evidence, |f, at, rule| {
            let kind = f.take(&format!("{at}/kind"), Code::parse(&rule.kind));
            let max_age = match &rule.max_age {
                None => None,
                Some(age) => Some((
                    age.period.read(f, &format!("{at}/maxAge/period"))?,
                    f.take(
                        &format!("{at}/maxAge/countedTo"),
                        one_of(&age.counted_to, &AgeReference::ALL, AgeReference::as_str),
                    )?,
                )),
            };
            Some(EvidenceRule { kind: kind?, max_age })
        });
        let legal_source =
            f.parse_optional(&format!("{at}/legalSource"), self.legal_source.as_ref(), Line::parse);
        Some(Criterion {
            code: code?,
            matter: matter?,
            text: text?,
            mandatory: self.mandatory,
            evidence: evidence?,
            legal_source,
        })
    }
}

impl TermsForm {
    fn read(&self, f: &mut Faults) -> Option<Terms> {
        let duration = need_period(f, "/terms/duration", self.duration.as_ref());
        let by_provider =
            need_period(f, "/terms/noticeByProvider", self.notice_by_provider.as_ref());
        let by_municipality =
            need_period(f, "/terms/noticeByMunicipality", self.notice_by_municipality.as_ref());
        let settlement = f.parse("/terms/settlement", self.settlement.as_ref(), |said| {
            one_of(said, &Settlement::ALL, Settlement::as_str)
        });
        let winding_down = need_period(f, "/terms/windingDown", self.winding_down.as_ref());
        let conditions = need_text(f, "/terms/conditions", self.conditions.as_ref());
        let refusal = each(f, "/terms/refusalGrounds", &self.refusal_grounds, |f, at, said| {
            f.take(at, RefusalGround::parse(said))
        });
        let revocation = some_of(
            f,
            "/terms/revocationGrounds",
            &self.revocation_grounds,
            NO_REVOCATION_GROUNDS,
            |f, at, said| f.take(at, RevocationGround::parse(said)),
        );
        Some(Terms {
            duration: duration?,
            notice_by_provider: by_provider?,
            notice_by_municipality: by_municipality?,
            settlement: settlement?,
            winding_down: winding_down?,
            conditions: conditions?,
            refusal_grounds: refusal?.into_iter().collect(),
            revocation_grounds: revocation?.into_iter().collect(),
        })
    }
}

impl MoneyForm {
    /// The price, above zero.
    pub fn read(&self, f: &mut Faults, at: &str) -> Option<Price> {
        if self.currency != "NOK" {
            f.add(format!("{at}/currency"), Fault::new("unknown-value", "Amounts are in NOK."));
        }
        f.take(&format!("{at}/amount"), Price::parse(&self.amount))
    }
}

impl CompensationLineForm {
    fn read(&self, f: &mut Faults, at: &str) -> Option<CompensationLine> {
        let unit = f.take(&format!("{at}/unit"), one_of(&self.unit, &Unit::ALL, Unit::as_str));
        let band = f.take(&format!("{at}/band"), one_of(&self.band, &Band::ALL, Band::as_str));
        let zone = f.parse_optional(&format!("{at}/zone"), self.zone.as_ref(), Code::parse);
        let amount = self.amount.read(f, &format!("{at}/amount"));
        let vat = f.take(&format!("{at}/vat"), one_of(&self.vat, &Vat::ALL, Vat::as_str));
        let valid_from = f.take(&format!("{at}/validFrom"), parse_day(&self.valid_from));
        let valid_to =
            f.parse_optional(&format!("{at}/validTo"), self.valid_to.as_ref(), parse_day);
        Some(CompensationLine {
            unit: unit?,
            band: band?,
            zone,
            amount: amount?,
            vat: vat?,
            valid_from: valid_from?,
            valid_to,
        })
    }
}

impl DefaultRuleForm {
    fn read(&self, f: &mut Faults, at: &str) -> Option<DefaultRule> {
        match self.kind.as_str() {
            "municipal" => Some(DefaultRule::Municipal),
            "distribute" => {
                need_text(f, &format!("{at}/rule"), self.rule.as_ref()).map(DefaultRule::Distribute)
            }
            _ => {
                let detail = "Use one of municipal, distribute.";
                f.add(format!("{at}/kind"), Fault::new("unknown-value", detail));
                None
            }
        }
    }
}

impl CitizenForm {
    fn read(&self, f: &mut Faults) -> Option<Citizen> {
        let how_to_choose = need_text(f, "/citizen/howToChoose", self.how_to_choose.as_ref());
        let how_to_switch = need_text(f, "/citizen/howToSwitch", self.how_to_switch.as_ref());
        let choice_deadline =
            need_period(f, "/citizen/choiceDeadline", self.choice_deadline.as_ref());
        let default_rule = f
            .need("/citizen/defaultRule", self.default_rule.as_ref())
            .and_then(|form| form.read(f, "/citizen/defaultRule"));
        let switch_notice = need_period(f, "/citizen/switchNotice", self.switch_notice.as_ref());
        let reason = f.need("/citizen/switchReasonRequired", self.switch_reason_required);
        let user_payment = need_text(f, "/citizen/userPayment", self.user_payment.as_ref());
        let complaints = need_text(f, "/citizen/complaints", self.complaints.as_ref());
        let own_offer = f
            .need("/citizen/ownOffer", self.own_offer.as_ref())
            .and_then(|form| form.read(f, "/citizen/ownOffer"));
        Some(Citizen {
            how_to_choose: how_to_choose?,
            how_to_switch: how_to_switch?,
            choice_deadline: choice_deadline?,
            default_rule: default_rule?,
            switch_notice: switch_notice?,
            switch_reason_required: reason?,
            user_payment: user_payment?,
            complaints: complaints?,
            own_offer: own_offer?,
        })
    }
}

impl OwnOfferForm {
    fn read(&self, f: &mut Faults, at: &str) -> Option<OwnOffer> {
        let name = f.parse(&format!("{at}/name"), self.name.as_ref(), Line::parse);
        let presentation = need_text(f, &format!("{at}/presentation"), self.presentation.as_ref());
        let languages = languages(f, &format!("{at}/languages"), &self.languages);
        let phone = f.parse_optional(&format!("{at}/phone"), self.phone.as_ref(), Phone::parse);
        let web = f.parse_optional(&format!("{at}/web"), self.web.as_ref(), WebAddress::parse);
        Some(OwnOffer {
            name: name?,
            presentation: presentation?,
            languages: languages?,
            phone,
            web,
        })
    }
}

fn legal_bases() -> Object {
    words("What the arrangement rests on.", LegalBasis::ALL.map(LegalBasis::as_str))
}
fn age_references() -> Object {
    words("Counted to what.", AgeReference::ALL.map(AgeReference::as_str))
}
fn settlements() -> Object {
    words("What is paid for.", Settlement::ALL.map(Settlement::as_str))
}
fn units() -> Object {
    words("Per what.", Unit::ALL.map(Unit::as_str))
}
fn bands() -> Object {
    words("When in the week.", Band::ALL.map(Band::as_str))
}
fn vats() -> Object {
    words("How value added tax is treated.", Vat::ALL.map(Vat::as_str))
}
fn currencies() -> Object {
    words("Always NOK.", ["NOK"])
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
