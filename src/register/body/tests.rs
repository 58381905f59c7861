use std::io::Read;

use super::*;

#[test]
fn the_best_coding_is_what_the_reader_takes() {
    for (accept, wanted) in [
        ("", Coding::Identity),
        ("identity", Coding::Identity),
        ("gzip", Coding::Gzip),
        ("gzip, deflate, br", Coding::Brotli),
        ("br, gzip", Coding::Brotli),
        ("gzip;q=1.0, br;q=0.5", Coding::Gzip),
        ("br;q=0, gzip;q=0.1", Coding::Gzip),
        ("gzip;q=0", Coding::Identity),
        ("gzip;q=loud", Coding::Identity),
        ("*", Coding::Identity),
    ] {
        assert_eq!(Coding::wanted(accept), wanted, "{accept}");
    }
}

#[test]
fn each_form_gives_back_the_same_bytes_under_a_tag_of_its_own() {
    let text = "Brukerne kan velge hvem som helst av dem som er godkjent. ".repeat(40);
    let body = Body::once(text.clone(), Some(7));
    let (gzip, coding) = body.coded(Coding::Gzip);
    let mut read = String::new();
    flate2::read::GzDecoder::new(&gzip[..]).read_to_string(&mut read).unwrap();
    assert_eq!((read, coding), (text.clone(), Coding::Gzip));
    let (small, _) = body.coded(Coding::Brotli);
    let mut read = Vec::new();
    brotli::Decompressor::new(&small[..], 4096).read_to_end(&mut read).unwrap();
    assert_eq!(read, text.as_bytes());
    assert!(small.len() < text.len() / 4 && gzip.len() < text.len() / 4);
    let tags = [Coding::Identity, Coding::Gzip, Coding::Brotli]
        .map(|coding| String::from_utf8(body.etag(coding).to_vec()).unwrap());
    assert!(tags[0].starts_with("\"7-") && tags[0] != tags[1] && tags[1] != tags[2]);
    for tag in &tags {
        assert!(body.is(tag.trim_matches('"')), "{tag}");
    }
    assert!(!Body::once("other", Some(7)).is(tags[0].trim_matches('"')));
}

#[test]
fn a_small_body_is_never_compressed() {
    assert_eq!(Body::for_cache("{}").coded(Coding::Brotli).1, Coding::Identity);
}
