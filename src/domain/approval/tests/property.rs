//! Invariants under random commands: no revocation without a notice, and consistent stored facts.

use chrono::{Days, TimeDelta};

use super::{ending::handover, *};
use crate::domain::{
    decision::SigningContext,
    event::Event,
    samples::{SampleDice, noticed, provider_user},
    values::time::end_of_day,
};

const RUNS: u64 = 3_000;
const STEPS: u32 = 40;

/// Independent model of a notice.
struct Sent {
    notice: PriorNotice,
    reply_by: NaiveDate,
    answered: bool,
    closed: bool,
}

struct Run {
    dice: SampleDice,
    it: Approval,
    now: Instant,
    notices: Vec<Sent>,
    replayed_contract: &'static str,
    replayed_revocation: Option<&'static str>,
    ends_with_offering: bool,
    municipality: Municipality,
}

type Taken = Result<Event, DomainError>;

impl Run {
    fn new(seed: u64) -> Self {
        Self {
            dice: SampleDice(seed),
            it: granted(),
            now: now(),
            notices: vec![],
            replayed_contract: "granted",
            replayed_revocation: None,
            ends_with_offering: false,
            municipality: municipality(),
        }
    }

    fn step(&mut self) {
        self.now += TimeDelta::hours(self.dice.roll(24 * 30).try_into().unwrap());
        let (it, now, by) = (self.it.clone(), self.now, id(u128::from(self.dice.roll(1 << 40))));
        let taken = match self.dice.roll(11) {
            0 => self.contract(),
            1 => self.warn(),
            2 => self.answer(),
            3 => self.close(),
            4 | 5 => self.revoke(),
            6 => self.keep(it.reinstate(by, &Places::default(), now)),
            7 => self.keep(it.suspend_revocation(by, &Places::default(), now)),
            8 => self.keep(it.end_suspension(now)),
            9 => self.annul(),
            _ => self.end(),
        };
        if let Ok(event) = taken {
            self.replay(&event);
        }
        self.check();
    }

    fn keep(&mut self, change: Result<Change<Approval>, DomainError>) -> Taken {
        change.map(|Change { value, event }| {
            assert_eq!(value.revision, self.it.revision.next());
            self.it = value;
            event
        })
    }

    fn contract(&mut self) -> Taken {
        let today = day_of(self.now);
        let from = today + Days::new(self.dice.roll(40));
        let to = (self.dice.roll(2) == 0).then(|| from + Days::new(self.dice.roll(900)));
        let contract = Contract { from, to, ..contract("2026-03-12", None) };
        let change = self.it.clone().record_contract(contract, &decision_maker(), self.now);
        self.keep(change)
    }

    /// It succeeds only before the approval is open to choice.
    fn annul(&mut self) -> Taken {
        let (it, now) = (self.it.clone(), self.now);
        let change = it.annul_contract(&prose("Feilført"), &decision_maker(), now);
        if change.is_ok() {
            let contract = self.it.lifecycle.contract().unwrap();
            assert!(day_of(now) < contract.from, "the contract had begun");
        }
        self.keep(change)
    }

    fn warn(&mut self) -> Taken {
        let by = case_worker();
        let handled = self.it.handled(&by, &self.municipality.settings)?;
        let grounds = vec![grounded(RevocationGround::TermsBreach)];
        let chosen_day = day_of(self.now) + Days::new(14 + self.dice.roll(14));
        let warning = Warning { grounds, reply_by: chosen_day, founded_on: None };
        let key = id(u128::from(self.dice.roll(1 << 40)));
        let Change { value, event } =
            PriorNotice::send(key, handled, warning, &content(), self.now)?;
        let reply_by = value.reply_by;
        assert!(reply_by >= chosen_day, "time to reply is only ever rolled on");
        let value = noticed(value);
        self.notices.push(Sent { notice: value, reply_by, answered: false, closed: false });
        Ok(event)
    }

    fn some_notice(&mut self) -> Result<usize, DomainError> {
        let count = u64::try_from(self.notices.len()).unwrap();
        if count == 0 {
            Err(DomainError::prior_notice_missing())
        } else {
            Ok(self.dice.roll(count).try_into().unwrap())
        }
    }

    fn answer(&mut self) -> Taken {
        let index = self.some_notice()?;
        let sent = &mut self.notices[index];
        let is_final = self.dice.roll(2) == 0;
        let by = provider_user();
        let change = sent.notice.clone().answer(prose("Rettet"), is_final, &by, self.now)?;
        sent.notice = change.value;
        sent.answered |= is_final;
        Ok(change.event)
    }

    fn close(&mut self) -> Taken {
        let index = self.some_notice()?;
        let sent = &mut self.notices[index];
        let change = sent.notice.clone().close(prose("Rettet"), &case_worker(), self.now)?;
        (sent.notice, sent.closed) = (change.value, true);
        Ok(change.event)
    }

    /// It succeeds only after a hearing, by an independent count.
    fn revoke(&mut self) -> Taken {
        let index = self.some_notice()?;
        let late = TimeDelta::hours(self.dice.roll(24 * 60).try_into().unwrap());
        let sent = &self.notices[index];
        let was_heard = !sent.closed && (sent.answered || end_of_day(sent.reply_by) <= self.now);
        let heard = sent.notice.heard(self.now);
        assert_eq!(heard.is_ok(), was_heard);
        let terms = revocation_terms(self.now + late);
        let winding_down = WindingDown { until: day("2099-12-31"), ..handover() };
        let terms = RevocationTerms { winding_down: Some(winding_down), ..terms };
        let frame = SigningContext { now: self.now, ..frame(&self.municipality) };
        let grounds = vec![grounded(RevocationGround::TermsBreach)];
        let change = self.it.clone().revoke(
            heard?,
            grounds,
            reasons(),
            terms,
            &content(),
            frame,
            &decision_maker(),
        )?;
        assert!(was_heard, "revoked without its notice");
        let (approval, decision) = change.value;
        assert_eq!(approval.lifecycle.revocation.as_ref().unwrap().decision, decision.id);
        self.it = approval;
        Ok(change.event)
    }

    fn end(&mut self) -> Taken {
        let winding_down = WindingDown { until: day("2099-12-31"), ..handover() };
        let (it, now) = (self.it.clone(), self.now);
        let change = if self.dice.roll(4) == 0 {
            let on = day_of(now) + Days::new(self.dice.roll(400));
            it.offering_ends(on, winding_down)
        } else {
            it.terminate_as_provider(None, Some(winding_down), &content(), &provider_user(), now)
        };
        self.keep(change)
    }

    /// The lifecycle according to the journal.
    fn replay(&mut self, event: &Event) {
        self.ends_with_offering |= event.kind == EventKind::ApprovalEndedWithOffering;
        let awaited = if self.ends_with_offering { "lapsed" } else { "granted" };
        self.replayed_contract = match (event.kind, self.replayed_contract) {
            (EventKind::ContractRecorded, _) => "contracted",
            (EventKind::ApprovalEndedWithOffering, "granted") | (EventKind::ApprovalRemoved, _) => {
                awaited
            }
            (_, same) => same,
        };
        self.replayed_revocation = match event.kind {
            EventKind::ApprovalRevoked | EventKind::DeferralEnded => Some("revoked"),
            EventKind::RevocationDeferred => Some("deferred"),
            EventKind::ApprovalReinstated => None,
            _ => self.replayed_revocation,
        };
    }

    fn replayed(&self) -> &'static str {
        self.replayed_revocation.unwrap_or(self.replayed_contract)
    }

    fn check(&self) {
        let lifecycle = &self.it.lifecycle;
        let status = label(&self.it);
        assert_eq!(status.split(' ').next(), Some(self.replayed()), "the journal tells otherwise");
        // An expired, future or revoked approval is not open to choice.
        let chosen = matches!(
            lifecycle.status_at(self.now),
            ApprovalStatus::Active | ApprovalStatus::Ending
        );
        if let Some(contract) = lifecycle.contract() {
            let today = day_of(self.now);
            let runs = contract.from <= today && contract.to.is_none_or(|to| today <= to);
            assert!(!chosen || runs, "{lifecycle:?}");
        } else {
            assert!(!chosen, "{lifecycle:?}");
        }
        if let Some(revocation) = &lifecycle.revocation {
            let fallen = revocation.suspension.is_none() && revocation.effective_at <= self.now;
            assert!(!(fallen && chosen), "{lifecycle:?}");
        }
        // Past gaps are in order, in the past, without overlap.
        if let Some(contract_period) = lifecycle.contract_period() {
            for gap in &contract_period.gaps {
                assert!(gap.from < gap.to && gap.to <= self.now, "{gap:?}");
            }
            for pair in contract_period.gaps.windows(2) {
                assert!(pair[0].to <= pair[1].from, "{pair:?}");
            }
        }
        // Future status changes are predicted.
        if let Some(next) = lifecycle.next_change(self.now) {
            let before = next - TimeDelta::milliseconds(1);
            assert_eq!(lifecycle.status_at(before), lifecycle.status_at(self.now));
        }
        if let Some(end) = lifecycle.over_from() {
            assert!(
                [0, 1, 400, 9_000]
                    .iter()
                    .all(|days| { lifecycle.status_at(end + TimeDelta::days(*days)).is_over() })
            );
            assert!(
                !lifecycle.status_at(end - TimeDelta::microseconds(1)).is_over(),
                "{lifecycle:?}"
            );
        } else {
            assert!(!lifecycle.status_at(self.now + TimeDelta::days(9_000)).is_over());
        }
    }
}

#[test]
fn no_approval_falls_without_its_notice_and_the_journal_replays_to_the_same_standing() {
    let mut ends = std::collections::BTreeMap::new();
    for seed in 0..RUNS {
        let mut run = Run::new(seed);
        for _ in 0..STEPS {
            run.step();
        }
        *ends.entry(run.replayed()).or_insert(0) += 1;
    }
    // Chance has been everywhere.
    for lifecycle in ["granted", "contracted", "revoked", "deferred", "lapsed"] {
        assert!(ends.keys().any(|end: &&str| *end == lifecycle), "{lifecycle}: {ends:?}");
    }
}
