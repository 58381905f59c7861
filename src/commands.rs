//! Use cases: what a caller does with a resource, declared once.
//!
//! A command is a struct with the fields of its body, and says which aggregate it is for, who may run it, where its
//! route is, whether it is possible now, and what it changes. [`execute`] does what is the same for all: load once, compare the
//! revision, run, save, and add what follows elsewhere. The route, the OpenAPI operation and `actions[]` are
//! derived in `api::commands`. Nothing here knows HTTP or reads a clock.

pub mod appeal;
pub mod approval;
pub mod decision;
pub mod follow_up;

use uuid::Uuid;

use crate::{
    context::Context,
    domain::{
        Change,
        appeal::Appeal,
        approval::Approval,
        error::DomainError,
        event::Event,
        follow_up::FollowUp,
        role::{CallerIdentity, FromCaller, Party, Role},
        values::ids::{Id, Revision},
        values::time::Instant,
    },
    json::{
        form::{Described, Form, ObjectForm},
        public::PublicRecord,
    },
    store::{Done, Failure, RelatedChange, Session},
};

/// What the path of a command names, and whose revision `If-Match` has.
pub trait Target: Sized + Send + 'static {
    /// What it is called in an error.
    const NOUN: &'static str;
    /// The section of the OpenAPI document.
    const TAG: &'static str;

    /// Loads it, where the party may see it.
    fn load(session: &mut Session<'_>, id: Uuid, party: &Party) -> Result<Option<Self>, Failure>;

    /// How often it has changed.
    fn revision(&self) -> Revision;

    /// Shows the visitor each command on it, in the order of `actions[]`.
    fn commands(_visitor: &mut impl CommandVisitor<Self>) {}
}

/// What a command changes and answers with.
pub trait Aggregate: Target + ObjectForm + Described {
    /// The path of all of them, below `/v1`.
    const COLLECTION: &'static str;

    /// Its id.
    fn id(&self) -> Uuid;

    /// Saves it; `from` is the revision before, `None` for a new one.
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure>;

    /// What its change brings about elsewhere.
    fn consequences(_change: &Change<Self>, _tx: &mut Tx) -> Result<Vec<RelatedChange>, Failure> {
        Ok(Vec::new())
    }

    /// What everyone may see of it.
    fn public(&self, _now: Instant) -> Option<PublicRecord> {
        None
    }
}

/// A command on one resource.
pub trait Command: Form + ObjectForm + Described + Send + 'static {
    /// What the path names.
    type Target: Target;
    /// What is changed, or made.
    type Result: Aggregate;
    /// Who may run it.
    type Role: FromCaller + Send + 'static;
    /// Where it is.
    const ROUTE: Route;

    /// Its name in `actions[]`; none where a role never has this command on this target.
    fn action(_target: &Self::Target, _role: Role) -> Option<&'static str> {
        Some(Self::ROUTE.action)
    }

    /// Whether it is possible now, whatever its fields say.
    fn guard(target: &Self::Target, role: Role, now: Instant) -> Result<(), DomainError>;

    /// Runs it: loads what it needs beside its target, and calls the domain.
    fn run(self, target: Self::Target, by: &Self::Role, tx: &mut Tx) -> Changed<Self::Result>;
}

/// The changed value and its event, or why nothing changes.
pub type Changed<T> = Result<Change<T>, Failure>;

/// The route of a command.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The path below `/v1`, with `{id}` for the target.
    pub path: &'static str,
    /// The id of the OpenAPI operation, and the key of the title.
    pub operation: &'static str,
    /// The name in `actions[]`.
    pub action: &'static str,
    /// Whether it makes a new resource.
    pub creates: bool,
}

impl Route {
    /// A command that changes its target.
    #[must_use]
    pub const fn change(action: &'static str, operation: &'static str, path: &'static str) -> Self {
        Self { path, operation, action, creates: false }
    }

    /// A command that makes a new resource below its target.
    #[must_use]
    pub const fn create(action: &'static str, operation: &'static str, path: &'static str) -> Self {
        Self { path, operation, action, creates: true }
    }
}

/// Looks at each command of an aggregate.
pub trait CommandVisitor<T: Target> {
    /// Looks at one.
    fn visit<C: Command<Target = T>>(&mut self);

    /// Looks at one that has a handler of its own.
    fn visit_handler(&mut self, _action: &HandlerAction<T>) {}
}

/// A command that has a handler of its own, as far as `actions[]` has it.
#[derive(Debug, Clone, Copy)]
pub struct HandlerAction<T> {
    /// Where it is.
    pub route: Route,
    /// Who may run it.
    pub roles: &'static [Role],
    /// Whether it is possible now.
    pub guard: fn(&T, Instant) -> Result<(), DomainError>,
}

/// Shows a visitor every command.
pub fn all<V>(visitor: &mut V)
where
    V: CommandVisitor<Approval> + CommandVisitor<Appeal> + CommandVisitor<FollowUp>,
{
    Appeal::commands(visitor);
    Approval::commands(visitor);
    FollowUp::commands(visitor);
}

/// The transaction of one command: the database, the time, and new ids.
#[derive(Debug)]
pub struct Tx<'a, 's> {
    /// The time at which it runs.
    pub now: Instant,
    /// The database.
    pub session: &'a mut Session<'s>,
    context: &'a Context,
}

impl<'a, 's> Tx<'a, 's> {
    /// The transaction of a command that runs at an instant.
    pub const fn new(session: &'a mut Session<'s>, context: &'a Context, now: Instant) -> Self {
        Self { now, session, context }
    }

    /// The id of a new resource.
    #[must_use]
    pub fn new_id<T>(&self) -> Id<T> {
        self.context.id()
    }

    /// A change elsewhere, with the id of its journal row and what the public sees of it.
    #[must_use]
    pub fn consequence(&self, event: Event, public: Option<PublicRecord>) -> RelatedChange {
        RelatedChange { id: self.context.row_id(), event, public }
    }
}

/// Loads the target, compares its revision, runs the command, saves the result and what follows from it.
pub fn execute<C: Command>(
    command: C,
    id: Uuid,
    expected: Revision,
    caller: &CallerIdentity,
    by: &C::Role,
    tx: &mut Tx,
) -> Result<Done<C::Result>, Failure> {
    let target = load::<C::Target>(tx.session, id, &Party::of(caller.clone())?)?;
    if target.revision() != expected {
        return Err(DomainError::stale().into());
    }
    let change = command.run(target, by, tx)?;
    change.value.save(tx, (!C::ROUTE.creates).then_some(expected))?;
    let related = Aggregate::consequences(&change, tx)?;
    let public = change.value.public(tx.now);
    Ok(Done { event: change.event, public, related, answer: change.value })
}

/// Loads a target that the party may see.
///
/// # Errors
/// `not-found`.
pub fn load<T: Target>(session: &mut Session<'_>, id: Uuid, party: &Party) -> Result<T, Failure> {
    Ok(T::load(session, id, party)?.ok_or_else(|| DomainError::not_found(T::NOUN))?)
}
