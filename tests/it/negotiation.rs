//! JSON or CSV, by `Accept` or by the suffix of the path.

use actix_web::http::Method;
use serde_json::Value;

use crate::{
    on_both_databases,
    world::{Answer, PROVIDER, World, people::PAGE},
};

on_both_databases!(
    a_table_is_read_page_by_page_by_its_links;
    sqlite_alone:
    a_list_comes_as_the_reader_likes_it_best,
    a_suffix_asks_as_accept_does_and_for_what_is_there_alone,
    each_form_is_known_by_its_own_tag,
    the_page_as_a_table_names_everyone_who_can_be_chosen
);

const LISTS: [&str; 4] = [PAGE, "/v1/municipalities", "/v1/offerings", "/v1/approvals"];
const TABLE: &str = "text/csv; charset=utf-8; header=present";

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = world.anyone().request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

/// The rows of a table, the names of the columns first.
fn rows(table: &Answer) -> Vec<Vec<String>> {
    assert_eq!(table.header("content-type"), TABLE);
    assert_eq!(&table.bytes[..3], b"\xef\xbb\xbf");
    let text = table.text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader.records().map(|found| row(found.unwrap())).collect()
}

async fn a_list_comes_as_the_reader_likes_it_best(world: World) {
    world.create_contract().await;
    for path in LISTS {
        for (accept, kind) in [
            ("*/*", "application/json"),
            ("text/csv", TABLE),
            ("text/csv;q=0.5, application/json;q=0.4", TABLE),
            ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
            ("text/html, */*;q=0.8", "application/json"),
            ("text/csv;q=x", "application/json"),
            ("application/pdf", "application/json"),
            (";;;,,,q==", "application/json"),
        ] {
            let answer = get(&world, path, &[("Accept", accept)]).await.expect(200);
            assert_eq!(answer.header("content-type"), kind, "{path} {accept}");
            assert_eq!(answer.header("vary"), "Accept, Accept-Encoding", "{path}");
        }
        let none = get(&world, path, &[]).await.expect(200);
        assert_eq!(none.header("content-type"), "application/json");
    }
    let one = get(&world, "/v1/municipalities/4204", &[("Accept", "text/csv")]).await.expect(200);
    assert_eq!(one.header("content-type"), "application/json", "it has no other form");
}

async fn a_suffix_asks_as_accept_does_and_for_what_is_there_alone(world: World) {
    let case = world.create_contract().await;
    for path in LISTS {
        let by_accept = get(&world, path, &[("Accept", "text/csv")]).await.expect(200);
        // The suffix takes precedence over the header: browsers send their own.
        let headers = [("Accept", "application/json")];
        let by_suffix = get(&world, &format!("{path}.csv"), &headers).await.expect(200);
        assert_eq!(
            (by_suffix.text.as_str(), by_suffix.etag()),
            (by_accept.text.as_str(), by_accept.etag())
        );
        let headers = [("Accept", "text/csv")];
        let json = get(&world, &format!("{path}.json"), &headers).await.expect(200);
        // The link to the next page keeps the suffix.
        let bare = json.text.replace(".json?", "?").split("&cursor").next().unwrap().to_owned();
        assert!(get(&world, path, &[]).await.text.starts_with(&bare), "{path}");
        let post = world.anyone().request(Method::POST, &format!("{path}.csv")).send().await;
        post.problem(405, "method-not-allowed");
        let head = world.anyone().request(Method::HEAD, &format!("{path}.csv")).send().await;
        assert_eq!((head.status.as_u16(), head.header("content-type")), (200, TABLE.to_owned()));
    }
    let former = get(&world, "/v1/register/1001/personal-assistance.csv", &[]).await.expect(200);
    assert_eq!(rows(&former).len(), 3, "two can be chosen in what was Kristiansand");
    let one = get(&world, &format!("/v1/approvals/{}.json", case.approval), &[]).await.expect(200);
    assert_eq!(one.json()["id"], case.approval.as_str());
    let filtered = get(&world, "/v1/approvals.csv?municipality=0301", &[]).await.expect(200);
    assert_eq!(rows(&filtered).len(), 1);
    get(&world, "/v1/approvals.csv?colour=red", &[]).await.problem(400, "unknown-parameter");
    get(&world, "/v1/approvals.csv?limit=0", &[]).await.problem(400, "limit-out-of-range");
    for path in [
        "/v1/approvals.xml",
        "/v1/approvals.csv.csv",
        "/v1/approvals.CSV",
        "/v1/changes.csv",
        "/v1/.csv",
        "/v1.json",
        "/.json",
        "/v1/nothing.json",
    ] {
        get(&world, path, &[]).await.problem(404, "unknown-route");
    }
    for path in ["/v1/register/4204/personal-assistance.xml", "/v1/register/4204/nothing.csv"] {
        get(&world, path, &[]).await.problem(404, "not-found");
    }
    for id in [case.approval.as_str(), ""] {
        let path = format!("/v1/approvals/{id}.csv");
        get(&world, &path, &[]).await.problem(400, "invalid-identifier");
    }
    let post = world.editor().post("/v1/offerings.json", serde_json::json!({})).await;
    post.problem(405, "method-not-allowed");
    get(&world, "/openapi.json", &[]).await.expect(200);
    world.anyone().get("/v1/applications.json").await.problem(401, "unauthenticated");
}

/// The path in `Link: <…>; rel="next"`.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    let path = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
    Some(path.to_owned())
}

async fn a_table_is_read_page_by_page_by_its_links(world: World) {
    let (mut path, mut numbers) = (Some("/v1/municipalities.csv?limit=100".to_owned()), vec![]);
    while let Some(url) = path {
        let table = get(&world, &url, &[]).await.expect(200);
        let rows = rows(&table);
        assert!(rows.len() <= 101);
        assert_eq!(rows[0][..2], ["number", "name"]);
        numbers.extend(rows[1..].iter().map(|row| row[0].clone()));
        path = next(&table);
        assert!(
            path.iter().all(|path| path.starts_with("/v1/municipalities.csv?limit=100&cursor="))
        );
    }
    assert_eq!((numbers.len(), numbers[0].as_str()), (357, "0301"));
    assert!(numbers.is_sorted());
    // Body and header agree in JSON, also for private lists.
    let json = get(&world, "/v1/municipalities?limit=1", &[]).await.expect(200);
    assert_eq!(json.json()["page"]["next"], next(&json).unwrap().as_str());
    world.create_contract().await;
    let audit = world.auditor().get("/v1/audit?limit=1").await.expect(200);
    assert_eq!(audit.json()["page"]["next"], next(&audit).unwrap().as_str());
    let last = get(&world, "/v1/approvals", &[]).await.expect(200);
    assert_eq!(last.header("link"), "");
    // A cursor belongs to its form as well.
    let cursor = next(&json).unwrap().replace("/v1/municipalities", "/v1/municipalities.csv");
    get(&world, &cursor, &[]).await.problem(400, "foreign-cursor");
}

async fn each_form_is_known_by_its_own_tag(world: World) {
    world.create_contract().await;
    for path in LISTS {
        let json = get(&world, path, &[]).await.expect(200).etag();
        let table = get(&world, path, &[("Accept", "text/csv")]).await.expect(200).etag();
        assert_ne!(json, table);
        let known = |tag: String, accept: &'static str| {
            let world = world.clone();
            async move { get(&world, path, &[("If-None-Match", &tag), ("Accept", accept)]).await }
        };
        assert_eq!(known(table.clone(), "text/csv").await.expect(304).etag(), table);
        assert_eq!(known(json.clone(), "*/*").await.expect(304).etag(), json);
        known(table, "*/*").await.expect(200);
        known(json, "text/csv").await.expect(200);
    }
    let gzip = [("Accept", "text/csv"), ("Accept-Encoding", "gzip")];
    let table = get(&world, "/v1/municipalities?limit=200", &gzip).await.expect(200);
    assert_eq!(table.header("content-encoding"), "gzip");
}

async fn the_page_as_a_table_names_everyone_who_can_be_chosen(world: World) {
    let case = world.create_contract().await;
    let page = world.anyone().get(PAGE).await.expect(200).json();
    let table = rows(&get(&world, &format!("{PAGE}.csv"), &[]).await.expect(200));
    let place = |name: &str| table[0].iter().position(|column| column == name).unwrap();
    let names: Vec<_> = table[1..].iter().map(|row| row[place("name")].as_str()).collect();
    let providers: &Vec<Value> = page["providers"].as_array().unwrap();
    let expected: Vec<_> = providers.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, expected);
    let row = table.iter().find(|row| row[place("organisationNumber")] == PROVIDER).unwrap();
    assert_eq!(row[place("approvalId")], case.approval);
    let phone = providers.iter().find_map(|it| it["phone"].as_str()).unwrap();
    let phones =
        table[1..].iter().map(|row| row[place("phone")].trim_start_matches('\'').to_owned());
    assert!(phones.collect::<Vec<_>>().contains(&phone.to_owned()));
}
