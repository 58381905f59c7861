//! What a caller sees of an aggregate: its form, and what this caller may do with it now.

use std::{borrow::Cow, marker::PhantomData};

use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ArrayBuilder, Schema as AnySchema},
    },
};

use super::answer::{CommandResponse, build_stored_response};
use crate::{
    commands::{Aggregate, Command, CommandVisitor, HandlerAction, Route},
    domain::{
        error::DomainError,
        role::{FromCaller, Role},
        values::ids::Revision,
        values::time::Instant,
    },
    json::{
        ActionForm,
        form::{Fields, describe, object_schema, reference},
    },
    store::{StoreError, StoredResponse},
    words::{Locale, Words},
};

/// Who sees it, when, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// In which role.
    pub role: Role,
    /// When.
    pub now: Instant,
    /// The language of titles.
    pub locale: Locale,
    /// The catalogue of words.
    pub words: &'a Words,
}

/// An aggregate as a caller sees it.
#[derive(Debug)]
pub struct View<A> {
    json: Value,
    of: PhantomData<fn() -> A>,
}

impl Viewer<'_> {
    /// What this viewer sees of an aggregate.
    pub fn view<A: Aggregate>(&self, aggregate: &A) -> View<A> {
        let mut fields = Fields::default();
        aggregate.write_fields(&mut fields);
        let actions = serde_json::to_value(self.actions(aggregate)).unwrap_or_default();
        fields.put_json("actions", actions);
        View { json: fields.into_json(), of: PhantomData }
    }

    /// The answer to a command.
    pub fn answer<A: Aggregate>(&self, aggregate: &A, is_new: bool) -> CommandAnswer<A> {
        let location = is_new.then(|| format!("/v1/{}/{}", A::COLLECTION, aggregate.id()));
        CommandAnswer { location, revision: aggregate.revision(), view: self.view(aggregate) }
    }

    /// What the viewer may do with it now and, where not, why.
    fn actions<A: Aggregate>(&self, aggregate: &A) -> Vec<ActionForm> {
        let mut actions = Actions { viewer: self, aggregate, found: Vec::new() };
        A::commands(&mut actions);
        actions.found
    }
}

/// Gathers the commands that a role may run.
struct Actions<'a, A> {
    viewer: &'a Viewer<'a>,
    aggregate: &'a A,
    found: Vec<ActionForm>,
}

impl<A: Aggregate> CommandVisitor<A> for Actions<'_, A> {
    fn visit<C: Command<Target = A>>(&mut self) {
        let Viewer { role, now, .. } = *self.viewer;
        if C::Role::ROLES.contains(&role)
            && let Some(action) = C::action(self.aggregate, role)
        {
            self.add(action, C::ROUTE, C::guard(self.aggregate, role, now));
        }
    }

    fn visit_handler(&mut self, action: &HandlerAction<A>) {
        if action.roles.contains(&self.viewer.role) {
            let guard = (action.guard)(self.aggregate, self.viewer.now);
            self.add(action.route.action, action.route, guard);
        }
    }
}

impl<A: Aggregate> Actions<'_, A> {
    fn add(&mut self, action: &'static str, route: Route, guard: Result<(), DomainError>) {
        let because = guard.err();
        let id = self.aggregate.id().to_string();
        self.found.push(ActionForm {
            act: action,
            operation: Some(route.operation),
            method: Some("POST"),
            href: Some(format!("/v1{}", route.path.replace("{id}", &id))),
            title: Some(self.viewer.words.text(self.viewer.locale, route.operation)),
            possible: because.is_none(),
            code: because.as_ref().map(|it| it.code.as_str()),
            because: because.map(|it| it.detail),
        });
    }
}

impl<A: Aggregate> View<A> {
    /// A reference to the schema.
    pub fn reference() -> RefOr<Schema> {
        reference(A::NAME)
    }
}

impl<A> Serialize for View<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<A: Aggregate> PartialSchema for View<A> {
    fn schema() -> RefOr<Schema> {
        let mut whole = object_schema::<A>(A::DOCS, false, None);
        if let RefOr::T(AnySchema::Object(object)) = &mut whole {
            let actions = ArrayBuilder::new().items(reference(&ActionForm::name())).build();
            let says = "What this caller may do now and, where not, because of what.";
            let actions = describe(RefOr::T(actions.into()), says);
            object.properties.insert("actions".to_owned(), actions);
            object.required.push("actions".to_owned());
        }
        whole
    }
}

impl<A: Aggregate> ToSchema for View<A> {
    fn name() -> Cow<'static, str> {
        A::NAME.into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        A::components(schemas);
        schemas.push((ActionForm::name().into_owned(), ActionForm::schema()));
        schemas.push((A::NAME.to_owned(), Self::schema()));
    }
}

/// The changed or new aggregate, as the answer to a command.
#[derive(Debug)]
pub struct CommandAnswer<A> {
    location: Option<String>,
    revision: Revision,
    view: View<A>,
}

impl<A> CommandResponse for CommandAnswer<A> {
    fn reply(&self) -> Result<StoredResponse, StoreError> {
        build_stored_response(self.location.clone(), self.revision, &self.view)
    }
}
