//! The JSON forms of a case file: receipt, impartiality, requests for completion, assessment.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use utoipa::PartialSchema;

use super::form::{Form, Schema, form, scalars::keyword_forms};
use crate::domain::{
    application::{
        AssessmentLine, Case, CriterionFinding, CriterionOutcome, Receipt,
        age::Age,
        completion::{Completion, Missing},
        disclosure::{ApplicantComment, Disclosure},
        preliminary::PreliminaryAnswer,
    },
    offering::{
        VersionNumber,
        content::{AdmissionRound, AgeReference},
        intake::RoundPlace,
    },
    role::Actor,
    rules::{
        ground::{Grounded, RefusalGround},
        impartiality::Impartiality,
        notification::Notification,
    },
    validation::ValidationErrors,
    values::{
        ids::{EvidenceId, LateAccessId},
        text::{Code, Line, Note, Prose},
        time::Instant,
    },
};

keyword_forms!(CriterionOutcome);

impl Form for VersionNumber {
    fn parse(value: &serde_json::Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        i32::parse(value, at, errors).map(Self)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }

    fn schema() -> Schema {
        <i32 as PartialSchema>::schema()
    }
}

form! {
    /// One round of admission.
    #[form(name = "Round", closed)]
    struct AdmissionRound {
        /// The last instant that is in time.
        cut_off: Instant,
        /// The day on which those approved in it can begin.
        starts_on: NaiveDate,
    }
}

form! {
    /// The round of an application.
    #[form(name = "ApplicationRound")]
    struct RoundPlace {
        #[form(flatten)]
        round: AdmissionRound,
        /// The public grant that opened it again after its cut-off.
        #[form(name = "lateAccessId")]
        late_access: Option<LateAccessId>,
    }
}

form! {
    /// The receipt (eForvaltningsforskriften § 6).
    #[form(example({
        "reference": "4204-2026-S1", "receivedAt": "2026-03-12T09:00:00Z", "version": 1,
        "round": {"cutOff": "2026-05-01T21:59:59Z", "startsOn": "2026-06-01"}
    }))]
    struct Receipt {
        /// The reference of the case.
        reference: Line,
        /// When it was received.
        received_at: Instant,
        /// The version of the offering that was in force then, which is pinned.
        version: VersionNumber,
        /// The round that it was counted into, where the intake is in rounds.
        #[form(name = "round")]
        place: Option<RoundPlace>,
    }
}

form! {
    /// A closed line of the assessment.
    #[form(name = "AssessmentLine")]
    struct AssessmentLine {
        /// How a line is closed.
        outcome: CriterionOutcome,
        /// Why.
        note: Note,
        /// The case worker.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// The finding on one criterion when a decision is changed.
    #[form(name = "Finding", closed, example({
        "criterion": "contingency-plan", "outcome": "met", "note": "Vedlegg 4."
    }))]
    struct CriterionFinding {
        /// Code of the criterion.
        criterion: Code,
        /// How a line is closed.
        outcome: CriterionOutcome,
        /// Why.
        note: Note,
    }
}

form! {
    /// One requested item.
    #[form(name = "MissingItem", closed, example({
        "criterion": "tax-certificate", "note": "Attesten er eldre enn seks måneder."
    }))]
    struct Missing {
        /// The criterion that it concerns.
        criterion: Code,
        /// The defect.
        note: Note,
    }
}

form! {
    /// A request for completion (forvaltningsloven § 11, eForvaltningsforskriften § 7).
    #[form(name = "CompletionRequest")]
    struct Completion {
        /// The requested items.
        missing: Vec<Missing>,
        /// Its notification and read receipts.
        notification: Notification,
        /// The case worker.
        sent_by: Actor,
        /// Last day to answer. It moves on with a late notice.
        deadline: NaiveDate,
        /// Time of the provider's answer.
        answered_at: Option<Instant>,
    }
}

form! {
    /// The applicant's comment.
    struct ApplicantComment {
        /// The text.
        text: Prose,
        /// When.
        at: Instant,
        /// The sender.
        by: Actor,
    }
}

form! {
    /// Information from others that was put to the applicant (forvaltningsloven § 17 second paragraph).
    struct Disclosure {
        /// The grounds that it may carry, each with the information.
        grounds: Vec<Grounded<RefusalGround>>,
        /// Where the information comes from.
        source: Line,
        /// Its notification and read receipts.
        notification: Notification,
        /// The case worker.
        sent_by: Actor,
        /// Last day to comment. It moves on with a late notice.
        deadline: NaiveDate,
        /// The applicant's comment.
        comment: Option<ApplicantComment>,
    }
}

form! {
    /// The municipality's case file on an application.
    #[form(name = "CaseFile")]
    struct Case {
        /// The receipt.
        receipt: Receipt,
        /// The newer version requested by the applicant.
        newer_version: Option<VersionNumber>,
        /// When the offering announced, at the submission, that it would be decided.
        announced_for: Option<NaiveDate>,
        #[form(flatten)]
        impartiality: Impartiality,
        /// Preliminary answers in the order in which they were sent.
        #[form(default)]
        preliminary_answers: Vec<PreliminaryAnswer>,
        /// Requests for completion in the order in which they were sent.
        #[form(default)]
        completions: Vec<Completion>,
        /// Information from others that was put to the applicant, in the order in which it was sent.
        #[form(default)]
        disclosures: Vec<Disclosure>,
        /// Closed lines by criterion.
        lines: BTreeMap<Code, AssessmentLine>,
        /// Keys of all people who ever closed a line or asked for completion.
        #[form(default)]
        assessors: BTreeSet<Line>,
    }
}

form! {
    /// Age of evidence compared with the maximum age of its criterion.
    #[form(name = "EvidenceAge")]
    struct Age {
        /// The evidence.
        #[form(name = "evidenceId")]
        evidence: EvidenceId,
        /// The criterion that it supports.
        criterion: Code,
        /// The reference day of the age.
        counted_to: AgeReference,
        /// The first day of issue that is young enough.
        not_before: NaiveDate,
        /// Issued before that day. Nothing is decided by it.
        too_old: bool,
    }
}
