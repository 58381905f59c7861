use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    api::{
        auth, problem,
        resources::problems::{COLUMNS, PAGE},
    },
    commands::{self, Command, CommandVisitor, FromCaller, HandlerAction, Route, Target},
    domain::{
        error::{self, ErrorCode},
        message::{self, fields, prices},
    },
    mail, vault, web,
};

/// Words that no message names: they are parts of sentences.
const PARTS: [(&str, &[&str]); 2] = [("date", &["day", "month", "year", "iso"]), ("or", &[])];

/// Every key that the code uses, with its arguments.
fn used() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let sentences = [
        message::DECLARED,
        fields::DECLARED,
        prices::DECLARED,
        error::details::DECLARED,
        error::noun::DECLARED,
        problem::sentences::DECLARED,
        auth::reasons::DECLARED,
        vault::reasons::DECLARED,
        mail::sentences::DECLARED,
        web::sentences::DECLARED,
        &PARTS,
    ];
    let sentences = sentences.concat().into_iter();
    let domain = ErrorCode::TABLE.iter().map(|(_, code, _)| *code);
    let requests = problem::HttpError::TABLE.iter().map(|(_, code, _)| *code);
    let mut titles = Titles::default();
    commands::all(&mut titles);
    let page = PAGE.into_iter().chain(COLUMNS);
    let without = domain.chain(requests).chain(titles.0).chain(page).map(|key| (key, &[][..]));
    sentences.chain(without).map(|(key, args)| (key, args.iter().copied().collect())).collect()
}

/// Gathers the operations of all commands: each has a title.
#[derive(Default)]
struct Titles(Vec<&'static str>);

impl<T: Target> CommandVisitor<T> for Titles {
    fn visit<C: Command<Target = T>>(&mut self) {
        self.add(C::ROUTE);
    }

    fn visit_handler<R: FromCaller>(&mut self, action: &HandlerAction<T>) {
        self.add(action.route);
    }
}

impl Titles {
    fn add(&mut self, route: Route) {
        self.0.push(route.operation);
    }
}

/// The keys of a language with the arguments that each text names.
fn keys(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut id, mut key) = (String::new(), String::new());
    for line in locale.sources().iter().flat_map(|it| it.lines()).filter(|it| !it.starts_with('#'))
    {
        let name = line.split_once(" =").map(|(name, _)| name.trim());
        match name.filter(|it| it.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))) {
            Some(attribute) if attribute.starts_with('.') => key = format!("{id}{attribute}"),
            Some(name) => (id, key) = (name.to_owned(), name.to_owned()),
            None => {}
        }
        if line.ends_with(" =") {
            continue;
        }
        let args = line.split('$').skip(1);
        let args = args.map(|rest| rest.split([' ', '}']).next().unwrap_or_default().to_owned());
        let known = keys.insert(key.clone(), BTreeSet::new()).unwrap_or_default();
        keys.insert(key.clone(), known.into_iter().chain(args).collect());
    }
    keys
}

#[test]
fn each_language_has_each_key_that_is_used_with_its_arguments_and_no_other() {
    for locale in Locale::ALL {
        for source in locale.sources() {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{locale:?}");
        }
        let used = used().into_iter().map(|(key, args)| {
            (key.to_owned(), args.into_iter().map(str::to_owned).collect::<BTreeSet<_>>())
        });
        let (used, found): (BTreeMap<_, _>, _) = (used.collect(), keys(locale));
        for (key, args) in &used {
            let named = found.get(key).unwrap_or_else(|| panic!("{locale:?} {key}"));
            // Each language writes a date in its own way.
            assert!(named == args || key == "date", "{locale:?} {key}: {named:?}");
        }
        let unused: Vec<_> = found.keys().filter(|key| !used.contains_key(*key)).collect();
        assert!(unused.is_empty(), "{locale:?} {unused:?}");
    }
}

#[test]
fn no_text_is_defined_twice() {
    for locale in Locale::ALL {
        let mut seen = BTreeSet::new();
        for line in locale.sources().iter().flat_map(|it| it.lines()) {
            let id =
                line.split_once(" =").map(|(id, _)| id).filter(|id| !id.starts_with([' ', '#']));
            assert!(id.is_none_or(|id| seen.insert(id)), "{locale:?} {line}");
        }
    }
}

#[test]
fn each_key_can_be_written_in_each_language() {
    for (key, args) in used() {
        for locale in Locale::ALL {
            let mut values = FluentArgs::new();
            for arg in &args {
                values.set(*arg, "1");
            }
            assert!(write(locale, key, Some(&values)).is_some(), "{locale:?} {key}");
        }
    }
}

#[test]
fn titles_are_different_and_sentences_end() {
    for locale in Locale::ALL {
        let mut titles = BTreeSet::new();
        for code in ErrorCode::TABLE.iter().map(|(_, code, _)| *code) {
            let title = text(locale, code);
            assert!(!title.ends_with('.') && titles.insert(title), "{locale:?} {code}");
        }
        for (key, args) in used().into_iter().filter(|(key, _)| key.contains('.')) {
            if !args.is_empty() || key.starts_with("day-") {
                continue;
            }
            assert!(text(locale, key).ends_with('.'), "{locale:?} {key}");
        }
    }
}

#[test]
fn a_sentence_writes_its_arguments_in_the_language() {
    let of = |locale| sentence(locale, &fields::notice_too_short(day_of_test()).detail);
    assert!(of(Locale::Nb).contains("7. april 2026"), "{}", of(Locale::Nb));
    assert!(of(Locale::En).contains("2026-04-07"), "{}", of(Locale::En));
    let roles = ["editor", "case-worker", "auditor"].map(str::to_owned).to_vec();
    let args = vec![("roles", Arg::AnyOf(roles))];
    let roles = Message::new("role-missing.detail", args);
    let ends = |locale, end: &str| sentence(locale, &roles).ends_with(end);
    assert!(ends(Locale::En, "editor, case-worker or auditor."));
    assert!(ends(Locale::Nn, "editor, case-worker eller auditor."));
    let days = Arg::Words(vec![prices::DAY_MON, prices::DAY_TUE]);
    let gap = prices::band_gap("07:00", "08:00", days).detail;
    assert!(sentence(Locale::Nn, &gap).ends_with("på måndagar, tysdagar."));
}

fn day_of_test() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, 7).unwrap()
}

#[test]
fn a_tag_gives_its_language() {
    let of = |tag| Locale::of_tag(tag);
    assert_eq!(of("nn-NO"), Some(Locale::Nn));
    assert_eq!(of("NO"), Some(Locale::Nb));
    assert_eq!((of("en"), of("se"), of("*")), (Some(Locale::En), None, None));
}
