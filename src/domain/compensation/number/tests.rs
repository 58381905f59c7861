use super::*;
use crate::domain::samples::SampleDice;

fn ratio(numerator: i128, denominator: i128) -> Ratio {
    Ratio::of(numerator, denominator).unwrap()
}

#[test]
fn numbers_are_read_exactly() {
    for (value, numerator, denominator) in [
        ("0", 0, 1),
        ("0.12", 3, 25),
        ("110942.25", 443_769, 4),
        ("134.2", 671, 5),
        ("1.000000", 1, 1),
    ] {
        assert_eq!(Ratio::parse(value), Ok(ratio(numerator, denominator)), "{value}");
    }
    for value in
        ["", ".5", "5.", "05", "--1", "-", "+1", "1e3", "1,5", " 1", "0.1234567", "٥", "1.2.3"]
    {
        assert_eq!(Ratio::parse(value).unwrap_err().code, "number-form", "{value:?}");
    }
    assert_eq!(Ratio::parse("1000000000000").unwrap_err().code, "number-too-large");
    assert_eq!(Ratio::parse("-0.12").unwrap_err().code, "number-negative");
}

#[test]
fn a_half_is_rounded_away_from_zero() {
    for (numerator, denominator, whole) in [
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (-3, 2, -2),
        (1, 3, 0),
        (-1, 3, 0),
        (2, 3, 1),
        (-2, 3, -1),
    ] {
        assert_eq!(ratio(numerator, denominator).rounded(), whole, "{numerator}/{denominator}");
    }
    assert_eq!(ratio(i128::MAX, 1).rounded(), i128::MAX);
    assert_eq!(ratio(1, i128::MAX).rounded(), 0);
}

#[test]
fn a_number_is_shown_exactly_or_to_so_many_decimals() {
    assert_eq!(ratio(8_950, 11).to_string(), "8950/11");
    assert_eq!(ratio(8_950, 11).decimals(4).unwrap(), "813.6364");
    assert_eq!(ratio(8_950, 11).decimals(0).unwrap(), "814");
    assert_eq!(ratio(2_442, 25).to_string(), "97.68");
    assert_eq!(ratio(-1, 20).to_string(), "-0.05");
    assert_eq!(ratio(443_769, 4).to_string(), "110942.25");
}

#[test]
fn what_does_not_fit_is_a_fault_and_nothing_panics() {
    let extremes = [i128::MIN, i128::MIN + 1, -1, 0, 1, i128::MAX - 1, i128::MAX];
    for a in extremes {
        assert_eq!(Ratio::of(a, 0).unwrap_err().code, "number-too-large");
        for b in extremes {
            let (Ok(left), Ok(right)) = (Ratio::of(a, b), Ratio::of(b, a)) else { continue };
            for computed in
                [left.plus(right), left.minus(right), left.times(right), left.over(right)]
            {
                match computed {
                    Ok(ratio) => assert!(ratio.denominator > 0),
                    Err(error) => assert_eq!(error.code, "number-too-large"),
                }
            }
            let _ = (left.rounded(), left.to_ore(), left.to_krone(), left.decimals(6));
            assert!(!left.to_string().is_empty());
        }
    }
}

#[test]
fn the_rules_of_fractions_hold_for_random_ones() {
    let mut dice = SampleDice(6);
    let mut one = || {
        let numerator = i128::from(dice.roll(2_000_001)) - 1_000_000;
        ratio(numerator, i128::from(dice.roll(1_000)) + 1)
    };
    for _ in 0..2_000 {
        let (a, b, c) = (one(), one(), one());
        assert_eq!(a.plus(b), b.plus(a));
        assert_eq!(a.plus(b).unwrap().minus(b), Ok(a));
        let apart = a.times(c).unwrap().plus(b.times(c).unwrap());
        assert_eq!(a.plus(b).unwrap().times(c), apart);
        if b != Ratio::ZERO {
            assert_eq!(a.times(b).unwrap().over(b), Ok(a));
        }
        // The nearest whole number is no more than a half away.
        let off = a.minus(Ratio::of(a.rounded(), 1).unwrap()).unwrap();
        assert!(2 * off.numerator.abs() <= off.denominator);
    }
}

#[test]
fn a_share_is_from_nothing_to_the_whole() {
    assert_eq!(Share::parse("0.12").unwrap().rest().to_string(), "0.88");
    assert_eq!(Share::WHOLE.rest(), Share::NOTHING);
    assert_eq!(Share::parse("1.01").unwrap_err().code, "share-range");
    assert_eq!(Share::parse("12 %").unwrap_err().code, "number-form");
    assert_eq!(Share::new(ratio(-1, 2)).unwrap_err().code, "share-range");
}
