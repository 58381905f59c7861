//! Innholdet i et tilbud: a complete offering with two mandatory criteria and an optional one.

use super::{code, contact, day, line, local, months};
use crate::domain::{
    application::POLICE_CERTIFICATE,
    compensation::{
        band::{Bands, Hours},
        division::Divisions,
        extra::{Extra, Extras},
        rate::{Rate, RateBasis, RateKey, Unit},
    },
    offering::content::{
        AgeReference, Citizen, CitizenChoice, Compensation, ContentParts, Criterion, DefaultRule,
        EvidenceRule, Intake, LegalBasis, MaxAge, OfferingContent, OwnOffer, Process, Service,
        Settlement, Terms, Vat, Zone,
    },
    rules::ground::{RefusalGround, RevocationGround},
    values::{money::Price, numbers::Language, text::LocalText},
};

/// The two mandatory criteria and the optional one, in published order.
pub(in crate::domain) const CRITERIA: [&str; 3] =
    ["tax-and-duties", "police-certificates", "languages"];

fn criterion(code_of: &str, mandatory: bool, evidence: &str) -> Criterion {
    let max_age = Some(MaxAge { period: months(6), counted_to: AgeReference::Received });
    Criterion {
        code: code(code_of),
        topic: code("provider"),
        text: local("Krav til leverandøren"),
        mandatory,
        applies_to: Some(local("Leverandører med ansatte")),
        evidence: vec![EvidenceRule { kind: code(evidence), max_age }],
        legal_source: None,
    }
}

pub(in crate::domain) fn zone(code_of: &str) -> Zone {
    Zone { code: code(code_of), name: line("Sone") }
}

/// 814 kr from 1 January 2026, without an end, for an hour at any time in every zone.
pub(in crate::domain) fn rate() -> Rate {
    Rate {
        key: RateKey { unit: Unit::Hour, zone: None, band: None },
        amount: Price::parse("814").unwrap(),
        vat: Vat::Exempt,
        from: day("2026-01-01"),
        to: None,
        index: None,
        basis: RateBasis::Stated { parts: None, note: None },
    }
}

fn compensation() -> Compensation {
    let bands = Bands::single(vec![Hours::round_the_clock()], code("all"), line("Hele døgnet"));
    let nothing = Extra::Nothing;
    Compensation {
        divisions: Divisions::always(bands),
        rates: vec![rate()],
        extras: Extras::new(nothing, nothing, nothing).unwrap(),
    }
}

fn terms() -> Terms {
    Terms {
        duration: months(48),
        notice_by_provider: months(3),
        notice_by_municipality: months(6),
        settlement: Settlement::DecidedTime,
        winding_down: months(2),
        conditions: local("Vilkår"),
        refusal_grounds: [RefusalGround::SupervisoryBreach, RefusalGround::BankruptcyProbable]
            .into(),
        revocation_grounds: [
            RevocationGround::CriteriaNotMet,
            RevocationGround::SupervisoryBreach,
            RevocationGround::TermsBreach,
            RevocationGround::Bankruptcy,
        ]
        .into(),
    }
}

fn citizen() -> Citizen {
    Citizen {
        choice: CitizenChoice {
            how_to_choose: local("Ring oss"),
            how_to_switch: local("Ring oss"),
            choice_deadline: months(1),
            default_rule: DefaultRule::Municipal,
            switch_notice: months(1),
            switch_reason_required: false,
            user_payment: local("Egenandel"),
            complaints: local("Klag til kommunen"),
        },
        own_offer: OwnOffer {
            name: line("Kommunens hjemmetjeneste"),
            presentation: LocalText::of_registry("Hele kommunen", "Heile kommunen", "All of it"),
            languages: vec![Language::parse("nb").unwrap()],
            phone: None,
            web: None,
        },
    }
}

pub(in crate::domain) fn parts() -> ContentParts {
    ContentParts {
        title: local("Praktisk bistand"),
        legal_basis: LegalBasis::Act31OpenToAll,
        service: Service {
            description: local("Rengjøring"),
            target_group: local("Hjemmeboende"),
            zones: vec![zone("sentrum"), zone("vest")],
            start_up: months(1),
        },
        process: Process {
            how_to_apply: local("Søk når som helst"),
            expected_time: months(1),
            contact: contact(),
            intake: Intake::Running,
            max_providers: None,
        },
        criteria: vec![
            criterion(CRITERIA[0], true, "tax-certificate"),
            criterion(CRITERIA[1], true, POLICE_CERTIFICATE),
            criterion(CRITERIA[2], false, "language-plan"),
        ],
        terms: terms(),
        compensation: compensation(),
        citizen: citizen(),
    }
}

pub(in crate::domain) fn content() -> OfferingContent {
    OfferingContent::new(parts()).unwrap()
}
