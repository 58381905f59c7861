use super::*;
use crate::domain::{
    error::{ErrorCode, ErrorKind},
    samples::{
        actor, municipality_number, other_municipality_number, other_provider_number,
        provider_number, table,
    },
    snapshot::assert_snapshot,
};

fn caller(role: Role, municipality: Option<MunicipalityNumber>) -> CallerIdentity {
    CallerIdentity {
        actor: actor("Kari Nordmann"),
        role,
        organisation: provider_number(),
        municipality,
        assured: Assured::default(),
        reads_only: None,
    }
}

fn answer<D: FromCaller>(caller: CallerIdentity) -> &'static str {
    D::of(caller).map_or_else(|refusal| refusal.code.as_str(), |_| "yes")
}

type Demanded = fn(CallerIdentity) -> &'static str;

const DEMANDS: [(&str, Demanded); 7] = [
    ("provider user", answer::<ProviderUser>),
    ("editor", answer::<Editor>),
    ("case worker", answer::<CaseWorker>),
    ("decision maker", answer::<DecisionMaker>),
    ("case handler", answer::<CaseHandler>),
    ("auditor", answer::<Auditor>),
    ("party", answer::<Party>),
];

#[test]
fn who_is_taken_for_what_is_this_table() {
    let roles = Role::ALL.map(|role| (role.as_str(), role));
    let of = |municipality: Option<MunicipalityNumber>| {
        table(&roles, &DEMANDS, |role, demand| {
            demand(caller(*role, municipality.clone())).to_owned()
        })
    };
    let (inside, outside) = (of(Some(municipality_number())), of(None));
    let text = format!(
        "The organisation is a municipality's main unit\n\n{inside}\nIt is not\n\n{outside}"
    );
    assert_snapshot("roles", &text);
}

#[test]
fn every_no_of_a_role_is_forbidden_and_tells_what_would_do() {
    for role in Role::ALL {
        for refusal in [
            ProviderUser::of(caller(role, None)).err(),
            CaseWorker::of(caller(role, None)).err(),
            Party::of(caller(role, None)).err(),
        ] {
            assert!(
                refusal.is_none_or(|refusal| refusal.kind() == ErrorKind::Forbidden),
                "{role:?}"
            );
        }
    }
    let refusal = CaseHandler::of(caller(Role::Provider, None)).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::RoleMissing);
    assert!(
        refusal.detail.to_string().ends_with("case-worker, decision-maker"),
        "{}",
        refusal.detail
    );
}

#[test]
fn a_role_carries_the_tenant_of_the_token() {
    let worker = CaseWorker::of(caller(Role::CaseWorker, Some(municipality_number()))).unwrap();
    assert_eq!(
        (worker.actor, worker.municipality),
        (actor("Kari Nordmann"), municipality_number())
    );
    let user = ProviderUser::of(caller(Role::Provider, Some(municipality_number()))).unwrap();
    assert_eq!((user.actor, user.organisation), (actor("Kari Nordmann"), provider_number()));
}

#[test]
fn a_party_sees_its_own_cases_alone() {
    let sees = |party: Party| party.may_see(&municipality_number(), &provider_number());
    assert!(sees(Party::Provider(provider_number())));
    assert!(sees(Party::Municipality(municipality_number())));
    assert!(!sees(Party::Provider(other_provider_number())));
    assert!(!sees(Party::Municipality(other_municipality_number())));
}

#[test]
fn a_municipal_party_is_the_municipality_and_not_its_organisation() {
    let municipal = caller(Role::Inspector, Some(other_municipality_number()));
    let party = Party::of(municipal).unwrap();
    assert_eq!(party, Party::Municipality(other_municipality_number()));
    assert!(!party.may_see(&municipality_number(), &provider_number()));
}

#[test]
fn roles_are_found_by_the_name_in_a_token() {
    for role in Role::ALL {
        assert_eq!(Role::from_name(role.as_str()), Some(role));
    }
    for name in ["", "Provider", "case_worker", "admin"] {
        assert_eq!(Role::from_name(name), None, "{name:?}");
    }
    let municipal: Vec<_> = Role::ALL.into_iter().filter(|role| role.is_municipal()).collect();
    assert_eq!(municipal, [Role::Editor, Role::CaseWorker, Role::DecisionMaker, Role::Inspector]);
}

#[test]
fn whoever_decides_was_identified_as_surely_as_the_issuer_must() {
    use Assurance::{High, Substantial};
    let levels = [None, Some(Substantial), Some(High)];
    for held in levels {
        for to_decide in levels {
            let assured = Assured { held, to_decide };
            let known =
                |role| CallerIdentity { assured, ..caller(role, Some(municipality_number())) };
            let decides = DecisionMaker::of(known(Role::DecisionMaker));
            let code = decides.as_ref().err().map(|refusal| refusal.code);
            let low = to_decide.is_some() && held < to_decide;
            assert_eq!(
                code,
                low.then_some(ErrorCode::AssuranceTooLow),
                "{held:?} of {to_decide:?}"
            );
            let ends = ContractParty::of(known(Role::DecisionMaker));
            assert_eq!(ends.is_err(), low, "{held:?} of {to_decide:?}");
            assert!(CaseWorker::of(known(Role::CaseWorker)).is_ok());
        }
    }
}
