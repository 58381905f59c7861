//! Authentication errors, with the next step.

use crate::domain::{message::MessageKey, role::Assurance};

/// Why a request has no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthError {
    /// No token, or not one in the right place (401).
    Missing(MessageKey),
    /// The token is not as it must be (401, `invalid_token`).
    Invalid(MessageKey),
    /// The proof of possession is not as it must be (401, `invalid_dpop_proof`).
    Proof(MessageKey),
    /// The token is sound and gives no rights here (403, `insufficient_scope`).
    NotEntitled(MessageKey),
    /// The issuer is not sure enough of the person (403, `insufficient_user_authentication`).
    TooLow(Assurance),
    /// Proofs arrive faster than the replay cache can accept them (503).
    Crowded,
    /// The proof may have been used before the registry started (503).
    Restarted,
    /// The client has sent more proofs than are remembered for one (429).
    TooManyProofs,
}
