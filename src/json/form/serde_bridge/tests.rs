use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    domain::{
        validation::ValidationErrors,
        values::text::{Line, Note},
    },
    json::form::{Described, Form, ObjectForm, Written, parse_object},
};

/// A part.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Part {
    zip_code: u16,
}

/// Where it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Place {
    place: String,
}

/// A whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Whole {
    /// The parts.
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(flatten)]
    place: Place,
    note: Option<String>,
}

/// The written form.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shown)]
struct ShownView {
    form: Remark,
}

object_by_serde!(Whole);
object_by_serde!(write_only ShownView);

/// A remark.
#[derive(Debug, PartialEq, Form)]
struct Remark {
    by: Line,
    /// The parsed form.
    text: Option<Note>,
}

serde_by_form!(Remark);

fn errors_of(value: &serde_json::Value) -> Vec<(String, &'static str)> {
    let mut errors = ValidationErrors::default();
    assert!(parse_object::<Whole>(value, "/whole", &mut errors).is_none() || !errors.is_empty());
    errors.into_vec().into_iter().map(|it| (it.pointer, it.error.code)).collect()
}

#[test]
fn a_type_of_serde_is_read_as_a_form() {
    let json = json!({"parts": [{"zipCode": 4630}], "place": "Kristiansand"});
    let whole = parse_object::<Whole>(&json, "", &mut ValidationErrors::default()).unwrap();
    assert_eq!(whole.parts, [Part { zip_code: 4630 }]);
    assert_eq!(serde_json::to_value(Written(&whole)).unwrap()["place"], "Kristiansand");
    let mut names = Vec::new();
    Whole::names(&mut names);
    names.sort_unstable();
    assert_eq!(names, ["note", "parts", "place"]);
    assert_eq!((Whole::schema_name().as_ref(), Whole::docs().as_ref()), ("Whole", "A whole."));
}

#[test]
fn what_serde_finds_wrong_has_its_pointer_and_code() {
    let wrong = json!({"parts": [{"zipCode": "4630"}], "place": "", "other": 1});
    assert_eq!(
        errors_of(&wrong),
        [
            ("/whole/parts/0/zipCode".to_owned(), "wrong-type"),
            ("/whole/other".to_owned(), "unknown-field")
        ]
    );
    let unknown = json!({"parts": [{"zipCode": 1, "zip": 2}], "place": ""});
    assert_eq!(errors_of(&unknown), [("/whole/parts/0/zip".to_owned(), "unknown-field")]);
    let null = json!({"parts": [{"zipCode": null}], "place": "", "note": null});
    assert_eq!(
        errors_of(&null),
        [
            ("/whole/parts/0/zipCode".to_owned(), "wrong-type"),
            ("/whole/note".to_owned(), "wrong-type")
        ]
    );
}

#[test]
fn a_form_is_a_field_of_a_type_of_serde() {
    let by = Line::parse("Kari").unwrap();
    let shown = ShownView { form: Remark { by, text: None } };
    assert_eq!(serde_json::to_value(Written(&shown)).unwrap(), json!({"form": {"by": "Kari"}}));
    let read: Result<Remark, _> = serde_json::from_value(json!({"by": "Kari", "text": " "}));
    assert_eq!(read.unwrap_err().to_string(), "Write something here.");
    let schema = serde_json::to_value(ShownView::whole_schema()).unwrap();
    assert_eq!(schema["properties"]["form"]["$ref"], "#/components/schemas/Remark");
    let mut components = Vec::new();
    <ShownView as Form>::components(&mut components);
    assert!(components.iter().any(|(name, _)| name == "Remark"));
    let mut errors = ValidationErrors::default();
    assert!(ShownView::parse(&json!({}), "", &mut errors).is_none() && !errors.is_empty());
}
