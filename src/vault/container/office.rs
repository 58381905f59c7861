//! Kontorfiler med programmer: macros, and templates that are fetched from elsewhere. Only the small parts that name
//! them are unpacked.

use std::io::Read;

use flate2::read::DeflateDecoder;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::directory::{Entry, HEADER, NOT_WHOLE, short};
use crate::{
    domain::{evidence::MediaType, message::MessageKey, values::ids::FileId},
    vault::{Refused, Vault, reasons},
};

/// The largest part that is unpacked, and how many are.
const MOST_PART: u64 = 1 << 20;
const MOST_PARTS: usize = 512;

pub(super) const PROGRAM: MessageKey = reasons::MACROS;
const TEMPLATE: MessageKey = reasons::TEMPLATE;
const FETCHES: MessageKey = reasons::FETCHES;
const TOO_MANY: MessageKey = reasons::TOO_MANY_PARTS;

/// Content types of macros, macro sheets and controls contain one of these.
const PROGRAMS: [&str; 6] =
    ["macroenabled", "vbaproject", "vbadata", "macrosheet", "dialogsheet", "activex"];
/// Relationships whose target is opened together with the document.
const OPENED_ALONG: [&str; 4] = ["/attachedtemplate", "/oleobject", "/frame", "/subdocument"];

/// Forbidden parts of an office file.
pub(super) async fn check(
    vault: &Vault,
    id: FileId,
    entries: &[Entry],
    media_type: MediaType,
) -> Result<(), Refused> {
    let is_telling = |entry: &&Entry| {
        let name = entry.name.to_lowercase();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        name == "[content_types].xml"
            || name == "meta-inf/manifest.xml"
            || extension == Some("rels")
    };
    let telling: Vec<_> = entries.iter().filter(is_telling).collect();
    if telling.len() > MOST_PARTS {
        return Err(Refused::NotAllowed(TOO_MANY));
    }
    for entry in telling {
        let part = part(vault, id, entry).await?;
        let judged = match entry.name.to_lowercase().as_str() {
            "[content_types].xml" => content_types(&part, media_type),
            "meta-inf/manifest.xml" => manifest(&part, media_type),
            _ => relationships(&part),
        };
        judged.map_err(Refused::NotAllowed)?;
    }
    Ok(())
}

/// A part, unpacked.
async fn part(vault: &Vault, id: FileId, entry: &Entry) -> Result<Vec<u8>, Refused> {
    let not_whole = || Refused::NotAllowed(NOT_WHOLE);
    if entry.packed > MOST_PART || entry.unpacked > MOST_PART {
        return Err(not_whole());
    }
    let head = vault.read_part(id, entry.at..entry.at + HEADER).await?;
    let length = |at| short(&head, at).map(u64::from).ok_or_else(not_whole);
    let begin = entry.at + HEADER + length(26)? + length(28)?;
    let packed = match entry.packed {
        0 => bytes::Bytes::new(),
        packed => vault.read_part(id, begin..begin + packed).await?,
    };
    unpack(&packed, entry.stored).map_err(Refused::NotAllowed)
}

fn unpack(packed: &[u8], stored: bool) -> Result<Vec<u8>, MessageKey> {
    if stored {
        return Ok(packed.to_vec());
    }
    let mut unpacked = vec![];
    let read = DeflateDecoder::new(packed).take(MOST_PART + 1).read_to_end(&mut unpacked);
    let whole = read.is_ok_and(|length| u64::try_from(length).is_ok_and(|it| it <= MOST_PART));
    if whole { Ok(unpacked) } else { Err(NOT_WHOLE) }
}

/// The types of all parts: none is a program, and the document is a document and no template.
fn content_types(xml: &[u8], media_type: MediaType) -> Result<(), MessageKey> {
    let (part, wanted) = match media_type {
        MediaType::Docx => ("/word/document.xml", "wordprocessingml.document.main+xml"),
        MediaType::Xlsx => ("/xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
        _ => return Err(NOT_WHOLE),
    };
    let mut main = false;
    each_tag(xml, |tag| {
        let Some(input) = attribute(tag, "ContentType")? else { return Ok(()) };
        let input = input.to_lowercase();
        if PROGRAMS.iter().any(|program| input.contains(program)) {
            return Err(PROGRAM);
        }
        if input.contains(".template.") {
            return Err(TEMPLATE);
        }
        if attribute(tag, "PartName")?.is_some_and(|name| name.eq_ignore_ascii_case(part)) {
            main |= input == format!("application/vnd.openxmlformats-officedocument.{wanted}");
        }
        Ok(())
    })?;
    if main { Ok(()) } else { Err(NOT_WHOLE) }
}

/// References of the parts: to no program, and to nothing external that is opened automatically.
fn relationships(xml: &[u8]) -> Result<(), MessageKey> {
    each_tag(xml, |tag| {
        let Some(kind) = attribute(tag, "Type")? else { return Ok(()) };
        let kind = kind.to_lowercase();
        if PROGRAMS.iter().any(|program| kind.contains(program)) {
            return Err(PROGRAM);
        }
        let external =
            attribute(tag, "TargetMode")?.is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        if external && OPENED_ALONG.iter().any(|it| kind.ends_with(it)) {
            return Err(FETCHES);
        }
        Ok(())
    })
}

/// The manifest of an ODF document: it has the declared type, without a program.
fn manifest(xml: &[u8], media_type: MediaType) -> Result<(), MessageKey> {
    if !matches!(media_type, MediaType::Odt | MediaType::Ods) {
        return Err(NOT_WHOLE);
    }
    let mut main = false;
    each_tag(xml, |tag| {
        let Some(path) = attribute(tag, "full-path")? else { return Ok(()) };
        let lower = path.to_lowercase();
        if lower.starts_with("basic/") || lower.starts_with("scripts/") {
            return Err(PROGRAM);
        }
        let input = attribute(tag, "media-type")?.unwrap_or_default();
        if input.contains("-template") {
            return Err(TEMPLATE);
        }
        main |= path == "/" && input == media_type.as_str();
        Ok(())
    })?;
    if main { Ok(()) } else { Err(NOT_WHOLE) }
}

/// Visits each opening tag of a part. Anything other than plain XML in UTF-8 is rejected.
fn each_tag(
    xml: &[u8],
    mut see: impl FnMut(&BytesStart<'_>) -> Result<(), MessageKey>,
) -> Result<(), MessageKey> {
    let text = std::str::from_utf8(xml).map_err(|_| NOT_WHOLE)?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event().map_err(|_| NOT_WHOLE)? {
            Event::Start(tag) | Event::Empty(tag) => see(&tag)?,
            // Custom entities could hide a word.
            Event::DocType(_) => return Err(NOT_WHOLE),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute by its name without a prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, MessageKey> {
    for found in tag.attributes() {
        let found = found.map_err(|_| NOT_WHOLE)?;
        if found.key.local_name().as_ref() == name {
            let value = found.normalized_value(XmlVersion::Explicit1_0).map_err(|_| NOT_WHOLE)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCX: &str =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    fn types(main: &str, more: &str) -> Result<(), MessageKey> {
        let xml = format!(
            "\u{feff}<?xml version=\"1.0\"?><Types><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/word/document.xml\" ContentType=\"{main}\"/>{more}</Types>"
        );
        content_types(xml.as_bytes(), MediaType::Docx)
    }

    #[test]
    fn a_document_is_one_by_its_content_types() {
        assert_eq!(types(DOCX, ""), Ok(()));
        let of = |kind| format!("application/vnd.{kind}.main+xml");
        assert_eq!(types(&of("ms-word.document.macroEnabled"), ""), Err(PROGRAM));
        let template = of("openxmlformats-officedocument.wordprocessingml.template");
        assert_eq!(types(&template, ""), Err(TEMPLATE));
        assert_eq!(types("application/octet-stream", ""), Err(NOT_WHOLE));
        for part in [
            "<Override PartName=\"/word/m.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>",
            "<Default Extension='bin' ContentType='application/vnd.ms-office.VBAProject'/>",
            "<Default Extension='bin' ContentType='application/vnd.ms-office.vba&#80;roject'/>",
            "<Override PartName=\"/xl/x1.xml\" ContentType=\"application/vnd.ms-excel.macrosheet+xml\"/>",
            "<o:Override xmlns:o='x' PartName='/a' ContentType='application/vnd.ms-office.activeX+xml'/>",
        ] {
            assert_eq!(types(DOCX, part), Err(PROGRAM), "{part}");
        }
        let hidden = "<!DOCTYPE t [<!ENTITY x 'vbaProject'>]><t/>";
        assert_eq!(content_types(hidden.as_bytes(), MediaType::Docx), Err(NOT_WHOLE));
        let utf16: Vec<u8> = "<Types/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(content_types(&utf16, MediaType::Docx), Err(NOT_WHOLE));
    }

    #[test]
    fn nothing_is_opened_along_from_elsewhere() {
        let of = |kind: &str, mode: &str| {
            relationships(
                format!(
                    "<Relationships><Relationship Id='a' Type='http://x/relationships/{kind}' Target='https://x' \
                     {mode}/></Relationships>"
                )
                .as_bytes(),
            )
        };
        let external = "TargetMode='External'";
        assert_eq!(of("attachedTemplate", external), Err(FETCHES));
        assert_eq!(of("oleObject", "TargetMode='external'"), Err(FETCHES));
        assert_eq!(of("hyperlink", external), Ok(()));
        assert_eq!(of("styles", ""), Ok(()));
        assert_eq!(of("vbaProject", ""), Err(PROGRAM));
        assert_eq!(of("xlMacrosheet", ""), Err(PROGRAM));
    }

    #[test]
    fn an_open_document_is_one_by_its_manifest() {
        let odt = MediaType::Odt.as_str();
        let of = |main: &str, path: &str| {
            let xml = format!(
                "<m:manifest xmlns:m='x'><m:file-entry m:full-path='/' m:media-type='{main}'/>\
                 <m:file-entry m:full-path='{path}' m:media-type='text/xml'/></m:manifest>"
            );
            manifest(xml.as_bytes(), MediaType::Odt)
        };
        assert_eq!(of(odt, "content.xml"), Ok(()));
        assert_eq!(of(&format!("{odt}-template"), "content.xml"), Err(TEMPLATE));
        assert_eq!(of(MediaType::Ods.as_str(), "content.xml"), Err(NOT_WHOLE));
        assert_eq!(of(odt, "Basic/Standard/m.xml"), Err(PROGRAM));
        assert_eq!(of(odt, "Scripts/python/m.py"), Err(PROGRAM));
    }
}
