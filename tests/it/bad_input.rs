//! Bad input: each kind has its own code and place, and nothing is changed.

mod acts;
mod bodies;
mod lists;
mod made_up;
mod unused;
