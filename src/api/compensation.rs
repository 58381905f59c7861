//! Kompensasjon: what is paid, and how it is reckoned.

pub mod calculations;
