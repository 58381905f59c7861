//! Index: which approvals have a word, a zone, a language …, and their order by name.

use rpds::{HashTrieMapSync, RedBlackTreeMapSync, RedBlackTreeSetSync};

use super::{
    pages::key,
    postings::Postings,
    text::{collation_key, folded, split},
};
use crate::{
    domain::{
        approval::ListingDetails,
        values::{numbers::Language, text::LocalPresentation, time::Instant},
    },
    json::public::{ApprovalRecord, ProviderRecord},
};

/// Maximum number of approvals moved as ended by one change: many contracts end with a year, and no change
/// waits for all of them.
const FOUND_OVER: usize = 500;

/// Indexed properties of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Number of the municipality.
    Municipality,
    /// Code of the service.
    Service,
    /// Both, as the name of their page: approvals on one page.
    Place,
    /// Organisation number of the provider.
    Provider,
    /// Code of a zone.
    Zone,
    /// Kind of organisation of the provider.
    Kind,
    /// A language, of the listing or else of the profile.
    Language,
    /// Capacity.
    Capacity,
    /// A folded word of the name, the profile or the listing.
    Word,
}

/// A field with a value.
pub type Term = (Field, Box<str>);

/// The terms of an approval, each once, in order: its own and those of its provider.
pub fn terms(record: &ApprovalRecord, profile: Option<&ProviderRecord>) -> Vec<Term> {
    let mut found = own_terms(record);
    if let Some(profile) = profile {
        found.extend(profile_terms(profile));
        if own_languages(record).is_none() {
            found.extend(language_terms(&profile.languages));
        }
    }
    in_order(found)
}

fn in_order(mut terms: Vec<Term>) -> Vec<Term> {
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The languages that the listing names, where it names any.
fn own_languages(record: &ApprovalRecord) -> Option<&Vec<Language>> {
    record.listing.as_ref().map(|it| &it.details.languages).filter(|own| !own.is_empty())
}

fn language_terms<T: AsRef<str>>(languages: &[T]) -> impl Iterator<Item = Term> {
    languages.iter().map(|language| (Field::Language, Box::from(language.as_ref())))
}

fn word_terms<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Term> {
    let texts = folded(&texts.collect::<Vec<_>>().join(" "));
    split(&texts).map(|word| (Field::Word, Box::from(word))).collect()
}

/// The terms of all approvals of a provider.
fn profile_terms(profile: &ProviderRecord) -> Vec<Term> {
    let name = std::iter::once(profile.name.as_str());
    let mut found = word_terms(name.chain(profile.presentation.languages().map(AsRef::as_ref)));
    found.push((Field::Kind, Box::from(profile.kind.as_str())));
    in_order(found)
}

/// The terms of an approval without its provider, in order.
fn own_terms(record: &ApprovalRecord) -> Vec<Term> {
    let place = key(&record.municipality, &record.service);
    let mut named: Vec<(Field, &str)> = vec![
        (Field::Municipality, &record.municipality),
        (Field::Service, &record.service),
        (Field::Place, &place),
        (Field::Provider, &record.provider),
    ];
    named.extend(record.zones.iter().map(|zone| (Field::Zone, zone.as_str())));
    let listing = record.listing.as_ref();
    let capacity = listing.map(|it| it.capacity.as_str());
    named.push((Field::Capacity, capacity.unwrap_or(NOT_SAID)));
    let mut found: Vec<Term> =
        named.into_iter().map(|(field, value)| (field, Box::from(value))).collect();
    found.extend(own_languages(record).into_iter().flat_map(|own| language_terms(own)));
    if let Some(listing) = listing {
        let ListingDetails { text, continuity, special_competence, .. } = &listing.details;
        let texts = [text, continuity, special_competence].into_iter().flatten();
        found.extend(word_terms(texts.flat_map(LocalPresentation::languages).map(AsRef::as_ref)));
    }
    in_order(found)
}

/// The difference between the profile that the indexes have and a new one, computed once for all approvals.
#[derive(Debug)]
pub struct ProfileChange {
    gone: Vec<Term>,
    new: Vec<Term>,
    /// Those of the languages, for approvals that name none themselves.
    gone_languages: Vec<Term>,
    new_languages: Vec<Term>,
    name_before: Box<str>,
    name_after: Box<str>,
}

impl ProfileChange {
    /// The difference between two profiles; before the first there is none.
    #[must_use]
    pub fn between(before: Option<&ProviderRecord>, after: &ProviderRecord) -> Self {
        let languages = |it: &ProviderRecord| in_order(language_terms(&it.languages).collect());
        let (had, has) = (before.map(profile_terms).unwrap_or_default(), profile_terms(after));
        let (spoke, speaks) = (before.map(languages).unwrap_or_default(), languages(after));
        Self {
            gone: without(&had, &has),
            new: without(&has, &had),
            gone_languages: without(&spoke, &speaks),
            new_languages: without(&speaks, &spoke),
            name_before: name_key(before),
            name_after: name_key(Some(after)),
        }
    }
}

/// The terms that are not among others; both are sorted.
fn without(terms: &[Term], others: &[Term]) -> Vec<Term> {
    terms.iter().filter(|term| others.binary_search(term).is_err()).cloned().collect()
}

/// The sort key of an approval: the provider's name.
fn name_key(profile: Option<&ProviderRecord>) -> Box<str> {
    collation_key(profile.map_or("", |profile| profile.name.as_str())).into()
}

/// Capacity of a provider without a statement.
pub const NOT_SAID: &str = "unknown";

/// The indexes over the approvals, by the numbers that the register gives them.
#[derive(Debug, Clone, Default)]
pub struct Index {
    postings: HashTrieMapSync<Term, Postings>,
    /// The words of the postings in order, for those that begin alike.
    words: RedBlackTreeSetSync<Box<str>>,
    by_name: RedBlackTreeMapSync<(Box<str>, u32), ()>,
    /// Those that are not known to be over.
    active: Postings,
    /// When each of those is over, where that is set.
    ends: RedBlackTreeSetSync<(Instant, u32)>,
}

/// An approval as the indexes see it.
#[derive(Debug, Default)]
pub struct IndexEntry {
    terms: Vec<Term>,
    name: Option<Box<str>>,
    over_from: Option<Instant>,
}

impl IndexEntry {
    /// The entry of a record.
    #[must_use]
    pub fn of(record: &ApprovalRecord, profile: Option<&ProviderRecord>) -> Self {
        let over_from = record.lifecycle.over_from();
        Self { terms: terms(record, profile), name: Some(name_key(profile)), over_from }
    }

    fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Term> {
        self.terms.iter().filter(|term| other.terms.binary_search(term).is_err())
    }
}

impl Index {
    /// Moves an approval from one entry to another. Only differences are touched.
    pub fn replace(&mut self, number: u32, before: &IndexEntry, after: &IndexEntry) {
        for term in before.without(after) {
            self.remove(term, number);
        }
        for term in after.without(before) {
            self.insert(term, number);
        }
        if before.name != after.name {
            if let Some(name) = &before.name {
                self.by_name.remove_mut(&(name.clone(), number));
            }
            if let Some(name) = &after.name {
                self.by_name.insert_mut((name.clone(), number), ());
            }
        }
        if let Some(end) = before.over_from {
            self.ends.remove_mut(&(end, number));
        }
        if let Some(end) = after.over_from {
            self.ends.insert_mut((end, number));
        }
        if after.name.is_some() {
            self.active.insert(number);
        } else {
            self.active.remove(number);
        }
    }

    /// Updates an approval after a change of its provider's profile.
    pub fn follow_profile(&mut self, number: u32, record: &ApprovalRecord, change: &ProfileChange) {
        let inherits = own_languages(record).is_none();
        let (gone_languages, new_languages): (&[Term], &[Term]) =
            if inherits { (&change.gone_languages, &change.new_languages) } else { (&[], &[]) };
        if !change.gone.is_empty() {
            let own = own_terms(record);
            let lost = change.gone.iter().filter(|term| own.binary_search(term).is_err());
            lost.for_each(|term| self.remove(term, number));
        }
        for term in gone_languages {
            self.remove(term, number);
        }
        for term in change.new.iter().chain(new_languages) {
            self.insert(term, number);
        }
        if change.name_before != change.name_after {
            self.by_name.remove_mut(&(change.name_before.clone(), number));
            self.by_name.insert_mut((change.name_after.clone(), number), ());
        }
    }

    fn remove(&mut self, term: &Term, number: u32) {
        let Some(postings) = self.postings.get_mut(term) else { return };
        postings.remove(number);
        if postings.is_empty() {
            self.postings.remove_mut(term);
            if term.0 == Field::Word {
                self.words.remove_mut(&term.1);
            }
        }
    }

    fn insert(&mut self, term: &Term, number: u32) {
        if let Some(postings) = self.postings.get_mut(term) {
            postings.insert(number);
            return;
        }
        let mut postings = Postings::default();
        postings.insert(number);
        self.postings.insert_mut(term.clone(), postings);
        if term.0 == Field::Word {
            self.words.insert_mut(term.1.clone());
        }
    }

    /// Moves approvals that have ended by an instant out of the active ones, earliest first; the rest follows
    /// at the next call.
    pub fn expire(&mut self, now: Instant) {
        for _ in 0..FOUND_OVER {
            let first = self.ends.first().copied().filter(|(end, _)| *end <= now);
            let Some((end, number)) = first else { return };
            self.ends.remove_mut(&(end, number));
            self.active.remove(number);
        }
    }

    /// All that are not over at the instant of the last change or later, and some that are.
    #[must_use]
    pub const fn active(&self) -> &Postings {
        &self.active
    }

    /// The approvals with a value.
    #[must_use]
    pub fn with(&self, field: Field, value: &str) -> Option<&Postings> {
        self.postings.get(&(field, Box::from(value)))
    }

    /// The approvals with a word that begins so, one set for each such word.
    pub fn beginning(&self, word: &str) -> impl Iterator<Item = &Postings> {
        let later = self.words.range(Box::from(word)..);
        later
            .take_while(move |found| found.starts_with(word))
            .filter_map(|found| self.with(Field::Word, found))
    }

    /// All approvals by name, from one on.
    pub fn by_name(&self, first: (Box<str>, u32)) -> impl Iterator<Item = (&str, u32)> {
        self.by_name.range(first..).map(|((name, number), ())| (name.as_ref(), *number))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{FOUND_OVER, Index, IndexEntry, Instant};

    fn until(end: Instant) -> IndexEntry {
        IndexEntry { terms: vec![], name: Some("".into()), over_from: Some(end) }
    }

    #[test]
    fn those_that_are_over_are_taken_out_a_few_at_a_time_and_come_back_when_an_act_says_so() {
        let (day, mut index) = (Instant::UNIX_EPOCH, Index::default());
        let many = u32::try_from(FOUND_OVER).unwrap() + 10;
        for number in 0..many {
            index.replace(number, &IndexEntry::default(), &until(day));
        }
        index.replace(many, &IndexEntry::default(), &until(day + TimeDelta::days(1)));
        index.expire(day - TimeDelta::microseconds(1));
        assert_eq!(index.active().len(), 511);
        index.expire(day);
        assert_eq!(index.active().from(0).collect::<Vec<_>>(), (500..=many).collect::<Vec<_>>());
        index.expire(day);
        assert_eq!(index.active().from(0).collect::<Vec<_>>(), [many]);
        // A decision is undone: the contract continues.
        index.replace(7, &until(day), &until(day + TimeDelta::days(2)));
        index.expire(day + TimeDelta::days(1));
        assert_eq!(index.active().from(0).collect::<Vec<_>>(), [7]);
        index.replace(7, &until(day + TimeDelta::days(2)), &IndexEntry::default());
        index.expire(day + TimeDelta::days(3));
        assert!(index.active().is_empty() && index.ends.is_empty());
    }
}
