//! Modules of one layer have no import cycles.
//!
//! A module uses another if it names one of its items: in a `use`, or by a path in its code. A re-exported name
//! (`pub use`) counts for its origin, so a parent that only declares and re-exports is in no cycle.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, is_name, sources};

/// Layers without a circle, and how many modules each has at least.
const LAYERS: [(&str, usize); 9] = [
    ("api", 80),
    ("app", 15),
    ("config", 2),
    ("demo", 5),
    ("jobs", 12),
    ("letters", 9),
    ("mail", 8),
    ("store", 45),
    ("vault", 10),
];

#[test]
fn no_modules_of_a_layer_import_one_another_in_a_circle() {
    for (layer, least) in LAYERS {
        let modules = Modules::of(&format!("src/{layer}"));
        assert!(modules.0.len() >= least, "the modules of {layer} were not found");
        if let Some(circle) = modules.circles().first() {
            panic!("{}", modules.describe(circle));
        }
    }
}

/// A path, and whether it is in a `pub use`.
type Path = (Vec<String>, bool);

struct Module {
    paths: Vec<Path>,
    /// Whether it has code beside `mod` and `use`.
    has_code: bool,
}

struct Modules(BTreeMap<String, Module>);

impl Modules {
    fn of(folder: &str) -> Self {
        let root = format!("{folder}.rs");
        let inside = format!("{folder}/");
        let ours = |file: &Source| file.name == root || file.name.starts_with(&inside);
        let modules = sources().into_iter().filter(ours).map(|file| {
            let name = file.name.trim_start_matches("src/").trim_end_matches(".rs");
            (name.replace('/', "::"), Module::read(&file.code))
        });
        Self(modules.collect())
    }

    /// The module in which a path ends, and the names that it has left.
    fn place<'p>(&self, from: &str, path: &'p [String]) -> Option<(String, &'p [String])> {
        let (first, rest) = path.split_first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (vec![], rest),
            "self" | "super" => (from.split("::").map(str::to_owned).collect(), rest),
            // A name that is in scope: a child, or a module that a `use` names.
            name => return self.in_scope(from, name).map(|module| (module, rest)),
        };
        if first == "super" {
            at.pop();
            while rest.first().is_some_and(|name| name == "super") {
                (at, rest) = (at[..at.len() - 1].to_vec(), &rest[1..]);
            }
        }
        Some((at.join("::"), rest))
    }

    fn in_scope(&self, from: &str, name: &str) -> Option<String> {
        let child = format!("{from}::{name}");
        if self.0.contains_key(&child) {
            return Some(child);
        }
        let paths = &self.0.get(from)?.paths;
        let named = |(path, _): &&Path| {
            let path = path.strip_suffix(&["self".to_owned()]).unwrap_or(path);
            path.len() > 1
                && path.last().is_some_and(|last| last == name)
                && ["crate", "self", "super"].contains(&path[0].as_str())
        };
        let module = paths.iter().find(named).and_then(|(path, _)| self.resolve(from, path))?;
        module.ends_with(&format!("::{name}")).then_some(module)
    }

    /// The module that a path names something of; none where it is not among these.
    fn resolve(&self, from: &str, path: &[String]) -> Option<String> {
        let (mut at, mut rest) = self.place(from, path)?;
        while let Some((name, after)) = rest.split_first() {
            let next = if at.is_empty() { name.clone() } else { format!("{at}::{name}") };
            if !self.0.contains_key(&next) {
                break;
            }
            (at, rest) = (next, after);
        }
        let module = self.0.get(&at)?;
        let passed_on = rest.first().and_then(|name| {
            let is_it = |(path, public): &&Path| *public && path.last() == Some(name);
            module.paths.iter().find(is_it).filter(|(path, _)| path.len() > 1)
        });
        passed_on.and_then(|(path, _)| self.resolve(&at, path)).or(Some(at))
    }

    fn uses(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let of = |(name, module): (&String, &Module)| {
            let own = module.paths.iter().filter(|(_, public)| !public || module.has_code);
            let used = own.filter_map(|(path, _)| self.resolve(name, path));
            used.filter(|it| it != name).collect()
        };
        self.0.iter().map(|it| (it.0.as_str(), of(it))).collect()
    }

    /// Modules that reach one another.
    fn circles(&self) -> Vec<BTreeSet<String>> {
        let uses = self.uses();
        let reach = |from: &str| {
            let (mut found, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
            while let Some(name) = open.pop() {
                let next = uses.get(name.as_str()).into_iter().flatten();
                open.extend(next.filter(|it| found.insert((*it).clone())).cloned());
            }
            found
        };
        let reached: BTreeMap<&str, BTreeSet<String>> =
            uses.keys().map(|name| (*name, reach(name))).collect();
        let mut circles: Vec<BTreeSet<String>> = vec![];
        for (name, reaches) in &reached {
            let among = |it: &&String| reached[it.as_str()].contains(*name);
            let circle: BTreeSet<String> = reaches.iter().filter(among).cloned().collect();
            if circle.len() > 1 && !circles.contains(&circle) {
                circles.push(circle);
            }
        }
        circles
    }

    fn describe(&self, circle: &BTreeSet<String>) -> String {
        let mut message = "these modules import one another in a circle:".to_owned();
        for (name, uses) in self.uses() {
            if circle.contains(name) {
                let among: Vec<_> = uses.intersection(circle).collect();
                message = format!("{message}\n  {name} uses {among:?}");
            }
        }
        message
    }
}

impl Module {
    fn read(code: &str) -> Self {
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
        // A visibility such as `pub(in crate::api)` uses nothing.
        let mut plain = String::new();
        for (at, part) in code.split("pub(").enumerate() {
            if at == 0 {
                plain.push_str(part);
            } else {
                plain.push_str("pub ");
                plain.push_str(part.split_once(')').map_or(part, |(_, after)| after));
            }
        }
        let (mut paths, mut rest, mut has_code) = (vec![], String::new(), false);
        for statement in plain.split_inclusive(';') {
            // Text before a `use` on the same lines, such as the end of a function, is code.
            let begin = ["\nuse ", "\npub use ", "\npub  use ", "\n    use "]
                .iter()
                .filter_map(|it| statement.rfind(it))
                .max();
            let first = if statement.starts_with("use ") { Some(0) } else { begin };
            let Some(at) = first.filter(|_| statement.ends_with(';')) else {
                rest.push_str(statement);
                continue;
            };
            let (before, tree) = statement.split_at(at);
            rest.push_str(before);
            let (visibility, tree) = tree.trim_end_matches(';').split_once("use ").unwrap();
            let public = visibility.contains("pub");
            expand(&[], tree, &mut |path| paths.push((path, public)));
        }
        let is_declaration = |line: &str| {
            let line = line.trim().trim_start_matches("pub").trim();
            line.is_empty() || line.starts_with("mod ") || line.starts_with("#[")
        };
        has_code |= !rest.lines().all(is_declaration);
        paths.extend(inline(&rest).into_iter().map(|path| (path, false)));
        Self { paths, has_code }
    }
}

/// The paths of a `use`, each by its names.
fn expand(before: &[String], tree: &str, found: &mut impl FnMut(Vec<String>)) {
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, group.rsplit_once('}').map(|(group, _)| group)),
        None => (tree.split(" as ").next().unwrap(), None),
    };
    let mut path = before.to_vec();
    path.extend(head.split("::").map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned));
    let Some(group) = group else { return found(path) };
    let (mut depth, mut begin) = (0_usize, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = group[begin..at].trim();
                if !part.is_empty() {
                    expand(&path, part, found);
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
}

/// The paths in code: names with `::` between them.
fn inline(code: &str) -> Vec<Vec<String>> {
    let words = code.split(|c: char| !is_name(c) && c != ':');
    let paths = words.map(|word| {
        let names = word.split("::").map(|it| it.trim_matches(':'));
        names.take_while(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    });
    paths.filter(|path| path.len() > 1).collect()
}

#[test]
fn the_reader_of_circles_sees_what_it_must() {
    let read = |files: &[(&str, &str)]| {
        let modules = files.iter().map(|(name, code)| ((*name).to_owned(), Module::read(code)));
        let circles = Modules(modules.collect()).circles();
        circles.into_iter().flatten().collect::<Vec<_>>()
    };
    let parent = "mod x;\nmod y;\npub use self::{x::X, y::Y};\n";
    // By `use` through the parent that passes the name on, and by a path in code.
    let a = ("a::x", "use super::{Y as Z, other};\nfn f() {}");
    let b = ("a::y", "use std::io;\nfn f() { crate::a::x::g() }");
    assert_eq!(read(&[("a", parent), a, b]), ["a::x", "a::y"]);
    // By the name of a module imported by a `use`.
    let a = ("a::x", "use crate::a::y::{self, Y};\nfn f() { y::g() }");
    let b = ("a::y", "use super::x;\nfn f() { x::g() }");
    assert_eq!(read(&[("a", parent), a, b]), ["a::x", "a::y"]);
    // One-way imports, visibilities and imports of tests are no cycle.
    let b =
        ("a::y", "pub(in super::x) fn f() {}\n#[cfg(test)]\nmod tests {\n use super::super::x;\n}");
    assert!(read(&[("a", parent), a, b]).is_empty());
    // A parent with its own code is part of the cycle.
    let parent = format!("{parent}pub struct S;\n");
    let b = ("a::y", "use super::S;\nfn f() {}");
    assert_eq!(read(&[("a", &parent), a, b]), ["a", "a::x", "a::y"]);
}
