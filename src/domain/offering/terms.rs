//! Enumerations of an offering's terms.

use chrono::NaiveDate;

use crate::domain::values::time::{Period, STAND_STILL, STAND_STILL_ON_PAPER, deadline_day};

keywords! {
    /// Legal basis of the arrangement. It determines the duties.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LegalBasis {
        /// helse- og omsorgstjenesteloven § 3-11, in force 1 September 2021 to 9 June 2022.
        Act311 = "hol-3-11",
        /// helse- og omsorgstjenesteloven § 3-1 last paragraph, open to all who qualify.
        Act31OpenToAll = "hol-3-1-open-to-all",
        /// anskaffelsesforskriften § 30-1 fourth paragraph, award by user choice.
        ProcurementUserChoice = "foa-30-1-user-choice",
        /// Tjenestekonsesjon.
        Concession = "concession",
        /// Rammeavtale.
        FrameworkAgreement = "framework-agreement",
    }
}

/// How long no contract is signed after a decision, and the provisions that say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandStillRule {
    /// At least this many days from the day after the dispatch, until the end of a working day.
    pub days: u16,
    /// The sections, in Norwegian.
    pub rules: &'static str,
}

impl LegalBasis {
    /// Whether everyone who qualifies is admitted while it runs: no maximum of providers, and never closed to
    /// new ones (helse- og omsorgstjenesteloven § 3-11 first paragraph, as it was; § 3-1 open to all by choice
    /// of the municipality).
    #[must_use]
    pub const fn is_open_to_all(self) -> bool {
        matches!(self, Self::Act311 | Self::Act31OpenToAll)
    }

    /// What it rests on, in bokmål and nynorsk.
    #[must_use]
    pub const fn citations(self) -> (&'static str, &'static str) {
        match self {
            Self::Act311 => {
                ("helse- og omsorgstjenesteloven § 3-11", "helse- og omsorgstenestelova § 3-11")
            }
            Self::Act31OpenToAll => (
                "helse- og omsorgstjenesteloven § 3-1 siste ledd",
                "helse- og omsorgstenestelova § 3-1 siste ledd",
            ),
            Self::ProcurementUserChoice => (
                "anskaffelsesforskriften § 30-1 fjerde ledd",
                "anskaffelsesforskrifta § 30-1 fjerde ledd",
            ),
            Self::Concession => ("konsesjonskontraktforskriften", "konsesjonskontraktforskrifta"),
            Self::FrameworkAgreement => (
                "rammeavtale etter anskaffelsesforskriften",
                "rammeavtale etter anskaffelsesforskrifta",
            ),
        }
    }

    /// The last day of the stand-still after a decision dispatched on a day: at least ten days from the day
    /// after, fifteen if not electronic (anskaffelsesforskriften § 30-9, konsesjonskontraktforskriften § 14-6); it ends on a working day (§ 7-6, and article 3
    /// no. 4 of FOR-1992-12-04-910).
    #[must_use]
    pub fn stand_still(self, dispatched: NaiveDate, electronic: bool) -> Option<NaiveDate> {
        self.stand_still_period(electronic).map(|period| deadline_day(dispatched, period))
    }

    /// How long the stand-still is at least, where there is one.
    #[must_use]
    pub fn stand_still_period(self, electronic: bool) -> Option<Period> {
        let period = if electronic { STAND_STILL } else { STAND_STILL_ON_PAPER };
        (!self.is_open_to_all()).then_some(period)
    }

    /// The stand-still that the message of a decision tells of (anskaffelsesforskriften § 30-8 first paragraph, § 30-9;
    /// konsesjonskontraktforskriften, FOR-2016-08-12-976, §§ 14-5 and 14-6).
    #[must_use]
    pub fn stand_still_rule(self, electronic: bool) -> Option<StandStillRule> {
        let rules = match self {
            Self::Act311 | Self::Act31OpenToAll => return None,
            Self::ProcurementUserChoice | Self::FrameworkAgreement => {
                "anskaffelsesforskriften §§ 30-8 og 30-9"
            }
            Self::Concession => "konsesjonskontraktforskriften §§ 14-5 og 14-6",
        };
        Some(StandStillRule { days: if electronic { 10 } else { 15 }, rules })
    }

    /// Whether it is announced continuously, without a last day to apply (§ 3-11 first paragraph). A
    /// municipality that is open to all under § 3-1 may admit by rounds.
    #[must_use]
    pub const fn runs_continuously(self) -> bool {
        matches!(self, Self::Act311)
    }

    /// Whether something new can rest on it on that day.
    #[must_use]
    pub fn in_force(self, day: NaiveDate) -> bool {
        let between = |from: Option<NaiveDate>, until: Option<NaiveDate>| {
            from.is_some_and(|from| from <= day) && until.is_some_and(|until| day < until)
        };
        match self {
            Self::Act311 => {
                between(NaiveDate::from_ymd_opt(2021, 9, 1), NaiveDate::from_ymd_opt(2022, 6, 10))
            }
            _ => true,
        }
    }
}

keywords! {
    /// Reference day of the age of evidence.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum AgeReference {
        /// The instant the application is received.
        Received = "received",
        /// The cut-off of the round (anskaffelsesforskriften § 7-2).
        RoundCutoff = "round-cutoff",
        /// The day the decision is notified (anskaffelsesloven § 5l).
        DecisionNotified = "decision-notified",
        /// The day a person is offered a post (helse- og omsorgstjenesteloven § 5-4).
        Hiring = "hiring",
    }
}

keywords! {
    /// Basis of the payment.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Settlement {
        /// Vedtakstid: the time that was decided.
        DecidedTime = "decided-time",
        /// Utført tid: the time that was performed.
        PerformedTime = "performed-time",
    }
}

keywords! {
    /// How value added tax is treated; stored, never assumed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Vat {
        Exempt = "exempt",
        Included = "included",
        Excluded = "excluded",
    }
}
