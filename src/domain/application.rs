//! Søknad: a provider asks to be approved for one offering; the municipality assesses every criterion.
//!
//! `draft → submitted → under-assessment → ready → approved | refused`, and `withdrawn` from any
//! open state. Ready means that every line is closed. From there the law leaves one way only:
//! approve if and only if every mandatory criterion is met and no ground is given.

pub mod review;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use review::{Case, Declaration, Line as AssessmentLine, Outcome, Receipt, Review};

use super::{
    Change,
    event::{Event, Kind, Subject},
    fault::Fault,
    faults::Faults,
    ids::{ApplicationId, DecisionId, EvidenceId, OfferingId, Revision},
    municipality::Contact,
    numbers::{MunicipalityNumber, OrganisationNumber},
    offering::{Open, VersionNumber, content::Content},
    refusal::Refusal,
    role::{CaseHandler, CaseWorker, ProviderUser, Role},
    text::{Code, Line, Note, Prose},
    time::{Instant, day_of},
};

/// The kind of evidence that is never taken in as a file (helse- og omsorgstjenesteloven § 5-4:
/// the certificate stays with the employer; the registry records only that the routine was seen).
pub const POLICE_CERTIFICATE: &str = "police-certificate";

/// The provider's answer to one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether the provider says that it meets the criterion. A no decides nothing by itself.
    pub declared_met: bool,
    /// How.
    pub text: Option<Prose>,
}

/// What is known of a file; the file itself is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub file_name: Line,
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: i64,
}

/// Something that shows that a criterion is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// The criterion it supports.
    pub criterion: Code,
    /// What sort of evidence it is.
    pub kind: Code,
    /// What it is called.
    pub title: Line,
    /// When it was issued, or when the routine was seen.
    pub issued_on: NaiveDate,
    /// When it runs out.
    pub expires_on: Option<NaiveDate>,
    /// The file, where there is one.
    pub document: Option<Document>,
}

/// What the provider has put together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dossier {
    /// The contact person in the case.
    pub contact: Option<Contact>,
    /// The zones applied for.
    pub zones: Vec<Code>,
    /// Answers by criterion.
    pub answers: BTreeMap<Code, Answer>,
    /// Evidence in the order in which it came.
    pub evidence: Vec<Evidence>,
}

/// Where an application is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Utkast.
    Draft,
    /// Mottatt.
    Submitted(Case),
    /// Under behandling.
    UnderAssessment(Case),
    /// Every line is closed.
    Ready(Case),
    /// Innvilget.
    Approved(Case, DecisionId),
    /// Avslått.
    Refused(Case, DecisionId),
    /// Trukket, with the case if it had come so far.
    Withdrawn(Option<Case>),
}

impl State {
    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted(_) => "submitted",
            Self::UnderAssessment(_) => "under-assessment",
            Self::Ready(_) => "ready",
            Self::Approved(..) => "approved",
            Self::Refused(..) => "refused",
            Self::Withdrawn(_) => "withdrawn",
        }
    }

    /// The case, from the receipt on.
    #[must_use]
    pub const fn case(&self) -> Option<&Case> {
        match self {
            Self::Draft | Self::Withdrawn(None) => None,
            Self::Submitted(case)
            | Self::UnderAssessment(case)
            | Self::Ready(case)
            | Self::Approved(case, _)
            | Self::Refused(case, _)
            | Self::Withdrawn(Some(case)) => Some(case),
        }
    }

    /// The decision, where there is one.
    #[must_use]
    pub const fn decision(&self) -> Option<DecisionId> {
        match self {
            Self::Approved(_, decision) | Self::Refused(_, decision) => Some(*decision),
            _ => None,
        }
    }

    /// Open: neither decided nor withdrawn.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self, Self::Approved(..) | Self::Refused(..) | Self::Withdrawn(_))
    }
}

/// What can be done with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    ChangeDraft,
    Submit,
    Withdraw,
    DeclareImpartiality,
    StartAssessment,
    Assess,
    Decide,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 7] = [
        Self::ChangeDraft,
        Self::Submit,
        Self::Withdraw,
        Self::DeclareImpartiality,
        Self::StartAssessment,
        Self::Assess,
        Self::Decide,
    ];

    /// The name in `actions` and in refusals.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChangeDraft => "change-draft",
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::DeclareImpartiality => "declare-impartiality",
            Self::StartAssessment => "start-assessment",
            Self::Assess => "assess",
            Self::Decide => "decide",
        }
    }

    /// Who may do it at all.
    #[must_use]
    pub const fn belongs_to(self, role: Role) -> bool {
        match self {
            Self::ChangeDraft | Self::Submit | Self::Withdraw => matches!(role, Role::Provider),
            Self::DeclareImpartiality => matches!(role, Role::CaseWorker | Role::DecisionMaker),
            Self::StartAssessment | Self::Assess => matches!(role, Role::CaseWorker),
            Self::Decide => matches!(role, Role::DecisionMaker),
        }
    }

    /// In which states it can be done. Deciding is tried while lines are open so that the answer can name them.
    #[must_use]
    pub const fn possible_in(self, state: &State) -> bool {
        match self {
            Self::ChangeDraft | Self::Submit => matches!(state, State::Draft),
            Self::Withdraw => state.is_open(),
            Self::DeclareImpartiality => state.is_open() && !matches!(state, State::Draft),
            Self::StartAssessment => matches!(state, State::Submitted(_)),
            Self::Assess => matches!(state, State::UnderAssessment(_) | State::Ready(_)),
            Self::Decide => matches!(state, State::UnderAssessment(_) | State::Ready(_)),
        }
    }
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The offering applied for.
    pub offering: OfferingId,
    /// Whose offering it is.
    pub municipality: MunicipalityNumber,
    /// The code of the service.
    pub service: Code,
    /// Who applies.
    pub provider: OrganisationNumber,
    /// What it has put together.
    pub dossier: Dossier,
    /// Where it is in its life.
    pub state: State,
    /// How many acts it has seen.
    pub revision: Revision,
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
            state: State::Draft,
            revision: Revision::FIRST,
        };
        let event = value.event(Kind::ApplicationDrafted, vec![]);
        Change { value, event }
    }

    /// Changes contact and zones of the draft. Only what is there is checked.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`unknown-zone`).
    pub fn change_draft(
        mut self,
        contact: Option<Contact>,
        zones: Vec<Code>,
        content: &Content,
        by: &ProviderUser,
    ) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?.may(Act::ChangeDraft)?;
        let faults = unknown_zones(&zones, content);
        if !faults.is_empty() {
            return Err(Refusal::validation(faults));
        }
        self.dossier.contact = contact;
        self.dossier.zones = zones;
        Ok(self.step(Kind::ApplicationDraftChanged, vec![]))
    }

    /// Answers one criterion, for the first time or again.
    ///
    /// # Errors
    /// `not-found` (also for a criterion that the offering lacks), `illegal-transition`.
    pub fn answer(
        mut self,
        criterion: Code,
        answer: Answer,
        content: &Content,
        by: &ProviderUser,
    ) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?.may(Act::ChangeDraft)?;
        content.criterion(&criterion).ok_or_else(|| Refusal::not_found("criterion"))?;
        let detail = vec![("criterion", criterion.to_string())];
        self.dossier.answers.insert(criterion, answer);
        Ok(self.step(Kind::AnswerGiven, detail))
    }

    /// Attaches evidence to one criterion.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`unknown-criterion`, `police-certificate-file`,
    /// `date-order`, `date-in-future`).
    pub fn attach(
        mut self,
        evidence: Evidence,
        content: &Content,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?.may(Act::ChangeDraft)?;
        let mut faults = Faults::default();
        if content.criterion(&evidence.criterion).is_none() {
            faults.add(
                "/criterion",
                Fault::new("unknown-criterion", "Use the code of a criterion of the offering."),
            );
        }
        if evidence.kind.as_str() == POLICE_CERTIFICATE && evidence.document.is_some() {
            faults.add(
                "/document",
                Fault::new(
                    "police-certificate-file",
                    "A police certificate is never sent in: say only when the routine was seen.",
                ),
            );
        }
        if evidence.issued_on > day_of(now) {
            faults
                .add("/issuedOn", Fault::new("date-in-future", "It cannot be issued after today."));
        }
        if evidence.expires_on.is_some_and(|end| end < evidence.issued_on) {
            faults.add(
                "/expiresOn",
                Fault::new("date-order", "It cannot run out before it is issued."),
            );
        }
        if !faults.is_empty() {
            return Err(Refusal::validation(faults));
        }
        let detail = vec![
            ("evidence", evidence.id.to_string()),
            ("criterion", evidence.criterion.to_string()),
        ];
        self.dossier.evidence.push(evidence);
        Ok(self.step(Kind::EvidenceAttached, detail))
    }

    /// What is still missing or unfit before it can be submitted, with pointers into the application.
    #[must_use]
    pub fn missing(&self, content: &Content) -> Faults {
        let mut missing = Faults::default();
        let dossier = &self.dossier;
        missing.need("/contact", dossier.contact.as_ref());
        if dossier.zones.is_empty() {
            missing.missing("/zones", "Name at least one zone of the offering.");
        }
        // The version in force may have lost a zone since the draft was saved.
        missing.extend(unknown_zones(&dossier.zones, content));
        for criterion in content.criteria() {
            let code = &criterion.code;
            if !dossier.answers.contains_key(code) {
                missing.missing(format!("/answers/{code}"), "The criterion has no answer.");
            }
            for rule in criterion.evidence.iter().filter(|_| criterion.mandatory) {
                let there = |e: &Evidence| e.criterion == *code && e.kind == rule.kind;
                if !dossier.evidence.iter().any(there) {
                    missing.missing(
                        "/evidence/-",
                        format!("The criterion ‘{code}’ asks for evidence ‘{}’.", rule.kind),
                    );
                }
            }
        }
        missing
    }

    /// Submits: everything is checked, the version is pinned, a receipt is made
    /// (eForvaltningsforskriften § 6: at once, with reference and time).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `application-incomplete` with all that is missing.
    pub fn submit(
        mut self,
        open: Open<'_>,
        content: &Content,
        reference: Line,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?.may(Act::Submit)?;
        let missing = self.missing(content);
        if !missing.is_empty() {
            return Err(Refusal::application_incomplete(missing));
        }
        let detail =
            vec![("reference", reference.to_string()), ("version", open.version.0.to_string())];
        let receipt = Receipt { reference, received_at: now, version: open.version };
        self.state = State::Submitted(Case::received(receipt));
        Ok(self.step(Kind::ApplicationSubmitted, detail))
    }

    /// Withdraws an open application.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn withdraw(mut self, by: &ProviderUser) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?.may(Act::Withdraw)?;
        self.state = State::Withdrawn(self.state.case().cloned());
        Ok(self.step(Kind::ApplicationWithdrawn, vec![]))
    }

    /// A person says whether he or she is impartial in the case (forvaltningsloven §§ 6 and 8).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn declare_impartiality(
        mut self,
        impartial: bool,
        note: Option<Note>,
        by: &CaseHandler,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?.may(Act::DeclareImpartiality)?;
        let declaration = Declaration { by: by.actor.clone(), impartial, note, at: now };
        self.change_case(|case| case.declarations.push(declaration));
        Ok(self.step(Kind::ImpartialityDeclared, vec![("impartial", impartial.to_string())]))
    }

    /// Starts the assessment.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`.
    pub fn start_assessment(mut self, by: &CaseWorker) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?.may(Act::StartAssessment)?;
        if let State::Submitted(case) = &self.state {
            case.impartial(&by.actor)?;
            self.state = State::UnderAssessment(case.clone());
        }
        Ok(self.step(Kind::AssessmentStarted, vec![]))
    }

    /// Closes one line, or closes it otherwise. With the last one the application is ready.
    ///
    /// # Errors
    /// `not-found` (also for an unknown criterion), `illegal-transition`, `impartiality-not-declared`,
    /// `not-impartial`.
    pub fn assess(
        mut self,
        criterion: Code,
        outcome: Outcome,
        note: Note,
        content: &Content,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?.may(Act::Assess)?;
        content.criterion(&criterion).ok_or_else(|| Refusal::not_found("criterion"))?;
        let detail =
            vec![("criterion", criterion.to_string()), ("outcome", outcome.as_str().to_owned())];
        if let State::UnderAssessment(case) | State::Ready(case) = &self.state {
            case.impartial(&by.actor)?;
            let mut case = case.clone();
            let line = AssessmentLine { outcome, note, by: by.actor.clone(), at: now };
            case.lines.insert(criterion, line);
            self.state = if case.open_lines(content).is_empty() {
                State::Ready(case)
            } else {
                State::UnderAssessment(case)
            };
        }
        Ok(self.step(Kind::CriterionAssessed, detail))
    }

    /// What somebody in this role may do now.
    #[must_use]
    pub fn acts(&self, role: Role) -> Vec<&'static str> {
        Act::ALL
            .into_iter()
            .filter(|act| act.belongs_to(role) && act.possible_in(&self.state))
            .map(Act::as_str)
            .collect()
    }

    /// The version that applies: the pinned one, else the one in force.
    #[must_use]
    pub fn version(&self, in_force: VersionNumber) -> VersionNumber {
        self.state.case().map_or(in_force, |case| case.receipt.version)
    }

    /// Guards a transition.
    ///
    /// # Errors
    /// `illegal-transition` with the state and the acts that are possible in it.
    pub fn may(&self, act: Act) -> Result<(), Refusal> {
        if act.possible_in(&self.state) {
            return Ok(());
        }
        let allowed = Act::ALL.into_iter().filter(|act| act.possible_in(&self.state));
        Err(Refusal::illegal_transition(
            act.as_str(),
            self.state.as_str(),
            allowed.map(Act::as_str).collect(),
        ))
    }

    /// Others may not know of a municipality's cases.
    ///
    /// # Errors
    /// `not-found`.
    pub fn handled_by(&self, municipality: &MunicipalityNumber) -> Result<&Self, Refusal> {
        // What was never submitted is the provider's alone, also when it is withdrawn.
        if *municipality == self.municipality && self.state.case().is_some() {
            Ok(self)
        } else {
            Err(Refusal::not_found("application"))
        }
    }

    fn owned_by(&self, by: &ProviderUser) -> Result<&Self, Refusal> {
        if by.organisation == self.provider {
            Ok(self)
        } else {
            Err(Refusal::not_found("application"))
        }
    }

    fn change_case(&mut self, change: impl FnOnce(&mut Case)) {
        if let State::Submitted(case) | State::UnderAssessment(case) | State::Ready(case) =
            &mut self.state
        {
            change(case);
        }
    }

    /// Moves the revision on and says what happened.
    pub(super) fn step(mut self, kind: Kind, detail: Vec<(&'static str, String)>) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind, detail);
        Change { value: self, event }
    }

    fn event(&self, kind: Kind, detail: Vec<(&'static str, String)>) -> Event {
        Event {
            kind,
            subject: Subject::Application(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail,
        }
    }
}

fn unknown_zones(zones: &[Code], content: &Content) -> Faults {
    let mut faults = Faults::default();
    for (i, zone) in zones.iter().enumerate() {
        if !content.zones().iter().any(|known| known.code == *zone) {
            faults.add(
                format!("/zones/{i}"),
                Fault::new("unknown-zone", "Use the code of a zone of the offering."),
            );
        }
    }
    faults
}
