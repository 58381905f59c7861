//! Svarkropp: bytes that many read, compressed once for those who take them so.

use std::{io::Write, sync::OnceLock};

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

/// How bytes go over the wire (RFC 9110 section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
    /// br.
    Brotli,
}

impl Coding {
    /// The best that a reader takes by its `Accept-Encoding`: brotli before gzip, unless it says otherwise.
    #[must_use]
    pub fn wanted(accept: &str) -> Self {
        let mut best = (Self::Identity, 0.0);
        for said in accept.split(',') {
            let (name, quality) = said.split_once(';').unwrap_or((said, ""));
            let quality = quality.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
            let coding = match name.trim() {
                "br" => Self::Brotli,
                "gzip" | "x-gzip" => Self::Gzip,
                _ => continue,
            };
            let quality = quality.unwrap_or(0.0);
            let better = quality > best.1 || (quality >= best.1 && coding == Self::Brotli);
            if quality > 0.0 && better {
                best = (coding, quality);
            }
        }
        best.0
    }

    /// The name in `Content-Encoding`, where there is one.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// What stands behind the entity tag: each form of the bytes has its own (RFC 9110 section 8.8.3).
    const fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// Bytes with their strong entity tags.
#[derive(Debug)]
pub struct Body {
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    tag: String,
}

/// Fewer bytes are not worth the headers.
const WORTH_IT: usize = 512;

impl Body {
    /// The bytes, tagged by their digest, behind a revision where there is one.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>, revision: Option<i64>) -> Self {
        let plain = bytes.into();
        let hash = digest::digest(&digest::SHA256, &plain);
        let short: Vec<u8> = hash.as_ref().iter().copied().take(16).collect();
        let digest = BASE64_URL_SAFE_NO_PAD.encode(short);
        let tag =
            revision.map_or_else(|| digest.clone(), |revision| format!("{revision}-{digest}"));
        Self { plain, gzip: OnceLock::new(), brotli: OnceLock::new(), tag }
    }

    /// The bytes in some form, and the form that they really have: a small body is never compressed.
    #[must_use]
    pub fn coded(&self, wanted: Coding) -> (Bytes, Coding) {
        match wanted {
            _ if self.plain.len() < WORTH_IT => (self.plain.clone(), Coding::Identity),
            Coding::Identity => (self.plain.clone(), Coding::Identity),
            Coding::Gzip => (self.gzip.get_or_init(|| gzip(&self.plain)).clone(), Coding::Gzip),
            Coding::Brotli => {
                (self.brotli.get_or_init(|| brotli(&self.plain)).clone(), Coding::Brotli)
            }
        }
    }

    /// The strong entity tag of a form, with quotes.
    #[must_use]
    pub fn etag(&self, coding: Coding) -> String {
        format!("\"{}{}\"", self.tag, coding.suffix())
    }

    /// Whether a tag of `If-None-Match`, without quotes, is that of any form of these bytes.
    #[must_use]
    pub fn is(&self, tag: &str) -> bool {
        let rest = tag.strip_prefix(self.tag.as_str());
        rest.is_some_and(|rest| matches!(rest, "" | "-gz" | "-br"))
    }
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    Bytes::from(written.unwrap_or_default())
}

fn brotli(plain: &[u8]) -> Bytes {
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 16 * 1024, 5, 20);
    // Writing into memory cannot fail; dropping the encoder ends the stream.
    let _ = encoder.write_all(plain);
    drop(encoder);
    Bytes::from(out)
}

#[cfg(test)]
mod tests;
