//! Use cases: commands on resources, each declared once.
//!
//! A command is a struct with the fields of its body, and declares its resource, role, route, guard and
//! changes. [`execute`] does the common part: load once, compare the revision, run. Route, OpenAPI operation
//! and `actions[]` are derived in `api::commands`. This module knows neither HTTP nor the clock.

pub mod appeal;
pub mod application;
pub mod approval;
pub mod decision;
pub mod due;
pub mod evidence;
pub mod follow_up;
pub mod late_access;
mod letter;
pub mod municipality;
pub mod notice;
pub mod offering;
pub mod prior_notice;
pub mod provider;
mod route;
mod target_view;
mod tx;

pub use crate::domain::role::FromCaller;

pub use self::{
    route::{Expected, HandlerAction, Key, Method, NoKey, Precondition, Route},
    target_view::TargetView,
    tx::{Environment, Tx},
};

use serde_json::{Map, Value};

use self::{
    appeal::AppealCase,
    application::{ApplicationCase, CreateApplication},
    approval::ApprovalCase,
    decision::DecisionCase,
    evidence::EvidenceFile,
    follow_up::FollowUpCase,
    late_access::PublishedOffering,
    municipality::SettingsEntry,
    offering::{CreateOffering, EditedOffering},
    provider::ProviderEntry,
};
use crate::{
    domain::{
        Change,
        error::{DomainError, Noun},
        notice::Notice,
        prior_notice::PriorNotice,
        role::{CallerIdentity, Party, Role},
        validation::{FieldError, ValidationErrors},
        values::{ids::Revision, time::Instant},
    },
    json::{
        form::{Described, Form, Object, ObjectForm, merge_patch},
        public::PublicRecord,
    },
    store::{CommandOutcome, Failure},
};

/// The target of a command: the resource in its path, with the revision of the precondition.
pub trait Target: Sized + Send + 'static {
    /// Name of the path parameter.
    type Key: Key;
    /// Name in error messages.
    const NOUN: Noun;
    /// The section of the OpenAPI document with its commands.
    const TAG: &'static str;

    /// What it lacks, where its view shows that.
    fn missing(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// Loads it, where the party may see it.
    ///
    /// # Errors
    /// A failing database.
    fn load(tx: &mut Tx, key: &Self::Key, party: &Party) -> Result<Option<Self>, Failure>;

    /// The key in the path.
    fn key(&self) -> Self::Key;

    /// The revision; `None` if it does not exist yet.
    fn revision(&self) -> Option<Revision>;

    /// Shows the visitor each command on it, in the order of `actions[]`.
    fn commands(_visitor: &mut impl CommandVisitor<Self>) {}
}

/// An aggregate that commands change.
pub trait Aggregate: Sized {
    /// Saves it; `from` is the revision before, `None` for a new one.
    ///
    /// # Errors
    /// `stale`, or a failing database.
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure>;

    /// Applies related changes elsewhere.
    fn add_consequences(_change: &Change<Self>, _tx: &mut Tx) -> Result<(), Failure> {
        Ok(())
    }

    /// The public record.
    fn public(&self, _tx: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        Ok(None)
    }
}

/// The answer of a command.
pub trait Answer: ObjectForm + Described + Send + Sized {
    /// The target of its `actions[]`.
    type Target: Target;
    /// Whether the schema of its name has no `actions[]`, since others show it too.
    const IS_SHARED: bool = true;

    /// The target of its `actions[]`.
    fn target(&self) -> &Self::Target;

    /// How often it has changed.
    fn revision(&self) -> Revision;

    /// Where it is, below `/v1`.
    fn path(&self) -> String;
}

/// A target that commands on it answer with.
pub trait Resource: Target + ObjectForm + Described {
    /// The first segment of its path.
    const COLLECTION: &'static str;
}

impl<T: Resource> Answer for T {
    type Target = T;
    const IS_SHARED: bool = false;

    fn target(&self) -> &T {
        self
    }

    fn revision(&self) -> Revision {
        Target::revision(self).unwrap_or(Revision::FIRST)
    }

    fn path(&self) -> String {
        format!("{}/{}", T::COLLECTION, self.key())
    }
}

/// A command.
pub trait Command: Form + ObjectForm + Described + Send + 'static {
    /// The target in the path.
    type Target: Target;
    /// The answer.
    type Answer: Answer;
    /// The required role.
    type Role: FromCaller + Send + 'static;
    /// Where it is.
    const ROUTE: Route;
    /// The section of the OpenAPI document.
    const TAG: &'static str = <Self::Target as Target>::TAG;

    /// Its name in `actions[]`; none where a role never has this command on this target.
    fn action(_target: &Self::Target, _role: Role) -> Option<&'static str> {
        Some(Self::ROUTE.action)
    }

    /// Whether it is possible now, independent of its fields.
    fn guard(
        target: &Self::Target,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError>;

    /// Guards the command as it was sent, before it runs, so that the answered error is the one announced in `actions[]`. Differs
    /// from [`Self::guard`] only where the fields select one of several guards.
    ///
    /// # Errors
    /// Why not.
    fn check(
        &self,
        target: &Self::Target,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        Self::guard(target, caller, now)
    }

    /// Adds the errors of fields that a role must or must not send.
    fn check_for_role(_fields: &Object<'_>, _role: Role, _errors: &mut ValidationErrors) {}

    /// The target's present values, to which a merge patch is applied; for `PATCH` only.
    fn current(_target: &Self::Target, _patch: &Value) -> Option<Map<String, Value>> {
        None
    }

    /// Runs the command: loads related data, calls the domain, and saves. On an error nothing is changed.
    fn run(self, target: Self::Target, by: &Self::Role, tx: &mut Tx) -> Outcome<Self::Answer>;
}

/// The changes of a command, or none.
pub type Outcome<T> = Result<CommandOutcome<T>, Failure>;

/// Visits each command of a target.
pub trait CommandVisitor<T: Target> {
    /// Visits one.
    fn visit<C: Command<Target = T>>(&mut self);

    /// Visits one with its own handler, which requires the role `R`.
    fn visit_handler<R: FromCaller>(&mut self, _action: &HandlerAction<T>) {}
}

/// Shows a visitor every command.
pub fn all<V>(visitor: &mut V)
where
    V: CommandVisitor<Registry>
        + CommandVisitor<SettingsEntry>
        + CommandVisitor<EditedOffering>
        + CommandVisitor<PublishedOffering>
        + CommandVisitor<ProviderEntry>
        + CommandVisitor<EvidenceFile>
        + CommandVisitor<ApplicationCase>
        + CommandVisitor<ApprovalCase>
        + CommandVisitor<DecisionCase>
        + CommandVisitor<AppealCase>
        + CommandVisitor<PriorNotice>
        + CommandVisitor<FollowUpCase>
        + CommandVisitor<Notice>,
{
    Registry::commands(visitor);
    SettingsEntry::commands(visitor);
    EditedOffering::commands(visitor);
    PublishedOffering::commands(visitor);
    ProviderEntry::commands(visitor);
    EvidenceFile::commands(visitor);
    ApplicationCase::commands(visitor);
    AppealCase::commands(visitor);
    ApprovalCase::commands(visitor);
    DecisionCase::commands(visitor);
    PriorNotice::commands(visitor);
    FollowUpCase::commands(visitor);
    Notice::commands(visitor);
}

/// The registry itself, the parent of new resources.
#[derive(Debug, Clone, Copy)]
pub struct Registry;

impl Target for Registry {
    type Key = NoKey;
    const NOUN: Noun = Noun::Registry;
    const TAG: &'static str = "offerings";

    fn load(_: &mut Tx, _: &NoKey, _: &Party) -> Result<Option<Self>, Failure> {
        Ok(Some(Self))
    }

    fn key(&self) -> NoKey {
        NoKey
    }

    fn revision(&self) -> Option<Revision> {
        None
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<CreateOffering>();
        visitor.visit::<CreateApplication>();
    }
}

/// The parts of a request.
#[derive(Debug)]
pub enum Input<C> {
    /// The whole command.
    Whole(C),
    /// A JSON Merge Patch of the target's values (RFC 7396).
    Patch {
        /// The patch.
        patch: Value,
        /// The parameters of the path.
        path: Vec<(String, String)>,
    },
}

impl<C: Command> Input<C> {
    /// Reads it from the fields of a body and the parameters of a path, or names every error.
    ///
    /// # Errors
    /// `validation`.
    pub fn parse(
        fields: Map<String, Value>,
        path: Vec<(String, String)>,
        role: Role,
    ) -> Result<Self, DomainError> {
        match C::ROUTE.method {
            Method::Patch => Ok(Self::Patch { patch: Value::Object(fields), path }),
            Method::Post | Method::Put => parse(&fields, &path, role).map(Self::Whole),
        }
    }

    fn resolve(self, target: &C::Target, role: Role) -> Result<C, DomainError> {
        match self {
            Self::Whole(command) => Ok(command),
            Self::Patch { patch, path } => {
                let current = C::current(target, &patch);
                let current = current.ok_or_else(|| DomainError::not_found(C::Target::NOUN))?;
                parse(&merge_patch(current, &patch), &path, role)
            }
        }
    }
}

fn parse<C: Command>(
    fields: &Map<String, Value>,
    path: &[(String, String)],
    role: Role,
) -> Result<C, DomainError> {
    let mut errors = ValidationErrors::default();
    let object = Object::of_request(fields, path);
    let command = object.parse(&mut errors);
    C::check_for_role(&object, role, &mut errors);
    errors.finish(command).map_err(DomainError::validation)
}

/// Loads the target, compares its revision, asks the guard, and runs the command.
///
/// # Errors
/// Why nothing is changed.
pub fn execute<C: Command>(
    input: Input<C>,
    key: &<C::Target as Target>::Key,
    expected: Expected,
    caller: &CallerIdentity,
    by: &C::Role,
    tx: &mut Tx,
) -> Outcome<C::Answer> {
    let target = load::<C::Target>(tx, key, &caller.party()?)?;
    if C::ROUTE.precondition == Precondition::Revision && target.revision().is_none() {
        return Err(DomainError::not_found(C::Target::NOUN).into());
    }
    expected.check(target.revision())?;
    tx.set_revision(target.revision());
    tx.set_organisation(&caller.organisation);
    let command = input.resolve(&target, caller.role)?;
    command.check(&target, caller, tx.now)?;
    let outcome = command.run(target, by, tx)?;
    finish(outcome, tx)
}

/// Adds the related changes of a transaction to its outcome, and writes the letters of all.
fn finish<T>(outcome: CommandOutcome<T>, tx: &mut Tx) -> Outcome<T> {
    let outcome = outcome.with_related(tx.take_related());
    letter::write_letters(&outcome, tx)?;
    Ok(outcome)
}

/// Loads a target that the party may see.
///
/// # Errors
/// `not-found`.
pub fn load<T: Target>(tx: &mut Tx, key: &T::Key, party: &Party) -> Result<T, Failure> {
    Ok(T::load(tx, key, party)?.ok_or_else(|| DomainError::not_found(T::NOUN))?)
}
