//! A failing store: the sender gets an error, and nothing is partly stored.

use std::{path::PathBuf, process::Command};

use serde_json::Value;

use super::list_stored;
use crate::{
    on_sqlite,
    world::{
        World,
        files::{metadata, pdf},
    },
};

on_sqlite!(
    a_full_disk_is_told_and_leaves_nothing_behind,
    a_store_that_is_gone_is_told_and_comes_back
);

/// A file system of 256 KiB over a directory.
struct LittleDisk(PathBuf);

impl LittleDisk {
    /// None where we may not mount.
    fn over(directory: PathBuf) -> Option<Self> {
        let mount = ["-t", "tmpfs", "-o", "size=256k", "none"];
        let mounted = Command::new("mount").args(mount).arg(&directory).output();
        mounted.is_ok_and(|it| it.status.success()).then(|| Self(directory))
    }
}

impl Drop for LittleDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

async fn a_full_disk_is_told_and_leaves_nothing_behind(world: World) {
    let Some(_disk) = LittleDisk::over(world.directory().to_owned()) else {
        println!("not allowed to mount: the full disk is left out");
        return;
    };
    world.registered_providers().await;
    let (me, journal) = (world.provider(), world.auditor().audits().await.len());
    let refused = me.gives(metadata("insurance"), &pdf(900_000)).await;
    refused.problem(507, "storage-full");
    assert_eq!(list_stored(&world), Vec::<String>::new());
    assert_eq!(me.pages("/v1/evidence").await, Vec::<Value>::new());
    assert_eq!(world.auditor().audits().await.len(), journal);
    // Files that fit are accepted.
    let file = me.gives_pdf("insurance").await;
    me.gives(metadata("insurance"), &pdf(900_000)).await.problem(507, "storage-full");
    assert_eq!(list_stored(&world), [file.as_str()]);
    me.fetches(&file).await.expect(200);
}

async fn a_store_that_is_gone_is_told_and_comes_back(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    let file = me.gives_pdf("insurance").await;
    let (directory, aside) = (world.directory(), world.directory().with_extension("aside"));
    std::fs::rename(directory, &aside).unwrap();
    std::fs::write(directory, "no directory").unwrap();
    let refused = me.gives(metadata("insurance"), &pdf(4000)).await;
    assert_eq!(refused.header("retry-after"), "30");
    refused.problem(503, "storage-unavailable");
    me.fetches(&file).await.problem(503, "storage-unavailable");
    assert_eq!(me.pages("/v1/evidence").await.len(), 1);
    std::fs::remove_file(directory).unwrap();
    std::fs::rename(&aside, directory).unwrap();
    me.fetches(&file).await.expect(200);
    me.gives_pdf("insurance").await;
    assert_eq!(list_stored(&world).len(), 2);
}
