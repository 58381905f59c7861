//! Navn og ord: how names are sorted in Norwegian, and how words are found however they are typed.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Sorts as Norwegian does: case and foreign accents apart, æ ø å (and aa) last, ü with y.
#[must_use]
pub fn collation_key(name: &str) -> String {
    let folded = name.to_lowercase().replace("aa", "å");
    let mut key = String::with_capacity(folded.len() + 2);
    for letter in folded.nfc() {
        match letter {
            'æ' | 'ä' => key.push('\u{e000}'),
            'ø' | 'ö' => key.push('\u{e001}'),
            'å' => key.push('\u{e002}'),
            'ü' => key.push('y'),
            other => key.extend(unaccented(other)),
        }
    }
    key
}

/// A text as it is searched: lower case, without accents, `ø` as `o`, `æ` as `ae`, `å` and `aa` as `a`.
/// So `aasen`, `åsen` and `ASEN` find the same.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        // Most letters are themselves, and need no tables.
        if letter.is_ascii() {
            fold(letter.to_ascii_lowercase(), &mut plain);
        } else {
            let plainer = letter.to_lowercase().flat_map(unaccented);
            plainer.for_each(|letter| fold(letter, &mut plain));
        }
    }
    plain
}

fn fold(letter: char, plain: &mut String) {
    match letter {
        'ø' => plain.push('o'),
        'æ' => plain.push_str("ae"),
        'đ' | 'ð' => plain.push('d'),
        'ŋ' => plain.push('n'),
        'ŧ' => plain.push('t'),
        'ł' => plain.push('l'),
        'þ' => plain.push_str("th"),
        'ß' => plain.push_str("ss"),
        'a' if plain.ends_with('a') => {}
        other => plain.push(other),
    }
}

/// The words of a text, folded.
pub fn words(text: &str) -> Vec<String> {
    split(&folded(text)).map(str::to_owned).collect()
}

/// The words of a folded text. Characters other than letters and digits separate words.
pub fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether each wanted word begins a word of a text, as in a search.
#[must_use]
pub fn has_words(text: &str, wanted: &str) -> bool {
    let own = words(text);
    words(wanted).iter().all(|word| own.iter().any(|it| it.starts_with(word.as_str())))
}

fn unaccented(letter: char) -> impl Iterator<Item = char> {
    std::iter::once(letter).nfkd().filter(|c| !is_combining_mark(*c))
}

#[cfg(test)]
mod tests;
