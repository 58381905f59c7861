//! Daily limit: the number of profile and listing changes of one organisation on a Norwegian day.
//!
//! The public journal stores each change permanently, and every instance holds it in memory.

use crate::domain::{
    error::DomainError,
    event::EventKind,
    values::time::{Instant, day_of, end_of_day, start_of_day},
};

/// The number of profile and listing changes of one organisation on a Norwegian day. Enough for a provider with
/// a hundred approvals to change each listing twice; with the longest texts some megabytes a day.
pub const CHANGES_PER_DAY: i64 = 250;

/// The kinds of events that count.
pub const COUNTED: [EventKind; 6] = [
    EventKind::ProviderRegistered,
    EventKind::ProviderUpdated,
    EventKind::ProviderConfirmed,
    EventKind::ListingChanged,
    EventKind::OwnListingChanged,
    EventKind::MunicipalityUpdated,
];

/// The start of the day of an instant.
#[must_use]
pub fn counted_from(now: Instant) -> Instant {
    start_of_day(day_of(now))
}

/// Checks one more change after the organisation's changes of today.
///
/// # Errors
/// `too-many-changes`, until midnight.
pub fn check(changes_today: i64, now: Instant) -> Result<(), DomainError> {
    if changes_today < CHANGES_PER_DAY {
        return Ok(());
    }
    let left = end_of_day(day_of(now)) - now;
    Err(DomainError::too_many_changes(CHANGES_PER_DAY, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_of_a_day_is_accepted_and_the_next_one_waits_for_norwegian_midnight() {
        let now: Instant = "2026-03-12T22:59:58.5Z".parse().unwrap();
        assert_eq!(check(CHANGES_PER_DAY - 1, now), Ok(()));
        let refused = check(CHANGES_PER_DAY, now).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.retry_after), ("too-many-changes", Some(2)));
        let summer: Instant = "2026-07-01T21:00:00Z".parse().unwrap();
        assert_eq!(check(CHANGES_PER_DAY, summer).unwrap_err().retry_after, Some(3600));
        assert_eq!(counted_from(summer), "2026-06-30T22:00:00Z".parse::<Instant>().unwrap());
    }
}
