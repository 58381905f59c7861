//! Parsing part 5: the domain value, or every error with its location.

use super::{BandForm, CompensationForm, EXTRAS, ExtraForm, HoursForm, LaterBandsForm, WEEKDAYS};
use crate::{
    domain::{
        compensation::{
            band::{Band, Bands, Clock, HolyDays, Hours, WEEK},
            division::Divisions,
            extra::{Extra, Extras},
            number::Share,
        },
        offering::content::{Compensation, Vat},
        validation::ValidationErrors,
        values::{
            text::{Code, Line},
            time::parse_day,
        },
    },
    json::{each, one_of},
};

/// The name of the default band.
const ALL: (&str, &str) = ("all", "Hele tiden");

impl CompensationForm {
    /// Part 5, or all missing and invalid fields.
    /// [`Content::new`](crate::domain::offering::content::Content::new) checks the lines against each other.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Compensation> {
        let first = bands(f, at, &self.hours, &self.bands);
        let later = each(f, &format!("{at}/laterBands"), &self.later_bands, |f, at, form| {
            let from = f.collect(&format!("{at}/from"), parse_day(&form.from));
            let bands = form.read(f, at);
            Some((from?, bands?))
        });
        if self.lines.is_empty() {
            f.missing(format!("{at}/lines"), "Fix the compensation: at least one line.");
        }
        let rates = each(f, &format!("{at}/lines"), &self.lines, |f, at, line| line.read(f, at));
        let extras = self.extras(f, at);
        let divisions = Divisions::new(first?, later?);
        let divisions = f.collect(&format!("{at}/laterBands"), divisions);
        Some(Compensation { divisions: divisions?, rates: rates?, extras: extras? })
    }

    fn extras(&self, f: &mut ValidationErrors, at: &str) -> Option<Extras> {
        let mut extra = |field: &str, form: &Option<ExtraForm>| {
            let at = format!("{at}/{field}");
            f.require(&at, form.as_ref()).and_then(|form| form.read(f, &at))
        };
        let call_out = extra("callOut", &self.call_out);
        let wasted_trip = extra("wastedTrip", &self.wasted_trip);
        let stand_by = extra("standBy", &self.stand_by);
        let extras = Extras::new(call_out?, wasted_trip?, stand_by?);
        f.collect(&format!("{at}/standBy"), extras)
    }
}

impl LaterBandsForm {
    /// The bands.
    pub fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Bands> {
        bands(f, at, &self.hours, &self.bands)
    }
}

fn bands(
    f: &mut ValidationErrors,
    at: &str,
    hours: &[HoursForm],
    bands: &[BandForm],
) -> Option<Bands> {
    let hours = rules(f, &format!("{at}/hours"), hours);
    let named = each(f, &format!("{at}/bands"), bands, |f, at, band| {
        let code = f.collect(&format!("{at}/code"), Code::parse(&band.code));
        let name = f.collect(&format!("{at}/name"), Line::parse(&band.name));
        let rules = rules(f, &format!("{at}/rules"), &band.rules);
        Some(Band { code: code?, name: name?, rules: rules? })
    });
    let (mut hours, mut bands) = (hours?, named?);
    if bands.is_empty() {
        if hours.is_empty() {
            hours.push(Hours::round_the_clock());
        }
        let (code, name) = (Code::parse(ALL.0).ok()?, Line::parse(ALL.1).ok()?);
        bands.push(Band { code, name, rules: hours.clone() });
    }
    Bands::new(hours, bands).map_err(|errors| f.extend(errors.under(at))).ok()
}

fn rules(f: &mut ValidationErrors, at: &str, forms: &[HoursForm]) -> Option<Vec<Hours>> {
    each(f, at, forms, |f, at, form| form.read(f, at))
}

impl HoursForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Hours> {
        let days = each(f, &format!("{at}/weekdays"), &self.weekdays, |f, at, value| {
            let name = f.collect(at, one_of(value, &WEEKDAYS, |name| name))?;
            WEEKDAYS.iter().zip(WEEK).find(|(known, _)| **known == name).map(|(_, day)| day)
        });
        let holy_days = one_of(&self.holy_days, &HolyDays::ALL, HolyDays::as_str);
        let holy_days = f.collect(&format!("{at}/holyDays"), holy_days);
        let from = f.collect(&format!("{at}/from"), Clock::parse(&self.from));
        let to = f.collect(&format!("{at}/to"), Clock::parse(&self.to));
        let mut days = days?;
        if days.is_empty() {
            days.extend(WEEK);
        }
        f.collect(at, Hours::new(&days, holy_days?, from?, to?))
    }
}

impl ExtraForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Extra> {
        let kind = f.collect(&format!("{at}/kind"), one_of(&self.kind, &EXTRAS, |name| name))?;
        let is_amount = matches!(kind, "each-time" | "each-hour");
        for (field, is_there, belongs) in [
            ("amount", self.amount.is_some(), is_amount),
            ("vat", self.vat.is_some(), is_amount),
            ("share", self.share.is_some(), kind == "of-visit"),
        ] {
            let detail = format!("‘{field}’ does not belong to {kind}: leave it out.");
            f.unexpected(format!("{at}/{field}"), is_there && !belongs, &detail);
        }
        match kind {
            "nothing" => Some(Extra::Nothing),
            "of-visit" => {
                let share = f.parse(&format!("{at}/share"), self.share.as_ref(), Share::parse);
                share.map(Extra::OfVisit)
            }
            _ => {
                let amount = format!("{at}/amount");
                let amount =
                    f.require(&amount, self.amount.as_ref()).and_then(|form| form.read(f, &amount));
                let vat = f.parse(&format!("{at}/vat"), self.vat.as_ref(), |value| {
                    one_of(value, &Vat::ALL, Vat::as_str)
                });
                let (amount, vat) = (amount?, vat?);
                Some(match kind {
                    "each-hour" => Extra::EachHour { amount, vat },
                    _ => Extra::EachTime { amount, vat },
                })
            }
        }
    }
}
