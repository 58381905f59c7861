//! National search: filters are combined, and the cheapest leads.

use super::{
    approval::ViewedApproval,
    as_of::AsOfView,
    index::{self, Field},
    pages::key,
    postings::Postings,
    shuffle,
    snapshot::Snapshot,
    text::{collation_key, words},
};
use crate::domain::approval::ApprovalStatus;

/// How many candidates are sorted rather than looked for in the order of all.
const SORTED: usize = 5_000;

/// A search of more approvals than this should run in the bulkhead.
const MANY: usize = 2_000;
/// So few words are found at once.
const FEW_WORDS: usize = 5;

/// Query of a search.
#[derive(Debug, Clone, Default)]
pub struct Search {
    filters: Vec<(Field, String)>,
    /// Beginnings of words; an approval must have a word for each.
    words: Vec<String>,
    /// Status of the approvals; by default those open to choice.
    pub status: Option<ApprovalStatus>,
}

/// In which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// As they became public.
    Public,
    /// By the provider's name, as Norwegian sorts.
    Name,
    /// Shuffled by a seed, see [`shuffle`].
    Fair(String),
}

impl Order {
    /// Whether a text is a place in this order.
    #[must_use]
    pub fn has(&self, place: &str) -> bool {
        match self {
            Self::Public => place.parse::<u32>().is_ok(),
            Self::Name => read_place(place).is_some(),
            Self::Fair(_) => shuffle::is_place(place),
        }
    }
}

/// Result: the approvals, each with its position in the order.
#[derive(Debug)]
pub struct SearchResult<'a> {
    /// At most the requested number.
    pub items: Vec<(String, ViewedApproval<'a>)>,
    /// Number of matches, if requested.
    pub total: Option<usize>,
}

impl Search {
    /// Adds a filter, if given.
    #[must_use]
    pub fn with(mut self, field: Field, value: Option<String>) -> Self {
        self.filters.extend(value.map(|value| (field, value)));
        self
    }

    /// Adds the words of a free text.
    #[must_use]
    pub fn with_text(mut self, text: Option<&str>) -> Self {
        self.words.extend(text.into_iter().flat_map(words));
        self
    }

    /// Whether to find them may take long: many approvals are looked at, or another time than the present.
    #[must_use]
    pub fn is_costly(&self, view: AsOfView<'_>, order: &Order, count: bool) -> bool {
        // Many may fulfil each of several conditions, and none all of them.
        let looks_at_all = count
            || self.status.is_some()
            || *order != Order::Public
            || self.filters.len() + self.words.len() > 1;
        !view.is_latest()
            || self.words.len() > FEW_WORDS
            || (looks_at_all && Plan::of(self, view).size(view.snapshot()) > MANY)
    }

    /// The approvals that match after a place in the order, and how many match in all.
    #[must_use]
    pub fn find<'a>(
        &self,
        view: AsOfView<'a>,
        order: &Order,
        after: Option<&str>,
        limit: usize,
        count: bool,
    ) -> SearchResult<'a> {
        let snapshot = view.snapshot();
        let plan = Plan::of(self, view);
        let look =
            |number: u32| view.numbered(number).filter(|approval| self.wants(&plan, approval));
        let all =
            |from: u32| plan.candidates(snapshot, from).filter_map(move |it| Some((it, look(it)?)));
        let total = count.then(|| all(0).count());
        let items: Vec<_> = match order {
            Order::Public => {
                let from = after.and_then(|it| it.parse::<u32>().ok());
                let found = all(from.map_or(0, |it| it.saturating_add(1))).take(limit);
                found.map(|(number, approval)| (number.to_string(), approval)).collect()
            }
            // Few candidates, or names of another time: sort the matches.
            Order::Name if plan.size(snapshot) <= SORTED || !view.is_latest() => {
                let placed =
                    all(0).map(|(it, approval)| (name_place(&name_key(&approval), it), approval));
                sort_page(placed, after, limit)
            }
            Order::Name => {
                let later = names_after(snapshot, after).filter(|(_, number)| plan.has(*number));
                let found = later.filter_map(|(name, it)| Some((name_place(name, it), look(it)?)));
                found.take(limit).collect()
            }
            Order::Fair(seed) => {
                let place =
                    |it: &ViewedApproval<'_>| shuffle::place(seed, &it.record().id.to_string());
                sort_page(all(0).map(|(_, approval)| (place(&approval), approval)), after, limit)
            }
        };
        SearchResult { items, total }
    }

    fn wants(&self, plan: &Plan<'_>, approval: &ViewedApproval<'_>) -> bool {
        let status = approval.status();
        if !self.status.map_or(status.is_choosable(), |wanted| status == wanted) {
            return false;
        }
        if plan.indexed {
            return true;
        }
        let record = approval.record();
        let terms = index::terms(record, approval.profile());
        let has =
            |field: Field, value: &str| terms.binary_search(&(field, Box::from(value))).is_ok();
        let begins = |word: &String| {
            terms.iter().any(|(field, it)| *field == Field::Word && it.starts_with(word.as_str()))
        };
        self.filters.iter().all(|(field, value)| has(*field, value))
            && self.words.iter().all(begins)
    }

    /// Municipality and service as one value, if both are given.
    fn place(&self) -> Option<String> {
        let asked = |wanted| self.filters.iter().find(|(field, _)| *field == wanted);
        let (_, municipality) = asked(Field::Municipality)?;
        Some(key(municipality, &asked(Field::Service)?.1))
    }
}

/// How to go about it.
struct Plan<'a> {
    /// For each condition the sets of which one must have the approval; the smallest first.
    sets: Vec<Vec<&'a Postings>>,
    /// Whether the sets are sufficient: they reflect the present.
    indexed: bool,
}

impl<'a> Plan<'a> {
    fn of(search: &Search, view: AsOfView<'a>) -> Self {
        let (index, indexed) = (&view.snapshot().index, view.is_latest());
        // Municipality, service and provider of an approval never change; for the rest the index reflects the
        // present.
        let lasting =
            |field| matches!(field, Field::Municipality | Field::Service | Field::Provider);
        let place = search.place();
        let filters = search.filters.iter().filter(|(field, _)| {
            let in_place = matches!(field, Field::Municipality | Field::Service);
            (indexed || lasting(*field)) && !(in_place && place.is_some())
        });
        let filters = filters.map(|(field, value)| (*field, value));
        let filters = filters.chain(place.iter().map(|place| (Field::Place, place)));
        let mut sets: Vec<Vec<_>> =
            filters.map(|(field, value)| index.with(field, value).into_iter().collect()).collect();
        if indexed {
            sets.extend(search.words.iter().map(|word| index.beginning(word).collect()));
        }
        let changed_at = view.snapshot().recorded_at();
        let over = search.status.is_some_and(ApprovalStatus::is_over);
        if indexed && !over && changed_at.is_none_or(|changed_at| changed_at <= view.at()) {
            sets.push(vec![index.active()]);
        }
        sets.sort_by_key(|set| size(set));
        Self { sets, indexed }
    }

    fn size(&self, snapshot: &Snapshot) -> usize {
        let all = usize::try_from(snapshot.approval_count()).unwrap_or(usize::MAX);
        self.sets.first().map_or(all, |set| size(set))
    }

    /// Whether an approval is in a set of each.
    fn has(&self, number: u32) -> bool {
        in_each(&self.sets, number)
    }

    /// The approvals in the intersection of the sets, from a number on, in order of publication. The sets are
    /// checked before any record is read: records are scattered over the memory.
    fn candidates<'s>(
        &'s self,
        snapshot: &Snapshot,
        from: u32,
    ) -> Box<dyn Iterator<Item = u32> + 's> {
        let single = |at: usize| match self.sets.get(at).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        let (led, asked): (Box<dyn Iterator<Item = u32> + 's>, _) =
            match (self.sets.first(), single(0), single(1)) {
                (None, ..) => (Box::new(from..snapshot.approval_count()), 0),
                (_, Some(one), Some(other)) => (Box::new(one.shared(other, from)), 2),
                (_, Some(one), None) => (Box::new(one.from(from)), 1),
                (Some(many), None, _) => {
                    let mut all: Vec<_> = many.iter().flat_map(|it| it.from(from)).collect();
                    all.sort_unstable();
                    all.dedup();
                    (Box::new(all.into_iter()), 1)
                }
            };
        let rest = self.sets.get(asked..).unwrap_or_default();
        Box::new(led.filter(move |it| in_each(rest, *it)))
    }
}

fn in_each(sets: &[Vec<&Postings>], number: u32) -> bool {
    sets.iter().all(|set| set.iter().any(|it| it.contains(number)))
}

fn size(set: &[&Postings]) -> usize {
    set.iter().map(|it| it.len()).sum()
}

fn sort_page<'a>(
    found: impl Iterator<Item = (String, ViewedApproval<'a>)>,
    after: Option<&str>,
    limit: usize,
) -> Vec<(String, ViewedApproval<'a>)> {
    let mut found: Vec<_> =
        found.filter(|(place, _)| after.is_none_or(|after| place.as_str() > after)).collect();
    let by_place = |one: &(String, ViewedApproval<'_>), other: &(String, ViewedApproval<'_>)| {
        one.0.cmp(&other.0)
    };
    if found.len() > limit {
        found.select_nth_unstable_by(limit, by_place);
        found.truncate(limit);
    }
    found.sort_unstable_by(by_place);
    found
}

fn name_key(approval: &ViewedApproval<'_>) -> String {
    let profile = approval.profile();
    collation_key(profile.map_or("", |profile| profile.name.as_str()))
}

/// A name and, after a character that no name has, the number; ten digits, so that it sorts numerically.
fn name_place(name: &str, number: u32) -> String {
    format!("{name}\0{number:010}")
}

/// The numbers of approvals by name, after a place.
fn names_after<'s>(
    snapshot: &'s Snapshot,
    after: Option<&str>,
) -> impl Iterator<Item = (&'s str, u32)> + use<'s> {
    let first = after.and_then(read_place).unwrap_or_default();
    let is_after = after.is_some();
    let later = snapshot.index.by_name(first.clone());
    later.skip_while(move |(name, number)| is_after && (*name, *number) == (&*first.0, first.1))
}

fn read_place(place: &str) -> Option<(Box<str>, u32)> {
    let (name, number) = place.split_once('\0')?;
    Some((name.into(), number.parse().ok()?))
}
