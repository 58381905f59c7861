//! Why the registry does not start.

use crate::{api, jobs};

/// Why the registry did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The catalogues cannot be read.
    #[error("the catalogue is broken: {0}")]
    Catalogue(#[from] crate::catalogue::CatalogueError),
    /// The database cannot be opened or followed.
    #[error("{source}{}", advice(.source))]
    Store {
        #[from]
        source: crate::store::StoreError,
    },
    /// The store of evidence cannot be opened.
    #[error(
        "{0}\nCheck GODKJENT_EVIDENCE_STORE (file:directory or s3://bucket/prefix), and that it can be written."
    )]
    Vault(#[from] crate::vault::VaultError),
    /// The database and the evidence store could not be compared.
    #[error("{0}\nCheck GODKJENT_DATABASE_URL and GODKJENT_EVIDENCE_STORE, and that both answer.")]
    Evidence(#[from] jobs::evidence::EvidenceJobError),
    /// The database and the evidence store do not belong together.
    #[error("{0}.\n{advice}", advice = .0.advice())]
    Misfit(#[from] jobs::evidence::BindingMismatch),
    /// The key of the local issuer cannot be used.
    #[error("{0}\nCheck GODKJENT_LOCAL_ISSUER_KEY.")]
    Key(#[from] api::auth::KeyError),
    /// The person key cannot be used.
    #[error("{0}\nCheck GODKJENT_PERSON_KEY, and that the user of the service can read it.")]
    PersonKey(#[from] api::auth::PersonKeyError),
    /// The issuers cannot be trusted as they are written.
    #[error("{0}\nCheck GODKJENT_ISSUERS; docs/guide/issuers.md has an example of each kind.")]
    Issuers(#[from] api::auth::TrustError),
    /// The key of checkpoints cannot be used.
    #[error("{0}\nCheck GODKJENT_CHECKPOINT_KEY.")]
    Seal(#[from] api::resources::checkpoint::SealError),
    /// Mail cannot be set up. Its texts have their remedies.
    #[error("{0}")]
    Mail(#[from] crate::mail::MailSetupError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}\n{advice}", advice = listen_advice(.1))]
    Listen(String, std::io::Error),
    /// The demo cannot be loaded.
    #[error("the demo data was not loaded: {0}")]
    Demo(crate::store::Failure),
    /// The database has other data than a demo.
    #[error(
        "the database has data that is not the demo's: --demo is for a demo only.\nName another database with \
         --database-url, or start without --demo. Nothing was changed."
    )]
    NotDemo,
    /// A registry with issuers is no demo to be removed.
    #[error(
        "issuers are configured, so this is no demo: --fresh removes nothing.\nUnset GODKJENT_ISSUERS, or start without \
         --fresh. Nothing was changed."
    )]
    FreshWithIssuers,
    /// A background task failed too often.
    #[error(
        "the background task ‘{0}’ keeps ending; see the log for the reason, fix it and start the registry again."
    )]
    Lost(&'static str),
    /// The threads of heavy reads cannot be had.
    #[error("cannot start the threads of heavy reads: {0}")]
    Threads(std::io::Error),
    /// The server broke off.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// The remedy for an address that cannot be listened on.
pub(super) fn listen_advice(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "Another program uses the port. Stop it, or choose another port with --listen."
        }
        std::io::ErrorKind::PermissionDenied => {
            "A port below 1024 needs a permission. Choose a higher one with --listen."
        }
        _ => "Choose an address of this machine with --listen, such as 127.0.0.1:8080.",
    }
}

/// The remedy for a database error, if its message has none.
fn advice(error: &crate::store::StoreError) -> &'static str {
    use crate::store::StoreError::{InUse, Newer, NoRegistry};
    match error {
        InUse(_) | Newer(_) | NoRegistry(_) => "",
        _ => {
            "\nCheck GODKJENT_DATABASE_URL (sqlite:path or postgres://…), and that the path can be written or the server answers."
        }
    }
}
