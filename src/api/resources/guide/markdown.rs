//! Markdown to HTML: headings get anchors, links are resolved, HTML in the source is dropped.

use std::{collections::HashMap, mem};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::links::{LinkTarget, resolve};

/// A rendered file.
#[derive(Debug)]
pub(super) struct RenderedMarkdown {
    /// Text of the first heading.
    pub(super) title: String,
    /// Anchor and text of each heading of the second level.
    pub(super) sections: Vec<(String, String)>,
    pub(super) html: String,
}

/// Renders the Markdown of the file at `path`.
pub(super) fn render(path: &str, text: &str) -> RenderedMarkdown {
    let mut renderer = Renderer { path, ..Renderer::default() };
    let events: Vec<_> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut rest = events.into_iter();
    while let Some(event) = rest.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let is_end = |event: &Event<'_>| matches!(event, Event::End(TagEnd::Heading(_)));
                let inner = rest.by_ref().take_while(|event| !is_end(event)).collect();
                renderer.heading(level, inner);
            }
            other => renderer.event(other),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, renderer.events.into_iter());
    RenderedMarkdown { title: renderer.title, sections: renderer.sections, html: out }
}

/// Events that go on to the HTML writer, and what the layout needs.
#[derive(Default)]
struct Renderer<'a> {
    path: &'a str,
    events: Vec<Event<'a>>,
    title: String,
    sections: Vec<(String, String)>,
    /// How often each anchor was used.
    anchors: HashMap<String, usize>,
    /// The file of the open link, if the guide does not serve it.
    unserved: Option<String>,
}

impl<'a> Renderer<'a> {
    fn heading(&mut self, level: HeadingLevel, inner: Vec<Event<'a>>) {
        let text: String = inner.iter().filter_map(text_of).collect();
        let anchor = self.anchor(&text);
        match level {
            HeadingLevel::H1 if self.title.is_empty() => self.title.clone_from(&text),
            HeadingLevel::H2 => self.sections.push((anchor.clone(), text)),
            _ => {}
        }
        let heading =
            Tag::Heading { level, id: Some(anchor.into()), classes: vec![], attrs: vec![] };
        self.events.push(Event::Start(heading));
        for event in inner {
            self.event(event);
        }
        self.events.push(Event::End(TagEnd::Heading(level)));
    }

    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::HtmlBlock)
            | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                match resolve(self.path, &dest_url) {
                    LinkTarget::Address(address) => {
                        let dest_url = address.into();
                        let link = Tag::Link { link_type, dest_url, title, id };
                        self.events.push(Event::Start(link));
                    }
                    LinkTarget::Unserved(path) => self.unserved = Some(path),
                }
            }
            Event::End(TagEnd::Link) => match mem::take(&mut self.unserved) {
                Some(path) => {
                    self.raw(" (");
                    self.events.push(Event::Code(path.into()));
                    self.raw(")");
                }
                None => self.events.push(event),
            },
            // What may be wider than the screen scrolls, also with the keyboard.
            Event::Start(Tag::Table(_)) => {
                self.raw(
                    "<div class=\"wide\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">",
                );
                self.events.push(event);
            }
            Event::End(TagEnd::Table) => {
                self.events.push(event);
                self.raw("</div>\n");
            }
            Event::Start(Tag::CodeBlock(_)) => self.raw("<pre tabindex=\"0\"><code>"),
            Event::End(TagEnd::CodeBlock) => self.raw("</code></pre>\n"),
            other => self.events.push(other),
        }
    }

    fn raw(&mut self, markup: &'static str) {
        self.events.push(Event::Html(CowStr::Borrowed(markup)));
    }

    /// The anchor of a heading, as GitHub builds it: small letters, hyphens for spaces, no punctuation.
    fn anchor(&mut self, text: &str) -> String {
        let is_kept = |c: &char| c.is_alphanumeric() || ['-', '_', ' '].contains(c);
        let anchor: String = text.to_lowercase().chars().filter(is_kept).collect();
        let anchor = anchor.replace(' ', "-");
        let used = self.anchors.entry(anchor.clone()).or_default();
        *used += 1;
        if *used == 1 { anchor } else { format!("{anchor}-{}", *used - 1) }
    }
}

fn text_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        render("docs/guide/portals.md", text).html
    }

    #[test]
    fn headings_have_the_anchors_that_links_in_the_files_use() {
        let page = render(
            "docs/guide/api.md",
            "# The `API`\n\n## Valid time, known time\n\n## A\n\n## A\n",
        );
        assert_eq!(page.title, "The API");
        let anchors: Vec<_> = page.sections.iter().map(|(anchor, _)| anchor.as_str()).collect();
        assert_eq!(anchors, ["valid-time-known-time", "a", "a-1"]);
        assert!(
            page.html.contains("<h1 id=\"the-api\">The <code>API</code></h1>"),
            "{}",
            page.html
        );
    }

    #[test]
    fn links_lead_to_pages_and_files_outside_the_guide_are_named() {
        assert_eq!(
            html("[Rules](api.md#lists)"),
            "<p><a href=\"/docs/guide/api#lists\">Rules</a></p>\n"
        );
        assert_eq!(html("[ADR](../adr/x.md)."), "<p>ADR (<code>docs/adr/x.md</code>).</p>\n");
    }

    #[test]
    fn html_in_the_source_is_dropped_and_text_is_escaped() {
        assert_eq!(
            html("<!-- note -->\n\na <b>b</b> & `<c>`"),
            "<p>a b &amp; <code>&lt;c&gt;</code></p>\n"
        );
        assert_eq!(
            html("```sh story\na < b\n```"),
            "<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>\n"
        );
    }
}
