//! An enum is a JSON object with a field that names the variant. Each variant has its own fields beside it; the field
//! of another variant is an error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error, LitStr, Result};

use crate::{
    attributes::{Container, Field, kebab_case},
    structs::{Part, parts, whole},
};

/// A variant, with its name in JSON.
struct Variant<'a> {
    ident: &'a syn::Ident,
    name: LitStr,
    parts: Vec<Part>,
}

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    let this = &input.ident;
    let Some(tag) = &container.tag else {
        return Err(Error::new(
            this.span(),
            "name the field of the variant: #[form(tag = \"kind\")]",
        ));
    };
    let variants = data.variants.iter().map(Variant::read).collect::<Result<Vec<_>>>()?;
    let tag_docs =
        container.tag_docs.as_ref().map_or_else(|| container.docs.clone(), LitStr::value);
    let object_form = object_form(this, tag, &tag_docs, &variants);
    let whole = whole(this, &input.generics, &container);
    Ok(quote!(#object_form #whole))
}

fn object_form(
    this: &syn::Ident,
    tag: &LitStr,
    tag_docs: &str,
    variants: &[Variant<'_>],
) -> TokenStream {
    let names: Vec<_> = variants.iter().map(|it| &it.name).collect();
    let fields = distinct_fields(variants);
    let all: Vec<_> = fields.iter().map(|it| &it.json).collect();
    let reads = variants.iter().map(|it| it.parse_arm(&all));
    let writes = variants.iter().map(|it| it.write_arm(tag));
    let properties = fields.iter().map(|field| property(field, variants));
    let components = fields.iter().map(|it| it.component());
    quote! {
        #[automatically_derived]
        impl crate::json::form::ObjectForm for #this {
            fn parse_fields(
                object: &crate::json::form::Object<'_>,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                match object.keyword(#tag, &[#(#names),*], errors)? {
                    #(#reads)*
                    _ => None,
                }
            }
            fn write_fields<M: serde::ser::SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
                match self { #(#writes)* }
                Ok(())
            }
            fn names(names: &mut Vec<&'static str>) {
                names.extend_from_slice(&[#tag, #(#all),*]);
            }
            fn properties(schema: crate::json::form::ObjectSchema) -> crate::json::form::ObjectSchema {
                schema.keyword(#tag, #tag_docs, &[#(#names),*]) #(#properties)*
            }
            fn components(components: &mut crate::json::form::Components) { #(#components)* }
        }
    }
}

/// The fields of all variants. A field of several is documented by its last one.
fn distinct_fields<'a>(variants: &'a [Variant<'_>]) -> Vec<&'a Part> {
    let mut fields: Vec<&Part> = Vec::new();
    for part in variants.iter().flat_map(|it| &it.parts) {
        fields.retain(|it| it.json.value() != part.json.value());
        fields.push(part);
    }
    fields
}

/// The schema of a field. One of some variants may be omitted if another is meant.
fn property(field: &Part, variants: &[Variant<'_>]) -> TokenStream {
    field.described(field.field.default || !variants.iter().all(|it| it.has(field)))
}

impl<'a> Variant<'a> {
    fn read(variant: &'a syn::Variant) -> Result<Self> {
        let said = Field::read(&variant.attrs)?;
        let ident = &variant.ident;
        let name = said.name.unwrap_or_else(|| kebab_case(&ident.to_string()));
        Ok(Self { ident, name, parts: parts(&variant.fields)? })
    }

    fn has(&self, field: &Part) -> bool {
        self.parts.iter().any(|it| it.json.value() == field.json.value())
    }

    fn parse_arm(&self, all: &[&LitStr]) -> TokenStream {
        let Self { ident: variant, name, parts } = self;
        let others = all.iter().filter(|it| parts.iter().all(|own| own.json.value() != it.value()));
        let (reads, values) = (parts.iter().map(Part::read), parts.iter().map(Part::value));
        let idents = parts.iter().map(|it| &it.ident);
        quote! {
            #name => {
                object.refuse(&[#(#others),*], #name, errors);
                #(#reads)*
                Some(Self::#variant { #(#idents: #values),* })
            }
        }
    }

    fn write_arm(&self, tag: &LitStr) -> TokenStream {
        let Self { ident: variant, name, parts } = self;
        let idents = parts.iter().map(|it| &it.ident);
        let puts = parts.iter().map(|part| {
            let ident = &part.ident;
            part.write_field(&quote!(#ident))
        });
        quote! {
            Self::#variant { #(#idents),* } => {
                object.serialize_entry(#tag, #name)?;
                #(#puts)*
            }
        }
    }
}
