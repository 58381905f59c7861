//! Letters: stored verbatim, parsed as markup, and sent to their parties only.

mod checked_in;
mod http;
mod kept;
mod markup;
mod messages;
mod samples;
