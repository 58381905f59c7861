use super::*;
use crate::domain::samples::line;

fn kr(value: &str) -> Money {
    Money::parse(value).unwrap()
}

fn share(value: &str) -> Share {
    Share::parse(value).unwrap()
}

fn group(name: &str, part: &str, fixed: &str, variable: &str) -> Group {
    Group { name: line(name), share: share(part), fixed_pay: kr(fixed), variable_pay: kr(variable) }
}

/// 716 kr for an hour, all in one, and 12 per cent overhead (Kristiansand 2024).
fn kristiansand(of: OverheadOf) -> UnitCost {
    UnitCost {
        mix: mix(vec![group("Alle", "1", "716", "0")]),
        social: Share::NOTHING,
        face_to_face: FaceToFace::new(Share::WHOLE).unwrap(),
        consumables: Money::from_ore(0),
        transport: Money::from_ore(0),
        overhead: Overhead::new(share("0.12"), of).unwrap(),
    }
}

fn mix(groups: Vec<Group>) -> Mix {
    Mix::new(groups).unwrap()
}

#[test]
fn golden_716_with_12_per_cent_of_the_total_is_814_with_an_add_on_of_98() {
    let hour = kristiansand(OverheadOf::Total).hour_price().unwrap();
    assert_eq!(hour.exact.decimals(4).unwrap(), "813.6364");
    assert_eq!(hour.exact.minus(hour.base).unwrap().decimals(4).unwrap(), "97.6364");
    assert_eq!((hour.price.money().ore(), hour.add_on.ore()), (81_400, 9_800));
    // The check of the case: 12 per cent of the rounded price.
    let check = share("0.12").ratio().times(Ratio::kroner(hour.price.money())).unwrap();
    assert_eq!((check.to_string(), check.to_krone().unwrap()), ("97.68".into(), hour.add_on));
}

#[test]
fn trap_12_per_cent_as_a_mark_up_gives_801_92_and_not_the_published_price() {
    let hour = kristiansand(OverheadOf::Base).hour_price().unwrap();
    assert_eq!(hour.exact.to_ore().unwrap(), kr("801.92"));
    assert_eq!(hour.exact.minus(hour.base).unwrap().to_ore().unwrap(), kr("85.92"));
    assert_eq!((hour.price.to_string(), hour.add_on), ("802.00".into(), kr("86")));
}

#[test]
fn every_step_is_shown_with_its_numbers() {
    // The competence mix of Bærum 2014; the pay is invented.
    let cost = UnitCost {
        mix: mix(vec![
            group("Sykepleier", "0.33", "300", "40"),
            group("Helsefagarbeider", "0.46", "250", "50"),
            group("Assistent", "0.21", "200", "30.50"),
        ]),
        social: share("0.4"),
        face_to_face: FaceToFace::new(share("0.64")).unwrap(),
        consumables: kr("12.50"),
        transport: kr("20"),
        overhead: Overhead::new(share("0.1"), OverheadOf::Total).unwrap(),
    };
    let hour = cost.hour_price().unwrap();
    let steps: Vec<_> = hour
        .steps
        .iter()
        .map(|s| (s.name.as_str(), s.formula.as_str(), s.exact.decimals(4).unwrap()))
        .collect();
    let expected = [
        ("fixed-pay", "0.33 × 300 + 0.46 × 250 + 0.21 × 200", "256.0000"),
        ("variable-pay", "0.33 × 40 + 0.46 × 50 + 0.21 × 30.5", "42.6050"),
        ("pay", "256 + 42.605", "298.6050"),
        ("social-costs", "298.605 × 0.4", "119.4420"),
        ("working-hour", "298.605 + 119.442", "418.0470"),
        ("face-to-face-hour", "418.047 / 0.64", "653.1984"),
        ("consumables", "", "12.5000"),
        ("transport", "", "20.0000"),
        ("base", "418047/640 + 12.5 + 20", "685.6984"),
        ("exact-price", "438847/640 / (1 − 0.1)", "761.8872"),
        ("overhead", "438847/576 − 438847/640", "76.1887"),
        ("price", "438847/576, to whole kroner", "762.0000"),
        ("add-on", "438847/5760, to whole kroner", "76.0000"),
    ];
    assert_eq!(steps, expected.map(|(name, formula, exact)| (name, formula, exact.to_owned())));
}

#[test]
fn an_overhead_share_of_1_is_refused_whatever_it_is_of() {
    for of in OverheadOf::ALL {
        assert_eq!(Overhead::new(Share::WHOLE, of).unwrap_err().code, "overhead-share");
        assert!(Overhead::new(share("0.999999"), of).is_ok());
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let code = |groups| Mix::new(groups).unwrap_err().code;
    assert_eq!(code(vec![]), "mix-size");
    assert_eq!(code(vec![group("Alle", "1", "1", "0"); 21]), "mix-size");
    assert_eq!(
        code(vec![group("A", "0.5", "1", "0"), group("B", "0.499999", "1", "0")]),
        "mix-sum"
    );
    assert_eq!(FaceToFace::new(Share::NOTHING).unwrap_err().code, "face-to-face-zero");
    let free = UnitCost {
        mix: mix(vec![group("Alle", "1", "0", "0")]),
        ..kristiansand(OverheadOf::Total)
    };
    assert_eq!(free.hour_price().unwrap_err().code, "money-not-positive");
}
