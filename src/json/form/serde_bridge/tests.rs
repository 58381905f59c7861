use serde::Serialize;
use serde_json::json;
use utoipa::{PartialSchema, ToSchema};

use crate::{
    domain::values::text::{Line, Note},
    json::form::Form,
};

/// A view.
#[derive(Debug, Serialize, ToSchema)]
struct RemarkView {
    form: Remark,
}

/// A remark.
#[derive(Debug, PartialEq, Form)]
struct Remark {
    by: Line,
    /// The parsed form.
    text: Option<Note>,
}

serde_by_form!(Remark);

#[test]
fn a_form_is_a_field_of_a_type_of_serde() {
    let by = Line::parse("Kari").unwrap();
    let view = RemarkView { form: Remark { by, text: None } };
    assert_eq!(serde_json::to_value(&view).unwrap(), json!({"form": {"by": "Kari"}}));
    let read: Result<Remark, _> = serde_json::from_value(json!({"by": "Kari", "text": " "}));
    assert_eq!(read.unwrap_err().to_string(), "Write something here.");
    let schema = serde_json::to_value(RemarkView::schema()).unwrap();
    assert_eq!(schema["properties"]["form"]["$ref"], "#/components/schemas/Remark");
    let mut components = Vec::new();
    RemarkView::schemas(&mut components);
    assert!(components.iter().any(|(name, _)| name == "Remark"));
}
