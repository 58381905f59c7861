//! Invariants under random commands, persons and orders.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::{super::disclosure::Disclosure, guard::CaseContext, machine::missing, *};
use crate::domain::{
    decision::SigningContext,
    error::Noun,
    event::Event,
    municipality::Municipality,
    rules::{
        ground::FormalGround,
        impartiality::{BarringGround, ImpartialityAnswer, ImpartialityFinding, Whom},
    },
    samples::{SampleDice, noticed, prose, submitted},
    values::{
        text::Line,
        time::{Instant, end_of_day},
    },
};

const RUNS: u64 = 2_000;
const STEPS: u32 = 40;
const PEOPLE: [&str; 4] = ["Kari", "Ola", "Ida", "Siv"];

/// A person's last word on him- or herself.
#[derive(PartialEq)]
enum Word {
    Able,
    Barred,
    Left,
}

/// Independent model of a person.
#[derive(Default)]
struct Known {
    last_word: Option<Word>,
    ruled: Option<bool>,
    waits: bool,
    superior: Option<Line>,
    assessed: bool,
}

/// The state according to the journal.
struct Replay {
    state: &'static str,
    closed: BTreeSet<String>,
}

impl Replay {
    fn take(&mut self, event: &Event) {
        let detail = |key| event.detail.iter().find(|(k, _)| *k == key).map(|(_, v)| v.clone());
        self.state = match event.kind {
            EventKind::ApplicationSubmitted => "submitted",
            EventKind::AssessmentStarted
            | EventKind::CompletionAnswered
            | EventKind::AssessmentResumed => "under-assessment",
            EventKind::CriterionAssessed => {
                self.closed.insert(detail("criterion").unwrap());
                if self.closed.len() == CRITERIA.len() { "ready" } else { "under-assessment" }
            }
            EventKind::CompletionRequested => {
                for criterion in detail("criteria").unwrap().split(',') {
                    self.closed.remove(criterion);
                }
                "awaiting-completion"
            }
            EventKind::ImpartialityDeclared | EventKind::ImpartialityRuled => {
                let reopened = detail("reopened");
                for criterion in reopened.iter().flat_map(|codes| codes.split(',')) {
                    self.closed.remove(criterion);
                }
                let was_ready = reopened.is_some() && self.state == "ready";
                if was_ready { "under-assessment" } else { self.state }
            }
            EventKind::ApplicationWithdrawn => "withdrawn",
            EventKind::ApplicationApproved => "approved",
            EventKind::ApplicationRefused => "refused",
            EventKind::ApplicationDismissed => "dismissed",
            _ => self.state,
        };
    }
}

struct Run {
    dice: SampleDice,
    it: Application,
    now: Instant,
    municipality: Municipality,
    known: BTreeMap<Line, Known>,
    replay: Replay,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut dice = SampleDice(seed);
        let mut municipality = municipality();
        municipality.settings.four_eyes = dice.roll(2) == 0;
        if dice.roll(3) == 0 {
            municipality.settings.own_provider_staff = [dice.of(&PEOPLE.map(actor)).subject].into();
        }
        let replay = Replay { state: "submitted", closed: BTreeSet::new() };
        Self { dice, it: submitted(), now: now(), municipality, known: BTreeMap::new(), replay }
    }

    fn barred(&self, key: &Line) -> bool {
        let known = self.known.get(key);
        self.municipality.settings.own_provider_staff.contains(key)
            || known.is_some_and(|it| it.last_word == Some(Word::Barred) || it.ruled == Some(false))
    }

    /// Whether the person may handle the case, and whether also decide it.
    fn able(&self, key: &Line) -> (bool, bool) {
        let known = self.known.get(key);
        let handles =
            !self.barred(key) && known.is_some_and(|it| it.last_word.is_some() && !it.waits);
        let superior = known.and_then(|it| it.superior.as_ref());
        (handles, handles && !superior.is_some_and(|key| self.barred(key)))
    }

    fn fails(&self) -> bool {
        let lines = &self.it.state.case().unwrap().lines;
        CRITERIA[..2].iter().any(|mandatory| {
            lines.get(&code(mandatory)).is_some_and(|l| l.outcome == CriterionOutcome::NotMet)
        })
    }

    fn open(&self) -> bool {
        self.it.state.case().unwrap().lines.len() < CRITERIA.len()
    }

    /// One attempt at anything by anybody.
    fn step(&mut self) {
        self.now += TimeDelta::hours(self.dice.roll(72).try_into().unwrap());
        let person = self.dice.of(&PEOPLE.map(actor));
        let taken = match self.dice.roll(16) {
            0..5 => self.say(person),
            5..13 => self.handle(&person),
            _ => self.decide(&person),
        };
        match taken {
            Ok(change) => {
                assert_eq!(change.value.revision, self.it.revision.next());
                self.replay.take(&change.event);
                self.it = change.value;
            }
            // A rejected command ran on a copy: the stored value is unchanged.
            Err(refusal) => assert!(!refusal.detail.key().is_empty()),
        }
        self.check();
    }

    /// Something about impartiality.
    fn say(&mut self, person: Actor) -> Answered {
        let (it, now) = (self.it.clone(), self.now);
        let staff = &self.municipality.settings.own_provider_staff.clone();
        let (key, other) = (person.subject.clone(), self.dice.of(&PEOPLE.map(actor)));
        let able = self.dice.roll(6) != 0;
        let maker = DecisionMaker { actor: person.clone(), ..decision_maker() };
        let handler = crate::domain::samples::handler(person);
        match self.dice.roll(5) {
            0..=2 => {
                let left = self.dice.roll(8) == 0;
                let input = if left {
                    ImpartialityAnswer::LeftToSuperior { note: note("Tvil"), settled: false }
                } else {
                    let ground = (!able).then_some(BarringGround::Kin);
                    ImpartialityAnswer::Own(ImpartialityFinding::new(able, ground, None).unwrap())
                };
                let superior = (self.dice.roll(4) == 0).then(|| other.subject.clone());
                let taken = it.declare_impartiality(input, superior.clone(), staff, &handler, now);
                if taken.is_ok() {
                    let known = self.known.entry(key).or_default();
                    let word = if able { Word::Able } else { Word::Barred };
                    known.last_word = Some(if left { Word::Left } else { word });
                    known.superior = superior.or_else(|| known.superior.take());
                    known.waits |= left;
                }
                taken
            }
            3 => {
                let whom = Whom::Key(other.subject.clone());
                let taken = it.challenge_impartiality(whom, note("Slekt"), &provider_user(), now);
                if taken.is_ok() {
                    self.known.entry(other.subject).or_default().waits = true;
                }
                taken
            }
            _ => {
                let finding =
                    ImpartialityFinding::new(able, (!able).then_some(BarringGround::Kin), None)
                        .unwrap();
                let whom = Whom::Key(other.subject.clone());
                let taken = it.rule_on_impartiality(whom, finding, None, staff, &maker, now);
                if taken.is_ok() {
                    assert!(other.subject != key && !self.barred(&key), "nobody barred rules");
                    let known = self.known.entry(other.subject).or_default();
                    (known.waits, known.ruled) = (false, Some(able));
                }
                taken
            }
        }
    }

    /// Something on the way to a decision.
    fn handle(&mut self, person: &Actor) -> Answered {
        let (it, content, places) = (self.it.clone(), content(), Places::default());
        let now = self.now;
        let municipality = self.municipality.clone();
        let case_context =
            CaseContext { municipality: &municipality, content: &content, places: &places, now };
        let worker = CaseWorker { actor: person.clone(), ..case_worker() };
        let key = person.subject.clone();
        let (may_act, _) = self.able(&key);
        match self.dice.roll(8) {
            0 => allowed(it.start_assessment(&worker, case_context), may_act),
            1..=4 => {
                let outcomes = [
                    CriterionOutcome::Met,
                    CriterionOutcome::Met,
                    CriterionOutcome::NotMet,
                    CriterionOutcome::NotApplicable,
                ];
                let (line, outcome) = (self.dice.of(&CRITERIA), self.dice.of(&outcomes));
                let taken = it.assess(code(line), outcome, note("Sett"), &worker, case_context);
                self.has_assessed(taken, may_act, key)
            }
            5 => {
                let deadline = crate::domain::values::time::day_of(now + TimeDelta::days(9));
                let taken =
                    it.request_completion(missing(CRITERIA[0]), deadline, &worker, case_context);
                let taken =
                    taken.map(|Change { value, event }| Change { value: noticed(value), event });
                self.has_assessed(taken, may_act, key)
            }
            6 if self.dice.roll(2) == 0 => it.complete(&provider_user(), now),
            6 => allowed(it.resume(&worker, case_context), may_act),
            7 if self.dice.roll(8) == 0 => it.withdraw(&provider_user()),
            7 if self.dice.roll(3) == 0 => it.comment(prose("Nei"), &provider_user(), now),
            7 if self.dice.roll(3) == 0 => {
                let deadline = crate::domain::values::time::day_of(now + TimeDelta::days(9));
                let grounds = vec![grounded(RefusalGround::SupervisoryBreach)];
                let source = crate::domain::samples::line("Helsetilsynet");
                let taken =
                    it.disclose_information(grounds, source, deadline, &worker, case_context);
                let taken =
                    taken.map(|Change { value, event }| Change { value: noticed(value), event });
                self.has_assessed(taken, may_act, key)
            }
            _ => {
                let day = crate::domain::values::time::day_of(now + TimeDelta::days(30));
                let taken = it.send_preliminary_answer(day, prose("Tid"), &worker, case_context);
                allowed(taken, may_act)
            }
        }
    }

    /// Something that ends the case.
    fn decide(&mut self, person: &Actor) -> Answered {
        let (it, content, now) = (self.it.clone(), content(), self.now);
        let municipality = self.municipality.clone();
        let frame = SigningContext { now, ..frame(&municipality) };
        let maker = DecisionMaker { actor: person.clone(), ..decision_maker() };
        let key = &person.subject;
        let assessed = self.known.get(key).is_some_and(|known| known.assessed);
        let may_sign = self.able(key).1 && !(municipality.settings.four_eyes && assessed);
        match self.dice.roll(3) {
            0 => {
                let signed = it.approve(id(6), None, (&content, &Places::default()), frame, &maker);
                let must = self.it.state.as_str() == "ready" && may_sign && !self.fails();
                assert_eq!(signed.is_ok(), must, "approved if and only if all is met");
                signed.map(|change| Change { value: change.value.0, event: change.event })
            }
            1 => {
                let grounds = [
                    vec![],
                    vec![RefusalGround::CriteriaNotMet],
                    vec![RefusalGround::SupervisoryBreach],
                    vec![RefusalGround::BankruptcyProbable, RefusalGround::CriteriaNotMet],
                ];
                let grounds = self.dice.of(&grounds);
                let given = grounds.contains(&RefusalGround::SupervisoryBreach);
                let grounds = grounds.into_iter().map(grounded).collect();
                let refused = it.refuse(grounds, reasons(), &content, frame, &maker);
                if refused.is_ok() {
                    let put = self.it.state.case().unwrap().disclosures.iter();
                    let over =
                        |it: &Disclosure| it.comment.is_some() || end_of_day(it.deadline) <= now;
                    assert!(!given || put.clone().any(over), "nobody is refused unheard");
                    assert!(
                        self.fails() || given,
                        "nobody who meets all is refused without a ground"
                    );
                    assert!(may_sign && !self.open(), "nobody barred signs; four eyes hold");
                }
                refused.map(|change| Change { value: change.value.0, event: change.event })
            }
            _ if self.dice.roll(6) == 0 => {
                let dismissed =
                    it.dismiss((FormalGround::NoLegalCapacity, None), reasons(), frame, &maker);
                assert!(dismissed.is_err() || may_sign, "nobody barred signs; four eyes hold");
                dismissed.map(|change| Change { value: change.value.0, event: change.event })
            }
            _ => Err(DomainError::not_found(Noun::Application)),
        }
    }

    fn has_assessed(&mut self, taken: Answered, handles: bool, key: Line) -> Answered {
        if taken.is_ok() {
            assert!(handles, "nobody barred assesses");
            self.known.entry(key).or_default().assessed = true;
        }
        taken
    }

    fn check(&self) {
        let state = &self.it.state;
        assert_eq!(state.as_str(), self.replay.state, "the journal replays to the same state");
        match state {
            ApplicationState::Ready(_)
            | ApplicationState::Approved(..)
            | ApplicationState::Refused(..) => assert!(!self.open()),
            ApplicationState::UnderAssessment(_) | ApplicationState::AwaitingCompletion(_) => {
                assert!(self.open());
            }
            ApplicationState::Submitted(case) => assert!(case.lines.is_empty()),
            ApplicationState::Draft => panic!("nobody goes back to a draft"),
            ApplicationState::Dismissed(..) | ApplicationState::Withdrawn(_) => {}
        }
        let lines = state.case().map(|case| &case.lines).filter(|_| state.is_open());
        for line in lines.into_iter().flat_map(BTreeMap::values) {
            assert!(!self.barred(&line.by.subject), "an open case has no line of a barred person");
        }
        if matches!(state, ApplicationState::Approved(..)) {
            assert!(!self.fails(), "nobody who fails a mandatory criterion is approved");
        }
        assert_eq!(self.it.agenda().is_empty(), !state.is_open());
    }
}

fn allowed(taken: Answered, handles: bool) -> Answered {
    assert!(taken.is_err() || handles, "nobody barred handles the case");
    taken
}

#[test]
fn over_random_sequences_of_commands_no_case_reaches_what_the_law_forbids() {
    let mut ends = BTreeMap::<_, u32>::new();
    for seed in 0..RUNS {
        let run = std::panic::catch_unwind(|| {
            let mut run = Run::new(seed);
            (0..STEPS).for_each(|_| run.step());
            run.it.state.as_str()
        });
        let end = run.unwrap_or_else(|_| panic!("the run with seed {seed} broke a rule"));
        *ends.entry(end).or_default() += 1;
    }
    // The dice must reach every state, else the test proves nothing.
    for state in [
        "submitted",
        "under-assessment",
        "awaiting-completion",
        "ready",
        "approved",
        "refused",
        "dismissed",
        "withdrawn",
    ] {
        assert!(ends.contains_key(state), "{state} is never reached: {ends:?}");
    }
}
