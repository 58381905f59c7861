//! A list as flat rows, for spreadsheets and for portals without a JSON reader.
//!
//! A list names its columns once; CSV and XLSX both follow them.

mod approvals;
mod compensation;
mod lists;
mod page;
mod records;
mod sheet;

use std::borrow::Cow;

pub use self::approvals::ApprovalTableRow;
pub use self::compensation::PriceRow;
pub use self::page::{ProviderTableRow, provider_rows};
pub use self::records::MunicipalityTableRow;
pub use self::sheet::Book;

/// The media type of CSV (RFC 4180).
pub const CSV: &str = "text/csv; charset=utf-8; header=present";
/// The media type of XLSX (ISO/IEC 29500).
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Something that is a row of a table.
pub trait Tabular {
    /// The names of the columns, in order: those of the JSON fields that they show.
    fn columns() -> Vec<&'static str>;

    /// The values of the row, one for each column; empty for none.
    fn cells(&self) -> Vec<Cow<'_, str>>;
}

impl<T: Tabular> Tabular for &T {
    fn columns() -> Vec<&'static str> {
        T::columns()
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        (**self).cells()
    }
}

/// A row with the position of its record's last change.
#[derive(Debug)]
pub struct Positioned<T> {
    /// The position in the change feed.
    pub position: i64,
    /// The row.
    pub row: T,
}

impl<T: Tabular> Tabular for Positioned<T> {
    fn columns() -> Vec<&'static str> {
        let mut columns = T::columns();
        columns.insert(0, "position");
        columns
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let mut cells = self.row.cells();
        cells.insert(0, Cow::Owned(self.position.to_string()));
        cells
    }
}

/// Marks the text as UTF-8 for spreadsheets: without it Excel reads æøå wrongly.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A list as CSV (RFC 4180) that a Norwegian Excel opens right: UTF-8 with a byte order mark,
/// semicolons between the values, CRLF after each line, the columns' names first.
pub fn csv<T: Tabular>(rows: impl IntoIterator<Item = T>) -> csv::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(T::columns())?;
    for row in rows {
        writer.write_record(row.cells().iter().map(|cell| harmless(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// How a formula begins, also in the full width that some spreadsheets take for the same.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A spreadsheet takes a cell that begins so for a formula and runs it; an apostrophe makes it text.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A value that may be missing.
fn maybe<T: AsRef<str>>(value: Option<&T>) -> Cow<'_, str> {
    value.map_or(Cow::Borrowed(""), |value| Cow::Borrowed(value.as_ref()))
}

/// A list of values.
fn joined<T: AsRef<str>>(values: &[T]) -> Cow<'static, str> {
    let values: Vec<_> = values.iter().map(AsRef::as_ref).collect();
    Cow::Owned(values.join(", "))
}

/// A value that may be missing and is no text.
fn cell<T: ToString>(value: Option<T>) -> Cow<'static, str> {
    Cow::Owned(value.map(|value| value.to_string()).unwrap_or_default())
}

/// An instant as JSON has it.
fn instant(at: chrono::DateTime<chrono::Utc>) -> Cow<'static, str> {
    Cow::Owned(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

#[cfg(test)]
mod tests;
