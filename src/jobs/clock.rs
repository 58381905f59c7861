//! Clock guard: whether the system clock can be trusted for due items.
//!
//! The monotonic clock cannot jump. If the system clock runs ahead of it, due work is suspended until the new
//! time has held for a while. Nothing is lost: states are derived from dates, and only reminders and feed rows
//! are delayed.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::values::time::Instant;

/// Maximum difference of the two clocks between two readings.
pub(super) const BOUND: TimeDelta = TimeDelta::minutes(10);
/// Maximum silence of the journal at the first reading.
pub(super) const LONGEST_SILENCE: TimeDelta = TimeDelta::days(60);
/// How long a clock that jumped must hold before it is trusted.
pub(super) const CONFIRMED_AFTER: Duration = Duration::from_secs(900);

/// The time by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    system: Instant,
    monotonic: Duration,
}

impl Reading {
    /// How far the system's clock is ahead of where it should be by an earlier reading.
    fn ahead_of(self, earlier: Self) -> TimeDelta {
        let passed = self.monotonic.saturating_sub(earlier.monotonic);
        let passed = TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX);
        (self.system - earlier.system).checked_sub(&passed).unwrap_or(TimeDelta::MAX)
    }
}

/// Consequence of a reading for due items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockCheck {
    /// The clock runs as before.
    Steady,
    /// The clock is trusted from now: at the first reading, after it was set back, or after a jump that held.
    /// Items completed at a later time than now were completed under a wrong clock.
    Trusted,
    /// The clock has jumped ahead by so much. Nothing falls due.
    Suspended(TimeDelta),
}

/// Watches the system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClockGuard {
    trusted: Option<Reading>,
    /// The first reading after a jump.
    jumped: Option<Reading>,
}

impl ClockGuard {
    /// Judges a reading of both clocks. `journal` returns the instant of the last journal row, `database` the
    /// database's own time if it has a clock; each is called only when needed.
    pub(super) fn judge<E>(
        &mut self,
        system: Instant,
        monotonic: Duration,
        journal: impl FnOnce() -> Result<Option<Instant>, E>,
        database: impl FnOnce() -> Result<Option<Instant>, E>,
    ) -> Result<ClockCheck, E> {
        let reading = Reading { system, monotonic };
        let Some(trusted) = self.trusted else {
            let last = journal()?.filter(|last| system - *last > LONGEST_SILENCE);
            self.trusted = Some(Reading { system: last.unwrap_or(system), monotonic });
            self.jumped = last.map(|_| reading);
            return Ok(
                last.map_or(ClockCheck::Trusted, |last| ClockCheck::Suspended(system - last))
            );
        };
        let ahead = reading.ahead_of(trusted);
        if ahead <= BOUND {
            let is_trusted = ahead < -BOUND || self.jumped.is_some();
            (self.trusted, self.jumped) = (Some(reading), None);
            return Ok(if is_trusted { ClockCheck::Trusted } else { ClockCheck::Steady });
        }
        let held = self.jumped.filter(|jumped| reading.ahead_of(*jumped).abs() <= BOUND);
        let since = *self.jumped.insert(held.unwrap_or(reading));
        let agrees = |database: Option<Instant>| {
            database.is_none_or(|database| (system - database).abs() <= BOUND)
        };
        if monotonic.saturating_sub(since.monotonic) >= CONFIRMED_AFTER && agrees(database()?) {
            (self.trusted, self.jumped) = (Some(reading), None);
            return Ok(ClockCheck::Trusted);
        }
        Ok(ClockCheck::Suspended(ahead))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A guard, both clocks, and what the database knows.
    struct Scene {
        guard: ClockGuard,
        system: Instant,
        monotonic: Duration,
        journal: Option<Instant>,
        database: Option<Instant>,
    }

    impl Scene {
        fn new() -> Self {
            let system = "2026-03-12T09:00:00Z".parse().unwrap();
            let guard = ClockGuard::default();
            Self { guard, system, monotonic: Duration::ZERO, journal: None, database: None }
        }

        /// Time passes, and the system's clock jumps.
        fn pass(&mut self, seconds: u64, jump: TimeDelta) -> ClockCheck {
            let passed = Duration::from_secs(seconds);
            self.monotonic += passed;
            self.system += TimeDelta::from_std(passed).unwrap() + jump;
            let (journal, database) = (self.journal, self.database);
            let (system, monotonic) = (self.system, self.monotonic);
            let judged =
                self.guard.judge(system, monotonic, || Ok(journal), || Ok::<_, ()>(database));
            judged.unwrap()
        }
    }

    const NO_JUMP: TimeDelta = TimeDelta::zero();
    const FAR: TimeDelta = TimeDelta::days(400);

    #[test]
    fn a_jump_ahead_suspends_until_it_is_taken_back() {
        let mut scene = Scene::new();
        assert_eq!(scene.pass(0, NO_JUMP), ClockCheck::Trusted);
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Steady);
        assert_eq!(scene.pass(1, FAR), ClockCheck::Suspended(FAR));
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Suspended(FAR));
        assert_eq!(scene.pass(1, -FAR), ClockCheck::Trusted);
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Steady);
    }

    #[test]
    fn a_jump_that_holds_is_trusted_where_the_database_agrees() {
        let mut scene = Scene::new();
        scene.database = Some(scene.system);
        scene.pass(0, NO_JUMP);
        scene.pass(1, FAR);
        assert_eq!(scene.pass(2000, NO_JUMP), ClockCheck::Suspended(FAR));
        scene.database = Some(scene.system + TimeDelta::seconds(1));
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Trusted);
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Steady);
    }

    #[test]
    fn a_clock_without_a_second_source_is_trusted_after_it_has_held_for_a_quarter_of_an_hour() {
        let mut scene = Scene::new();
        scene.pass(0, NO_JUMP);
        scene.pass(1, FAR);
        assert_eq!(scene.pass(899, NO_JUMP), ClockCheck::Suspended(FAR));
        // Another jump begins the wait again.
        assert_eq!(
            scene.pass(1, TimeDelta::days(1)),
            ClockCheck::Suspended(FAR + TimeDelta::days(1))
        );
        assert!(matches!(scene.pass(899, NO_JUMP), ClockCheck::Suspended(_)));
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Trusted);
    }

    #[test]
    fn a_clock_that_drifts_slowly_is_followed() {
        let mut scene = Scene::new();
        scene.pass(0, NO_JUMP);
        for _ in 0..100 {
            assert_eq!(scene.pass(60, TimeDelta::minutes(9)), ClockCheck::Steady);
        }
    }

    #[test]
    fn a_clock_set_back_is_trusted_at_once() {
        let mut scene = Scene::new();
        scene.pass(0, NO_JUMP);
        assert_eq!(scene.pass(1, -FAR), ClockCheck::Trusted);
        assert_eq!(scene.pass(1, NO_JUMP), ClockCheck::Steady);
    }

    #[test]
    fn a_start_long_after_the_last_row_waits() {
        let mut scene = Scene::new();
        scene.journal = Some(scene.system - FAR);
        assert_eq!(scene.pass(0, NO_JUMP), ClockCheck::Suspended(FAR));
        assert_eq!(scene.pass(900, NO_JUMP), ClockCheck::Trusted);
        let mut scene = Scene::new();
        scene.journal = Some(scene.system - LONGEST_SILENCE);
        assert_eq!(scene.pass(0, NO_JUMP), ClockCheck::Trusted);
    }
}
