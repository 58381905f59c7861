//! Content type detection, from the bytes during an upload. Name and sender are not trusted.

use std::collections::VecDeque;

use crate::{
    domain::{evidence::MediaType, message::MessageKey},
    vault::reasons,
};

/// How much of the end is remembered.
const TAIL: usize = 1024;
/// How much of the beginning is.
const HEAD: usize = 16;

const PNG_HEAD: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const PNG_TAIL: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";

/// The detected properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetectedType {
    /// It is this.
    Plainly(MediaType),
    /// A zip container; its entries determine the type.
    Container,
}

/// Inspects bytes during the upload.
#[derive(Debug, Default)]
pub struct Sniffer {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// The beginning of an incomplete character.
    half: Vec<u8>,
    not_text: bool,
}

impl Sniffer {
    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(missing));
        self.tail.extend(piece.iter().skip(piece.len().saturating_sub(TAIL)));
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
        if !self.not_text {
            self.not_text = !self.reads_on(piece);
        }
    }

    /// Whether the bytes continue as text: UTF-8 without control characters.
    fn reads_on(&mut self, piece: &[u8]) -> bool {
        let mut whole = std::mem::take(&mut self.half);
        whole.extend_from_slice(piece);
        let text = match std::str::from_utf8(&whole) {
            Ok(text) => text,
            Err(error) => {
                let (good, rest) = whole.split_at(error.valid_up_to());
                if error.error_len().is_some() {
                    return false;
                }
                self.half = rest.to_vec();
                std::str::from_utf8(good).unwrap_or_default()
            }
        };
        !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
    }

    /// The type, or the reason for a rejection.
    pub fn found(&self) -> Result<DetectedType, MessageKey> {
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let ends_with = |end: &[u8]| tail.windows(end.len()).any(|window| window == end);
        let head = self.head.as_slice();
        if head.is_empty() {
            return Err(reasons::EMPTY);
        }
        if head.starts_with(b"%PDF-") {
            return if ends_with(b"%%EOF") {
                Ok(DetectedType::Plainly(MediaType::Pdf))
            } else {
                Err(reasons::PDF)
            };
        }
        if head.starts_with(PNG_HEAD) {
            return if tail.ends_with(PNG_TAIL) {
                Ok(DetectedType::Plainly(MediaType::Png))
            } else {
                Err(reasons::PNG)
            };
        }
        if head.starts_with(b"\xff\xd8\xff") {
            return Ok(DetectedType::Plainly(MediaType::Jpeg));
        }
        if head.starts_with(b"PK\x03\x04") {
            return Ok(DetectedType::Container);
        }
        if !self.not_text && self.half.is_empty() {
            return Ok(DetectedType::Plainly(MediaType::Text));
        }
        Err(reasons::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In one piece, and a byte at a time: it must be the same.
    fn look(bytes: &[u8]) -> Result<DetectedType, MessageKey> {
        let (mut whole, mut bit_by_bit) = (Sniffer::default(), Sniffer::default());
        whole.feed(bytes);
        for byte in bytes {
            bit_by_bit.feed(&[*byte]);
        }
        assert_eq!(whole.found(), bit_by_bit.found());
        whole.found()
    }

    #[test]
    fn bytes_say_what_they_are() {
        let plainly = |it| Ok(DetectedType::Plainly(it));
        assert_eq!(look(b"%PDF-1.7\nx\n%%EOF\n"), plainly(MediaType::Pdf));
        assert_eq!(look(b"\xff\xd8\xff\xe0..\xff\xd9"), plainly(MediaType::Jpeg));
        assert_eq!(look(&[PNG_HEAD, b"...", PNG_TAIL].concat()), plainly(MediaType::Png));
        assert_eq!(look("Vaktplan for Bærum 😀\r\n".as_bytes()), plainly(MediaType::Text));
        assert_eq!(look(b"PK\x03\x04..."), Ok(DetectedType::Container));
    }

    #[test]
    fn what_only_begins_like_it_or_is_something_else_is_not_taken() {
        let broken = [PNG_HEAD, b"..."].concat();
        let appended = [PNG_HEAD, PNG_TAIL, b"PK\x03\x04"].concat();
        let refused: [&[u8]; 9] = [
            b"",
            b"%PDF-1.7 without an end",
            &broken,
            &appended,
            b"\x7fELF\x02\x01\x01",
            b"MZ\x90\0",
            b"text with a \0 in it",
            b"latin-1: bl\xe5b\xe6r",
            "half a character: å".as_bytes().split_last().unwrap().1,
        ];
        for bytes in refused {
            assert!(look(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_long_file_is_looked_at_in_little_memory() {
        let mut sniffer = Sniffer::default();
        for _ in 0..1000 {
            sniffer.feed(&[b'a'; 10_000]);
            assert!(sniffer.tail.len() <= TAIL && sniffer.head.len() <= HEAD);
        }
        assert_eq!(sniffer.found(), Ok(DetectedType::Plainly(MediaType::Text)));
    }
}
