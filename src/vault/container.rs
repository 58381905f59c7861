//! Zip containers: their type, from the directory of entries and the few parts that can name programs.
//!
//! A container must be one document and nothing else: no other entry may hide between or behind those of the
//! directory, none is encrypted, none is a program, and the unpacked size is limited.

mod directory;
mod office;

use self::{
    directory::{END, Entry, HEADER, find_directory, read_directory},
    office::PROGRAM,
};
use super::{Refused, Vault};
use crate::{
    domain::{evidence::MediaType, message::MessageKey, values::ids::FileId},
    vault::reasons,
};

const NO_DOCUMENT: MessageKey = reasons::CONTAINER;

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

/// The type proven by the entries.
fn judge(entries: &[Entry], value: &[u8]) -> Result<MediaType, MessageKey> {
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
