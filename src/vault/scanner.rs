//! Virus scanner: a clamd client for its INSTREAM protocol.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
};

use super::error::VaultError;
use crate::domain::values::text::Line;

/// How long the scanner may take for one file.
const SCAN_TIMEOUT: Duration = Duration::from_secs(120);

/// Where a clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// `tcp://host:port`
    Tcp(String),
    /// `unix:/path`
    Unix(String),
}

impl std::str::FromStr for Scanner {
    type Err = String;

    fn from_str(value: &str) -> Result<Self, String> {
        match (value.strip_prefix("tcp://"), value.strip_prefix("unix:")) {
            (Some(place), _) if place.contains(':') => Ok(Self::Tcp(place.to_owned())),
            (_, Some(path)) if path.starts_with('/') => Ok(Self::Unix(path.to_owned())),
            _ => Err("write tcp://host:port or unix:/path of a clamd".to_owned()),
        }
    }
}

trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Socket for T {}

impl Scanner {
    /// The scanner's finding in the bytes, or none.
    pub async fn look(
        &self,
        bytes: impl Stream<Item = Result<Bytes, object_store::Error>> + Unpin + Send,
    ) -> Result<Option<Line>, VaultError> {
        let away = |error: std::io::Error| VaultError::NoScanner(error.to_string());
        let asked = async {
            let mut socket: Box<dyn Socket> = match self {
                Self::Tcp(place) => Box::new(TcpStream::connect(place).await.map_err(away)?),
                Self::Unix(path) => Box::new(UnixStream::connect(path).await.map_err(away)?),
            };
            send(&mut socket, bytes).await
        };
        match tokio::time::timeout(SCAN_TIMEOUT, asked).await {
            Ok(answer) => verdict(&answer?),
            Err(_) => Err(VaultError::Unavailable("scanner: no answer in time".to_owned())),
        }
    }
}

async fn send(
    socket: &mut Box<dyn Socket>,
    mut bytes: impl Stream<Item = Result<Bytes, object_store::Error>> + Unpin + Send,
) -> Result<String, VaultError> {
    let failed = |error: std::io::Error| VaultError::Unavailable(format!("scanner: {error}"));
    socket.write_all(b"zINSTREAM\0").await.map_err(failed)?;
    while let Some(piece) = bytes.next().await {
        for part in piece?.chunks(64 * 1024) {
            let length = u32::try_from(part.len()).unwrap_or(0).to_be_bytes();
            socket.write_all(&length).await.map_err(failed)?;
            socket.write_all(part).await.map_err(failed)?;
        }
    }
    socket.write_all(&[0; 4]).await.map_err(failed)?;
    socket.flush().await.map_err(failed)?;
    let mut answer = vec![];
    socket.take(4096).read_to_end(&mut answer).await.map_err(failed)?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_owned())
}

/// `stream: OK` or `stream: Name FOUND`; anything else is no verdict.
fn verdict(answer: &str) -> Result<Option<Line>, VaultError> {
    let value = answer.strip_prefix("stream: ").unwrap_or(answer);
    if value == "OK" {
        return Ok(None);
    }
    let found = value.strip_suffix(" FOUND").and_then(|name| Line::parse(name).ok());
    found
        .map(Some)
        .ok_or_else(|| VaultError::Unavailable(format!("scanner: unexpected answer ‘{answer}’")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_verdict_is_a_verdict() {
        assert_eq!(verdict("stream: OK").unwrap(), None);
        let found = verdict("stream: Eicar-Test-Signature FOUND").unwrap().unwrap();
        assert_eq!(found.as_str(), "Eicar-Test-Signature");
        for value in ["", "OK FOUND OK", "INSTREAM size limit exceeded. ERROR", "stream: FOUND"] {
            assert!(verdict(value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_scanner_has_an_address() {
        assert_eq!("tcp://av:3310".parse(), Ok(Scanner::Tcp("av:3310".to_owned())));
        assert_eq!("unix:/run/clamd".parse(), Ok(Scanner::Unix("/run/clamd".to_owned())));
        for value in ["av:3310", "tcp://av", "unix:clamd", ""] {
            assert!(value.parse::<Scanner>().is_err(), "{value}");
        }
    }
}
