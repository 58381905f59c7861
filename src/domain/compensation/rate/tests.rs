use super::*;
use crate::domain::compensation::samples::rate;

#[test]
fn a_rate_is_said_in_words() {
    let mut one = rate(None, None, "814", "2026-01-01");
    assert_eq!(one.in_words(false), "814 kr per time");
    one.amount = Price::parse("1935.50").unwrap();
    let value = Unit::ALL.map(|unit| {
        one.key.unit = unit;
        (one.in_words(false), one.in_words(true))
    });
    let same = |words: &str| {
        (format!("1\u{a0}935,50 kr per {words}"), format!("1\u{a0}935,50 kr per {words}"))
    };
    let month = (same("måned").0, same("månad").1);
    assert_eq!(
        value,
        [same("time"), same("besøk"), same("plass og døgn"), month, same("elev og år")]
    );
}

#[test]
fn parts_must_make_the_amount() {
    let kr = |value: &str| Money::parse(value).unwrap();
    let of =
        |wage: Money, overhead: Money| RateParts::new(wage, overhead, Price::parse("814").unwrap());
    let parts = of(kr("716"), kr("98")).unwrap();
    assert_eq!((parts.wage(), parts.overhead()), (kr("716"), kr("98")));
    let least = Money::from_ore(i64::MIN);
    for (wage, overhead) in
        [(kr("716"), kr("97.64")), (Money::from_ore(-1), Money::from_ore(81_401)), (least, least)]
    {
        assert_eq!(of(wage, overhead).unwrap_err().code, "parts-do-not-add-up");
    }
}
