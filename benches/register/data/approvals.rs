//! Approvals under contract, with the provider's listing.

use chrono::{Days, Months};

use super::{Country, Dice, Of, STANDING, event, last_day, made, words};
use godkjent::{
    domain::{
        approval::{
            AddOn, ApprovalLifecycle, Contract, ContractPeriod, ContractState, Listing,
            ListingCapacity, ListingDetails, TimeOfDay, TimesOfDay,
        },
        event::{Event, EventKind, Subject},
        values::{
            ids::ApprovalId,
            money::Price,
            text::Line,
            time::{Instant, Period, PeriodUnit, day_of},
        },
    },
    json::public::{ApprovalRecord, PublicRecord},
};

impl Country {
    /// The approval of that number, when its contract is recorded.
    pub(super) fn approval(&self, nth: usize) -> Option<(Event, PublicRecord)> {
        let record = self.approval_record(nth)?;
        let event = self.approval_event(nth, EventKind::ContractRecorded, &record)?;
        Some((event, record.into()))
    }

    pub(super) fn approval_event(
        &self,
        nth: usize,
        kind: EventKind,
        record: &ApprovalRecord,
    ) -> Option<Event> {
        let town = (nth % self.places) % self.municipalities.len();
        let subject = Subject::Approval(ApprovalId::new(record.id));
        Some(Event {
            municipality: Some(self.municipalities.get(town)?.clone()),
            provider: self.providers.get(self.provider_of(nth)).cloned(),
            ..event(kind, subject, record.revision)
        })
    }

    /// The approval with its recorded contract, in its second event.
    pub fn approval_record(&self, nth: usize) -> Option<ApprovalRecord> {
        let place = nth % self.places;
        let (entry, service) = self.published(place)?;
        let at = self.at(self.number_of_approval(nth));
        let mut dice = self.dice(Of::Approval, nth);
        let provider = self.provider_of(nth);
        let lifecycle = self.lifecycle(nth, at, &mut dice)?;
        Some(ApprovalRecord {
            id: made(Of::Approval, at, nth),
            status: lifecycle.status_at(at),
            offering_id: self.offering_id(place),
            version: 1,
            municipality: entry.number.clone(),
            service: service.code.clone(),
            provider: self.providers.get(provider)?.to_string(),
            zones: self.zones_of(place, &mut dice),
            decision_id: made(Of::Decision, at, nth),
            granted_at: at - Days::new(14),
            listing: Some(self.listing(provider, at, &mut dice)?),
            next_change: lifecycle.next_change(at),
            lifecycle,
            revision: 2,
        })
    }

    fn lifecycle(&self, nth: usize, at: Instant, dice: &mut Dice) -> Option<ApprovalLifecycle> {
        let today = day_of(at);
        // The first of each place were replaced by later ones.
        let stands = nth / self.places + STANDING >= self.approvals.div_ceil(self.places);
        let to = if stands {
            if dice.one_in(3) { None } else { Some(last_day()?) }
        } else {
            Some(today.checked_add_months(Months::new(12))?)
        };
        let contract = Contract {
            number: Line::parse(&format!("{}/{nth}", today.format("%Y"))).ok()?,
            signed_on: today,
            from: today,
            to,
        };
        let (termination, offering_end, gaps) = (None, None, vec![]);
        let period = ContractPeriod { contract, recorded_at: at, termination, offering_end, gaps };
        Some(ApprovalLifecycle::of(ContractState::Recorded(period)))
    }

    /// All zones mostly, else some of them and at least one.
    fn zones_of(&self, place: usize, dice: &mut Dice) -> Vec<String> {
        let all: Vec<_> = self.zones(place).into_iter().map(|zone| zone.code.to_string()).collect();
        if dice.one_in(3) {
            let first = dice.below(all.len());
            let many = 1 + dice.below(all.len() - first);
            return all.into_iter().skip(first).take(many).collect();
        }
        all
    }

    fn listing(&self, provider: usize, at: Instant, dice: &mut Dice) -> Option<Listing> {
        let capacity = [
            ListingCapacity::Open,
            ListingCapacity::Open,
            ListingCapacity::Limited,
            ListingCapacity::Full,
        ];
        let sentences = 1 + dice.below(3);
        let add_ons = dice.below(4).saturating_sub(1);
        let spoken = self.profile(provider, at)?.languages;
        let some = 1 + dice.below(spoken.len());
        Some(Listing {
            capacity: capacity.get(dice.below(capacity.len())).copied()?,
            capacity_on: day_of(at),
            details: ListingDetails {
                text: Some(words::text(dice, sentences)),
                languages: spoken.into_iter().take(some).collect(),
                continuity: Some(words::text(dice, 1)),
                special_competence: if dice.one_in(2) { Some(words::text(dice, 1)) } else { None },
                times_of_day: TimesOfDay::new(vec![TimeOfDay::Day, TimeOfDay::Evening]).ok()?,
                opening_hours: None,
                starts_within: Period::new(
                    u16::try_from(1 + dice.below(4)).ok()?,
                    PeriodUnit::Weeks,
                )
                .ok(),
                add_ons: (0..add_ons).filter_map(|_| add_on(dice)).collect(),
            },
            confirmed_at: at,
        })
    }
}

fn add_on(dice: &mut Dice) -> Option<AddOn> {
    let (name, unit) = words::ADD_ONS.get(dice.below(words::ADD_ONS.len()))?;
    let price = Price::parse(&format!("{}.00", 250 + 10 * dice.below(40))).ok()?;
    Some(AddOn { name: Line::parse(name).ok()?, price, unit: *unit })
}
