//! Response bodies with many readers, compressed once per coding.

use std::{io::Write, sync::OnceLock};

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use crate::domain::values::time::Instant;

/// How bytes go over the wire (RFC 9110 section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As they are.
    Identity,
    Gzip,
    /// br.
    Brotli,
}

impl Coding {
    /// The preferred coding of a reader's `Accept-Encoding`: brotli before gzip by default.
    #[must_use]
    pub fn wanted(accept: &str) -> Self {
        let mut best = (Self::Identity, 0.0);
        for value in accept.split(',') {
            let (name, quality) = value.split_once(';').unwrap_or((value, ""));
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

    /// The suffix of the entity tag: each coding has its own (RFC 9110 section 8.8.3).
    const fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// How much is worth doing to make bytes small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// They go out once: quickly.
    Low,
    /// Stored and sent often: maximum compression.
    High,
}

/// Bytes with their strong entity tags.
#[derive(Debug, Clone)]
pub struct Body {
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    effort: Effort,
    /// The entity tags of the three forms; the first without its quotes is the stem of all.
    tags: [Bytes; 3],
    modified: Option<(Instant, Bytes)>,
}

/// Fewer bytes are not worth the headers.
const WORTH_IT: usize = 512;

impl Body {
    /// Stored bytes, tagged by their digest.
    #[must_use]
    pub fn for_cache(bytes: impl Into<Bytes>) -> Self {
        Self::new(bytes.into(), None, Effort::High)
    }

    /// Bytes for one answer, tagged by their digest, behind a revision where there is one.
    #[must_use]
    pub fn once(bytes: impl Into<Bytes>, revision: Option<i64>) -> Self {
        Self::new(bytes.into(), revision, Effort::Low)
    }

    /// Bytes for one answer that follow from something shorter, tagged by the digest of that.
    #[must_use]
    pub fn derived(bytes: impl Into<Bytes>, from: &[u8]) -> Self {
        Self::tagged(bytes.into(), from, None, Effort::Low)
    }

    fn new(plain: Bytes, revision: Option<i64>, effort: Effort) -> Self {
        let from = plain.clone();
        Self::tagged(plain, &from, revision, effort)
    }

    fn tagged(plain: Bytes, from: &[u8], revision: Option<i64>, effort: Effort) -> Self {
        let hash = digest::digest(&digest::SHA256, from);
        let short: Vec<u8> = hash.as_ref().iter().copied().take(16).collect();
        let digest = BASE64_URL_SAFE_NO_PAD.encode(short);
        let stem =
            revision.map_or_else(|| digest.clone(), |revision| format!("{revision}-{digest}"));
        let tags = [Coding::Identity, Coding::Gzip, Coding::Brotli]
            .map(|coding| Bytes::from(format!("\"{stem}{}\"", coding.suffix())));
        let (gzip, brotli) = (OnceLock::new(), OnceLock::new());
        Self { plain, gzip, brotli, effort, tags, modified: None }
    }

    /// The same, with the time of the last change of their content.
    #[must_use]
    pub fn modified_at(self, at: Instant) -> Self {
        // RFC 9110 section 5.6.7.
        let http = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        Self { modified: Some((at, http.into())), ..self }
    }

    /// Time of the last change of the content, also as an HTTP date, if known.
    #[must_use]
    pub const fn modified(&self) -> Option<&(Instant, Bytes)> {
        self.modified.as_ref()
    }

    /// The bytes as they are.
    #[must_use]
    pub const fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The bytes in some form, and the form that they really have: a small body is never compressed.
    #[must_use]
    pub fn coded(&self, wanted: Coding) -> (&Bytes, Coding) {
        match wanted {
            _ if self.plain.len() < WORTH_IT => (&self.plain, Coding::Identity),
            Coding::Identity => (&self.plain, Coding::Identity),
            Coding::Gzip => {
                let encoded = self.gzip.get_or_init(|| gzip(&self.plain, self.effort));
                (encoded, Coding::Gzip)
            }
            Coding::Brotli => {
                let encoded = self.brotli.get_or_init(|| brotli(&self.plain, self.effort));
                (encoded, Coding::Brotli)
            }
        }
    }

    /// Makes the forms that readers took of other bytes, so that none of them waits for it.
    pub fn prepare_like(&self, other: &Self) {
        for (encoded, coding) in [(&other.gzip, Coding::Gzip), (&other.brotli, Coding::Brotli)] {
            if encoded.get().is_some() {
                let _ = self.coded(coding);
            }
        }
    }

    /// The strong entity tag of a form, with quotes.
    #[must_use]
    pub const fn etag(&self, coding: Coding) -> &Bytes {
        let [identity, gzip, brotli] = &self.tags;
        match coding {
            Coding::Identity => identity,
            Coding::Gzip => gzip,
            Coding::Brotli => brotli,
        }
    }

    /// Whether a tag of `If-None-Match`, without quotes, is that of any form of these bytes.
    #[must_use]
    pub fn is(&self, tag: &str) -> bool {
        let quoted = |encoded: &Bytes| {
            let inner = encoded.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\""));
            inner == Some(tag.as_bytes())
        };
        self.tags.iter().any(quoted)
    }
}

fn gzip(plain: &[u8], effort: Effort) -> Bytes {
    let level = match effort {
        Effort::Low => Compression::fast(),
        Effort::High => Compression::default(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    // Writing into memory cannot fail.
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    Bytes::from(written.unwrap_or_default())
}

fn brotli(plain: &[u8], effort: Effort) -> Bytes {
    let quality = match effort {
        Effort::Low => 1,
        Effort::High => 5,
    };
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 16 * 1024, quality, 20);
    // Writing into memory cannot fail; dropping the encoder ends the stream.
    let _ = encoder.write_all(plain);
    drop(encoder);
    Bytes::from(out)
}

#[cfg(test)]
mod tests;
