//! Limits above the maximum, for every list of the document.

use serde_json::Value;

use super::routes::{Route, Stage};
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, World},
};

on_sqlite!(an_unbounded_limit_is_told_and_never_clamped_on_any_list);

async fn an_unbounded_limit_is_told_and_never_clamped_on_any_list(world: World) {
    let stage = Stage::new(world).await;
    let mut people = stage.people(KRISTIANSAND);
    people.push(stage.world.anyone());
    let limited = |route: &Route| route.parameters().iter().any(|name| name == "limit");
    let lists: Vec<_> = Route::all().into_iter().filter(limited).collect();
    assert!(lists.len() >= 11, "{}", lists.len());
    for list in lists {
        let path = stage.fill_known(&list.path);
        let parameters = list.operation["parameters"].as_array().unwrap();
        let schema = &parameters.iter().find(|it| it["name"] == "limit").unwrap()["schema"];
        let most = schema["maximum"].as_u64().unwrap_or_else(|| panic!("{path}: {schema}"));
        assert_eq!(schema["minimum"], Value::from(1), "{path}");
        let over = (most + 1).to_string();
        let mut asked_by_someone = 0;
        for who in &people {
            if who.get(&path).await.status.as_u16() != 200 {
                continue;
            }
            asked_by_someone += 1;
            for limit in ["0", "-1", over.as_str(), "65536", "4294967297"] {
                let answer = who.get(&format!("{path}?limit={limit}")).await;
                answer.problem(400, "limit-out-of-range");
            }
            let garbage = [
                "abc",
                "1.5",
                "",
                "18446744073709551617",
                "99999999999999999999",
                "1%20",
                "0x10",
                "1e3",
                "+5%00",
                "null",
                "all",
                "%F0%9F%98%80",
            ];
            for limit in garbage {
                let answer = who.get(&format!("{path}?limit={limit}")).await;
                answer.problem(400, "invalid-parameter");
            }
            let answer = who.get(&format!("{path}?limit=1&limit={most}")).await;
            answer.problem(400, "invalid-parameter");
            who.get(&format!("{path}?limit=1")).await.expect(200);
            who.get(&format!("{path}?limit={most}")).await.expect(200);
        }
        assert!(asked_by_someone > 0, "{path}");
    }
}
