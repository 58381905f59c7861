//! Identity of a token's holder for quotas and proofs of possession.

use aws_lc_rs::digest;

/// A person acting for an organisation, by any token and from any address: 128 bits of a hash of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(u128);

impl Client {
    /// The client of a person and an organisation.
    #[must_use]
    pub fn of(subject: &str, organisation: &str) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [subject, organisation] {
            context.update(part.as_bytes());
            context.update(&[0]);
        }
        let hash = context.finish();
        let first = hash.as_ref().iter().take(16);
        Self(first.fold(0, |all, byte| (all << 8) | u128::from(*byte)))
    }

    /// The bits of the identity.
    pub(in crate::api) const fn bits(self) -> u128 {
        self.0
    }
}
