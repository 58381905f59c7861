//! Texts of each step of a calculation, for people.

use crate::domain::compensation::{consequence::ConsequenceStep, unit_cost::UnitCostStep};

pub(super) const KRONER: &str = "kroner";
pub(super) const HOURS: &str = "hours";

/// Text of a step.
pub(super) trait StepText: Copy {
    /// Its stable name.
    fn name(self) -> &'static str;
    /// Unit of its result.
    fn unit(self) -> &'static str;
    /// Its formula in bokmål, nynorsk and English.
    fn words(self) -> [&'static str; 3];
}

impl StepText for UnitCostStep {
    fn name(self) -> &'static str {
        self.as_str()
    }

    fn unit(self) -> &'static str {
        KRONER
    }

    fn words(self) -> [&'static str; 3] {
        match self {
            Self::FixedPay => [
                "Andelen til hver gruppe ganger gruppens faste lønn, lagt sammen",
                "Delen til kvar gruppe gonger den faste løna til gruppa, lagt saman",
                "Each group's share times its fixed pay, added up",
            ],
            Self::VariablePay => [
                "Andelen til hver gruppe ganger gruppens tillegg, lagt sammen",
                "Delen til kvar gruppe gonger tillegga til gruppa, lagt saman",
                "Each group's share times its variable pay, added up",
            ],
            Self::Pay => {
                ["Fast lønn pluss tillegg", "Fast løn pluss tillegg", "Fixed pay plus variable pay"]
            }
            Self::SocialCosts => [
                "Lønn ganger andelen for sosiale kostnader",
                "Løn gonger delen for sosiale kostnader",
                "Pay times the share for social costs",
            ],
            Self::WorkingHour => [
                "Lønn pluss sosiale kostnader: en time arbeidstid",
                "Løn pluss sosiale kostnader: ein time arbeidstid",
                "Pay plus social costs: an hour of working time",
            ],
            Self::FaceToFaceHour => [
                "En time arbeidstid delt på andelen av arbeidstiden hos bruker",
                "Ein time arbeidstid delt på delen av arbeidstida hos brukar",
                "An hour of working time divided by the share of it spent with users",
            ],
            Self::Consumables => [
                "Forbruksmateriell per time, som oppgitt",
                "Forbruksmateriell per time, som oppgjeve",
                "Consumables for an hour, as given",
            ],
            Self::Transport => [
                "Transport per time, som oppgitt",
                "Transport per time, som oppgjeve",
                "Transport for an hour, as given",
            ],
            Self::Base => [
                "Timen hos bruker pluss forbruksmateriell og transport",
                "Timen hos brukar pluss forbruksmateriell og transport",
                "The hour with the user plus consumables and transport",
            ],
            Self::ExactPriceOfTotal => [
                "Grunnlaget delt på én minus andelen til overhead",
                "Grunnlaget delt på éin minus delen til overhead",
                "The base divided by one minus the overhead share",
            ],
            Self::ExactPriceOfBase => [
                "Grunnlaget ganger én pluss andelen til overhead",
                "Grunnlaget gonger éin pluss delen til overhead",
                "The base times one plus the overhead share",
            ],
            Self::Overhead => [
                "Prisen før avrunding minus grunnlaget",
                "Prisen før avrunding minus grunnlaget",
                "The price before rounding minus the base",
            ],
            Self::Price => [
                "Prisen, avrundet til hele kroner",
                "Prisen, runda av til heile kroner",
                "The price, rounded to whole kroner",
            ],
            Self::AddOn => [
                "Overhead, avrundet til hele kroner",
                "Overhead, runda av til heile kroner",
                "The overhead, rounded to whole kroner",
            ],
        }
    }
}

impl StepText for ConsequenceStep {
    fn name(self) -> &'static str {
        self.as_str()
    }

    fn unit(self) -> &'static str {
        match self {
            Self::PrivateHours | Self::HoursPerUser => HOURS,
            Self::AddOn | Self::Cost | Self::ComparisonCost | Self::Difference | Self::Total => {
                KRONER
            }
        }
    }

    fn words(self) -> [&'static str; 3] {
        match self {
            Self::PrivateHours => [
                "Vedtakstimer ganger andelen hos private; avrundes ikke",
                "Vedtakstimar gonger delen hos private; blir ikkje runda av",
                "Decided hours times the private share; not rounded",
            ],
            Self::AddOn => [
                "Prisen for en time minus egen kostnad for en time",
                "Prisen for ein time minus eigen kostnad for ein time",
                "The price of an hour minus the own cost of an hour",
            ],
            Self::Cost => [
                "Påslaget ganger timene hos private",
                "Påslaget gonger timane hos private",
                "The add-on times the private hours",
            ],
            Self::ComparisonCost => [
                "Sammenligningsprisen minus egen kostnad, ganger timene hos private",
                "Samanlikningsprisen minus eigen kostnad, gonger timane hos private",
                "The comparison price minus the own cost, times the private hours",
            ],
            Self::Difference => [
                "Sammenligningsprisen minus prisen, ganger timene hos private",
                "Samanlikningsprisen minus prisen, gonger timane hos private",
                "The comparison price minus the price, times the private hours",
            ],
            Self::Total => [
                "Kostnaden pluss økt administrasjon",
                "Kostnaden pluss auka administrasjon",
                "The cost plus more administration",
            ],
            Self::HoursPerUser => [
                "Vedtakstimer delt på antall brukere",
                "Vedtakstimar delt på talet på brukarar",
                "Decided hours divided by the number of users",
            ],
        }
    }
}
