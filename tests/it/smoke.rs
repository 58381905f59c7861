use crate::{on_both_databases, world::World};

on_both_databases!(the_registry_is_alive);

async fn the_registry_is_alive(world: World) {
    assert_eq!(world.anyone().get("/livez").await.expect(200).text, "ok");
    assert_eq!(world.anyone().get("/readyz").await.expect(200).text, "ready");
}
