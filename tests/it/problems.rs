//! Problems: every no has the same form and a code, and none says more than the caller may know.

mod edges;
mod every_code;
pub mod scene;
