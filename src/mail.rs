//! Mail: the texts of notices by e-mail.
//!
//! A mail says that a letter waits in the registry. It never has the letter, nor anything else of a case.

pub(crate) mod sentences;
pub mod text;
