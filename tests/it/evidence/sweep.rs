//! Files without a row go to the trash, return if the row reappears, and others are left alone.

use std::{fs, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use godkjent::{
    jobs::evidence::{EvidenceJobError, GRACE, Swept, Unsafe, bind, sweep},
    vault::identity::SweepMark,
};

use super::list_stored;
use crate::{on_both_databases, world::World};

on_both_databases!(
    files_without_a_row_go_to_the_trash_after_their_grace,
    a_file_in_the_trash_is_deleted_after_thirty_days_and_not_before,
    a_file_in_the_trash_is_put_back_when_its_row_turns_up,
    nothing_is_swept_while_the_database_is_empty,
    nothing_is_swept_by_a_database_that_is_older_than_the_store,
    nothing_is_swept_in_the_store_of_another_registry,
);

/// As long after now as the grace is, and a little longer.
fn after_the_grace() -> TimeDelta {
    GRACE + TimeDelta::minutes(1)
}

/// Sweeps as of so long from now. The age of bytes is that of the disk, not of the test's clock.
async fn sweeps(world: &World, from_now: TimeDelta) -> Result<Swept, EvidenceJobError> {
    sweep(&world.state.store, &world.state.vault, now() + from_now).await
}

fn now() -> DateTime<Utc> {
    DateTime::<Utc>::from(std::time::SystemTime::now())
}

/// A registry that is bound to its store and has a provider.
async fn bound(world: &World) {
    world.registered_providers().await;
    let (store, vault) = (&world.state.store, &world.state.vault);
    bind(store, vault, world.state.context.row_id(), now()).await.unwrap().unwrap();
}

/// A file without a row.
fn orphan(world: &World) -> PathBuf {
    let path = world.directory().join(uuid::Uuid::from_u128(7).to_string());
    fs::write(&path, "bytes").unwrap();
    path
}

/// Location of a file moved to the trash after this time.
fn in_trash(world: &World, file: &str, from_now: TimeDelta) -> PathBuf {
    let day = (now() + from_now).date_naive().to_string();
    world.directory().join("trash").join(day).join(file)
}

async fn files_without_a_row_go_to_the_trash_after_their_grace(world: World) {
    bound(&world).await;
    let file = world.provider().gives_pdf("insurance").await;
    let orphan = orphan(&world);
    let name = orphan.file_name().unwrap().to_str().unwrap();
    let half = world.directory().join(format!("{name}#1"));
    let other = world.directory().join("somebody-elses.txt");
    for path in [&half, &other] {
        fs::write(path, "bytes").unwrap();
    }
    let none = sweeps(&world, TimeDelta::zero()).await.unwrap();
    assert_eq!(none, Swept::default(), "an upload may still be on its way");
    assert!(orphan.is_file() && half.is_file());
    let swept = sweeps(&world, after_the_grace()).await.unwrap();
    assert_eq!(swept, Swept { deleted: 1, trashed: 1, ..Swept::default() });
    assert!(!orphan.exists() && !half.exists() && other.is_file());
    assert!(in_trash(&world, name, after_the_grace()).is_file());
    world.provider().fetches(&file).await.expect(200);
    assert_eq!(sweeps(&world, after_the_grace()).await.unwrap(), Swept::default());
}

async fn a_file_in_the_trash_is_deleted_after_thirty_days_and_not_before(world: World) {
    bound(&world).await;
    let orphan = orphan(&world);
    let name = orphan.file_name().unwrap().to_str().unwrap();
    sweeps(&world, after_the_grace()).await.unwrap();
    let trashed = in_trash(&world, name, after_the_grace());
    let early = after_the_grace() + TimeDelta::days(30);
    assert_eq!(sweeps(&world, early).await.unwrap(), Swept::default());
    assert!(trashed.is_file());
    let swept = sweeps(&world, early + TimeDelta::days(1)).await.unwrap();
    assert_eq!(swept, Swept { purged: 1, ..Swept::default() });
    assert!(!trashed.exists());
}

async fn a_file_in_the_trash_is_put_back_when_its_row_turns_up(world: World) {
    bound(&world).await;
    let file = world.provider().gives_pdf("insurance").await;
    let (here, trashed) =
        (world.directory().join(&file), in_trash(&world, &file, TimeDelta::zero()));
    let discard = || {
        fs::create_dir_all(trashed.parent().unwrap()).unwrap();
        fs::rename(&here, &trashed).unwrap();
    };
    discard();
    world.provider().fetches(&file).await.expect(200);
    assert!(here.is_file() && !trashed.exists(), "who reads it finds it");
    discard();
    let swept = sweeps(&world, TimeDelta::zero()).await.unwrap();
    assert_eq!(swept, Swept { restored: 1, ..Swept::default() }, "and so does the sweep");
    assert_eq!(list_stored(&world), [file]);
}

async fn nothing_is_swept_while_the_database_is_empty(world: World) {
    let orphan = orphan(&world);
    assert_eq!(sweeps(&world, after_the_grace()).await.unwrap(), Swept::default());
    assert!(orphan.is_file());
}

async fn nothing_is_swept_by_a_database_that_is_older_than_the_store(world: World) {
    bound(&world).await;
    sweeps(&world, TimeDelta::zero()).await.unwrap();
    let vault = &world.state.vault;
    let here = vault.last_sweep().await.unwrap().unwrap();
    let orphan = orphan(&world);
    let ahead = SweepMark { position: here.position + 5, ..here.clone() };
    let other = SweepMark { hash: "00".repeat(32), ..here.clone() };
    let older = Unsafe::Older { head: here.position, swept: ahead.position };
    for (mark, why) in [(ahead, older), (other, Unsafe::Diverged(here.position))] {
        vault.set_last_sweep(&mark).await.unwrap();
        let refused = sweeps(&world, after_the_grace()).await;
        assert!(
            matches!(refused, Err(EvidenceJobError::Unsafe(found)) if found == why),
            "{refused:?}"
        );
        assert_eq!(vault.last_sweep().await.unwrap().unwrap(), mark, "the mark is left as it is");
    }
    assert!(orphan.is_file());
    vault.set_last_sweep(&here).await.unwrap();
    assert_eq!(sweeps(&world, after_the_grace()).await.unwrap().trashed, 1);
}

async fn nothing_is_swept_in_the_store_of_another_registry(world: World) {
    bound(&world).await;
    let orphan = orphan(&world);
    world.state.vault.set_owner(uuid::Uuid::from_u128(9)).await.unwrap();
    let refused = sweeps(&world, after_the_grace()).await;
    assert!(matches!(refused, Err(EvidenceJobError::Unsafe(Unsafe::Foreign))), "{refused:?}");
    assert!(orphan.is_file());
}
