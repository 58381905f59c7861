//! How fast the public register is: `cargo bench --bench register -- --help`, docs/benchmarks.md.

#![allow(unreachable_pub, reason = "nothing here is reached from outside")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what is not as expected ends the benchmark; what it prints is its result"
)]

#[path = "register/bench.rs"]
mod bench;

fn main() {
    bench::main();
}
