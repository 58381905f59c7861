//! Cells that a spreadsheet would run: whatever people write about themselves, no table runs it.

use std::io::Cursor;

use actix_web::http::Method;
use calamine::{DataType, Reader, Xlsx};
use serde_json::{Value, json};

use super::routes::Route;
use crate::{
    on_sqlite,
    world::{Answer, PROVIDER, World, bpa_content, people::profile},
};

on_sqlite!(no_table_runs_what_somebody_wrote);

/// Prefixes of a spreadsheet formula, also in full width.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Every form of every public table: with `Accept`, and with a path suffix. A file of evidence can be a table
/// too, but is returned as uploaded, and only as an attachment.
fn tables() -> Vec<(String, &'static str)> {
    let mut found = vec![];
    for route in Route::all().into_iter().filter(|it| !it.needs_token()) {
        let answers = &route.operation["responses"]["200"]["content"];
        for (kind, _) in answers.as_object().into_iter().flatten() {
            let path = route.path.replace("{municipality}", "4204");
            let path = path.replace("{service}", "personal-assistance");
            if kind.starts_with("text/csv") && path.contains("{table}") {
                for table in ["approvals", "municipalities", "offerings", "providers"] {
                    found.push((path.replace("{table}", table), "text/csv"));
                }
            } else if kind.starts_with("text/csv") {
                found.push((path, "text/csv"));
            } else if kind.contains("spreadsheetml") {
                found.push((path, "xlsx"));
            }
        }
    }
    assert!(found.len() >= 6, "{found:?}");
    found
}

/// Puts a text into every text field, as far as its schema permits.
fn infect(value: &Value, with: &str) -> Value {
    match value {
        Value::String(text) if text.contains(' ') => json!(format!("{with}{text}")),
        Value::Array(items) => items.iter().map(|it| infect(it, with)).collect(),
        Value::Object(map) => {
            let fields = map.iter().map(|(name, it)| (name.clone(), infect(it, with)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

async fn no_table_runs_what_somebody_wrote(world: World) {
    let case = world.create_contract().await;
    let provider = world.provider();
    let mut harmless = 0;
    for beginning in BEGINNINGS {
        let formula = format!("{beginning}HYPERLINK(\"https://example.no\";\"Klikk her\") ");
        // The provider's own words: its profile and its listing.
        let mut about = infect(&profile("Eksempel Assistanse AS"), &formula);
        about["phone"] = json!("+47 38 07 50 00");
        let path = format!("/v1/providers/{PROVIDER}");
        let etag = provider.get(&path).await.expect(200).etag();
        let put = provider.act(Method::PUT, &path, &etag, Some(about)).await;
        // A name is one line; an invalid value cannot be executed.
        let status = if ['\t', '\r', '\n'].contains(&beginning) { 422 } else { 200 };
        put.expect(status);
        let listing = infect(&json!({"capacity": "open", "text": {"nb": "Hos oss"}}), &formula);
        let approval = format!("/v1/approvals/{}", case.approval);
        let etag = provider.get(&format!("{approval}/case")).await.expect(200).etag();
        let path = format!("{approval}/listing");
        provider.act(Method::PATCH, &path, &etag, Some(listing)).await;
        // The municipality's: a new version whose texts all begin like this, as far as permitted.
        let editor = world.editor();
        let path = format!("/v1/offerings/{}", case.offering);
        let etag = editor.get(&format!("{path}/draft")).await.expect(200).etag();
        let title = json!({"title": infect(&bpa_content()["title"], &formula)});
        let draft = editor.act(Method::PATCH, &format!("{path}/draft"), &etag, Some(title)).await;
        if draft.status == 200 {
            let path = format!("{path}/publication");
            editor.act(Method::POST, &path, &draft.etag(), None).await.expect(201);
        }
        let now = world.anyone().get("/v1/changes").await.header("feed-position");
        for (path, form) in tables() {
            let request = world.anyone().request(Method::GET, &path).header("Min-Position", &now);
            let found = if form == "xlsx" {
                workbook(request.send().await)
            } else {
                csv(request.header("Accept", form).send().await)
            };
            assert!(found > 0, "{path} has no rows");
            harmless += found;
        }
    }
    assert!(harmless > 100, "{harmless}");
}

/// Checks each cell of a CSV file; returns the number of rows.
fn csv(answer: Answer) -> usize {
    let answer = answer.expect(200);
    assert!(answer.header("content-type").starts_with("text/csv"), "{:?}", answer.headers);
    let bytes = answer.bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    let mut rows = 0;
    for row in reader.records() {
        for cell in &row.unwrap() {
            assert!(!cell.starts_with(BEGINNINGS), "{cell}");
        }
        rows += 1;
    }
    rows
}

/// Checks every sheet of a workbook for formulas; returns the number of rows.
fn workbook(answer: Answer) -> usize {
    let answer = answer.expect(200);
    let mut book = Xlsx::new(Cursor::new(answer.bytes.to_vec())).unwrap();
    let mut rows = 0;
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name}");
        let sheet = book.worksheet_range(&name).unwrap();
        assert!(sheet.used_cells().all(|(.., cell)| cell.is_string()), "{name}");
        rows += sheet.height() - 1;
    }
    rows
}
