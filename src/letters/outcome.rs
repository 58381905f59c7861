//! Texts of a letter for each outcome of a decision, and its legal basis.

use super::language::{BilingualText, ruled, text};
use crate::domain::{
    appeal::{AppealOutcome, DismissalGround, Instance},
    decision::{DecisionOutcome, on_decision::ReversalGround},
    rules::{
        ground::FormalGround,
        regime::Theme::{Defects, FormOfAppeal, Invalidity, LateAppeal, Reversal, WhoMayAppeal},
    },
};

/// Texts of one outcome.
pub(super) struct OutcomeText {
    /// The letter's title.
    pub(super) title: BilingualText,
    /// The outcome.
    pub(super) decided: BilingualText,
    /// The consequences.
    pub(super) then: Option<BilingualText>,
}

/// The texts of an outcome. A new outcome needs its texts before it compiles.
pub(super) const fn outcome_text(outcome: &DecisionOutcome) -> &'static OutcomeText {
    match outcome {
        DecisionOutcome::Approve { .. } => &APPROVE,
        DecisionOutcome::Refuse { .. } => &REFUSE,
        DecisionOutcome::Dismiss { .. } => &DISMISS,
        DecisionOutcome::Revoke { .. } => &REVOKE,
        DecisionOutcome::Reverse { .. } => &REVERSE,
        DecisionOutcome::Defer { granted: true, .. } => &DEFER,
        DecisionOutcome::Defer { granted: false, .. } => &DO_NOT_DEFER,
        DecisionOutcome::Appeal { verdict, .. } => match verdict.ruling {
            AppealOutcome::DismissedLate => &APPEAL_LATE,
            AppealOutcome::Dismissed => &APPEAL_DISMISSED,
            AppealOutcome::ChangedInFavour => &APPEAL_IN_FAVOUR,
            AppealOutcome::Upheld => &APPEAL_UPHELD,
            AppealOutcome::Changed => &APPEAL_CHANGED,
            AppealOutcome::AnnulledReturned => match verdict.instance {
                Instance::LowerBody => &ANNULLED_BY_US,
                Instance::AppealBody { .. } => &APPEAL_ANNULLED,
            },
        },
        DecisionOutcome::Costs { granted: Some(_), .. } => &COSTS_GRANTED,
        DecisionOutcome::Costs { granted: None, .. } => &COSTS_REFUSED,
    }
}

const APPROVE: OutcomeText = OutcomeText {
    title: text("Vedtak: Søknaden er innvilget", "Vedtak: Søknaden er innvilga"),
    decided: text(
        "{kommune} godkjenner {leverandor} (organisasjonsnummer {nummer}) som leverandør av tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} godkjenner {leverandor} (organisasjonsnummer {nummer}) som leverandør av tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: Some(text(
        "Brukerne kan velge dere fra den første dagen i kontrakten. Før det må kontrakten være signert og registrert av kommunen.",
        "Brukarane kan velje dykk frå den første dagen i kontrakten. Før det må kontrakten vere signert og registrert av kommunen.",
    )),
};
const REFUSE: OutcomeText = OutcomeText {
    title: text("Vedtak: Søknaden er avslått", "Vedtak: Søknaden er avslått"),
    decided: text(
        "{kommune} avslår søknaden fra {leverandor} (organisasjonsnummer {nummer}) om å bli godkjent som leverandør av tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} avslår søknaden frå {leverandor} (organisasjonsnummer {nummer}) om å bli godkjend som leverandør av tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: Some(text(
        "Dere kan søke på nytt så lenge tilbudet er kunngjort.",
        "De kan søkje på nytt så lenge tilbodet er kunngjort.",
    )),
};
const DISMISS: OutcomeText = OutcomeText {
    title: text("Vedtak: Søknaden er avvist", "Vedtak: Søknaden er avvist"),
    decided: text(
        "{kommune} avviser søknaden fra {leverandor} (organisasjonsnummer {nummer}) om å bli godkjent som leverandør av tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} avviser søknaden frå {leverandor} (organisasjonsnummer {nummer}) om å bli godkjend som leverandør av tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: Some(text(
        "Vi har ikke tatt stilling til om dere oppfyller kravene. Dere kan søke på nytt så lenge tilbudet er kunngjort.",
        "Vi har ikkje teke stilling til om de oppfyller krava. De kan søkje på nytt så lenge tilbodet er kunngjort.",
    )),
};
const REVOKE: OutcomeText = OutcomeText {
    title: text(
        "Vedtak: Godkjenningen er trukket tilbake",
        "Vedtak: Godkjenninga er trekt tilbake",
    ),
    decided: text(
        "{kommune} trekker tilbake godkjenningen av {leverandor} (organisasjonsnummer {nummer}) som leverandør av tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} trekkjer tilbake godkjenninga av {leverandor} (organisasjonsnummer {nummer}) som leverandør av tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: None,
};
const REVERSE: OutcomeText = OutcomeText {
    title: text(
        "Vedtak: Et tidligere vedtak er omgjort",
        "Vedtak: Eit tidlegare vedtak er gjort om",
    ),
    decided: text(
        "{kommune} omgjør vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} gjer om vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: None,
};
const DEFER: OutcomeText = OutcomeText {
    title: text("Vedtak: Iverksettingen er utsatt", "Vedtak: Iverksetjinga er utsett"),
    decided: text(
        "{kommune} utsetter iverksettingen av vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} utset iverksetjinga av vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: None,
};
const DO_NOT_DEFER: OutcomeText = OutcomeText {
    title: text("Vedtak: Iverksettingen er ikke utsatt", "Vedtak: Iverksetjinga er ikkje utsett"),
    decided: text(
        "{kommune} utsetter ikke iverksettingen av vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "{kommune} utset ikkje iverksetjinga av vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: Some(text("Vedtak {vedtak} gjelder som før.", "Vedtak {vedtak} gjeld som før.")),
};
const APPEAL_LATE: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "Klagen på vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg er avvist, fordi den kom for sent.",
        "Klaga på vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval er avvist, fordi ho kom for seint.",
    ),
    then: Some(text(
        "Vedtaket det ble klaget på, gjelder fortsatt.",
        "Vedtaket det blei klaga på, gjeld framleis.",
    )),
};
const APPEAL_DISMISSED: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "Klagen på vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg er avvist, fordi vilkårene for å behandle den ikke er oppfylt.",
        "Klaga på vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval er avvist, fordi vilkåra for å behandle ho ikkje er oppfylte.",
    ),
    then: Some(text(
        "Vedtaket det ble klaget på, gjelder fortsatt.",
        "Vedtaket det blei klaga på, gjeld framleis.",
    )),
};
const APPEAL_IN_FAVOUR: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "{kommune} endrer vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg etter klagen.",
        "{kommune} endrar vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval etter klaga.",
    ),
    then: None,
};
const APPEAL_UPHELD: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "Klagen på vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg har ikke ført fram.",
        "Klaga på vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval har ikkje ført fram.",
    ),
    then: Some(text(
        "Vedtaket det ble klaget på, står fast.",
        "Vedtaket det blei klaga på, står fast.",
    )),
};
const APPEAL_CHANGED: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "Klageinstansen har endret vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "Klageinstansen har endra vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: None,
};
const APPEAL_ANNULLED: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "Klageinstansen har opphevet vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg.",
        "Klageinstansen har oppheva vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval.",
    ),
    then: Some(text(
        "Saken er sendt tilbake til oss, og vi behandler den på nytt.",
        "Saka er send tilbake til oss, og vi behandlar ho på nytt.",
    )),
};

const ANNULLED_BY_US: OutcomeText = OutcomeText {
    title: text("Vedtak i klagesaken", "Vedtak i klagesaka"),
    decided: text(
        "{kommune} har opphevet sitt eget vedtak {vedtak} av {vedtaksdag} i saken om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}» i ordningen med fritt brukervalg etter klagen.",
        "{kommune} har oppheva sitt eige vedtak {vedtak} av {vedtaksdag} i saka om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}» i ordninga med fritt brukarval etter klaga.",
    ),
    then: Some(text("Vi behandler saken på nytt.", "Vi behandlar saka på nytt.")),
};

const COSTS_GRANTED: OutcomeText = OutcomeText {
    title: text("Vedtak: Sakskostnader blir dekket", "Vedtak: Sakskostnader blir dekte"),
    decided: text(
        "Kravet fra {leverandor} (organisasjonsnummer {nummer}) om å få dekket sakskostnader i saken om tjenesten «{tjeneste}» i ordningen med fritt brukervalg er helt eller delvis innvilget.",
        "Kravet frå {leverandor} (organisasjonsnummer {nummer}) om å få dekt sakskostnader i saka om tenesta «{tjeneste}» i ordninga med fritt brukarval er heilt eller delvis innvilga.",
    ),
    then: None,
};
const COSTS_REFUSED: OutcomeText = OutcomeText {
    title: text("Vedtak: Sakskostnader blir ikke dekket", "Vedtak: Sakskostnader blir ikkje dekte"),
    decided: text(
        "Kravet fra {leverandor} (organisasjonsnummer {nummer}) om å få dekket sakskostnader i saken om tjenesten «{tjeneste}» i ordningen med fritt brukervalg er avslått.",
        "Kravet frå {leverandor} (organisasjonsnummer {nummer}) om å få dekt sakskostnader i saka om tenesta «{tjeneste}» i ordninga med fritt brukarval er avslått.",
    ),
    then: None,
};

/// Why an application was dismissed.
pub(super) const fn formal(ground: FormalGround) -> BilingualText {
    match ground {
        FormalGround::WrongBody => ruled(
            "Søknaden er sendt til feil organ{lov}.",
            "Søknaden er send til feil organ{lov}.",
            &[Defects],
        ),
        FormalGround::NotMended => ruled(
            "Vi ba dere rette mangler ved søknaden, men de ble ikke rettet innen fristen{lov}.",
            "Vi bad dykk rette manglar ved søknaden, men dei blei ikkje retta innan fristen{lov}.",
            &[Defects],
        ),
        FormalGround::NoLegalCapacity => text(
            "Den som har signert søknaden, kan ikke binde søkeren.",
            "Den som har signert søknaden, kan ikkje binde søkjaren.",
        ),
    }
}

/// The legal basis of a reversal.
pub(super) const fn reversal(ground: ReversalGround) -> BilingualText {
    match ground {
        ReversalGround::NoHarm => ruled(
            "Omgjøringen er ikke til skade for noen som vedtaket gjelder{lov}.",
            "Omgjeringa er ikkje til skade for nokon som vedtaket gjeld{lov}.",
            &[Reversal],
        ),
        ReversalGround::NotArrived => ruled(
            "Det tidligere vedtaket var verken kommet fram eller kunngjort{lov}.",
            "Det tidlegare vedtaket var verken kome fram eller kunngjort{lov}.",
            &[Reversal],
        ),
        ReversalGround::Invalid => ruled(
            "Det tidligere vedtaket er ugyldig{lov}.",
            "Det tidlegare vedtaket er ugyldig{lov}.",
            &[Invalidity],
        ),
        ReversalGround::TermsOfDecision => ruled(
            "Det tidligere vedtaket åpner selv for at det kan omgjøres{lov}.",
            "Det tidlegare vedtaket opnar sjølv for at det kan gjerast om{lov}.",
            &[Reversal],
        ),
    }
}

/// Why the lower body dismissed an appeal.
pub(super) const fn dismissal(ground: DismissalGround) -> BilingualText {
    match ground {
        DismissalGround::Late => ruled(
            "Klagen kom for sent, og det er ikke grunnlag for å behandle den likevel{lov}.",
            "Klaga kom for seint, og det er ikkje grunnlag for å behandle ho likevel{lov}.",
            &[LateAppeal],
        ),
        DismissalGround::NoLegalInterest => ruled(
            "Klageren har ikke rett til å klage på vedtaket{lov}.",
            "Klagaren har ikkje rett til å klage på vedtaket{lov}.",
            &[WhoMayAppeal],
        ),
        DismissalGround::NotMended => ruled(
            "Klagen hadde mangler som ikke ble rettet innen fristen{lov}.",
            "Klaga hadde manglar som ikkje blei retta innan fristen{lov}.",
            &[FormOfAppeal],
        ),
    }
}
