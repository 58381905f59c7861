//! Publication of a version, and the approvals and applications under an older one.

use super::{ChangedPart, EditedOffering, changed};
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx},
    domain::{
        Change,
        error::DomainError,
        offering::OfferingCommand,
        role::{CallerIdentity, Editor},
        values::{
            ids::{ApplicationId, ApprovalId, OfferingId},
            time::Instant,
        },
    },
    json::{
        form::Form,
        offering::difference::{self, VersionDifference},
        public::OfferingRecord,
    },
    store::{Failure, corrupt},
};

/// A version that was published just now, as its editor sees it.
#[derive(Debug, Form)]
#[form(name = "Publication")]
pub struct PublishedVersion {
    #[form(flatten)]
    record: OfferingRecord,
    /// How it differs from the former one.
    changes: Vec<VersionDifference>,
    /// Approvals and applications under an older version. Nothing in them changes automatically.
    touched: Touched,
}

/// Approvals and applications under an older version.
#[derive(Debug, Form)]
struct Touched {
    /// Active approvals: their own version governs them.
    approvals: Vec<ApprovalId>,
    /// Open applications: assessed by their pinned version, unless the applicant asks for the newer.
    applications: Vec<ApplicationId>,
}

impl Touched {
    fn of(tx: &mut Tx, offering: OfferingId) -> Result<Self, Failure> {
        let approvals = tx.session.active_approvals(offering, tx.now)?;
        Ok(Self {
            approvals: approvals.into_iter().map(|approval| approval.id).collect(),
            applications: tx.session.open_cases(offering)?,
        })
    }
}

/// Publish the draft.
///
/// It becomes the next version, in force and public at once. All missing fields are in one answer. The answer
/// has the differences from the previous version, and the approvals and open applications that continue under
/// an older one.
#[derive(Debug, Form)]
pub struct PublishOffering {}

impl Command for PublishOffering {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, PublishedVersion>;
    type Role = Editor;
    const ROUTE: Route = Route::create("publish", "offeringPublish", "/offerings/{id}/publication");

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::Publish, now)
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let EditedOffering { offering, draft, in_force, complete } = edited;
        let (content, municipality) = complete?;
        let former = in_force.map(|it| it.content);
        let change = offering.publish(content, former.as_ref(), &municipality, by, tx.now)?;
        let Change { value: (offering, version), event } = change;
        let (number, content) = (version.number, version.content.clone());
        let change = Change { value: offering, event };
        let part = ChangedPart::Version(Box::new(version));
        tx.save(changed(change, draft, part))?.try_map(|published| {
            let (offering, draft) = (published.offering, published.draft);
            let record = tx.session.offering_record(&offering, tx.now)?;
            let view = PublishedVersion {
                record: record.ok_or_else(|| corrupt("offering", offering.id))?,
                changes: difference::since(former.as_ref(), &content),
                touched: Touched::of(tx, offering.id)?,
            };
            let path = format!("offerings/{}/versions/{}", offering.id, number.0);
            let revision = offering.revision;
            Ok(TargetView {
                target: EditedOffering::of(tx, offering, draft)?,
                view,
                revision,
                path,
            })
        })
    }
}
