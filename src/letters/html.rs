//! A letter as one HTML page: no scripts, nothing from elsewhere, readable without its style.

use std::fmt::Write;

use super::{Block, Letter, Section};

/// Near black on white: a contrast of more than 15 to 1 (WCAG 2.2, 1.4.6 requires 7).
const STYLE: &str = "\
body{margin:2rem auto;max-width:42rem;padding:0 1rem;background:#fff;color:#1a1a1a;\
font:1.0625rem/1.6 sans-serif}\
h1{font-size:1.6rem;line-height:1.3}\
h2{font-size:1.2rem;margin-top:2rem}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}\
dd{margin:0}\
@media print{body{margin:0}h2{break-after:avoid}}";

#[must_use]
pub fn page(letter: &Letter) -> String {
    let mut out = Page(String::new());
    let language = letter.language.as_str();
    out.raw(&format!("<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n"));
    out.raw("<meta charset=\"utf-8\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.element("title", &letter.title);
    out.raw(&format!("<style>{STYLE}</style>\n</head>\n<body>\n<header>\n"));
    out.element("p", &letter.sender);
    out.raw("</header>\n<main>\n");
    out.element("h1", &letter.title);
    out.raw("<dl>\n");
    for (label, value) in &letter.head {
        out.element("dt", label);
        out.element("dd", value);
    }
    out.raw("</dl>\n");
    for section in &letter.sections {
        out.section(section);
    }
    out.element("p", &letter.closing);
    for name in &letter.signatures {
        out.element("p", name);
    }
    out.raw("</main>\n</body>\n</html>\n");
    out.0
}

/// A page under construction. Only [`Page::element`] takes text of others, and it escapes it.
struct Page(String);

impl Page {
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    fn element(&mut self, name: &str, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "<{name}>{}</{name}>", escaped(text));
    }

    fn section(&mut self, section: &Section) {
        self.raw("<section>\n");
        self.element("h2", &section.heading);
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) => self.element("p", text),
                Block::List(items) => {
                    self.raw("<ul>\n");
                    for item in items {
                        self.element("li", item);
                    }
                    self.raw("</ul>\n");
                }
            }
        }
        self.raw("</section>\n");
    }
}

/// Text as HTML, and a section sign held together with its number.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;").replace("§ ", "§&nbsp;")
}
