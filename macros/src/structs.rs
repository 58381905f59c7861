//! A struct is a JSON object.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    DataStruct, DeriveInput, Error, Fields, FieldsUnnamed, Generics, LitStr, Result, Type,
    spanned::Spanned,
};

use crate::attributes::{Container, Field, Source};

/// One field, with its generated code.
pub(crate) struct Part {
    pub(crate) field: Field,
    pub(crate) ident: Ident,
    pub(crate) kind: Type,
    pub(crate) json: LitStr,
}

pub(crate) fn expand(input: &DeriveInput, data: &DataStruct) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    if let Fields::Unnamed(fields) = &data.fields {
        return wrapper(input, fields, &container.docs);
    }
    let object_form = object_form(input, &container, &parts(&data.fields)?);
    let whole = whole(&input.ident, &input.generics, &container);
    Ok(quote!(#object_form #whole))
}

fn object_form(input: &DeriveInput, container: &Container, parts: &[Part]) -> TokenStream {
    let this = &input.ident;
    let own = || parts.iter().filter(|it| !matches!(it.field.source, Source::Computed));
    let (idents, values) = (own().map(|it| &it.ident), own().map(Part::value));
    let (reads, writes) = (parts.iter().map(Part::read), parts.iter().map(Part::write));
    let names = names(parts);
    let properties = parts.iter().map(|part| part.property(container.partial));
    let components = parts.iter().map(Part::component);
    let path =
        parts.iter().filter(|it| matches!(it.field.source, Source::Path)).map(Part::path_parameter);
    let check = container.check.as_ref().map(|check| quote!(#check(&parsed, errors);));
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics crate::json::form::ObjectForm for #this #arguments #bounds {
            fn parse_fields(
                object: &crate::json::form::Object<'_>,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                #(#reads)*
                let parsed = Self { #(#idents: #values),* };
                #check
                Some(parsed)
            }
            fn write_fields<M: serde::ser::SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
                #(#writes)*
                Ok(())
            }
            fn names(names: &mut Vec<&'static str>) { #names }
            fn properties(schema: crate::json::form::ObjectSchema) -> crate::json::form::ObjectSchema {
                schema #(#properties)*
            }
            fn components(components: &mut crate::json::form::Components) {
                #(#components)*
            }
            fn path_parameters() -> Vec<crate::json::form::PathParameter> { vec![#(#path),*] }
        }
    }
}

/// A struct around another form has that form, with a doc comment of its own.
fn wrapper(input: &DeriveInput, fields: &FieldsUnnamed, docs: &str) -> Result<TokenStream> {
    let this = &input.ident;
    let Some(inner) = fields.unnamed.first().filter(|_| fields.unnamed.len() == 1) else {
        return Err(Error::new(fields.span(), "name the fields, or wrap one form"));
    };
    let inner = &inner.ty;
    let object_form = wrapped_object_form(this, inner);
    let form = wrapped_form(this, inner);
    Ok(quote! {
        #object_form
        #form
        #[automatically_derived]
        impl crate::json::form::Described for #this {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <#inner as crate::json::form::Described>::schema_name()
            }
            fn docs() -> std::borrow::Cow<'static, str> {
                #docs.into()
            }
            fn whole_schema() -> crate::json::form::Schema {
                <#inner as crate::json::form::Described>::whole_schema()
            }
        }
    })
}

fn wrapped_object_form(this: &Ident, inner: &Type) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl crate::json::form::ObjectForm for #this {
            fn parse_fields(
                object: &crate::json::form::Object<'_>,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                <#inner as crate::json::form::ObjectForm>::parse_fields(object, errors).map(Self)
            }
            fn write_fields<M: serde::ser::SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
                crate::json::form::ObjectForm::write_fields(&self.0, object)
            }
            fn names(names: &mut Vec<&'static str>) {
                <#inner as crate::json::form::ObjectForm>::names(names);
            }
            fn properties(schema: crate::json::form::ObjectSchema) -> crate::json::form::ObjectSchema {
                <#inner as crate::json::form::ObjectForm>::properties(schema)
            }
            fn components(components: &mut crate::json::form::Components) {
                <#inner as crate::json::form::ObjectForm>::components(components);
            }
        }
    }
}

fn wrapped_form(this: &Ident, inner: &Type) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl crate::json::form::Form for #this {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                <#inner as crate::json::form::Form>::parse(value, at, errors).map(Self)
            }
            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::json::form::Form::write(&self.0, serializer)
            }
            fn schema() -> crate::json::form::Schema {
                <#inner as crate::json::form::Form>::schema()
            }
            fn components(components: &mut crate::json::form::Components) {
                <#inner as crate::json::form::Form>::components(components);
            }
        }
    }
}

/// The form of the whole: an object with its fields and no other.
pub(crate) fn whole(this: &Ident, generics: &Generics, container: &Container) -> TokenStream {
    let name =
        container.name.clone().unwrap_or_else(|| LitStr::new(&this.to_string(), this.span()));
    let form = whole_form(this, generics, &name, container.expand_absent);
    let (docs, closed) = (&container.docs, container.closed);
    let example = container
        .example
        .as_ref()
        .map_or_else(|| quote!(None), |example| quote!(Some(serde_json::json!(#example))));
    let (generics, arguments, bounds) = generics.split_for_impl();
    quote! {
        #form
        #[automatically_derived]
        impl #generics crate::json::form::Described for #this #arguments #bounds {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #name.into()
            }
            fn docs() -> std::borrow::Cow<'static, str> {
                #docs.into()
            }
            fn whole_schema() -> crate::json::form::Schema {
                crate::json::form::object_schema::<Self>(#docs, #closed, #example)
            }
        }
    }
}

fn whole_form(
    this: &Ident,
    generics: &Generics,
    name: &LitStr,
    expand_absent: bool,
) -> TokenStream {
    let (generics, arguments, bounds) = generics.split_for_impl();
    let absent = expand_absent.then(|| {
        quote! {
            fn absent(
                at: &str,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                <Self as crate::json::form::Form>::parse(&serde_json::json!({}), at, errors)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #generics crate::json::form::Form for #this #arguments #bounds {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                crate::json::form::parse_object(value, at, errors)
            }
            #absent
            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::json::form::write_object(self, serializer)
            }
            fn schema() -> crate::json::form::Schema { crate::json::form::reference(#name) }
            fn components(components: &mut crate::json::form::Components) {
                let schema = <Self as crate::json::form::Described>::whole_schema();
                components.push((#name.to_owned(), schema));
                <Self as crate::json::form::ObjectForm>::components(components);
            }
        }
    }
}

/// The named fields of a struct or a variant.
pub(crate) fn parts(fields: &Fields) -> Result<Vec<Part>> {
    match fields {
        Fields::Named(named) => named
            .named
            .iter()
            .map(|field| {
                let ident = field
                    .ident
                    .clone()
                    .ok_or_else(|| Error::new(field.span(), "name the field"))?;
                let read = Field::read(&field.attrs)?;
                let json = read.json_name(&ident);
                Ok(Part { field: read, ident, kind: field.ty.clone(), json })
            })
            .collect(),
        Fields::Unit => Ok(Vec::new()),
        Fields::Unnamed(unnamed) => Err(Error::new(unnamed.span(), "name the fields")),
    }
}

fn names(parts: &[Part]) -> TokenStream {
    let of = |flat| parts.iter().filter(move |it| it.is_in_json() && it.is_flat() == flat);
    let own = of(false).map(|it| &it.json);
    let flat = of(true).map(|it| &it.kind);
    quote! {
        names.extend_from_slice(&[#(#own),*]);
        #(<#flat as crate::json::form::ObjectForm>::names(names);)*
    }
}

impl Part {
    const fn is_in_json(&self) -> bool {
        !matches!(self.field.source, Source::Path | Source::Skipped(_))
    }

    const fn is_flat(&self) -> bool {
        matches!(self.field.source, Source::Flat)
    }

    /// Binds the value under the field's own name.
    pub(crate) fn read(&self) -> TokenStream {
        let (ident, kind, json) = (&self.ident, &self.kind, &self.json);
        let value = match &self.field.source {
            Source::Skipped(_) | Source::Computed => return quote!(),
            Source::Flat => {
                quote!(<#kind as crate::json::form::ObjectForm>::parse_fields(object, errors))
            }
            Source::Path => quote!(object.path_value::<#kind>(#json, errors)),
            Source::Field => self.read_field(),
        };
        quote!(let #ident: Option<#kind> = #value;)
    }

    fn read_field(&self) -> TokenStream {
        let Field { default, default_value, min_items, max_items, only, .. } = &self.field;
        let (kind, json) = (&self.kind, &self.json);
        match (min_items, max_items) {
            _ if only.is_some() => {
                quote!(object.only::<#kind>(#json, &#only, <#kind>::as_str, errors))
            }
            (None, None) if *default => {
                let value = default_value
                    .as_ref()
                    .map_or_else(|| quote!(<#kind>::default), |value| quote!(|| #value));
                quote!(object.field_or(#json, #value, errors))
            }
            (None, None) => quote!(object.field::<#kind>(#json, errors)),
            (least, most) => {
                let least = least.as_ref().map_or_else(|| quote!(0), |it| quote!(#it));
                let most = most.as_ref().map_or_else(|| quote!(usize::MAX), |it| quote!(#it));
                quote!(object.list(#json, #least..=#most, #default, errors))
            }
        }
    }

    /// The value of the field.
    pub(crate) fn value(&self) -> TokenStream {
        let ident = &self.ident;
        if let Source::Skipped(value) = &self.field.source {
            quote!(#value)
        } else {
            quote!(#ident?)
        }
    }

    fn write(&self) -> TokenStream {
        let (ident, kind, json) = (&self.ident, &self.kind, &self.json);
        match self.field.source {
            Source::Path | Source::Skipped(_) => quote!(),
            Source::Flat => {
                quote!(<#kind as crate::json::form::ObjectForm>::write_fields(&self.#ident, object)?;)
            }
            Source::Computed => quote!(crate::json::form::put(object, #json, &self.#ident())?;),
            Source::Field => self.write_field(&quote!(&self.#ident)),
        }
    }

    /// Writes a field from a reference to its value.
    pub(crate) fn write_field(&self, value: &TokenStream) -> TokenStream {
        let (kind, json) = (&self.kind, &self.json);
        let put = quote!(crate::json::form::put(object, #json, #value)?;);
        if self.field.omit_default {
            quote!(if *#value != <#kind as Default>::default() { #put })
        } else {
            put
        }
    }

    fn property(&self, is_partial: bool) -> TokenStream {
        let kind = &self.kind;
        if !self.is_in_json() {
            return quote!();
        }
        if self.is_flat() {
            let with = if is_partial { quote!(with_optional) } else { quote!(with) };
            return quote!(.#with(<#kind as crate::json::form::ObjectForm>::properties));
        }
        self.described(is_partial || self.field.default)
    }

    /// Adds a field to a schema.
    pub(crate) fn described(&self, may_be_left_out: bool) -> TokenStream {
        let (kind, json, docs) = (&self.kind, &self.json, &self.field.docs);
        let Field { min_items, schema_min_items, max_items, .. } = &self.field;
        let Field { only, words, read_only, .. } = &self.field;
        if only.is_some() {
            return quote!(.keyword(#json, #docs, &#only.map(<#kind>::as_str)));
        }
        let least = min_items.as_ref().or(schema_min_items.as_ref());
        let least = least.map(|it| quote!(.at_least(#json, #it)));
        let most = max_items.as_ref().map_or_else(|| quote!(None), |it| quote!(Some(#it)));
        let read_only = read_only.then(|| quote!(.read_only(#json)));
        let words = words.as_ref().map(|it| quote!(.words_of_items(#json, #it())));
        quote!(.field::<#kind>(#json, #docs, #may_be_left_out, #most) #least #words #read_only)
    }

    pub(crate) fn component(&self) -> TokenStream {
        let kind = &self.kind;
        if !self.is_in_json() {
            quote!()
        } else if self.is_flat() {
            quote!(<#kind as crate::json::form::ObjectForm>::components(components);)
        } else {
            quote!(<#kind as crate::json::form::Form>::components(components);)
        }
    }

    fn path_parameter(&self) -> TokenStream {
        let (kind, json, docs) = (&self.kind, &self.json, &self.field.docs);
        quote!(crate::json::form::PathParameter::new::<#kind>(#json, #docs))
    }
}
