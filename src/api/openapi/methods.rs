//! The operations of a path, by method, and names of their parts.

use utoipa::openapi::{
    OpenApi,
    path::{Operation, PathItem},
};

/// The operations of a path.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    by_method(item).map(|(_, operation)| operation)
}

/// The operations of all paths, each with its path and its method.
pub(super) fn operations_by_path(
    document: &mut OpenApi,
) -> impl Iterator<Item = (&str, &'static str, &mut Operation)> {
    document.paths.paths.iter_mut().flat_map(|(path, item)| {
        by_method(item).map(move |(method, operation)| (path.as_str(), method, operation))
    })
}

fn by_method(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let methods = [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ];
    methods.into_iter().filter_map(|(name, operation)| Some((name, operation.as_mut()?)))
}

/// `ApplicationId` of `application id` or `applicationId`.
pub(super) fn pascal_case(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let capitalized = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    capitalized.collect()
}
