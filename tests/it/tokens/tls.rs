//! A hand-made certificate for `localhost`, for an issuer with TLS.

use std::sync::Arc;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const SIGNED_BY_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const ELLIPTIC_CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const OTHER_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// One element of DER: tag, length, content.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match content.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, content].concat()
}

/// How a server speaks TLS as `localhost`, and its certificate as PEM, which signs itself.
pub fn localhost() -> (Arc<rustls::ServerConfig>, String) {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref()).unwrap();
    let oid = |oid: &[u8]| der(0x06, &[oid]);
    let sequence = |parts: &[&[u8]]| der(0x30, parts);
    let bits = |bytes: &[u8]| der(0x03, &[&[0], bytes]);
    let signed_by = sequence(&[&oid(SIGNED_BY_ECDSA)]);
    let common = sequence(&[&oid(COMMON_NAME), &der(0x0c, &[b"localhost"])]);
    let name = sequence(&[&der(0x31, &[&common])]);
    let valid = sequence(&[&der(0x17, &[b"200101000000Z"]), &der(0x18, &[b"20990101000000Z"])]);
    let kind = sequence(&[&oid(ELLIPTIC_CURVE), &oid(P256)]);
    let public = sequence(&[&kind, &bits(pair.public_key().as_ref())]);
    let names = der(0x04, &[&sequence(&[&der(0x82, &[b"localhost"])])]);
    let extension = sequence(&[&oid(OTHER_NAMES), &names]);
    let extensions = der(0xa3, &[&sequence(&[&extension])]);
    let version = der(0xa0, &[&der(0x02, &[&[2]])]);
    let serial = der(0x02, &[&[1]]);
    let contents =
        sequence(&[&version, &serial, &signed_by, &name, &valid, &name, &public, &extensions]);
    let signature = pair.sign(&random, &contents).unwrap();
    let certificate = sequence(&[&contents, &signed_by, &bits(signature.as_ref())]);
    let text = BASE64_STANDARD.encode(&certificate);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem =
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_ref().to_vec()));
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key);
    (Arc::new(config.unwrap()), pem)
}
