//! The documentation matches the code.

use std::{collections::HashMap, fmt::Write, fs, path::Path};

use clap::CommandFactory;
use godkjent::{api::resources::problems::codes, app, config::Cli, words::Locale};

const BEGIN: &str = "<!-- codes: made by UPDATE=1 cargo test the_table_of_codes -->\n";
const END: &str = "<!-- end of codes -->\n";
/// Files that operators copy.
const DEPLOYMENT: [&str; 5] = [
    "docs/guide/deploy/godkjent.env",
    "docs/guide/deploy/godkjent.service",
    "docs/guide/deploy/nginx.conf",
    "docs/guide/deploy/Caddyfile",
    "docs/guide/deploy/kubernetes.yaml",
];

/// Compares a table between two comments of a page with the one that follows from the code.
fn compare_table(page: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (former, after) = rest.split_once(END).unwrap();
    let is_set = |name: &str| std::env::var_os(name).is_some();
    if former != table && is_set("UPDATE") && !is_set("CI") {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(former, table, "run UPDATE=1 cargo test the_table_of_codes");
    }
}

#[test]
fn the_table_of_codes_is_the_one_that_is_served() {
    let mut table = "| status | code | meaning |\n|---|---|---|\n".to_owned();
    let mut codes = codes(Locale::En);
    codes.sort_by_key(|code| code.status);
    for code in codes {
        writeln!(table, "| {} | `{}` | {} |", code.status, code.code, code.title).unwrap();
    }
    compare_table("docs/guide/api.md", &table);
}

#[test]
fn the_table_of_codes_of_values_is_that_of_the_sentences() {
    let mut table = "| code | a sentence of it |\n|---|---|\n".to_owned();
    for file in ["src/words/en/fields.ftl", "src/words/en/prices.ftl"] {
        let text = read(file);
        let mut lines = text.lines().filter(|line| !line.starts_with('#')).peekable();
        while let Some(line) = lines.next() {
            let Some((code, own)) = line.split_once('=').filter(|_| !line.starts_with(' ')) else {
                continue;
            };
            let first = lines.peek().and_then(|line| line.split_once('=')).map_or("", |it| it.1);
            // Words of the days, for the sentences.
            if code.starts_with("day-") || code.starts_with("days-") {
                continue;
            }
            let sentence = if own.trim().is_empty() { first } else { own };
            writeln!(table, "| `{}` | {} |", code.trim(), sentence.trim()).unwrap();
        }
    }
    assert!(table.lines().count() > 100, "{table}");
    compare_table("docs/guide/codes.md", &table);
}

#[test]
fn the_table_of_variables_has_every_variable_that_is_read() {
    let page = read("docs/guide/operators.md");
    for name in variables() {
        let row = format!("| `{name}` |");
        assert!(page.contains(&row), "docs/guide/operators.md has no row {row}");
    }
}

#[test]
fn every_variable_in_the_guide_and_its_files_is_read() {
    let known = variables();
    let mut found = 0;
    let files = pages().into_iter().chain(DEPLOYMENT.map(str::to_owned));
    for name in files.filter(|name| name == "README.md" || name.starts_with("docs/guide/")) {
        for rest in read(&name).split("GODKJENT_").skip(1) {
            let is_name = |c: &char| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_';
            let variable: String =
                "GODKJENT_".chars().chain(rest.chars().take_while(is_name)).collect();
            let is_prefix = variable.ends_with('_');
            assert!(is_prefix || known.contains(&variable), "{name}: no {variable}");
            found += 1;
        }
    }
    assert!(found > 50, "{found}");
}

/// The variables of `godkjent serve`.
fn variables() -> Vec<String> {
    let command = Cli::command();
    let serve = command.get_subcommands().find(|command| command.get_name() == "serve").unwrap();
    let names = serve.get_arguments().filter_map(|arg| arg.get_env());
    let names: Vec<_> = names.map(|name| name.to_str().unwrap().to_owned()).collect();
    assert!(names.len() > 4);
    names
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

/// Links with an anchor; the guide's own test follows them in the served pages.
#[test]
fn every_anchor_of_a_link_is_a_heading() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in pages() {
        for rest in read(&name).split("](").skip(1) {
            let Some((target, anchor)) = rest.split(')').next().unwrap().split_once('#') else {
                continue;
            };
            if target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            let folder = Path::new(&name).parent().unwrap();
            let file =
                if target.is_empty() { Path::new(&name).into() } else { folder.join(target) };
            let text = fs::read_to_string(root.join(&file)).unwrap();
            assert!(
                anchors(&text).contains(&anchor.to_owned()),
                "{name}: no heading {target}#{anchor}"
            );
        }
    }
}

/// The anchors that GitHub gives the headings of a file.
fn anchors(text: &str) -> Vec<String> {
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut is_code = false;
    let mut found = vec![];
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !is_code) else { continue };
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let is_kept = |c: &char| c.is_alphanumeric() || ['-', '_', ' '].contains(c);
        let anchor = heading.chars().filter(is_kept).collect::<String>().replace(' ', "-");
        let before = used.entry(anchor.clone()).or_default();
        found.push(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
        *before += 1;
    }
    found
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
