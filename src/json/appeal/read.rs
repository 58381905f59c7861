//! Reading what is kept of an appeal.

use super::{AppealBodyForm, AppealStepForm, CostsForm, VerdictForm};
use crate::{
    domain::{
        appeal::{
            Appeal, AppealAdmission, AppealHistory, AppealOutcome, AppealReceipt, AppealState,
            AppealText, Appellant, Costs, CostsAnswer, DismissalGround, Excuse, Forwarding, Harm,
            Instance, LateGround, LostAppeal, LowerBodyReview, Mending, Verdict,
        },
        validation::ValidationErrors,
        values::{
            ids::{AppealId, ApplicationId, DecisionId, Revision},
            money::Price,
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::{Line, Note, Prose},
        },
    },
    json::{MoneyForm, one_of},
};

/// Reads what was kept; an error where it was kept and cannot be read.
fn known<F, T>(kept: Option<&F>, read: impl Fn(&F) -> Option<T>) -> Result<Option<T>, ()> {
    kept.map(|form| read(form).ok_or(())).transpose()
}

fn price(form: &MoneyForm) -> Option<Price> {
    form.read(&mut ValidationErrors::default(), "")
}

impl VerdictForm {
    /// The verdict, or none where a part is not as it must be.
    #[must_use]
    pub fn read(&self) -> Option<Verdict> {
        let instance = match (&self.appeal_body, self.decided_on) {
            (Some(name), Some(decided_on)) => {
                Instance::AppealBody { name: Line::parse(name).ok()?, decided_on }
            }
            _ => Instance::LowerBody,
        };
        let ground = |said: &String| one_of(said, &DismissalGround::ALL, DismissalGround::as_str);
        let dismissal = self.dismissal_ground.as_ref().map(ground).transpose().ok()?;
        let harm = match &self.weighty_interests {
            None => None,
            Some(said) => Some(Harm { weighty_interests: Prose::parse(said).ok()? }),
        };
        let ruling = one_of(&self.ruling, &AppealOutcome::ALL, AppealOutcome::as_str).ok()?;
        Some(Verdict { ruling, dismissal, instance, harm })
    }
}

/// The keys of an appeal, which stand in columns.
#[derive(Debug)]
pub struct AppealKeys {
    /// Its id.
    pub id: AppealId,
    /// The decision.
    pub decision: DecisionId,
    /// Who decided.
    pub municipality: MunicipalityNumber,
    /// The party.
    pub provider: OrganisationNumber,
    /// The state's name.
    pub state: String,
    /// The revision.
    pub revision: Revision,
}

impl AppealBodyForm {
    /// The appeal, or none where a part is not as it must be.
    #[must_use]
    pub fn read(&self, keys: AppealKeys) -> Option<Appeal> {
        let appellant = match self.appellant.kind.as_str() {
            "party" => Appellant::Party,
            _ => Appellant::Other {
                name: Line::parse(self.appellant.name.as_ref()?).ok()?,
                legal_interest: Note::parse(self.appellant.legal_interest.as_ref()?).ok()?,
                knew_on: self.appellant.knew_on?,
            },
        };
        let prose =
            |said: &Option<String>| said.as_ref().map(|said| Prose::parse(said)).transpose().ok();
        let signed_by = self.signed_by.as_ref().map(|it| Line::parse(it)).transpose().ok()?;
        let lost = self.lost_sent_on.zip(self.lost_learned_on);
        let mending = match &self.mending {
            None => None,
            Some(form) => Some(Mending {
                deadline: form.deadline,
                asked_by: form.asked_by.read(&mut ValidationErrors::default(), "")?,
                asked_at: form.asked_at,
            }),
        };
        let costs = match &self.costs {
            None => None,
            Some(form) => Some(form.read()?),
        };
        Some(Appeal {
            id: keys.id,
            decision: keys.decision,
            application: ApplicationId::new(self.application_id),
            municipality: keys.municipality,
            provider: keys.provider,
            appellant,
            said: AppealText {
                text: Prose::parse(&self.text).ok()?,
                wanted: prose(&self.wanted_change)?,
                signed_by,
                deferral_wanted: self.deferral_wanted,
            },
            received: AppealReceipt {
                at: self.received_at,
                handed_in_on: self.handed_in_on,
                lost: lost.map(|(sent_on, learned_on)| LostAppeal { sent_on, learned_on }),
            },
            missed: self.missed_last_day,
            mending,
            state: self.state(&keys.state)?,
            costs,
            revision: keys.revision,
        })
    }

    fn state(&self, name: &str) -> Option<AppealState> {
        let admission = || self.admission.as_ref()?.admission();
        let review = || self.review.as_ref()?.review();
        Some(match name {
            "received" => AppealState::Received,
            "admitted" => AppealState::Admitted(admission()?),
            "lower-body-review" => AppealState::LowerBodyReview(admission()?, review()?),
            "forwarded" => {
                let forwarding = self.forwarding.as_ref()?.forwarding()?;
                AppealState::Forwarded(admission()?, review()?, forwarding)
            }
            "withdrawn" => AppealState::Withdrawn(self.trail()?, self.closed_at?),
            ruled => {
                let ruling = one_of(ruled, &AppealOutcome::ALL, AppealOutcome::as_str).ok()?;
                let by = DecisionId::new(self.outcome_id?);
                AppealState::Decided(self.trail()?, ruling, by, self.closed_at?)
            }
        })
    }

    /// How far it came; none where a part is not as it must be.
    fn trail(&self) -> Option<AppealHistory> {
        let admission = known(self.admission.as_ref(), AppealStepForm::admission).ok()?;
        let review = known(self.review.as_ref(), AppealStepForm::review).ok()?;
        let forwarding = known(self.forwarding.as_ref(), AppealStepForm::forwarding).ok()?;
        Some(AppealHistory { admission, review, forwarding })
    }
}

impl AppealStepForm {
    fn text(&self) -> Option<Prose> {
        Prose::parse(self.text.as_ref()?).ok()
    }

    fn admission(&self) -> Option<AppealAdmission> {
        let by = self.by.as_ref()?.read(&mut ValidationErrors::default(), "")?;
        let excuse = match &self.late_ground {
            None => None,
            Some(said) => Some(Excuse {
                ground: one_of(said, &LateGround::ALL, LateGround::as_str).ok()?,
                reasons: self.text()?,
            }),
        };
        Some(AppealAdmission { excuse, by, at: self.at? })
    }

    fn review(&self) -> Option<LowerBodyReview> {
        let by = self.by.as_ref()?.read(&mut ValidationErrors::default(), "")?;
        Some(LowerBodyReview { findings: self.text()?, by, at: self.at? })
    }

    fn forwarding(&self) -> Option<Forwarding> {
        let f = &mut ValidationErrors::default();
        let by = self.by.as_ref()?.read(f, "")?;
        let notification = self.notification.as_ref()?.read(f, "")?;
        Some(Forwarding { statement: self.text()?, by, at: self.at?, notification })
    }
}

impl CostsForm {
    fn read(&self) -> Option<Costs> {
        let answer = match &self.answer {
            None => None,
            Some(form) => Some(CostsAnswer {
                granted: known(form.granted.as_ref(), price).ok()?,
                reasons: Prose::parse(&form.reasons).ok()?,
                by: form.by.read(&mut ValidationErrors::default(), "")?,
                at: form.at,
            }),
        };
        let what_for = Prose::parse(&self.what_for).ok()?;
        Some(Costs { claimed: price(&self.claimed)?, what_for, at: self.at, answer })
    }
}
