//! Dossier: the provider compiles, submits and may withdraw it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Application, ApplicationCommand, ApplicationState, Case, FileConsent, Receipt,
    succession::Predecessor,
};
use crate::domain::{
    Change,
    error::{DomainError, Noun},
    event::EventKind,
    evidence::date_errors,
    message::fields,
    municipality::Contact,
    offering::{Open, content::OfferingContent, intake::Admission},
    role::ProviderUser,
    validation::ValidationErrors,
    values::{
        ids::{ApplicationId, ApprovalId, EvidenceId, Revision},
        text::{Code, Line, Prose},
        time::Instant,
    },
};

/// The kind of evidence that is never accepted as a file (helse- og omsorgstjenesteloven § 5-4: the certificate
/// stays with the employer; the registry records only the inspection of the routine).
pub const POLICE_CERTIFICATE: &str = "police-certificate";

/// The provider's answer to one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionAnswer {
    /// The provider's own statement on the criterion. A negative one decides nothing by itself.
    pub declared_met: bool,
    /// How.
    pub text: Option<Prose>,
}

/// Metadata of a file; the vault holds its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub file_name: Line,
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: i64,
}

/// Something that shows that a criterion is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    /// The criterion it supports.
    pub criterion: Code,
    /// Kind of evidence.
    pub kind: Code,
    /// Title.
    pub title: Line,
    /// Date of issue, or of the inspection of the routine.
    pub issued_on: NaiveDate,
    /// Expiry date.
    pub expires_on: Option<NaiveDate>,
    /// The file, where there is one.
    pub document: Option<Document>,
    /// The provider's own file that it shows to this case, and since when.
    pub consent: Option<FileConsent>,
}

/// Content compiled by the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dossier {
    /// The contact person in the case.
    pub contact: Option<Contact>,
    /// When the contact person was removed from the case.
    pub contact_removed_at: Option<Instant>,
    /// The zones applied for.
    pub zones: Vec<Code>,
    /// The approval of another organisation that the applicant takes over after.
    pub succeeds: Option<ApprovalId>,
    /// Answers by criterion.
    pub answers: BTreeMap<Code, CriterionAnswer>,
    /// Evidence in order of arrival.
    pub evidence: Vec<Evidence>,
}

impl Application {
    /// Starts an application for an open offering.
    #[must_use]
    pub fn draft(id: ApplicationId, open: Open<'_>, by: &ProviderUser) -> Change<Self> {
        let value = Self {
            id,
            offering: open.offering.id,
            municipality: open.offering.municipality.clone(),
            service: open.offering.service.clone(),
            provider: by.organisation.clone(),
            dossier: Dossier::default(),
            state: ApplicationState::Draft,
            revision: Revision::FIRST,
        };
        let event = value.event(EventKind::ApplicationDrafted, vec![]);
        Change { value, event }
    }

    /// Changes contact, zones and predecessor of the draft. Missing fields are not errors.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`unknown-zone`).
    pub fn change_draft(
        mut self,
        contact: Option<Contact>,
        zones: Vec<Code>,
        succeeds: Option<Predecessor>,
        content: &OfferingContent,
        by: &ProviderUser,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::ChangeDraft)?;
        let errors = unknown_zones(&zones, content);
        if !errors.is_empty() {
            return Err(DomainError::validation(errors));
        }
        self.dossier.contact = contact;
        self.dossier.zones = zones;
        self.dossier.succeeds = succeeds.map(Predecessor::approval);
        Ok(self.step(EventKind::ApplicationDraftChanged, vec![]))
    }

    /// Answers one criterion, for the first time or again.
    ///
    /// # Errors
    /// `not-found` (also for a criterion that the offering lacks), `illegal-transition`.
    pub fn answer(
        mut self,
        criterion: Code,
        answer: CriterionAnswer,
        content: &OfferingContent,
        by: &ProviderUser,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::Supply)?;
        content.criterion(&criterion).ok_or_else(|| DomainError::not_found(Noun::Criterion))?;
        self.is_asked_for(&criterion)?;
        let detail = vec![("criterion", criterion.to_string())];
        self.dossier.answers.insert(criterion, answer);
        Ok(self.step(EventKind::AnswerGiven, detail))
    }

    /// Attaches evidence to one criterion, before the submission or on request.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`unknown-criterion`, `police-certificate-file`,
    /// `date-order`, `date-in-future`).
    pub fn attach(
        self,
        evidence: Evidence,
        content: &OfferingContent,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::Supply)?;
        self.is_asked_for(&evidence.criterion)?;
        self.attached(evidence, content, now)
    }

    /// Attaches evidence in place of expiring evidence, after the approval.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` as for [`Application::attach`].
    pub fn renew_evidence(
        self,
        evidence: Evidence,
        content: &OfferingContent,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::RenewEvidence)?;
        self.attached(evidence, content, now)
    }

    fn attached(
        mut self,
        evidence: Evidence,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let mut errors = ValidationErrors::default();
        if content.criterion(&evidence.criterion).is_none() {
            errors.add("/criterion", fields::unknown_criterion());
        }
        if evidence.kind.as_str() == POLICE_CERTIFICATE && evidence.document.is_some() {
            errors.add("/document", fields::police_certificate_file_field());
        }
        errors.extend(date_errors(evidence.issued_on, evidence.expires_on, now));
        if !errors.is_empty() {
            return Err(DomainError::validation(errors));
        }
        let detail = vec![
            ("evidence", evidence.id.to_string()),
            ("criterion", evidence.criterion.to_string()),
        ];
        self.dossier.evidence.push(evidence);
        Ok(self.step(EventKind::EvidenceAttached, detail))
    }

    /// Missing or unfit content, with pointers into the application.
    #[must_use]
    pub fn missing(&self, content: &OfferingContent) -> ValidationErrors {
        let mut missing = ValidationErrors::default();
        let dossier = &self.dossier;
        missing.require("/contact", dossier.contact.as_ref());
        if dossier.zones.is_empty() {
            missing.missing("/zones", fields::required_zone());
        }
        // The version in force may have lost a zone since the draft was saved.
        missing.extend(unknown_zones(&dossier.zones, content));
        for criterion in content.criteria() {
            let code = &criterion.code;
            if !dossier.answers.contains_key(code) {
                missing.missing(format!("/answers/{code}"), fields::required_answer());
            }
            for rule in criterion.evidence.iter().filter(|_| criterion.mandatory) {
                let there =
                    |e: &Evidence| e.criterion == *code && e.kind == rule.kind && !e.is_rejected();
                if !dossier.evidence.iter().any(there) {
                    missing.missing(
                        "/evidence/-",
                        fields::required_evidence(code.as_str(), rule.kind.as_str()),
                    );
                }
            }
        }
        missing
    }

    /// Submits: checks everything, pins version and round, creates a receipt (eForvaltningsforskriften § 6:
    /// immediate, with reference and time).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `application-incomplete` with all that is missing.
    pub fn submit(
        mut self,
        open: Open<'_>,
        content: &OfferingContent,
        admission: Admission,
        reference: Line,
        by: &ProviderUser,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::Submit)?;
        self.must_be_complete(content)?;
        let place = admission.place();
        let mut detail =
            vec![("reference", reference.to_string()), ("version", open.version.0.to_string())];
        detail.extend(place.map(|place| ("startsOn", place.round.starts_on.to_string())));
        let receipt = Receipt {
            reference,
            received_at: admission.received_at(),
            version: open.version,
            place,
        };
        self.state = ApplicationState::Submitted(Case::received(receipt).announced_by(content));
        Ok(self.step(EventKind::ApplicationSubmitted, detail))
    }

    /// Withdraws an open application.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn withdraw(mut self, by: &ProviderUser) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::Withdraw)?;
        self.state = ApplicationState::Withdrawn(self.state.case().cloned());
        Ok(self.step(EventKind::ApplicationWithdrawn, vec![]))
    }

    /// During a case the provider supplies only requested items, so that the content does not change during the
    /// assessment.
    fn is_asked_for(&self, criterion: &Code) -> Result<(), DomainError> {
        let ApplicationState::AwaitingCompletion(case) = &self.state else { return Ok(()) };
        let asked = case.completions.last().map(|last| &last.missing).into_iter().flatten();
        if asked.into_iter().any(|missing| missing.criterion == *criterion) {
            Ok(())
        } else {
            Err(DomainError::not_asked_for(criterion.as_str()))
        }
    }

    pub(super) fn owned_by(&self, by: &ProviderUser) -> Result<&Self, DomainError> {
        if by.organisation == self.provider {
            Ok(self)
        } else {
            Err(DomainError::not_found(Noun::Application))
        }
    }
}

pub(super) fn unknown_zones(zones: &[Code], content: &OfferingContent) -> ValidationErrors {
    let mut errors = ValidationErrors::default();
    for (i, zone) in zones.iter().enumerate() {
        if !content.zones().iter().any(|known| known.code == *zone) {
            let zones: Vec<_> = content.zones().iter().map(|it| it.code.as_str()).collect();
            errors.add(format!("/zones/{i}"), fields::unknown_zone(zones.join(", ")));
        }
    }
    errors
}
