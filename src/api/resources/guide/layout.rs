//! The frame of a page: title, navigation, table of contents.

use std::fmt::Write;

use super::{
    markdown::{RenderedMarkdown, render},
    sources::{PAGES, PATH},
};

/// Pages with fewer sections need no table of contents.
const MIN_SECTIONS: usize = 3;

/// The HTML of each page, by its path below the guide.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let rendered: Vec<_> = PAGES.iter().map(|it| (it.slug, render(it.path, it.text))).collect();
    rendered.iter().map(|(slug, markdown)| (*slug, page(slug, markdown, &rendered))).collect()
}

fn page(slug: &str, markdown: &RenderedMarkdown, all: &[(&str, RenderedMarkdown)]) -> String {
    let RenderedMarkdown { title, sections, html } = markdown;
    let title = escape(title);
    let (navigation, contents) = (navigation(slug, all), contents(sections));
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
fn navigation(open: &str, all: &[(&str, RenderedMarkdown)]) -> String {
    let mut out = String::new();
    for (slug, markdown) in all {
        let title = escape(&markdown.title);
        let slash = if slug.is_empty() { "" } else { "/" };
        let mark = if *slug == open { " aria-current=\"page\"" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "<li><a href=\"{PATH}{slash}{slug}\"{mark}>{title}</a></li>");
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
