//! Snapshots: texts under `snapshots/`, which make a change of rule visible as a change of text.

use std::{fs, path::Path};

/// Compares with the stored text. A missing one is written, and with `UPDATE=1` every one; neither under `CI`.
pub(super) fn assert_snapshot(name: &str, text: &str) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/domain/snapshots/{name}.txt"));
    let stored = fs::read_to_string(&path).ok();
    let may_write = environment("CI").is_none();
    if may_write && (stored.is_none() || environment("UPDATE").as_deref() == Some("1")) {
        fs::write(&path, text).unwrap();
        return;
    }
    let stored =
        stored.unwrap_or_else(|| panic!("‘{name}’ is not stored: run the test with UPDATE=1"));
    assert!(stored == text, "‘{name}’ has changed; stored:\n{stored}\nnow:\n{text}");
}

#[allow(clippy::disallowed_methods, reason = "tests alone read these two, never the service")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
