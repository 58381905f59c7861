use super::*;
use crate::domain::{
    compensation::{
        rate::Unit,
        samples::{errors_of, expected, rate, table, until},
    },
    samples::{SampleDice, code, day, line},
};

const INDEX: &str = "Kommunal deflator";

fn month(value: &str) -> Month {
    Month::parse(value).unwrap()
}

fn rule(base: &str, share: &str) -> IndexRule {
    IndexRule { name: line(INDEX), base: month(base), share: Share::parse(share).unwrap() }
}

fn follows(rate: Rate, base: &str, share: &str) -> Rate {
    Rate { index: Some(rule(base, share)), ..rate }
}

fn adjustment(figures: &[(&str, &str)]) -> Adjustment {
    let figures = figures.iter().map(|(m, value)| (month(m), Ratio::parse(value).unwrap()));
    Adjustment {
        name: line(INDEX),
        month: month("2026-10"),
        figures: figures.collect(),
        from: day("2027-01-01"),
    }
}

/// 814 kr of which 80 per cent follows the index, from 118.4 to 123.5.
fn one() -> PriceTable {
    let rate = follows(rate(None, None, "814", "2026-01-01"), "2025-10", "0.8");
    table(vec![rate]).unwrap()
}

const FIGURES: [(&str, &str); 2] = [("2025-10", "118.4"), ("2026-10", "123.5")];

#[test]
fn months_are_read_and_written() {
    assert_eq!(month("2026-01").to_string(), "2026-01");
    assert!(month("2025-12") < month("2026-01"));
    for value in ["2026-13", "2026-1", "26-01", "2026-00", "2026-01-01", "1899-12"] {
        assert_eq!(Month::parse(value).unwrap_err().code, "month-form", "{value}");
    }
}

#[test]
fn a_share_of_the_amount_follows_and_the_price_is_whole_kroner() {
    let adjusted = one().adjust(&adjustment(&FIGURES)).unwrap();
    let made = &adjusted[0].computation;
    let steps: Vec<_> = made
        .steps
        .iter()
        .map(|s| (s.name, s.formula.as_str(), s.exact.decimals(4).unwrap()))
        .collect();
    let expected = [
        ("index-factor", "123.5 / 118.4", "1.0431"),
        ("fixed-part", "814 × (1 − 0.8)", "162.8000"),
        ("adjusted-part", "814 × 0.8 × 123.5 / 118.4", "679.2500"),
        ("exact-amount", "162.8 + 679.25", "842.0500"),
        ("amount", "842.05, to whole kroner", "842.0000"),
    ];
    assert_eq!(steps, expected.map(|(name, formula, exact)| (name, formula, exact.to_owned())));
    assert_eq!(
        (made.before.to_string(), made.after.to_string()),
        ("814.00".into(), "842.00".into())
    );
}

#[test]
fn a_preview_is_announced_as_new_lines_with_the_computation_kept() {
    let table = one();
    let adjusted = table.adjust(&adjustment(&FIGURES)).unwrap();
    let kept = adjusted[0].computation.clone();
    let publication = Publication::of_adjusted(adjusted);
    let done = table.publish(publication, day("2026-12-01")).unwrap();
    let rate = &done.added[0];
    assert_eq!((rate.from, rate.amount.to_string()), (day("2027-01-01"), "842.00".into()));
    assert_eq!(rate.index, Some(rule("2026-10", "0.8")));
    assert_eq!(rate.basis, RateBasis::Indexed(Box::new(kept)));
    assert_eq!(done.closed[0].to, Some(day("2026-12-31")));
    // A late adjustment is rejected like any other price.
    let late = one().publish(
        Publication::of_adjusted(one().adjust(&adjustment(&FIGURES)).unwrap()),
        day("2027-01-01"),
    );
    assert_eq!(errors_of(late), expected(&[("/lines/0/validFrom", "start-not-ahead")]));
}

#[test]
fn only_lines_that_run_on_and_follow_the_index_are_adjusted() {
    let at = |zone, unit, from| {
        let mut made = rate(Some(zone), None, "814", from);
        made.key.unit = unit;
        made
    };
    let ending = until(at("nord", Unit::Month, "2026-01-01"), "2026-12-31");
    let other = IndexRule { name: line("KPI"), ..rule("2025-10", "1") };
    let rates = vec![
        follows(at("nord", Unit::Hour, "2026-01-01"), "2025-10", "0.8"),
        follows(ending, "2025-10", "0.8"),
        follows(at("nord", Unit::Visit, "2027-01-01"), "2025-10", "0.8"),
        at("sentrum", Unit::Hour, "2026-01-01"),
        Rate { index: Some(other), ..at("sentrum", Unit::Visit, "2026-01-01") },
        until(follows(at("sentrum", Unit::Month, "2026-01-01"), "2025-10", "1"), "2027-06-30"),
    ];
    let table = table(rates).unwrap();
    let adjusted = table.adjust(&adjustment(&FIGURES)).unwrap();
    let found: Vec<_> = adjusted
        .iter()
        .map(|one| {
            let after = one.after.as_ref().unwrap();
            (after.key.zone.clone().unwrap(), after.key.unit, after.to)
        })
        .collect();
    // A line with a last day keeps it.
    let end = Some(day("2027-06-30"));
    assert_eq!(found, [(code("nord"), Unit::Hour, None), (code("sentrum"), Unit::Month, end)]);
}

#[test]
fn an_amount_that_stays_the_same_keeps_its_line_and_its_base_month() {
    let figures = [("2025-10", "118.4"), ("2026-10", "118.45")];
    let adjusted = one().adjust(&adjustment(&figures)).unwrap();
    assert_eq!((adjusted.len(), adjusted[0].after.as_ref()), (1, None));
    let nothing = one().publish(Publication::of_adjusted(adjusted), day("2026-12-01"));
    assert_eq!(errors_of(nothing), expected(&[("/lines", "required")]));
}

#[test]
fn figures_that_cannot_be_are_refused() {
    let codes = |figures: &[(&str, &str)]| errors_of(one().adjust(&adjustment(figures)));
    assert_eq!(codes(&[("2025-10", "118.4")]), expected(&[("/figures/2026-10", "figure-missing")]));
    assert_eq!(codes(&[("2026-10", "118.4")]), expected(&[("/figures/2025-10", "figure-missing")]));
    let zero = [("2025-10", "0"), ("2026-10", "118.4")];
    assert_eq!(codes(&zero), expected(&[("/figures/2025-10", "figure-not-positive")]));
    for figure in ["59.1", "236.9"] {
        let absurd = [("2025-10", "118.4"), ("2026-10", figure)];
        assert_eq!(codes(&absurd), expected(&[("", "figure-absurd")]));
    }
    let mut early = adjustment(&FIGURES[..1]);
    early.month = month("2025-10");
    assert_eq!(errors_of(one().adjust(&early)), expected(&[("/month", "index-month-order")]));
    let mut unknown = adjustment(&FIGURES);
    unknown.name = line("KPI");
    assert_eq!(errors_of(one().adjust(&unknown)), expected(&[("/index", "nothing-to-adjust")]));
}

#[test]
fn the_amount_is_the_nearest_krone_for_random_figures() {
    let mut dice = SampleDice(27);
    for _ in 0..500 {
        let (ore, share) = (1_000 + dice.roll(500_000), dice.roll(101));
        let (base, new) = (600 + dice.roll(900), 600 + dice.roll(900));
        let kroner = format!("{}.{:02}", ore / 100, ore % 100);
        let made = rate(None, None, &kroner, "2026-01-01");
        let share_said = format!("{}.{:02}", share / 100, share % 100);
        let table = table(vec![follows(made, "2025-10", &share_said)]).unwrap();
        let value = |tenths: u64| format!("{}.{}", tenths / 10, tenths % 10);
        let (base_said, new_said) = (value(base), value(new));
        let figures = [("2025-10", base_said.as_str()), ("2026-10", new_said.as_str())];
        let outcome = table.adjust(&adjustment(&figures));
        if 2 * new < base || new > 2 * base {
            assert_eq!(errors_of(outcome), expected(&[("", "figure-absurd")]));
            continue;
        }
        // In whole numbers: øre × (100 − share + share × new / base) / 100, over 100 to kroner.
        let (up, down) = (ore * ((100 - share) * base + share * new), 100 * base * 100);
        let kroner = (2 * up + down) / (2 * down);
        let after = outcome.unwrap()[0].computation.after;
        assert_eq!(u64::try_from(after.money().ore()).unwrap(), 100 * kroner);
    }
}
