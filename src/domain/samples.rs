//! Samples: small valid values for tests, all at one instant and with sequential ids.

use std::sync::LazyLock;

use uuid::Uuid;

use super::{
    application::{
        Application, CriterionAnswer, CriterionOutcome, POLICE_CERTIFICATE, guard::CaseContext,
    },
    approval::{Approval, Contract, WindingDown},
    decision::{Decision, Reasons, RevocationTerms, SigningContext},
    municipality::{Contact, LanguageForm, Municipality, MunicipalitySettings},
    offering::{
        Offering, Version,
        content::OfferingContent,
        intake::{Admission, Places},
    },
    prior_notice::{PriorNotice, Warning},
    role::{Actor, ApprovalHandler, CaseHandler, CaseWorker, DecisionMaker, Editor, ProviderUser},
    rules::{
        ground::{Grounded, RefusalGround, RevocationGround},
        impartiality::{BarringGround, ImpartialityAnswer, ImpartialityFinding, Staff},
        notification::{Channel, NoticeChannel},
    },
    values::{
        ids::{Id, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Code, Email, Line, LocalText, Note, Prose},
        time::{Instant, Period, PeriodUnit, parse_day},
    },
};

mod dice;
mod evidence;
mod notices;
mod offer;
mod supervision;

pub(super) use dice::SampleDice;
pub(super) use evidence::{document, evidence, file};
pub(super) use notices::{heard, noticed, on_paper};
pub(super) use offer::{CRITERIA, content, parts, rate, zone};
pub(super) use supervision::{finding, follow_up, follower, supervised};

/// Twelve days into March 2026, ten o'clock in Norway.
pub(super) const NOW: &str = "2026-03-12T09:00:00Z";

pub(super) fn at(input: &str) -> Instant {
    input.parse().unwrap()
}

pub(super) fn now() -> Instant {
    at(NOW)
}

pub(super) fn day(input: &str) -> chrono::NaiveDate {
    parse_day(input).unwrap()
}

pub(super) fn id<T>(count: u128) -> Id<T> {
    Id::new(Uuid::from_u128(count))
}

pub(super) fn code(input: &str) -> Code {
    Code::parse(input).unwrap()
}

pub(super) fn line(input: &str) -> Line {
    Line::parse(input).unwrap()
}

pub(super) fn note(input: &str) -> Note {
    Note::parse(input).unwrap()
}

pub(super) fn prose(input: &str) -> Prose {
    Prose::parse(input).unwrap()
}

pub(super) fn local(input: &str) -> LocalText {
    LocalText::new(Some(prose(input)), None, None).unwrap()
}

fn months(amount: u16) -> Period {
    Period::new(amount, PeriodUnit::Months).unwrap()
}

/// A table with one line per row, aligned with spaces.
pub(super) fn table<R, C>(
    rows: &[(&str, R)],
    columns: &[(&str, C)],
    cell: impl Fn(&R, &C) -> String,
) -> String {
    let head = std::iter::once(String::new()).chain(columns.iter().map(|(name, _)| (*name).into()));
    let mut lines = vec![head.collect::<Vec<_>>()];
    for (name, row) in rows {
        let cells = columns.iter().map(|(_, column)| cell(row, column));
        lines.push(std::iter::once((*name).into()).chain(cells).collect());
    }
    let width = |i: usize| lines.iter().map(|cells| cells[i].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..=columns.len()).map(width).collect();
    let padded = |(cell, width): (&String, &usize)| format!("{cell:width$}");
    lines.iter().fold(String::new(), |text, cells| {
        let line: Vec<_> = cells.iter().zip(&widths).map(padded).collect();
        text + line.join("  ").trim_end() + "\n"
    })
}

// The actor.

pub(super) fn municipality_number() -> MunicipalityNumber {
    MunicipalityNumber::parse("4204").unwrap()
}

pub(super) fn other_municipality_number() -> MunicipalityNumber {
    MunicipalityNumber::parse("0301").unwrap()
}

pub(super) fn provider_number() -> OrganisationNumber {
    OrganisationNumber::parse("123456785").unwrap()
}

pub(super) fn other_provider_number() -> OrganisationNumber {
    OrganisationNumber::parse("987654325").unwrap()
}

/// A person whose stable key is derived from the name.
pub(super) fn actor(name: &str) -> Actor {
    Actor { subject: line(&format!("issuer|{name}")), name: line(name) }
}

pub(super) fn provider_user() -> ProviderUser {
    ProviderUser { actor: actor("Siri Heim"), organisation: provider_number() }
}

pub(super) fn editor() -> Editor {
    Editor { actor: actor("Eli Dahl"), municipality: municipality_number() }
}

pub(super) fn case_worker() -> CaseWorker {
    CaseWorker { actor: actor("Kari Nordmann"), municipality: municipality_number() }
}

pub(super) fn decision_maker() -> DecisionMaker {
    DecisionMaker { actor: actor("Ola Vik"), municipality: municipality_number() }
}

/// The same person with the right to declare.
pub(super) fn handler(actor: Actor) -> CaseHandler {
    CaseHandler { actor, municipality: municipality_number() }
}

/// The same person in the case of an approval.
pub(super) fn approval_handler(actor: Actor) -> ApprovalHandler {
    ApprovalHandler { actor, municipality: municipality_number() }
}

pub(super) fn contact() -> Contact {
    let email = Email::parse("post@kommune.example").unwrap();
    Contact { name: line("Helse og mestring"), email, phone: None }
}

/// With four eyes.
pub(super) fn municipality() -> Municipality {
    Municipality {
        number: municipality_number(),
        settings: MunicipalitySettings {
            contact: contact(),
            deciding_body: line("Kommunedirektøren"),
            delegation: line("Delegeringsreglementet punkt 4"),
            appeal_body: line("Klagenemnda"),
            court_condition: false,
            four_eyes: true,
            own_provider_staff: Staff::new(),
            language: Some(LanguageForm::Bokmal),
            notice_channel: NoticeChannel::Email,
        },
        revision: Revision::FIRST,
    }
}

pub(super) fn municipality_without_four_eyes() -> Municipality {
    let four_eyes = municipality();
    Municipality {
        settings: MunicipalitySettings { four_eyes: false, ..four_eyes.settings },
        ..four_eyes
    }
}

// An application, brought to each state.

pub(super) fn drafted_offering() -> Offering {
    Offering::draft(id(1), code("practical-assistance"), &editor()).value
}

pub(super) fn published() -> (Offering, Version) {
    drafted_offering().publish(content(), None, &municipality(), &editor(), now()).unwrap().value
}

pub(super) fn draft() -> Application {
    Application::draft(id(2), published().0.open(now()).unwrap(), &provider_user()).value
}

pub(super) fn answer() -> CriterionAnswer {
    CriterionAnswer { declared_met: true, text: None }
}

/// Contact, zone, an answer to every criterion, evidence for the mandatory ones.
pub(super) fn complete_draft() -> Application {
    let mut application = draft();
    let dossier = &mut application.dossier;
    dossier.contact = Some(contact());
    dossier.zones = vec![code("sentrum")];
    dossier.answers = CRITERIA.map(|criterion| (code(criterion), answer())).into();
    dossier.evidence = vec![
        evidence(3, CRITERIA[0], "tax-certificate"),
        evidence(4, CRITERIA[1], POLICE_CERTIFICATE),
    ];
    application
}

/// A free place for the provider, without other approvals.
pub(super) fn admission(content: &OfferingContent, now: Instant) -> Admission {
    content.admit(&provider_number(), [].into(), &[], now).unwrap()
}

pub(super) fn submitted() -> Application {
    let (offering, _) = published();
    let (open, reference) = (offering.open(now()).unwrap(), line("4204-2026/9"));
    let admission = admission(&content(), now());
    complete_draft().submit(open, &content(), admission, reference, &provider_user()).unwrap().value
}

/// A person declares to be impartial, or disqualified by kinship.
pub(super) fn declares(it: Application, person: Actor, able: bool) -> Application {
    let ground = (!able).then_some(BarringGround::Kin);
    let input = ImpartialityAnswer::Own(ImpartialityFinding::new(able, ground, None).unwrap());
    it.declare_impartiality(input, None, &Staff::new(), &handler(person), now()).unwrap().value
}

/// The sample municipality's desk, now.
pub(super) fn context() -> CaseContext<'static> {
    static DESK: LazyLock<(Municipality, OfferingContent, Places)> =
        LazyLock::new(|| (municipality(), content(), Places::default()));
    let (municipality, content, places) = &*DESK;
    CaseContext { municipality, content, places, now: now() }
}

pub(super) fn desk_at(now: Instant) -> CaseContext<'static> {
    CaseContext { now, ..context() }
}

/// Submitted, and both the case worker and the decision maker have declared to be impartial.
pub(super) fn declared() -> Application {
    [case_worker().actor, decision_maker().actor]
        .into_iter()
        .fold(submitted(), |case, person| declares(case, person, true))
}

pub(super) fn under_assessment() -> Application {
    declared().start_assessment(&case_worker(), context()).unwrap().value
}

/// Under assessment, and the case worker has closed each line that has an outcome.
pub(super) fn assessed(outcomes: [Option<CriterionOutcome>; 3]) -> Application {
    let lines = CRITERIA.into_iter().zip(outcomes);
    lines.filter_map(|(criterion, outcome)| Some((criterion, outcome?))).fold(
        under_assessment(),
        |application, (criterion, outcome)| {
            let (criterion, note) = (code(criterion), note("Sett"));
            application.assess(criterion, outcome, note, &case_worker(), context()).unwrap().value
        },
    )
}

/// Ready, every criterion met.
pub(super) fn ready() -> Application {
    assessed([Some(CriterionOutcome::Met); 3])
}

/// Ready, the first mandatory criterion not met.
pub(super) fn failing() -> Application {
    assessed([
        Some(CriterionOutcome::NotMet),
        Some(CriterionOutcome::Met),
        Some(CriterionOutcome::Met),
    ])
}

pub(super) fn frame(municipality: &Municipality) -> SigningContext<'_> {
    let number = line("4204-2026/17");
    let (now, channel) = (now(), Channel::Electronic);
    SigningContext { id: id(5), number, municipality, now, commencement: None, channel }
}

pub(super) fn reasons() -> Reasons {
    Reasons { rules: prose("Regler"), facts: prose("Fakta"), considerations: prose("Vurdering") }
}

pub(super) fn grounded<G>(ground: G) -> Grounded<G> {
    Grounded { ground, facts: prose("Dette skjedde") }
}

/// The application, its decision and the approval.
pub(super) fn approved() -> (Application, Decision, Approval) {
    let municipality = municipality();
    let frame = frame(&municipality);
    ready()
        .approve(id(6), Some(reasons()), (&content(), &Places::default()), frame, &decision_maker())
        .unwrap()
        .value
}

pub(super) fn refused() -> (Application, Decision) {
    let municipality = municipality();
    let grounds = vec![grounded(RefusalGround::CriteriaNotMet)];
    let frame = frame(&municipality);
    failing().refuse(grounds, reasons(), &content(), frame, &decision_maker()).unwrap().value
}

// An approval, in each lifecycle state.

pub(super) fn contract(from: &str, to: Option<&str>) -> Contract {
    let (number, signed_on) = (line("2026-7"), day("2026-03-12"));
    Contract { number, signed_on, from: day(from), to: to.map(day) }
}

/// Case worker, decision maker and inspector are impartial after its approval.
pub(super) fn granted() -> Approval {
    let people = [case_worker().actor, decision_maker().actor, follower().actor];
    people.into_iter().fold(approved().2, |it, person| {
        let input = ImpartialityAnswer::Own(ImpartialityFinding::Able(None));
        let by = approval_handler(person);
        it.declare_impartiality(input, None, &Staff::new(), &by, now()).unwrap().value
    })
}

pub(super) fn contracted(from: &str, to: Option<&str>) -> Approval {
    granted().record_contract(contract(from, to), &decision_maker(), now()).unwrap().value
}

/// Under a contract from today, without an end.
pub(super) fn active() -> Approval {
    contracted("2026-03-12", None)
}

/// Warns of a breach that a supervisory authority found, to be answered by Thursday 26 March.
pub(super) fn notice() -> PriorNotice {
    let grounds = vec![grounded(RevocationGround::SupervisoryBreach)];
    let (approval, by, finding) = (active(), case_worker(), finding());
    let warning = Warning { grounds, reply_by: day("2026-03-26"), founded_on: Some(&finding) };
    let handled = approval.handled(&by, &municipality().settings).unwrap();
    noticed(PriorNotice::send(id(7), handled, warning, &content(), now()).unwrap().value)
}

pub(super) fn answered_notice() -> PriorNotice {
    notice().answer(prose("Vi er uenige"), true, &provider_user(), now()).unwrap().value
}

/// How a revocation is carried out; winding down ends on the last day of June 2026.
pub(super) fn revocation_terms(effective_at: Instant) -> RevocationTerms {
    let (until, taken_over_by) = (day("2026-06-30"), line("Kommunens hjemmetjeneste"));
    let winding_down = Some(WindingDown { until, taken_over_by, plan: None });
    RevocationTerms { effective_at, winding_down }
}

/// Revoked from that instant on.
pub(super) fn revoked(effective_at: Instant) -> Approval {
    revocation(effective_at).0
}

/// The approval and the decision that revokes it at once.
pub(super) fn revoked_by() -> (Approval, Decision) {
    revocation(now())
}

/// Revoked before there was a contract, at once and without users to take over.
pub(super) fn revoked_before_contract() -> Approval {
    let terms = RevocationTerms { winding_down: None, effective_at: now() };
    revoke(granted(), terms).0
}

fn revocation(effective_at: Instant) -> (Approval, Decision) {
    revoke(active(), revocation_terms(effective_at))
}

fn revoke(approval: Approval, terms: RevocationTerms) -> (Approval, Decision) {
    let (municipality, notice) = (municipality(), answered_notice());
    let heard = notice.heard(now()).unwrap();
    let grounds = vec![grounded(RevocationGround::SupervisoryBreach)];
    let frame = frame(&municipality);
    approval
        .revoke(heard, grounds, reasons(), terms, &content(), frame, &decision_maker())
        .unwrap()
        .value
}
