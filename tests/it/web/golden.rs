//! The content of each kind of page in its states, verbatim.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::json;

use super::{SERVICE_PAGE, between, browse};
use crate::{
    listing::{lists, lists_own},
    offering_life::{closing, concession, ending},
    register::a_country,
    world::{
        PROVIDER, World,
        people::{id, revocation},
    },
};

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/web/pages")
}

/// The kept pages, as they are compared.
#[derive(Default)]
struct Kept(BTreeSet<String>);

impl Kept {
    /// Compares the title and the content of a page; `UPDATE=1` rewrites it, never in continuous integration.
    async fn compare(&mut self, world: &World, name: &str, path: &str) {
        let page = browse(&world.anyone(), path).await.text;
        let language = between(&page, "<html lang=\"", "\">");
        let title = between(&page, "<title>", "</title>");
        let main = between(&page, "<main class=\"wrap\" id=\"main\">", "</main>");
        // The list of all municipalities is the same everywhere.
        let main = main.split("<div class=\"counties\">").next().unwrap_or_default();
        let main = main.replace("><", ">\n<");
        let now = format!("{path}\n{language}: {title}\n\n{main}\n");
        let file = directory().join(format!("{name}.html"));
        let is_set = |name: &str| std::env::var_os(name).is_some();
        if is_set("UPDATE") && !is_set("CI") {
            fs::create_dir_all(directory()).unwrap();
            fs::write(&file, &now).unwrap();
        }
        let former = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            former == now,
            "the page {name} differs; look at the difference after UPDATE=1:\n{now}"
        );
        self.0.insert(format!("{name}.html"));
    }
}

#[actix_web::test]
async fn every_page_in_each_state_reads_as_it_is_kept() {
    let mut kept = Kept::default();
    before_and_after_the_first_provider(&mut kept).await;
    full_and_stale(&mut kept).await;
    revoked(&mut kept).await;
    closed_and_ended(&mut kept).await;
    let world = World::on_sqlite().await;
    a_country(&world).await;
    kept.compare(&world, "service.many", SERVICE_PAGE).await;
    kept.compare(&world, "service.filtered", &format!("{SERVICE_PAGE}?sprak=pl&omrade=east")).await;
    kept.compare(&world, "home", "/").await;
    kept.compare(&world, "home.search", "/?q=nord").await;
    let files = fs::read_dir(directory()).unwrap();
    let files: BTreeSet<_> =
        files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, kept.0, "each kept page belongs to a state");
}

async fn before_and_after_the_first_provider(kept: &mut Kept) {
    let world = World::on_sqlite().await;
    kept.compare(&world, "home.empty", "/").await;
    kept.compare(&world, "municipality.empty", "/velg/4204-kristiansand").await;
    kept.compare(&world, "municipality.unknown", "/velg/9999-kristansand").await;
    let world = World::on_sqlite().await;
    world.published_offering().await;
    kept.compare(&world, "service.no-provider", SERVICE_PAGE).await;
    kept.compare(&world, "service.unknown", "/velg/4204-kristiansand/hjemmesykepleie").await;
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    for (prefix, language) in [("", "nb"), ("/nn", "nn"), ("/en", "en")] {
        let path = format!("{prefix}{SERVICE_PAGE}");
        kept.compare(&world, &format!("service.one.{language}"), &path).await;
        let path = format!("{prefix}/godkjenning/{}", case.approval);
        kept.compare(&world, &format!("approval.{language}"), &path).await;
    }
    let wrong = format!("/godkjenning/{}?dag=i+morgen", case.approval);
    kept.compare(&world, "approval.wrong-day", &wrong).await;
    kept.compare(&world, "municipality", "/velg/4204-kristiansand").await;
    kept.compare(&world, "provider", &format!("/leverandor/{PROVIDER}")).await;
}

async fn full_and_stale(kept: &mut Kept) {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let listing = json!({
        "capacity": "full", "continuity": {"nb": "To faste hjelpere."}, "languages": ["nb", "pl"],
        "timesOfDay": ["day", "evening"], "openingHours": {"nb": "Kl. 8–16."},
        "specialCompetence": {"nb": "Demens."}, "startsWithin": {"amount": 6, "unit": "weeks"},
        "addOns": [{
            "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"}, "unit": "hour"
        }],
    });
    lists(&world, &case, listing).await.expect(200);
    lists_own(&world, &case.offering, json!({"capacity": "full"})).await.expect(200);
    kept.compare(&world, "service.full", SERVICE_PAGE).await;
    world.set_clock("2027-04-01T09:00:00Z");
    kept.compare(&world, "service.stale", SERVICE_PAGE).await;
    kept.compare(&world, "paper.brochure", &format!("{SERVICE_PAGE}/utskrift")).await;
    kept.compare(&world, "paper.switch-form", &format!("/nn{SERVICE_PAGE}/bytteskjema")).await;
    kept.compare(&world, "provider.stale", &format!("/leverandor/{PROVIDER}")).await;
}

async fn revoked(kept: &mut Kept) {
    let world = World::on_sqlite().await;
    let case = world.send_notice().await;
    world.set_clock("2026-04-08T09:00:00Z");
    let body = revocation(&case.notice, "terms-breach");
    let revoked = world.decision_maker().revokes(&case.approval, body).await.expect(201);
    assert!(!id(&revoked).is_empty());
    let path = format!("/godkjenning/{}", case.approval);
    kept.compare(&world, "approval.revoked", &path).await;
    kept.compare(&world, "approval.before", &format!("{path}?dag=2026-03-20")).await;
    kept.compare(&world, "provider.revoked", &format!("/leverandor/{PROVIDER}")).await;
}

async fn closed_and_ended(kept: &mut Kept) {
    let world = World::on_sqlite().await;
    let (town, offering, _) = concession(&world).await;
    town.closes(&offering, closing()).await.expect(200);
    world.set_clock("2026-04-01T09:00:00Z");
    kept.compare(&world, "service.closed-to-new", SERVICE_PAGE).await;
    town.closes(&offering, ending()).await.expect(200);
    kept.compare(&world, "service.ending", SERVICE_PAGE).await;
    kept.compare(&world, "municipality.ending", "/velg/4204-kristiansand").await;
    world.set_clock("2026-07-01T09:00:00Z");
    kept.compare(&world, "service.ended", SERVICE_PAGE).await;
    kept.compare(&world, "municipality.ended", "/velg/4204-kristiansand").await;
}
