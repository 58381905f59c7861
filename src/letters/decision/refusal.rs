//! The criteria that an application fails: what was announced, and how it was assessed.

use super::matter::Matter;
use crate::{
    domain::{
        application::CriterionOutcome, decision::DecisionOutcome, municipality::LanguageForm,
        offering::content::Criterion, rules::ground::RefusalGround,
    },
    letters::{
        Parties, Section,
        language::{BilingualText, Pen, text},
        one_line,
    },
};

const UNMET: BilingualText = text("Krav som ikke er oppfylt", "Krav som ikkje er oppfylte");
const ASSESSED: BilingualText = text(
    "Vi har vurdert søknaden etter versjon {versjon} av de kunngjorte kravene. Dette er ikke oppfylt:",
    "Vi har vurdert søknaden etter versjon {versjon} av dei kunngjorde krava. Dette er ikkje oppfylt:",
);
const ITEM: BilingualText = text(
    "{tema}. Kravet er: {krav} Vurderingen vår: {vurdering}",
    "{tema}. Kravet er: {krav} Vurderinga vår: {vurdering}",
);

/// The section of a refusal on unmet criteria.
pub(super) fn section(parties: &Parties<'_>, pen: Pen, matter: &Matter<'_>) -> Option<Section> {
    let DecisionOutcome::Refuse { grounds, .. } = &matter.decision.outcome else { return None };
    grounds.iter().find(|it| it.ground == RefusalGround::CriteriaNotMet)?;
    let item = |criterion: &Criterion| {
        let line = matter.assessments.get(&criterion.code)?;
        let fails = criterion.mandatory && line.outcome == CriterionOutcome::NotMet;
        let demanded = one_line(criterion.text.in_form(pen.form == LanguageForm::Nynorsk));
        let assessed = one_line(line.note.as_str());
        let values = [
            ("tema", parties.topic(pen, criterion.topic.as_str())),
            ("krav", demanded.as_str()),
            ("vurdering", &assessed),
        ];
        fails.then(|| pen.say(&ITEM, &values))
    };
    let items: Vec<_> = matter.content.criteria().iter().filter_map(item).collect();
    let version = matter.version.0.to_string();
    let assessed = pen.say(&ASSESSED, &[("versjon", &version)]);
    (!items.is_empty()).then(|| Section::new(pen.say(&UNMET, &[]), [assessed]).listing(items))
}
