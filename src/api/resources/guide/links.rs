//! Links between files of the repository, as links between pages of the guide.

use super::sources::{FILES, PAGES, PATH};

/// Where a link of a page leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LinkTarget {
    /// An address: of a page of the guide, or of another site.
    Address(String),
    /// A file of the repository that the guide does not serve.
    Unserved(String),
}

/// Resolves a link in the file at `from`, such as `docs/guide/portals.md`.
pub(super) fn resolve(from: &str, link: &str) -> LinkTarget {
    if link.starts_with(['#', '/']) || link.contains("://") {
        return LinkTarget::Address(link.to_owned());
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = join(from, file);
    let served = PAGES.iter().chain(FILES).find(|source| source.path == path);
    let Some(source) = served else { return LinkTarget::Unserved(path) };
    let mut address = PATH.to_owned();
    for (mark, part) in [('/', source.slug), ('#', anchor)] {
        if !part.is_empty() {
            address.push(mark);
            address.push_str(part);
        }
    }
    LinkTarget::Address(address)
}

/// The path of `file` as seen from the folder of `from`.
fn join(from: &str, file: &str) -> String {
    let mut parts: Vec<_> = from.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_files_become_links_between_pages() {
        let from = "docs/guide/portals.md";
        for (link, address) in [
            ("README.md", "/docs/guide"),
            ("api.md#problems", "/docs/guide/api#problems"),
            ("../glossary.md", "/docs/guide/glossary"),
            ("../../CHANGELOG.md", "/docs/guide/changelog"),
            ("deploy/nginx.conf", "/docs/guide/deploy/nginx.conf"),
            ("#searching", "#searching"),
            ("/openapi.json", "/openapi.json"),
            ("https://example.no/a", "https://example.no/a"),
        ] {
            assert_eq!(resolve(from, link), LinkTarget::Address(address.to_owned()), "{link}");
        }
        let adr = "docs/adr/0022-page-cache-before-the-framework.md";
        let link = "../adr/0022-page-cache-before-the-framework.md";
        assert_eq!(resolve(from, link), LinkTarget::Unserved(adr.to_owned()));
    }
}
