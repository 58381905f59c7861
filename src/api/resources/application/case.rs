//! Parts of an application that other resources need.

use crate::{
    api::view::View,
    commands::{self, application::ApplicationCase},
    domain::{
        application::Application,
        offering::{Offering, content::OfferingContent},
        role::Party,
        values::ids::ApplicationId,
    },
    store::{Failure, Session},
};

/// The parties' view of an application.
pub(super) type ApplicationView = View<ApplicationCase>;

/// An application that the party may see, with its offering and the content it is measured by.
pub(crate) fn load(
    session: &mut Session<'_>,
    id: ApplicationId,
    party: &Party,
) -> Result<(Application, (Offering, OfferingContent)), Failure> {
    let application = commands::application::load(session, id, party)?;
    let measured = commands::application::measure(session, &application)?;
    Ok((application, measured))
}
