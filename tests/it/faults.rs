//! Faults of the world around the registry: what was accepted is found again, and nothing is half done.
//!
//! A kill in the middle of writes is in `process/killed`.

mod clock;
