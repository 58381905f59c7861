//! Reads doc comments and `#[form(…)]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Attribute, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Path, Result, meta::ParseNestedMeta,
};

/// Attributes of a whole type.
#[derive(Default)]
pub(crate) struct Container {
    /// Its name in the OpenAPI document.
    pub(crate) name: Option<LitStr>,
    /// An example in JSON.
    pub(crate) example: Option<TokenStream>,
    /// The field that names the variant.
    pub(crate) tag: Option<LitStr>,
    /// The description of that field, where it is not that of the whole.
    pub(crate) tag_docs: Option<LitStr>,
    /// Whether each of its fields is missing where the whole is omitted.
    pub(crate) expand_absent: bool,
    /// Whether the schema accepts no other field.
    pub(crate) closed: bool,
    /// Whether the schema requires no field.
    pub(crate) partial: bool,
    /// A function that adds the errors of fields that do not go together.
    pub(crate) check: Option<Path>,
    /// Its description: the doc comment.
    pub(crate) docs: String,
}

/// Attributes of a field.
#[derive(Default)]
pub(crate) struct Field {
    /// Its name in JSON, where that is not the Rust name in camel case.
    pub(crate) name: Option<LitStr>,
    /// Source of its value.
    pub(crate) source: Source,
    /// May be omitted, and has its default value then.
    pub(crate) default: bool,
    /// The value of an omitted field, if not `Default::default()`.
    pub(crate) default_value: Option<Expr>,
    /// Is not written where it has its default value.
    pub(crate) omit_default: bool,
    /// The least number of items.
    pub(crate) min_items: Option<LitInt>,
    /// Written in the schema; the domain checks it.
    pub(crate) schema_min_items: Option<LitInt>,
    /// The greatest number of items.
    pub(crate) max_items: Option<LitInt>,
    /// The words that are accepted here, of all that the type has.
    pub(crate) only: Option<Path>,
    /// Whether the schema marks it as set by the registry.
    pub(crate) read_only: bool,
    /// The words of the list's items in the schema, if those are not all of the type.
    pub(crate) words: Option<Path>,
    /// Its description: the doc comment.
    pub(crate) docs: String,
}

/// Source of a field's value.
#[derive(Default)]
pub(crate) enum Source {
    /// A field of the object.
    #[default]
    Field,
    /// A flattened object.
    Flat,
    /// The path of the request.
    Path,
    /// The method of that name; it is written and not read.
    Computed,
    /// Not JSON: it has this value when read.
    Skipped(Expr),
}

impl Container {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut all = Self { docs: docs(attributes), ..Self::default() };
        each(attributes, |meta| {
            match key(&meta).as_str() {
                "name" => all.name = Some(meta.value()?.parse()?),
                "tag" => all.tag = Some(meta.value()?.parse()?),
                "tag_docs" => all.tag_docs = Some(meta.value()?.parse()?),
                "expand_absent" => all.expand_absent = true,
                "check" => all.check = Some(meta.value()?.parse()?),
                "closed" => all.closed = true,
                "partial" => all.partial = true,
                "example" => {
                    let content;
                    syn::parenthesized!(content in meta.input);
                    all.example = Some(content.parse()?);
                }
                _ => {
                    return Err(meta.error(
                        "use name, tag, tag_docs, check, closed, partial, expand_absent or example",
                    ));
                }
            }
            Ok(())
        })?;
        Ok(all)
    }
}

impl Field {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut all = Self { docs: docs(attributes), ..Self::default() };
        each(attributes, |meta| {
            match key(&meta).as_str() {
                "name" => all.name = Some(meta.value()?.parse()?),
                "flatten" => all.source = Source::Flat,
                "default" => {
                    all.default = true;
                    all.default_value =
                        meta.value().ok().map(syn::parse::ParseBuffer::parse).transpose()?;
                }
                "omit_default" => {
                    all.default = true;
                    all.omit_default = true;
                }
                "path" => all.source = Source::Path,
                "skip" => all.source = Source::Skipped(meta.value()?.parse()?),
                "computed" => all.source = Source::Computed,
                "min_items" => all.min_items = Some(meta.value()?.parse()?),
                "schema_min_items" => all.schema_min_items = Some(meta.value()?.parse()?),
                "max_items" => all.max_items = Some(meta.value()?.parse()?),
                "only" => all.only = Some(meta.value()?.parse()?),
                "read_only" => all.read_only = true,
                "words" => all.words = Some(meta.value()?.parse()?),
                _ => {
                    return Err(meta.error(
                        "use name, flatten, default, omit_default, path, skip, computed, min_items, schema_min_items, max_items, only, read_only or words",
                    ));
                }
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// The name in JSON.
    pub(crate) fn json_name(&self, field: &Ident) -> LitStr {
        let camel = || LitStr::new(&camel_case(&field.to_string()), field.span());
        self.name.clone().unwrap_or_else(camel)
    }
}

fn key(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(Ident::to_string).unwrap_or_default()
}

fn each(
    attributes: &[Attribute],
    mut read: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    let own = attributes.iter().filter(|it| it.path().is_ident("form"));
    for attribute in own {
        attribute.parse_nested_meta(&mut read)?;
    }
    Ok(())
}

/// The doc comment, with joined lines and separate paragraphs.
fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `planned_on` as `plannedOn`.
fn camel_case(name: &str) -> String {
    let mut words = name.trim_start_matches("r#").split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |whole, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|it| it.to_ascii_uppercase());
        whole + &head.into_iter().chain(letters).collect::<String>()
    })
}

/// `SpotCheck` as `spot-check`.
pub(crate) fn kebab_case(name: &str) -> LitStr {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    LitStr::new(&kebab, Span::call_site())
}
