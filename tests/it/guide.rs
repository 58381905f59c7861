//! The guide at `/docs/guide`: its pages, their links, and what browsers may do with them.

use std::collections::BTreeSet;

use actix_web::http::Method;

use crate::world::World;

const GUIDE: &str = "/docs/guide";

/// The values of an attribute on a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The addresses of all pages, as the navigation lists them.
async fn pages(world: &World) -> Vec<String> {
    let index = world.anyone().get(GUIDE).await.expect(200).text;
    let navigation = index.split("</header>").next().unwrap().split("<header>").nth(1).unwrap();
    let links = attributes(navigation, "href").into_iter();
    let pages: Vec<_> = links.filter(|it| it.starts_with(GUIDE)).map(str::to_owned).collect();
    assert!(pages.len() > 8, "{pages:?}");
    pages
}

#[actix_web::test]
async fn every_page_is_html_that_runs_nothing() {
    let world = World::on_sqlite().await;
    for path in pages(&world).await {
        let page = world.anyone().get(&path).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{path}: {policy}");
        assert!(!page.text.contains("<script") && !page.text.contains(" style="), "{path}");
        assert!(page.text.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{path}");
        assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
        assert_eq!(page.text.matches("aria-current=\"page\"").count(), 1, "{path}");
        assert!(!page.text.contains("<title> –"), "{path}");
        let anchors = attributes(&page.text, "id");
        let distinct: BTreeSet<_> = anchors.iter().collect();
        assert_eq!(anchors.len(), distinct.len(), "{path}: two elements have one id");
    }
}

#[actix_web::test]
async fn every_link_of_the_guide_leads_somewhere() {
    let world = World::on_sqlite().await;
    for path in pages(&world).await {
        let page = world.anyone().get(&path).await.expect(200).text;
        for link in attributes(&page, "href") {
            if link.contains("://") {
                continue;
            }
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if target.is_empty() { path.as_str() } else { target };
            let answer = world.anyone().get(target).await;
            assert_eq!(answer.status, 200, "{path}: {link}");
            let anchors = attributes(&answer.text, "id");
            assert!(anchor.is_empty() || anchors.contains(&anchor), "{path}: no place {link}");
        }
    }
}

#[actix_web::test]
async fn an_unchanged_page_is_confirmed_and_an_unknown_one_is_a_problem() {
    let world = World::on_sqlite().await;
    let path = format!("{GUIDE}/portals");
    let tag = world.anyone().get(&path).await.expect(200).etag();
    let known = world.anyone().request(Method::GET, &path).header("If-None-Match", &tag);
    known.send().await.expect(304);
    let unknown = world.anyone().get(&format!("{GUIDE}/nothing")).await;
    unknown.problem(404, "unknown-route");
    let post = world.anyone().request(Method::POST, &path).send().await;
    post.problem(405, "method-not-allowed");
}
