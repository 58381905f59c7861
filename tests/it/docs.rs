//! The documentation matches the code.

use std::{fmt::Write, fs, path::Path};

use clap::CommandFactory;
use godkjent::{api::resources::health::codes, app, config::Cli};

const BEGIN: &str = "<!-- codes: made by UPDATE=1 cargo test the_table_of_codes -->\n";
const END: &str = "<!-- end of codes -->\n";

#[test]
fn the_table_of_codes_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/api.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (former, after) = rest.split_once(END).unwrap();
    let mut table = "| status | code | meaning |\n|---|---|---|\n".to_owned();
    let mut codes = codes();
    codes.sort_by_key(|code| code.status);
    for code in codes {
        writeln!(table, "| {} | `{}` | {} |", code.status, code.code, code.title).unwrap();
    }
    let is_set = |name: &str| std::env::var_os(name).is_some();
    if former != table && is_set("UPDATE") && !is_set("CI") {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(former, table, "run UPDATE=1 cargo test the_table_of_codes");
    }
}

#[test]
fn operations_names_every_variable_that_is_read() {
    let page = read("docs/guide/operators.md");
    let command = Cli::command();
    let serve = command.get_subcommands().find(|command| command.get_name() == "serve").unwrap();
    let read: Vec<_> = serve.get_arguments().filter_map(|arg| arg.get_env()).collect();
    assert!(read.len() > 4);
    for name in read {
        let row = format!("| `{}` |", name.to_str().unwrap());
        assert!(page.contains(&row), "docs/guide/operators.md has no row {row}");
    }
}

#[test]
fn every_path_that_a_page_names_is_served() {
    let document = serde_json::to_value(app::document()).unwrap();
    let served: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    for name in pages() {
        for word in
            read(&name).split('`').filter(|word| word.contains("/v1/") && !word.contains('\n'))
        {
            let path = &word[word.find("/v1/").unwrap()..];
            let path = path.split(['?', ' ', '"']).next().unwrap();
            let known = served.iter().any(|route| fits(path, route));
            assert!(known, "{name}: there is no {path}");
        }
    }
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in pages() {
        let text = read(&name);
        let folder = root.join(&name);
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap();
            if !target.is_empty() && !target.contains("://") && !target.starts_with('/') {
                let there = folder.parent().unwrap().join(target);
                assert!(there.exists(), "{name}: there is no {target}");
            }
        }
    }
}

/// Whether a path is an example of a route such as `/v1/offerings/{id}`.
fn fits(path: &str, route: &str) -> bool {
    let (parts, known): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    let alike = |(parts, known): (&&str, &&str)| parts == known || known.starts_with('{');
    parts.len() == known.len() && parts.iter().zip(&known).all(alike)
}

fn pages() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![];
    for folder in ["", "docs/", "docs/adr/", "docs/guide/"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|kind| kind == "md") {
                pages.push(format!("{folder}{name}"));
            }
        }
    }
    assert!(pages.len() > 15, "{pages:?}");
    pages
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}
