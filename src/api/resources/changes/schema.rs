//! The schema of a change: one alternative for each kind of subject, selected by `type`.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        AllOfBuilder, Discriminator, ObjectBuilder, OneOfBuilder, RefOr, Schema,
        schema::{SchemaType, Type},
    },
};

use super::{ChangeEnvelope, ChangeView, event_type};
use crate::{
    domain::{
        event::{EventKind, PublicSubject},
        late_access::LateAccess,
    },
    json::{
        form::{Form, describe, enumeration, reference},
        public::{
            ApprovalRecord, DecisionRecord, MunicipalityRecord, OfferingRecord, ProviderRecord,
        },
    },
};

/// An alternative: the changes of one kind of subject.
struct Alternative {
    subject: PublicSubject,
    name: &'static str,
    /// The name of the schema of its types.
    types: &'static str,
    description: &'static str,
    /// The schema of `data`.
    data: fn() -> RefOr<Schema>,
}

/// Every alternative.
const ALTERNATIVES: [Alternative; 7] = [
    Alternative {
        subject: PublicSubject::Municipality,
        name: "MunicipalityChange",
        types: "MunicipalityEventType",
        description: "A change of the public settings of a municipality.",
        data: <MunicipalityRecord as Form>::schema,
    },
    Alternative {
        subject: PublicSubject::Provider,
        name: "ProviderChange",
        types: "ProviderEventType",
        description: "A change of a provider's profile.",
        data: <ProviderRecord as Form>::schema,
    },
    Alternative {
        subject: PublicSubject::Offering,
        name: "OfferingChange",
        types: "OfferingEventType",
        description: "A change of a published offering.",
        data: <OfferingRecord as Form>::schema,
    },
    Alternative {
        subject: PublicSubject::LateAccess,
        name: "LateAccessChange",
        types: "LateAccessEventType",
        description: "A grant of late access.",
        data: <LateAccess as Form>::schema,
    },
    Alternative {
        subject: PublicSubject::Approval,
        name: "ApprovalChange",
        types: "ApprovalEventType",
        description: "A change of an approval under contract.",
        data: <ApprovalRecord as Form>::schema,
    },
    Alternative {
        subject: PublicSubject::RemovedApproval,
        name: "ApprovalRemoval",
        types: "ApprovalRemovalEventType",
        description: "An approval of which nothing is public any more.",
        data: null,
    },
    Alternative {
        subject: PublicSubject::Decision,
        name: "DecisionChange",
        types: "DecisionEventType",
        description: "A decision, by codes and days.",
        data: decision,
    },
];

fn decision() -> RefOr<Schema> {
    reference(&DecisionRecord::name())
}

/// Some code generators know no type that is null alone.
fn null() -> RefOr<Schema> {
    let types = SchemaType::from_iter([Type::Object, Type::Null]);
    RefOr::T(ObjectBuilder::new().schema_type(types).build().into())
}

impl Alternative {
    /// Its values of `type`.
    fn values(&self) -> Vec<String> {
        let own = EventKind::ALL.iter().filter(|it| it.public_subject() == Some(self.subject));
        own.map(|kind| event_type(kind.as_str())).collect()
    }

    fn types(&self) -> RefOr<Schema> {
        let values = self.values();
        let words: Vec<_> = values.iter().map(String::as_str).collect();
        enumeration(&format!("Types of event. {}", self.description), &words)
    }

    fn schema(&self) -> RefOr<Schema> {
        let data = match self.subject {
            PublicSubject::RemovedApproval => "Always null.",
            _ => "The whole public representation after the change.",
        };
        let own = ObjectBuilder::new()
            .property("type", describe(reference(self.types), "Type of event."))
            .property("data", describe((self.data)(), data))
            .required("type")
            .required("data");
        let whole = AllOfBuilder::new().item(reference(&ChangeEnvelope::name())).item(own);
        RefOr::T(whole.description(Some(self.description)).build().into())
    }
}

impl PartialSchema for ChangeView {
    fn schema() -> RefOr<Schema> {
        let values = ALTERNATIVES.iter().flat_map(|it| {
            it.values()
                .into_iter()
                .map(|value| (value, format!("#/components/schemas/{}", it.name)))
        });
        let mut one = OneOfBuilder::new()
            .description(Some("One change, in the form of `CloudEvents` 1.0. New types may be added: skip those that you do not know."))
            .discriminator(Some(Discriminator::with_mapping("type", values)));
        for alternative in &ALTERNATIVES {
            one = one.item(reference(alternative.name));
        }
        RefOr::T(one.build().into())
    }
}

impl ToSchema for ChangeView {
    fn name() -> Cow<'static, str> {
        "Change".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((ChangeEnvelope::name().into_owned(), ChangeEnvelope::schema()));
        for alternative in &ALTERNATIVES {
            schemas.push((alternative.types.to_owned(), alternative.types()));
            schemas.push((alternative.name.to_owned(), alternative.schema()));
        }
        <MunicipalityRecord as Form>::components(schemas);
        <ProviderRecord as Form>::components(schemas);
        <OfferingRecord as Form>::components(schemas);
        <LateAccess as Form>::components(schemas);
        <ApprovalRecord as Form>::components(schemas);
        <DecisionRecord as ToSchema>::schemas(schemas);
        schemas.push((DecisionRecord::name().into_owned(), DecisionRecord::schema()));
    }
}
