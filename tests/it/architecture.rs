//! Architecture rules: imports between modules, maximum file length, and the maps in the documentation.

mod circles;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Permitted imports of a module.
struct Layer {
    module: &'static str,
    /// Own modules, beside itself.
    ours: &'static [&'static str],
    crates: Crates,
}

enum Crates {
    /// These and `std`.
    Only(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

const DATABASE: &[&str] = &[
    "diesel",
    "diesel_async",
    "diesel_migrations",
    "libsqlite3_sys",
    "tokio_postgres",
    "tokio_postgres_rustls",
];
const ALL: &[&str] = &[
    "api",
    "app",
    "catalogue",
    "commands",
    "config",
    "context",
    "demo",
    "json",
    "domain",
    "jobs",
    "letters",
    "mail",
    "network",
    "private_file",
    "register",
    "store",
    "vault",
    "web",
    "words",
];

/// Import rules. A new module needs a row.
const LAYERS: &[Layer] = &[
    Layer {
        module: "domain",
        ours: &[],
        crates: Crates::Only(&["chrono", "chrono_tz", "uuid", "validator"]),
    },
    Layer { module: "context", ours: &["domain"], crates: Crates::Only(&["chrono", "uuid"]) },
    Layer { module: "private_file", ours: &[], crates: Crates::Only(&[]) },
    Layer { module: "network", ours: &[], crates: Crates::Only(&["ipnet"]) },
    Layer {
        module: "config",
        ours: &["domain", "mail", "network", "store", "vault", "words"],
        crates: Crates::Only(&["chrono", "clap", "humantime", "secrecy"]),
    },
    Layer {
        module: "catalogue",
        ours: &["domain"],
        crates: Crates::Only(&["csv", "serde", "thiserror"]),
    },
    Layer { module: "letters", ours: &["catalogue", "domain"], crates: Crates::Only(&["chrono"]) },
    Layer {
        module: "json",
        ours: &["catalogue", "domain", "letters", "words"],
        // `calamine` reads workbooks in tests.
        crates: Crates::Only(&[
            "calamine",
            "chrono",
            "csv",
            "godkjent_macros",
            "json_patch",
            "rust_xlsxwriter",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "serde_with",
            "utoipa",
            "uuid",
        ]),
    },
    // Tests compare the catalogue with the titles and sentences that these modules use.
    Layer {
        module: "words",
        ours: &["api", "commands", "domain", "mail", "vault", "web"],
        crates: Crates::Only(&["chrono", "fluent_bundle"]),
    },
    Layer {
        module: "commands",
        ours: &["catalogue", "context", "domain", "json", "letters", "store"],
        crates: Crates::Only(&["chrono", "godkjent_macros", "serde_json", "uuid"]),
    },
    Layer {
        module: "register",
        ours: &["catalogue", "json", "domain"],
        crates: Crates::Only(&[
            "arc_swap",
            "aws_lc_rs",
            "base64",
            "brotli",
            "bytes",
            "chrono",
            "flate2",
            "hex",
            "rpds",
            "serde",
            "serde_json",
            "serde_with",
            "tokio",
            "tracing",
            "unicode_normalization",
            "utoipa",
            "uuid",
        ]),
    },
    Layer {
        module: "store",
        ours: &["catalogue", "json", "domain", "private_file", "words"],
        crates: Crates::AllBut(&[
            "actix_http",
            "actix_service",
            "actix_web",
            "jsonwebtoken",
            "utoipa",
            "utoipa_actix_web",
            "utoipa_swagger_ui",
        ]),
    },
    Layer {
        module: "vault",
        ours: &["domain"],
        crates: Crates::Only(&[
            "aws_lc_rs",
            "bytes",
            "chrono",
            "flate2",
            "futures_util",
            "hex",
            "object_store",
            "quick_xml",
            "secrecy",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
            "uuid",
        ]),
    },
    Layer {
        module: "mail",
        ours: &["domain", "private_file", "words"],
        crates: Crates::Only(&[
            "base64",
            "humantime",
            "lettre",
            "percent_encoding",
            "thiserror",
            "url",
            "uuid",
        ]),
    },
    Layer {
        module: "jobs",
        ours: &[
            "catalogue",
            "commands",
            "context",
            "json",
            "domain",
            "mail",
            "register",
            "store",
            "vault",
            "words",
        ],
        crates: Crates::Only(&[
            "chrono",
            "hex",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
            "uuid",
        ]),
    },
    Layer {
        module: "api",
        ours: &[
            "catalogue",
            "commands",
            "context",
            "json",
            "domain",
            "jobs",
            "letters",
            "network",
            "private_file",
            "register",
            "store",
            "vault",
            "words",
        ],
        crates: Crates::AllBut(DATABASE),
    },
    Layer {
        module: "web",
        ours: &["api", "catalogue", "domain", "json", "register", "words"],
        crates: Crates::Only(&[
            "actix_web",
            "arc_swap",
            "aws_lc_rs",
            "chrono",
            "form_urlencoded",
            "hex",
            "maud",
            "rpds",
            "uuid",
        ]),
    },
    Layer { module: "demo", ours: ALL, crates: Crates::AllBut(DATABASE) },
    Layer { module: "app", ours: ALL, crates: Crates::AllBut(DATABASE) },
    Layer { module: "main", ours: ALL, crates: Crates::AllBut(DATABASE) },
    Layer { module: "lib", ours: ALL, crates: Crates::Only(&[]) },
];

const MOST_LINES: usize = 400;

/// Files that may be longer, each with the reason. One that is no longer too long must leave.
const LONG_FILES: &[(&str, &str)] = &[];

#[test]
fn every_module_imports_only_what_its_layer_allows() {
    let crates = dependencies();
    let mut wrong = vec![];
    for file in sources() {
        let layer = layer_of(&file.name);
        for module in file.our_modules() {
            if module != layer.module && !layer.ours.contains(&module.as_str()) {
                wrong.push(format!("{}: `{}` may not use `{module}`", file.name, layer.module));
            }
        }
        for used in file.path_roots().intersection(&crates) {
            let allowed = match &layer.crates {
                Crates::Only(only) => only.contains(&used.as_str()),
                Crates::AllBut(denied) => !denied.contains(&used.as_str()),
            };
            if !allowed {
                wrong.push(format!("{}: `{}` may not use `{used}`", file.name, layer.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_domain_knows_neither_clock_nor_environment_nor_files() {
    let forbidden =
        ["std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread", "::now("];
    for file in sources().iter().filter(|file| file.name.starts_with("src/domain")) {
        let found = forbidden.iter().find(|path| file.code.contains(**path));
        // The stored tables of the domain's tests are files; that module is compiled in tests only.
        assert!(
            found.is_none() || file.name == "src/domain/snapshot.rs",
            "{}: {found:?}",
            file.name
        );
    }
    assert!(read("src/domain.rs").contains("#[cfg(test)]\nmod snapshot;"));
}

#[test]
fn nothing_in_the_domain_is_floating_point() {
    let floating = ["f32", "f64"];
    for file in sources().iter().filter(|file| file.name.starts_with("src/domain")) {
        let mut words = file.code.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(!words.any(|word| floating.contains(&word)), "{}", file.name);
    }
}

#[test]
fn handlers_leave_their_thread_through_one_door() {
    let blocking: Vec<_> =
        sources().into_iter().filter(|file| file.code.contains("web::block")).collect();
    let names: Vec<_> = blocking.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["src/api/state.rs"]);
}

#[test]
fn no_file_is_longer_than_a_reader_has_patience() {
    let long: BTreeMap<_, _> = sources()
        .into_iter()
        .filter(|file| file.lines > MOST_LINES)
        .map(|file| (file.name, file.lines))
        .collect();
    for (name, lines) in &long {
        let known = LONG_FILES.iter().any(|(exception, _)| exception == name);
        assert!(known, "{name} has {lines} lines; {MOST_LINES} is the most: split it");
    }
    for (name, reason) in LONG_FILES {
        assert!(!reason.is_empty());
        assert!(long.contains_key(*name), "{name} is not too long: take it off the list");
    }
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    for file in sources() {
        let stem = Path::new(&file.name).file_stem().unwrap().to_str().unwrap().to_owned();
        let empty = ["mod", "utils", "util", "helpers", "common", "models", "service", "misc"];
        assert!(!empty.contains(&stem.as_str()), "{}", file.name);
    }
}

#[test]
fn the_maps_name_every_module() {
    let architecture = read("ARCHITECTURE.md");
    let crate_map = read("src/lib.rs");
    for Layer { module, .. } in LAYERS {
        let row = format!("| `{module}`");
        let named = |line: &str| line.starts_with('|') && line.contains(&format!("`{module}`"));
        assert!(architecture.lines().any(named), "ARCHITECTURE.md has no row {row}");
        let in_crate_map = crate_map.contains(&format!("[`{module}`]"));
        assert!(in_crate_map || ["main", "lib"].contains(module), "src/lib.rs: no row {row}");
    }
}

#[test]
fn the_map_names_every_folder_of_api_and_domain() {
    let architecture = read("ARCHITECTURE.md");
    for layer in ["api", "domain"] {
        for entry in fs::read_dir(root().join("src").join(layer)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let is_test = ["snapshots", "samples", "snapshot"].contains(&name.as_str());
            let named = architecture.contains(&format!("`{layer}/{name}`"))
                || architecture.contains(&format!("`{name}`"));
            assert!(named || is_test, "ARCHITECTURE.md does not name src/{layer}/{name}");
        }
    }
}

#[test]
fn what_handlers_stand_on_knows_no_resource() {
    let below = ["extract", "middleware", "auth", "openapi"].map(|room| format!("src/api/{room}"));
    for file in sources() {
        if below.iter().any(|room| file.name.starts_with(room.as_str())) {
            assert!(!file.code.contains("resources::"), "{} imports a resource", file.name);
        }
    }
}

#[test]
fn ids_know_no_aggregate() {
    let ids = source(&root().join("src/domain/values/ids.rs"));
    assert!(!ids.code.contains("crate::") && !ids.code.contains("super::"), "{}", ids.code);
}

/// Public types with one name, each with the reason.
const SAME_NAMES: &[(&str, &str)] = &[];

#[test]
fn no_two_public_types_have_one_name() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources() {
        for line in file.code.lines().map(str::trim_start).filter(|line| line.starts_with("pub")) {
            let mut words = line.split(|c: char| !is_name(c)).filter(|word| !word.is_empty());
            let kinds = ["struct", "enum", "trait", "type", "union"];
            let is_public =
                |word: &&str| !["pub", "in", "crate", "super", "api", "domain"].contains(word);
            if words.find(is_public).is_some_and(|word| kinds.contains(&word)) {
                let name = words.next().unwrap().to_owned();
                files.entry(name).or_default().push(file.name.clone());
            }
        }
    }
    assert!(files.len() > 500, "the types were not found");
    files.retain(|_, files| files.len() > 1);
    for (name, files) in &files {
        let known = SAME_NAMES.iter().any(|(same, reason)| same == name && !reason.is_empty());
        assert!(known, "{name} is the name of several types: {files:?}");
    }
    for (name, _) in SAME_NAMES {
        assert!(files.contains_key(*name), "{name} names one type: take it off the list");
    }
}

/// A source file without its comments and texts.
struct Source {
    name: String,
    code: String,
    lines: usize,
}

impl Source {
    /// The first name of every path that starts with `crate::`, or climbs up to it.
    fn our_modules(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, _) in self.code.match_indices("crate::") {
            found.extend(first_names(&self.code[at + "crate::".len()..]));
        }
        // `src/a.rs` is one level deep, `src/a/b.rs` two.
        let depth = Path::new(&self.name).components().count() - 1;
        let climb = "super::".repeat(depth);
        for (at, _) in self.code.match_indices(&climb) {
            let names = first_names(&self.code[at + climb.len()..]);
            found.extend(names.into_iter().filter(|name| ALL.contains(&name.as_str())));
        }
        found
    }

    /// The first name of every path.
    fn path_roots(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, _) in self.code.match_indices("::") {
            let before = &self.code[..at];
            let begin = before.rfind(|c: char| !is_name(c)).map_or(0, |i| i + 1);
            if begin < at && !before[..begin].ends_with("::") {
                found.insert(before[begin..].to_owned());
            }
        }
        found
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The names with which the paths of a `use` go on: one, or those of a group in braces.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String { text.trim().chars().take_while(|c| is_name(*c)).collect() };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut names, mut begin) = (0_usize, vec![], 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&group[begin..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&group[begin..at]));
                begin = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Takes comments and texts out, so that words in them count for nothing.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut in_text = false;
    for line in text.lines() {
        let mut before = ' ';
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if in_text => {
                    chars.next();
                }
                // A character such as '"' opens no text.
                '"' if before == '\'' && chars.peek() == Some(&'\'') => {}
                '"' => in_text = !in_text,
                '/' if !in_text && chars.peek() == Some(&'/') => break,
                _ if !in_text => code.push(c),
                _ => {}
            }
            before = c;
        }
        code.push('\n');
    }
    code
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn sources() -> Vec<Source> {
    let mut paths = vec![];
    collect(&root().join("src"), &mut paths);
    paths.sort();
    let sources: Vec<_> = paths.iter().map(|path| source(path)).collect();
    assert!(sources.len() > 50, "the sources were not found");
    sources
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn source(path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    Source { name, code: code_of(&text), lines: text.lines().count() }
}

fn layer_of(name: &str) -> &'static Layer {
    let module = name.trim_start_matches("src/").trim_end_matches(".rs");
    let module = module.split('/').next().unwrap();
    let found = LAYERS.iter().find(|layer| layer.module == module);
    found.unwrap_or_else(|| panic!("{name}: give the module `{module}` a row in LAYERS"))
}

/// The names of all crates in `Cargo.toml`, as written in code.
fn dependencies() -> BTreeSet<String> {
    let (mut found, mut inside) = (BTreeSet::new(), false);
    for line in read("Cargo.toml").lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let (true, Some((name, _))) = (inside, line.split_once('=')) {
            found.insert(name.trim().replace('-', "_"));
        }
    }
    assert!(found.contains("diesel") && found.contains("actix_web"));
    found
}

#[test]
fn the_reader_of_sources_sees_what_it_must() {
    let text = "use crate::{\n    api::{a, b},\n    store, // diesel::x\n};\nuse super::super::jobs::x;\n\
                fn f() { let _ = \"tokio::\"; rpds::Vector::new() }";
    let file = Source { name: "src/domain/x.rs".to_owned(), code: code_of(text), lines: 6 };
    assert_eq!(file.our_modules(), ["api", "jobs", "store"].map(str::to_owned).into());
    let roots = file.path_roots();
    assert!(roots.contains("rpds") && !roots.contains("tokio") && !roots.contains("diesel"));
}
