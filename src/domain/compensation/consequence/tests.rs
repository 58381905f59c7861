use super::*;

fn kr(value: &str) -> Money {
    Money::parse(value).unwrap()
}

fn price(value: &str) -> Price {
    Price::parse(value).unwrap()
}

/// The council case of Kristiansand, autumn 2024.
fn kristiansand() -> Assumptions {
    Assumptions {
        decided_hours: DecidedHours::new(Ratio::parse("443769").unwrap()).unwrap(),
        private_share: Share::parse("0.25").unwrap(),
        own_cost: price("716"),
        price: price("814"),
        comparison: Some(price("849")),
        administration: kr("1350000"),
        users: Some(Users::new(2_153).unwrap()),
    }
}

#[test]
fn golden_kristiansand_to_the_ore() {
    let year = kristiansand().consequence().unwrap();
    assert_eq!(year.private_hours.to_string(), "110942.25");
    assert_eq!(year.add_on, kr("98"));
    assert_eq!(year.cost, kr("10872340.50"));
    assert_eq!(year.cost.ore(), 1_087_234_050);
    assert_eq!(year.comparison_cost, Some(kr("14755319.25")));
    assert_eq!(year.total, kr("12222340.50"));
}

#[test]
fn golden_side_numbers_of_kristiansand() {
    let year = kristiansand().consequence().unwrap();
    assert_eq!(year.difference, Some(kr("3882978.75")));
    let per_user = year.hours_per_user.unwrap();
    assert_eq!(per_user.decimals(1).unwrap(), "206.1");
    assert_eq!(per_user.over(Ratio::whole(52)).unwrap().decimals(2).unwrap(), "3.96");
    // The printed figures of the case, in millions.
    let millions = |money| Ratio::kroner(money).over(Ratio::whole(1_000_000)).unwrap();
    let printed = [year.cost, year.comparison_cost.unwrap(), year.total]
        .map(|money| millions(money).decimals(1).unwrap());
    assert_eq!(printed, ["10.9", "14.8", "12.2"]);
    // Oslo's holy day to its day.
    let ratio = Ratio::whole(1_935).over(Ratio::whole(950)).unwrap();
    assert_eq!(ratio.decimals(2).unwrap(), "2.04");
}

#[test]
fn trap_the_unrounded_add_on_gives_10_831_997_86_and_not_the_published_cost() {
    let exact = Ratio::whole(716).over(Ratio::parse("0.88").unwrap()).unwrap();
    let add_on = exact.minus(Ratio::whole(716)).unwrap();
    let hours = kristiansand().consequence().unwrap().private_hours;
    assert_eq!(add_on.times(hours).unwrap().to_ore().unwrap(), kr("10831997.86"));
}

#[test]
fn trap_hours_are_not_rounded_to_whole_ones() {
    let whole = Ratio::whole(98).times(Ratio::whole(110_942)).unwrap().to_ore().unwrap();
    assert_eq!(whole, kr("10872316"));
    assert_ne!(whole, kristiansand().consequence().unwrap().cost);
}

#[test]
fn the_steps_are_kept() {
    let year = kristiansand().consequence().unwrap();
    let steps: Vec<_> = year.steps.iter().map(|s| (s.name.as_str(), s.formula.as_str())).collect();
    assert_eq!(
        steps,
        [
            ("private-hours", "443769 × 0.25"),
            ("add-on", "814 − 716"),
            ("cost", "98 × 110942.25"),
            ("comparison-cost", "(849 − 716) × 110942.25"),
            ("difference", "(849 − 814) × 110942.25"),
            ("total", "10872340.5 + 1350000"),
            ("hours-per-user", "443769 / 2153"),
        ]
    );
}

#[test]
fn a_price_below_the_own_cost_is_a_saving() {
    let cheap = Assumptions { price: price("700"), comparison: None, ..kristiansand() };
    let year = cheap.consequence().unwrap();
    assert_eq!((year.add_on.ore(), year.comparison_cost), (-1_600, None));
    assert_eq!(year.cost.ore(), -1_600 * 443_769 / 4);
}

#[test]
fn what_cannot_be_is_refused() {
    assert_eq!(DecidedHours::new(Ratio::ZERO).unwrap_err().code, "hours-zero");
    assert_eq!(Users::new(0).unwrap_err().code, "users-zero");
}
