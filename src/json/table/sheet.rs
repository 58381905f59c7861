//! Tables as an XLSX workbook.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::Tabular;
use crate::domain::values::time::Instant;

/// The last row of a sheet, counted from 0: the format's maximum is 1 048 576.
const LAST_ROW: u32 = 1_048_575;
/// The most that a cell can hold, in UTF-16 units.
const LONGEST_CELL: usize = 32_767;
/// How wide columns are, in characters.
const WIDTH: f64 = 20.0;

/// A workbook: tables on separate sheets, then a last sheet with a description. The same rows give the same
/// bytes.
///
/// Rows go through temporary files, so that a large table does not fill the memory.
#[expect(missing_debug_implementations, reason = "the library's workbook has none")]
pub struct Book(Workbook);

impl Book {
    /// A workbook without a sheet, with its title and its instant.
    pub fn new(title: &str, made: Instant) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_timestamp(made.timestamp())?;
        book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
        Ok(Self(book))
    }

    /// Adds a table: a bold header that stays in sight, and further sheets where one is full.
    pub fn add<T: Tabular>(
        &mut self,
        name: &str,
        rows: impl IntoIterator<Item = T>,
    ) -> Result<(), XlsxError> {
        self.add_up_to(LAST_ROW, name, rows)
    }

    pub(super) fn add_up_to<T: Tabular>(
        &mut self,
        last_row: u32,
        name: &str,
        rows: impl IntoIterator<Item = T>,
    ) -> Result<(), XlsxError> {
        let mut rows = rows.into_iter().peekable();
        let mut number = 1;
        loop {
            let sheet = self.0.add_worksheet_with_constant_memory()?;
            let name = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
            sheet.set_name(name)?;
            header(sheet, &T::columns())?;
            for (row, at) in rows.by_ref().zip(1..=last_row) {
                for (cell, column) in row.cells().iter().zip(0..) {
                    if !cell.is_empty() {
                        sheet.write_string(at, column, fitting(cell))?;
                    }
                }
                // `zip` would take one row more than it gives a number to.
                if at == last_row {
                    break;
                }
            }
            if rows.peek().is_none() {
                return Ok(());
            }
            number += 1;
        }
    }

    /// Adds facts of the whole, each with its name, and gives the bytes of the workbook.
    pub fn finish(mut self, facts: &[(&str, String)]) -> Result<Vec<u8>, XlsxError> {
        let sheet = self.0.add_worksheet_with_constant_memory()?;
        sheet.set_name("About")?;
        header(sheet, &["what", "value"])?;
        for ((what, value), at) in facts.iter().zip(1..) {
            sheet.write_string(at, 0, *what)?;
            sheet.write_string(at, 1, value.as_str())?;
        }
        self.0.save_to_buffer()
    }
}

fn header(sheet: &mut Worksheet, columns: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_freeze_panes(1, 0)?;
    let last = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    sheet.set_column_range_width(0, last, WIDTH)?;
    // Numbers of organisations and municipalities are text: they keep their leading zeros.
    sheet.ignore_error_range(1, 0, LAST_ROW, last, IgnoreError::NumberStoredAsText)?;
    for (column, at) in columns.iter().zip(0..) {
        sheet.write_string_with_format(0, at, *column, &bold)?;
    }
    Ok(())
}

/// The beginning of a value that no cell can hold.
fn fitting(cell: &str) -> &str {
    let mut units = 0;
    let end = cell.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST_CELL
    });
    end.and_then(|(at, _)| cell.get(..at)).unwrap_or(cell)
}
