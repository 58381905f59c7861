//! The table as text: a line for each route and body, with the callers of each result.

use std::{collections::BTreeMap, fs, path::Path};

use super::routes::Route;

const PLACE: &str = "tests/it/snapshots/authorization.txt";
const HEAD: &str = "\
Who gets what from which route. Made by UPDATE=1 cargo test authorization.

Provider, editor, case-worker, decision-maker and inspector are of the organisation whose resource it is; with a prime (provider')
they are of another one. An auditor and an operator belong to no case. “the rest” is whoever is not named.

Acts are tried at a revision long past: 412 says that only the condition held the caller back, 409 and 422 that the caller may and
the thing or the body does not allow it now. “broken” is the same request with a body that cannot be read. “some” and “none” is what a list shows that not everyone may read.

";

/// The results, by column.
pub type Cells = Vec<(&'static str, String)>;

#[derive(Default)]
pub struct Table(Vec<String>);

impl Table {
    pub fn row(&mut self, route: &Route, body: &str, cells: &Cells) {
        self.0.push(format!("{route}{body}: {}\n", group(cells)));
    }

    /// Compares with the stored table, or rewrites it with `UPDATE=1`.
    pub fn compare(&self) {
        let table = format!("{HEAD}{}", self.0.concat());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PLACE);
        let is_set = |name| std::env::var_os(name).is_some();
        let former = fs::read_to_string(&path).unwrap_or_default();
        if former != table && is_set("UPDATE") && !is_set("CI") {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, table).unwrap();
            return;
        }
        assert!(
            former == table,
            "{PLACE} says otherwise; look at the difference after UPDATE=1 cargo test authorization\n{}",
            differences(&former, &table).join("\n")
        );
    }
}

/// The lines that only one of them has.
fn differences(former: &str, table: &str) -> Vec<String> {
    let (old, new): (Vec<_>, Vec<_>) = (former.lines().collect(), table.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    gone.chain(come).collect()
}

/// Equal answers together, the greatest group last as “the rest”.
fn group(cells: &Cells) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, outcome) in cells {
        groups.entry(outcome).or_default().push(name);
    }
    let most = groups.values().map(Vec::len).max().unwrap_or(0);
    let rest = groups.iter().find(|(_, names)| names.len() == most).map(|(outcome, _)| *outcome);
    let rest = rest.unwrap_or_default();
    if groups.len() == 1 {
        return format!("everyone {rest}");
    }
    let named = groups.iter().filter(|(outcome, _)| **outcome != rest);
    let mut parts: Vec<_> =
        named.map(|(outcome, names)| format!("{} {outcome}", names.join(", "))).collect();
    parts.push(format!("the rest {rest}"));
    parts.join("; ")
}

#[test]
fn a_route_without_a_row_and_an_answer_that_changed_are_told() {
    let former = "GET /a: everyone 200\nGET /b: everyone 200\n";
    let table = "GET /a: everyone 200\nGET /b: everyone 401\nPOST /c: everyone 200\n";
    let expected = ["- GET /b: everyone 200", "+ GET /b: everyone 401", "+ POST /c: everyone 200"];
    assert_eq!(differences(former, table), expected);
}
