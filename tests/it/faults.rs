//! External failures: accepted commands survive, and none is partly executed.
//!
//! Kills during writes are in `process/killed`.

mod clock;
