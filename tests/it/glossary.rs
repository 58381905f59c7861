//! The glossary is complete and correct: every schema of the contract is in it, and every entry exists.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

const COLUMNS: [&str; 6] = ["Norwegian", "English", "Type", "Path", "Law", "Meaning"];

/// One row of the table.
struct Row {
    cells: Vec<String>,
}

impl Row {
    /// The names in the column `Type`, in backquotes.
    fn types(&self) -> Vec<&str> {
        self.cells[2].split('`').skip(1).step_by(2).collect()
    }
}

#[test]
fn every_row_of_the_glossary_is_complete() {
    for row in rows() {
        for needed in [0, 1, 2, 5] {
            assert!(!row.cells[needed].is_empty(), "{}: no {}", row.cells[1], COLUMNS[needed]);
        }
        assert!(!row.types().is_empty(), "{}: a type stands in backquotes", row.cells[1]);
    }
}

#[test]
fn every_schema_of_the_document_is_in_the_glossary() {
    let rows = rows();
    let known: BTreeSet<&str> = rows.iter().flat_map(Row::types).collect();
    let missing: Vec<_> =
        schemas().into_iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "docs/glossary.md has no row for {}", missing.join(", "));
}

#[test]
fn every_type_in_the_glossary_exists() {
    let schemas: BTreeSet<_> = schemas().into_iter().chain(names()).collect();
    let mut code = String::new();
    read_all(&root().join("src"), &mut code);
    for row in rows() {
        for name in row.types() {
            let declared = ["struct", "enum", "type", "trait"]
                .iter()
                .flat_map(|kind| [' ', '<', '(', ';'].map(|end| format!("{kind} {name}{end}")))
                .any(|declaration| code.contains(&declaration));
            assert!(declared || schemas.contains(name), "{}: there is no `{name}`", row.cells[1]);
        }
    }
}

#[test]
fn every_path_in_the_glossary_exists() {
    let document = document();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    for row in rows() {
        for path in row.cells[3].split('`').skip(1).step_by(2) {
            assert!(paths.iter().any(|known| known.contains(path)), "{}: {path}", row.cells[1]);
        }
    }
}

#[test]
fn every_aggregate_of_the_domain_has_a_norwegian_term() {
    for entry in fs::read_dir(root().join("src/domain")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().replace('_', " ");
        let is_shared =
            ["agenda", "error", "message", "role", "rules", "values", "samples", "snapshots"]
                .contains(&name.as_str());
        if path.is_file() || is_shared {
            continue;
        }
        let named =
            |row: &Row| row.cells[1].replace('-', " ").contains(&name) && !row.cells[0].is_empty();
        assert!(rows().iter().any(named), "docs/glossary.md has no row of ‘{name}’");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> Value {
    serde_json::to_value(godkjent::app::document()).unwrap()
}

/// Ends of the names of schemas that are explained by another one: lists by their items, views with actions by the view, merge
/// patches by the form.
const DERIVED: [&str; 4] = ["List", "WithActions", "ForCaller", "Patch"];

/// The schemas that the glossary explains. An enumeration is explained by the schema that has it.
fn schemas() -> BTreeSet<String> {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let whole = schemas.iter().filter(|(_, schema)| schema["enum"].is_null());
    let base = |name: &str| {
        let ends = DERIVED.iter().filter_map(|end| Some((*end, name.strip_suffix(end)?)));
        // The form of a merge patch need not be a schema of its own.
        let mut bases = ends.filter(|(end, base)| *end == "Patch" || schemas.contains_key(*base));
        bases.next().map(|(_, base)| base.to_owned())
    };
    let explained = whole.map(|(name, _)| base(name).unwrap_or_else(|| name.clone()));
    let explained: BTreeSet<_> = explained.collect();
    assert!(explained.len() > 40);
    explained
}

/// The names of the schemas, as they are in the document.
fn names() -> BTreeSet<String> {
    document()["components"]["schemas"].as_object().unwrap().keys().cloned().collect()
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/glossary.md")).unwrap();
    let mut rows = text.lines().filter(|line| line.starts_with('|')).map(|line| {
        let cells = line.trim().trim_matches('|').split('|');
        let cells: Vec<_> = cells.map(|cell| cell.trim().to_owned()).collect();
        assert_eq!(cells.len(), COLUMNS.len(), "{line}");
        Row { cells }
    });
    assert_eq!(rows.next().unwrap().cells, COLUMNS);
    rows.skip(1).collect()
}

fn read_all(directory: &Path, into: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
