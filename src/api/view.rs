//! The caller's view of a resource: its form, and the caller's possible actions.

use std::{borrow::Cow, marker::PhantomData};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{AllOfBuilder, ArrayBuilder, ObjectBuilder, Schema as AnySchema},
    },
};

use super::{
    answer::render,
    extract::locale::ReaderLanguage,
    problem::{HttpError, Problem},
};
use crate::{
    commands::{Answer, Command, CommandVisitor, HandlerAction, Key, Route, Target},
    domain::{
        error::DomainError,
        role::{CallerIdentity, FromCaller},
        values::time::Instant,
    },
    json::{
        ActionForm,
        field_error::FieldErrorForm,
        form::{reference, to_fields},
    },
    store::{StoreError, StoredResponse},
    words,
};

/// The bytes of a file.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) struct FileBytes(Vec<u8>);

/// The viewer, the time and the language.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub caller: &'a CallerIdentity,
    /// When.
    pub now: Instant,
    /// The language of titles and obstacles.
    pub language: ReaderLanguage,
}

/// A resource as a caller sees it.
#[derive(Debug)]
pub struct View<A> {
    json: Map<String, Value>,
    of: PhantomData<fn() -> A>,
}

/// What a handler shows of a resource, with what this caller may do with it now.
#[derive(Debug, Serialize)]
pub struct WithActions<V> {
    #[serde(flatten)]
    view: V,
    actions: Vec<ActionForm>,
}

impl<V> WithActions<V> {
    /// A view with its actions.
    pub const fn new(view: V, actions: Vec<ActionForm>) -> Self {
        Self { view, actions }
    }
}

impl Viewer<'_> {
    /// The viewer's representation of a resource.
    pub fn view<A: Answer>(&self, answer: &A) -> View<A> {
        let mut fields = to_fields(answer);
        if let Some(missing @ Value::Array(_)) = fields.get_mut("missing") {
            let locale = self.language.of_problems();
            let errors = answer.target().missing();
            let errors: Vec<_> = errors.iter().map(|it| FieldErrorForm::new(it, locale)).collect();
            *missing = serde_json::to_value(errors).unwrap_or_default();
        }
        let actions = serde_json::to_value(self.actions(answer.target())).unwrap_or_default();
        fields.insert("actions".to_owned(), actions);
        View { json: fields, of: PhantomData }
    }

    /// The rendered answer to a command.
    ///
    /// # Errors
    /// A view that cannot be written as JSON.
    pub fn answer<A: Answer>(
        &self,
        answer: &A,
        is_new: bool,
    ) -> Result<StoredResponse, StoreError> {
        let location = is_new.then(|| format!("/v1/{}", answer.path()));
        render(location, answer.revision(), &self.view(answer))
    }

    /// The viewer's actions now, with the obstacles.
    pub fn actions<T: Target>(&self, target: &T) -> Vec<ActionForm> {
        let mut actions = Actions { viewer: self, target, found: Vec::new() };
        T::commands(&mut actions);
        actions.found
    }
}

/// Gathers the commands that a role may run.
struct Actions<'a, T> {
    viewer: &'a Viewer<'a>,
    target: &'a T,
    found: Vec<ActionForm>,
}

impl<T: Target> CommandVisitor<T> for Actions<'_, T> {
    fn visit<C: Command<Target = T>>(&mut self) {
        if let Some(action) = C::action(self.target, self.viewer.caller.role) {
            self.add::<C::Role>(action, C::ROUTE, C::guard);
        }
    }

    fn visit_handler<R: FromCaller>(&mut self, action: &HandlerAction<T>) {
        self.add::<R>(action.route.action, action.route, action.guard);
    }
}

impl<T: Target> Actions<'_, T> {
    fn add<R: FromCaller>(
        &mut self,
        action: &'static str,
        route: Route,
        guard: fn(&T, &CallerIdentity, Instant) -> Result<(), DomainError>,
    ) {
        let Viewer { caller, now, language } = *self.viewer;
        if !R::ROLES.contains(&caller.role) {
            return;
        }
        // A command checks the token and the caller's level of assurance before its own guard.
        let possible = R::of(caller.clone()).and_then(|_| guard(self.target, caller, now));
        let obstacle = match (caller.reads_only, possible.err()) {
            (Some(why), _) => {
                let problem = Problem::edge(HttpError::ReadOnlyToken, why);
                Some((problem.code, problem.detail))
            }
            (None, error) => error.map(|it| (it.code.as_str(), it.detail)),
        };
        let (code, because) = obstacle.unzip();
        let because = because.map(|it| words::sentence(language.of_problems(), &it));
        let parameter = format!("{{{}}}", T::Key::PARAMETER);
        let path = route.path.replace(&parameter, &self.target.key().to_string());
        self.found.push(ActionForm {
            act: action,
            operation: Some(route.operation),
            method: Some(route.method.as_str()),
            href: Some(format!("/v1{path}")),
            title: Some(words::text(language.of_titles(), route.operation)),
            possible: code.is_none(),
            code,
            because,
        });
    }
}

impl<A: Answer> View<A> {
    /// The schema where it is used.
    pub fn reference() -> RefOr<Schema> {
        reference(&Self::name())
    }
}

impl<A> Serialize for View<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<A: Answer> PartialSchema for View<A> {
    fn schema() -> RefOr<Schema> {
        if A::IS_SHARED {
            return extend_with_actions(&A::schema_name(), "With the actions of its caller.", true);
        }
        let mut whole = A::whole_schema();
        if let RefOr::T(AnySchema::Object(object)) = &mut whole {
            object.properties.insert("actions".to_owned(), reference(ACTIONS));
            object.required.push("actions".to_owned());
        }
        whole
    }
}

impl<A: Answer> ToSchema for View<A> {
    fn name() -> Cow<'static, str> {
        let name = A::schema_name();
        if A::IS_SHARED { format!("{name}{AFTER_COMMAND}").into() } else { name }
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        A::components(schemas);
        push_actions(schemas);
        if A::IS_SHARED {
            schemas.push((A::schema_name().into_owned(), A::whole_schema()));
        }
        schemas.push((Self::name().into_owned(), Self::schema()));
    }
}

/// The fields of the view, and `actions`.
impl<V: ToSchema> PartialSchema for WithActions<V> {
    fn schema() -> RefOr<Schema> {
        extend_with_actions(&V::name(), "With the actions of a caller that has any.", false)
    }
}

impl<V: ToSchema> ToSchema for WithActions<V> {
    fn name() -> Cow<'static, str> {
        format!("{}{FOR_CALLER}", V::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        V::schemas(schemas);
        schemas.push((V::name().into_owned(), V::schema()));
        push_actions(schemas);
    }
}

/// The end of the name of a schema with the `actions` of the caller of a command.
pub(super) const AFTER_COMMAND: &str = "WithActions";
/// The end of the name of a public schema with the `actions` of a caller that has any.
pub(super) const FOR_CALLER: &str = "ForCaller";

/// The schema of a name, and `actions`.
fn extend_with_actions(name: &str, docs: &str, is_required: bool) -> RefOr<Schema> {
    let mut actions = ObjectBuilder::new().property("actions", reference(ACTIONS));
    if is_required {
        actions = actions.required("actions");
    }
    let whole = AllOfBuilder::new().item(reference(name)).item(actions).description(Some(docs));
    RefOr::T(whole.build().into())
}

/// The name of the schema of `actions`.
const ACTIONS: &str = "ActionList";

fn push_actions(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((ActionForm::name().into_owned(), ActionForm::schema()));
    let description = "The caller's commands, each with its present obstacle. A public read has it only for a caller \
                       whose token gives a role with commands here.";
    let actions = ArrayBuilder::new().items(reference(&ActionForm::name()));
    schemas.push((ACTIONS.to_owned(), actions.description(Some(description)).build().into()));
}
