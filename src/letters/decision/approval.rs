//! What an approval is for: places, version, legal basis and contract.

use super::matter::Matter;
use crate::{
    domain::rules::notification::Channel,
    letters::{
        Parties, Section,
        language::{BilingualText, Pen, text},
    },
};

const SCOPE: BilingualText = text("Hva godkjenningen gjelder", "Kva godkjenninga gjeld");
const ZONES: BilingualText = text("Område: {soner}", "Område: {soner}");
const VERSION: BilingualText = text(
    "Krav og vilkår: versjon {versjon}, slik den er kunngjort",
    "Krav og vilkår: versjon {versjon}, slik han er kunngjord",
);
const BASIS: BilingualText = text("Rettslig grunnlag: {grunnlag}", "Rettsleg grunnlag: {grunnlag}");
const CONTRACT: BilingualText = text(
    "Kontrakt: {varighet} fra den første dagen. Oppsigelsestiden er {leverandorens} for dere og {kommunens} for kommunen",
    "Kontrakt: {varighet} frå den første dagen. Oppseiingstida er {leverandorens} for dykk og {kommunens} for kommunen",
);
const STAND_STILL: BilingualText = text(
    "Karensperiode: Kontrakten kan ikke signeres før det har gått {karens} fra dagen etter at vedtaket ble sendt",
    "Karensperiode: Kontrakten kan ikkje signerast før det har gått {karens} frå dagen etter at vedtaket blei sendt",
);
const GROUNDS: BilingualText =
    text("Når godkjenningen kan bli trukket tilbake", "Når godkjenninga kan bli trekt tilbake");
const LISTED: BilingualText = text(
    "Kommunen kan trekke godkjenningen tilbake på disse grunnlagene, som står i de kunngjorte vilkårene:",
    "Kommunen kan trekkje godkjenninga tilbake på desse grunnlaga, som står i dei kunngjorde vilkåra:",
);

/// The sections of a decision that approves. Circumstances listed in it may be grounds for a later revocation
/// (forvaltningsloven § 35 last paragraph).
pub(super) fn sections(parties: &Parties<'_>, pen: Pen, matter: &Matter<'_>) -> [Section; 2] {
    let terms = matter.content.terms();
    let heading = pen.say(&SCOPE, &[]);
    let scope = Section::new(heading, []).listing(items(pen, matter));
    let codes = terms.revocation_grounds.iter().map(|ground| ground.as_str());
    let grounds = codes.map(|code| parties.ground(pen, code).to_owned()).collect();
    let listed = Section::new(pen.say(&GROUNDS, &[]), [pen.say(&LISTED, &[])]).listing(grounds);
    [scope, listed]
}

fn items(pen: Pen, matter: &Matter<'_>) -> Vec<String> {
    let content = matter.content;
    let (terms, basis) = (content.terms(), content.legal_basis());
    let zones = content.zones().iter().filter(|zone| matter.zones.contains(&zone.code));
    let zones: Vec<_> = zones.map(|zone| zone.name.as_str()).collect();
    let (nb, nn) = basis.citations();
    let is_electronic = matter.decision.channel == Channel::Electronic;
    let stand_still = basis.stand_still_period(is_electronic);
    let version = matter.version.0.to_string();
    let values = [
        ("soner", zones.join(", ")),
        ("versjon", version),
        ("grunnlag", pen.either(nb, nn).to_owned()),
        ("varighet", pen.period(terms.duration)),
        ("leverandorens", pen.period(terms.notice_by_provider)),
        ("kommunens", pen.period(terms.notice_by_municipality)),
        ("karens", stand_still.map(|period| pen.period(period)).unwrap_or_default()),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let texts = [&ZONES, &VERSION, &BASIS, &CONTRACT].map(Some);
    let texts = texts.into_iter().chain([stand_still.map(|_| &STAND_STILL)]);
    texts.flatten().map(|text| pen.say(text, &values)).collect()
}
