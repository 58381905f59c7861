//! Letters: stored verbatim, parsed as markup, and sent to their parties only.

mod http;
mod kept;
mod markup;
mod samples;
