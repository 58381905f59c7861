//! The traits behind `#[derive(Form)]` and `form!`: parsing from JSON, writing and schema of a value.
//!
//! A parser reads every field before it fails, so that one answer has all errors. Missing, unknown, wrong type
//! and out of range are errors of one kind, each with a JSON Pointer. The same declaration writes stored and
//! displayed values.
//!
//! Attributes: `name` (of the schema, or of a field whose JSON name is not the Rust name in camel case),
//! `closed` (the schema accepts no other field), `partial` (the schema requires no field, since a draft may lack
//! each), `example(…)`, `check` (a function that adds errors across fields), `expand_absent` (if the whole is
//! omitted, each of its fields is missing), `tag` (of an enum: the field that names the variant) with `tag_docs`.
//!
//! Attributes of a field: `flatten`, `default` (optional; `default = …` for another value), `omit_default` (the
//! same, and the default is not written), `min_items`, `max_items`, `schema_min_items` (checked by the domain), `only` (the accepted words), `read_only` (set by
//! the registry), `words` (a function with the words of a list's items in the schema), `path` (from the path of the
//! request), `computed` (written from the method of that name and not parsed), `skip = …` (not in JSON; the value
//! after parsing).
//!
//! A struct around one other form has that form, with its own doc comment. A value whose JSON fields are not its
//! own is a [`ConvertedForm`]. `serde_by_form!` gives a form serde, for views that serde writes.

use std::{borrow::Cow, ops::RangeInclusive, str::FromStr};

pub use godkjent_macros::{Form, form};
pub use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, schema::Schema as AnySchema};

use crate::domain::{message::fields, validation::ValidationErrors, value_error::ValueError};

mod containers;
mod patch;
pub(crate) mod scalars;
mod schema;
pub(crate) mod serde_bridge;

pub use containers::ConvertedForm;
pub use patch::merge_patch;
pub use schema::{
    ObjectSchema, PathParameter, describe, enumeration, keyword_schema, object_schema, reference,
};

/// A schema, or a reference to one.
pub type Schema = RefOr<AnySchema>;

/// The named schemas that a schema refers to.
pub type Components = Vec<(String, Schema)>;

/// The code of a value of another JSON type.
pub const WRONG_TYPE: &str = "wrong-type";
/// The code of a field that a form does not have.
pub const UNKNOWN_FIELD: &str = "unknown-field";

/// A value with a form in JSON.
pub trait Form: Sized {
    /// Whether a field of this type may be omitted.
    const IS_OPTIONAL: bool = false;

    /// Reads the value at a JSON Pointer, or adds its errors.
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self>;

    /// The value of an omitted field of this type: by default an error.
    fn absent(at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        errors.missing(at, fields::required());
        None
    }

    /// Writes the value.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Whether a field with this value is omitted.
    fn is_left_out(&self) -> bool {
        false
    }

    /// The schema, or a reference to it.
    fn schema() -> Schema;

    /// Adds the named schemas that [`Form::schema`] refers to.
    fn components(_components: &mut Components) {}
}

/// A value whose form is an object. It can be flattened into another object.
pub trait ObjectForm: Sized {
    /// Reads the fields, or adds their errors. Fields of other names are not looked at.
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self>;
    /// Writes the fields.
    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error>;
    /// Adds the names of the fields.
    fn names(names: &mut Vec<&'static str>);
    /// Adds the schemas of the fields.
    fn properties(schema: ObjectSchema) -> ObjectSchema;
    /// Adds the named schemas that the fields refer to.
    fn components(components: &mut Components);
    /// The parameters of a path that are fields.
    fn path_parameters() -> Vec<PathParameter> {
        Vec::new()
    }
}

/// A form with a name in the OpenAPI document.
pub trait Described {
    /// The name.
    fn schema_name() -> Cow<'static, str>;
    /// The doc comment.
    fn docs() -> Cow<'static, str>;
    /// The schema to which [`Form::schema`] refers.
    fn whole_schema() -> Schema;
}

/// An object that is read.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    fields: &'a Map<String, Value>,
    at: &'a str,
    path: &'a [(String, String)],
}

impl<'a> Object<'a> {
    /// The body of a request and the parameters of its path.
    #[must_use]
    pub const fn of_request(fields: &'a Map<String, Value>, path: &'a [(String, String)]) -> Self {
        Self { fields, at: "", path }
    }

    /// Reads a form that has these fields and no other.
    pub fn parse<T: ObjectForm>(&self, errors: &mut ValidationErrors) -> Option<T> {
        let parsed = T::parse_fields(self, errors);
        let mut names = Vec::new();
        T::names(&mut names);
        for name in self.fields.keys().filter(|name| !names.contains(&name.as_str())) {
            if errors.is_full() {
                errors.more();
                break;
            }
            unknown_field(&self.pointer(name), name, errors);
        }
        parsed
    }

    /// The value of a field.
    pub fn field<T: Form>(&self, name: &str, errors: &mut ValidationErrors) -> Option<T> {
        let at = self.pointer(name);
        match self.fields.get(name) {
            Some(value) => T::parse(value, &at, errors),
            None => T::absent(&at, errors),
        }
    }

    /// The value of a field, or a default if it is omitted.
    pub fn field_or<T: Form>(
        &self,
        name: &str,
        value: impl FnOnce() -> T,
        errors: &mut ValidationErrors,
    ) -> Option<T> {
        if self.fields.contains_key(name) { self.field(name, errors) } else { Some(value()) }
    }

    /// A list with a number of items.
    pub fn list<L: Form + Default>(
        &self,
        name: &str,
        number: RangeInclusive<usize>,
        is_optional: bool,
        errors: &mut ValidationErrors,
    ) -> Option<L> {
        let items = self.fields.get(name).and_then(Value::as_array).map(Vec::len);
        if items.is_some_and(|items| items > *number.end()) {
            errors.add(self.pointer(name), fields::too_many_items(*number.end()));
            return None;
        }
        let is_short = items.map_or(is_optional, |items| items < *number.start());
        if is_short && *number.start() > 0 {
            errors.missing(self.pointer(name), fields::required_at_least(*number.start()));
            return None;
        }
        if is_optional { self.field_or(name, L::default, errors) } else { self.field(name, errors) }
    }

    /// The value of a field that is one of some words of its type.
    pub fn only<T: Copy>(
        &self,
        name: &str,
        words: &[T],
        word: fn(T) -> &'static str,
        errors: &mut ValidationErrors,
    ) -> Option<T> {
        let at = self.pointer(name);
        let Some(value) = self.fields.get(name) else { return errors.require(&at, None) };
        parse_keyword(value, &at, words, word, errors)
    }

    /// The value of a field that is one of some words.
    pub fn keyword(
        &self,
        name: &str,
        words: &[&'static str],
        errors: &mut ValidationErrors,
    ) -> Option<&'static str> {
        self.only(name, words, |word| word, errors)
    }

    /// Adds an error for each present field that the variant does not have.
    pub fn refuse(&self, names: &[&str], variant: &str, errors: &mut ValidationErrors) {
        let detail = fields::unexpected_variant(variant);
        for name in names {
            let is_empty =
                self.fields.get(*name).and_then(Value::as_array).is_some_and(Vec::is_empty);
            errors.unexpected(self.pointer(name), self.has(name) && !is_empty, &detail);
        }
    }

    /// The value of a field that is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    /// The fields of these names.
    #[must_use]
    pub fn pick(&self, names: &[&str]) -> Map<String, Value> {
        let own = self.fields.iter().filter(|(name, _)| names.contains(&name.as_str()));
        own.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Whether a field has a value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| !value.is_null())
    }

    /// Its JSON Pointer.
    #[must_use]
    pub const fn at(&self) -> &str {
        self.at
    }

    /// The JSON Pointer of a field.
    #[must_use]
    pub fn pointer(&self, name: &str) -> String {
        format!("{}/{}", self.at, escape(name))
    }

    /// A parameter of the path.
    pub fn path_value<T: FromStr>(&self, name: &str, errors: &mut ValidationErrors) -> Option<T> {
        let value = self.path.iter().find(|(it, _)| it == name).and_then(|(_, it)| it.parse().ok());
        if value.is_none() {
            errors.add("", fields::invalid_identifier_name(name));
        }
        value
    }
}

/// The code of a parameter of the path that cannot be read.
pub const INVALID_PATH: &str = "invalid-identifier";

/// Serializes a form with serde.
#[derive(Debug)]
pub struct Written<'a, T>(pub &'a T);

impl<T: Form> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// Writes a field, unless its value is omitted.
pub fn put<T: Form, M: SerializeMap>(
    object: &mut M,
    name: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if value.is_left_out() { Ok(()) } else { object.serialize_entry(name, &Written(value)) }
}

/// Reads an object that has the fields of a form and no other.
pub fn parse_object<T: ObjectForm>(
    value: &Value,
    at: &str,
    errors: &mut ValidationErrors,
) -> Option<T> {
    let Value::Object(fields) = value else {
        return wrong_type(value, at, fields::wrong_type_object(), errors);
    };
    Object { fields, at, path: &[] }.parse(errors)
}

/// Parses JSON strictly.
///
/// # Errors
/// All errors of the fields; one error if the text is not JSON.
pub fn parse_json<T: Form>(json: &str) -> Result<T, ValidationErrors> {
    let mut errors = ValidationErrors::default();
    let value = serde_json::from_str(json);
    let value = errors.collect("", value.map_err(|it| ValueError::new("json", it.to_string())));
    let parsed = value.and_then(|value: Value| T::parse(&value, "", &mut errors));
    errors.finish(parsed)
}

/// Writes an object.
pub fn write_object<S: Serializer>(
    object: &impl ObjectForm,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_map(None)?;
    object.write_fields(&mut fields)?;
    fields.end()
}

/// The fields of an object in JSON.
#[must_use]
pub fn to_fields(object: &impl ObjectForm) -> Map<String, Value> {
    match write_object(object, serde_json::value::Serializer) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Reads one of some words.
pub fn parse_keyword<T: Copy>(
    value: &Value,
    at: &str,
    all: &[T],
    word: fn(T) -> &'static str,
    errors: &mut ValidationErrors,
) -> Option<T> {
    let Value::String(input) = value else {
        return wrong_type(value, at, fields::wrong_type_string(), errors);
    };
    errors.collect(at, super::one_of(input, all, word))
}

/// Adds the error of a field that a form does not have.
fn unknown_field(at: &str, name: &str, errors: &mut ValidationErrors) {
    errors.add(excerpt(at), fields::unknown_field(excerpt(name)));
}

/// Adds the error of a value of another type than `wanted`.
pub fn wrong_type<T>(
    value: &Value,
    at: &str,
    wanted: ValueError,
    errors: &mut ValidationErrors,
) -> Option<T> {
    errors.add(at, if value.is_null() { fields::wrong_type_null() } else { wanted });
    None
}

/// Adds the error of a type that is only written.
pub fn refuse_to_read<T>(at: &str, errors: &mut ValidationErrors) -> Option<T> {
    errors.add(at, fields::read_only());
    None
}

/// A recognisable prefix of the input: an answer should not be as long as any body.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A name as a part of a JSON Pointer (RFC 6901 section 3).
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
