//! Codes of decisions after their signature and of appeals, in registries of their own.

use serde_json::{Value, json};

use super::Table;
use crate::{
    appeals::{appeal, in_favour, lodge, outcome, second_maker},
    decisions::{On, refuse_application},
    world::{
        World,
        people::{Assessed, reasons},
    },
};

/// All of them.
pub async fn codes(table: &mut Table) {
    in_time(table, &World::on_sqlite().await).await;
    too_late(table, &World::on_sqlite().await).await;
    approve(table, &World::on_sqlite().await).await;
}

fn reversal(ground: &str) -> Value {
    json!({"ground": ground, "reasons": reasons()})
}

async fn in_time(table: &mut Table, world: &World) {
    let (case, decision) = refuse_application(world).await;
    let (provider, worker, dag) = (world.provider(), world.case_worker(), world.decision_maker());
    let ida = second_maker(world, &case.application).await;
    let fails = decision.act(&dag, "reversal", reversal("not-arrived")).await;
    table.row("reversal-ground-fails", fails);
    let letter = json!({"text": "Vi klager."});
    let defective = decision.act(&worker, "appeals", letter).await.expect(201);
    let defective = On { path: defective.header("location") };
    table.row("appeal-exists", decision.act(&provider, "appeals", appeal()).await);
    table.row("appeal-defective", defective.act(&worker, "admission", json!({})).await);
    defective.act(&provider, "withdrawal", json!({})).await.expect(200);
    let lodged = lodge(world, &decision).await;
    let dismissal = json!({"ground": "late", "reasons": reasons()});
    table.row("appeal-in-time", lodged.act(&ida, "dismissal", dismissal).await);
    lodged.forward(world).await;
    table.row("signed-first-decision", lodged.act(&dag, "outcome", outcome(world, "upheld")).await);
    world.set_clock("2026-06-12T22:00:00Z");
    let mut harm = outcome(world, "changed");
    harm["weightyInterests"] = "Brukernes sikkerhet.".into();
    table.row("harm-too-late", lodged.act(&ida, "outcome", harm).await);
    let upheld = lodged.act(&ida, "outcome", outcome(world, "upheld")).await.expect(201);
    let upheld = On { path: upheld.header("location") };
    table.row("not-appealable", upheld.act(&provider, "appeals", appeal()).await);
}

async fn too_late(table: &mut Table, world: &World) {
    let (_, decision) = refuse_application(world).await;
    let (provider, worker, dag) = (world.provider(), world.case_worker(), world.decision_maker());
    world.set_clock("2026-04-08T09:00:00Z");
    let longer = json!({"to": "2026-05-20", "why": "Mer tid."});
    table.row("appeal-period-over", decision.act(&dag, "prolongation", longer).await);
    let late = lodge(world, &decision).await;
    table.row("appeal-late", late.act(&worker, "admission", json!({})).await);
    late.act(&provider, "withdrawal", json!({})).await.expect(200);
    world.set_clock("2027-03-15T09:00:00Z");
    let old = lodge(world, &decision).await;
    let excuse = json!({"lateGround": "no-blame", "reasons": "Feil adresse."});
    table.row("appeal-too-old", old.act(&worker, "admission", excuse.clone()).await);
    old.act(&provider, "withdrawal", json!({})).await.expect(200);

    world.set_clock("2026-05-08T09:00:00Z");
    let lodged = lodge(world, &decision).await;
    lodged.act(&worker, "admission", excuse).await.expect(200);
    lodged.act(&worker, "review", json!({"findings": "Planen lå ved."})).await.expect(200);
    lodged.act(&dag, "outcome", in_favour("met")).await.expect(201);
    world.set_clock("2026-06-08T09:00:00Z");
    let amount = json!({"amount": "18500.00", "currency": "NOK"});
    let claim = json!({"amount": amount, "whatFor": "Advokat."});
    table.row("costs-too-late", lodged.act(&provider, "costs-claim", claim).await);
}

async fn approve(table: &mut Table, world: &World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let (dag, body) = (world.decision_maker(), json!({"outcome": "approve"}));
    let decision = On::decision(&dag.decides(&case.application, body).await.expect(201));
    let reversed = decision.act(&dag, "reversal", reversal("invalid")).await;
    table.row("reversal-by-revocation", reversed);
    let provider = world.provider();
    let lodged = of_another(world, &decision).await;
    let review = json!({"findings": "Sett på nytt."});
    table.row("counterparty-not-heard", lodged.act(&world.case_worker(), "review", review).await);
    decision.act(&provider, "reasons-demands", json!({})).await.expect(200);
    table.row("reasons-awaited", decision.act(&provider, "reasons-demands", json!({})).await);
    decision.act(&dag, "reasons", reasons()).await.expect(200);
    table.row("reasons-there", decision.act(&provider, "reasons-demands", json!({})).await);
}

/// The appeal of another against an approval, admitted.
async fn of_another(world: &World, decision: &On) -> On {
    let worker = world.case_worker();
    let appeal = json!({
        "text": "Vi klager.", "wantedChange": "Avslag.", "signedBy": "Eli Eksempel",
        "appellant": "other", "name": "Nabo Omsorg AS", "legalInterest": "Konkurrent.",
        "knewOn": "2026-03-12"
    });
    let lodged = decision.act(&worker, "appeals", appeal).await.expect(201);
    let lodged = On { path: lodged.header("location") };
    lodged.act(&worker, "admission", json!({})).await.expect(200);
    lodged
}
