//! Procedural regime: the Public Administration Act (forvaltningslov) that governs a case, and the section of
//! each rule in it.

use chrono::NaiveDate;

keywords! {
    /// The Public Administration Act that governs the procedure.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Regime {
        /// Forvaltningsloven of 10 February 1967.
        Fvl1967 = "fvl-1967",
        /// Forvaltningsloven of 20 June 2025 no. 81, adopted without a day of commencement.
        Fvl2025 = "fvl-2025",
    }
}

impl Regime {
    /// The sections of some themes, by statute in the given order, each section once: `§ 29`, `§§ 28, 29 og
    /// 32`. The words are the same in bokmål and nynorsk.
    #[must_use]
    pub fn cite(self, themes: &[Theme]) -> Vec<(Statute, String)> {
        let mut cited: Vec<(Statute, Vec<&str>)> = Vec::new();
        for Provision { statute, sections } in themes.iter().map(|theme| theme.under(self)) {
            for section in sections {
                match cited.iter_mut().find(|(known, _)| *known == statute) {
                    Some((_, known)) if known.contains(section) => {}
                    Some((_, known)) => known.push(section),
                    None => cited.push((statute, vec![section])),
                }
            }
        }
        cited.into_iter().map(|(statute, sections)| (statute, listed(&sections))).collect()
    }

    /// The regime of a case that began on `day`: the Act of 2025 from its commencement on, never without a
    /// date. A case keeps the Act of its first day.
    #[must_use]
    pub fn on(day: NaiveDate, commencement: Option<NaiveDate>) -> Self {
        match commencement {
            Some(first) if day >= first => Self::Fvl2025,
            _ => Self::Fvl1967,
        }
    }
}

fn listed(sections: &[&str]) -> String {
    match sections {
        [one] if !one.contains('–') => format!("§ {one}"),
        [first @ .., last] if !first.is_empty() => format!("§§ {} og {last}", first.join(", ")),
        some => format!("§§ {}", some.concat()),
    }
}

/// Statute of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statute {
    /// Forvaltningsloven: the Act named by the regime.
    Act,
    /// eForvaltningsforskriften (FOR-2004-06-25-988), issued under the Act of 1967.
    ElectronicCommunication,
}

/// Where to read a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provision {
    /// The Act or regulation.
    pub statute: Statute,
    /// Its sections, each a number or a range such as `46–50`; none where the rule is unwritten.
    pub sections: &'static [&'static str],
}

/// Generates the themes from one list: the enum, its variants, and the sections in both Acts.
macro_rules! themes {
    ($($(#[$doc:meta])* $theme:ident: $old:ident [$($before:literal),*], $new:ident [$($after:literal),*];)+) => {
        /// Subject of a rule of procedure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Theme {
            $($(#[$doc])* $theme,)+
        }

        impl Theme {
            /// Every theme.
            pub const ALL: &[Self] = &[$(Self::$theme),+];

            /// The provision under a regime.
            #[must_use]
            pub const fn under(self, regime: Regime) -> Provision {
                match (self, regime) {
                    $(
                        (Self::$theme, Regime::Fvl1967) =>
                            Provision { statute: Statute::$old, sections: &[$($before),*] },
                        (Self::$theme, Regime::Fvl2025) =>
                            Provision { statute: Statute::$new, sections: &[$($after),*] },
                    )+
                }
            }
        }
    };
}

themes! {
    /// Habilitet.
    Impartiality: Act ["6", "8", "10"], Act ["25–29"];
    /// Veiledning.
    Guidance: Act ["11"], Act ["14–16"];
    /// Mangler ved en henvendelse: message, guidance and a deadline.
    Defects: Act ["11"], Act ["16"];
    /// Saksbehandlingstid and foreløpig svar.
    ProcessingTime: Act ["11 a"], Act ["17"];
    /// Bekreftelse på mottak.
    Receipt: ElectronicCommunication ["6"], Act ["10"];
    /// Forretningshemmeligheter.
    TradeSecrets: Act ["13"], Act ["32"];
    /// Forhåndsvarsel.
    PriorNotice: Act ["16"], Act ["42"];
    /// Utredningsplikt.
    Investigation: Act ["17"], Act ["43", "44"];
    /// Partsinnsyn.
    Access: Act ["18", "19"], Act ["46–50"];
    /// Vedtakets form.
    Form: Act ["23"], Act ["55"];
    /// Begrunnelse, and the right to demand it.
    Reasons: Act ["24"], Act ["56"];
    /// Begrunnelsens innhold.
    ContentOfReasons: Act ["25"], Act ["57"];
    /// Underretning om vedtaket.
    Notification: Act ["27"], Act ["58", "59"];
    /// When an electronic message has arrived.
    ElectronicArrival: ElectronicCommunication ["8", "11"], Act ["63"];
    /// Vilkår for å reise søksmål.
    CourtCondition: Act ["27 b"], Act ["60"];
    /// Klageinstans.
    AppealBody: Act ["28"], Act ["62"];
    /// Klagerett.
    WhoMayAppeal: Act ["28"], Act ["61"];
    /// Klagefrist.
    AppealDeadline: Act ["29"], Act ["63"];
    /// Når en klage er framsatt i tide.
    AppealInTime: Act ["30"], Act ["64"];
    /// Oversitting av klagefristen.
    LateAppeal: Act ["31"], Act ["65"];
    /// Klagens form og innhold.
    FormOfAppeal: Act ["32"], Act ["66"];
    /// Underinstansens behandling av klagen.
    LowerBody: Act ["33"], Act ["67"];
    /// Klageinstansens kompetanse.
    AppealPower: Act ["34"], Act ["68"];
    /// Klageinstansens vedtak cannot be appealed further.
    AppealDecision: Act ["28"], Act ["61"];
    /// Omgjøring uten klage.
    Reversal: Act ["35"], Act ["71"];
    /// Correction of errors; unwritten until the Act of 2025.
    Correction: Act [], Act ["70"];
    /// Ugyldighet.
    Invalidity: Act ["35"], Act ["74"];
    /// Utsatt iverksetting.
    Deferral: Act ["42"], Act ["75", "76"];
    /// Sakskostnader.
    Costs: Act ["36"], Act ["69"];
    /// Rettighetstap.
    LossOfRight: Act ["45"], Act ["80"];
}

#[cfg(test)]
mod tests;
