//! stub
pub fn load(
    _: &crate::store::Store,
    _: &crate::catalogue::Catalogue,
    _: &crate::context::Context,
) -> Result<bool, crate::store::Failure> {
    Ok(false)
}
pub fn greet(_: &str, _: &crate::api::token::LocalIssuer, _: &crate::context::Context, _: bool) {}
