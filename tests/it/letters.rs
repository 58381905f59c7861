//! Letters: kept word for word, read as markup, and sent to their parties alone.

mod http;
mod kept;
mod markup;
mod samples;
