//! Letters: stored verbatim, parsed as markup, and sent to their parties only.

mod checked_in;
mod http;
mod markup;
mod samples;
