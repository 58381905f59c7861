//! Answers of commands that are not the target itself.

use std::borrow::Cow;

use super::{Answer, Target};
use crate::{
    domain::{validation::ValidationErrors, values::ids::Revision},
    json::form::{
        Components, Described, Object, ObjectForm, ObjectSchema, Schema, SerializeMap,
        refuse_to_read,
    },
};

/// A view for the answer of a command, and the target of its `actions[]`.
#[derive(Debug)]
pub struct TargetView<T, V> {
    /// The target of its `actions[]`.
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
