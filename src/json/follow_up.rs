//! The JSON form of a follow-up, for storage, requests and views.

use chrono::NaiveDate;

use super::form::{
    Components, Form, Object, ObjectForm, ObjectSchema, SerializeMap, form, put,
    scalars::keyword_forms,
};
use crate::domain::{
    follow_up::{
        Assessment, BusinessRegisterEntry, Deviation, DeviationCorrection, FollowUp, FollowUpKind,
        FollowUpStatus, FoundDeviation, Origin, Report, State,
    },
    message::fields,
    role::Actor,
    validation::ValidationErrors,
    values::{
        ids::{ApprovalId, FollowUpId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Prose},
        time::Instant,
    },
};

keyword_forms!(BusinessRegisterEntry, FollowUpStatus);

form! {
    /// Kind of follow-up.
    #[form(tag = "kind", name = "FollowUpMatter")]
    enum FollowUpKind {
        YearlyReview,
        Inspection,
        SpotCheck,
        Survey,
        Meeting,
        DocumentReview,
        AuthorityFinding {
            /// The authority that has found a breach, for `authority-finding`.
            authority: Line,
            /// The authority's reference.
            reference: Line,
            on: NaiveDate,
        },
        RegisterFlag {
            /// The entry in Enhetsregisteret, for `register-flag`.
            entry: BusinessRegisterEntry,
            /// The day of the finding or the entry.
            on: NaiveDate,
        },
    }
}

form! {
    /// A deviation as it was found.
    #[form(name = "FoundDeviation", closed, example({
        "facts": "To besøk ble ikke utført.", "breaks": "Kontrakten punkt 4", "deadline": "2026-06-01"
    }))]
    struct FoundDeviation {
        /// The finding.
        facts: Prose,
        /// The clause of the terms or the criterion that it breaks.
        breaks: Line,
        /// The last day to correct it.
        deadline: NaiveDate,
    }
}

form! {
    /// Whether a correction is enough.
    #[form(name = "CorrectionAssessment")]
    struct Assessment {
        /// It is.
        accepted: bool,
        /// Why, or why not.
        note: Prose,
        /// When.
        at: Instant,
        /// The case worker.
        by: Actor,
    }
}

form! {
    /// The provider's correction of a deviation.
    #[form(name = "DeviationCorrection")]
    struct DeviationCorrection {
        /// The correction.
        text: Prose,
        /// When it was reported.
        at: Instant,
        /// The sender.
        by: Actor,
        /// Whether it is enough, once it is assessed.
        assessment: Option<Assessment>,
    }
}

form! {
    /// A deviation and its corrections.
    struct Deviation {
        /// The finding.
        found: FoundDeviation,
        /// Corrections, the last one counts.
        corrections: Vec<DeviationCorrection>,
    }
}

form! {
    /// The finding.
    #[form(name = "FollowUpFindings")]
    struct Report {
        /// The day it was carried out.
        on: NaiveDate,
        /// Observations.
        findings: Prose,
        /// Deviations, in the order found.
        deviations: Vec<Deviation>,
        /// When it was reported.
        at: Instant,
        /// The reporter.
        by: Actor,
    }
}

/// The deviations.
#[derive(Form)]
#[form(name = "FollowUpReport")]
struct ReportAndConclusion {
    #[form(flatten)]
    report: Report,
    /// The conclusion, once it is closed.
    conclusion: Option<Prose>,
}

/// A report is under `report`, and its conclusion within it.
impl ObjectForm for State {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        Some(match object.field("report", errors)? {
            None => Self::Planned,
            Some(ReportAndConclusion { report, conclusion: None }) => Self::Reported(report),
            Some(ReportAndConclusion { report, conclusion: Some(text) }) => {
                Self::Closed(report, text)
            }
        })
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        let (report, conclusion) = match self.clone() {
            Self::Planned => return Ok(()),
            Self::Reported(report) => (report, None),
            Self::Closed(report, text) => (report, Some(text)),
        };
        put(object, "report", &ReportAndConclusion { report, conclusion })
    }

    fn names(names: &mut Vec<&'static str>) {
        names.push("report");
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        schema.field::<Option<ReportAndConclusion>>("report", "The finding.", true, None)
    }

    fn components(components: &mut Components) {
        <ReportAndConclusion as Form>::components(components);
    }
}

/// A follow-up is planned for a day or follows an incident.
impl ObjectForm for Origin {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        let detail = fields::unexpected_planned_and_incident();
        let both = object.has("plannedOn") && object.has("incident");
        errors.unexpected("/incident", both, detail);
        match (object.field("plannedOn", errors)?, object.field("incident", errors)?) {
            (Some(day), _) => Some(Self::Planned(day)),
            (None, Some(incident)) => Some(Self::Incident(incident)),
            (None, None) => {
                errors.missing("/plannedOn", fields::required_planned_or_incident());
                None
            }
        }
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Planned(day) => put(object, "plannedOn", day),
            Self::Incident(incident) => put(object, "incident", incident),
        }
    }

    fn names(names: &mut Vec<&'static str>) {
        names.extend(["plannedOn", "incident"]);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        let day = "The day for which it is planned; this or `incident`.";
        let schema = schema.field::<Option<NaiveDate>>("plannedOn", day, true, None);
        schema.field::<Option<Prose>>("incident", "The incident, if unplanned.", true, None)
    }

    fn components(_: &mut Components) {}
}

form! {
    /// A follow-up of an approval.
    struct FollowUp {
        /// Its id.
        id: FollowUpId,
        /// The approval.
        #[form(name = "approvalId")]
        approval: ApprovalId,
        /// The municipality's number.
        municipality: MunicipalityNumber,
        /// The provider's organisation number.
        provider: OrganisationNumber,
        /// State.
        #[form(computed, name = "state")]
        status: FollowUpStatus,
        #[form(flatten)]
        kind: FollowUpKind,
        #[form(flatten)]
        origin: Origin,
        /// When it was planned.
        planned_at: Instant,
        /// The planner.
        planned_by: Actor,
        #[form(flatten)]
        state: State,
        #[form(skip = Revision::FIRST)]
        revision: Revision,
    }
}
