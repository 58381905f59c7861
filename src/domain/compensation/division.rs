//! Inndelinger: which bands hold from which day, so that the hours of a price can change ahead of time.

use chrono::NaiveDate;

use super::band::Bands;
use crate::domain::{
    message::{fields, prices},
    value_error::ValueError,
};

/// The bands of an offering over time: one set from the start, and others from days on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divisions {
    first: Bands,
    later: Vec<(NaiveDate, Bands)>,
}

/// The days on which one set of bands holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<'a> {
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it never ends.
    pub to: Option<NaiveDate>,
    pub bands: &'a Bands,
}

impl Divisions {
    /// The most sets of bands.
    pub const MAX: usize = 50;

    /// Initial bands, and others from later days in ascending order. Errors: `bands-order`, `too-many`.
    pub fn new(first: Bands, later: Vec<(NaiveDate, Bands)>) -> Result<Self, ValueError> {
        if !later.iter().zip(later.iter().skip(1)).all(|(one, next)| one.0 < next.0) {
            return Err(prices::bands_order());
        }
        if later.len() >= Self::MAX {
            return Err(fields::too_many_given(Self::MAX));
        }
        Ok(Self { first, later })
    }

    /// The same bands on every day.
    #[must_use]
    pub const fn always(bands: Bands) -> Self {
        Self { first: bands, later: vec![] }
    }

    /// The same, but with other bands from a day on, for good.
    #[must_use]
    pub(super) fn changed(mut self, from: NaiveDate, bands: Bands) -> Self {
        self.later.retain(|(since, _)| *since < from);
        self.later.push((from, bands));
        self
    }

    /// The bands from the start.
    #[must_use]
    pub const fn first(&self) -> &Bands {
        &self.first
    }

    /// Those that took over, with their first days.
    #[must_use]
    pub fn later(&self) -> &[(NaiveDate, Bands)] {
        &self.later
    }

    /// The bands on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> &Bands {
        let begun = self.later.iter().rev().find(|(from, _)| *from <= day);
        begun.map_or(&self.first, |(_, bands)| bands)
    }

    /// Each set with its days, in order.
    pub fn spans(&self) -> impl Iterator<Item = Span<'_>> {
        let starts = std::iter::once((NaiveDate::MIN, &self.first))
            .chain(self.later.iter().map(|(from, bands)| (*from, bands)));
        let ends = self.later.iter().map(|(from, _)| from.pred_opt()).chain([None]);
        starts.zip(ends).map(|((from, bands), to)| Span { from, to, bands })
    }

    /// Whether both had the same hours on every day until that one.
    #[must_use]
    pub fn same_until(&self, other: &Self, day: NaiveDate) -> bool {
        let begun =
            |divisions: &Self| divisions.later.iter().filter(|(from, _)| *from <= day).count();
        let pairs = self.later.iter().zip(&other.later).take(begun(self));
        begun(self) == begun(other)
            && self.first.same_hours(&other.first)
            && pairs.into_iter().all(|(own, their)| own.0 == their.0 && own.1.same_hours(&their.1))
    }
}
