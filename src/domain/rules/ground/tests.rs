use super::*;
use crate::domain::{error::DomainError, samples::grounded, values::text::Code};

fn error<G: Ground>(code: &str) -> &'static str {
    G::parse(code).err().unwrap().code
}

fn codes<G: Ground>() -> Vec<&'static str> {
    G::ALL.iter().map(|ground| ground.as_str()).collect()
}

#[test]
fn every_ground_is_read_back_from_its_code() {
    for ground in RefusalGround::ALL {
        assert_eq!(RefusalGround::parse(ground.as_str()), Ok(ground));
    }
    for ground in RevocationGround::ALL {
        assert_eq!(RevocationGround::parse(ground.as_str()), Ok(ground));
    }
}

#[test]
fn codes_of_grounds_are_kebab_case_and_unique() {
    for list in [codes::<RefusalGround>(), codes::<RevocationGround>()] {
        assert!(list.iter().all(|code| Code::parse(code).is_ok()), "{list:?}");
        assert!(list.iter().enumerate().all(|(i, code)| !list[..i].contains(code)), "{list:?}");
    }
}

#[test]
fn five_grounds_serve_both_purposes() {
    let mut both = codes::<RefusalGround>();
    both.retain(|code| RevocationGround::parse(code).is_ok());
    assert_eq!(
        both,
        [
            "criteria-not-met",
            "health-law-not-met",
            "supervisory-breach",
            "false-information",
            "withheld-information",
        ]
    );
}

#[test]
fn a_probable_bankruptcy_can_refuse_and_never_revoke() {
    assert!(RefusalGround::parse("bankruptcy-probable").is_ok());
    assert_eq!(error::<RevocationGround>("bankruptcy-probable"), "ground-cannot-revoke");
}

#[test]
fn a_bankruptcy_can_revoke_and_never_refuse() {
    assert!(RevocationGround::parse("bankruptcy").is_ok());
    assert_eq!(error::<RefusalGround>("bankruptcy"), "ground-cannot-refuse");
}

#[test]
fn a_known_ground_for_the_other_purpose_is_told_apart_from_an_unknown_one() {
    for code in codes::<RefusalGround>() {
        if let Err(error) = RevocationGround::parse(code) {
            assert_eq!(error.code, "ground-cannot-revoke", "{code}");
        }
    }
    for code in codes::<RevocationGround>() {
        if let Err(error) = RefusalGround::parse(code) {
            assert_eq!(error.code, "ground-cannot-refuse", "{code}");
        }
    }
    for code in ["", "price", "Bankruptcy", "bankruptcy ", "criteria_not_met"] {
        assert_eq!(error::<RefusalGround>(code), "ground-unknown", "{code:?}");
        assert_eq!(error::<RevocationGround>(code), "ground-unknown", "{code:?}");
    }
}

#[test]
fn a_formal_ground_serves_neither() {
    assert_eq!(error::<RefusalGround>("formal"), "ground-cannot-refuse");
    assert_eq!(error::<RevocationGround>("formal"), "ground-cannot-revoke");
}

#[test]
fn the_fault_lists_what_can_be_used() {
    let detail = RevocationGround::parse("price").unwrap_err().detail.to_string();
    assert!(codes::<RevocationGround>().iter().all(|code| detail.contains(code)), "{detail}");
    assert!(!detail.contains("bankruptcy-probable"), "{detail}");
}

#[test]
fn grounds_are_named_once_and_where_they_must_at_least_one() {
    let [one, other] = [RevocationGround::Bankruptcy, RevocationGround::TermsBreach].map(grounded);
    let error = |guarded: Result<(), DomainError>| guarded.err().map(|mut no| no.errors.remove(0));
    let value = |list: &[_]| (error(named_once(list)), error(some_named_once(list)));
    assert_eq!(value(&[one.clone(), other.clone()]), (None, None));
    let (may_be_empty, must_not) = value(&[]);
    assert_eq!((may_be_empty, must_not.unwrap().pointer.as_str()), (None, "/grounds"));
    let (repeated, also) = value(&[other, one.clone(), one]);
    assert_eq!(repeated, also);
    assert_eq!(repeated.unwrap().pointer, "/grounds/2/ground");
}
