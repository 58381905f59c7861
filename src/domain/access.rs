//! Access log: reads of private files by another organisation, and their legal right.
//!
//! Reads by the provider itself are not logged. Commands have journal rows; this log is for reads.

use super::{
    appeal::Appeal,
    application::Application,
    approval::Approval,
    decision::Decision,
    event::Subject,
    evidence::ProviderFile,
    follow_up::FollowUp,
    notice::Notice,
    prior_notice::PriorNotice,
    role::Role,
    values::{
        ids::{ApplicationId, ApprovalId},
        numbers::{MunicipalityNumber, OrganisationNumber},
    },
};

keywords! {
    /// The right to read another organisation's file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Right {
        /// The municipality decides the case, and receives appeals against its decision.
        DecidingBody = "deciding-body",
        /// The municipality follows up its approved providers.
        Supervision = "supervision",
        /// An auditor reads the whole journal.
        Audit = "audit",
    }
}

impl Right {
    /// The right of a role; none for a role that reads only its own or public data.
    #[must_use]
    pub const fn of(role: Role) -> Option<Self> {
        match role {
            Role::CaseWorker | Role::DecisionMaker => Some(Self::DecidingBody),
            Role::Inspector => Some(Self::Supervision),
            Role::Auditor => Some(Self::Audit),
            Role::Provider | Role::Editor | Role::Operator => None,
        }
    }
}

/// A part of a file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLogEntry {
    /// Collection of the subject.
    pub collection: &'static str,
    /// Its key, or the query of the journal.
    pub key: String,
    /// The municipality that it concerns.
    pub municipality: Option<MunicipalityNumber>,
    /// The provider that it concerns.
    pub provider: Option<OrganisationNumber>,
    /// The application whose file it belongs to.
    pub application: Option<ApplicationId>,
    /// The approval whose file it belongs to.
    pub approval: Option<ApprovalId>,
}

impl AccessLogEntry {
    fn at(
        subject: &Subject,
        municipality: &MunicipalityNumber,
        provider: &OrganisationNumber,
    ) -> Self {
        Self {
            municipality: Some(municipality.clone()),
            provider: Some(provider.clone()),
            ..Self::at_key(subject.collection(), subject.key())
        }
    }

    const fn at_key(collection: &'static str, key: String) -> Self {
        Self {
            collection,
            key,
            municipality: None,
            provider: None,
            application: None,
            approval: None,
        }
    }

    /// A file of evidence, as a part of a case in which a municipality may see it.
    #[must_use]
    pub fn at_file(file: &ProviderFile, by: &MunicipalityNumber, case: ApplicationId) -> Self {
        let looked = Self::at(&Subject::Evidence(file.id), by, &file.provider);
        Self { application: Some(case), ..looked }
    }

    /// The journal, with its query.
    #[must_use]
    pub const fn at_the_journal(asked: String) -> Self {
        Self::at_key("audit", asked)
    }

    /// Journal rows about an application or an approval; none for other subjects.
    #[must_use]
    pub fn in_the_journal(asked: String, subject: &Subject) -> Option<Self> {
        let looked = Self::at_the_journal(asked);
        match subject {
            Subject::Application(id) => Some(Self { application: Some(*id), ..looked }),
            Subject::Approval(id) => Some(Self { approval: Some(*id), ..looked }),
            _ => None,
        }
    }
}

impl From<&Application> for AccessLogEntry {
    fn from(it: &Application) -> Self {
        let looked = Self::at(&Subject::Application(it.id), &it.municipality, &it.provider);
        Self { application: Some(it.id), ..looked }
    }
}

impl From<&Decision> for AccessLogEntry {
    fn from(it: &Decision) -> Self {
        let looked = Self::at(&Subject::Decision(it.id), &it.municipality, &it.provider);
        let application = Some(it.application);
        Self { application, approval: it.outcome.approval(), ..looked }
    }
}

impl From<&Appeal> for AccessLogEntry {
    fn from(it: &Appeal) -> Self {
        let looked = Self::at(&Subject::Appeal(it.id), &it.municipality, &it.provider);
        Self { application: Some(it.application), ..looked }
    }
}

impl From<&Approval> for AccessLogEntry {
    fn from(it: &Approval) -> Self {
        let looked = Self::at(&Subject::Approval(it.id), &it.municipality, &it.provider);
        Self { application: Some(it.application), approval: Some(it.id), ..looked }
    }
}

impl From<&PriorNotice> for AccessLogEntry {
    fn from(it: &PriorNotice) -> Self {
        let looked = Self::at(&Subject::PriorNotice(it.id), &it.municipality, &it.provider);
        Self { approval: Some(it.approval), ..looked }
    }
}

impl From<&Notice> for AccessLogEntry {
    fn from(it: &Notice) -> Self {
        let subject = Subject::Notice(it.id);
        Self {
            municipality: it.municipality.clone(),
            provider: Some(it.provider.clone()),
            application: match it.subject {
                Subject::Application(id) => Some(id),
                _ => None,
            },
            ..Self::at_key(subject.collection(), subject.key())
        }
    }
}

impl From<&FollowUp> for AccessLogEntry {
    fn from(it: &FollowUp) -> Self {
        let looked = Self::at(&Subject::FollowUp(it.id), &it.municipality, &it.provider);
        Self { approval: Some(it.approval), ..looked }
    }
}
