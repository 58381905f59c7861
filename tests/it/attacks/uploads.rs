//! Malicious files and forms.

use std::io::Write;

use actix_web::http::Method;
use flate2::{Compression, write::GzEncoder};
use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::parsers::{is_header, mutate, sound, splice};
use crate::{
    bench::register::dice::Dice,
    evidence::{list_stored, sha256},
    on_both_databases,
    world::{
        World, bpa_content,
        files::{LIMITS, metadata, pdf, upload},
        people::id,
    },
};

on_both_databases!(
    a_form_that_was_changed_is_kept_whole_or_not_at_all,
    a_key_that_was_changed_is_refused_or_acts_once;
    sqlite_alone:
    a_name_is_a_label_and_leads_nowhere,
    a_file_that_would_unpack_to_far_more_is_refused
);

async fn a_name_is_a_label_and_leads_nowhere(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    let names = [
        ("../../../etc/passwd", "passwd"),
        ("..\\\\..\\\\boot.ini", "boot.ini"),
        ("C:\\\\Users\\\\kari\\\\plan.pdf", "plan.pdf"),
        ("/", "file"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("%2e%2e%2fplan.pdf", "%2e%2e%2fplan.pdf"),
    ];
    for (file_name, label) in names {
        let head = format!("; filename=\"{file_name}\"");
        let given = me.sends(upload(&metadata("insurance"), &head, &pdf(100))).await.expect(201);
        assert_eq!(given.json()["content"]["fileName"], label, "{file_name}");
    }
    let unnamed = me.sends(upload(&metadata("insurance"), "", &pdf(100))).await.expect(201);
    assert_eq!(unnamed.json()["content"]["fileName"], "file");
    let stored = list_stored(&world);
    assert_eq!(stored.len(), names.len() + 1);
    assert!(stored.iter().all(|name| uuid::Uuid::parse_str(name).is_ok()), "{stored:?}");
}

async fn a_file_that_would_unpack_to_far_more_is_refused(world: World) {
    world.registered_providers().await;
    // Some twenty megabytes of nothing, as a real workbook of a few kilobytes.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..640 {
        sheet.write_string(row, 0, format!("{row}{}", "0".repeat(32_000))).unwrap();
    }
    let bomb = workbook.save_to_buffer().unwrap();
    assert!(u64::try_from(bomb.len()).unwrap() < LIMITS.file, "{}", bomb.len());
    let me = world.provider();
    let refused = me.gives(metadata("insurance"), &bomb).await;
    let problem = refused.problem(415, "content-not-allowed");
    assert!(problem["detail"].as_str().unwrap().contains("unpacked file"), "{problem}");
    // A form that is packed itself is not looked into.
    let (kind, form) = upload(&metadata("insurance"), "", &pdf(4000));
    let mut writer = GzEncoder::new(vec![], Compression::best());
    writer.write_all(&form).unwrap();
    let packed = me.request(Method::POST, "/v1/evidence").header("Content-Encoding", "gzip");
    let packed = packed.body(&kind, writer.finish().unwrap()).send().await;
    packed.problem(400, "malformed-multipart");
    assert_eq!(list_stored(&world), Vec::<String>::new());
}

async fn a_form_that_was_changed_is_kept_whole_or_not_at_all(world: World) {
    world.registered_providers().await;
    let (me, mut dice, mut given, mut refused) = (world.provider(), Dice::new(13), 0, 0);
    for round in 0..300 {
        let file = pdf(40 + dice.below(400));
        let head = "; filename=\"plan.pdf\"\r\nContent-Type: application/pdf";
        let (mut kind, mut body) = upload(&metadata("insurance"), head, &file);
        if dice.below(4) == 0 {
            kind = mutate(&mut dice, &kind);
        } else {
            splice(&mut dice, &mut body);
        }
        if !is_header(&kind) {
            continue;
        }
        let answer = me.sends((kind.clone(), body.clone())).await;
        sound(&answer, &format!("{round} {kind} {}", String::from_utf8_lossy(&body)));
        if answer.status == 201 {
            let (view, fetched) = (answer.json(), me.fetches(&id(&answer)).await.expect(200));
            assert_eq!(view["content"]["bytes"], fetched.bytes.len());
            assert_eq!(view["content"]["sha256"], sha256(&fetched.bytes));
            given += 1;
        } else {
            refused += 1;
        }
    }
    assert_eq!((list_stored(&world).len(), me.pages("/v1/evidence").await.len()), (given, given));
    assert!(given > 20 && refused > 20, "{given} {refused}");
}

async fn a_key_that_was_changed_is_refused_or_acts_once(world: World) {
    let mut dice = Dice::new(14);
    let draft = |key: &str| {
        let body = json!({"service": "personal-assistance", "content": bpa_content()});
        let editor = world.editor();
        editor.request(Method::POST, "/v1/offerings").header("Idempotency-Key", key).json(&body)
    };
    let first = draft("\"key-1\"").send().await.expect(201).json();
    let journal = world.auditor().audits().await.len();
    let (mut good, mut bad, mut again) = (0, 0, 0);
    for _ in 0..400 {
        let mut key = mutate(&mut dice, "\"key-1\"");
        if dice.below(20) == 0 {
            key = key.repeat(100);
        }
        if !is_header(&key) {
            continue;
        }
        let answer = draft(&key).send().await;
        sound(&answer, &key);
        // No header begins or ends with blanks.
        match key_of(key.trim_matches(' ')) {
            Some("key-1") => {
                assert_eq!(answer.expect(201).json(), first, "{key}");
                again += 1;
            }
            Some(_) => {
                answer.problem(409, "offering-exists");
                good += 1;
            }
            None => {
                let problem = answer.problem(400, "idempotency-key-form");
                assert_eq!(problem["errors"][0]["parameter"], "Idempotency-Key");
                bad += 1;
            }
        }
    }
    assert!(good > 20 && bad > 20 && again > 5, "{good} {bad} {again}");
    assert_eq!(world.auditor().audits().await.len(), journal);
}

/// The content of a key, quoted or not: 1 to 255 visible ASCII characters without quotes and backslashes.
fn key_of(header: &str) -> Option<&str> {
    let inner = header.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(header);
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    ((1..=255).contains(&inner.len()) && inner.bytes().all(plain)).then_some(inner)
}
