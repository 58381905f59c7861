//! Scenes: commands of people before a test.
//!
//! The first test with a scene sends its requests and copies the rows. Every other test with a new registry
//! gets the copy: the same rows, the same clock, and the same next id. State in memory only (quotas, metrics,
//! cached pages) is that of a new registry.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, LazyLock, Mutex, atomic::Ordering},
};

use actix_web::web;
use godkjent::jobs;

use super::{
    KRISTIANSAND, START, World, bpa_content,
    database::Rows,
    people::{Assessed, Case, PAGE, SERVICE},
};
use crate::on_both_databases;

struct Scene {
    rows: Rows,
    ids: u64,
    case: Case,
}

/// By whether they are on PostgreSQL, and by name.
type Scenes = HashMap<(bool, &'static str), Arc<Scene>>;

static SCENES: LazyLock<Mutex<Scenes>> = LazyLock::new(Mutex::default);

impl World {
    /// A scene that `requests` make, if nothing was done here before; else only makes the requests.
    pub(super) async fn scene(
        &self,
        name: &'static str,
        requests: Pin<Box<dyn Future<Output = Case> + '_>>,
    ) -> Case {
        if !self.is_new() {
            return requests.await;
        }
        let key = (self.database.is_postgres(), name);
        let known = SCENES.lock().unwrap().get(&key).cloned();
        if let Some(scene) = known {
            self.enter(Arc::clone(&scene)).await;
            return scene.case.clone();
        }
        let case = requests.await;
        assert!(self.is_at_the_start(), "a scene takes no time");
        let (database, ids) = (Arc::clone(&self.database), &self.database.ids);
        let (copied, ids) = (case.clone(), ids.load(Ordering::SeqCst));
        let rows = web::block(move || database.dump()).await.unwrap();
        SCENES.lock().unwrap().insert(key, Arc::new(Scene { rows, ids, case: copied }));
        case
    }

    async fn enter(&self, scene: Arc<Scene>) {
        let (database, state) = (Arc::clone(&self.database), self.state.clone());
        let restored = web::block(move || {
            database.restore(&scene.rows);
            database.ids.store(scene.ids, Ordering::SeqCst);
            jobs::follow(&state.store, &state.register, state.context.now())
        });
        restored.await.unwrap().unwrap();
    }

    fn is_new(&self) -> bool {
        let plain = self.scanner.is_none() && self.context.commencement().is_none();
        plain && self.is_at_the_start() && self.database.ids.load(Ordering::SeqCst) == 0
    }

    fn is_at_the_start(&self) -> bool {
        self.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true) == START
    }
}

on_both_databases!(a_copied_scene_is_what_the_requests_made);

async fn a_copied_scene_is_what_the_requests_made(made: World) {
    let copied = if made.database.is_postgres() {
        World::on_postgres().await.unwrap()
    } else {
        World::on_sqlite().await
    };
    let mut seen = vec![];
    for world in [&made, &copied] {
        // Only the first world gets requests: the second has the rows of the first.
        let requests = Box::pin(async {
            assert!(!Arc::ptr_eq(&world.database, &copied.database), "the copy makes requests");
            world.editor().sets_up("4204").await.expect(200);
            let offering = world.town(KRISTIANSAND).publish(SERVICE, bpa_content()).await;
            world.registered_providers().await;
            let application = world.provider().drafts_application(&offering).await;
            world.provider().completes(&application).await;
            world.provider().submits(&application).await.expect(200);
            world.assess(&application, Assessed::AllMet).await;
            let approval = world.approve(&application).await;
            Case { offering, application, approval, ..Case::default() }
        });
        let case = world.scene("approved in the test of scenes", requests).await;
        let ids = world.database.ids.load(Ordering::SeqCst);
        let application = format!("/v1/applications/{}", case.application);
        let (dag, provider) = (world.decision_maker(), world.provider());
        let mut answers = vec![
            provider.get(&application).await.expect(200),
            provider.get(&format!("{application}/accesses")).await.expect(200),
            world.anyone().get("/v1/changes").await.expect(200),
            world.anyone().get(PAGE).await.expect(200),
            dag.get(&format!("/v1/approvals/{}/case", case.approval)).await.expect(200),
        ];
        answers.push(dag.records_contract(&case.approval, "2026-03-12", None).await.expect(200));
        let answers: Vec<_> = answers.iter().map(|it| (it.text.clone(), it.etag())).collect();
        seen.push((case, ids, answers, world.auditor().audits().await));
    }
    assert!(!seen[0].3.is_empty());
    assert_eq!(seen[0], seen[1]);
}
