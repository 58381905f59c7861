//! Rights of a party against a decision, including the right to appeal.

use super::{
    Block, Section,
    language::{BilingualText, Pen, ruled, text},
};
use crate::domain::{
    appeal::{AppealOutcome, Instance},
    decision::{Decision, DecisionOutcome},
    municipality::LanguageForm,
    rules::{
        notification::Channel,
        regime::Theme::{
            Access, AppealBody, AppealDeadline, AppealDecision, AppealInTime, AppealPower, Costs,
            CourtCondition, Deferral, ElectronicArrival, FormOfAppeal, Guidance, LateAppeal,
            LowerBody,
        },
    },
};

const APPEAL: BilingualText = text("Dere kan klage på vedtaket", "De kan klage på vedtaket");
const APPEAL_IS_OVER: BilingualText = text("Klagesaken er avsluttet", "Klagesaka er avslutta");
const APPEAL_DISMISSAL: BilingualText =
    text("Dere kan klage på avvisningen", "De kan klage på avvisinga");
const DISMISSAL_AND_PERIOD: BilingualText = ruled(
    "Dere kan klage på avvisningen. Klageinstansen er {klageinstans}. Fristen er tre uker fra den dagen brevet kom fram til dere{lov}.",
    "De kan klage på avvisinga. Klageinstansen er {klageinstans}. Fristen er tre veker frå den dagen brevet kom fram til dykk{lov}.",
    &[AppealBody, AppealDeadline],
);
const DISMISSAL_AND_NOTICE: BilingualText = ruled(
    "Dere kan klage på avvisningen innen tre uker. Klageinstansen er {klageinstans}. Fristen løper fra den dagen vi sender dere varsel om at vedtaket er tilgjengelig{lov}.",
    "De kan klage på avvisinga innan tre veker. Klageinstansen er {klageinstans}. Fristen går frå den dagen vi sender dykk varsel om at vedtaket er tilgjengeleg{lov}.",
    &[AppealBody, AppealDeadline, ElectronicArrival],
);
const BODY_AND_NOTICE: BilingualText = ruled(
    "Dere kan klage på vedtaket. Klageinstansen er {klageinstans}. Fristen er tre uker fra den dagen vi sender dere varsel om at vedtaket er tilgjengelig{lov}.",
    "De kan klage på vedtaket. Klageinstansen er {klageinstans}. Fristen er tre veker frå den dagen vi sender dykk varsel om at vedtaket er tilgjengeleg{lov}.",
    &[AppealBody, AppealDeadline, ElectronicArrival],
);
const BODY_AND_PERIOD: BilingualText = ruled(
    "Dere kan klage på vedtaket. Klageinstansen er {klageinstans}. Fristen er tre uker fra den dagen brevet kom fram til dere{lov}.",
    "De kan klage på vedtaket. Klageinstansen er {klageinstans}. Fristen er tre veker frå den dagen brevet kom fram til dykk{lov}.",
    &[AppealBody, AppealDeadline],
);
const FINAL: BilingualText = ruled(
    "Vedtaket i klagesaken er endelig og kan ikke påklages videre{lov}.",
    "Vedtaket i klagesaka er endeleg og kan ikkje påklagast vidare{lov}.",
    &[AppealDecision],
);
const FORM_1967: BilingualText = ruled(
    "Send klagen til oss, som har fattet vedtaket. Klagen skal være skriftlig og signert. Skriv hvilket vedtak dere klager på, og hvilken endring dere ønsker. Mangler det noe, får dere en kort frist til å rette det{lov}.",
    "Send klaga til oss, som har gjort vedtaket. Klaga skal vere skriftleg og signert. Skriv kva vedtak de klagar på, og kva endring de ønskjer. Manglar det noko, får de ein kort frist til å rette det{lov}.",
    &[FormOfAppeal],
);
const FORM_2025: BilingualText = ruled(
    "Send klagen til oss, som har fattet vedtaket. Klagen skal være skriftlig. Skriv hvilket vedtak dere klager på, og hvilken endring dere ønsker. Mangler det noe, får dere en kort frist til å rette det{lov}.",
    "Send klaga til oss, som har gjort vedtaket. Klaga skal vere skriftleg. Skriv kva vedtak de klagar på, og kva endring de ønskjer. Manglar det noko, får de ein kort frist til å rette det{lov}.",
    &[FormOfAppeal],
);
const IN_TIME_1967: BilingualText = ruled(
    "Sender dere klagen elektronisk, må den ha nådd oss før fristen er ute. Sender dere den i posten, er det nok at den er levert til posten før fristen er ute{lov}.",
    "Sender de klaga elektronisk, må ho ha nådd oss før fristen er ute. Sender de ho i posten, er det nok at ho er levert til posten før fristen er ute{lov}.",
    &[AppealInTime, ElectronicArrival],
);
const IN_TIME_2025: BilingualText = ruled(
    "Klagen kommer i tide når den er sendt eller levert før fristen er ute{lov}.",
    "Klaga kjem i tide når ho er send eller levert før fristen er ute{lov}.",
    &[AppealInTime],
);
const LATE: BilingualText = ruled(
    "Kommer klagen for sent, kan den likevel bli behandlet hvis dere ikke kan lastes for det, eller hvis det er særlige grunner til det. Etter ett år fra vedtaket er det ikke lenger mulig{lov}.",
    "Kjem klaga for seint, kan ho likevel bli behandla dersom de ikkje kan lastast for det, eller dersom det er særlege grunnar til det. Etter eitt år frå vedtaket er det ikkje lenger mogleg{lov}.",
    &[LateAppeal],
);
pub(super) const PROCEDURE: BilingualText = ruled(
    "Vi ser først på klagen selv. Finner vi at dere har rett, kan vi endre eller oppheve vedtaket. Ellers sender vi saken til klageinstansen, og dere får kopi av det vi skriver{lov}.",
    "Vi ser først på klaga sjølve. Finn vi at de har rett, kan vi endre eller oppheve vedtaket. Elles sender vi saka til klageinstansen, og de får kopi av det vi skriv{lov}.",
    &[LowerBody],
);
const POWER: BilingualText = ruled(
    "Klageinstansen kan prøve alle sider av saken og ta hensyn til nye opplysninger. Vedtaket i klagesaken kan ikke påklages videre{lov}.",
    "Klageinstansen kan prøve alle sider av saka og ta omsyn til nye opplysningar. Vedtaket i klagesaka kan ikkje påklagast vidare{lov}.",
    &[AppealPower, AppealDecision],
);
const DEFERRED: BilingualText = text("Utsatt iverksetting", "Utsett iverksetjing");
const DEFERRAL_1967: BilingualText = ruled(
    "En klage utsetter ikke vedtaket av seg selv. Dere kan be om at vedtaket ikke blir satt i verk før klagefristen er ute eller klagen er avgjort. Sier vi nei til det, skal vi begrunne det{lov}.",
    "Ei klage utset ikkje vedtaket av seg sjølv. De kan be om at vedtaket ikkje blir sett i verk før klagefristen er ute eller klaga er avgjord. Seier vi nei til det, skal vi grunngi det{lov}.",
    &[Deferral],
);
const DEFERRAL_2025: BilingualText = ruled(
    "Vedtaket virker selv om dere klager, med mindre det blir utsatt. Dere kan be om at det ikke blir satt i verk før klagefristen er ute eller klagen er avgjort. Som hovedregel skal vi utsette det hvis følgene ikke kan gjøres om, eller hvis liv eller helse kan være i fare{lov}.",
    "Vedtaket verkar sjølv om de klagar, med mindre det blir utsett. De kan be om at det ikkje blir sett i verk før klagefristen er ute eller klaga er avgjord. Som hovudregel skal vi utsetje det dersom følgjene ikkje kan gjerast om, eller dersom liv eller helse kan vere i fare{lov}.",
    &[Deferral],
);
const OTHER: BilingualText =
    text("Innsyn, veiledning og kostnader", "Innsyn, rettleiing og kostnader");
const ACCESS: BilingualText = ruled(
    "Dere har rett til å se sakens dokumenter{lov}.",
    "De har rett til å sjå dokumenta i saka{lov}.",
    &[Access],
);
const GUIDANCE: BilingualText = ruled(
    "Vi veileder dere gjerne om vedtaket og om hvordan dere klager{lov}.",
    "Vi rettleier dykk gjerne om vedtaket og om korleis de klagar{lov}.",
    &[Guidance],
);
const HELP: BilingualText = text("Innsyn og veiledning", "Innsyn og rettleiing");
const GUIDED: BilingualText =
    ruled("Vi veileder dere gjerne{lov}.", "Vi rettleier dykk gjerne{lov}.", &[Guidance]);
const COSTS: BilingualText = ruled(
    "Blir vedtaket endret til fordel for dere, kan dere ha rett til å få dekket kostnader som har vært nødvendige for å få det endret. Kravet må komme innen tre uker etter at dere har fått det nye vedtaket{lov}.",
    "Blir vedtaket endra til fordel for dykk, kan de ha rett til å få dekt kostnader som har vore nødvendige for å få det endra. Kravet må kome innan tre veker etter at de har fått det nye vedtaket{lov}.",
    &[Costs],
);
const COSTS_NOW: BilingualText = ruled(
    "Har dere hatt kostnader som har vært nødvendige for å få vedtaket endret, kan dere ha rett til å få dem dekket. Kravet må komme innen tre uker etter at dere har fått dette vedtaket{lov}.",
    "Har de hatt kostnader som har vore nødvendige for å få vedtaket endra, kan de ha rett til å få dei dekte. Kravet må kome innan tre veker etter at de har fått dette vedtaket{lov}.",
    &[Costs],
);
const OMBUDSMAN: BilingualText = text(
    "Når klageinstansen har avgjort en klage, kan dere klage til Sivilombudet hvis dere mener at forvaltningen har gjort urett mot dere.",
    "Når klageinstansen har avgjort ei klage, kan de klage til Sivilombodet dersom de meiner at forvaltninga har gjort urett mot dykk.",
);

const COURT_CONDITION: BilingualText = ruled(
    "Dere kan ikke gå til søksmål om vedtaket før dere har klaget og klagen er endelig avgjort, eller det har gått seks måneder fra dere klaget første gang uten at det skyldes dere{lov}.",
    "De kan ikkje gå til søksmål om vedtaket før de har klaga og klaga er endeleg avgjord, eller det har gått seks månader frå de klaga første gongen utan at det kjem av dykk{lov}.",
    &[CourtCondition],
);

/// Right to appeal with its deadline, suspended effect, and other required information. `way` says where to appeal
/// electronically. The last day is not named: it follows from the notice, which is sent after the letter is written.
pub(super) fn sections(pen: Pen, decision: &Decision, way: Option<String>) -> Vec<Section> {
    let body = decision.appeal.as_ref().map(|right| right.body.as_str()).unwrap_or_default();
    let say = |text: &BilingualText| pen.say(text, &[("klageinstans", body)]);
    let section = |heading: &BilingualText, texts: &[&BilingualText]| {
        Section::new(pen.say(heading, &[]), texts.iter().map(|text| say(text)))
    };
    if decision.appeal.is_none() {
        let costs = is_changed(&decision.outcome).then_some(&COSTS_NOW);
        let mut other = vec![&ACCESS, &GUIDANCE];
        other.extend(costs);
        if !is_final(&decision.outcome) {
            return vec![section(&OTHER, &other)];
        }
        other.push(&OMBUDSMAN);
        return vec![section(&APPEAL_IS_OVER, &[&FINAL]), section(&OTHER, &other)];
    }
    let dismisses = decision.outcome.dismisses_appeal_below();
    let until = match (decision.channel, dismisses) {
        (Channel::Electronic, true) => &DISMISSAL_AND_NOTICE,
        (Channel::Paper, true) => &DISMISSAL_AND_PERIOD,
        (Channel::Electronic, false) => &BODY_AND_NOTICE,
        (Channel::Paper, false) => &BODY_AND_PERIOD,
    };
    let form = pen.under(&FORM_1967, &FORM_2025);
    let in_time = pen.under(&IN_TIME_1967, &IN_TIME_2025);
    let how = [form, in_time, &LATE, &PROCEDURE, &POWER].map(say);
    let [form, after @ ..] = how;
    let appeal = [Some(say(until)), Some(form), way].into_iter().flatten().chain(after);
    let heading = if dismisses { &APPEAL_DISMISSAL } else { &APPEAL };
    let appeal = Section::new(pen.say(heading, &[]), appeal);
    // Only a decision that can harm the party before the appeal is decided has something to suspend (forvaltningsloven
    // § 27 third paragraph).
    let has_no_effect_to_suspend =
        matches!(decision.outcome, DecisionOutcome::Approve { .. } | DecisionOutcome::Costs { .. });
    let harms = !has_no_effect_to_suspend && !dismisses;
    let deferral = pen.under(&DEFERRAL_1967, &DEFERRAL_2025);
    let deferral = harms.then(|| section(&DEFERRED, &[deferral]));
    let mut other = vec![&ACCESS, &GUIDANCE, &COSTS];
    // A condition that the decision does not tell of does not apply (§ 27 third paragraph).
    let conditioned = decision.appeal.as_ref().is_some_and(|right| right.court_condition);
    other.extend(conditioned.then_some(&COURT_CONDITION));
    other.push(&OMBUDSMAN);
    let other = section(&OTHER, &other);
    [Some(appeal), deferral, Some(other)].into_iter().flatten().collect()
}

/// Access to the documents and guidance, in a letter that is no decision.
pub(super) fn help(pen: Pen) -> Section {
    Section::new(pen.say(&HELP, &[]), [&ACCESS, &GUIDED].map(|text| pen.say(text, &[])))
}

/// Whether a decision was changed, or annulled on an appeal: then the letter must name the right to costs
/// (forvaltningsloven § 36 fifth paragraph). A reversal in favour of the party gives the same right.
const fn is_changed(outcome: &DecisionOutcome) -> bool {
    let DecisionOutcome::Appeal { verdict, .. } = outcome else {
        return matches!(outcome, DecisionOutcome::Reverse { .. });
    };
    matches!(
        verdict.ruling,
        AppealOutcome::ChangedInFavour | AppealOutcome::Changed | AppealOutcome::AnnulledReturned
    ) && verdict.harm.is_none()
}

/// Whether the appeal body has ruled on the substance. A dismissal is not called final: the law permits several
/// courses (forvaltningsloven § 28).
const fn is_final(outcome: &DecisionOutcome) -> bool {
    let DecisionOutcome::Appeal { verdict, .. } = outcome else { return false };
    matches!(verdict.instance, Instance::AppealBody { .. })
        && !matches!(verdict.ruling, AppealOutcome::DismissedLate | AppealOutcome::Dismissed)
}

/// The same in one text, for the JSON of a decision: no headings, no lists.
#[must_use]
pub fn appeal_text(decision: &Decision, form: LanguageForm) -> String {
    let pen = Pen { form, regime: decision.regime };
    let sections = sections(pen, decision, None);
    let blocks = sections.into_iter().flat_map(|section| section.blocks);
    let paragraphs = blocks.map(|block| match block {
        Block::Paragraph(text) => text,
        Block::List(items) => items.join(" "),
    });
    paragraphs.collect::<Vec<_>>().join(" ")
}
