//! Evidence of an application: attached in words or as a file of the provider's own.

use chrono::NaiveDate;

use super::ApplicationCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        application::{ApplicationCommand, ApplicationState, Document, Evidence},
        error::{DomainError, Noun},
        evidence::ProviderFile,
        message::fields,
        role::{CallerIdentity, ProviderUser, Role},
        validation::ValidationErrors,
        values::{
            ids::{EvidenceId, FileId},
            text::{Code, Line},
            time::Instant,
        },
    },
    json::form::{Components, Form, Object, ObjectForm, ObjectSchema, SerializeMap},
    store::{CommandOutcome, Done, Failure, corrupt},
};

/// Attach evidence.
///
/// One of the provider's own files by its `evidenceId`, with `consent` to its disclosure to this case; or a
/// description: kind, date of issue, and the digest of an external file. A police certificate is never
/// uploaded: send only the day on which the routine was inspected.
#[derive(Debug, Form)]
#[form(name = "EvidenceBody", closed, example({
    "criterion": "tax-certificate", "kind": "tax-certificate", "title": "Skatteattest",
    "issuedOn": "2026-02-20"
}))]
pub struct AttachEvidence {
    /// The criterion it supports.
    criterion: Code,
    #[form(flatten)]
    source: EvidenceSource,
}

/// Source of evidence.
#[derive(Debug)]
enum EvidenceSource {
    /// A file of the provider's own.
    File(OwnFile),
    /// The provider's description.
    Words(EvidenceInWords),
}

#[derive(Debug, Form)]
struct OwnFile {
    /// A file of the provider's own. Kind, title and days are those of the file.
    #[form(name = "evidenceId")]
    file: FileId,
    /// That the municipality of this case may see the file; required with `evidenceId`, and only there.
    consent: Option<bool>,
}

#[derive(Debug, Form)]
struct EvidenceInWords {
    /// Kind of evidence; required without `evidenceId`.
    kind: Code,
    /// Title; required without `evidenceId`.
    title: Line,
    /// Date of issue, or of the inspection of the routine; required without `evidenceId`.
    issued_on: NaiveDate,
    /// Expiry date.
    expires_on: Option<NaiveDate>,
    /// Metadata of an external file. Never for a police certificate.
    document: Option<Document>,
}

/// A file has its own metadata.
impl ObjectForm for EvidenceSource {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        if !object.has("evidenceId") {
            let detail = fields::unexpected_consent();
            errors.unexpected(object.pointer("consent"), object.has("consent"), detail);
            return EvidenceInWords::parse_fields(object, errors).map(Self::Words);
        }
        let mut names = Vec::new();
        EvidenceInWords::names(&mut names);
        for name in names.into_iter().filter(|name| object.has(name)) {
            errors.add(object.pointer(name), fields::said_by_file());
        }
        OwnFile::parse_fields(object, errors).map(Self::File)
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        match self {
            Self::File(file) => file.write_fields(object),
            Self::Words(words) => words.write_fields(object),
        }
    }

    fn names(names: &mut Vec<&'static str>) {
        OwnFile::names(names);
        EvidenceInWords::names(names);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        schema.with_optional(OwnFile::properties).with_optional(EvidenceInWords::properties)
    }

    fn components(components: &mut Components) {
        <OwnFile as ObjectForm>::components(components);
        <EvidenceInWords as ObjectForm>::components(components);
    }
}

impl Command for AttachEvidence {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("renew-evidence", "applicationAttach", "/applications/{id}/evidence");

    /// Until the decision it is a part of what is supplied.
    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        let supplied = case.guard(ApplicationCommand::Supply, caller);
        supplied.or_else(|_| case.guard(ApplicationCommand::RenewEvidence, caller))
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let piece = (tx.new_id(), self.criterion);
        let outcome = match self.source {
            EvidenceSource::Words(words) => words.attach(piece, case, by, tx)?,
            EvidenceSource::File(own) => {
                let (file, limit) = (own.load(tx)?, tx.environment.case_limit);
                case.update(tx, |application, context| {
                    application.show_file(piece, &file, limit, context.content, by, context.now)
                })?
            }
        };
        if let CommandOutcome::Changed(Done { answer: ApplicationCase { application, .. }, .. }) =
            &outcome
            && matches!(application.state, ApplicationState::Approved(..))
        {
            let approval = tx.session.approval_from(application.id)?;
            let approval = approval.ok_or_else(|| corrupt("application", application.id))?;
            tx.session.save_approved_agenda(application, &approval.lifecycle)?;
        }
        Ok(outcome)
    }
}

impl EvidenceInWords {
    fn attach(
        self,
        (id, criterion): (EvidenceId, Code),
        case: ApplicationCase,
        by: &ProviderUser,
        tx: &mut Tx,
    ) -> Outcome<ApplicationCase> {
        let Self { kind, title, issued_on, expires_on, document } = self;
        let evidence =
            Evidence { id, criterion, kind, title, issued_on, expires_on, document, consent: None };
        case.update(tx, |application, context| {
            let (content, now) = (context.content, context.now);
            if matches!(application.state, ApplicationState::Approved(..)) {
                application.renew_evidence(evidence, content, by, now)
            } else {
                application.attach(evidence, content, by, now)
            }
        })
    }
}

impl OwnFile {
    /// Loads it in the command's transaction, so that it is not removed before it is attached.
    fn load(&self, tx: &mut Tx) -> Result<ProviderFile, Failure> {
        if self.consent != Some(true) {
            return Err(DomainError::consent_missing().into());
        }
        let file = tx.session.evidence_file(self.file)?;
        Ok(file.ok_or_else(|| DomainError::not_found(Noun::Evidence))?)
    }
}

/// Take back a consent.
///
/// The file is taken off the application, which must not have been submitted: from then on the case rests on it.
#[derive(Debug, Form)]
pub struct WithdrawConsent {
    /// Id of the evidence in the application
    #[form(path)]
    evidence: EvidenceId,
}

impl Command for WithdrawConsent {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "withdraw-consent",
        "applicationWithdrawConsent",
        "/applications/{id}/evidence/{evidence}/consent-withdrawal",
    );

    /// It is a change of the draft.
    fn action(_: &ApplicationCase, _: Role) -> Option<&'static str> {
        None
    }

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::ChangeDraft, caller)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        case.update(tx, |application, _| application.withdraw_consent(self.evidence, by))
    }
}
