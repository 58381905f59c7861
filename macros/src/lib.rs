//! Derives the JSON form of a struct or an enum: parser, writer and schema from one declaration.
//!
//! `#[derive(Form)]` is for types of the API, such as commands. `form! { struct Name { … } }` repeats the
//! fields of a domain type and gives it a form, so that the domain knows no JSON. Both generate the same code;
//! `src/json/form.rs` documents the traits and attributes.

mod attributes;
mod enums;
mod structs;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, parse_macro_input};

/// Implements `Form` and `ObjectForm` for a struct with named fields.
#[proc_macro_derive(Form, attributes(form))]
pub fn derive_form(input: TokenStream) -> TokenStream {
    expand(&parse_macro_input!(input as DeriveInput))
}

/// Implements `ObjectForm`, and `Form` if it has a schema name, for a type defined elsewhere.
#[proc_macro]
pub fn form(input: TokenStream) -> TokenStream {
    expand(&parse_macro_input!(input as DeriveInput))
}

fn expand(input: &DeriveInput) -> TokenStream {
    let code = match &input.data {
        Data::Struct(data) => structs::expand(input, data),
        Data::Enum(data) => enums::expand(input, data),
        Data::Union(data) => Err(syn::Error::new(data.union_token.span, "a union has no form")),
    };
    code.unwrap_or_else(syn::Error::into_compile_error).into()
}
