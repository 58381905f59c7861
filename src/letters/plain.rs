//! A letter as plain text, at most 72 characters a line.

use super::{Block, Letter};

const WIDTH: usize = 72;

/// The text.
#[must_use]
pub fn page(letter: &Letter) -> String {
    let mut parts = vec![letter.sender.clone()];
    let head = letter.head.iter().map(|(label, value)| wrapped(&format!("{label}: {value}"), ""));
    parts.push(head.collect::<Vec<_>>().join("\n"));
    parts.push(underlined(&letter.title, '='));
    for section in &letter.sections {
        parts.push(underlined(&section.heading, '-'));
        parts.extend(section.blocks.iter().map(|block| match block {
            Block::Paragraph(text) => wrapped(text, ""),
            Block::List(items) => {
                items.iter().map(|item| wrapped(item, "- ")).collect::<Vec<_>>().join("\n")
            }
        }));
    }
    parts.push(letter.closing.clone());
    parts.push(letter.signatures.join("\n"));
    parts.join("\n\n") + "\n"
}

fn underlined(heading: &str, line: char) -> String {
    let text = wrapped(heading, "");
    let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    format!("{text}\n{}", String::from(line).repeat(longest))
}

/// The text in lines. The first begins with `mark`, the others are indented equally. A word longer than a line
/// stays whole, and so do words that must stay together.
fn wrapped(text: &str, mark: &str) -> String {
    let indent = " ".repeat(mark.chars().count());
    let (mut done, mut line) = (String::new(), mark.to_owned());
    let mut empty = true;
    for word in words(text) {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            done = done + &line + "\n";
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    done + &line
}

/// The words of a text; a section sign and its number are one, and so are a day and its month.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if holds_on(last) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// Whether the next word must stay on the same line: after `§`, `§§` and `12.`.
fn holds_on(word: &str) -> bool {
    let day = word.strip_suffix('.').is_some_and(|day| day.bytes().all(|b| b.is_ascii_digit()));
    word.ends_with('§') || day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_72_characters_and_never_within_a_date_or_after_a_section_sign() {
        let date = format!("{} 12. mai", "a".repeat(68));
        assert_eq!(wrapped(&date, ""), format!("{}\n12. mai", "a".repeat(68)));
        let text = format!("{} § b x", "å".repeat(70));
        assert_eq!(wrapped(&text, ""), format!("{}\n§ b x", "å".repeat(70)));
        let exact = format!("{} b", "a".repeat(70));
        assert_eq!(wrapped(&exact, ""), exact);
        let over = format!("{} bb", "a".repeat(70));
        assert_eq!(wrapped(&over, "- "), format!("- {}\n  bb", "a".repeat(70)));
        assert_eq!(wrapped(&"w".repeat(100), ""), "w".repeat(100));
    }
}
