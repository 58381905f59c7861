//! An issuer on HTTP, in the test's hand.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread::JoinHandle,
};

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, jwk::Jwk};
use serde_json::{Value, json};

/// A key pair that signs any input.
pub struct Signer {
    pub kid: String,
    pub algorithm: Algorithm,
    key: EncodingKey,
    /// The public key, with its id.
    pub jwk: Value,
}

impl Signer {
    pub fn rsa(kid: &str) -> Self {
        Self::rsa_as(kid, Algorithm::RS256)
    }

    pub fn rsa_as(kid: &str, algorithm: Algorithm) -> Self {
        let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
        let der = pair.as_der().unwrap();
        let text = BASE64_STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
        Self::of(kid, algorithm, EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap())
    }

    pub fn ec(kid: &str) -> Self {
        let random = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self::of(kid, Algorithm::ES256, EncodingKey::from_ec_der(der.as_ref()))
    }

    pub fn ed(kid: &str) -> Self {
        let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).unwrap();
        Self::of(kid, Algorithm::EdDSA, EncodingKey::from_ed_der(der.as_ref()))
    }

    fn of(kid: &str, algorithm: Algorithm, key: EncodingKey) -> Self {
        let jwk = Jwk::from_encoding_key(&key, algorithm).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = json!(kid);
        Self { kid: kid.to_owned(), algorithm, key, jwk }
    }

    /// The public key alone, as in a proof.
    pub fn bare(&self) -> Value {
        let mut jwk = self.jwk.clone();
        let members = jwk.as_object_mut().unwrap();
        members.retain(|name, _| !["kid", "alg"].contains(&name.as_str()));
        jwk
    }

    /// Signs any header and claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// Signs any text as header and claims.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", part(header), part(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, self.algorithm);
        format!("{message}.{}", signature.unwrap())
    }

    /// A header as it should be.
    pub fn header(&self) -> Value {
        json!({"alg": format!("{:?}", self.algorithm), "typ": "at+jwt", "kid": self.kid})
    }
}

/// The issuer's response.
#[derive(Debug, Clone, PartialEq)]
pub enum Mood {
    Good,
    /// The keys are these bytes.
    Keys(String),
    /// The metadata are these bytes.
    Metadata(String),
    /// Everything has this status.
    Status(&'static str),
    /// The keys are answered when the mood changes.
    Slow,
}

/// An issuer that a test starts; it ends with the test.
pub struct TestIssuer {
    pub name: String,
    address: SocketAddr,
    inner: Arc<Inner>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

struct Inner {
    name: String,
    tls: Option<Arc<rustls::ServerConfig>>,
    state: Mutex<IssuerState>,
    changed: Condvar,
}

struct IssuerState {
    mood: Mood,
    keys: Value,
    fetches: usize,
    stopped: bool,
}

impl TestIssuer {
    /// An issuer with or without a slash at the end of its name.
    pub fn start(slash: &str, keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Self::on(listener, format!("http://{address}{slash}"), None, keys)
    }

    /// An issuer that speaks TLS as `localhost`, and its certificate.
    pub fn start_tls(keys: &[&Signer]) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let name = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (tls, pem) = super::tls::localhost();
        (Self::on(listener, name, Some(tls), keys), pem)
    }

    fn on(
        listener: TcpListener,
        name: String,
        tls: Option<Arc<rustls::ServerConfig>>,
        keys: &[&Signer],
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let state = IssuerState { mood: Mood::Good, keys: json!([]), fetches: 0, stopped: false };
        let inner =
            Inner { name: name.clone(), tls, state: Mutex::new(state), changed: Condvar::new() };
        let issuer = Self { name, address, inner: Arc::new(inner), listening: Mutex::new(None) };
        issuer.publishes(keys);
        issuer.listen(listener);
        issuer
    }

    /// Publishes these keys and no others.
    pub fn publishes(&self, keys: &[&Signer]) {
        self.publishes_raw(keys.iter().map(|key| key.jwk.clone()).collect());
    }

    pub fn publishes_raw(&self, keys: Value) {
        self.inner.state.lock().unwrap().keys = keys;
    }

    pub fn is(&self, mood: Mood) {
        self.inner.state.lock().unwrap().mood = mood;
        self.inner.changed.notify_all();
    }

    /// Number of key fetches.
    pub fn count_fetches(&self) -> usize {
        self.inner.state.lock().unwrap().fetches
    }

    /// Waits until its keys were fetched so many times.
    pub async fn wait_for_fetches(&self, times: usize) {
        let inner = Arc::clone(&self.inner);
        let wait = move || {
            let state = inner.state.lock().unwrap();
            drop(inner.changed.wait_while(state, |state| state.fetches < times).unwrap());
        };
        actix_web::web::block(wait).await.unwrap();
    }

    /// Its address no longer answers.
    pub fn stop(&self) {
        let Some(listening) = self.listening.lock().unwrap().take() else { return };
        self.inner.state.lock().unwrap().stopped = true;
        self.inner.changed.notify_all();
        drop(TcpStream::connect(self.address));
        listening.join().unwrap();
    }

    /// It answers again, at the same address.
    pub fn restart(&self) {
        self.inner.state.lock().unwrap().stopped = false;
        self.listen(TcpListener::bind(self.address).unwrap());
    }

    fn listen(&self, listener: TcpListener) {
        let inner = Arc::clone(&self.inner);
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if inner.state.lock().unwrap().stopped {
                    return;
                }
                let inner = Arc::clone(&inner);
                std::thread::spawn(move || inner.serve(stream.unwrap()));
            }
        });
        *self.listening.lock().unwrap() = Some(listening);
    }
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Inner {
    fn serve(&self, stream: TcpStream) {
        match &self.tls {
            None => self.answer(stream),
            Some(config) => {
                let server = rustls::ServerConnection::new(Arc::clone(config)).unwrap();
                self.answer(rustls::StreamOwned::new(server, stream));
            }
        }
    }

    fn answer(&self, mut stream: impl Read + Write) {
        let mut request = vec![];
        let mut buffer = [0; 1024];
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => request.extend_from_slice(&buffer[..count]),
            }
        }
        let keys = request.starts_with(b"GET /jwks ");
        let (status, body) = self.respond(keys);
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nlocation: /jwks\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        // A disconnected client needs no answer.
        let _ = stream.write_all(format!("{head}{body}").as_bytes()).and_then(|()| stream.flush());
    }

    fn respond(&self, keys: bool) -> (&'static str, String) {
        let mut state = self.state.lock().unwrap();
        if keys {
            state.fetches += 1;
            self.changed.notify_all();
            let slow = |state: &mut IssuerState| state.mood == Mood::Slow && !state.stopped;
            state = self.changed.wait_while(state, slow).unwrap();
        }
        let jwks = format!("{}/jwks", self.name.trim_end_matches('/'));
        let metadata = json!({"issuer": self.name, "jwks_uri": jwks});
        match (&state.mood, keys) {
            (Mood::Status(status), _) => (status, "{}".to_owned()),
            (Mood::Keys(body), true) | (Mood::Metadata(body), false) => ("200 OK", body.clone()),
            (_, true) => ("200 OK", json!({"keys": state.keys}).to_string()),
            (_, false) => ("200 OK", metadata.to_string()),
        }
    }
}
