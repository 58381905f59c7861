use super::*;

#[test]
fn kroner_are_read_as_whole_ore() {
    for (value, ore) in [
        ("0", 0),
        ("0.00", 0),
        ("0.05", 5),
        ("0.5", 50),
        ("814", 81_400),
        ("814.5", 81_450),
        ("814.00", 81_400),
        ("10872340.50", 1_087_234_050),
        ("9999999999.99", 999_999_999_999),
    ] {
        assert_eq!(Money::parse(value).unwrap().ore(), ore, "{value}");
    }
}

#[test]
fn other_forms_are_not_amounts() {
    for value in [
        "", ".", ".5", "5.", "5.000", "5.1.2", "--5", "-", "+5", "1e3", "05", "00", "1 000",
        "1,50", " 5", "5 kr", "٥", "0x5", "5.+1", "NaN",
    ] {
        assert_eq!(Money::parse(value).unwrap_err().code, "money-form", "{value:?}");
    }
}

#[test]
fn more_than_ten_digits_of_kroner_are_too_large() {
    for value in ["10000000000", "99999999999999999999999.00"] {
        assert_eq!(Money::parse(value).unwrap_err().code, "money-too-large", "{value}");
    }
}

#[test]
fn amounts_are_printed_with_two_decimals_and_read_back_the_same() {
    for (ore, text) in [(0, "0.00"), (5, "0.05"), (81_400, "814.00"), (193_550, "1935.50")] {
        let money = Money::from_ore(ore);
        assert_eq!(money.to_string(), text);
        assert_eq!(Money::parse(text), Ok(money));
    }
}

#[test]
fn computed_amounts_below_zero_are_printed_with_their_sign() {
    assert_eq!(Money::from_ore(-50).to_string(), "-0.50");
    assert_eq!(Money::from_ore(i64::MIN).to_string(), "-92233720368547758.08");
}

#[test]
fn amounts_in_words_follow_norwegian_habit() {
    for (ore, words) in [
        (81_400, "814 kr"),
        (81_450, "814,50 kr"),
        (5, "0,05 kr"),
        (193_500, "1\u{a0}935 kr"),
        (1_087_234_050, "10\u{a0}872\u{a0}340,50 kr"),
        (100_000_000, "1\u{a0}000\u{a0}000 kr"),
        (-10_000, "-100 kr"),
    ] {
        assert_eq!(Money::from_ore(ore).in_words_nb(), words);
    }
}

#[test]
fn a_price_is_above_zero() {
    for ore in [0, -1] {
        let error = Price::new(Money::from_ore(ore)).unwrap_err();
        assert_eq!(error.code, "money-not-positive");
    }
    assert_eq!(Price::parse("0.00").unwrap_err().code, "money-not-positive");
    assert_eq!(Price::parse("-1").unwrap_err().code, "money-negative");
    let price = Price::parse("814").unwrap();
    assert_eq!((price.money(), price.to_string()), (Money::from_ore(81_400), "814.00".into()));
}
