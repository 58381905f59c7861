//! The files of the guide, embedded in the program.

/// Path of the guide; its pages are below it.
pub(super) const PATH: &str = "/docs/guide";

/// A file of this repository that the guide serves.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The path below `/docs/guide`.
    pub(super) slug: &'static str,
    /// The path in the repository.
    pub(super) path: &'static str,
    pub(super) text: &'static str,
}

macro_rules! file {
    ($slug:literal, $path:literal) => {
        SourceFile {
            slug: $slug,
            path: $path,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)),
        }
    };
}

/// Markdown files, served as pages; the order is that of the navigation.
pub(super) const PAGES: &[SourceFile] = &[
    file!("", "docs/guide/README.md"),
    file!("portals", "docs/guide/portals.md"),
    file!("examples", "examples/README.md"),
    file!("providers", "docs/guide/providers.md"),
    file!("municipalities", "docs/guide/municipalities.md"),
    file!("api", "docs/guide/api.md"),
    file!("codes", "docs/guide/codes.md"),
    file!("operators", "docs/guide/operators.md"),
    file!("deployment", "docs/guide/deployment.md"),
    file!("data", "docs/guide/data.md"),
    file!("issuers", "docs/guide/issuers.md"),
    file!("monitoring", "docs/guide/monitoring.md"),
    file!("story", "docs/story.md"),
    file!("glossary", "docs/glossary.md"),
    file!("changelog", "CHANGELOG.md"),
];

/// Other files that pages link to, served as plain text.
pub(super) const FILES: &[SourceFile] = &[
    file!("deploy/godkjent.service", "docs/guide/deploy/godkjent.service"),
    file!("deploy/godkjent.env", "docs/guide/deploy/godkjent.env"),
    file!("deploy/nginx.conf", "docs/guide/deploy/nginx.conf"),
    file!("deploy/Caddyfile", "docs/guide/deploy/Caddyfile"),
    file!("deploy/kubernetes.yaml", "docs/guide/deploy/kubernetes.yaml"),
    file!("examples/apply.py", "examples/apply.py"),
    file!("examples/apply.ts", "examples/apply.ts"),
    file!("examples/mirror.py", "examples/mirror.py"),
    file!("examples/mirror.ts", "examples/mirror.ts"),
    file!("examples/openapi_python_client.yaml", "examples/openapi_python_client.yaml"),
    file!("examples/portal.py", "examples/portal.py"),
    file!("examples/portal.ts", "examples/portal.ts"),
];
