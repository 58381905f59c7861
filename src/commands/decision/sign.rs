//! Inputs of a signature.

use crate::{
    commands::Tx,
    domain::{decision::SigningContext, municipality::Municipality, rules::notification::Channel},
    store::Failure,
};

/// The number, the time and the municipality of a decision that is signed now.
///
/// # Errors
/// A failing database.
pub fn signing_context<'m>(
    tx: &mut Tx,
    municipality: &'m Municipality,
    channel: Channel,
) -> Result<SigningContext<'m>, Failure> {
    let number = tx.session.next_decision_number(&municipality.number, tx.now)?;
    let commencement = tx.environment.context.commencement();
    Ok(SigningContext { id: tx.new_id(), number, municipality, now: tx.now, commencement, channel })
}
