//! Addresses of pages.

use uuid::Uuid;

use crate::{
    catalogue::{MunicipalityEntry, ServiceType},
    register::text::words,
    words::Locale,
};

/// The path in a language: `/velg/…`, `/nn/velg/…`, `/en/velg/…`.
pub(super) fn localized(locale: Locale, path: &str) -> String {
    match (locale, path) {
        (Locale::Nb, _) => path.to_owned(),
        (_, "/") => format!("/{}", locale.as_str()),
        _ => format!("/{}{path}", locale.as_str()),
    }
}

/// The language of a path, and the path without it.
pub(super) fn split(path: &str) -> (Locale, &str) {
    for locale in [Locale::Nn, Locale::En] {
        let rest = path.strip_prefix('/').and_then(|path| path.strip_prefix(locale.as_str()));
        match rest {
            Some("" | "/") => return (locale, "/"),
            Some(rest) if rest.starts_with('/') => return (locale, rest),
            _ => {}
        }
    }
    (Locale::Nb, path)
}

/// A name as a part of an address: its words without accents, joined by hyphens.
pub(super) fn slug(name: &str) -> String {
    words(name).join("-")
}

/// `/velg/4204-kristiansand`.
pub(super) fn municipality(entry: &MunicipalityEntry) -> String {
    format!("/velg/{}-{}", entry.number, slug(&entry.name))
}

/// `/velg/4204-kristiansand/praktisk-bistand`.
pub(super) fn service(entry: &MunicipalityEntry, service: &ServiceType) -> String {
    format!("{}/{}", municipality(entry), service.slug)
}

/// `/leverandor/313000028`.
pub(super) fn provider(number: &str) -> String {
    format!("/leverandor/{number}")
}

/// `/godkjenning/0190…`.
pub(super) fn approval(id: Uuid) -> String {
    format!("/godkjenning/{id}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_path_gives_its_language_back() {
        for path in ["/", "/velg/4204-kristiansand", "/nynorsk", "/english/velg"] {
            for locale in Locale::ALL {
                assert_eq!(split(&localized(locale, path)), (locale, path));
            }
        }
        assert_eq!(split("/nn/"), (Locale::Nn, "/"));
    }

    #[test]
    fn each_municipality_and_each_service_has_an_address_of_its_own_in_plain_letters() {
        let catalogue = Catalogue::load().unwrap();
        let municipalities = catalogue.municipalities().map(municipality);
        let services = catalogue.service_types.iter().map(|it| format!("/{}", it.slug));
        let all: Vec<_> = municipalities.chain(services).collect();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-".contains(c);
        for address in &all {
            assert!(address.chars().all(is_plain) && !address.ends_with('-'), "{address}");
        }
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.contains(&"/velg/1508-alesund".to_owned()));
    }
}
