//! Files for tests: a directory for their bytes, and uploads.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use actix_web::http::Method;
use chrono::TimeDelta;
use godkjent::{
    domain::evidence::{CaseLimit, ProviderLimit},
    vault::UploadLimits,
};
use serde_json::{Value, json};

use super::{Answer, Person, database::directory, people::id};

/// Little, so that too much is soon sent.
pub const LIMITS: UploadLimits = UploadLimits {
    file: 1 << 20,
    case: CaseLimit(3 << 19),
    provider: ProviderLimit(4 << 20),
    unused: TimeDelta::days(90),
};

/// A temporary directory, removed when it is dropped.
pub struct Files(PathBuf);

impl Files {
    pub fn new() -> Self {
        static COUNTER: AtomicUsize = AtomicUsize::new(1);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("godkjent_files_{}_{count}", std::process::id());
        Self(directory().join(name))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The directory of its mail.
    pub fn mail(&self) -> PathBuf {
        self.0.with_extension("mail")
    }

    pub fn address(&self) -> String {
        format!("file:{}", self.0.display())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_dir_all(self.mail());
    }
}

/// A minimal PDF of this size.
pub fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(size.saturating_sub(6).max(9), b'x');
    bytes.extend_from_slice(b"\n%%EOF");
    bytes
}

/// A kind of evidence, issued in February 2026.
pub fn metadata(kind: &str) -> Value {
    json!({"kind": kind, "title": "Vedlegg", "issuedOn": "2026-02-20"})
}

/// A body of parts: name, further head lines, content.
pub fn multipart(parts: &[(&str, &str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = vec![];
    for (name, head, content) in parts {
        let begin = format!(
            "--xBOUNDARYx\r\nContent-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n"
        );
        body.extend_from_slice(begin.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xBOUNDARYx--\r\n");
    ("multipart/form-data; boundary=xBOUNDARYx".to_owned(), body)
}

/// The body of an upload; `head` follows the part's name.
pub fn upload(metadata: &Value, head: &str, content: &[u8]) -> (String, Vec<u8>) {
    let text = metadata.to_string();
    let json = "\r\nContent-Type: application/json";
    multipart(&[("metadata", json, text.as_bytes()), ("file", head, content)])
}

impl Person {
    /// Sends a multipart body.
    pub async fn sends(&self, (kind, body): (String, Vec<u8>)) -> Answer {
        self.request(Method::POST, "/v1/evidence").body(&kind, body).send().await
    }

    /// Gives a file.
    pub async fn gives(&self, metadata: Value, content: &[u8]) -> Answer {
        self.sends(upload(&metadata, "; filename=\"attest.pdf\"", content)).await
    }

    /// Gives a small PDF of a kind; gives its id.
    pub async fn gives_pdf(&self, kind: &str) -> String {
        id(&self.gives(metadata(kind), &pdf(4000)).await.expect(201))
    }

    /// Shows a file of one's own to a case.
    pub async fn shows(&self, application: &str, criterion: &str, file: &str) -> Answer {
        let body = json!({"criterion": criterion, "evidenceId": file, "consent": true});
        self.attaches(application, body).await
    }

    pub async fn attaches(&self, application: &str, body: Value) -> Answer {
        let path = format!("/v1/applications/{application}");
        let etag = self.get(&path).await.expect(200).etag();
        self.act(Method::POST, &format!("{path}/evidence"), &etag, Some(body)).await
    }

    /// The bytes of a file, also where no scanner has looked.
    pub async fn fetches(&self, file: &str) -> Answer {
        self.get(&format!("/v1/evidence/{file}/content?acceptUnscanned=true")).await
    }

    /// The bytes of a file, without another word.
    pub async fn opens(&self, file: &str) -> Answer {
        self.get(&format!("/v1/evidence/{file}/content")).await
    }
}
