//! Language of the database's error messages.

use super::check::{CheckInput, CheckResult, ok, query_store, warn};
use crate::store::Store;

/// Lock timeouts and cancelled statements are recognised by PostgreSQL's English messages; SQLite has only one
/// language.
pub(super) fn language(input: &CheckInput<'_>) -> Vec<CheckResult> {
    query_store(input, Store::language, |found| match found {
        None => vec![],
        Some(language) if is_english(&language) => ok("PostgreSQL's messages are in English"),
        Some(language) => warn(
            format!("PostgreSQL's messages are in {language}: lock timeouts are not recognised"),
            "GRANT SET ON PARAMETER lc_messages TO the user of the registry, or set lc_messages to C for the database.",
        ),
    })
}

/// Whether a locale has messages in English.
fn is_english(locale: &str) -> bool {
    let language = locale.split(['.', '_', '@']).next().unwrap_or(locale);
    ["C", "POSIX", "en", "English"].contains(&language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_messages_in_english_or_not() {
        for locale in
            ["C", "POSIX", "C.UTF-8", "en_GB.UTF-8", "en_US", "English_United States.1252"]
        {
            assert!(is_english(locale), "{locale}");
        }
        for locale in ["nb_NO.UTF-8", "de_DE@euro", "sv_SE", ""] {
            assert!(!is_english(locale), "{locale}");
        }
    }
}
