//! Containers that are documents, and containers that imitate them.

use super::{
    directory::{BOMB, ENCRYPTED, HIDDEN, NOT_WHOLE},
    *,
};

/// An entry to write: name, flags, method, packed bytes, and the size that it claims to unpack to.
struct Said<'a>(&'a str, u16, u16, &'a [u8], u32);

fn plain<'a>(name: &'a str, bytes: &'a [u8]) -> Said<'a> {
    Said(name, 0, 0, bytes, u32::try_from(bytes.len()).unwrap())
}

/// A container, with something between its entries and its directory.
fn zip(entries: &[Said<'_>], between: &[u8]) -> Vec<u8> {
    let (mut bytes, mut directory) = (vec![], vec![]);
    for Said(name, flags, method, packed, unpacked) in entries {
        let at = u32::try_from(bytes.len()).unwrap();
        let (name, length) = (name.as_bytes(), u32::try_from(packed.len()).unwrap());
        let mut shared = vec![];
        shared.extend(20_u16.to_le_bytes());
        shared.extend(flags.to_le_bytes());
        shared.extend(method.to_le_bytes());
        shared.extend([0; 8]);
        shared.extend(length.to_le_bytes());
        shared.extend(unpacked.to_le_bytes());
        shared.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        shared.extend([0; 2]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&shared);
        bytes.extend(name);
        bytes.extend(*packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name);
    }
    bytes.extend(between);
    let begin = u32::try_from(bytes.len() - between.len()).unwrap();
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let length = u32::try_from(directory.len()).unwrap();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(length.to_le_bytes());
    bytes.extend(begin.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// The type of bytes in a real directory.
fn look(bytes: &[u8]) -> Result<MediaType, MessageKey> {
    let size = u64::try_from(bytes.len()).unwrap();
    let directory = find_directory(bytes, size)?;
    let range = usize::try_from(directory.start).unwrap()..usize::try_from(directory.end).unwrap();
    let entries = read_directory(bytes.get(range).ok_or(NOT_WHOLE)?, directory.start, size)?;
    let first = &entries[0];
    let begin = usize::try_from(first.at + HEADER).unwrap() + first.name.len();
    let value = &bytes[begin..begin + usize::try_from(first.packed).unwrap()];
    judge(&entries, if first.name == "mimetype" && first.stored { value } else { b"" })
}

const TYPES: &str = "[Content_Types].xml";

#[test]
fn office_files_are_known_by_their_entries() {
    let docx = zip(&[plain(TYPES, b"x"), plain("word/document.xml", b"<w/>")], b"");
    assert_eq!(look(&docx), Ok(MediaType::Docx));
    let xlsx = zip(&[plain("xl/workbook.xml", b"<x/>"), plain(TYPES, b"x")], b"");
    assert_eq!(look(&xlsx), Ok(MediaType::Xlsx));
    for media_type in [MediaType::Odt, MediaType::Ods] {
        let entries = [
            plain("mimetype", media_type.as_str().as_bytes()),
            plain("content.xml", b"<o/>"),
            plain("META-INF/manifest.xml", b"<m/>"),
        ];
        assert_eq!(look(&zip(&entries, b"")), Ok(media_type));
        assert_eq!(look(&zip(&entries[..2], b"")), Err(NO_DOCUMENT));
    }
}

#[test]
fn another_container_is_no_document() {
    assert_eq!(look(&zip(&[plain("run.exe", b"MZ")], b"")), Err(NO_DOCUMENT));
    assert_eq!(look(&zip(&[plain(TYPES, b"x")], b"")), Err(NO_DOCUMENT));
    let both = [plain(TYPES, b"x"), plain("word/document.xml", b""), plain("xl/workbook.xml", b"")];
    assert_eq!(look(&zip(&both, b"")), Err(NO_DOCUMENT));
    let jar = [plain("mimetype", b"application/java-archive"), plain("content.xml", b"")];
    assert_eq!(look(&zip(&jar, b"")), Err(NO_DOCUMENT));
}

#[test]
fn macros_passwords_and_climbing_names_are_not_taken() {
    let with = |extra| [plain(TYPES, b"x"), plain("word/document.xml", b"<w/>"), extra];
    assert_eq!(look(&zip(&with(plain("word/vbaProject.bin", b"x")), b"")), Err(PROGRAM));
    assert_eq!(look(&zip(&with(plain("Basic/script.xml", b"x")), b"")), Err(PROGRAM));
    assert_eq!(look(&zip(&with(Said("secret", 1, 8, b"x", 1)), b"")), Err(ENCRYPTED));
    for name in ["../../etc/passwd", "/etc/passwd", "a\\b", "WORD/document.xml"] {
        assert_eq!(look(&zip(&with(plain(name, b"x")), b"")), Err(NOT_WHOLE), "{name}");
    }
}

#[test]
fn bombs_are_not_taken_and_not_unpacked() {
    let big = |size| [plain(TYPES, b"x"), Said("word/document.xml", 0, 8, b"packed", size)];
    assert_eq!(look(&zip(&big(1 << 20), b"")), Ok(MediaType::Docx));
    assert_eq!(look(&zip(&big(17 << 20), b"")), Err(BOMB), "200 times a small file");
    assert_eq!(look(&zip(&big(u32::MAX), b"")), Err(BOMB));
    // Entries that share their bytes: every one of them points at the first.
    let mut shared = zip(&[plain(TYPES, b"x"), plain("word/document.xml", b"<w/>")], b"");
    let second = shared.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    shared[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert_eq!(look(&shared), Err(BOMB));
}

#[test]
fn nothing_hides_beside_the_entries() {
    let docx = || zip(&[plain(TYPES, b"x"), plain("word/document.xml", b"<w/>")], b"");
    assert_eq!(look(&[b"MZ program".to_vec(), docx()].concat()), Err(HIDDEN));
    assert_eq!(look(&[docx(), b"more".to_vec()].concat()), Err(NOT_WHOLE));
    let between = zip(&[plain(TYPES, b"x"), plain("word/document.xml", b"<w/>")], b"hidden");
    assert!(look(&between).is_err());
    for length in 0..docx().len() {
        assert!(look(&docx()[..length]).is_err(), "cut off at {length}");
    }
}
