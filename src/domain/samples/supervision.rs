//! The inspector and follow-ups of the active approval.

use std::sync::LazyLock;

use super::{active, actor, day, id, line, municipality, municipality_number, now, prose};
use crate::domain::{
    approval::{Approval, impartiality::Supervised},
    follow_up::{FollowUp, FollowUpKind, Origin},
    role::Supervisor,
    values::numbers::OrganisationNumber,
};

pub(in crate::domain) fn follower() -> Supervisor {
    let (actor, municipality) = (actor("Ingrid Berg"), municipality_number());
    let organisation = OrganisationNumber::parse("820852982").unwrap();
    Supervisor { actor, municipality, organisation }
}

/// The inspector follows up the active approval.
pub(in crate::domain) fn supervised() -> Supervised<'static> {
    static SUPERVISION: LazyLock<(Approval, Supervisor)> = LazyLock::new(|| (active(), follower()));
    let (approval, by) = &*SUPERVISION;
    approval.supervised(by, &municipality().settings).unwrap()
}

pub(in crate::domain) fn follow_up(kind: FollowUpKind) -> FollowUp {
    let origin = Origin::Incident(prose("Vi fikk beskjed"));
    FollowUp::plan(id(8), supervised(), kind, origin, now()).unwrap().value
}

/// A supervisory authority has found a breach.
pub(in crate::domain) fn finding() -> FollowUp {
    let (authority, reference) = (line("Statsforvalteren i Agder"), line("2026/1234"));
    follow_up(FollowUpKind::AuthorityFinding { authority, reference, on: day("2026-03-02") })
}
