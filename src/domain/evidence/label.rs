//! Filnavn ved nedlasting: the name of a downloaded file.

use super::MediaType;

/// Permitted characters of a name beside letters and digits. No dot: the only one is that of the extension.
const KEPT: &str = " -–_,;()+&'";

impl MediaType {
    /// The extension by which systems choose the program that opens it.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Text => "txt",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Odt => "odt",
            Self::Ods => "ods",
        }
    }
}

/// Download name of a file: its label, with the extension of its detected type. The label cannot select the
/// program that opens the file, nor imitate another name.
#[must_use]
pub fn download_name(label: &str, media_type: MediaType) -> String {
    let extension = media_type.extension();
    let stem = match label.rsplit_once('.') {
        Some((stem, value)) if value.eq_ignore_ascii_case(extension) => stem,
        _ => label,
    };
    let plain = |c: char| if c.is_alphanumeric() || KEPT.contains(c) { c } else { '_' };
    let stem: String = stem.trim().chars().map(plain).collect();
    let stem = if stem.is_empty() { "file" } else { &stem };
    format!("{stem}.{extension}")
}
