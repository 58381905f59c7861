//! Downloads: never a program under its own name, and unscanned files only with confirmation.

use crate::{
    on_sqlite,
    world::{
        World,
        files::{metadata, upload},
        people::id,
    },
};

on_sqlite!(
    a_municipality_takes_a_file_that_nobody_has_scanned_only_on_purpose,
    the_name_of_a_download_ends_as_its_media_type_does,
    office_files_with_programs_are_refused_whatever_their_parts_are_called
);

async fn a_municipality_takes_a_file_that_nobody_has_scanned_only_on_purpose(world: World) {
    let case = world.drafted_application().await;
    let (me, worker) = (world.provider(), world.case_worker());
    let file = me.gives_pdf("tax-certificate").await;
    me.shows(&case.application, "tax-certificate", &file).await.expect(200);
    me.completes(&case.application).await;
    me.submits(&case.application).await.expect(200);
    let seen = worker.get(&format!("/v1/applications/{}", case.application)).await.json();
    assert_eq!(seen["evidence"][0]["fileState"], "not-scanned");
    assert_eq!(seen["evidence"][1].get("fileState"), None, "a piece in words has no file");
    let refused = worker.opens(&file).await;
    assert!(refused.json()["detail"].as_str().unwrap().contains("acceptUnscanned=true"));
    refused.problem(409, "evidence-not-scanned");
    let path = format!("/v1/evidence/{file}/content?acceptUnscanned");
    worker.get(&format!("{path}=false")).await.problem(409, "evidence-not-scanned");
    worker.get(&format!("{path}=yes")).await.problem(400, "invalid-parameter");
    worker.fetches(&file).await.expect(200);
    me.opens(&file).await.expect(200);
}

async fn the_name_of_a_download_ends_as_its_media_type_does(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    let text = b"<html><script>alert(1)</script>".to_vec();
    for (label, plain, exact) in [
        ("Skatteattest 2026.hta", "Skatteattest 2026_hta.txt", "Skatteattest%202026_hta.txt"),
        ("plan.pdf.lnk", "plan_pdf_lnk.txt", "plan_pdf_lnk.txt"),
        ("\u{202e}fdp.js", "fdp_js.txt", "fdp_js.txt"),
    ] {
        let head = format!("; filename=\"{label}\"");
        let file = id(&me.sends(upload(&metadata("insurance"), &head, &text)).await.expect(201));
        let fetched = me.opens(&file).await.expect(200);
        let name = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}");
        assert_eq!(fetched.header("content-disposition"), name);
        assert_eq!(fetched.header("content-type"), "text/plain");
        assert_eq!(fetched.header("x-content-type-options"), "nosniff");
    }
}

/// A container of parts that are not packed.
fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (vec![], vec![]);
    for (name, content) in parts {
        let (at, length) = (bytes.len(), u32::try_from(content.len()).unwrap().to_le_bytes());
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        shared.extend(length);
        shared.extend(length);
        shared.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        shared.extend([0; 2]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&shared);
        bytes.extend(name.as_bytes());
        bytes.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(u32::try_from(at).unwrap().to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (begin, length) = (bytes.len(), directory.len());
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(u32::try_from(length).unwrap().to_le_bytes());
    bytes.extend(u32::try_from(begin).unwrap().to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// The content types of a word processor's document, with others.
fn types(main: &str, more: &str) -> String {
    format!(
        "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.{main}.main+xml\"/>{more}</Types>"
    )
}

async fn office_files_with_programs_are_refused_whatever_their_parts_are_called(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    let document = "openxmlformats-officedocument.wordprocessingml.document";
    let relations = |kind: &str, mode: &str| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships/{kind}\" Target=\"https://evil.example/x\" TargetMode=\"{mode}\"/></Relationships>"
        )
    };
    let docx = |types: String, name: &str, part: &str| {
        let all = [("[Content_Types].xml", &*types), ("word/document.xml", "<w/>"), (name, part)];
        zip(&all)
    };
    let settings = "word/_rels/settings.xml.rels";
    let link = relations("hyperlink", "External");
    let good = docx(types(document, ""), settings, &link);
    me.gives(metadata("insurance"), &good).await.expect(201);
    let vba =
        "<Override PartName=\"/word/m.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>";
    let refused = [
        docx(types("ms-word.document.macroEnabled", ""), "word/m.bin", "x"),
        docx(types(document, vba), "word/m.bin", "x"),
        docx(types("openxmlformats-officedocument.wordprocessingml.template", ""), "a", "x"),
        docx(types(document, ""), settings, &relations("attachedTemplate", "External")),
        docx(
            types(document, ""),
            "word/_rels/document.xml.rels",
            &relations("vbaProject", "Internal"),
        ),
        docx(types(document, ""), "xl/macrosheets/sheet1.xml", "<x/>"),
    ];
    for bytes in refused {
        me.gives(metadata("insurance"), &bytes).await.problem(415, "content-not-allowed");
    }
    let odt = "application/vnd.oasis.opendocument.text";
    let manifest = |kind: &str| {
        format!("<manifest><file-entry full-path=\"/\" media-type=\"{kind}\"/></manifest>")
    };
    let open = |kind: &str, listed: &str| {
        let manifest = manifest(listed);
        zip(&[("mimetype", kind), ("content.xml", "<o/>"), ("META-INF/manifest.xml", &*manifest)])
    };
    let template = format!("{odt}-template");
    me.gives(metadata("insurance"), &open(odt, odt)).await.expect(201);
    for bytes in [open(&template, &template), open(odt, &template)] {
        me.gives(metadata("insurance"), &bytes).await.problem(415, "content-not-allowed");
    }
}
