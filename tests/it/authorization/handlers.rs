//! The first argument of a handler is its role: `Caller` if the contract requires a token, none otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use godkjent::{
    commands::{self, Command, CommandVisitor, Target},
    domain::role::FromCaller,
};

use crate::attacks::routes::document;

/// The roles of commands by operation, from their types.
#[derive(Default)]
struct Roles(BTreeMap<String, Option<String>>);

impl<T: Target> CommandVisitor<T> for Roles {
    fn visit<C: Command<Target = T>>(&mut self) {
        assert!(!C::Role::ROLES.is_empty());
        let role = std::any::type_name::<C::Role>().rsplit(':').next().map(str::to_owned);
        self.0.insert(C::ROUTE.operation.to_owned(), role);
    }
}

/// The roles of commands and handlers by operation; none where a handler demands none. Those of handlers are read from
/// the sources.
fn find_demanded_roles() -> BTreeMap<String, Option<String>> {
    let mut commands = Roles::default();
    commands::all(&mut commands);
    let Roles(mut found) = commands;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.extend(text.split("#[utoipa::path(").skip(1).map(handler));
            }
        }
    }
    found
}

/// Operation and role of a handler, from the code after its description.
fn handler(text: &str) -> (String, Option<String>) {
    let (_, operation) = text.split_once("operation_id = \"").unwrap();
    let (operation, _) = operation.split_once('"').unwrap();
    let (_, signature) = text.split_once("async fn ").unwrap();
    let (_, arguments) = signature.split_once('(').unwrap();
    let (arguments, _) = arguments.split_once(") ->").unwrap();
    let first = arguments.trim_start().trim_start_matches("_by: ").trim_start_matches("by: ");
    let role = first.strip_prefix("Caller<").map(|rest| rest.split_once('>').unwrap().0.to_owned());
    let others = arguments.matches("Caller<").count();
    assert_eq!(others, usize::from(role.is_some()), "{operation}: the role stands first and alone");
    (operation.to_owned(), role)
}

#[test]
fn every_handler_that_is_not_open_demands_a_role_in_its_signature() {
    let demanded = find_demanded_roles();
    let mut documented = BTreeSet::new();
    for item in document()["paths"].as_object().unwrap().values() {
        for (method, entry) in item.as_object().unwrap() {
            let operation = entry["operationId"].as_str().unwrap();
            let role = demanded.get(operation).unwrap_or_else(|| panic!("{operation}: no handler"));
            let open = entry["security"][0]["token"].is_null();
            assert_eq!(role.is_none(), open, "{operation} demands {role:?}");
            // A party reads; commands need a role with the right.
            let looks = role.as_deref() == Some("Party");
            assert!(!looks || method == "get", "{operation}: {method} by a party");
            documented.insert(operation.to_owned());
        }
    }
    // No handler is left out of the document.
    assert_eq!(demanded.keys().cloned().collect::<BTreeSet<_>>(), documented);
}

#[test]
fn every_role_that_can_be_demanded_is_demanded() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/role.rs"));
    let text = text.unwrap();
    let made =
        text.split("impl FromCaller for ").skip(1).map(|rest| rest.split(' ').next().unwrap());
    let made: BTreeSet<_> = made.map(str::to_owned).collect();
    let demanded: BTreeSet<_> = find_demanded_roles().into_values().flatten().collect();
    assert_eq!(demanded, made);
}
