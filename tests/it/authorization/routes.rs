//! What the server really has, as actix-web itself reports it (an experimental feature, on in tests alone).

use std::collections::BTreeSet;

use actix_web::{
    dev::Service,
    http::Method,
    introspection::{IntrospectionReportItem, IntrospectionTree},
    test, web,
};
use godkjent::app;

use crate::world::World;

/// What is served beside the contract: the way to the viewer, and the viewer.
const PLAIN: [&str; 3] = ["/", "/docs", "/docs/{_:.*}"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub pattern: String,
    pub method: Method,
}

/// Every route of the contract that the server has, in order.
pub async fn served(world: &World) -> Vec<Route> {
    let service = test::init_service(app::app(world.state.clone())).await;
    let request = test::TestRequest::with_uri("/livez").to_request();
    let response = service.call(request).await.unwrap();
    let tree = response.request().app_data::<web::Data<IntrospectionTree>>().unwrap();
    let report: Vec<IntrospectionReportItem> = (&tree.root).into();
    let mut routes: Vec<_> = report
        .into_iter()
        .filter(|item| !PLAIN.contains(&item.full_path.as_str()))
        .flat_map(|item| {
            let method = |name: &String| Method::from_bytes(name.as_bytes()).unwrap();
            let methods: Vec<_> = item.methods.iter().map(method).collect();
            methods.into_iter().map(move |method| (item.full_path.clone(), method))
        })
        .map(|(pattern, method)| Route { pattern, method })
        .collect();
    routes.sort_by(|a, b| (&a.pattern, a.method.as_str()).cmp(&(&b.pattern, b.method.as_str())));
    routes.dedup();
    routes
}

/// A list that is taken from the document cannot show what the document lacks; this one can.
#[actix_web::test]
async fn the_server_has_what_the_document_tells_and_nothing_else() {
    let world = World::on_sqlite().await;
    let name = |route: &Route| format!("{} {}", route.method, route.pattern);
    let served: BTreeSet<_> = served(&world).await.iter().map(name).collect();
    let document = serde_json::to_value(app::document()).unwrap();
    let told: BTreeSet<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert!(told.len() > 100);
    assert_eq!(served, told);
}
