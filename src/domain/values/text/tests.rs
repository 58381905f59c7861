use super::*;

fn code_of<T: std::fmt::Debug>(parsed: Result<T, ValueError>) -> &'static str {
    parsed.unwrap_err().code
}

#[test]
fn text_is_kept_as_said() {
    let value = "  Vi kjem heim til deg.\n\tKvar dag 🙂 ";
    assert_eq!(Prose::parse(value).unwrap().as_str(), value);
    assert_eq!(Note::parse(value).unwrap().to_string(), value);
}

#[test]
fn blank_text_is_refused() {
    for value in ["", " ", "\n\t", "\u{a0}\u{2003}"] {
        assert_eq!(code_of(Prose::parse(value)), "blank", "{value:?}");
        assert_eq!(code_of(Line::parse(value)), "blank", "{value:?}");
    }
}

#[test]
fn length_is_counted_in_characters_and_the_fault_names_the_limit() {
    assert!(Note::parse(&"å".repeat(Note::MAX)).is_ok());
    let error = Note::parse(&"å".repeat(Note::MAX + 1)).unwrap_err();
    assert_eq!(error.code, "too-long");
    assert!(error.detail.to_string().contains("2000"), "{}", error.detail);
    assert!(Line::parse(&"ø".repeat(Line::MAX)).is_ok());
    assert_eq!(code_of(Line::parse(&"ø".repeat(Line::MAX + 1))), "too-long");
    assert_eq!((Prose::MAX, Note::MAX, Line::MAX), (10_000, 2_000, 200));
}

#[test]
fn control_and_direction_characters_are_refused() {
    let direction = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
    for c in ['\0', '\r', '\u{1b}', '\u{7f}', '\u{85}'].into_iter().chain(direction) {
        let value = format!("a{c}b");
        assert_eq!(code_of(Prose::parse(&value)), "control-character", "{value:?}");
        assert_eq!(code_of(Line::parse(&value)), "control-character", "{value:?}");
    }
}

#[test]
fn a_line_has_no_line_breaks_or_tabs() {
    for value in ["a\nb", "a\tb", "a\u{2028}b", "a\u{2029}b"] {
        assert_eq!(code_of(Line::parse(value)), "line-break", "{value:?}");
    }
    assert_eq!(Line::parse("Trygg Heim AS").unwrap().as_str(), "Trygg Heim AS");
}

#[test]
fn codes_are_kebab_case() {
    let longest = "a".repeat(Code::MAX);
    for value in ["a", "7", "bpa", "tax-certificate", "3-11-b", &longest] {
        assert_eq!(Code::parse(value).unwrap().as_str(), value);
    }
    let too_long = "a".repeat(Code::MAX + 1);
    for value in ["", "-", "-a", "a-", "a--b", "A", "a_b", "a b", "æ", &too_long] {
        assert_eq!(code_of(Code::parse(value)), "code-form", "{value:?}");
    }
}

#[test]
fn email_addresses_have_one_name_and_one_domain() {
    let name = "a".repeat(64);
    let label = "b".repeat(61);
    let longest = format!("{name}@{label}.{label}.{label}.bb");
    assert_eq!(longest.len(), Email::MAX - 1);
    for value in ["post@heim.no", "kari+anbod@post.heim.no", "post@blåbær.no", &longest] {
        assert_eq!(Email::parse(value).unwrap().as_str(), value);
    }
    let (too_long, long_name) = (format!("{longest}bb"), format!("a{name}@heim.no"));
    for value in [
        "",
        "post",
        "kåre@heim.no",
        "post@[192.0.2.1]",
        &long_name,
        "@heim.no",
        "post@",
        "post@heim",
        "post@heim.",
        "post@.no",
        "post@heim..no",
        "a@b@heim.no",
        "po st@heim.no",
        "post@heim.no\r\nBcc: x",
        "a@heim.no,b",
        "<post@heim.no>",
        &too_long,
    ] {
        assert_eq!(code_of(Email::parse(value)), "email-form", "{value:?}");
    }
}

#[test]
fn phone_numbers_are_digits_in_groups() {
    for value in ["07000", "38 07 50 00", "+47 38 07 50 00", "+4738075000", "12345678901234567890"]
    {
        assert_eq!(Phone::parse(value).unwrap().as_str(), value);
    }
    for value in [
        "",
        "+",
        "1234",
        "123456789012345678901",
        " 38075000",
        "38075000 ",
        "38  075000",
        "+ 4738075000",
        "47+38075000",
        "38-07-50-00",
        "٣٨٠٧٥٠٠٠",
    ] {
        assert_eq!(code_of(Phone::parse(value)), "phone-form", "{value:?}");
    }
}

#[test]
fn web_addresses_name_a_host_on_the_open_web() {
    let longest = format!("https://heim.no/{}", "å".repeat(WebAddress::MAX - 16));
    for value in [
        "https://heim.no",
        "http://heim.no:8080/a?b=c#d",
        "https://heim.no/@kari",
        "https://[2001:db8::1]/",
        &longest,
    ] {
        assert_eq!(WebAddress::parse(value).unwrap().as_str(), value);
    }
    let too_long = format!("{longest}a");
    for value in [
        "",
        "heim.no",
        "ftp://heim.no",
        "javascript://heim.no",
        " https://heim.no",
        "https://",
        "https:///a",
        "https://?a",
        "https://:80",
        "https://bank.no@heim.no",
        "https://heim.no\\@x",
        "https://heim.no/a b",
        "https://heim.no/\u{202e}",
        "https://heim.no/\n",
        "https://heim.no/\"><script>",
        &too_long,
    ] {
        assert_eq!(code_of(WebAddress::parse(value)), "web-address-form", "{value:?}");
    }
}

fn prose(value: &str) -> Option<Prose> {
    Prose::parse(value).ok()
}

#[test]
fn english_alone_is_not_enough() {
    assert_eq!(code_of(LocalText::new(None, None, prose("cleaning"))), "language-missing");
    assert_eq!(code_of(LocalText::<{ Prose::MAX }>::new(None, None, None)), "language-missing");
}

#[test]
fn each_text_is_found_in_its_own_form() {
    let text = LocalText::new(prose("ikke"), prose("ikkje"), prose("not")).unwrap();
    assert_eq!(text.nb().map(Prose::as_str), Some("ikke"));
    assert_eq!(text.nn().map(Prose::as_str), Some("ikkje"));
    assert_eq!(text.en().map(Prose::as_str), Some("not"));
    assert_eq!((text.in_form(false), text.in_form(true)), ("ikke", "ikkje"));
}

#[test]
fn a_missing_form_falls_back_to_the_other_norwegian_one() {
    let nb = LocalText::new(prose("ikke"), None, None).unwrap();
    assert_eq!((nb.nn(), nb.in_form(true)), (None, "ikke"));
    let nn = LocalText::new(None, prose("ikkje"), prose("not")).unwrap();
    assert_eq!((nn.nb(), nn.in_form(false)), (None, "ikkje"));
}
