//! Answers that show something else than the aggregate that was changed.

use std::borrow::Cow;

use super::{Answer, NoKey, Target, Tx};
use crate::{
    domain::{role::Party, validation::ValidationErrors, values::ids::Revision},
    json::form::{
        Components, Described, Object, ObjectForm, ObjectSchema, Schema, SerializeMap,
        serde_bridge::refuse_to_read,
    },
    store::Failure,
};

/// The answer of a command, with the `actions[]` of a target.
#[derive(Debug)]
pub struct TargetView<T, V> {
    /// The target of its `actions[]`; [`NoActions`] if it has none.
    pub target: T,
    /// Its fields.
    pub view: V,
    /// How often it has changed.
    pub revision: Revision,
    /// Where it is, below `/v1`.
    pub path: String,
}

impl<T: Target, V: ObjectForm> ObjectForm for TargetView<T, V> {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        refuse_to_read(object.at(), errors)
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        self.view.write_fields(object)
    }

    fn names(names: &mut Vec<&'static str>) {
        V::names(names);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        V::properties(schema)
    }

    fn components(components: &mut Components) {
        V::components(components);
    }
}

impl<T, V: Described> Described for TargetView<T, V> {
    fn schema_name() -> Cow<'static, str> {
        V::schema_name()
    }

    fn docs() -> Cow<'static, str> {
        V::docs()
    }

    fn whole_schema() -> Schema {
        V::whole_schema()
    }
}

impl<T: Target, V: ObjectForm + Described + Send> Answer for TargetView<T, V> {
    type Target = T;

    fn target(&self) -> &T {
        &self.target
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn path(&self) -> String {
        self.path.clone()
    }
}

/// The target of an answer without `actions[]`, such as a public record.
#[derive(Debug, Clone, Copy)]
pub struct NoActions;

impl Target for NoActions {
    type Key = NoKey;
    const NOUN: &'static str = "answer";

    fn load(_: &mut Tx, _: &NoKey, _: &Party) -> Result<Option<Self>, Failure> {
        Ok(None)
    }

    fn key(&self) -> NoKey {
        NoKey
    }

    fn revision(&self) -> Option<Revision> {
        None
    }
}
