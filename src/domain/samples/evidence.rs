//! Evidence, with and without a file.

use super::{code, day, id, line, now, provider_user};
use crate::domain::{
    application::{Document, Evidence},
    evidence::{Description, MediaType, ProviderFile, ReceivedContent},
};

pub(in crate::domain) fn document() -> Document {
    Document { file_name: line("attest.pdf"), sha256: "0".repeat(64), bytes: 1 }
}

/// Without a file, issued ten days ago.
pub(in crate::domain) fn evidence(count: u128, criterion: &str, kind: &str) -> Evidence {
    Evidence {
        id: id(count),
        criterion: code(criterion),
        kind: code(kind),
        title: line("Attest"),
        issued_on: day("2026-03-02"),
        expires_on: None,
        document: None,
        consent: None,
    }
}

/// A file of the provider's own of a kind, issued ten days ago.
pub(in crate::domain) fn file(count: u128, kind: &str) -> ProviderFile {
    let description = Description {
        kind: code(kind),
        title: line("Attest"),
        issued_on: day("2026-03-02"),
        expires_on: None,
        confidential: None,
    };
    let content = ReceivedContent {
        file_name: line("attest.pdf"),
        media_type: MediaType::Pdf,
        bytes: 1000,
        sha256: "0".repeat(64),
    };
    ProviderFile::receive(
        id(count),
        description,
        content,
        false,
        &provider_user(),
        (now(), chrono::TimeDelta::days(90)),
    )
    .unwrap()
    .value
}
