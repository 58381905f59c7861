//! Files of the whole register, and the proof that a mirror is complete.

use std::{collections::BTreeMap, io::Cursor};

use actix_web::http::Method;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_STANDARD};
use calamine::{DataType, Reader, Xlsx};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    mirror::Mirror,
    on_both_databases,
    world::{
        Answer, KRISTIANSAND, PROVIDER, World, bpa_content,
        people::{SERVICE, at_once, profile, synthetic_number},
    },
};

on_both_databases!(
    a_file_says_what_it_is_and_holds_the_record_of_each_thing,
    a_file_of_an_earlier_instant_holds_what_was_public_then,
    every_instance_makes_the_same_file,
    a_mirror_of_file_and_feed_has_the_same_digest_and_pages_at_every_position;
    sqlite_alone:
    tables_hold_the_same_approvals,
    a_part_of_a_file_can_be_fetched_and_put_together,
    a_damaged_range_is_refused_and_a_strange_one_ignored,
    who_has_the_file_does_not_get_it_again,
    a_file_is_kept_for_five_minutes_though_the_register_moves_on,
    a_digest_is_asked_for_in_order,
    a_head_of_a_file_makes_no_file
);

const NDJSON: &str = "/v1/snapshots/register.ndjson";
const CSV: &str = "/v1/snapshots/approvals.csv";
const XLSX: &str = "/v1/snapshots/register.xlsx";
const DIGEST: &str = "/v1/snapshots/digest";
const FILES: [&str; 4] = [NDJSON, CSV, XLSX, "/v1/snapshots/providers.csv"];

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = world.anyone().request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

fn sha256(bytes: &[u8]) -> String {
    let digits: Vec<_> =
        digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

fn field(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(digest(&SHA256, bytes)))
}

/// Three providers under contract; the name of the second would be a formula.
async fn three(world: &World) -> Vec<String> {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let offering = town.publish(SERVICE, bpa_content()).await;
    let mut approvals = vec![];
    for (name, count) in ["Ærlig Hjelp Ås AS", "=1+1 AS", "Sær; \"Øst\" AS"].into_iter().zip(1..)
    {
        let provider = world.provider_with_number(count);
        provider.registers(&synthetic_number(count), profile(name)).await.expect(200);
        approvals.push(town.contract(&provider, &offering, &["whole"]).await);
    }
    approvals
}

/// The manifest, and the lines by subject.
fn read(file: &Answer) -> (Value, BTreeMap<String, Value>) {
    let (manifest, rest) = file.text.split_once('\n').unwrap();
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(manifest["sha256"], sha256(rest.as_bytes()));
    let lines: Vec<Value> = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(manifest["count"], lines.len());
    let subject = |line: &Value| line["subject"].as_str().unwrap().to_owned();
    let subjects: Vec<_> = lines.iter().map(subject).collect();
    assert!(subjects.is_sorted());
    (manifest, subjects.into_iter().zip(lines).collect())
}

async fn a_file_says_what_it_is_and_holds_the_record_of_each_thing(world: World) {
    let empty = get(&world, NDJSON, &[]).await.expect(200);
    assert_eq!(read(&empty).1.len(), 0);
    world.pass(TimeDelta::minutes(5));
    let approvals = three(&world).await;
    let file = get(&world, NDJSON, &[]).await.expect(200);
    let (manifest, lines) = read(&file);
    let of = |kind: &str| {
        let start = format!("/v1/{kind}/");
        lines.keys().filter_map(|it| it.strip_prefix(&start)).collect::<Vec<_>>()
    };
    assert_eq!(of("approvals"), approvals);
    assert_eq!(of("municipalities"), ["4204"]);
    assert_eq!((of("offerings").len(), of("providers").len(), lines.len()), (1, 3, 8));
    for (subject, line) in &lines {
        let feed = format!("/v1/changes?limit=1&after={}", line["position"].as_i64().unwrap() - 1);
        let change = world.anyone().get(&feed).await.expect(200).json();
        assert_eq!(change["items"][0]["subject"], *subject);
        assert_eq!(line["data"], change["items"][0]["data"]);
        if !subject.contains("/municipalities/") {
            // A single record is shown with its related ones.
            let alone = world.anyone().get(subject).await.expect(200).json();
            for (name, value) in line["data"].as_object().unwrap() {
                assert_eq!(alone[name], *value, "{subject} {name}");
            }
        }
    }
    let position = manifest["position"].to_string();
    let digest = world.anyone().get(DIGEST).await.expect(200).json();
    assert_eq!(digest["digest"], manifest["digest"]);
    for (name, value) in [
        ("feed-position", position.as_str()),
        ("record-count", "8"),
        ("record-digest", digest["digest"].as_str().unwrap()),
        ("content-digest", &field(&file.bytes)),
        ("repr-digest", &field(&file.bytes)),
        ("content-type", "application/x-ndjson"),
        ("accept-ranges", "bytes"),
        ("vary", "Accept-Encoding"),
        ("last-modified", "Thu, 12 Mar 2026 09:05:00 GMT"),
        (
            "content-disposition",
            &format!("attachment; filename=\"register-2026-03-12-{position}.ndjson\""),
        ),
    ] {
        assert_eq!(file.header(name), value, "{name}");
    }
    assert!(file.header("cache-control").contains("max-age"));
    for coding in ["gzip", "br"] {
        let sent = get(&world, NDJSON, &[("Accept-Encoding", coding)]).await.expect(200);
        assert_eq!(sent.header("content-encoding"), coding);
        assert_eq!(sent.header("content-digest"), field(&sent.bytes));
        assert_eq!(sent.header("repr-digest"), field(&sent.bytes));
        assert!(sent.bytes.len() < file.bytes.len() / 2);
    }
}

async fn a_file_of_an_earlier_instant_holds_what_was_public_then(world: World) {
    let case = world.create_contract().await;
    let then = world.state.context.now();
    world.pass(TimeDelta::days(1));
    let path = format!("/v1/providers/{PROVIDER}");
    let renamed = Some(profile("Nytt Navn AS"));
    world.provider().act(Method::PUT, &path, "\"1\"", renamed).await.expect(200);
    let then = then.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    let now = read(&get(&world, NDJSON, &[]).await.expect(200)).1;
    for time in ["knownAt", "validAt"] {
        let file = get(&world, &format!("{NDJSON}?{time}={then}"), &[]).await.expect(200);
        let (manifest, lines) = read(&file);
        assert_eq!(lines.keys().collect::<Vec<_>>(), now.keys().collect::<Vec<_>>(), "{time}");
        assert_eq!(lines[&path]["data"]["name"], "Eksempel Assistanse AS", "{time}");
        let position = manifest["position"].as_i64().unwrap();
        let digest = world.anyone().get(&format!("{DIGEST}?position={position}")).await;
        assert_eq!(digest.expect(200).json()["digest"], manifest["digest"], "{time}");
        let approval = format!("/v1/approvals/{}", case.approval);
        assert_eq!(lines[&approval]["data"], now[&approval]["data"], "{time}");
    }
    assert_eq!(now[&path]["data"]["name"], "Nytt Navn AS");
}

async fn tables_hold_the_same_approvals(world: World) {
    let approvals = three(&world).await;
    let csv = get(&world, CSV, &[]).await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(&csv.bytes[..3], b"\xef\xbb\xbf");
    assert!(csv.text.ends_with("\r\n"));
    let text = csv.text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let columns: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let place = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let of = |name: &str| rows.iter().map(|row| row[place(name)].to_owned()).collect::<Vec<_>>();
    assert_eq!(of("id"), approvals);
    assert_eq!(of("name"), ["Ærlig Hjelp Ås AS", "'=1+1 AS", "Sær; \"Øst\" AS"]);
    assert_eq!(of("municipalityName"), ["Kristiansand"; 3]);
    assert_eq!(of("status"), ["active"; 3]);
    assert!(text.contains(";\"Sær; \"\"Øst\"\" AS\";"));

    let xlsx = get(&world, XLSX, &[("Accept-Encoding", "br")]).await.expect(200);
    assert_eq!(xlsx.header("content-encoding"), "", "a workbook is compressed already");
    let mut book = Xlsx::new(Cursor::new(xlsx.bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range("approvals").unwrap();
    let cell = |row: u32, column: &str| {
        let at = (row, u32::try_from(place(column)).unwrap());
        sheet.get_value(at).and_then(DataType::as_string).unwrap_or_default()
    };
    assert_eq!(
        book.sheet_names(),
        ["approvals", "municipalities", "offerings", "providers", "About"]
    );
    assert_eq!((1..4).map(|row| cell(row, "id")).collect::<Vec<_>>(), approvals);
    assert_eq!(cell(2, "name"), "=1+1 AS");
    assert_eq!(cell(1, "municipality"), "4204");
    assert!(book.worksheet_formula("approvals").unwrap().is_empty());
    let about = book.worksheet_range("About").unwrap();
    let facts: Vec<_> = (1..5).map(|row| about.get_value((row, 1)).unwrap().to_string()).collect();
    assert_eq!(
        (&facts[0], &facts[2], &facts[3]),
        (&xlsx.header("feed-position"), &"8".to_owned(), &xlsx.header("record-digest"))
    );
}

async fn a_part_of_a_file_can_be_fetched_and_put_together(world: World) {
    three(&world).await;
    for path in FILES {
        for coding in ["identity", "gzip"] {
            let as_coded = ("Accept-Encoding", coding);
            let whole = get(&world, path, &[as_coded]).await.expect(200);
            let (tag, length) = (whole.etag(), whole.bytes.len());
            let mut together = vec![];
            for range in ["bytes=0-99", "bytes=100-299", "bytes=300-"] {
                let headers = [as_coded, ("Range", range), ("If-Range", &tag)];
                let part = get(&world, path, &headers).await.expect(206);
                let (first, last) = (together.len(), together.len() + part.bytes.len() - 1);
                assert_eq!(part.header("content-range"), format!("bytes {first}-{last}/{length}"));
                assert_eq!(part.header("content-digest"), field(&part.bytes));
                assert_eq!(part.header("repr-digest"), whole.header("repr-digest"));
                assert_eq!(part.header("content-encoding"), whole.header("content-encoding"));
                assert_eq!(part.etag(), tag);
                together.extend_from_slice(&part.bytes);
            }
            assert_eq!(together, whole.bytes, "{path} {coding}");
            let end = get(&world, path, &[as_coded, ("Range", "bytes=-7")]).await.expect(206);
            assert_eq!(end.bytes, whole.bytes.slice(length - 7..));
            for other in ["\"other\"", "W/\"x\"", &whole.header("last-modified")] {
                let headers = [as_coded, ("Range", "bytes=5-9"), ("If-Range", other)];
                assert_eq!(get(&world, path, &headers).await.expect(200).bytes, whole.bytes);
            }
            let beyond = format!("bytes={length}-");
            let beyond = get(&world, path, &[as_coded, ("Range", &beyond)]).await;
            assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
            beyond.problem(416, "range-not-satisfiable");
        }
    }
}

async fn a_damaged_range_is_refused_and_a_strange_one_ignored(world: World) {
    world.create_contract().await;
    let huge = "9".repeat(40);
    for range in ["bytes=", "bytes=-", "bytes=9-2", "bytes=a-z", "bytes=1.5-2", "bytes", "\u{1}"] {
        let Ok(value) = actix_web::http::header::HeaderValue::from_str(range) else { continue };
        let answer = get(&world, CSV, &[("Range", value.to_str().unwrap())]).await;
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], "Range", "{range}");
    }
    for range in [format!("bytes={huge}-"), "bytes=-0".to_owned()] {
        get(&world, CSV, &[("Range", &range)]).await.problem(416, "range-not-satisfiable");
    }
    for range in [format!("bytes=0-{huge}"), format!("bytes=-{huge}")] {
        get(&world, CSV, &[("Range", &range)]).await.expect(206);
    }
    for range in ["pages=1-2", "bytes=0-1,4-5"] {
        get(&world, CSV, &[("Range", range)]).await.expect(200);
    }
    world
        .anyone()
        .get("/v1/snapshots/approvals.csv?limit=7")
        .await
        .problem(400, "unknown-parameter");
    for unknown in
        ["register.ods", "approvals", "approvals.csv.gz", "register.csv", "decisions.csv"]
    {
        let path = format!("/v1/snapshots/{unknown}");
        world.anyone().get(&path).await.problem(404, "unknown-route");
    }
}

async fn who_has_the_file_does_not_get_it_again(world: World) {
    world.create_contract().await;
    for path in FILES {
        let file = get(&world, path, &[]).await.expect(200);
        let head = world.anyone().request(Method::HEAD, path).header("Range", "bytes=0-1");
        let head = head.send().await.expect(200);
        assert!(head.bytes.is_empty());
        for name in ["etag", "repr-digest", "last-modified", "content-type", "record-count"] {
            assert_eq!(head.header(name), file.header(name), "{path} {name}");
        }
        assert_eq!(head.header("content-digest"), "", "that of nothing says nothing");
        let (tag, modified) = (file.etag(), file.header("last-modified"));
        for known in [("If-None-Match", tag.as_str()), ("If-Modified-Since", &modified)] {
            let again = get(&world, path, &[known, ("Range", "bytes=0-1")]).await.expect(304);
            assert_eq!((again.bytes.len(), again.etag()), (0, tag.clone()));
            assert_eq!(again.header("feed-position"), file.header("feed-position"));
        }
        for unknown in [
            [("If-None-Match", "\"other\""), ("If-Modified-Since", modified.as_str())],
            [("If-Modified-Since", "Thu, 12 Mar 2020 09:00:00 GMT"), ("Accept", "*/*")],
            [("If-Modified-Since", "yesterday"), ("Accept", "*/*")],
        ] {
            get(&world, path, &unknown).await.expect(200);
        }
    }
}

async fn a_file_is_kept_for_five_minutes_though_the_register_moves_on(world: World) {
    world.create_contract().await;
    let first = get(&world, NDJSON, &[]).await.expect(200);
    let position: i64 = first.header("feed-position").parse().unwrap();
    let renamed = profile("Nytt Navn AS");
    let path = format!("/v1/providers/{PROVIDER}");
    world.provider().act(Method::PUT, &path, "\"1\"", Some(renamed)).await.expect(200);
    let second = get(&world, NDJSON, &[]).await.expect(200);
    assert_eq!(
        (second.etag(), second.header("feed-position")),
        (first.etag(), position.to_string())
    );
    // A reader with a later position gets a later file; a new form is built at the register's position.
    let more = (position + 1).to_string();
    assert_eq!(get(&world, CSV, &[]).await.expect(200).header("feed-position"), more);
    let third = get(&world, NDJSON, &[("Min-Position", &more)]).await.expect(200);
    assert_eq!(third.header("feed-position"), more);
    assert!(third.text.contains("Nytt Navn AS") && !first.text.contains("Nytt Navn AS"));
    let ahead = (position + 2).to_string();
    get(&world, NDJSON, &[("Min-Position", &ahead)]).await.problem(409, "position-ahead");

    world
        .provider()
        .act(Method::PUT, &path, "\"2\"", Some(profile("Enda et AS")))
        .await
        .expect(200);
    world.pass(TimeDelta::seconds(299));
    let download = get(&world, NDJSON, &[]).await.expect(200);
    assert_eq!(download.header("feed-position"), more);
    world.pass(TimeDelta::seconds(1));
    let ask =
        |coding| world.anyone().request(Method::GET, NDJSON).header("Accept-Encoding", coding);
    let (made, far) = (world.components.files.made(), (position + 2).to_string());
    let stampede = at_once((0..20).map(|_| ask("identity")).collect()).await;
    at_once((0..20).map(|_| ask("br")).collect()).await;
    assert_eq!(world.components.files.made(), made + 1, "a stampede makes one file");
    for answer in &stampede {
        assert_eq!((answer.status.as_u16(), answer.header("feed-position")), (200, far.clone()));
        assert_eq!(answer.bytes, stampede[0].bytes);
    }
}

async fn every_instance_makes_the_same_file(world: World) {
    three(&world).await;
    let files: Vec<_> = {
        let mut files = vec![];
        for path in FILES {
            files.push(get(&world, path, &[]).await.expect(200));
        }
        files
    };
    world.pass(TimeDelta::days(3));
    let other = world.another_instance().await;
    for (path, file) in FILES.into_iter().zip(files) {
        let again = get(&other, path, &[]).await.expect(200);
        assert_eq!((again.etag(), again.bytes == file.bytes), (file.etag(), true), "{path}");
    }
}

async fn a_mirror_of_file_and_feed_has_the_same_digest_and_pages_at_every_position(world: World) {
    let case = world.create_contract().await;
    let town = world.town(KRISTIANSAND);
    let mut mirror = Mirror::of(&get(&world, NDJSON, &[]).await.expect(200).text);
    let begun = mirror.position();
    town.contract(&world.other_provider(), &case.offering, &["whole"]).await;
    let path = format!("/v1/providers/{PROVIDER}");
    world.provider().act(Method::PUT, &path, "\"1\"", Some(profile("Nytt AS"))).await.expect(200);
    let title = json!({"title": {"nb": "Personlig assistent"}});
    town.editor.changes(&case.offering, title).await.expect(200);
    town.editor.publishes(&case.offering).await.expect(201);
    let other = world.another_instance().await;
    let feed = format!("/v1/changes?after={begun}");
    let feed = world.anyone().get(&feed).await.expect(200).json();
    for change in feed["items"].as_array().unwrap() {
        mirror.apply(change);
        for instance in [&world, &other] {
            let url = format!("{DIGEST}?position={}", mirror.position());
            assert_eq!(instance.anyone().get(&url).await.expect(200).json(), mirror.digest());
        }
    }
    assert!(mirror.position() > begun + 3);
    let pages = mirror.pages(world.state.context.now());
    assert_eq!(pages.len(), 1);
    for (path, page) in pages {
        assert!(page.contains("Nytt AS") && page.contains("Personlig assistent"), "{page}");
        for instance in [&world, &other] {
            assert_eq!(instance.anyone().get(&path).await.expect(200).text, page);
        }
    }
}

async fn a_digest_is_asked_for_in_order(world: World) {
    world.create_contract().await;
    let anyone = world.anyone();
    let now = anyone.get(DIGEST).await.expect(200);
    let here = now.json()["position"].as_i64().unwrap();
    let same = anyone.get(&format!("{DIGEST}?position={here}")).await.expect(200);
    assert_eq!((same.text.as_str(), same.etag()), (now.text.as_str(), now.etag()));
    assert_eq!(anyone.get(&format!("{DIGEST}.json")).await.expect(200).text, now.text);
    get(&world, DIGEST, &[("If-None-Match", &now.etag())]).await.expect(304);
    let nothing = anyone.get(&format!("{DIGEST}?position=0")).await.expect(200).json();
    assert_eq!(nothing, json!({"position": 0, "count": 0, "digest": sha256(b"")}));
    for ahead in [here + 1, i64::MAX] {
        let answer = anyone.get(&format!("{DIGEST}?position={ahead}")).await;
        assert_eq!(answer.header("feed-position"), here.to_string());
        answer.problem(409, "position-ahead");
    }
    for wrong in ["-1", "x", "", "1.5", "9223372036854775808", "1&position=2"] {
        let answer = anyone.get(&format!("{DIGEST}?position={wrong}")).await;
        answer.problem(400, "invalid-parameter");
    }
    let url = format!("{DIGEST}?position={}", here + 1);
    let waiting = anyone.request(Method::GET, &url).header("Prefer", "wait=50").send();
    let waiting = actix_web::rt::spawn(waiting);
    actix_web::rt::task::yield_now().await;
    assert!(!waiting.is_finished());
    world
        .other_provider()
        .act(
            Method::PUT,
            &format!("/v1/providers/{}", crate::world::OTHER_PROVIDER),
            "\"1\"",
            Some(profile("Ventet Assistanse AS")),
        )
        .await
        .expect(200);
    let answer = waiting.await.unwrap().expect(200).json();
    assert_eq!(answer["position"], here + 1);
}

async fn a_head_of_a_file_makes_no_file(world: World) {
    three(&world).await;
    let head = async |path: &str| {
        let head = world.anyone().request(Method::HEAD, path).send().await.expect(200);
        assert_eq!(head.text, "");
        head
    };
    for path in FILES {
        let then = format!("{path}?knownAt=2026-03-12");
        for path in [path, &then] {
            let head = head(path).await;
            assert_eq!(head.header("accept-ranges"), "bytes", "{path}");
            assert_ne!(head.header("feed-position"), "");
            assert_eq!(head.header("content-length"), "", "it is not known");
        }
    }
    assert_eq!(world.components.files.made(), 0);
    for path in FILES {
        let got = get(&world, path, &[]).await.expect(200);
        let head = head(path).await;
        for name in ["etag", "content-type", "last-modified", "record-digest", "repr-digest"] {
            assert_eq!(head.header(name), got.header(name), "{path} {name}");
        }
    }
    assert_eq!(world.components.files.made(), u64::try_from(FILES.len()).unwrap());
}
