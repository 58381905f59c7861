//! One letter of each kind, about a synthetic provider in Kristiansand.

use std::collections::{BTreeMap, BTreeSet};

use godkjent::{
    catalogue::Catalogue,
    domain::{
        appeal::{AppealOutcome, DismissalGround, Harm, Instance, Verdict},
        application::{
            AssessmentLine, CriterionOutcome, Receipt,
            completion::{Completion, Missing},
        },
        approval::{Revocation, WindingDown},
        decision::{
            AppealRight, Authority, Decision, DecisionOutcome, Reasons, on_decision::ReversalGround,
        },
        municipality::{Contact, LanguageForm, Municipality, MunicipalitySettings},
        offering::{
            VersionNumber,
            content::{LegalBasis, OfferingContent},
            intake::{AdmissionRound, RoundPlace},
        },
        prior_notice::{Exception, ExceptionKind, PriorNotice},
        role::Actor,
        rules::{
            ground::{FormalGround, Grounded, RefusalGround, RevocationGround},
            notification::{Channel, NoticeChannel, Notification},
            regime::Regime,
        },
        values::{
            ids::{Id, Revision},
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::{Code, Email, Line, Note, Phone, Prose},
            time::{Instant, Period, PeriodUnit, parse_day},
        },
    },
    json::form::parse_json,
    letters::{self, Letter, Parties, decision::Matter},
};
use uuid::Uuid;

use super::messages;
use crate::world::bpa_content;

/// Text of others in a letter.
pub struct SampleTexts {
    pub name: &'static str,
    pub rules: &'static str,
    pub facts: &'static str,
    pub person: &'static str,
}

/// Ordinary text.
pub const PLAIN: SampleTexts = SampleTexts {
    name: "Eksempel Assistanse AS",
    rules: "De kunngjorte vilkårene for tilbudet, krav om beredskap og krav om stabil bemanning.",
    facts: "Leverandøren har ikke lagt fram en beredskapsplan.\n\nVi ba om den 2. mars 2026 og fikk ikke svar.",
    person: "Kari Eksempel",
};

/// Malicious text.
pub const HOSTILE: SampleTexts = SampleTexts {
    name: "<script>alert(\"1\")</script> & 'Sønn' {lov} {kommune}",
    rules: "</p></section></main><h1>Du har vunnet</h1>",
    facts: "<img src=x onerror=alert(1)> &amp; &lt;b&gt;\n--><table>",
    person: "\"><a href='javascript:1'>Kari</a>",
};

pub fn id<T>(count: u128) -> Id<T> {
    Id::new(Uuid::from_u128(count))
}

pub fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

pub fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn content() -> OfferingContent {
    parse_json(&bpa_content().to_string()).unwrap()
}

fn municipality(language: LanguageForm) -> Municipality {
    let contact = Contact {
        name: line("Innkjøp helse og mestring"),
        email: Email::parse("brukervalg@kommune.example").unwrap(),
        phone: Some(Phone::parse("+47 22 22 22 22").unwrap()),
    };
    let settings = MunicipalitySettings {
        contact,
        deciding_body: line("Kommunedirektøren"),
        delegation: line("Delegasjonsreglementet punkt 4"),
        appeal_body: line("Kristiansand kommunes klageutvalg"),
        four_eyes: true,
        court_condition: false,
        language: Some(language),
        notice_channel: NoticeChannel::Email,
        own_provider_staff: BTreeSet::new(),
    };
    let number = MunicipalityNumber::parse("4204").unwrap();
    Municipality { number, settings, revision: Revision::FIRST }
}

pub fn decision(texts: &SampleTexts, outcome: DecisionOutcome, regime: Regime) -> Decision {
    let signed_at = at("2026-03-12T09:00:00Z");
    let first = ["approve", "refuse", "dismiss", "revoke"].contains(&outcome.as_str());
    let body = line("Kristiansand kommunes klageutvalg");
    let appeal = (first || outcome.dismisses_appeal_below())
        .then_some(AppealRight { body, court_condition: false });
    Decision {
        id: id(1),
        number: line("4204-2026/17"),
        application: id(2),
        municipality: MunicipalityNumber::parse("4204").unwrap(),
        provider: OrganisationNumber::parse("123456785").unwrap(),
        outcome,
        authority: Authority {
            body: line("Kommunedirektøren"),
            delegation: line("Delegasjonsreglementet punkt 4"),
            case_worker: line(texts.person),
            responsible: line("Ola Eksempel"),
        },
        regime,
        signed_at,
        channel: Channel::Electronic,
        appeal,
    }
}

pub fn reasons(texts: &SampleTexts) -> Reasons {
    Reasons {
        rules: prose(texts.rules),
        facts: prose(texts.facts),
        considerations: prose(
            "Kravet er obligatorisk og gjelder likt for alle leverandører. Hensynet til trygge \
             tjenester veier tyngre enn leverandørens interesse.",
        ),
    }
}

pub fn add_facts<G>(texts: &SampleTexts, ground: G) -> Grounded<G> {
    Grounded { ground, facts: prose(texts.facts) }
}

/// Every outcome of a decision, with a name.
fn outcomes(texts: &SampleTexts) -> Vec<(&'static str, DecisionOutcome)> {
    let (approval, basis) = (id(3), LegalBasis::Act31OpenToAll);
    let mut outcomes = vec![
        ("approve", DecisionOutcome::Approve { approval, basis, reasons: Some(reasons(texts)) }),
        ("approve-without-reasons", DecisionOutcome::Approve { approval, basis, reasons: None }),
        (
            "refuse",
            DecisionOutcome::Refuse {
                grounds: vec![add_facts(texts, RefusalGround::CriteriaNotMet)],
                reasons: reasons(texts),
            },
        ),
        (
            "dismiss",
            DecisionOutcome::Dismiss {
                ground: FormalGround::NotMended,
                right_body: None,
                reasons: reasons(texts),
            },
        ),
        (
            "revoke",
            DecisionOutcome::Revoke {
                approval,
                grounds: vec![
                    add_facts(texts, RevocationGround::TermsBreach),
                    add_facts(texts, RevocationGround::CriteriaNotMet),
                ],
                exception: None,
                reasons: reasons(texts),
            },
        ),
        (
            "revoke-without-notice",
            DecisionOutcome::Revoke {
                approval,
                grounds: vec![add_facts(texts, RevocationGround::Bankruptcy)],
                exception: Some(Exception {
                    kind: ExceptionKind::NotPossible,
                    reasons: prose("Tingretten åpnet konkurs samme dag."),
                }),
                reasons: reasons(texts),
            },
        ),
        (
            "reverse",
            DecisionOutcome::Reverse {
                decision: id(9),
                ground: ReversalGround::Invalid,
                reasons: reasons(texts),
            },
        ),
    ];
    let ground = ReversalGround::NoHarm;
    let reversal = DecisionOutcome::Reverse { decision: id(9), ground, reasons: reasons(texts) };
    outcomes.push(("reverse-revocation", reversal));
    outcomes.extend([("defer", true), ("do-not-defer", false)].map(|(name, granted)| {
        (name, DecisionOutcome::Defer { decision: id(9), granted, reasons: reasons(texts) })
    }));
    outcomes.extend(verdicts(texts).map(|(name, verdict)| {
        let (decision, appeal) = (id(9), id(8));
        let outcome = DecisionOutcome::Appeal {
            decision,
            appeal,
            verdict,
            approval: None,
            reasons: reasons(texts),
        };
        (name, outcome)
    }));
    outcomes
}

/// Every result of an appeal.
fn verdicts(texts: &SampleTexts) -> [(&'static str, Verdict); 8] {
    let body = || Instance::AppealBody {
        name: line("Kristiansand kommunes klageutvalg"),
        decided_on: parse_day("2026-03-12").unwrap(),
    };
    let harm = Some(Harm { weighty_interests: prose(texts.facts) });
    let late = Some(DismissalGround::Late);
    let verdict = |ruling, instance, dismissal, harm| Verdict {
        ruling,
        dismissal,
        instance,
        harm,
        withdrawal: None,
    };
    [
        ("appeal-late", verdict(AppealOutcome::DismissedLate, Instance::LowerBody, late, None)),
        ("appeal-dismissed", verdict(AppealOutcome::Dismissed, body(), None, None)),
        (
            "appeal-in-favour",
            verdict(AppealOutcome::ChangedInFavour, Instance::LowerBody, None, None),
        ),
        (
            "appeal-in-favour-of-revocation",
            verdict(AppealOutcome::ChangedInFavour, Instance::LowerBody, None, None),
        ),
        ("appeal-upheld", verdict(AppealOutcome::Upheld, body(), None, None)),
        ("appeal-changed", verdict(AppealOutcome::Changed, body(), None, harm)),
        ("appeal-annulled", verdict(AppealOutcome::AnnulledReturned, body(), None, None)),
        (
            "appeal-annulled-by-us",
            verdict(AppealOutcome::AnnulledReturned, Instance::LowerBody, None, None),
        ),
    ]
}

fn revocation(texts: &SampleTexts, grounds: Vec<RevocationGround>) -> Revocation {
    Revocation {
        decision: id(1),
        effective_at: at("2026-04-30T22:00:00Z"),
        set_at: at("2026-03-12T09:00:00Z"),
        suspension: None,
        grounds,
        winding_down: Some(WindingDown {
            until: parse_day("2026-07-31").unwrap(),
            taken_over_by: line("Kommunen"),
            plan: Some(prose(texts.facts)),
        }),
    }
}

/// The decision that another one is about: a revocation for suspended effect, a refusal otherwise.
pub fn earlier(texts: &SampleTexts, name: &str, regime: Regime) -> Decision {
    let grounds = vec![add_facts(texts, RevocationGround::TermsBreach)];
    let first = if name.contains("defer") || name.ends_with("revocation") {
        DecisionOutcome::Revoke {
            approval: id(3),
            grounds,
            exception: None,
            reasons: reasons(texts),
        }
    } else {
        DecisionOutcome::Refuse { grounds: vec![], reasons: reasons(texts) }
    };
    let signed_at = at("2026-01-30T09:00:00Z");
    let number = line("4204-2026/9");
    Decision { id: id(9), number, signed_at, ..decision(texts, first, regime) }
}

/// How the criteria of a refused application were assessed.
fn assessments(texts: &SampleTexts) -> BTreeMap<Code, AssessmentLine> {
    let by = Actor { subject: line("kari"), name: line(texts.person) };
    let line = |outcome, note: &str| AssessmentLine {
        outcome,
        note: Note::parse(note).unwrap(),
        by: by.clone(),
        at: at("2026-03-11T09:00:00Z"),
    };
    let code = |code| Code::parse(code).unwrap();
    BTreeMap::from([
        (code("tax-certificate"), line(CriterionOutcome::Met, "Attesten er i orden.")),
        (code("contingency-plan"), line(CriterionOutcome::NotMet, "Planen dekker ikke natt.")),
    ])
}

fn decision_letter(
    parties: &Parties<'_>,
    texts: &SampleTexts,
    content: &OfferingContent,
    (name, outcome): (&str, DecisionOutcome),
    regime: Regime,
) -> Letter {
    let decision = decision(texts, outcome, regime);
    let revocation = match &decision.outcome {
        DecisionOutcome::Revoke { grounds, .. } => {
            Some(revocation(texts, grounds.iter().map(|it| it.ground).collect()))
        }
        _ => None,
    };
    let earlier = earlier(texts, name, regime);
    let zones: Vec<_> = content.zones().iter().map(|zone| zone.code.clone()).collect();
    let broken = [line("Vilkår punkt 4")];
    let matter = Matter {
        decision: &decision,
        content,
        version: VersionNumber(1),
        zones: &zones,
        assessments: &assessments(texts),
        earlier: decision.outcome.earlier().map(|_| &earlier),
        revocation: revocation.as_ref(),
        restored_at: ["defer", "reverse-revocation"].contains(&name).then_some(decision.signed_at),
        broken: if name == "revoke" { &broken } else { &[] },
    };
    letters::decision::letter(parties, &matter)
}

/// Every kind of letter with its name, in a written form and under a regime.
pub fn letters(
    texts: &SampleTexts,
    form: LanguageForm,
    regime: Regime,
) -> Vec<(&'static str, Letter)> {
    let catalogue = Catalogue::load().unwrap();
    let (content, municipality) = (content(), municipality(form));
    let provider = OrganisationNumber::parse("123456785").unwrap();
    let service = Code::parse("personal-assistance").unwrap();
    let parties = Parties {
        catalogue: &catalogue,
        municipality: &municipality,
        provider: &provider,
        name: texts.name,
        appellant: None,
        service: &service,
        address: "https://registry.example",
    };
    let worker = Actor { subject: line("kari"), name: line(texts.person) };
    let day = |text| parse_day(text).unwrap();
    let decisions = outcomes(texts).into_iter();
    let mut letters: Vec<_> = decisions
        .map(|it| (it.0, decision_letter(&parties, texts, &content, it, regime)))
        .collect();
    let notice = PriorNotice {
        id: id(4),
        approval: id(3),
        municipality: municipality.number.clone(),
        provider: provider.clone(),
        grounds: vec![add_facts(texts, RevocationGround::TermsBreach)],
        sent_at: at("2026-03-12T09:00:00Z"),
        sent_by: worker.clone(),
        reply_by: parse_day("2026-04-07").unwrap(),
        founded_on: None,
        notification: Notification::new(Channel::Electronic, at("2026-03-12T09:00:00Z")),
        closure: None,
        replies: vec![],
        revision: Revision::FIRST,
    };
    let reference = "4204-2026-S1";
    letters.push((
        "prior-notice",
        letters::prior_notice::letter(
            &parties,
            &notice,
            &[line("Vilkår punkt 4")],
            reference,
            regime,
        ),
    ));
    let receipt = Receipt {
        reference: line(reference),
        received_at: at("2026-01-30T23:05:00Z"),
        version: VersionNumber(2),
        place: None,
    };
    let weeks = Period::new(6, PeriodUnit::Weeks).unwrap();
    letters.push(("receipt", letters::receipt::letter(&parties, &receipt, weeks, regime)));
    let round =
        AdmissionRound { cut_off: at("2026-05-01T21:59:59Z"), starts_on: day("2026-09-01") };
    for (name, late_access) in
        [("receipt-of-a-round", None), ("receipt-by-late-access", Some(id(7)))]
    {
        let receipt = Receipt { place: Some(RoundPlace { round, late_access }), ..receipt.clone() };
        letters.push((name, letters::receipt::letter(&parties, &receipt, weeks, regime)));
    }
    let request = Completion {
        missing: vec![
            missing(&content, "tax-certificate", "Attesten er eldre enn seks måneder."),
            missing(&content, "contingency-plan", texts.facts),
        ],
        notification: Notification::new(Channel::Electronic, at("2026-03-12T09:00:00Z")),
        sent_by: worker.clone(),
        deadline: day("2026-03-26"),
        answered_at: None,
    };
    let request_letter =
        letters::completion::letter(&parties, &request, &content, (id(2), reference), regime);
    letters.push(("completion-request", request_letter));
    letters.extend(messages::letters(&parties, texts, &notice, regime));
    letters
}

fn missing(content: &OfferingContent, criterion: &str, note: &str) -> Missing {
    let criterion = Code::parse(criterion).unwrap();
    assert!(content.criterion(&criterion).is_some());
    Missing { criterion, note: Note::parse(note).unwrap() }
}

/// Both forms under both regimes.
pub fn everywhere() -> Vec<(LanguageForm, Regime)> {
    let under = |regime| LanguageForm::ALL.map(|form| (form, regime));
    Regime::ALL.into_iter().flat_map(under).collect()
}

/// The names of all kinds.
pub fn kinds() -> BTreeSet<&'static str> {
    let letters = letters(&PLAIN, LanguageForm::Bokmal, Regime::Fvl1967);
    letters.into_iter().map(|(name, _)| name).collect()
}
