//! Reuse of evidence: a provider attaches its own files to a case with its consent, and can withdraw it until
//! the submission; its existing files cover criteria of the next case.

use std::collections::BTreeMap;

use super::{Application, ApplicationCommand, Document, Evidence};
use crate::domain::{
    Change,
    error::{DomainError, Noun},
    event::EventKind,
    evidence::{CaseLimit, ProviderFile},
    message::fields,
    offering::content::{EvidenceRule, MaxAge, OfferingContent},
    role::ProviderUser,
    values::{
        ids::{EvidenceId, FileId},
        text::Code,
        time::{Instant, day_before, day_of},
    },
};

/// That a case may see a provider's own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileConsent {
    pub file: FileId,
    /// When the provider consented.
    pub consented_at: Instant,
    /// Restricted to the people who handle the case.
    pub confidential: bool,
    /// The scanner found something harmful in it since, and it shows nothing any more.
    pub rejected: bool,
}

impl Evidence {
    /// A file that was found harmful.
    pub(super) fn is_rejected(&self) -> bool {
        self.consent.as_ref().is_some_and(|consent| consent.rejected)
    }

    /// A file that the case sees from now on.
    fn of_file(id: EvidenceId, criterion: Code, file: &ProviderFile, now: Instant) -> Self {
        let ProviderFile { description, content, .. } = file;
        Self {
            id,
            criterion,
            kind: description.kind.clone(),
            title: description.title.clone(),
            issued_on: description.issued_on,
            expires_on: description.expires_on,
            document: Some(Document {
                file_name: content.file_name.clone(),
                sha256: content.sha256.clone(),
                bytes: content.bytes,
            }),
            consent: Some(FileConsent {
                file: file.id,
                consented_at: now,
                confidential: description.confidential.is_some(),
                rejected: false,
            }),
        }
    }
}

/// The provider's own files that fit a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub criterion: Code,
    /// Fitting files by kind of evidence, latest first.
    pub fitting: BTreeMap<Code, Vec<FileId>>,
}

impl Coverage {
    /// Every requested kind is covered.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.fitting.values().all(|files| !files.is_empty())
    }
}

impl Application {
    /// Attaches one of the provider's own files as evidence for a criterion: before the submission, on request,
    /// or in place of expiring evidence.
    ///
    /// # Errors
    /// As [`Application::attach`]; `not-found`, `evidence-rejected`, `evidence-expired`,
    /// `case-files-too-large`, `validation` (`already-attached`).
    pub fn show_file(
        self,
        (id, criterion): (EvidenceId, Code),
        file: &ProviderFile,
        limit: CaseLimit,
        content: &OfferingContent,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        if file.provider != by.organisation {
            return Err(DomainError::not_found(Noun::Evidence));
        }
        file.may_be_used(day_of(now))?;
        self.check_room(file, &criterion, limit)?;
        let evidence = Evidence::of_file(id, criterion, file, now);
        if self.state.decision().is_some() {
            self.renew_evidence(evidence, content, by, now)
        } else {
            self.attach(evidence, content, by, now)
        }
    }

    /// Checks that the criterion does not have the file yet, and that the files of the case stay within the limit.
    fn check_room(
        &self,
        file: &ProviderFile,
        criterion: &Code,
        limit: CaseLimit,
    ) -> Result<(), DomainError> {
        let mut files: BTreeMap<FileId, i64> = BTreeMap::new();
        for piece in &self.dossier.evidence {
            let Some(consent) = &piece.consent else { continue };
            if consent.file == file.id && piece.criterion == *criterion {
                let error = fields::already_attached();
                return Err(DomainError::invalid("/evidenceId", error));
            }
            files.insert(consent.file, piece.document.as_ref().map_or(0, |it| it.bytes));
        }
        files.insert(file.id, file.content.bytes);
        if files.values().sum::<i64>() > limit.0 {
            return Err(DomainError::case_files_too_large(limit.0));
        }
        Ok(())
    }

    /// Withdraws the consent to a file, before the submission.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn withdraw_consent(
        mut self,
        id: EvidenceId,
        by: &ProviderUser,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        let found = self.dossier.evidence.iter().find(|piece| piece.id == id);
        let file = found.and_then(|piece| piece.consent.as_ref()).map(|consent| consent.file);
        let file = file.ok_or_else(|| DomainError::not_found(Noun::Evidence))?;
        self.may(ApplicationCommand::ChangeDraft)?;
        self.dossier.evidence.retain(|piece| piece.id != id);
        let detail = vec![("evidence", id.to_string()), ("file", file.to_string())];
        Ok(self.step(EventKind::ConsentWithdrawn, detail))
    }

    /// Marks an attached file as harmful in the case. `None` if it is already marked.
    #[must_use]
    pub fn found_harmful(mut self, file: FileId) -> Option<Change<Self>> {
        let consent = self.dossier.evidence.iter_mut().filter_map(|piece| piece.consent.as_mut());
        let mut has_file = false;
        for consent in consent.filter(|consent| consent.file == file && !consent.rejected) {
            consent.rejected = true;
            has_file = true;
        }
        let detail = vec![("file", file.to_string())];
        has_file.then(|| self.step(EventKind::ShownFileRejected, detail))
    }

    /// The provider's own files that fit the criteria today, by kind and age.
    #[must_use]
    pub fn coverage(
        &self,
        files: &[ProviderFile],
        content: &OfferingContent,
        now: Instant,
    ) -> Vec<Coverage> {
        let fits = |file: &&ProviderFile, rule: &EvidenceRule| {
            let young = rule.max_age.is_none_or(|MaxAge { period, counted_to }| {
                let day = self.reference_day(counted_to, now);
                day.is_none_or(|day| file.description.issued_on >= day_before(day, period))
            });
            young
                && file.provider == self.provider
                && file.description.kind == rule.kind
                && file.may_be_used(day_of(now)).is_ok()
        };
        let asking = content.criteria().iter().filter(|criterion| !criterion.evidence.is_empty());
        let covered = asking.map(|criterion| {
            let by_kind = criterion.evidence.iter().map(|rule| {
                let mut fitting: Vec<_> = files.iter().filter(|file| fits(file, rule)).collect();
                fitting
                    .sort_by_key(|file| std::cmp::Reverse((file.description.issued_on, file.id)));
                (rule.kind.clone(), fitting.into_iter().map(|file| file.id).collect())
            });
            Coverage { criterion: criterion.code.clone(), fitting: by_kind.collect() }
        });
        covered.collect()
    }
}
