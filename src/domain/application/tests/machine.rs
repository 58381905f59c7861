//! Every command against every state.

use super::{super::completion::Missing, *};
use crate::domain::{
    offering::content::OfferingContent,
    rules::{
        ground::FormalGround,
        impartiality::{ImpartialityAnswer, ImpartialityFinding, Staff, Whom},
    },
    samples::{heard, noticed, parts, prose},
};

/// All people with access to an application.
pub(super) struct Cast {
    pub(super) provider: ProviderUser,
    pub(super) worker: CaseWorker,
    pub(super) maker: DecisionMaker,
}

/// The people of the samples.
pub(super) fn own() -> Cast {
    Cast { provider: provider_user(), worker: case_worker(), maker: decision_maker() }
}

/// The same persons in another organisation.
pub(super) fn strangers() -> Cast {
    let municipality = other_municipality_number();
    Cast {
        provider: ProviderUser { organisation: other_provider_number(), ..provider_user() },
        worker: CaseWorker { municipality: municipality.clone(), ..case_worker() },
        maker: DecisionMaker { municipality, ..decision_maker() },
    }
}

pub(super) type Answered = Result<Change<Application>, DomainError>;
pub(super) type StateCommand = fn(Application, &Cast) -> Answered;

/// Every command with its name.
pub(super) const COMMANDS: [(&str, ApplicationCommand, StateCommand); 24] = [
    ("change-draft", ApplicationCommand::ChangeDraft, |it, by| {
        it.change_draft(Some(contact()), vec![code("vest")], None, &content(), &by.provider)
    }),
    ("answer", ApplicationCommand::Supply, |it, by| {
        it.answer(code(CRITERIA[0]), answer(), &content(), &by.provider)
    }),
    ("attach", ApplicationCommand::Supply, |it, by| {
        it.attach(evidence(8, CRITERIA[2], "language-plan"), &content(), &by.provider, now())
    }),
    ("renew-evidence", ApplicationCommand::RenewEvidence, |it, by| {
        let piece = evidence(8, CRITERIA[2], "language-plan");
        it.renew_evidence(piece, &content(), &by.provider, now())
    }),
    ("submit", ApplicationCommand::Submit, |it, by| {
        let (offering, _) = published();
        let admission = admission(&content(), now());
        it.submit(offering.open(now())?, &content(), admission, line("4204-2026/9"), &by.provider)
    }),
    ("withdraw", ApplicationCommand::Withdraw, |it, by| it.withdraw(&by.provider)),
    ("remove-contact", ApplicationCommand::RemoveContact, |it, by| {
        it.remove_contact(&CaseParty::Provider(by.provider.clone()), now())
    }),
    ("change-version", ApplicationCommand::ChangeVersion, |it, by| {
        it.change_version(&content(), (VersionNumber(2), &content_two()), &by.provider)
    }),
    ("challenge-impartiality", ApplicationCommand::ChallengeImpartiality, |it, by| {
        let whom = Whom::Known(actor("Ida Lie"));
        it.challenge_impartiality(whom, note("Søster av en konkurrent"), &by.provider, now())
    }),
    ("declare-impartiality", ApplicationCommand::DeclareImpartiality, |it, by| {
        let by = &by.worker;
        let handler =
            CaseHandler { actor: by.actor.clone(), municipality: by.municipality.clone() };
        let input = ImpartialityAnswer::Own(ImpartialityFinding::Able(None));
        it.declare_impartiality(input, None, &Staff::new(), &handler, now())
    }),
    ("rule-on-impartiality", ApplicationCommand::RuleOnImpartiality, |it, by| {
        let whom = Whom::Known(actor("Ida Lie"));
        it.rule_on_impartiality(
            whom,
            ImpartialityFinding::Able(None),
            None,
            &Staff::new(),
            &by.maker,
            now(),
        )
    }),
    ("start-assessment", ApplicationCommand::StartAssessment, |it, by| {
        it.start_assessment(&by.worker, context())
    }),
    ("assess met", ApplicationCommand::Assess, |it, by| {
        assess(it, CriterionOutcome::Met, &by.worker)
    }),
    ("assess not met", ApplicationCommand::Assess, |it, by| {
        assess(it, CriterionOutcome::NotMet, &by.worker)
    }),
    ("request-completion", ApplicationCommand::RequestCompletion, |it, by| {
        let deadline = day("2026-03-26");
        it.request_completion(missing(CRITERIA[0]), deadline, &by.worker, context())
    }),
    ("disclose-information", ApplicationCommand::DiscloseInformation, |it, by| {
        let grounds = vec![grounded(RefusalGround::SupervisoryBreach)];
        let source = line("Helsetilsynet");
        it.disclose_information(grounds, source, day("2026-03-26"), &by.worker, context())
    }),
    ("comment", ApplicationCommand::Comment, |it, by| {
        it.comment(prose("Feilen er rettet"), &by.provider, now())
    }),
    ("send-preliminary-answer", ApplicationCommand::SendPreliminaryAnswer, |it, by| {
        let text = prose("Mange søknader");
        it.send_preliminary_answer(day("2026-05-29"), text, &by.worker, context())
    }),
    ("complete", ApplicationCommand::Complete, |it, by| it.complete(&by.provider, now())),
    ("resume", ApplicationCommand::Resume, |it, by| it.resume(&by.worker, context())),
    ("approve", ApplicationCommand::Decide, |it, by| {
        let municipality = municipality();
        let change = it.approve(
            id(6),
            None,
            (&content(), &Places::default()),
            frame(&municipality),
            &by.maker,
        )?;
        Ok(Change { value: change.value.0, event: change.event })
    }),
    ("refuse: criteria", ApplicationCommand::Decide, |it, by| {
        refuse(it, RefusalGround::CriteriaNotMet, by)
    }),
    ("refuse: breach", ApplicationCommand::Decide, |it, by| {
        refuse(it, RefusalGround::SupervisoryBreach, by)
    }),
    ("dismiss", ApplicationCommand::Dismiss, |it, by| {
        let municipality = municipality();
        let frame = frame(&municipality);
        let change =
            it.dismiss((FormalGround::NoLegalCapacity, None), reasons(), frame, &by.maker)?;
        Ok(Change { value: change.value.0, event: change.event })
    }),
];

/// A second version, which words the first criterion otherwise.
pub(super) fn content_two() -> OfferingContent {
    let mut parts = parts();
    parts.criteria[0].legal_source = Some(line("anskaffelsesloven § 5l"));
    OfferingContent::new(parts).unwrap()
}

/// One requested item.
pub(super) fn missing(criterion: &str) -> Vec<Missing> {
    vec![Missing { criterion: code(criterion), note: note("For gammel") }]
}

/// Under assessment, with a pending request to complete the first criterion by 26 March.
pub(super) fn awaiting() -> Application {
    let deadline = day("2026-03-26");
    let change = under_assessment().request_completion(
        missing(CRITERIA[0]),
        deadline,
        &case_worker(),
        context(),
    );
    noticed(change.unwrap().value)
}

/// With information on a breach put to the applicant, to comment on by 26 March.
pub(super) fn disclosed(it: Application) -> Application {
    let grounds = vec![grounded(RefusalGround::SupervisoryBreach)];
    let (source, by) = (line("Helsetilsynet"), case_worker());
    let change = it.disclose_information(grounds, source, day("2026-03-26"), &by, context());
    noticed(change.unwrap().value)
}

pub(super) fn dismissed() -> Application {
    let municipality = municipality();
    let ground = (FormalGround::WrongBody, Some(line("Ålesund kommune")));
    let change = ready().dismiss(ground, reasons(), frame(&municipality), &decision_maker());
    change.unwrap().value.0
}

pub(super) fn assess(it: Application, outcome: CriterionOutcome, by: &CaseWorker) -> Answered {
    it.assess(code(CRITERIA[0]), outcome, note("Sett"), by, context())
}

pub(super) fn refuse(it: Application, ground: RefusalGround, by: &Cast) -> Answered {
    let municipality = municipality();
    let frame = frame(&municipality);
    let change = it.refuse(vec![grounded(ground)], reasons(), &content(), frame, &by.maker)?;
    Ok(Change { value: change.value.0, event: change.event })
}

/// Submitted, with the provider's demand for a ruling on a person.
pub(super) fn challenged() -> Application {
    let (whom, by) = (Whom::Known(actor("Ida Lie")), provider_user());
    declared().challenge_impartiality(whom, note("Søster"), &by, now()).unwrap().value
}

pub(super) fn withdrawn(it: Application) -> Application {
    it.withdraw(&provider_user()).unwrap().value
}

/// Every state, with its relevant variants.
pub(super) fn states() -> Vec<(&'static str, Application)> {
    let one_open = assessed([None, Some(CriterionOutcome::Met), Some(CriterionOutcome::Met)]);
    vec![
        ("draft: empty", draft()),
        ("draft: complete", complete_draft()),
        ("submitted", declared()),
        ("submitted: challenged", challenged()),
        ("under-assessment: one line open", one_open),
        ("awaiting-completion", awaiting()),
        ("ready: all met", ready()),
        ("ready: information put to the applicant", disclosed(ready())),
        ("ready: the applicant has commented", heard(ready())),
        ("ready: one not met", failing()),
        ("approved", approved().0),
        ("refused", refused().0),
        ("dismissed", dismissed()),
        ("withdrawn: as a draft", withdrawn(draft())),
        ("withdrawn: as a case", withdrawn(submitted())),
    ]
}
