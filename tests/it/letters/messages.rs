//! Letters of messages that are no decision, about the same case.

use godkjent::{
    domain::{
        appeal::{
            Appeal, AppealReceipt, AppealState, AppealText, Appellant, CounterpartyHearing,
            DefectRequest, Forwarding,
        },
        application::{Evidence, disclosure::Disclosure, preliminary::PreliminaryAnswer},
        decision::{
            DecisionOutcome,
            history::{CorrectedText, DecisionCorrection, Extension, Given, ReasonsDemand},
        },
        notice::NoticeKind,
        offering::content::LegalBasis,
        prior_notice::{NoticeClosure, PriorNotice},
        role::Actor,
        rules::{
            ground::RefusalGround,
            notification::{Channel, Notification},
            regime::Regime,
        },
        values::{
            ids::Revision,
            text::{Code, Note},
            time::{Instant, parse_day},
        },
    },
    letters::{self, Letter, Parties},
};

use super::samples::{SampleTexts, add_facts, at, decision, id, kinds, line, prose, reasons};

/// The letters with their names.
pub fn letters(
    parties: &Parties<'_>,
    texts: &SampleTexts,
    notice: &PriorNotice,
    regime: Regime,
) -> Vec<(&'static str, Letter)> {
    let by = Actor { subject: line("kari"), name: line(texts.person) };
    let (reference, now) = ("4204-2026-S1", at("2026-03-20T09:00:00Z"));
    let day = |text| parse_day(text).unwrap();
    let answer = PreliminaryAnswer {
        expected_by: day("2026-04-15"),
        text: prose(texts.facts),
        sent_at: now,
        sent_by: by.clone(),
    };
    let closure = NoticeClosure { reason: prose(texts.facts), at: now, by: by.clone() };
    let evidence = Evidence {
        id: id(6),
        criterion: Code::parse("tax-certificate").unwrap(),
        kind: Code::parse("tax-certificate").unwrap(),
        title: line("Skatteattest"),
        issued_on: day("2025-10-01"),
        expires_on: Some(day("2026-04-01")),
        document: None,
        consent: None,
    };
    let about = (reference, day("2026-03-20"));
    let expiring = [(&evidence, day("2026-04-01"))];
    let mut letters = vec![
        ("preliminary-answer", letters::preliminary::letter(parties, &answer, reference, regime)),
        (
            "notice-closed",
            letters::closed_notice::letter(parties, notice, &closure, reference, regime),
        ),
        ("evidence-expires", letters::evidence::letter(parties, id(2), &expiring, about, regime)),
    ];
    let disclosure = Disclosure {
        grounds: vec![add_facts(texts, RefusalGround::BankruptcyProbable)],
        source: line("Brønnøysundregistrene"),
        notification: Notification::new(Channel::Electronic, now),
        sent_by: by.clone(),
        deadline: day("2026-04-07"),
        comment: None,
    };
    let disclosed = letters::disclosure::letter(parties, &disclosure, (id(2), reference), regime);
    letters.push(("disclosure", disclosed));
    letters.extend(of_decision(parties, texts, &by, now, regime));
    letters.extend(of_appeal(parties, texts, &by, now, regime));
    letters
}

fn of_decision(
    parties: &Parties<'_>,
    texts: &SampleTexts,
    by: &Actor,
    now: Instant,
    regime: Regime,
) -> [(&'static str, Letter); 3] {
    let note = |text: &str| Note::parse(text).unwrap();
    let approve = DecisionOutcome::Approve {
        approval: id(3),
        reasons: None,
        basis: LegalBasis::Act31OpenToAll,
    };
    let approved = decision(texts, approve, regime);
    let notification = Notification::new(Channel::Electronic, now);
    let given =
        Given { reasons: reasons(texts), by: by.clone(), notification: notification.clone() };
    let demand = ReasonsDemand {
        by: by.clone(),
        at: at("2026-03-18T09:00:00Z"),
        given: Some(given.clone()),
    };
    let correction = DecisionCorrection {
        place: CorrectedText::Facts,
        before: note("2. mars 2026"),
        after: note("3. mars 2026"),
        why: note("Datoen var skrevet feil."),
        by: by.clone(),
        notification,
    };
    let extension = Extension {
        to: parse_day("2026-04-24").unwrap(),
        why: note("Dokumentene kom sent fram."),
        by: by.clone(),
        at: now,
    };
    [
        ("reasons", letters::decision::reasons::letter(parties, &approved, &demand, &given)),
        (
            "correction",
            letters::decision::correction::letter(parties, &approved, &correction, texts.facts),
        ),
        ("extension", letters::decision::extension::letter(parties, &approved, &extension)),
    ]
}

fn of_appeal(
    parties: &Parties<'_>,
    texts: &SampleTexts,
    by: &Actor,
    now: Instant,
    regime: Regime,
) -> Vec<(&'static str, Letter)> {
    let approve = DecisionOutcome::Approve {
        approval: id(3),
        reasons: None,
        basis: LegalBasis::Act31OpenToAll,
    };
    let decision = decision(texts, approve, regime);
    let own = Appeal {
        id: id(8),
        decision: decision.id,
        application: id(2),
        municipality: decision.municipality.clone(),
        provider: decision.provider.clone(),
        appellant: Appellant::Party,
        text: AppealText {
            text: prose(texts.facts),
            wanted: None,
            signed_by: None,
            deferral_wanted: false,
        },
        received: AppealReceipt::here(now),
        missed: None,
        hearing: None,
        defect_request: None,
        state: AppealState::Received,
        costs: None,
        revision: Revision::FIRST,
    };
    let other = Appellant::Other {
        name: line(texts.name),
        legal_interest: Note::parse("Konkurrent i samme kommune.").unwrap(),
        knew_on: parse_day("2026-03-15").unwrap(),
        contact: Some(line("Nabogata 1, 4600 Kristiansand")),
    };
    let late = parse_day("2026-03-19").unwrap();
    let foreign = Appeal { appellant: other, ..own.clone() };
    let late = Appeal {
        missed: Some(late),
        text: AppealText { deferral_wanted: true, ..own.text.clone() },
        ..own.clone()
    };
    let deadline = parse_day("2026-03-27").unwrap();
    let request = DefectRequest { deadline, asked_by: by.clone(), asked_at: now };
    let forwarding = Forwarding {
        statement: prose(texts.facts),
        by: by.clone(),
        at: now,
        notification: Notification::new(Channel::Electronic, now),
    };
    let received =
        |it: &Appeal| letters::appeal::received::letter(&to_appellant(parties, it), it, &decision);
    let defects = |it: &Appeal| {
        letters::appeal::defects::letter(&to_appellant(parties, it), it, &request, &decision)
    };
    let hearing = CounterpartyHearing {
        deadline,
        asked_by: by.clone(),
        asked_at: now,
        notification: Notification::new(Channel::Electronic, now),
        statements: vec![],
    };
    vec![
        ("appeal-received", received(&own)),
        ("appeal-received-late", received(&late)),
        ("appeal-received-of-other", received(&foreign)),
        ("appeal-defects", defects(&own)),
        ("appeal-defects-of-other", defects(&foreign)),
        (
            "appeal-hearing",
            letters::appeal::hearing::letter(parties, &foreign, &hearing, &decision),
        ),
        ("appeal-statement", letters::appeal::statement::letter(parties, &forwarding, &decision)),
    ]
}

fn to_appellant<'a>(parties: &Parties<'a>, appeal: &'a Appeal) -> Parties<'a> {
    let another = Some(&appeal.appellant).filter(|it| **it != Appellant::Party);
    Parties { appellant: another, ..*parties }
}

/// The name of a sample of each message.
const SAMPLES: [(NoticeKind, &str); 16] = [
    (NoticeKind::Receipt, "receipt"),
    (NoticeKind::PreliminaryAnswer, "preliminary-answer"),
    (NoticeKind::CompletionRequest, "completion-request"),
    (NoticeKind::Disclosure, "disclosure"),
    (NoticeKind::Decision, "refuse"),
    (NoticeKind::Reasons, "reasons"),
    (NoticeKind::Correction, "correction"),
    (NoticeKind::Extension, "extension"),
    (NoticeKind::AppealReceived, "appeal-received"),
    (NoticeKind::AppealDefects, "appeal-defects"),
    (NoticeKind::AppealHearing, "appeal-hearing"),
    (NoticeKind::AppealStatement, "appeal-statement"),
    (NoticeKind::PriorNotice, "prior-notice"),
    (NoticeKind::NoticeClosed, "notice-closed"),
    (NoticeKind::EvidenceExpires, "evidence-expires"),
    // The e-mail is the message: nothing else is said than the question.
    (NoticeKind::ConfirmAddress, ""),
];

#[test]
fn every_notice_kind_has_a_letter() {
    assert_eq!(SAMPLES.map(|(kind, _)| kind), NoticeKind::ALL);
    let known = kinds();
    for (kind, sample) in SAMPLES {
        assert_eq!(known.contains(sample), kind.has_letter(), "{kind:?}");
    }
}
