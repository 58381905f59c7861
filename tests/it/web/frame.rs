//! What every page has: one title, one heading, its addresses in three languages, a strict policy, and no cookie.

use std::collections::BTreeSet;

use actix_web::http::Method;

use super::{PREFIXES, SERVICE_PAGE, between, browse, names, text_of};
use crate::{
    on_sqlite,
    world::{PROVIDER, World},
};

on_sqlite!(
    every_page_has_its_addresses_and_a_strict_policy,
    an_old_or_short_address_leads_to_the_present_one,
    a_municipality_is_found_by_its_names_and_numbers,
    a_search_engine_finds_every_page,
    an_unknown_address_is_a_page_for_people_and_a_problem_for_programs,
    the_list_alone_may_be_framed,
    a_page_is_sent_in_the_coding_that_the_reader_takes,
    a_page_that_lies_ready_is_the_same_as_one_that_is_rendered,
    an_approval_is_in_force_or_not_on_a_day
);

async fn every_page_has_its_addresses_and_a_strict_policy(world: World) {
    let case = world.create_contract().await;
    let anyone = world.anyone();
    let paths = [
        "/".to_owned(),
        "/velg/4204-kristiansand".to_owned(),
        "/velg/0301-oslo".to_owned(),
        SERVICE_PAGE.to_owned(),
        format!("{SERVICE_PAGE}/utskrift"),
        format!("{SERVICE_PAGE}/bytteskjema"),
        "/personvern".to_owned(),
        "/tilgjengelighet".to_owned(),
        format!("/leverandor/{PROVIDER}"),
        format!("/godkjenning/{}", case.approval),
    ];
    let mut titles = BTreeSet::new();
    for path in &paths {
        let localized = |prefix: &str| match (prefix, path.as_str()) {
            ("", path) => path.to_owned(),
            (prefix, "/") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}{path}"),
        };
        let url = |prefix: &str| format!("https://registry.example{}", localized(prefix));
        for (prefix, language) in PREFIXES.into_iter().zip(["nb", "nn", "en"]) {
            let page = browse(&anyone, &localized(prefix)).await.expect(200);
            let text = &page.text;
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(page.header("content-language"), language);
            assert_eq!(page.header("set-cookie"), "");
            let policy = page.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
            assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");
            assert!(
                text.starts_with(&format!("<!DOCTYPE html><html lang=\"{language}\">")),
                "{text}"
            );
            assert!(!text.contains("<script") && !text.contains(" style="), "{text}");
            assert_eq!(text.matches("<h1").count(), 1);
            assert_eq!(text.matches("<main").count(), 1);
            let canonical = format!("<link rel=\"canonical\" href=\"{}\">", url(prefix));
            assert!(text.contains(&canonical), "{canonical}");
            for (other, tag) in
                PREFIXES.into_iter().zip(["nb", "nn", "en"]).chain([("", "x-default")])
            {
                let link =
                    format!("<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\">", url(other));
                assert!(text.contains(&link), "{link}");
            }
            assert!(between(text, "<meta name=\"description\" content=\"", "\">").len() > 40);
            let title = between(text, "<title>", "</title>").to_owned();
            assert!(title.contains("Godkjent") && titles.insert((language, title)), "{path}");
            let style = between(text, "<link rel=\"stylesheet\" href=\"", "\">");
            let style = anyone.get(style).await.expect(200);
            assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
            assert!(style.header("cache-control").ends_with("immutable"));
        }
    }
}

async fn an_old_or_short_address_leads_to_the_present_one(world: World) {
    world.create_contract().await;
    for (path, target) in [
        ("/velg/4204", "/velg/4204-kristiansand"),
        ("/velg/4204-anything", "/velg/4204-kristiansand"),
        ("/velg/kristiansand", "/velg/4204-kristiansand"),
        ("/nn/velg/1001-kristiansand", "/nn/velg/4204-kristiansand"),
        (
            "/velg/1018-sogne/brukerstyrt-personlig-assistanse?sprak=en",
            &format!("{SERVICE_PAGE}?sprak=en"),
        ),
        ("/en/velg/4204-kristiansand/personal-assistance", &format!("/en{SERVICE_PAGE}")),
        ("/leverandor/313%20000%20028", "/leverandor/313000028"),
    ] {
        let answer = browse(&world.anyone(), path).await.expect(308);
        assert_eq!(answer.header("location"), target, "{path}");
        browse(&world.anyone(), target).await.expect(200);
    }
}

async fn a_municipality_is_found_by_its_names_and_numbers(world: World) {
    let anyone = world.anyone();
    for query in ["Kristiansand", "kristiansand", "4204", "1018", "S%C3%B8gne", "sogne+"] {
        let answer = browse(&anyone, &format!("/?q={query}")).await.expect(303);
        assert_eq!(answer.header("location"), "/velg/4204-kristiansand", "{query}");
    }
    let several = browse(&anyone, "/nn?q=nord").await.expect(200).text;
    assert!(between(&several, "class=\"results\"", "</section>").matches("<li>").count() > 3);
    let mistyped = browse(&anyone, "/?q=Kristansand").await.expect(200).text;
    assert!(
        between(&mistyped, "class=\"results\"", "</section>").contains("/velg/4204-kristiansand")
    );
    assert!(mistyped.contains("value=\"Kristansand\"") && mistyped.contains("content=\"noindex\""));
    browse(&anyone, "/?q=").await.expect(200);
}

async fn a_search_engine_finds_every_page(world: World) {
    world.create_contract().await;
    let anyone = world.anyone();
    let robots = anyone.get("/robots.txt").await.expect(200);
    assert!(robots.text.contains("Sitemap: https://registry.example/sitemap.xml"));
    let map = anyone.get("/sitemap.xml").await.expect(200);
    assert_eq!(map.header("content-type"), "application/xml; charset=utf-8");
    let pages: Vec<_> = map.text.split("<loc>https://registry.example").skip(1).collect();
    assert_eq!(pages.len(), 3 * 7, "{}", map.text);
    for page in pages {
        let path = page.split("</loc>").next().unwrap();
        let page = browse(&anyone, path).await.expect(200);
        assert!(
            page.text
                .contains(&format!("rel=\"canonical\" href=\"https://registry.example{path}\""))
        );
    }
}

async fn an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(world: World) {
    world.published_offering().await;
    let anyone = world.anyone();
    for (path, says) in [
        ("/nothing", "Vi fant ikke siden"),
        ("/assets/style-0.css", "Vi fant ikke siden"),
        ("/nn/nothing", "Vi fann ikkje sida"),
        ("/en/nothing/here", "Page not found"),
        ("/velg/4204-kristiansand/hjemmesykepleie", "Brukerstyrt personlig assistanse"),
        ("/velg/4204-kristiansand/nothing", "Brukerstyrt personlig assistanse"),
        ("/velg/4204-kristiansand/brukerstyrt-personlig-assistanse/nothing", "Vi fant ikke siden"),
        ("/velg/4204-kristiansand/hjemmesykepleie/utskrift", "Brukerstyrt personlig assistanse"),
        ("/velg/9999-kristansand", "/velg/4204-kristiansand"),
        ("/velg/9999-kristansand/hjemmesykepleie", "/velg/4204-kristiansand"),
        ("/leverandor/999999999", "Vi fant ikke leverandøren"),
        ("/godkjenning/x", "Vi fant ikke godkjenningen"),
    ] {
        let page = browse(&anyone, path).await.expect(404);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(page.text.contains(says) && page.text.contains("content=\"noindex\""), "{path}");
        assert!(page.header("content-security-policy").contains("style-src 'self'"), "{path}");
    }
    anyone.get("/nothing").await.problem(404, "unknown-route");
    browse(&anyone, "/v1/nothing").await.problem(404, "unknown-route");
}

async fn a_page_is_sent_in_the_coding_that_the_reader_takes(world: World) {
    world.create_contract().await;
    for (accept, coding) in [("gzip", "gzip"), ("gzip, br", "br"), ("identity", "")] {
        let request = world.anyone().request(Method::GET, SERVICE_PAGE);
        let answer = request.header("Accept-Encoding", accept).send().await.expect(200);
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert!(coding.is_empty() || answer.bytes.len() < 8_000, "{}", answer.bytes.len());
    }
}

async fn the_list_alone_may_be_framed(world: World) {
    world.create_contract().await;
    let anyone = world.anyone();
    let page = browse(&anyone, SERVICE_PAGE).await.expect(200).text;
    let snippet = text_of(between(&page, "<code>", "</code>"));
    let path = between(&snippet, "<iframe src=\"https://registry.example", "\" title=\"");
    assert_eq!(path, format!("{SERVICE_PAGE}/innbygg"));
    for prefix in PREFIXES {
        let frame = browse(&anyone, &format!("{prefix}{path}")).await.expect(200);
        assert!(frame.header("content-security-policy").ends_with("frame-ancestors *"));
        assert!(frame.text.contains("<base target=\"_top\">") && !frame.text.contains("<header"));
        assert_eq!(names(&frame.text), names(&page));
    }
}

async fn a_page_that_lies_ready_is_the_same_as_one_that_is_rendered(world: World) {
    world.create_contract().await;
    for prefix in PREFIXES {
        let path = format!("{prefix}{SERVICE_PAGE}");
        let read = async || {
            let answer = browse(&world.anyone(), &path).await.expect(200);
            let headers = answer.headers.iter().filter(|(name, _)| name.as_str() != "x-request-id");
            let headers: BTreeSet<_> = headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect();
            (headers, answer.text)
        };
        let (rendered, ready) = (read().await, read().await);
        assert_eq!(rendered.1, ready.1);
        assert_eq!(rendered.0, ready.0, "{path}");
    }
    let metrics = world.anyone().get("/metrics").await.expect(200).text;
    let line =
        metrics.lines().find(|it| it.contains("route=\"/velg/{place}/{service}\",status=\"200\""));
    assert!(line.is_some_and(|it| it.ends_with(" 4")), "{line:?}");
}

async fn an_approval_is_in_force_or_not_on_a_day(world: World) {
    let case = world.create_contract().await;
    let path = format!("/godkjenning/{}", case.approval);
    let anyone = world.anyone();
    let verdict = async |query: &str, status: u16| {
        let page = browse(&anyone, &format!("{path}{query}")).await.expect(status).text;
        (between(&page, "<p class=\"verdict ", "</p>").to_owned(), page)
    };
    assert_eq!(verdict("", 200).await.0, "yes\">Ja, godkjenningen gjelder 12. mars 2026");
    assert_eq!(
        verdict("?dag=2026-03-12", 200).await.0,
        "yes\">Ja, godkjenningen gjelder 12. mars 2026"
    );
    let (before, page) = verdict("?dag=2026-03-11", 200).await;
    assert_eq!(before, "no\">Nei, godkjenningen gjelder ikke 11. mars 2026");
    assert!(page.contains("content=\"noindex\""));
    for wrong in ["2026-03-13", "12.03.2026", "%22%3E%3Cb%3E"] {
        let (_, page) = verdict(&format!("?dag={wrong}"), 400).await;
        assert!(
            page.contains("<title>Feil: ") && page.contains("aria-invalid=\"true\""),
            "{wrong}"
        );
        assert!(!page.contains("<b>"), "{wrong}");
    }
}
