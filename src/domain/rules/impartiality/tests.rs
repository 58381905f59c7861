use super::*;
use crate::domain::{
    error::ErrorCode,
    samples::{actor, line, note, now},
    validation::ValidationErrors,
};

fn able() -> ImpartialityAnswer {
    ImpartialityAnswer::Own(ImpartialityFinding::new(true, None, None).unwrap())
}

fn barred(ground: BarringGround) -> ImpartialityAnswer {
    ImpartialityAnswer::Own(
        ImpartialityFinding::new(false, Some(ground), Some(note("Slik er det"))).unwrap(),
    )
}

fn left() -> ImpartialityAnswer {
    ImpartialityAnswer::LeftToSuperior { note: note("Gammel venn av eieren"), settled: false }
}

fn whom(name: &str) -> Whom {
    Whom::Key(actor(name).subject)
}

/// Declarations of persons, none of them staff of the own provider.
fn case(value: &[(&str, ImpartialityAnswer, Option<&str>)]) -> Impartiality {
    value.iter().fold(Impartiality::default(), |mut case, (name, value, superior)| {
        let superior = superior.map(|superior| actor(superior).subject);
        case.declare(&actor(name), value.clone(), superior, &Staff::new(), now()).unwrap();
        case
    })
}

fn handles(case: &Impartiality, name: &str) -> Result<(), ErrorCode> {
    case.impartial(&actor(name), &Staff::new()).map(drop).map_err(|no| no.code)
}

fn decides(case: &Impartiality, name: &str) -> Result<(), ErrorCode> {
    case.impartial_to_decide(&actor(name), &Staff::new()).map(drop).map_err(|no| no.code)
}

fn rules(case: &mut Impartiality, name: &str, able: bool, by: &str) -> Result<(), ErrorCode> {
    let finding = ImpartialityFinding::new(
        able,
        Some(BarringGround::SpecialCircumstances),
        Some(note("Veid")),
    );
    case.rule(whom(name), finding.unwrap(), None, &actor(by), &Staff::new(), now())
        .map_err(|no| no.code)
}

fn pointers(found: Result<ImpartialityFinding, ValidationErrors>) -> Vec<(String, &'static str)> {
    let errors = found.unwrap_err().into_vec();
    errors.into_iter().map(|error| (error.pointer, error.error.code)).collect()
}

#[test]
fn a_case_handler_on_the_providers_board_is_barred_outright() {
    let seat = Some(BarringGround::LeadsOrSitsOnBoard);
    let weighed = ImpartialityFinding::new(true, seat, Some(note("Bare vara")));
    assert_eq!(pointers(weighed), [("/ground".to_owned(), "bars-outright")]);
    let case = case(&[("Kari", barred(BarringGround::LeadsOrSitsOnBoard), None)]);
    assert_eq!(handles(&case, "Kari"), Err(ErrorCode::NotImpartial));
}

#[test]
fn the_managers_brother_is_judged_under_special_circumstances_either_way() {
    let special = Some(BarringGround::SpecialCircumstances);
    assert_eq!(
        pointers(ImpartialityFinding::new(true, special, None)),
        [("/note".into(), "required")]
    );
    assert_eq!(
        pointers(ImpartialityFinding::new(false, special, None)),
        [("/note".into(), "required")]
    );
    let weighed =
        ImpartialityFinding::new(true, special, Some(note("Har ikke snakket på tyve år"))).unwrap();
    assert_eq!((weighed.is_able(), weighed.ground()), (true, special));
    assert_eq!(handles(&case(&[("Kari", ImpartialityAnswer::Own(weighed), None)]), "Kari"), Ok(()));
    let against = case(&[("Kari", barred(BarringGround::SpecialCircumstances), None)]);
    assert_eq!(handles(&against, "Kari"), Err(ErrorCode::NotImpartial));
}

#[test]
fn the_direct_subordinate_of_a_barred_superior_may_prepare_but_not_decide() {
    let superior = Some("Siv");
    let before = case(&[("Dag", able(), superior), ("Siv", able(), None)]);
    assert_eq!((handles(&before, "Dag"), decides(&before, "Dag")), (Ok(()), Ok(())));
    let after = case(&[
        ("Dag", able(), superior),
        ("Siv", barred(BarringGround::Kin), None),
        // Stated once it applies, even if a later declaration omits it.
        ("Dag", able(), None),
        ("Eva", able(), None),
    ]);
    assert_eq!(handles(&after, "Dag"), Ok(()));
    assert_eq!(decides(&after, "Dag"), Err(ErrorCode::SuperiorNotImpartial));
    assert_eq!(decides(&after, "Eva"), Ok(()), "no subordinate");
    // An indirect subordinate is not disqualified.
    let further = case(&[("Siv", barred(BarringGround::Kin), None), ("Dag", able(), superior)]);
    let mut further = further;
    further
        .declare(&actor("Per"), able(), Some(actor("Dag").subject), &Staff::new(), now())
        .unwrap();
    assert_eq!(decides(&further, "Per"), Ok(()));
}

#[test]
fn every_ground_but_special_circumstances_bars_outright() {
    for ground in BarringGround::ALL {
        let able = ImpartialityFinding::new(true, Some(ground), Some(note("Likevel")));
        assert_eq!(able.is_err(), ground != BarringGround::SpecialCircumstances, "{ground:?}");
        assert!(
            ImpartialityFinding::new(false, Some(ground), Some(note("Ja"))).is_ok(),
            "{ground:?}"
        );
    }
    assert_eq!(
        pointers(ImpartialityFinding::new(false, None, None)),
        [("/ground".into(), "required")]
    );
}

#[test]
fn nobody_handles_a_case_without_a_declaration_and_the_last_one_counts() {
    assert_eq!(handles(&case(&[]), "Kari"), Err(ErrorCode::ImpartialityNotDeclared));
    let changed = case(&[("Kari", barred(BarringGround::Kin), None), ("Kari", able(), None)]);
    assert_eq!(handles(&changed, "Kari"), Ok(()));
    let back = case(&[("Kari", able(), None), ("Kari", barred(BarringGround::Kin), None)]);
    assert_eq!(handles(&back, "Kari"), Err(ErrorCode::NotImpartial));
}

#[test]
fn what_is_left_to_the_superior_waits_for_a_ruling() {
    let mut case_of_kari = case(&[("Kari", left(), Some("Siv"))]);
    assert_eq!(handles(&case_of_kari, "Kari"), Err(ErrorCode::ImpartialityUnsettled));
    assert_eq!(rules(&mut case_of_kari, "Kari", true, "Kari"), Err(ErrorCode::RulingOnOneself));
    assert_eq!(rules(&mut case_of_kari, "Kari", true, "Siv"), Ok(()));
    assert_eq!(case_of_kari.rulings[0].capacity, RulingCapacity::Superior);
    assert_eq!(handles(&case_of_kari, "Kari"), Ok(()));
    assert_eq!(
        rules(&mut case_of_kari, "Kari", true, "Siv"),
        Err(ErrorCode::NoImpartialityQuestion)
    );
    let mut no = case(&[("Kari", left(), None)]);
    assert_eq!(rules(&mut no, "Kari", false, "Dag"), Ok(()));
    assert_eq!(no.rulings[0].capacity, RulingCapacity::DecisionMaker);
    assert_eq!(handles(&no, "Kari"), Err(ErrorCode::NotImpartial));
}

#[test]
fn a_ruling_stands_whatever_the_person_says_afterwards() {
    let mut ruled = case(&[("Kari", left(), None)]);
    rules(&mut ruled, "Kari", false, "Dag").unwrap();
    ruled.declare(&actor("Kari"), able(), None, &Staff::new(), now()).unwrap();
    assert_eq!(handles(&ruled, "Kari"), Err(ErrorCode::NotImpartial));
    // A new question can be put, and a new ruling replaces the first.
    ruled.declare(&actor("Kari"), left(), None, &Staff::new(), now()).unwrap();
    rules(&mut ruled, "Kari", true, "Dag").unwrap();
    assert_eq!(handles(&ruled, "Kari"), Ok(()));
}

#[test]
fn whoever_is_challenged_does_nothing_until_a_ruling() {
    for challenged in [whom("Kari"), Whom::Name(line("kari"))] {
        let mut case = case(&[("Kari", able(), None), ("Dag", able(), None)]);
        case.challenge(challenged, note("Bror av eieren"), &actor("Siri"), now());
        assert_eq!(handles(&case, "Kari"), Err(ErrorCode::ImpartialityUnsettled));
        assert_eq!(handles(&case, "Dag"), Ok(()), "nobody else waits");
        assert_eq!(case.open_questions(), [Whom::Known(actor("Kari"))]);
        assert_eq!(rules(&mut case, "Kari", true, "Dag"), Ok(()));
        assert_eq!((handles(&case, "Kari"), case.open_questions()), (Ok(()), vec![]));
    }
}

#[test]
fn a_challenge_holds_for_somebody_who_has_not_come_near_the_case_yet() {
    let mut case = case(&[]);
    case.challenge(Whom::Name(line("Kari")), note("Bror"), &actor("Siri"), now());
    case.declare(&actor("Kari"), able(), None, &Staff::new(), now()).unwrap();
    assert_eq!(handles(&case, "Kari"), Err(ErrorCode::ImpartialityUnsettled));
    assert_eq!(rules(&mut case, "Kari", false, "Dag"), Ok(()));
    assert_eq!(handles(&case, "Kari"), Err(ErrorCode::NotImpartial));
}

#[test]
fn nobody_who_is_barred_or_challenged_rules_on_another() {
    let mut case = case(&[
        ("Kari", left(), None),
        ("Dag", barred(BarringGround::Kin), None),
        ("Eva", left(), None),
    ]);
    assert_eq!(rules(&mut case, "Kari", true, "Dag"), Err(ErrorCode::NotImpartial));
    assert_eq!(rules(&mut case, "Kari", true, "Eva"), Err(ErrorCode::ImpartialityUnsettled));
}

#[test]
fn the_finding_of_a_superior_outside_ends_two_challenges_that_wait_for_each_other() {
    let mut case = case(&[("Dag", able(), None), ("Eva", able(), None)]);
    for challenged in ["Dag", "Eva"] {
        case.challenge(whom(challenged), note("Bror av eieren"), &actor("Siri"), now());
    }
    for (ruler, other) in [("Dag", "Eva"), ("Eva", "Dag")] {
        assert_eq!(rules(&mut case, other, true, ruler), Err(ErrorCode::ImpartialityUnsettled));
        assert_eq!(case.awaits_ruling(&actor(ruler), &Staff::new()), Ok(()));
    }
    let record = |case: &mut Impartiality, name: &str, by: &str| {
        let (finding, outside) = (ImpartialityFinding::Able(None), Some(line("Kommunedirektøren")));
        case.rule(whom(name), finding, outside, &actor(by), &Staff::new(), now())
            .map_err(|no| no.code)
    };
    assert_eq!(record(&mut case, "Dag", "Dag"), Err(ErrorCode::RulingOnOneself));
    assert_eq!(record(&mut case, "Eva", "Dag"), Ok(()));
    assert_eq!(case.rulings[0].capacity, RulingCapacity::OutsideSuperior);
    // Eva may rule on Dag herself now.
    assert_eq!(rules(&mut case, "Dag", true, "Eva"), Ok(()));
    assert_eq!((handles(&case, "Dag"), handles(&case, "Eva")), (Ok(()), Ok(())));
}

#[test]
fn nobody_of_the_own_provider_handles_its_cases_whatever_is_said() {
    let staff = Staff::from([actor("Kari").subject]);
    let mut case = case(&[("Kari", able(), None), ("Dag", able(), Some("Kari"))]);
    let refused = |answer: Result<(), DomainError>| answer.unwrap_err().code;
    let handled = case.impartial(&actor("Kari"), &staff).map(drop);
    assert_eq!(refused(handled), ErrorCode::OwnProviderStaff);
    let declared = case.declare(&actor("Kari"), able(), None, &staff, now());
    assert_eq!(refused(declared), ErrorCode::OwnProviderStaff);
    let honest = barred(BarringGround::OwnProviderStaff);
    assert_eq!(case.declare(&actor("Kari"), honest, None, &staff, now()), Ok(()));
    // Nor does a direct subordinate decide.
    let decided = case.impartial_to_decide(&actor("Dag"), &staff).map(drop);
    assert_eq!(refused(decided), ErrorCode::SuperiorNotImpartial);
}

#[test]
fn nobody_is_his_or_her_own_superior() {
    let kari = actor("Kari");
    let value = Impartiality::default().declare(
        &kari,
        able(),
        Some(kari.subject.clone()),
        &Staff::new(),
        now(),
    );
    assert_eq!(value.unwrap_err().errors[0].error.code, "own-superior");
}

#[test]
fn nobody_leaves_a_disqualified_superior_by_naming_another_before_that_is_ruled_on() {
    let board = barred(BarringGround::LeadsOrSitsOnBoard);
    let mut case =
        case(&[("Anne", board, None), ("Berit", able(), Some("Anne")), ("Carl", able(), None)]);
    assert_eq!(decides(&case, "Berit"), Err(ErrorCode::SuperiorNotImpartial));
    let another = Some(actor("Dina").subject);
    let later = now() + chrono::TimeDelta::days(1);
    case.declare(&actor("Berit"), able(), another, &Staff::new(), later).unwrap();
    assert_eq!(decides(&case, "Berit"), Err(ErrorCode::ImpartialityUnsettled));
    assert_eq!(case.open_questions(), [Whom::Known(actor("Berit"))]);
    let finding = ImpartialityFinding::new(true, None, None).unwrap();
    let later = later + chrono::TimeDelta::days(1);
    case.rule(whom("Berit"), finding, None, &actor("Carl"), &Staff::new(), later).unwrap();
    assert_eq!(decides(&case, "Berit"), Ok(()));
    // The same superior again is no change.
    case.declare(&actor("Berit"), able(), Some(actor("Dina").subject), &Staff::new(), later)
        .unwrap();
    assert_eq!(decides(&case, "Berit"), Ok(()));
}

#[test]
fn a_challenged_person_decides_alone_only_where_the_superior_cannot_in_time() {
    let alone = |able: bool| ImpartialityAnswer::OwnOnChallenge {
        finding: ImpartialityFinding::new(
            able,
            Some(BarringGround::SpecialCircumstances),
            Some(note("Veid")),
        )
        .unwrap(),
        why: note("Fristen for vedtaket er i dag"),
    };
    let mut case = case(&[("Anne", able(), None)]);
    let declare = |case: &mut Impartiality, answer| {
        case.declare(&actor("Anne"), answer, None, &Staff::new(), now()).map_err(|no| no.code)
    };
    assert_eq!(declare(&mut case, alone(true)), Err(ErrorCode::NoImpartialityQuestion));
    case.challenge(whom("Anne"), note("Gift med en konkurrent"), &actor("Per"), now());
    assert_eq!(declare(&mut case, able()), Ok(()));
    assert_eq!(handles(&case, "Anne"), Err(ErrorCode::ImpartialityUnsettled));
    assert_eq!(declare(&mut case, alone(true)), Ok(()));
    assert_eq!(handles(&case, "Anne"), Ok(()));
    case.challenge(whom("Anne"), note("Igjen"), &actor("Per"), now());
    assert_eq!(declare(&mut case, alone(false)), Ok(()));
    assert_eq!(handles(&case, "Anne"), Err(ErrorCode::NotImpartial));
}
