//! Forms of values that may be omitted, of lists, and of values that have the fields of another type.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Serializer, ser::SerializeMap};
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, RefOr, schema::ArrayBuilder};

use super::{
    Components, Described, Form, Object, ObjectForm, ObjectSchema, PathParameter, Schema, Written,
    escape, refuse_to_read, wrong_type,
};
use crate::domain::{
    compensation::index::Month, message::fields, validation::ValidationErrors,
    value_error::ValueError, values::text::Code,
};

impl<T: Form> Form for Option<T> {
    const IS_OPTIONAL: bool = true;

    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        T::parse(value, at, errors).map(Some)
    }

    fn absent(_: &str, _: &mut ValidationErrors) -> Option<Self> {
        Some(None)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_none(),
        }
    }

    fn is_left_out(&self) -> bool {
        self.as_ref().is_none_or(Form::is_left_out)
    }

    fn schema() -> Schema {
        T::schema()
    }

    fn components(components: &mut Components) {
        T::components(components);
    }
}

/// Fields that are all there or all omitted.
impl<T: ObjectForm> ObjectForm for Option<T> {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        let mut names = Vec::new();
        T::names(&mut names);
        if names.iter().any(|name| object.has(name)) {
            T::parse_fields(object, errors).map(Some)
        } else {
            Some(None)
        }
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        self.as_ref().map_or(Ok(()), |group| group.write_fields(object))
    }

    fn names(names: &mut Vec<&'static str>) {
        T::names(names);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        schema.with_optional(T::properties)
    }

    fn components(components: &mut Components) {
        T::components(components);
    }
}

impl<T: Form> Form for Arc<T> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        T::parse(value, at, errors).map(Self::new)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }

    fn schema() -> Schema {
        T::schema()
    }

    fn components(components: &mut Components) {
        T::components(components);
    }
}

impl<T: Form> Form for Vec<T> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let Value::Array(items) = value else {
            return wrong_type(value, at, fields::wrong_type_list(), errors);
        };
        let mut all = Some(Self::new());
        for (i, item) in items.iter().enumerate() {
            if errors.is_full() {
                errors.more();
                return None;
            }
            let item = T::parse(item, &format!("{at}/{i}"), errors);
            all = all.zip(item).map(|(mut all, item)| {
                all.push(item);
                all
            });
        }
        all
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }

    fn schema() -> Schema {
        RefOr::T(ArrayBuilder::new().items(T::schema()).build().into())
    }

    fn components(components: &mut Components) {
        T::components(components);
    }
}

/// A list in which each value counts once.
impl<T: Form + Ord> Form for BTreeSet<T> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        Vec::parse(value, at, errors).map(|items| items.into_iter().collect())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }

    fn schema() -> Schema {
        Vec::<T>::schema()
    }

    fn components(components: &mut Components) {
        T::components(components);
    }
}

/// A name of a field that is a value.
pub trait FieldName: Ord + Sized {
    fn parse_name(name: &str) -> Result<Self, ValueError>;
    fn to_name(&self) -> Cow<'_, str>;
}

impl FieldName for Code {
    fn parse_name(name: &str) -> Result<Self, ValueError> {
        Self::parse(name)
    }

    fn to_name(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl FieldName for Month {
    fn parse_name(name: &str) -> Result<Self, ValueError> {
        Self::parse(name)
    }

    fn to_name(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

/// An object with a field for each name.
impl<N: FieldName, T: Form> Form for BTreeMap<N, T> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let Value::Object(fields) = value else {
            return wrong_type(value, at, fields::wrong_type_object(), errors);
        };
        let mut all = Some(Self::new());
        for (name, value) in fields {
            let at = format!("{at}/{}", escape(name));
            let name = errors.collect(&at, N::parse_name(name));
            let value = T::parse(value, &at, errors);
            all = all.zip(name.zip(value)).map(|(mut all, (name, value))| {
                all.insert(name, value);
                all
            });
        }
        all
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name.to_name(), Written(value))))
    }

    fn schema() -> Schema {
        let names = ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
        let map = ObjectBuilder::new()
            .property_names(Some(names))
            .additional_properties(Some(T::schema()));
        RefOr::T(map.build().into())
    }

    fn components(components: &mut Components) {
        T::components(components);
    }
}

/// A value that has the fields of another type in JSON.
pub trait ConvertedForm: Sized {
    /// The type with those fields.
    type Fields: ObjectForm;

    /// The fields of a value.
    fn to_fields(&self) -> Self::Fields;

    /// The value of the fields at a JSON Pointer, or errors across fields. A type that is only written keeps this default.
    fn from_fields(_fields: Self::Fields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        refuse_to_read(at, errors)
    }
}

impl<T: ConvertedForm> ObjectForm for T {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        let fields = T::Fields::parse_fields(object, errors)?;
        T::from_fields(fields, object.at(), errors)
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        self.to_fields().write_fields(object)
    }

    fn names(names: &mut Vec<&'static str>) {
        T::Fields::names(names);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        T::Fields::properties(schema)
    }

    fn components(components: &mut Components) {
        T::Fields::components(components);
    }

    fn path_parameters() -> Vec<PathParameter> {
        T::Fields::path_parameters()
    }
}

impl<T: ConvertedForm<Fields: Form>> Form for T {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let fields = <T::Fields as Form>::parse(value, at, errors)?;
        T::from_fields(fields, at, errors)
    }

    fn absent(at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let fields = <T::Fields as Form>::absent(at, errors)?;
        T::from_fields(fields, at, errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_fields().write(serializer)
    }

    fn schema() -> Schema {
        <T::Fields as Form>::schema()
    }

    fn components(components: &mut Components) {
        <T::Fields as Form>::components(components);
    }
}

impl<T: ConvertedForm<Fields: Described>> Described for T {
    fn schema_name() -> Cow<'static, str> {
        T::Fields::schema_name()
    }

    fn docs() -> Cow<'static, str> {
        T::Fields::docs()
    }

    fn whole_schema() -> Schema {
        T::Fields::whole_schema()
    }
}
