//! Codes of tokens that are sound and not enough.

use serde_json::json;

use super::Table;
use crate::{tokens::scene::Scene, world::KRISTIANSAND};

pub async fn codes(table: &mut Table) {
    let scene = Scene::with("oidc", |config| config["decisionAssurance"] = json!("high")).await;
    let token = scene.token_with(|claims| claims["scope"] = json!("openid"));
    table.row("not-entitled", scene.reads(&token).await);
    let token = scene.token_with(|claims| claims["scope"] = json!("test:provider.read"));
    table.row("read-only-token", scene.acts(&token).await);
    let token = scene.token_with(|claims| {
        claims["scope"] = json!("test:decide");
        claims["org"] = json!(KRISTIANSAND);
        claims["acr"] = json!("substantial");
    });
    table.row("assurance-too-low", scene.decides(&token).await);
}
