//! The texts of notices, in each language of the catalogue.
//!
//! A notice tells who has written, what kind of letter waits and where. Grounds, outcomes and persons are in the letter alone.

use super::sentences::{self as say};
use crate::{
    domain::{
        message::{Arg, Message, MessageKey},
        values::numbers::OrganisationNumber,
    },
    words::{Locale, sentence},
};

/// The kind of the notice about evidence that expires: no letter waits.
const EVIDENCE_EXPIRES: &str = "evidence-expires";

/// The kinds of letters, what each is called, and whether it tells a time limit.
const LETTERS: [(&str, MessageKey, bool); 14] = [
    ("receipt", say::RECEIPT, false),
    ("preliminary-answer", say::PRELIMINARY_ANSWER, false),
    ("completion-request", say::COMPLETION_REQUEST, true),
    ("disclosure", say::DISCLOSURE, true),
    ("decision", say::DECISION, true),
    ("reasons", say::REASONS, true),
    ("correction", say::CORRECTION, false),
    ("extension", say::EXTENSION, false),
    ("appeal-received", say::APPEAL_RECEIVED, false),
    ("appeal-defects", say::APPEAL_DEFECTS, true),
    ("appeal-hearing", say::APPEAL_HEARING, true),
    ("appeal-statement", say::APPEAL_STATEMENT, false),
    ("prior-notice", say::PRIOR_NOTICE, true),
    ("notice-closed", say::NOTICE_CLOSED, false),
];

/// Subject and text of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    pub subject: String,
    pub text: String,
}

/// A notice of a letter, or of evidence that expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterNotice<'a> {
    /// The keyword of its kind, such as `decision`.
    pub kind: &'a str,
    /// Whether it is the second notice of an unopened letter.
    pub is_reminder: bool,
    /// The municipality's name.
    pub sender: &'a str,
    /// The address of the letter in the registry.
    pub link: &'a str,
}

/// Writes a notice; none for an unknown kind.
#[must_use]
pub fn compose(notice: &LetterNotice<'_>, language: Locale) -> Option<MailText> {
    let LetterNotice { kind, is_reminder, sender, link } = *notice;
    if kind == EVIDENCE_EXPIRES {
        let subject = if is_reminder { say::evidence_subject_again } else { say::evidence_subject };
        let paragraphs =
            vec![say::evidence_expires(sender), say::evidence_log_in(link), say::NO_REPLY.into()];
        return Some(write(language, &subject(sender), &paragraphs));
    }
    let (_, name, has_time_limit) = LETTERS.into_iter().find(|(known, ..)| *known == kind)?;
    let name = || Arg::Words(vec![name]);
    let subject = if is_reminder { say::subject_again } else { say::subject };
    let mut paragraphs = vec![say::waits(name(), sender)];
    paragraphs.extend(is_reminder.then(|| say::UNOPENED.into()));
    paragraphs.extend(has_time_limit.then(|| say::TIME_LIMIT.into()));
    paragraphs.extend([say::log_in(link), say::NOT_HERE.into(), say::NO_REPLY.into()]);
    Some(write(language, &subject(name(), sender), &paragraphs))
}

/// Writes the mail that asks the holder of an address to confirm it, for the provider that gave it.
#[must_use]
pub fn compose_confirmation(
    provider: &OrganisationNumber,
    sender: &str,
    link: &str,
    language: Locale,
) -> MailText {
    let paragraphs = [
        say::address_given(provider.as_str()),
        say::address_confirm(link),
        say::ADDRESS_UNKNOWN.into(),
        say::sent_by(sender),
        say::NO_REPLY.into(),
    ];
    write(language, &say::address_subject(provider.as_str()), &paragraphs)
}

fn write(language: Locale, subject: &Message, paragraphs: &[Message]) -> MailText {
    let paragraphs: Vec<_> = paragraphs.iter().map(|it| sentence(language, it)).collect();
    MailText { subject: sentence(language, subject), text: paragraphs.join("\n\n") + "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://registry.example/brev/7";

    fn notice(kind: &str, is_reminder: bool, language: Locale) -> MailText {
        let notice = LetterNotice { kind, is_reminder, sender: "Øygarden kommune", link: LINK };
        compose(&notice, language).unwrap()
    }

    #[test]
    fn a_notice_of_a_decision_reads_like_this() {
        let found = notice("decision", true, Locale::Nb);
        assert_eq!(found.subject, "Påminnelse om brev fra Øygarden kommune: vedtak");
        let text = "Øygarden kommune har sendt dere et brev: vedtak. Det ligger i Godkjent, registeret for fritt brukervalg.\n\n\
            Brevet er ikke åpnet ennå.\n\n\
            Det løper en frist. Den står i brevet.\n\n\
            Logg inn for å lese brevet:\nhttps://registry.example/brev/7\n\n\
            Selve brevet er ikke med i denne e-posten.\n\n\
            Det går ikke an å svare på e-posten.\n";
        assert_eq!(found.text, text);
        let found = notice("prior-notice", false, Locale::Nn);
        assert_eq!(found.subject, "Nytt brev frå Øygarden kommune: førehandsvarsel");
        let text = "Øygarden kommune har sendt dykk eit brev: førehandsvarsel. Det ligg i Godkjent, registeret for fritt brukarval.\n\n\
            Det går ein frist. Han står i brevet.\n\n\
            Logg inn for å lese brevet:\nhttps://registry.example/brev/7\n\n\
            Sjølve brevet er ikkje med i denne e-posten.\n\n\
            Det går ikkje an å svare på e-posten.\n";
        assert_eq!(found.text, text);
    }

    #[test]
    fn each_kind_says_who_what_and_where_and_no_outcome() {
        // The words of a decision's outcome and its grounds, in all languages.
        let secret =
            ["innvil", "avslag", "avvis", "tilbakekall", "godkjenn", "refus", "revo", "dismiss"];
        for locale in Locale::ALL {
            let mut subjects = vec![];
            for kind in LETTERS.iter().map(|(kind, ..)| *kind).chain([EVIDENCE_EXPIRES]) {
                for is_reminder in [false, true] {
                    let MailText { subject, text } = notice(kind, is_reminder, locale);
                    assert!(text.contains("Øygarden kommune") && text.contains(LINK), "{text}");
                    assert!(!subjects.contains(&subject), "{subject}");
                    assert!(subject.chars().count() <= 100, "{subject}");
                    let all = format!("{subject} {text}").to_lowercase();
                    let found = secret.iter().find(|word| all.contains(**word));
                    assert_eq!(found, None, "{kind} {locale:?}: {all}");
                    subjects.push(subject);
                }
            }
        }
    }

    #[test]
    fn an_unknown_kind_has_no_text() {
        let notice = LetterNotice { kind: "other", is_reminder: false, sender: "", link: "" };
        assert_eq!(compose(&notice, Locale::Nb), None);
    }

    #[test]
    fn a_confirmation_names_the_provider_and_what_to_do_if_nobody_asked() {
        let provider = OrganisationNumber::parse("974760673").unwrap();
        let of = |language| compose_confirmation(&provider, "Øygarden kommune", LINK, language);
        for locale in Locale::ALL {
            let MailText { subject, text } = of(locale);
            assert!(subject.contains("974760673") && text.contains("974760673"), "{text}");
            assert!(text.contains(LINK) && text.contains("Øygarden kommune"), "{text}");
        }
        assert!(of(Locale::Nn).text.contains("treng de ikkje gjere noko"), "{:?}", of(Locale::Nn));
    }
}
