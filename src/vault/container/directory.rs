//! The directory of a zip container.

use crate::{domain::message::MessageKey, vault::reasons};
use std::{collections::BTreeSet, ops::Range};

/// The record at the end of a directory, without its comment.
pub(super) const END: usize = 22;
/// The fixed part of a directory entry, and of the header before an entry's bytes.
const ENTRY: usize = 46;
pub(super) const HEADER: u64 = 30;
/// The largest directory that is read, and the most entries.
const MOST_DIRECTORY: u64 = 1 << 20;
const MOST_ENTRIES: u16 = 4096;
/// Maximum unpacked size: this much, or this many times its size if less.
const MOST_UNPACKED: u64 = 256 << 20;
const MOST_TIMES: u64 = 200;
/// A small file may unpack to this in any case.
const SMALL: u64 = 16 << 20;

pub(super) const NOT_WHOLE: MessageKey = reasons::DAMAGED;
pub(super) const BOMB: MessageKey = reasons::BOMB;
pub(super) const HIDDEN: MessageKey = reasons::HIDDEN;
pub(super) const ENCRYPTED: MessageKey = reasons::ENCRYPTED;

/// An entry as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) stored: bool,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    pub(super) at: u64,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    number(bytes, at).map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    number(bytes, at).map(u32::from_le_bytes).map(u64::from)
}

/// Position of the directory, by the record at the end of the file.
pub(super) fn find_directory(end: &[u8], size: u64) -> Result<Range<u64>, MessageKey> {
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
pub(super) fn read_directory(
    bytes: &[u8],
    begins: u64,
    size: u64,
) -> Result<Vec<Entry>, MessageKey> {
    let (mut entries, mut names, mut rest) = (vec![], BTreeSet::new(), bytes);
    while !rest.is_empty() {
        let (entry, length) = read_entry(rest)?;
        if !names.insert(entry.name.to_lowercase()) {
            return Err(NOT_WHOLE);
        }
        entries.push(entry);
        rest = rest.get(length..).unwrap_or_default();
    }
    entries.sort_by_key(|entry| entry.at);
    check_sizes(&entries, begins, size)?;
    Ok(entries)
}

/// The first entry of a directory, and its length there.
fn read_entry(bytes: &[u8]) -> Result<(Entry, usize), MessageKey> {
    if !bytes.starts_with(b"PK\x01\x02") {
        return Err(NOT_WHOLE);
    }
    let (flags, method) = (short(bytes, 8).ok_or(NOT_WHOLE)?, short(bytes, 10).ok_or(NOT_WHOLE)?);
    if flags & 1 != 0 {
        return Err(ENCRYPTED);
    }
    let lengths = [28, 30, 32].map(|at| short(bytes, at).map(usize::from));
    let [Some(name), Some(extra), Some(comment)] = lengths else { return Err(NOT_WHOLE) };
    let text = bytes.get(ENTRY..ENTRY + name).and_then(|it| std::str::from_utf8(it).ok());
    let text = text.ok_or(NOT_WHOLE)?.to_owned();
    let climbs = text.split('/').any(|part| part == "..") || text.starts_with('/');
    if climbs || text.contains(['\\', '\0']) || !matches!(method, 0 | 8) {
        return Err(NOT_WHOLE);
    }
    let entry = Entry {
        name: text,
        stored: method == 0,
        packed: long(bytes, 20).ok_or(NOT_WHOLE)?,
        unpacked: long(bytes, 24).ok_or(NOT_WHOLE)?,
        at: long(bytes, 42).ok_or(NOT_WHOLE)?,
    };
    Ok((entry, ENTRY + name + extra + comment))
}

/// Checks that the entries fill the file up to its directory, and that they unpack to a reasonable size.
fn check_sizes(entries: &[Entry], begins: u64, size: u64) -> Result<(), MessageKey> {
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
    Ok(())
}
