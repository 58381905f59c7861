//! Dependencies: licences, sources and bans of `deny.toml`, also checked without cargo-deny.

use std::{fs, path::Path, process::Command};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The texts in quotes between a beginning and an end, without comments.
fn extract(text: &str, begin: &str, end: &str) -> Vec<String> {
    let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("deny.toml has no {begin}"));
    let list = rest.split(end).next().unwrap();
    let lines = list.lines().map(|line| line.split('#').next().unwrap());
    lines
        .flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// Whether an SPDX expression can be met: `OR` binds less than `AND`, and an old `/` means `OR`.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let (met, rest) = any(&words, allowed);
    assert!(rest.is_empty(), "cannot be read: {expression}");
    met
}

fn any<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = all(words, allowed);
    while let ["OR", after @ ..] = rest {
        let (other, left) = all(after, allowed);
        (met, rest) = (met | other, left);
    }
    (met, rest)
}

fn all<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(words, allowed);
    while let ["AND", after @ ..] = rest {
        let (other, left) = one(after, allowed);
        (met, rest) = (met & other, left);
    }
    (met, rest)
}

fn one<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inner @ ..] => match any(inner, allowed) {
            (met, [")", rest @ ..]) => (met, rest),
            (_, rest) => panic!("no end: {rest:?}"),
        },
        [licence, "WITH", exception, rest @ ..] => {
            (allowed.contains(&format!("{licence} WITH {exception}")), rest)
        }
        [licence, rest @ ..] => (allowed.contains(&(*licence).to_owned()), rest),
        [] => panic!("a licence is missing"),
    }
}

/// The built crates, each with its licence on a line.
fn tree(options: &[&str]) -> String {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--locked", "--edges", "all", "--prefix", "none"]).args(options);
    tree.args(["--format", "{p}|{l}"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let tree = tree.output().unwrap();
    let message = String::from_utf8_lossy(&tree.stderr);
    assert!(
        tree.status.success(),
        "run `cargo fetch --locked` where there is a network: {message}"
    );
    String::from_utf8(tree.stdout).unwrap()
}

#[test]
fn every_dependency_has_a_licence_that_fits_and_none_is_banned() {
    let deny = read("deny.toml");
    let allowed = extract(&deny, "\nallow = [", "\n]");
    let banned = extract(&deny, "\ndeny = [", "\n]");
    assert!(allowed.len() > 5 && banned.contains(&"ring".to_owned()), "{allowed:?} {banned:?}");
    // Like cargo-deny: all features, as in the image, and every platform.
    assert!(deny.contains("\nall-features = true\n") && !deny.contains("\ntargets"));
    let here = tree(&["--offline"]);
    let everywhere = tree(&["--all-features", "--target", "all"]);
    assert!(everywhere.contains("\nreqwest ") && !here.contains("\nreqwest "));
    for (tree, least) in [(here, 300), (everywhere, 400)] {
        let mut seen = 0;
        for line in tree.lines().filter(|line| line.contains('|')) {
            let (package, licence) = line.split_once('|').unwrap();
            let name = package.split(' ').next().unwrap();
            let licence = licence.trim_end_matches(" (*)");
            assert!(!banned.contains(&name.to_owned()), "{name} is banned by deny.toml");
            assert!(is_met(licence, &allowed), "{package}: {licence} is not allowed by deny.toml");
            seen += 1;
        }
        assert!(seen > least, "{seen}");
    }
}

#[test]
fn every_dependency_comes_from_where_it_may() {
    let deny = read("deny.toml");
    let allowed = extract(&deny, "allow-registry = [", "]");
    assert!(
        deny.contains("unknown-registry = \"deny\"") && deny.contains("unknown-git = \"deny\"")
    );
    let lock = read("Cargo.lock");
    let sources: Vec<_> = lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert!(sources.len() > 300);
    for source in sources {
        let source = source.trim_matches('"');
        let known =
            source.strip_prefix("registry+").is_some_and(|it| allowed.iter().any(|a| a == it));
        assert!(known, "{source}");
    }
    // Exceptions were reviewed.
    assert_eq!(lock.matches("\nchecksum = ").count(), lock.matches("\nsource = ").count());
}

#[test]
fn expressions_of_licences_are_read_as_they_are_meant() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    let cases = [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT AND ISC OR GPL-3.0-only", true),
        ("GPL-3.0-only OR MIT AND GPL-2.0-only", false),
        ("ISC AND (GPL-3.0-only OR MIT)", true),
        ("GPL-3.0-only/MIT", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
    ];
    for (expression, met) in cases {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
