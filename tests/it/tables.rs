//! Every column of every table equals the JSON, and every JSON field has a column or a reason.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{DataType, Reader, Xlsx};
use godkjent::app;
use serde_json::{Value, json};

use crate::mirror::Mirror;
use crate::world::{
    World,
    people::{PAGE, SERVICE},
};

/// A column with its locations in the JSON of a row: the first with a value.
type Column = (&'static str, &'static [&'static str]);

/// A table, its columns and the omitted fields.
struct Table {
    /// The route in the document.
    route: &'static str,
    /// The schema of a row in JSON.
    schema: &'static str,
    columns: &'static [Column],
    /// Places in the JSON without a column, each with all below it, and why.
    left_out: &'static [(&'static str, &'static str)],
}

const TEXT: &str = "a text in three languages, for people and not for sorting";
const LIST: &str = "a list of things with fields of their own";
const DETAIL: &str = "a part of the case: the row has its day";

const APPROVAL_COLUMNS: &[Column] = &[
    ("position", &[]),
    ("id", &["/id"]),
    ("status", &["/status"]),
    ("nextChange", &["/nextChange"]),
    ("municipality", &["/municipality"]),
    ("municipalityName", &[]),
    ("service", &["/service"]),
    ("serviceName", &[]),
    ("provider", &["/provider"]),
    ("name", &["/profile/name", "/name"]),
    ("kind", &["/profile/kind", "/kind"]),
    ("zones", &["/zones"]),
    ("languages", &["/listing/languages", "/profile/languages"]),
    ("capacity", &["/listing/capacity", "/capacity"]),
    ("capacityOn", &["/listing/capacityOn"]),
    ("phone", &["/profile/phone"]),
    ("web", &["/profile/web"]),
    ("lastConfirmedAt", &["/listing/lastConfirmedAt", "/profile/lastConfirmedAt"]),
    ("contractNumber", &["/contract/number"]),
    ("contractFrom", &["/contract/from"]),
    ("contractTo", &["/contract/to"]),
    ("noticeEffectiveOn", &["/termination/effectiveOn"]),
    ("offeringEndsOn", &["/offeringEnd/on"]),
    ("revocationEffectiveAt", &["/revocation/effectiveAt"]),
    ("grantedAt", &["/grantedAt"]),
    ("decisionId", &["/decisionId"]),
    ("offeringId", &["/offeringId"]),
    ("version", &["/version"]),
];

const OFFERING_COLUMNS: &[Column] = &[
    ("id", &["/id"]),
    ("municipality", &["/municipality"]),
    ("service", &["/service"]),
    ("title", &["/content/title/nb", "/content/title/nn", "/content/title/en"]),
    ("state", &["/state"]),
    ("version", &["/version"]),
    ("publishedAt", &["/publishedAt"]),
    ("legalBasis", &["/content/legalBasis"]),
    ("contactName", &["/content/process/contact/name"]),
    ("contactEmail", &["/content/process/contact/email"]),
    ("contactPhone", &["/content/process/contact/phone"]),
];

const APPROVAL_LEFT_OUT: &[(&str, &str)] = &[
    ("/contract/signedOn", DETAIL),
    ("/gaps", LIST),
    ("/listing/addOns", LIST),
    ("/listing/continuity", TEXT),
    ("/listing/openingHours", TEXT),
    ("/listing/specialCompetence", TEXT),
    ("/listing/startsWithin", "a length of time with a unit; it stands on the register page"),
    ("/listing/text", TEXT),
    ("/listing/timesOfDay", "it stands on the register page"),
    ("/offering", "the offering in short, which has a table of its own"),
    ("/offeringEnd/windingDown", DETAIL),
    ("/profile/organisationNumber", "the column `provider`"),
    ("/profile/presentation", TEXT),
    ("/profile/revision", "of the profile, not of the approval"),
    ("/recordedAt", "when the contract was recorded; it holds from contractFrom"),
    ("/revision", "for entity tags"),
    ("/revocation", DETAIL),
    ("/termination", DETAIL),
];

const PROVIDER_COLUMNS: &[Column] = &[
    ("organisationNumber", &["/organisationNumber"]),
    ("name", &["/name"]),
    ("kind", &["/kind"]),
    ("presentation", &["/presentation/nb", "/presentation/nn", "/presentation/en"]),
    ("languages", &["/languages"]),
    ("phone", &["/phone"]),
    ("web", &["/web"]),
    ("lastConfirmedAt", &["/lastConfirmedAt"]),
    ("revision", &["/revision"]),
];

const TABLES: &[Table] = &[
    Table {
        route: "/v1/register/{municipality}/{service}",
        schema: "PageProvider",
        columns: &[
            ("organisationNumber", &["/organisationNumber"]),
            ("name", &["/name"]),
            ("kind", &["/kind"]),
            ("zones", &["/zones"]),
            ("languages", &["/languages"]),
            ("capacity", &["/capacity/state"]),
            ("capacityOn", &["/capacity/on"]),
            ("phone", &["/phone"]),
            ("web", &["/web"]),
            ("lastConfirmedAt", &["/lastConfirmedAt"]),
            ("approvalId", &["/approvalId"]),
            ("ownOffer", &["/ownOffer"]),
            ("status", &["/status"]),
            ("availableUntil", &["/availableUntil"]),
            ("stale", &["/stale"]),
            ("timesOfDay", &["/timesOfDay"]),
        ],
        left_out: &[
            ("/addOns", LIST),
            ("/continuity", TEXT),
            ("/openingHours", TEXT),
            ("/presentation", TEXT),
            ("/specialCompetence", TEXT),
            ("/startsWithin", "a length of time with a unit"),
            ("/text", TEXT),
        ],
    },
    Table {
        route: "/v1/approvals",
        schema: "ApprovalHit",
        columns: APPROVAL_COLUMNS,
        left_out: APPROVAL_LEFT_OUT,
    },
    Table {
        route: "/v1/compensation",
        schema: "CountryPrice",
        columns: &[
            ("service", &["/service"]),
            ("serviceName", &[]),
            ("unit", &["/unit"]),
            ("band", &["/band"]),
            ("bandName", &["/bandName"]),
            ("municipality", &["/municipality"]),
            ("municipalityName", &["/municipalityName"]),
            ("zone", &["/zone"]),
            ("zoneName", &["/zoneName"]),
            ("amount", &["/amount/amount"]),
            ("currency", &["/amount/currency"]),
            ("vat", &["/vat"]),
            ("validFrom", &["/validFrom"]),
            ("validTo", &["/validTo"]),
            ("inWords", &["/inWords/nb"]),
            ("settlement", &["/settlement"]),
            ("indexName", &["/index/name"]),
            ("indexBaseMonth", &["/index/baseMonth"]),
            ("indexShare", &["/index/share"]),
            ("wagePart", &["/parts/wage/amount"]),
            ("overheadPart", &["/parts/overhead/amount"]),
            ("note", &["/note"]),
            ("offeringId", &["/offeringId"]),
        ],
        left_out: &[
            ("/computation", LIST),
            ("/inWords/nn", TEXT),
            ("/inWords/en", TEXT),
            ("/parts/wage/currency", "the column `currency`"),
            ("/parts/overhead/currency", "the column `currency`"),
        ],
    },
    Table {
        route: "/v1/municipalities",
        schema: "Municipality",
        columns: &[
            ("number", &["/number"]),
            ("name", &["/name"]),
            ("countyNumber", &["/countyNumber"]),
            ("countyName", &["/countyName"]),
            ("organisationNumber", &["/organisationNumber"]),
            ("languageForm", &["/languageForm"]),
            ("offerings", &["/offerings"]),
            ("contactName", &["/settings/contact/name"]),
            ("contactEmail", &["/settings/contact/email"]),
            ("contactPhone", &["/settings/contact/phone"]),
            ("decidingBody", &["/settings/decidingBody"]),
            ("appealBody", &["/settings/appealBody"]),
        ],
        left_out: &[
            ("/freshness", "of the answer, and not of the municipality"),
            ("/settings/language", "of its letters"),
            ("/settings/number", "the column `number`"),
            ("/settings/revision", "for entity tags"),
        ],
    },
    Table {
        route: "/v1/offerings",
        schema: "OfferingRecord",
        columns: OFFERING_COLUMNS,
        left_out: &[
            ("/closure", "the column `state` says whether it takes in anybody"),
            ("/compensationAnnounced", "the price table has a table of its own"),
            ("/content/citizen", TEXT),
            ("/content/compensation", "the price table has a table of its own"),
            ("/content/criteria", LIST),
            ("/content/process", TEXT),
            ("/content/service", TEXT),
            ("/content/terms", TEXT),
            ("/ownListing", "the own offer has a row on the register page"),
        ],
    },
    Table {
        route: "/v1/snapshots/municipalities.csv",
        schema: "MunicipalityRecord",
        columns: &[
            ("number", &["/number"]),
            ("name", &[]),
            ("contactName", &["/contact/name"]),
            ("contactEmail", &["/contact/email"]),
            ("contactPhone", &["/contact/phone"]),
            ("decidingBody", &["/decidingBody"]),
            ("appealBody", &["/appealBody"]),
            ("language", &["/language"]),
            ("revision", &["/revision"]),
        ],
        left_out: &[],
    },
    Table {
        route: "/v1/providers",
        schema: "ProviderRecord",
        columns: PROVIDER_COLUMNS,
        left_out: &[],
    },
    Table {
        route: "/v1/snapshots/providers.csv",
        schema: "ProviderRecord",
        columns: PROVIDER_COLUMNS,
        left_out: &[],
    },
];

/// The tables of a file of the register: each with its columns behind the position.
fn snapshot_tables() -> [(&'static str, &'static [Column]); 4] {
    let columns = |route: &str| TABLES.iter().find(|table| table.route == route).unwrap().columns;
    [
        ("approvals", &APPROVAL_COLUMNS[1..]),
        ("municipalities", columns("/v1/snapshots/municipalities.csv")),
        ("offerings", OFFERING_COLUMNS),
        ("providers", columns("/v1/snapshots/providers.csv")),
    ]
}

fn document() -> Value {
    serde_json::to_value(app::document()).unwrap()
}

/// The places of all values of a schema; a list is one value.
fn leaves(document: &Value, schema: &Value, at: &str, depth: usize, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return leaves(document, &document["components"]["schemas"][name], at, depth, found);
    }
    let parts = ["allOf", "oneOf"].into_iter().filter_map(|kind| schema[kind].as_array());
    let parts: Vec<_> = parts.flatten().filter(|part| part["type"] != "null").collect();
    for part in &parts {
        leaves(document, part, at, depth, found);
    }
    match schema["properties"].as_object().filter(|it| !it.is_empty() && depth < 8) {
        Some(properties) => {
            for (name, property) in properties {
                leaves(document, property, &format!("{at}/{name}"), depth + 1, found);
            }
        }
        None if parts.is_empty() => drop(found.insert(at.to_owned())),
        None => {}
    }
}

#[test]
fn every_field_of_a_table_has_a_column_or_a_reason() {
    let document = document();
    for Table { route, schema, columns, left_out } in TABLES {
        let mut found = BTreeSet::new();
        let named = json!({"$ref": format!("#/components/schemas/{schema}")});
        leaves(&document, &named, "", 0, &mut found);
        assert!(found.len() > 7, "{route}: {found:?}");
        let covered: BTreeSet<_> =
            columns.iter().flat_map(|(_, places)| *places).copied().collect();
        let lacking: Vec<_> = found
            .iter()
            .filter(|leaf| !covered.contains(leaf.as_str()))
            .filter(|leaf| !left_out.iter().any(|(place, _)| leaf.starts_with(place)))
            .collect();
        assert!(lacking.is_empty(), "{route} has no column for {lacking:?}");
        for (place, why) in *left_out {
            let there = found.iter().any(|leaf| leaf.starts_with(place));
            assert!(there && !why.is_empty(), "{route}: there is no {place}");
        }
    }
}

#[test]
fn every_table_of_the_document_is_compared() {
    let document = document();
    let tables = document["paths"].as_object().unwrap().iter().filter(|(path, item)| {
        let content = &item["get"]["responses"]["200"]["content"];
        content.get("text/csv").is_some() && !path.starts_with("/v1/snapshots/")
    });
    let tables: BTreeSet<_> = tables.map(|(path, _)| path.as_str()).collect();
    let lists = TABLES.iter().map(|table| table.route);
    assert_eq!(tables, lists.filter(|it| !it.starts_with("/v1/snapshots/")).collect());
}

/// A value as a cell shows it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => {
            let word = |it: &Value| cell(if it.is_object() { &it["service"] } else { it });
            all.iter().map(word).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn compare(columns: &[Column], header: &[String], rows: &[Vec<String>], items: &[Value]) {
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    assert_eq!(header, names);
    assert_eq!(rows.len(), items.len());
    assert!(!rows.is_empty());
    for (row, item) in rows.iter().zip(items) {
        for ((name, places), value) in columns.iter().zip(row) {
            let texts = places.iter().filter_map(|place| item.pointer(place)).map(cell);
            let wanted = texts.into_iter().find(|texts| !texts.is_empty()).unwrap_or_default();
            if !places.is_empty() {
                assert_eq!(*value, wanted, "{name}: {item:#}");
            }
        }
    }
}

fn read(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = csv.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    let mut rows: Vec<Vec<String>> = reader.records().map(|found| row(found.unwrap())).collect();
    (rows.remove(0), rows)
}

#[actix_web::test]
async fn every_column_of_every_table_says_what_the_json_says() {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let (provider, anyone) = (world.provider(), world.anyone());
    let seen = format!("/v1/approvals/{}/case", case.approval);
    let listing = json!({
        "capacity": "limited", "capacityOn": "2026-03-01", "languages": ["nb", "pl"],
        "timesOfDay": ["day", "night"]
    });
    let notice = json!({"effectiveOn": "2027-01-31"});
    for (method, act, body) in [("PATCH", "listing", listing), ("POST", "termination", notice)] {
        let etag = provider.get(&seen).await.etag();
        let path = format!("/v1/approvals/{}/{act}", case.approval);
        provider.act(method.parse().unwrap(), &path, &etag, Some(body)).await.expect(200);
    }
    for Table { route, columns, .. } in TABLES {
        if route.starts_with("/v1/snapshots/") {
            continue;
        }
        let (path, list) = match *route {
            "/v1/register/{municipality}/{service}" => (PAGE.to_owned(), "providers"),
            "/v1/approvals" => ("/v1/approvals?status=ending".to_owned(), "items"),
            "/v1/municipalities" => ("/v1/municipalities?county=42".to_owned(), "items"),
            "/v1/compensation" => (format!("/v1/compensation?service={SERVICE}"), "items"),
            other => (other.to_owned(), "items"),
        };
        let whole = anyone.get(&path).await.expect(200).json();
        let items = whole[list].as_array().unwrap();
        let (bare, query) = path.split_once('?').unwrap_or((&path, ""));
        let table = anyone.get(&format!("{bare}.csv?{query}")).await.expect(200);
        let (header, rows) = read(&table.text);
        compare(columns, &header, &rows, items);
    }

    let mirror = anyone.get("/v1/snapshots/register.ndjson").await.expect(200);
    let mirror = Mirror::of(&mirror.text);
    let xlsx = anyone.get("/v1/snapshots/register.xlsx").await.expect(200);
    let mut book = Xlsx::new(Cursor::new(xlsx.bytes.to_vec())).unwrap();
    for (name, columns) in snapshot_tables() {
        let start = format!("/v1/{name}/");
        let things = mirror.things().iter().filter(|(subject, _)| subject.starts_with(&start));
        let (positions, items): (Vec<_>, Vec<_>) = things
            .map(|(_, (position, data))| {
                let mut item = data.clone();
                if let Some(provider) = data["provider"].as_str() {
                    let (_, profile) = &mirror.things()[&format!("/v1/providers/{provider}")];
                    item["profile"] = profile.clone();
                }
                (position.to_string(), item)
            })
            .unzip();
        let csv = anyone.get(&format!("/v1/snapshots/{name}.csv")).await.expect(200);
        let (mut header, mut rows) = read(&csv.text);
        let sheet = book.worksheet_range(name).unwrap();
        let cells = |row: &[calamine::Data]| -> Vec<String> {
            row.iter().map(|cell| cell.as_string().unwrap_or_default()).collect()
        };
        let mut sheet: Vec<_> = sheet.rows().map(cells).collect();
        assert_eq!(sheet.remove(0), header);
        assert_eq!(sheet, rows);
        assert_eq!(header.remove(0), "position");
        let found: Vec<_> = rows.iter_mut().map(|row| row.remove(0)).collect();
        assert_eq!(found, positions, "{name}");
        compare(columns, &header, &rows, &items);
    }
}
