//! Which version an approval on appeal is bound to.

use actix_web::http::Method;
use serde_json::json;

use super::{in_favour, lodge};
use crate::{
    decisions::On,
    world::{
        World,
        people::{Assessed, refusal},
    },
};

#[actix_web::test]
async fn an_approval_on_appeal_is_bound_to_the_version_that_the_applicant_asked_for() {
    let world = World::on_sqlite().await;
    let case = world.submitted_application().await;
    let (editor, provider, maker) = (world.editor(), world.provider(), world.decision_maker());
    let longer = json!({"citizen": {"switchNotice": {"amount": 3, "unit": "weeks"}}});
    editor.changes(&case.offering, longer).await.expect(200);
    editor.publishes(&case.offering).await.expect(201);
    let path = format!("/v1/applications/{}", case.application);
    let etag = provider.get(&path).await.etag();
    let body = Some(json!({"version": 2}));
    provider.act(Method::POST, &format!("{path}/version"), &etag, body).await.expect(200);
    world.assess(&case.application, Assessed::OneFailing).await;
    let refused = maker.decides(&case.application, refusal()).await.expect(201);

    let lodged = lodge(&world, &On::decision(&refused)).await;
    lodged.review(&world).await;
    let signed = lodged.act(&maker, "outcome", in_favour("met")).await.expect(201).json();
    let approval = signed["approvalId"].as_str().unwrap();
    let seen = provider.get(&format!("/v1/approvals/{approval}/case")).await.expect(200).json();
    assert_eq!(seen["version"], 2);
}
