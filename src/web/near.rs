//! Finding a municipality by its number or its name, present or former, and names that are like a mistyped one.

use crate::{
    catalogue::{Catalogue, MunicipalityEntry},
    register::text::{folded, has_words},
};

/// How many like names are shown.
const MAX_NEAR: usize = 5;

/// A municipality that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) number: &'a str,
    pub(super) name: &'a str,
    /// The former name by which it was found.
    pub(super) formerly: Option<&'a str>,
}

impl<'a> Found<'a> {
    fn of(entry: &'a MunicipalityEntry, formerly: Option<&'a str>) -> Self {
        let is_other = |name: &&str| *name != entry.name;
        Self { number: &entry.number, name: &entry.name, formerly: formerly.filter(is_other) }
    }
}

/// The municipalities that a text names: by number, or by the beginnings of words in a name. An exact name leads alone.
pub(super) fn find<'a>(catalogue: &'a Catalogue, wanted: &str) -> Vec<Found<'a>> {
    let wanted = wanted.trim();
    if let Some((_, entry)) = catalogue.municipality(wanted) {
        let former = catalogue.former_municipalities().find(|(number, _)| *number == wanted);
        return vec![Found::of(entry, former.map(|(_, it)| it.name.as_str()))];
    }
    let mut found = named(catalogue, |name| folded(name) == folded(wanted));
    if found.is_empty() {
        found = named(catalogue, |name| has_words(name, wanted));
    }
    found
}

/// The municipalities with a name that differs in a letter or two from a text, the nearest first.
pub(super) fn near<'a>(catalogue: &'a Catalogue, wanted: &str) -> Vec<Found<'a>> {
    let wanted: Vec<char> = folded(wanted).chars().collect();
    let allowed = if wanted.len() < 6 { 1 } else { 2 };
    let far = |name: &str| {
        let name: Vec<char> = folded(name).chars().collect();
        let is_like = name.len().abs_diff(wanted.len()) <= allowed;
        if is_like { distance(&name, &wanted) } else { usize::MAX }
    };
    let mut found = named(catalogue, |name| far(name) <= allowed);
    found.sort_by_cached_key(|it| far(it.formerly.unwrap_or(it.name)));
    found.truncate(MAX_NEAR);
    found
}

/// Present names first, then former ones of municipalities that were not found by their present name.
fn named(catalogue: &Catalogue, is_wanted: impl Fn(&str) -> bool) -> Vec<Found<'_>> {
    let present = catalogue.municipalities().filter(|it| is_wanted(&it.name));
    let mut found: Vec<_> = present.map(|it| Found::of(it, None)).collect();
    for (_, former) in catalogue.former_municipalities().filter(|(_, it)| is_wanted(&it.name)) {
        let Some((_, entry)) = catalogue.municipality(former.current.as_str()) else { continue };
        if !found.iter().any(|it| it.number == entry.number) {
            found.push(Found::of(entry, Some(&former.name)));
        }
    }
    found
}

/// Levenshtein distance: the least number of inserted, removed and replaced letters.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, (above, pair)) in row.iter().skip(1).zip(row.iter().zip(other)).enumerate() {
            let (diagonal, other_letter) = pair;
            let replaced = diagonal + usize::from(letter != other_letter);
            let left = next.get(j).copied().unwrap_or(usize::MAX - 1);
            next.push(replaced.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &[Found<'_>]) -> Vec<String> {
        let text = |it: &Found<'_>| match it.formerly {
            Some(former) => format!("{} ({former})", it.name),
            None => it.name.to_owned(),
        };
        found.iter().map(text).collect()
    }

    #[test]
    fn a_municipality_is_found_by_number_name_and_former_name() {
        let catalogue = Catalogue::load().unwrap();
        for (wanted, expected) in [
            ("4204", &["Kristiansand"][..]),
            ("1018", &["Kristiansand (Søgne)"]),
            ("kristiansand", &["Kristiansand"]),
            ("ALESUND", &["Ålesund"]),
            ("Søgne", &["Kristiansand (Søgne)"]),
            ("hå", &["Hå"]),
            ("Bod", &["Bodø"]),
            ("ingensteder", &[]),
        ] {
            assert_eq!(names(&find(&catalogue, wanted)), expected, "{wanted}");
        }
    }

    #[test]
    fn a_mistyped_name_is_near_the_right_one() {
        let catalogue = Catalogue::load().unwrap();
        assert_eq!(names(&near(&catalogue, "Kristansand")), ["Kristiansand", "Kristiansund"]);
        assert_eq!(names(&near(&catalogue, "Tromsö")), ["Tromsø"]);
        assert_eq!(names(&near(&catalogue, "qqqqqqqq")), [""; 0]);
    }

    #[test]
    fn the_distance_counts_letters() {
        let of = |one: &str, other: &str| {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            distance(&letters(one), &letters(other))
        };
        assert_eq!((of("", ""), of("abc", ""), of("", "ab")), (0, 3, 2));
        assert_eq!((of("bodø", "bode"), of("kitten", "sitting")), (1, 3));
    }
}
