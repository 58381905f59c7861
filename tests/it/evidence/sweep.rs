//! Bytes that no row needs are swept away, and others are left alone.

use chrono::{DateTime, TimeDelta, Utc};
use godkjent::jobs::evidence::{GRACE, sweep};

use super::kept;
use crate::{on_both_databases, world::World};

on_both_databases!(bytes_without_a_row_are_swept_away_after_their_grace,);

/// Sweeps as of so long from now. The age of bytes is that of the disk, not of the test's clock.
async fn sweeps(world: &World, from_now: TimeDelta) -> usize {
    let now = DateTime::<Utc>::from(std::time::SystemTime::now());
    sweep(&world.state.store, &world.state.vault, now + from_now).await.unwrap()
}

async fn bytes_without_a_row_are_swept_away_after_their_grace(world: World) {
    world.registered_providers().await;
    let file = world.provider().gives_pdf("insurance").await;
    let orphan = uuid::Uuid::from_u128(7).to_string();
    let half = format!("{orphan}#1");
    for name in [&orphan, &half, &"somebody-elses.txt".to_owned()] {
        std::fs::write(world.directory().join(name), "bytes").unwrap();
    }
    assert_eq!(sweeps(&world, TimeDelta::zero()).await, 0, "an upload may still be on its way");
    assert_eq!(kept(&world).len(), 4);
    assert_eq!(sweeps(&world, GRACE + TimeDelta::minutes(1)).await, 2);
    let mut left = kept(&world);
    left.sort();
    assert_eq!(left, [file.as_str(), "somebody-elses.txt"]);
    world.provider().fetches(&file).await.expect(200);
    assert_eq!(sweeps(&world, GRACE + TimeDelta::minutes(1)).await, 0);
}
