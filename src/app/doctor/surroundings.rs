//! External dependencies: token issuers, evidence store, scanner.

use std::{path::Path, sync::Arc, time::Duration};

use futures_util::stream;
use uuid::Uuid;

use super::check::{
    CheckInput, CheckResult, fail, is_new, is_open_to_others, ok, try_creation, warn,
};
use crate::{
    api::auth::{PersonKey, Tokens, Trusted},
    catalogue::Catalogue,
    domain::values::ids::FileId,
    jobs::evidence::{self, Fit},
    private_file,
    store::StoreError,
    vault::{self, UploadLimits, Vault},
};

/// How long something outside may take to answer.
const PROBE_TIMEOUT: Duration = Duration::from_secs(15);

/// Waits for an external answer; `None` after the timeout.
fn wait_for<T>(work: impl Future<Output = T>) -> Option<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async { tokio::time::timeout(PROBE_TIMEOUT, work).await.ok() })
}

pub(super) fn issuers(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let mut found = vec![];
    if input.settings.local_issuer.local_issuer_key.is_some() {
        found.extend(warn(
            "the local issuer is enabled: its key file gives every role",
            "Do not set GODKJENT_LOCAL_ISSUER_KEY in production.",
        ));
    }
    match &input.settings.tokens.issuers {
        Some(file) => found.extend(trusted_issuers(input, file)),
        None if found.is_empty() => found.extend(warn(
            "no token issuer: every command is 401, and only the public part is served",
            "Set issuers in GODKJENT_ISSUERS, or GODKJENT_LOCAL_ISSUER_KEY for a trial.",
        )),
        None => {}
    }
    found
}

/// Reads the trusted issuers, and fetches the keys of each.
fn trusted_issuers(input: &CheckInput<'_>, file: &Path) -> Vec<CheckResult> {
    let person_key = input.settings.tokens.person_key.as_deref().map(PersonKey::from_file);
    let Ok(person_key) = person_key.transpose() else {
        return warn("not checked without the person key", "See the finding on the person key.");
    };
    let trusted = match Trusted::from_file(file, person_key.as_ref()) {
        Ok(trusted) => trusted,
        Err(error) => {
            let remedy = "Correct the file of GODKJENT_ISSUERS: docs/guide/issuers.md has an example of each kind.";
            return fail(error.to_string(), remedy);
        }
    };
    let Ok(catalogue) = Catalogue::load() else { return vec![] };
    let tokens = Tokens::new(None, Arc::new(catalogue)).trusting(trusted);
    let now = input.context.now();
    let _ = wait_for(tokens.tend(now));
    let remedy = "Check the issuer's address, and its reachability from this machine: without its keys its \
     tokens are 401.";
    let health = tokens.health(now);
    if health.is_empty() {
        return warn(
            format!("{} lists no issuer: every command is 401", file.display()),
            "Add issuers to it: docs/guide/issuers.md has an example of each kind.",
        );
    }
    let health = health.into_iter();
    let findings = health.flat_map(|it| match it.error {
        Some(error) => fail(format!("{}: {error}", it.issuer), remedy),
        None if it.keys == 0 => fail(format!("{} returned no keys in time", it.issuer), remedy),
        None => ok(format!("{} has {} keys", it.issuer, it.keys)),
    });
    findings.collect()
}

pub(super) fn person_key(input: &CheckInput<'_>) -> Vec<CheckResult> {
    match input.settings.tokens.person_key.as_deref() {
        Some(path) if is_open_to_others(path) => fail(
            format!("other users can read {}", path.display()),
            "Restrict it to its owner: chmod 600. It reveals national identity numbers.",
        ),
        Some(path) if path.exists() => match PersonKey::from_file(path) {
            Ok(_) => ok(format!("{} is a valid key with owner-only permissions", path.display())),
            Err(error) => fail(
                error.to_string(),
                "Restore the secret, and give it to the user of the service: chown, and chmod 600.",
            ),
        },
        Some(path) => fail(
            format!("{} does not exist", path.display()),
            "Restore the secret: a new one changes the identity of every person.",
        ),
        None => vec![],
    }
}

pub(super) fn evidence_store(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let (address, vault) = open_vault(input);
    if let Some(path) = vault::directory(&address) {
        return directory(&path);
    }
    let remedy =
        "Check GODKJENT_EVIDENCE_STORE (file:directory or s3://bucket/prefix) and GODKJENT_S3_….";
    let vault = match vault() {
        Ok(vault) => vault,
        Err(error) => return fail(error.to_string(), remedy),
    };
    // This object does not exist: an answer to that effect shows a readable store.
    match wait_for(vault.read(FileId::new(Uuid::nil()))) {
        Some(Ok(_) | Err(vault::VaultError::Missing(_))) => ok(format!("{address} answers")),
        Some(Err(error)) => fail(error.to_string(), remedy),
        None => fail(format!("{address} does not answer"), remedy),
    }
}

/// The address of the evidence store, and how to open it.
fn open_vault(input: &CheckInput<'_>) -> (String, impl Fn() -> Result<Vault, vault::VaultError>) {
    let address = input.settings.evidence_store.address(&input.settings.database);
    let (of, s3) = (address.clone(), input.settings.evidence_store.s3());
    (address, move || Vault::open(&of, &s3, UploadLimits::default(), None))
}

fn directory(path: &Path) -> Vec<CheckResult> {
    let name = path.display();
    if !path.exists() {
        if let Err(error) = try_creation(path) {
            return fail(
                format!("{name} does not exist and cannot be created: {error}"),
                "Correct GODKJENT_EVIDENCE_STORE, or create the directory for the user of the service.",
            );
        }
        return warn(
            format!("{name} does not exist yet"),
            "The next start creates it. Is GODKJENT_EVIDENCE_STORE correct?",
        );
    }
    let probe = path.join(format!(".doctor-{}", std::process::id()));
    let written = private_file::create(&probe).and_then(|_| std::fs::remove_file(&probe));
    if let Err(error) = written {
        let remedy = "Check the disk and the rights of the directory of GODKJENT_EVIDENCE_STORE.";
        return fail(format!("{name} is not writable: {error}"), remedy);
    }
    if is_open_to_others(path) {
        let remedy = "It holds files of providers: chmod 700.";
        return warn(format!("other users of the machine can list {name}"), remedy);
    }
    ok(format!("{name} is writable, with owner-only permissions"))
}

const MISFIT: &str = "Correct GODKJENT_DATABASE_URL or GODKJENT_EVIDENCE_STORE. To bind the store to this database: \
 godkjent evidence adopt.";

/// Whether a new database may have the store.
fn new_registry(input: &CheckInput<'_>, vault: &Vault) -> Vec<CheckResult> {
    match wait_for(evidence::compare_new(vault, input.context.now())) {
        Some(Ok(Err(misfit))) => fail(misfit.to_string(), MISFIT),
        // The finding on the evidence store tells the error.
        None | Some(Err(_) | Ok(Ok(()))) => vec![],
    }
}

/// Whether the database and the store are of the same registry.
pub(super) fn registry_id(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let (address, vault) = open_vault(input);
    let store = match &input.store {
        Ok(store) => Some(store).filter(|store| !is_new(store)),
        Err(StoreError::NoRegistry(_)) => None,
        Err(_) => return vec![],
    };
    // Opening would create a missing directory.
    if vault::directory(&address).is_some_and(|path| !path.exists()) {
        let compared = store.and_then(|store| wait_for(evidence::compare_missing(store)));
        return match compared {
            Some(Ok(Err(misfit))) => fail(misfit.to_string(), MISFIT),
            _ => vec![],
        };
    }
    let Ok(vault) = vault() else { return vec![] };
    let Some(store) = store else { return new_registry(input, &vault) };
    let compared = wait_for(async {
        let fit = evidence::compare(store, &vault, input.context.now()).await?;
        let swept = match vault.last_sweep().await? {
            Some(mark) => evidence::last_sweep_fits(store, &mark).await?,
            None => Ok(()),
        };
        Ok::<_, evidence::EvidenceJobError>((fit, swept))
    });
    let see = "See the findings on the database, the migrations and the evidence store.";
    match compared {
        None => warn("the evidence store does not answer, so it was not compared", see),
        Some(Err(error)) => warn(format!("not compared: {error}"), see),
        Some(Ok((Err(misfit), _))) => fail(misfit.to_string(), MISFIT),
        Some(Ok((Ok(_), Err(unsafe_to_sweep)))) => warn(
            format!("the evidence store is not swept: {unsafe_to_sweep}"),
            "Restore the newer database. To continue with this one: godkjent evidence adopt.",
        ),
        Some(Ok((Ok(Fit::Bindable(_)), Ok(())))) => warn(
            "the database and the evidence store are not bound to each other yet",
            "The next start binds them. Is GODKJENT_EVIDENCE_STORE correct?",
        ),
        Some(Ok((Ok(Fit::Bound(id)), Ok(())))) => {
            ok(format!("the database and the evidence store are of the registry {id}"))
        }
    }
}

pub(super) fn scanner(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let Some(scanner) = &input.settings.evidence.scanner else {
        return warn(
            "files of evidence are not scanned for viruses",
            "Set GODKJENT_SCANNER to a clamd: tcp://host:port or unix:/path.",
        );
    };
    let remedy = "Check that the clamd of GODKJENT_SCANNER runs: files wait for its scan.";
    match wait_for(scanner.look(stream::empty())) {
        Some(Ok(None)) => ok("the scanner answers"),
        Some(Ok(Some(what))) => fail(format!("the scanner finds {what} in empty input"), remedy),
        Some(Err(error)) => fail(error.to_string(), remedy),
        None => fail("the scanner does not answer", remedy),
    }
}
