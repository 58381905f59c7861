//! Metrics: their form, their description, and the example of alerts and dashboard.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use godkjent::{api::resources::problems::codes, words::Locale};
use serde_json::{Value, json};
use yaml_rust2::{Yaml, YamlLoader};

use super::program::{Directory, Running, token, until};
use crate::{
    tokens::{
        issuer::{Signer, TestIssuer},
        scene::issuer_config,
    },
    world::PROVIDER,
};

/// A metric of an exposition.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    help: String,
    samples: BTreeSet<String>,
}

/// Reads an exposition. Each family has one type and one description, before its samples.
fn families(text: &str) -> BTreeMap<String, Family> {
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut last = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            let family = Family { help: help.to_owned(), ..Family::default() };
            assert!(families.insert(name.to_owned(), family).is_none(), "{name} twice");
            name.clone_into(&mut last);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            kind.clone_into(&mut families.get_mut(name).unwrap().kind);
        } else if !line.starts_with('#') {
            let sample = line.split(['{', ' ']).next().unwrap();
            let of = families.get_mut(&last).unwrap();
            assert!(sample.starts_with(&last), "{line} is not of {last}");
            of.samples.insert(sample.to_owned());
        }
    }
    families
}

/// The metrics of a registry with everything that is measured: issuers, scanner, checkpoint, long poll, rejection.
fn exposition() -> String {
    let (directory, key) = (Directory::new(), Signer::ec("k1"));
    let issuer = TestIssuer::start("", &[&key]);
    let issuers = directory.file("issuers.json");
    fs::write(&issuers, json!([issuer_config("oidc", &issuer.name)]).to_string()).unwrap();
    let running = Running::start_with(&directory, &directory.sqlite(), |command| {
        command.arg("--local-issuer-key").arg(directory.file("key"));
        command.arg("--issuers").arg(issuers).args(["--scanner", "tcp://127.0.0.1:1"]);
        command.env("GODKJENT_RATE_SEARCHES", "1");
    });
    let anyone = running.client(None);
    let auditor = running.client(Some(token(&directory, "auditor", "820852982", "Aud")));
    assert_eq!(auditor.get("/v1/audit/checkpoint").unwrap().status, 200);
    let wait = [("Prefer", "wait=1")];
    assert_eq!(anyone.ask("GET", "/v1/changes", &wait, None).unwrap().status, 200);
    assert_eq!(anyone.get("/v1/statistics").unwrap().status, 200);
    assert_eq!(anyone.get("/v1/statistics").unwrap().status, 429);
    assert_eq!(anyone.get(&format!("/v1/providers/{PROVIDER}")).unwrap().status, 404);
    // Background tasks have their first round soon.
    until("every metric is there", || {
        let text = anyone.get("/metrics").unwrap().text;
        let late = [
            "godkjent_evidence_to_scan ",
            "godkjent_evidence_last_sweep",
            "godkjent_journal_position ",
        ];
        late.iter().all(|it| text.contains(it)).then_some(text)
    })
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The words of a text that may be names of our metrics.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
    let ours = ["godkjent_", "process_"];
    words.filter(|it| ours.iter().any(|prefix| it.starts_with(prefix))).map(str::to_owned).collect()
}

#[test]
fn every_metric_is_well_formed_and_in_the_manual_and_the_examples_name_no_other() {
    let text = exposition();
    assert!(text.ends_with("# EOF\n"));
    let families = families(&text);
    let mut known = BTreeSet::new();
    for (name, Family { kind, help, samples }) in &families {
        assert!(name.starts_with("godkjent_") || name.starts_with("process_"), "{name}");
        assert!(name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_'), "{name}");
        assert!(help.len() > 5 && !kind.is_empty(), "{name}: {help}");
        let suffixes: &[&str] = match kind.as_str() {
            "counter" => &["_total"],
            "info" => &["_info"],
            "histogram" => &["_bucket", "_count", "_sum"],
            "gauge" => &[""],
            other => panic!("{name} is a {other}"),
        };
        let expected: BTreeSet<_> = suffixes.iter().map(|it| format!("{name}{it}")).collect();
        // A family may have no sample before its first event.
        assert!(samples.is_subset(&expected), "{name}: {samples:?}");
        let is_number = !name.contains("_seconds") && !name.contains("_bytes");
        assert!(kind != "histogram" || !is_number, "{name} has no unit");
        known.extend(expected);
        if kind == "histogram" {
            known.insert(name.clone());
        }
    }
    // The manual names histograms without suffixes.
    let page = read("docs/guide/monitoring.md");
    let manual = page.split("## Metrics\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let described: BTreeSet<_> = manual
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| names(line.split(" | ").next().unwrap()))
        .collect();
    let is_part = |it: &String| ["_bucket", "_count", "_sum"].iter().any(|end| it.ends_with(end));
    let documented: BTreeSet<_> = known.iter().filter(|it| !is_part(it)).cloned().collect();
    assert_eq!(described, documented, "the table in docs/guide/monitoring.md, and /metrics");

    for (place, expression) in expressions() {
        let used = names(&expression);
        assert!(!used.is_empty() || expression.starts_with("up{"), "{place}: {expression}");
        for name in used {
            assert!(known.contains(&name), "{place}: there is no {name}");
        }
    }
    let dashboard = read("docs/monitoring/dashboard.json");
    let unseen: Vec<_> = documented
        .iter()
        .filter(|it| !dashboard.contains(*it) && !it.starts_with("process_"))
        .filter(|it| !it.starts_with("godkjent_checkpoint_position"))
        .collect();
    assert!(unseen.is_empty(), "the dashboard does not show {unseen:?}");
}

/// The expressions of the example: of each alert and of each panel.
fn expressions() -> Vec<(String, String)> {
    let rules = YamlLoader::load_from_str(&read("docs/monitoring/alerts.yaml")).unwrap();
    let rules = rules[0]["groups"][0]["rules"].clone().into_vec().unwrap();
    assert!(rules.len() > 10);
    let text = |it: &Yaml| it.as_str().unwrap_or_else(|| panic!("no text: {it:?}")).to_owned();
    let mut all = vec![];
    for rule in rules {
        assert!(rule["annotations"]["summary"].as_str().is_some(), "{rule:?}");
        assert!(rule["labels"]["severity"].as_str().is_some(), "{rule:?}");
        all.push((text(&rule["alert"]), text(&rule["expr"])));
    }
    let dashboard: Value = serde_json::from_str(&read("docs/monitoring/dashboard.json")).unwrap();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let of = |value: &Value| value.as_str().unwrap().to_owned();
            all.push((of(&panel["title"]), of(&target["expr"])));
        }
    }
    all
}

#[test]
fn the_codes_and_limits_in_the_examples_exist() {
    let codes: BTreeSet<_> = codes(Locale::En).into_iter().map(|it| it.code).collect();
    let limits = [
        "all",
        "reads",
        "searches",
        "writes",
        "database-reads",
        "database-commands",
        "heavy-reads",
        "files",
        "readers",
        "none",
    ];
    let manual = read("docs/guide/monitoring.md");
    for limit in limits {
        assert!(manual.contains(&format!("`{limit}`")), "the manual does not name {limit}");
    }
    let mut found = 0;
    for (place, expression) in expressions() {
        for value in expression.split("code=").skip(1) {
            for code in value.split('"').nth(1).unwrap().split('|') {
                assert!(codes.contains(code), "{place}: {code}");
                found += 1;
            }
        }
    }
    assert!(found >= 3, "{found}");
}

#[test]
fn requests_are_counted_by_route_reason_and_time() {
    let text = exposition();
    let has = |line: &str| text.lines().any(|it| it == line);
    let rejected =
        "godkjent_http_rejections_total{status=\"429\",code=\"rate-limited\",limit=\"searches\"} 1";
    assert!(has(rejected), "{text}");
    let route = "method=\"GET\",route=\"/v1/providers/{organisation_number}\"";
    assert!(
        text.contains(&format!("godkjent_http_request_duration_seconds_count{{{route}}} 1")),
        "{text}"
    );
    // A long poll counts as a request, and its time is with long polls only.
    assert!(has(
        "godkjent_http_requests_total{method=\"GET\",route=\"/v1/changes\",status=\"200\"} 1"
    ));
    assert!(has("godkjent_http_long_poll_duration_seconds_count 1"), "{text}");
    assert!(!text.contains("duration_seconds_count{method=\"GET\",route=\"/v1/changes\"}"));
    assert!(has("godkjent_open_long_polls 0") && has("godkjent_open_streams 0"));
    assert!(has("godkjent_checkpoint_position 0"), "{text}");
    assert!(has("godkjent_evidence_sweeps_total{outcome=\"completed\"} 1"), "{text}");
    assert!(has("godkjent_due_overdue 0"), "{text}");
    assert!(text.contains("godkjent_database_connections_max{pool=\"readers\"} 8"), "{text}");
    let version = env!("CARGO_PKG_VERSION");
    assert!(text.contains(&format!("godkjent_build_info{{version=\"{version}\"")), "{text}");
}
