//! Parsing an offering's content: the domain value, or every error with its location.

use super::{
    CitizenForm, ContentForm, CriterionForm, DefaultRuleForm, OwnOfferForm, ProcessForm,
    ServiceForm, TermsForm,
};
use crate::{
    catalogue::Catalogue,
    domain::{
        compensation::{extra::Extras, table::PriceTable},
        offering::content::{
            AgeReference, Citizen, ContentParts, Criterion, DefaultRule, EvidenceRule, Intake,
            LegalBasis, OfferingContent, OwnOffer, Process, Service, Settlement, Terms, Zone,
        },
        rules::ground::{Ground, RefusalGround, RevocationGround},
        validation::ValidationErrors,
        value_error::ValueError,
        values::text::{Code, Line, Phone, WebAddress},
    },
    json::{each, languages, need_period, need_presentation, need_text, one_of},
};

const NO_CRITERIA: &str = "List at least one criterion.";
const NO_ZONES: &str = "Name at least one zone; the whole municipality can be one.";
const MOST_PROVIDERS: u16 = 1000;
const NO_REVOCATION_GROUNDS: &str =
    "List the grounds on which an approval may be revoked: one that is not listed cannot be used.";

impl ContentForm {
    /// The complete content, or all that is missing or wrong.
    pub fn read(&self, catalogue: &Catalogue) -> Result<OfferingContent, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let parts = self.parts(&mut errors, catalogue);
        match parts {
            Some(parts) if errors.is_empty() => OfferingContent::new(parts),
            _ => Err(errors),
        }
    }

    /// The price table and the payments beside it, if valid, as those of a published version are.
    #[must_use]
    pub fn prices(&self) -> Option<(PriceTable, Extras)> {
        let zones = self.service.as_ref()?.zones.iter().map(|zone| Code::parse(&zone.code));
        let zones: Vec<_> = zones.collect::<Result<_, _>>().ok()?;
        let read = self.compensation.as_ref()?.read(&mut ValidationErrors::default(), "")?;
        Some((PriceTable::new(zones, read.divisions, read.rates).ok()?, read.extras))
    }

    fn parts(&self, f: &mut ValidationErrors, catalogue: &Catalogue) -> Option<ContentParts> {
        let title = need_text(f, "/title", self.title.as_ref());
        let legal_basis = f.parse("/legalBasis", self.legal_basis.as_ref(), |value| {
            one_of(value, &LegalBasis::ALL, LegalBasis::as_str)
        });
        let empty = (ServiceForm::default(), ProcessForm::default(), TermsForm::default());
        let service = self.service.as_ref().unwrap_or(&empty.0).read(f);
        let process = self.process.as_ref().unwrap_or(&empty.1).read(f);
        let criteria = some_of(f, "/criteria", &self.criteria, NO_CRITERIA, |f, at, form| {
            form.read(f, at, catalogue)
        });
        let terms = self.terms.as_ref().unwrap_or(&empty.2).read(f);
        let compensation = self.compensation.clone().unwrap_or_default().read(f, "/compensation");
        let citizen = self.citizen.clone().unwrap_or_default().read(f);
        Some(ContentParts {
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
    f: &mut ValidationErrors,
    at: &str,
    forms: &[F],
    none: &str,
    read: impl FnMut(&mut ValidationErrors, &str, &F) -> Option<T>,
) -> Option<Vec<T>> {
    if forms.is_empty() {
        f.missing(at, none);
        return None;
    }
    each(f, at, forms, read)
}

impl ServiceForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<Service> {
        let description = need_text(f, "/service/description", self.description.as_ref());
        let target_group = need_text(f, "/service/targetGroup", self.target_group.as_ref());
        let zones = some_of(f, "/service/zones", &self.zones, NO_ZONES, |f, at, zone| {
            let code = f.collect(&format!("{at}/code"), Code::parse(&zone.code));
            let name = f.collect(&format!("{at}/name"), Line::parse(&zone.name));
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
    fn read(&self, f: &mut ValidationErrors) -> Option<Process> {
        let how_to_apply = need_text(f, "/process/howToApply", self.how_to_apply.as_ref());
        let expected_time = need_period(f, "/process/expectedTime", self.expected_time.as_ref());
        let contact = f
            .require("/process/contact", self.contact.as_ref())
            .and_then(|form| form.read(f, "/process/contact"));
        let intake = match &self.intake {
            None => Some(Intake::Running),
            Some(form) => form.read(f, "/process/intake"),
        };
        if self.max_providers.is_some_and(|most| !(1..=MOST_PROVIDERS).contains(&most)) {
            let detail = "A cap is a number from 1 to 1000.";
            f.add("/process/maxProviders", ValueError::new("out-of-range", detail));
        }
        Some(Process {
            how_to_apply: how_to_apply?,
            expected_time: expected_time?,
            contact: contact?,
            intake: intake?,
            max_providers: self.max_providers,
        })
    }
}

impl CriterionForm {
    fn read(&self, f: &mut ValidationErrors, at: &str, catalogue: &Catalogue) -> Option<Criterion> {
        let code = f.collect(&format!("{at}/code"), Code::parse(&self.code));
        let topic = f.collect(&format!("{at}/matter"), catalogue.topic(&self.matter));
        let text = self.text.read(f, &format!("{at}/text"));
        let evidence = each(f, &format!("{at}/evidence"), &self.evidence, |f, at, rule| {
            let kind = f.collect(&format!("{at}/kind"), Code::parse(&rule.kind));
            let max_age = match &rule.max_age {
                None => None,
                Some(age) => Some((
                    age.period.read(f, &format!("{at}/maxAge/period"))?,
                    f.collect(
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
            topic: topic?,
            text: text?,
            mandatory: self.mandatory,
            evidence: evidence?,
            legal_source,
        })
    }
}

impl TermsForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<Terms> {
        let duration = need_period(f, "/terms/duration", self.duration.as_ref());
        let by_provider =
            need_period(f, "/terms/noticeByProvider", self.notice_by_provider.as_ref());
        let by_municipality =
            need_period(f, "/terms/noticeByMunicipality", self.notice_by_municipality.as_ref());
        let settlement = f.parse("/terms/settlement", self.settlement.as_ref(), |value| {
            one_of(value, &Settlement::ALL, Settlement::as_str)
        });
        let winding_down = need_period(f, "/terms/windingDown", self.winding_down.as_ref());
        let conditions = need_text(f, "/terms/conditions", self.conditions.as_ref());
        let refusal = each(f, "/terms/refusalGrounds", &self.refusal_grounds, |f, at, value| {
            f.collect(at, RefusalGround::parse(value))
        });
        let revocation = some_of(
            f,
            "/terms/revocationGrounds",
            &self.revocation_grounds,
            NO_REVOCATION_GROUNDS,
            |f, at, value| f.collect(at, RevocationGround::parse(value)),
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

impl DefaultRuleForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<DefaultRule> {
        match self.kind.as_str() {
            "municipal" => {
                let detail = "Only ‘distribute’ has a rule: leave it out, or remove it by null.";
                f.unexpected(format!("{at}/rule"), self.rule.is_some(), detail);
                Some(DefaultRule::Municipal)
            }
            "distribute" => {
                need_text(f, &format!("{at}/rule"), self.rule.as_ref()).map(DefaultRule::Distribute)
            }
            _ => {
                let detail = "Use one of municipal, distribute.";
                f.add(format!("{at}/kind"), ValueError::new("unknown-value", detail));
                None
            }
        }
    }
}

impl CitizenForm {
    fn read(&self, f: &mut ValidationErrors) -> Option<Citizen> {
        let how_to_choose = need_text(f, "/citizen/howToChoose", self.how_to_choose.as_ref());
        let how_to_switch = need_text(f, "/citizen/howToSwitch", self.how_to_switch.as_ref());
        let choice_deadline =
            need_period(f, "/citizen/choiceDeadline", self.choice_deadline.as_ref());
        let default_rule = f
            .require("/citizen/defaultRule", self.default_rule.as_ref())
            .and_then(|form| form.read(f, "/citizen/defaultRule"));
        let switch_notice = need_period(f, "/citizen/switchNotice", self.switch_notice.as_ref());
        let reason = f.require("/citizen/switchReasonRequired", self.switch_reason_required);
        let user_payment = need_text(f, "/citizen/userPayment", self.user_payment.as_ref());
        let complaints = need_text(f, "/citizen/complaints", self.complaints.as_ref());
        let own_offer = f
            .require("/citizen/ownOffer", self.own_offer.as_ref())
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
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<OwnOffer> {
        let name = f.parse(&format!("{at}/name"), self.name.as_ref(), Line::parse);
        let presentation =
            need_presentation(f, &format!("{at}/presentation"), self.presentation.as_ref());
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
