//! An enum is a JSON object with a field that names the variant. Each variant has its own fields beside it; the field
//! of another variant is an error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error, LitStr, Result};

use crate::{
    attributes::{Container, Field, kebab_case},
    structs::{Part, parts, whole},
};

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    let this = &input.ident;
    let Some(tag) = &container.tag else {
        return Err(Error::new(
            this.span(),
            "name the field of the variant: #[form(tag = \"kind\")]",
        ));
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        let said = Field::read(&variant.attrs)?;
        let name = said.name.unwrap_or_else(|| kebab_case(&variant.ident.to_string()));
        variants.push((&variant.ident, name, parts(&variant.fields)?));
    }
    let names: Vec<_> = variants.iter().map(|(_, name, _)| name).collect();
    let mut fields: Vec<&Part> = Vec::new();
    for part in variants.iter().flat_map(|(.., parts)| parts) {
        // A field of several variants is documented by its last one.
        fields.retain(|it| it.json.value() != part.json.value());
        fields.push(part);
    }
    let all: Vec<_> = fields.iter().map(|it| &it.json).collect();
    let (reads, writes) = (
        variants.iter().map(|(ident, name, parts)| read(ident, name, parts, &all)),
        variants.iter().map(|(ident, name, parts)| write(ident, name, parts, tag)),
    );
    // A field of some variants may be omitted if another is meant.
    let properties = fields.iter().map(|part| {
        let has = |parts: &[Part]| parts.iter().any(|it| it.json.value() == part.json.value());
        let in_all = variants.iter().all(|(.., parts)| has(parts));
        part.described(part.field.default || !in_all)
    });
    let components = fields.iter().map(|it| it.component());
    let tag_docs =
        container.tag_docs.as_ref().map_or_else(|| container.docs.clone(), LitStr::value);
    let whole = whole(this, &input.generics, &container);
    Ok(quote! {
        #[automatically_derived]
        impl crate::json::form::ObjectForm for #this {
            fn parse_fields(
                object: &crate::json::form::Object<'_>,
                errors: &mut crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                let tag = object.keyword(#tag, &[#(#names),*], errors)?;
                match tag {
                    #(#reads)*
                    _ => None,
                }
            }
            fn write_fields<M: serde::ser::SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
                match self {
                    #(#writes)*
                }
                Ok(())
            }
            fn names(names: &mut Vec<&'static str>) {
                names.extend_from_slice(&[#tag, #(#all),*]);
            }
            fn properties(schema: crate::json::form::ObjectSchema) -> crate::json::form::ObjectSchema {
                schema.keyword(#tag, #tag_docs, &[#(#names),*]) #(#properties)*
            }
            fn components(components: &mut crate::json::form::Components) {
                #(#components)*
            }
        }
        #whole
    })
}

fn read(variant: &syn::Ident, name: &LitStr, parts: &[Part], all: &[&LitStr]) -> TokenStream {
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

fn write(variant: &syn::Ident, name: &LitStr, parts: &[Part], tag: &LitStr) -> TokenStream {
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
