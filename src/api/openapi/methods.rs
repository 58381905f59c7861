//! The operations of a path, by method.

use utoipa::openapi::path::{Operation, PathItem};

/// The operations of a path.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
    methods.into_iter().filter_map(Option::as_mut)
}
