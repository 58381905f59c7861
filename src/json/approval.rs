//! The JSON forms of contracts, of winding down, and of replies to prior notices.

pub mod lifecycle;
mod listing;

use chrono::NaiveDate;

use super::{
    decision::GroundToRevoke,
    form::{form, scalars::keyword_forms, serde_bridge::serde_by_form},
};
use crate::domain::{
    approval::{Contract, RevocationProposal, WindingDown},
    prior_notice::{Exception, ExceptionKind, NoticeClosure, NoticeReply},
    role::Actor,
    values::{
        text::{Line, Prose},
        time::Instant,
    },
};

pub use self::lifecycle::sides;
pub use self::listing::ListingBody;
pub(crate) use self::listing::{capacities, times_of_day};

form! {
    /// The signed contract.
    #[form(closed, example({
        "number": "2026/118", "signedOn": "2026-03-12", "from": "2026-03-12", "to": "2030-03-11"
    }))]
    struct Contract {
        /// Its number with the municipality.
        number: Line,
        /// The day the last party signed.
        signed_on: NaiveDate,
        /// First day of delivery.
        from: NaiveDate,
        /// Last day of delivery, where the contract names one.
        to: Option<NaiveDate>,
    }
}

form! {
    /// How users are taken over when a provider stops.
    #[form(closed, example({"until": "2026-06-30", "takenOverBy": "Kommunens egen tjeneste"}))]
    struct WindingDown {
        /// Last day on which the provider still serves those it has.
        until: NaiveDate,
        /// The successor for the users.
        taken_over_by: Line,
        /// How.
        plan: Option<Prose>,
    }
}

form! {
    /// Why the law excuses a prior notice.
    #[form(name = "NoticeException", closed, example({
        "kind": "address-unknown", "reasons": "Foretaket har ingen kjent adresse og svarer ikke."
    }))]
    struct Exception {
        /// Which exception.
        kind: ExceptionKind,
        /// Why it applies.
        reasons: Prose,
    }
}

form! {
    /// A proposal to revoke without a prior notice.
    struct RevocationProposal {
        /// Why the notice is excused.
        exception: Exception,
        /// The grounds, each with facts.
        grounds: Vec<GroundToRevoke>,
        /// The case worker.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// A provider's reply to a prior notice.
    #[form(name = "Reply")]
    struct NoticeReply {
        /// Text.
        text: Prose,
        /// Whether the provider has nothing to add, so that the municipality need not wait for the last day.
        #[form(name = "final")]
        is_final: bool,
        /// Time of the reply.
        at: Instant,
        /// The sender.
        by: Actor,
    }
}

form! {
    /// How a case ended that was warned of and not decided.
    #[form(name = "PriorNoticeClosure")]
    struct NoticeClosure {
        /// Reason for the closure.
        reason: Prose,
        /// When.
        at: Instant,
        /// The case worker.
        by: Actor,
    }
}

serde_by_form!(RevocationProposal);
keyword_forms!(ExceptionKind);
