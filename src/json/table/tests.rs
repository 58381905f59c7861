use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};

use super::*;

struct Pair(&'static str, &'static str);

impl Tabular for Pair {
    fn columns() -> Vec<&'static str> {
        vec!["name", "note"]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![Cow::Borrowed(self.0), Cow::Borrowed(self.1)]
    }
}

fn text(rows: Vec<Pair>) -> String {
    let bytes = csv(rows).unwrap();
    assert_eq!(&bytes[..3], b"\xef\xbb\xbf");
    String::from_utf8(bytes[3..].to_vec()).unwrap()
}

#[test]
fn a_list_without_rows_still_names_its_columns() {
    assert_eq!(text(vec![]), "name;note\r\n");
}

#[test]
fn norwegian_letters_quotes_separators_and_line_breaks_come_through() {
    let rows = vec![Pair("Ærlig Hjelp Ås AS", "a;b"), Pair("Si \"hei\"", "to\r\nlinjer")];
    let expected =
        "name;note\r\nÆrlig Hjelp Ås AS;\"a;b\"\r\n\"Si \"\"hei\"\"\";\"to\r\nlinjer\"\r\n";
    assert_eq!(text(rows), expected);
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_is_text() {
    for value in [
        "=1+1",
        "+47 38 07 50 00",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "=HYPERLINK(\"x\";\"y\")",
        "\nx",
        "＝1",
    ] {
        let written = text(vec![Pair(value, "a=b")]);
        let mut reader =
            ::csv::ReaderBuilder::new().delimiter(b';').from_reader(written.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!((&row[0], &row[1]), (format!("'{value}").as_str(), "a=b"));
    }
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// A workbook of one table, with this many rows per sheet.
fn workbook(rows: Vec<Pair>, facts: &[(&str, String)], last_row: Option<u32>) -> Vec<u8> {
    let mut book = Book::new("rows", made()).unwrap();
    match last_row {
        Some(last_row) => book.add_up_to(last_row, "rows", rows).unwrap(),
        None => book.add("rows", rows).unwrap(),
    }
    book.finish(facts).unwrap()
}

fn made() -> crate::domain::values::time::Instant {
    "2026-03-12T09:00:00Z".parse().unwrap()
}

#[test]
fn a_workbook_holds_text_as_it_was_said_and_says_what_it_is() {
    let rows = || vec![Pair("=1+1", "Ærlig Hjelp Ås AS"), Pair("0301", "")];
    let facts = [("position", "7".to_owned())];
    let bytes = workbook(rows(), &facts, None);
    assert_eq!(bytes, workbook(rows(), &facts, None));
    let mut book = opened(bytes);
    assert_eq!(book.sheet_names(), ["rows", "About"]);
    let sheet = book.worksheet_range("rows").unwrap();
    let rows: Vec<Vec<_>> = sheet
        .rows()
        .map(|row| row.iter().map(|cell| cell.as_string().unwrap_or_default()).collect())
        .collect();
    assert_eq!(rows, [["name", "note"], ["=1+1", "Ærlig Hjelp Ås AS"], ["0301", ""]]);
    assert_eq!(sheet.get((2, 0)), Some(&Data::String("0301".to_owned())));
    assert!(book.worksheet_formula("rows").unwrap().is_empty());
    let about = book.worksheet_range("About").unwrap();
    assert_eq!(about.get((1, 1)), Some(&Data::String("7".to_owned())));
}

#[test]
fn what_one_sheet_cannot_hold_goes_to_the_next_without_loss() {
    for (count, heights) in
        [(0, vec![1]), (3, vec![4]), (4, vec![4, 2]), (6, vec![4, 4]), (7, vec![4, 4, 2])]
    {
        let rows = (0..count).map(|_| Pair("a", "b")).collect();
        let mut book = opened(workbook(rows, &[], Some(3)));
        let names: Vec<_> = book.sheet_names().into_iter().filter(|name| name != "About").collect();
        let found: Vec<_> =
            names.iter().map(|name| book.worksheet_range(name).unwrap().height()).collect();
        assert_eq!(found, heights, "{count} rows");
    }
}

#[test]
fn a_value_that_no_cell_can_hold_is_cut_and_does_not_break_the_file() {
    let long: &'static str = Box::leak("å".repeat(40_000).into_boxed_str());
    let mut book = opened(workbook(vec![Pair(long, "b")], &[], None));
    let sheet = book.worksheet_range("rows").unwrap();
    let cell = sheet.get((1, 0)).and_then(DataType::as_string).unwrap();
    assert_eq!(cell.chars().count(), 32_767);
}

#[test]
fn tables_of_a_workbook_have_sheets_of_their_own() {
    let mut book = Book::new("register", made()).unwrap();
    book.add("one", [Pair("a", "b")]).unwrap();
    book.add("two", [Positioned { position: 7, row: Pair("c", "d") }]).unwrap();
    let mut book = opened(book.finish(&[]).unwrap());
    assert_eq!(book.sheet_names(), ["one", "two", "About"]);
    let sheet = book.worksheet_range("two").unwrap();
    let rows: Vec<Vec<_>> = sheet
        .rows()
        .map(|row| row.iter().map(|cell| cell.as_string().unwrap_or_default()).collect())
        .collect();
    assert_eq!(rows, [["position", "name", "note"], ["7", "c", "d"]]);
}
