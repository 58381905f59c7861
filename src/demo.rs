//! Demo: real arrangements with synthetic providers, loaded by the same commands as over HTTP.
//!
//! Each command is one transaction and one journal row. A completed command is skipped, so the next start continues an
//! interrupted one. Kristiansand's personal assistance is omitted on purpose: the newcomer's story begins with its
//! publication.

mod case;
mod files;
mod greeting;
mod listing;
mod stage;

pub use greeting::greet;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    catalogue::Catalogue,
    context::Context,
    domain::role::Role,
    jobs::NoticeSender,
    store::{Failure, Session, Store, StoreError},
};
use files::Script;
use stage::{REQUEST, Stage};

/// Age of the demo's approvals at their contracts, longer than any stand-still.
const STAND_STILL: TimeDelta = TimeDelta::days(30);

/// The first id of the demo, a UUID of version 7.
const FIRST_ID: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0000;
/// More ids than a command needs.
const IDS_OF_A_COMMAND: u128 = 1000;

/// The same with numbered ids: those of a demo are the same in every registry, so that examples can have them. A
/// continued demo begins behind those that it has used.
pub fn with_numbered_ids(context: &Context, store: &Store) -> Result<Context, StoreError> {
    let position = store.read(|session| Ok::<_, StoreError>(session.journal_head()?.position))?;
    let used = u128::try_from(position).unwrap_or_default() * IDS_OF_A_COMMAND;
    let next = AtomicU64::new(0);
    Ok(context.clone().with_ids(move || {
        let number = u128::from(next.fetch_add(1, Ordering::Relaxed));
        Uuid::from_u128(FIRST_ID + used + number)
    }))
}

/// Loads the demo where the journal is empty, or carries on where an earlier start broke off.
/// Answers whether anything was done.
pub fn load(
    store: &Store,
    catalogue: &Arc<Catalogue>,
    context: &Context,
    notices: &NoticeSender,
) -> Result<bool, Failure> {
    let may_load = store.read(|session| {
        let is_empty = session.journal_head()?.position == 0;
        Ok::<_, StoreError>(is_empty || is_demo(session)?)
    })?;
    if !may_load {
        tracing::info!("the database is not empty: the demo is not loaded");
        return Ok(false);
    }
    let script = Script::read(catalogue)?;
    // An interrupted start may have left some.
    store.release_notices()?;
    // First up to the approvals, some time ago; then the contracts.
    let stage = |ago| Stage::new(store, catalogue, context, notices, ago);
    let commands = play(&script, &stage(STAND_STILL))? + play(&script, &stage(TimeDelta::zero()))?;
    if commands > 0 {
        tracing::info!(commands, "the demo is loaded");
    }
    Ok(commands > 0)
}

/// Whether the journal begins with a command of the demo, by one of its people: no issuer gives a token to them.
pub fn is_demo(session: &mut Session<'_>) -> Result<bool, StoreError> {
    let first = session.journal_after(0, 1)?.into_iter().next();
    let people = Role::ALL.map(stage::subject_of);
    Ok(first.is_some_and(|row| row.request_id == REQUEST && people.contains(&row.actor)))
}

/// Does whatever of the script is not done.
fn play(script: &Script, stage: &Stage<'_>) -> Result<u32, Failure> {
    for municipality in &script.municipalities {
        stage.set_up(municipality)?;
    }
    for offering in &script.offerings {
        stage.publish(offering)?;
    }
    for provider in &script.providers {
        stage.register(provider)?;
        stage.confirm_addresses(provider)?;
        for place in &provider.approved_for {
            stage.approve(provider, place)?;
        }
    }
    stage.send_notices()?;
    // Announced after the contracts, which end with the offering.
    for own in script.own_offers.iter().filter(|_| stage.ago.is_zero()) {
        stage.list_own(own)?;
        stage.close(own)?;
    }
    Ok(stage.count.get())
}
