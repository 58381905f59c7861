//! The pages as markup: every tag closed, one heading at the top, nothing from a writer's hand unescaped.

use godkjent::letters::{Block, Letter, html};

use super::samples::{HOSTILE, PLAIN, everywhere, letters};

/// A page as it is read: its elements in order, each with the text directly in it.
struct Page {
    elements: Vec<Element>,
    language: String,
}

#[derive(Debug)]
struct Element {
    name: String,
    text: String,
    /// The names of those around it.
    within: Vec<String>,
}

/// Elements that have no end tag.
const VOID: [&str; 1] = ["meta"];

/// Parses a page strictly: corrections by browsers are errors here.
fn read(page: &str) -> Page {
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n").expect("no doctype");
    let (mut open, mut elements): (Vec<usize>, Vec<Element>) = (vec![], vec![]);
    let mut language = String::new();
    while let Some((text, after)) = rest.split_once('<') {
        match open.last() {
            Some(inner) => elements[*inner].text += &decode(text),
            None => assert!(text.trim().is_empty(), "text outside: {text}"),
        }
        let (tag, after) = after.split_once('>').expect("a tag that does not end");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let closed = open.pop().map(|at| elements[at].name.clone());
            assert_eq!(closed.as_deref(), Some(name), "closed in the wrong order");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "<{tag}>");
        assert_eq!(attributes.matches('"').count() % 2, 0, "<{tag}>");
        if name == "html" {
            attributes.trim_start_matches("lang=").trim_matches('"').clone_into(&mut language);
        }
        let within = open.iter().map(|at| elements[*at].name.clone()).collect();
        elements.push(Element { name: name.to_owned(), text: String::new(), within });
        if !VOID.contains(&name) {
            open.push(elements.len() - 1);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "not closed: {open:?} {rest}");
    Page { elements, language }
}

fn decode(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';').unwrap_or_else(|| panic!("a bare &: {text}"));
        let char = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            "nbsp" => ' ',
            other => panic!("&{other};"),
        };
        plain = plain + before + &char.to_string();
        rest = after;
    }
    plain + rest
}

impl Page {
    fn texts(&self, name: &str) -> Vec<&str> {
        let found = self.elements.iter().filter(|element| element.name == name);
        found.map(|element| element.text.as_str()).collect()
    }
}

/// The content of a letter under its headings.
fn split(letter: &Letter) -> (Vec<&str>, Vec<&str>) {
    let (mut paragraphs, mut items) = (vec![letter.sender.as_str()], vec![]);
    for block in letter.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Paragraph(text) => paragraphs.push(text),
            Block::List(list) => items.extend(list.iter().map(String::as_str)),
        }
    }
    paragraphs.push(&letter.closing);
    paragraphs.extend(letter.signatures.iter().map(String::as_str));
    (paragraphs, items)
}

#[test]
fn every_page_is_well_formed_and_can_be_read_by_everyone() {
    for (form, regime) in everywhere() {
        for (kind, letter) in letters(&PLAIN, form, regime) {
            let page = read(&html::page(&letter));
            assert_eq!(page.language, form.as_str());
            for once in ["html", "head", "title", "body", "header", "main", "h1", "dl"] {
                assert_eq!(page.texts(once).len(), 1, "{kind}: <{once}>");
            }
            assert_eq!(page.texts("h1"), [letter.title.as_str()]);
            assert_eq!(page.texts("title"), page.texts("h1"));
            for heading in page.elements.iter().filter(|e| ["h1", "h2"].contains(&&*e.name)) {
                assert!(!heading.text.trim().is_empty(), "{kind}");
                assert!(heading.within.iter().any(|name| name == "main"), "{kind}");
            }
            let first = |name: &str| page.elements.iter().position(|e| e.name == name).unwrap();
            assert!(first("h1") < first("h2"), "{kind}");
            assert_eq!(page.texts("h2").len(), page.texts("section").len(), "{kind}");
            assert_eq!(page.texts("dt").len(), page.texts("dd").len(), "{kind}");
            for empty in ["p", "li", "dt", "dd"] {
                assert!(page.texts(empty).iter().all(|text| !text.trim().is_empty()), "{kind}");
            }
            for list in page.elements.iter().filter(|element| element.name == "li") {
                assert_eq!(list.within.last().unwrap(), "ul", "{kind}");
            }
        }
    }
}

#[test]
fn every_section_says_something() {
    for (form, regime) in everywhere() {
        for (kind, letter) in letters(&PLAIN, form, regime) {
            for section in &letter.sections {
                let empty = |block: &Block| matches!(block, Block::List(items) if items.is_empty());
                assert!(!section.blocks.is_empty(), "{kind}: {}", section.heading);
                assert!(!section.blocks.iter().any(empty), "{kind}: {}", section.heading);
            }
        }
    }
}

#[test]
fn what_others_have_written_stays_text() {
    let known = [
        "html", "head", "meta", "title", "style", "body", "header", "main", "h1", "dl", "dt", "dd",
        "section", "h2", "p", "ul", "li",
    ];
    for (form, regime) in everywhere() {
        for (kind, letter) in letters(&HOSTILE, form, regime) {
            let markup = html::page(&letter);
            let page = read(&markup);
            for element in &page.elements {
                assert!(known.contains(&&*element.name), "{kind}: <{}>", element.name);
            }
            // The parsed text equals the written one.
            let (paragraphs, items) = split(&letter);
            assert_eq!(page.texts("p"), paragraphs, "{kind}");
            assert_eq!(page.texts("li"), items, "{kind}");
            assert_eq!(page.texts("dd")[0], HOSTILE.name, "{kind}");
            assert!(markup.contains("{lov} {kommune}"), "{kind}: a value is not looked through");
        }
    }
}
