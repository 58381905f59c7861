//! What a revocation says beside its grounds: effect, winding-down, broken terms, and why nobody was heard.

use super::matter::Matter;
use crate::{
    domain::{
        approval::{Revocation, WindingDown},
        decision::DecisionOutcome,
        prior_notice::{Exception, ExceptionKind},
        rules::{
            ground::RevocationGround,
            regime::{Regime, Theme::PriorNotice},
        },
        values::{text::Line, time::day_of},
    },
    letters::{
        Section,
        language::{BilingualText, Pen, clock, ruled, text},
        lines,
    },
};

const EFFECT: BilingualText = text(
    "Tilbakekallet gjelder fra {dag} klokka {klokke}. Fra da kan ingen nye brukere velge dere.",
    "Tilbakekallinga gjeld frå {dag} klokka {klokke}. Frå då kan ingen nye brukarar velje dykk.",
);
const NO_LONGER: BilingualText = text(
    "Godkjenningen gjelder ikke lenger fra {dag} klokka {klokke}. Fra da kan ingen nye brukere velge leverandøren.",
    "Godkjenninga gjeld ikkje lenger frå {dag} klokka {klokke}. Frå då kan ingen nye brukarar velje leverandøren.",
);
const WINDING_DOWN: BilingualText = text("Avvikling", "Avvikling");
const HAND_OVER: BilingualText = text(
    "Dere skal gi tjenester til de brukerne dere allerede har, til og med {dag}. Etter det overtar {overtaker} brukerne.",
    "De skal gi tenester til dei brukarane de alt har, til og med {dag}. Etter det overtek {overtaker} brukarane.",
);
const BANKRUPT: BilingualText = text(
    "Virksomheten er konkurs, og vi pålegger ikke dere eller boet å gi tjenester i avviklingen. Senest etter {dag} overtar {overtaker} brukerne. Si fra med en gang når dere eller boet ikke lenger gir tjenester, så overtar {overtaker} brukerne før.",
    "Verksemda er konkurs, og vi pålegg ikkje dykk eller buet å gi tenester i avviklinga. Seinast etter {dag} overtek {overtaker} brukarane. Sei frå med ein gong når de eller buet ikkje lenger gir tenester, så overtek {overtaker} brukarane før.",
);
const TERMS: BilingualText = text(
    "Avvikene gjelder disse punktene i avtalen, vilkårene eller kravene: {punkter}",
    "Avvika gjeld desse punkta i avtalen, vilkåra eller krava: {punkter}",
);
const UNHEARD: BilingualText =
    text("Hvorfor vi ikke varslet dere på forhånd", "Kvifor vi ikkje varsla dykk på førehand");
const NOT_POSSIBLE: BilingualText = ruled(
    "Vi varslet dere ikke før vi traff vedtaket, fordi det ikke var mulig i praksis eller ville ha hindret at vedtaket kunne settes i verk{lov}.",
    "Vi varsla dykk ikkje før vi gjorde vedtaket, fordi det ikkje var mogleg i praksis eller ville ha hindra at vedtaket kunne setjast i verk{lov}.",
    &[PriorNotice],
);
const ADDRESS_UNKNOWN: BilingualText = ruled(
    "Vi varslet dere ikke før vi traff vedtaket, fordi vi ikke kjente adressen deres, og det ville ha krevd mer enn rimelig å finne den{lov}.",
    "Vi varsla dykk ikkje før vi gjorde vedtaket, fordi vi ikkje kjende adressa dykkar, og det ville ha kravd meir enn rimeleg å finne ho{lov}.",
    &[PriorNotice],
);
const NEEDLESS: BilingualText = ruled(
    "Vi varslet dere ikke før vi traff vedtaket, fordi dere alt kjente til saken og hadde hatt grunn og tid til å uttale dere, eller fordi varsel var åpenbart unødvendig{lov}.",
    "Vi varsla dykk ikkje før vi gjorde vedtaket, fordi de alt kjende til saka og hadde hatt grunn og tid til å uttale dykk, eller fordi varsel var openbert unødvendig{lov}.",
    &[PriorNotice],
);
const PARAGRAPH: BilingualText =
    text(" tredje ledd bokstav {bokstav}", " tredje ledd bokstav {bokstav}");

/// When it takes effect.
pub(super) fn effect(pen: Pen, matter: &Matter<'_>, revocation: &Revocation) -> String {
    let (day, clock) = (pen.day(day_of(revocation.effective_at)), clock(revocation.effective_at));
    let revokes = matches!(matter.decision.outcome, DecisionOutcome::Revoke { .. });
    pen.say(if revokes { &EFFECT } else { &NO_LONGER }, &[("dag", &day), ("klokke", &clock)])
}

/// The sections after that of the outcome.
pub(super) fn sections(pen: Pen, matter: &Matter<'_>) -> Vec<Section> {
    let exception = match &matter.decision.outcome {
        DecisionOutcome::Revoke { exception, .. } => exception.as_ref(),
        _ => None,
    };
    let winding_down = matter.revocation.and_then(|it| {
        let is_bankrupt = it.grounds.contains(&RevocationGround::Bankruptcy);
        it.winding_down.as_ref().map(|plan| winding_down(pen, plan, is_bankrupt))
    });
    winding_down.into_iter().chain(exception.map(|it| unheard(pen, it))).collect()
}

/// The points of terms and criteria that deviations break, as one sentence.
pub(in crate::letters) fn broken_terms(pen: Pen, points: &[Line]) -> Option<String> {
    let points: Vec<_> = points.iter().map(Line::as_str).collect();
    (!points.is_empty()).then(|| pen.say(&TERMS, &[("punkter", &points.join("; "))]))
}

fn winding_down(pen: Pen, plan: &WindingDown, is_bankrupt: bool) -> Section {
    let day = pen.day(plan.until);
    // A name is written as it was given; the municipality itself is no name within a sentence.
    let successor = match plan.taken_over_by.as_str() {
        "Kommunen" => "kommunen",
        name => name,
    };
    let text = if is_bankrupt { &BANKRUPT } else { &HAND_OVER };
    let first = pen.say(text, &[("dag", &day), ("overtaker", successor)]);
    let plan = plan.plan.iter().flat_map(|plan| lines(plan.as_str())).map(str::to_owned);
    Section::new(pen.say(&WINDING_DOWN, &[]), [first].into_iter().chain(plan))
}

/// Why the provider was sent no prior notice, with the letter of the Act of 1967.
fn unheard(pen: Pen, exception: &Exception) -> Section {
    let why = match exception.kind {
        ExceptionKind::NotPossible => &NOT_POSSIBLE,
        ExceptionKind::AddressUnknown => &ADDRESS_UNKNOWN,
        ExceptionKind::Needless => &NEEDLESS,
    };
    let letter = exception.kind.letter().to_string();
    let paragraph = match pen.regime {
        Regime::Fvl1967 => pen.say(&PARAGRAPH, &[("bokstav", &letter)]),
        Regime::Fvl2025 => String::new(),
    };
    let law = pen.law_with(&[PriorNotice], &paragraph);
    let reasons = lines(exception.reasons.as_str()).map(str::to_owned);
    let first = pen.say(why, &[("lov", &law)]);
    Section::new(pen.say(&UNHEARD, &[]), [first].into_iter().chain(reasons))
}
