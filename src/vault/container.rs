//! Zip containers: their type, from the directory of entries and the few parts that can name programs.
//!
//! A container must be one document and nothing else: no other entry may hide between or behind those of the
//! directory, none is encrypted, none is a program, and the unpacked size is limited.

mod office;

use std::{collections::BTreeSet, ops::Range};

use super::{Refused, Vault};
use crate::domain::{evidence::MediaType, values::ids::FileId};

/// The record at the end of a directory, without its comment.
const END: usize = 22;
/// The fixed part of a directory entry, and of the header before an entry's bytes.
const ENTRY: usize = 46;
const HEADER: u64 = 30;
/// The largest directory that is read, and the most entries.
const MOST_DIRECTORY: u64 = 1 << 20;
const MOST_ENTRIES: u16 = 4096;
/// Maximum unpacked size: this much, or this many times its size if less.
const MOST_UNPACKED: u64 = 256 << 20;
const MOST_TIMES: u64 = 200;
/// A small file may unpack to this in any case.
const SMALL: u64 = 16 << 20;

const NOT_WHOLE: &str =
    "The zip container is damaged or unusual for an office file: save the document again.";
const BOMB: &str = "The unpacked file would be far too large: save the document again.";
const HIDDEN: &str =
    "The zip container has content outside its directory: save the document again.";
const ENCRYPTED: &str = "The file is encrypted: send it without a password.";
const PROGRAM: &str = "The file has macros: save it as a document without them.";
const NO_DOCUMENT: &str =
    "Only DOCX, XLSX, ODT and ODS are accepted as zip containers: send one of those, or a PDF.";

/// An entry as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: String,
    stored: bool,
    packed: u64,
    unpacked: u64,
    at: u64,
}

/// The type of the container with an id.
pub async fn media_type(vault: &Vault, id: FileId, size: u64) -> Result<MediaType, Refused> {
    let tail = size.saturating_sub(u64::try_from(END + usize::from(u16::MAX)).unwrap_or(u64::MAX));
    let end = vault.read_part(id, tail..size).await?;
    let directory = find_directory(&end, size).map_err(Refused::NotAllowed)?;
    let bytes = vault.read_part(id, directory.clone()).await?;
    let entries = read_directory(&bytes, directory.start, size).map_err(Refused::NotAllowed)?;
    let value = match entries.first().filter(|entry| entry.name == "mimetype" && entry.stored) {
        // The format wants it first, unpacked and without extra fields (ODF 1.3 part 2 section 3.3).
        Some(first) if first.unpacked <= 100 && first.packed == first.unpacked => {
            let begin = first.at + HEADER + 8;
            vault.read_part(id, begin..begin + first.unpacked).await?
        }
        _ => bytes::Bytes::new(),
    };
    let media_type = judge(&entries, &value).map_err(Refused::NotAllowed)?;
    office::check(vault, id, &entries, media_type).await?;
    Ok(media_type)
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    number(bytes, at).map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    number(bytes, at).map(u32::from_le_bytes).map(u64::from)
}

/// Position of the directory, by the record at the end of the file.
fn find_directory(end: &[u8], size: u64) -> Result<Range<u64>, &'static str> {
    let last = end.len().checked_sub(END).ok_or(NOT_WHOLE)?;
    let fits = |at: &usize| {
        let comment = short(end, at + 20).map(usize::from);
        end.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x05\x06"))
            && comment.is_some_and(|length| at + END + length == end.len())
    };
    let at = (0..=last).rev().find(fits).ok_or(NOT_WHOLE)?;
    let read = || {
        let one_disk = short(end, at + 4)? == 0 && short(end, at + 6)? == 0;
        let (here, all) = (short(end, at + 8)?, short(end, at + 10)?);
        let (length, begin) = (long(end, at + 12)?, long(end, at + 16)?);
        let sane = one_disk && here == all && (1..=MOST_ENTRIES).contains(&all);
        (sane && length <= MOST_DIRECTORY).then_some(begin..begin.checked_add(length)?)
    };
    let directory = read().ok_or(NOT_WHOLE)?;
    let behind = u64::try_from(end.len() - at).unwrap_or(u64::MAX);
    if directory.end == size.saturating_sub(behind) { Ok(directory) } else { Err(HIDDEN) }
}

/// The entries in the order of their bytes.
fn read_directory(bytes: &[u8], begins: u64, size: u64) -> Result<Vec<Entry>, &'static str> {
    let (mut entries, mut names, mut at) = (vec![], BTreeSet::new(), 0);
    while at < bytes.len() {
        let entry = bytes.get(at..).ok_or(NOT_WHOLE)?;
        if !entry.starts_with(b"PK\x01\x02") {
            return Err(NOT_WHOLE);
        }
        let (flags, method) =
            (short(entry, 8).ok_or(NOT_WHOLE)?, short(entry, 10).ok_or(NOT_WHOLE)?);
        if flags & 1 != 0 {
            return Err(ENCRYPTED);
        }
        let lengths = [28, 30, 32].map(|at| short(entry, at).map(usize::from));
        let [Some(name), Some(extra), Some(comment)] = lengths else { return Err(NOT_WHOLE) };
        let text = entry.get(ENTRY..ENTRY + name).and_then(|it| std::str::from_utf8(it).ok());
        let text = text.ok_or(NOT_WHOLE)?.to_owned();
        let climbs = text.split('/').any(|part| part == "..") || text.starts_with('/');
        if climbs || text.contains(['\\', '\0']) || !names.insert(text.to_lowercase()) {
            return Err(NOT_WHOLE);
        }
        if !matches!(method, 0 | 8) {
            return Err(NOT_WHOLE);
        }
        entries.push(Entry {
            name: text,
            stored: method == 0,
            packed: long(entry, 20).ok_or(NOT_WHOLE)?,
            unpacked: long(entry, 24).ok_or(NOT_WHOLE)?,
            at: long(entry, 42).ok_or(NOT_WHOLE)?,
        });
        at += ENTRY + name + extra + comment;
    }
    entries.sort_by_key(|entry| entry.at);
    if entries.first().is_none_or(|first| first.at != 0) {
        return Err(HIDDEN);
    }
    let next = entries.iter().skip(1).map(|entry| entry.at).chain([begins]);
    if entries.iter().zip(next).any(|(entry, next)| entry.at + HEADER + entry.packed > next) {
        return Err(BOMB);
    }
    let unpacked: u64 = entries.iter().map(|entry| entry.unpacked).sum();
    if unpacked > MOST_UNPACKED || unpacked > SMALL.max(size.saturating_mul(MOST_TIMES)) {
        return Err(BOMB);
    }
    Ok(entries)
}

/// The type proven by the entries.
fn judge(entries: &[Entry], value: &[u8]) -> Result<MediaType, &'static str> {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    let program = |entry: &Entry| {
        let name = entry.name.to_lowercase();
        let folders = ["macrosheets/", "dialogsheets/", "activex/"];
        name.ends_with("vbaproject.bin")
            || name.starts_with("basic/")
            || name.starts_with("scripts/")
            || folders.iter().any(|folder| name.contains(folder))
    };
    if entries.iter().any(program) {
        return Err(PROGRAM);
    }
    if has("[Content_Types].xml") {
        match (has("word/document.xml"), has("xl/workbook.xml")) {
            (true, false) => return Ok(MediaType::Docx),
            (false, true) => return Ok(MediaType::Xlsx),
            _ => return Err(NO_DOCUMENT),
        }
    }
    let types = [MediaType::Odt, MediaType::Ods];
    let found = types.into_iter().find(|it| it.as_str().as_bytes() == value);
    found.filter(|_| has("content.xml") && has("META-INF/manifest.xml")).ok_or(NO_DOCUMENT)
}

#[cfg(test)]
mod tests;
