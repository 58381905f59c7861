//! The frame of a page: title, navigation, table of contents.

use std::fmt::Write;

use super::{
    markdown::{RenderedMarkdown, render},
    sources::{PAGES, PATH, SourceFile},
};

/// Pages with fewer sections need no table of contents.
const MIN_SECTIONS: usize = 3;

/// The HTML of a page.
pub(super) fn page(source: &SourceFile) -> String {
    let RenderedMarkdown { title, sections, html } = render(source.path, source.text);
    let title = escape(&title);
    let (navigation, contents) = (navigation(source), contents(&sections));
    let (heading, text) = html.split_once("</h1>\n").unwrap_or_default();
    format!(
        "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>{title} – Godkjent</title>
<link rel=\"stylesheet\" href=\"{PATH}/style.css\">
</head>
<body>
<a class=\"skip\" href=\"#content\">Skip to content</a>
<header>
<nav aria-label=\"Guide\">
<ul>
{navigation}<li><a href=\"/docs/\">All operations</a></li>
</ul>
</nav>
</header>
<main id=\"content\">
{heading}</h1>
{contents}{text}</main>
</body>
</html>
"
    )
}

/// One link for each page; the open one is marked.
fn navigation(open: &SourceFile) -> String {
    let mut out = String::new();
    for page in PAGES {
        let title = escape(&render(page.path, page.text).title);
        let slash = if page.slug.is_empty() { "" } else { "/" };
        let mark = if page.slug == open.slug { " aria-current=\"page\"" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "<li><a href=\"{PATH}{slash}{}\"{mark}>{title}</a></li>", page.slug);
    }
    out
}

fn contents(sections: &[(String, String)]) -> String {
    if sections.len() < MIN_SECTIONS {
        return String::new();
    }
    let mut out = "<nav class=\"contents\" aria-label=\"On this page\">\n<ul>\n".to_owned();
    for (anchor, text) in sections {
        let _ = writeln!(out, "<li><a href=\"#{}\">{}</a></li>", escape(anchor), escape(text));
    }
    out.push_str("</ul>\n</nav>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
