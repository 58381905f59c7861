//! The JSON form of an offering's content: the five parts and the citizen part.

pub mod difference;
pub mod draft;
pub mod lifecycle;

use std::collections::BTreeSet;

use super::form::{
    ConvertedForm, form,
    scalars::{integer, keyword_forms, newtype_forms},
    serde_bridge::serde_by_form,
};
use crate::domain::{
    municipality::Contact,
    offering::content::{
        AdmissionRound, AgeReference, Citizen, CitizenChoice, Compensation, ContentParts,
        Criterion, DefaultRule, EvidenceRule, Intake, LegalBasis, MaxAge, MaxProviders,
        OfferingContent, OwnOffer, Process, Service, Settlement, Terms, Zone,
    },
    rules::ground::{RefusalGround, RevocationGround},
    validation::ValidationErrors,
    values::{
        numbers::Language,
        text::{Code, Line, LocalPresentation, LocalText, Phone, WebAddress},
        time::Period,
    },
};

keyword_forms!(AgeReference, LegalBasis);
serde_by_form!(CitizenChoice, Service, Terms);

form! {
    /// Content of an offering. A draft may lack any field; a publication needs all.
    #[form(name = "OfferingContent", closed, partial, example({
        "title": {"nb": "Brukerstyrt personlig assistanse"}
    }))]
    struct ContentParts {
        /// The title.
        title: LocalText,
        /// Legal basis of the arrangement.
        legal_basis: LegalBasis,
        /// Part 1: the service and its content.
        service: Service,
        /// Part 2: how to apply.
        process: Process,
        /// Part 3: the criteria, at least one.
        #[form(omit_default, min_items = 1, max_items = 200)]
        criteria: Vec<Criterion>,
        /// Part 4: the terms of the contract.
        terms: Terms,
        /// Part 5: the fixed compensation.
        compensation: Compensation,
        /// The citizen part.
        citizen: Citizen,
    }
}

impl ConvertedForm for OfferingContent {
    type Fields = ContentParts;

    fn to_fields(&self) -> ContentParts {
        self.parts().clone()
    }

    fn from_fields(parts: ContentParts, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        Self::new(parts).map_err(|found| errors.extend(found.under(at))).ok()
    }
}

form! {
    /// Part 1.
    #[form(name = "OfferingService", closed, partial, expand_absent)]
    struct Service {
        /// Content of the service.
        description: LocalText,
        /// Target group.
        target_group: LocalText,
        /// Where it can be chosen, at least one; the whole municipality can be one.
        #[form(omit_default, min_items = 1, max_items = 200)]
        zones: Vec<Zone>,
        /// How soon a chosen provider starts.
        start_up: Period,
    }
}

form! {
    /// A named part of the municipality.
    #[form(name = "Zone", closed, example({"code": "whole", "name": "Hele kommunen"}))]
    struct Zone {
        /// Its code within the offering.
        code: Code,
        /// Display name.
        name: Line,
    }
}

form! {
    /// Part 2.
    #[form(name = "OfferingProcess", closed, partial, expand_absent)]
    struct Process {
        /// The application process.
        how_to_apply: LocalText,
        /// How long it is expected to take.
        expected_time: Period,
        /// Contact for questions.
        contact: Contact,
        /// Continuous (default), or in rounds.
        #[form(omit_default)]
        intake: Intake,
        /// Maximum number of providers; only if the legal basis does not admit everyone.
        max_providers: Option<MaxProviders>,
    }
}

form! {
    /// How applications are taken in.
    #[form(name = "Intake", tag = "mode", closed, tag_docs = "Continuous, or in rounds.", example({
        "mode": "rounds", "rounds": [{"cutOff": "2026-05-01T21:59:59Z", "startsOn": "2026-06-01"}]
    }))]
    enum Intake {
        Running,
        Rounds {
            /// The rounds in order; needed for `rounds`, and only there.
            #[form(min_items = 1, max_items = 100)]
            rounds: Vec<AdmissionRound>,
        },
    }
}

newtype_forms!(MaxProviders(u16): integer(1, Some(MaxProviders::MAX.into())));

form! {
    /// One requirement.
    #[form(name = "Criterion", closed, example({
        "code": "tax-certificate", "matter": "registration-tax-finance", "text": {"nb": "Skatteattest"},
        "mandatory": true, "evidence": [{"kind": "tax-certificate"}]
    }))]
    struct Criterion {
        /// Its code within the offering; answers and assessments use it.
        code: Code,
        /// The topic it belongs to, see `/v1/criteria`.
        #[form(name = "matter")]
        topic: Code,
        /// The requirement.
        text: LocalText,
        /// Whether it is mandatory for an approval.
        mandatory: bool,
        /// To whom it applies; omitted if to everyone. Only then can a mandatory criterion be assessed as not applicable.
        applies_to: Option<LocalText>,
        /// Required evidence.
        #[form(omit_default, max_items = 20)]
        evidence: Vec<EvidenceRule>,
        /// Legal source.
        legal_source: Option<Line>,
    }
}

form! {
    /// A required kind of evidence.
    #[form(name = "EvidenceRule", closed)]
    struct EvidenceRule {
        /// The kind of evidence.
        kind: Code,
        /// How old it may be.
        max_age: Option<MaxAge>,
    }
}

form! {
    /// How old a piece of evidence may be.
    #[form(name = "MaxAge", closed)]
    struct MaxAge {
        /// At most this.
        period: Period,
        /// Reference day of the age.
        counted_to: AgeReference,
    }
}

fn refusal_codes() -> Vec<&'static str> {
    RefusalGround::ALL.iter().map(|it| it.as_str()).collect()
}

fn revocation_codes() -> Vec<&'static str> {
    RevocationGround::ALL.iter().map(|it| it.as_str()).collect()
}

form! {
    /// Part 4.
    #[form(name = "ContractTerms", closed, partial, expand_absent)]
    struct Terms {
        /// How long a contract runs.
        duration: Period,
        /// The provider's notice.
        notice_by_provider: Period,
        /// The municipality's notice.
        notice_by_municipality: Period,
        /// Basis of the payment.
        settlement: Settlement,
        /// How long a provider that stops still serves the users it has.
        winding_down: Period,
        /// Capacity, subcontracting, add-ons, marketing, reporting, sanctions.
        conditions: LocalText,
        /// Grounds to refuse beside unmet criteria, see `/v1/grounds`.
        #[form(omit_default, words = refusal_codes)]
        refusal_grounds: BTreeSet<RefusalGround>,
        /// Grounds that may revoke, at least one: nothing else can found a revocation.
        #[form(omit_default, min_items = 1, words = revocation_codes)]
        revocation_grounds: BTreeSet<RevocationGround>,
    }
}

form! {
    /// Default for users who do not choose.
    #[form(name = "DefaultRule", tag = "kind", closed, example({"kind": "municipal"}),
        tag_docs = "The municipality's own offer, or shared out among the providers.")]
    enum DefaultRule {
        Municipal,
        Distribute {
            /// The rule by which they are shared out; needed for `distribute`, and only there.
            rule: LocalText,
        },
    }
}

form! {
    /// The municipality's own offer.
    #[form(name = "OwnOffer", closed, partial)]
    struct OwnOffer {
        /// Name of the unit.
        name: Line,
        /// A short factual presentation.
        presentation: LocalPresentation,
        /// Languages spoken with users, ISO 639.
        #[form(default, max_items = 40)]
        languages: Vec<Language>,
        /// Public telephone.
        phone: Option<Phone>,
        /// Public web page.
        web: Option<WebAddress>,
    }
}

form! {
    /// Choosing, switching, and the default.
    #[form(name = "CitizenChoice", partial)]
    struct CitizenChoice {
        /// How to choose.
        how_to_choose: LocalText,
        /// How to switch.
        how_to_switch: LocalText,
        /// How long one has to choose.
        choice_deadline: Period,
        /// The result without a choice.
        default_rule: DefaultRule,
        /// How long a switch takes.
        switch_notice: Period,
        /// Whether a switch needs a reason.
        switch_reason_required: bool,
        /// The user's payment.
        user_payment: LocalText,
        /// Where to complain (pasient- og brukerrettighetsloven § 7-2).
        complaints: LocalText,
    }
}

form! {
    /// The citizen part.
    #[form(name = "CitizenPart", closed, partial, expand_absent)]
    struct Citizen {
        #[form(flatten)]
        choice: CitizenChoice,
        /// The municipality's own offer.
        own_offer: OwnOffer,
    }
}
