//! Hemmelighet: a value that prints stars, wherever it is printed.
//!
//! Every password, key and connection address of the configuration is one. Who needs the value asks
//! for it by name, so that each use is found by one search for `expose`.

use std::{
    convert::Infallible,
    fmt,
    fs::{File, OpenOptions},
    io,
    path::Path,
    str::FromStr,
    sync::Arc,
};

/// What stands in the place of a secret. Always the same, so that it does not tell a length either.
const STARS: &str = "***";

/// A secret text. It cannot be compared either: compare by a key or a digest, in constant time.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    /// A secret.
    #[must_use]
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// The value itself. Never hand it to a log, an answer or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A new file for its owner alone; none where one of that name is there.
///
/// # Errors
/// The file is there, or cannot be made.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

/// As the command line and the environment give it.
impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(said: &str) -> Result<Self, Infallible> {
        Ok(Self::new(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_stars_also_from_within_others() {
        #[derive(Debug)]
        #[allow(dead_code, reason = "what is printed is looked at")]
        struct Holder {
            key: Option<Secret>,
        }
        let secret: Secret = "hunter2".parse().unwrap();
        let holder = Holder { key: Some(secret.clone()) };
        let said = format!("{secret} {secret:?} {secret:#?} {secret:>20} {holder:?} {holder:#?}");
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(said.matches(STARS).count(), 6);
        assert_eq!(secret.expose(), "hunter2");
    }
}
