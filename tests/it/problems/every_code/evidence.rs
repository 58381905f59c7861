//! Codes of files of evidence.

use serde_json::json;

use super::Table;
use crate::{
    evidence::{
        contact::removes,
        scanner::{Clamd, harmful, scans},
    },
    world::{
        World,
        files::{metadata, multipart, pdf, upload},
        people::id,
        with_state,
    },
};

/// Provokes them in a registry with a scanner.
pub(super) async fn codes(table: &mut Table, world: World) {
    let case = world.drafted_application().await;
    let plain = world.provider().gives_pdf("contingency-plan").await;
    let world = world.scanned_by(Clamd::start().address.parse().unwrap()).await;
    world.provider().shows(&case.application, "contingency-plan", &plain).await.expect(200);
    let (me, application) = (world.provider(), case.application.as_str());
    let insurance = || metadata("insurance");
    table.row("malformed-multipart", me.sends(multipart(&[])).await);
    table.row("file-too-large", me.gives(insurance(), &pdf((1 << 20) + 1)).await);
    table.row("content-not-allowed", me.gives(insurance(), b"MZ\x90\0").await);
    let png = upload(&insurance(), "\r\nContent-Type: image/png", &pdf(100));
    table.row("content-mismatch", me.sends(png).await);
    let certificate = me.gives(metadata("police-certificate"), &pdf(100)).await;
    table.row("police-certificate-file", certificate);

    let mut ended = metadata("tax-certificate");
    ended["expiresOn"] = json!("2026-03-11");
    let ended = id(&me.gives(ended, &pdf(100)).await.expect(201));
    table.row("evidence-expired", me.shows(application, "tax-certificate", &ended).await);
    let without = json!({"criterion": "tax-certificate", "evidenceId": ended});
    table.row("consent-missing", me.attaches(application, without).await);
    let (tax, large) = (metadata("tax-certificate"), pdf(900_000));
    let one = id(&me.gives(tax.clone(), &large).await.expect(201));
    let two = id(&me.gives(tax, &large).await.expect(201));
    me.shows(application, "tax-certificate", &one).await.expect(200);
    table.row("case-files-too-large", me.shows(application, "tax-certificate", &two).await);
    for _ in 0..2 {
        me.gives(insurance(), &large).await.expect(201);
    }
    table.row("provider-files-too-large", me.gives(insurance(), &large).await);
    let bad = id(&me.gives(metadata("contingency-plan"), &harmful()).await.expect(201));
    me.completes(application).await;
    me.submits(application).await.expect(200);
    let without_scanner = world.another_instance_with(|it| {
        with_state(it, |mut state| {
            state.vault.scanner = None;
            state
        })
    });
    table.row("evidence-not-scanned", without_scanner.await.case_worker().opens(&plain).await);
    table.row("evidence-quarantined", world.case_worker().fetches(&one).await);
    scans(&world).await;
    table.row("evidence-rejected", me.fetches(&bad).await);
    me.withdraws(application).await.expect(200);
    removes(&me, &me, application).await.expect(200);
    table.row("nobody-named", removes(&me, &me, application).await);

    let aside = world.directory().with_extension("aside");
    std::fs::rename(world.directory(), &aside).unwrap();
    std::fs::write(world.directory(), "no directory").unwrap();
    table.row("storage-unavailable", me.gives(insurance(), &pdf(100)).await);
    std::fs::remove_file(world.directory()).unwrap();
    std::fs::rename(&aside, world.directory()).unwrap();
}
