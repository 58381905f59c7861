//! The registered routes, as reported by actix-web itself (an experimental feature, in tests only).

use std::{collections::BTreeSet, fmt};

use actix_web::{
    dev::Service,
    http::Method,
    introspection::{IntrospectionReportItem, IntrospectionTree},
    test, web,
};
use godkjent::app;
use serde_json::Value;

use crate::{attacks::routes::document, world::World};

/// Public routes beside the contract: pages for citizens, the viewer with a redirect to it, the guide, and links in mail.
const PLAIN: [&str; 33] = [
    "/",
    "/assets/{name}",
    "/docs",
    "/docs/guide",
    "/docs/guide/{page:.*}",
    "/docs/openapi.json",
    "/docs/{_:.*}",
    "/en",
    "/en/godkjenning/{id}",
    "/en/leverandor/{number}",
    "/en/personvern",
    "/en/tilgjengelighet",
    "/en/velg/{place}",
    "/en/velg/{place}/{service}",
    "/en/velg/{place}/{service}/{sheet}",
    "/godkjenning/{id}",
    "/leverandor/{number}",
    "/nn",
    "/nn/godkjenning/{id}",
    "/nn/leverandor/{number}",
    "/nn/personvern",
    "/nn/tilgjengelighet",
    "/nn/velg/{place}",
    "/nn/velg/{place}/{service}",
    "/nn/velg/{place}/{service}/{sheet}",
    "/notice-addresses/{organisation_number}/{token}",
    "/personvern",
    "/robots.txt",
    "/sitemap.xml",
    "/tilgjengelighet",
    "/velg/{place}",
    "/velg/{place}/{service}",
    "/velg/{place}/{service}/{sheet}",
];

/// Public resources: a caller without the right to change one gets 403.
const PUBLIC_THINGS: [&str; 3] = ["/v1/municipalities/", "/v1/offerings/", "/v1/providers/"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub pattern: String,
    pub method: Method,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.pattern)
    }
}

impl Route {
    /// The contract's description.
    pub fn document_entry(&self) -> &'static Value {
        &document()["paths"][&self.pattern][self.method.as_str().to_lowercase()]
    }

    pub fn names_something(&self) -> bool {
        self.pattern.contains('{')
    }

    pub fn is_of_public_things(&self) -> bool {
        PUBLIC_THINGS.iter().any(|it| self.pattern.starts_with(it))
    }

    fn is_plain(&self) -> bool {
        PLAIN.contains(&self.pattern.as_str())
    }

    /// Whether it needs no token. Only the viewer may omit that.
    pub fn is_open(&self) -> bool {
        self.is_plain() || self.document_entry()["security"][0]["token"].is_null()
    }
}

/// Every registered route, in order. Routes without a method are called with GET.
pub async fn list_served(world: &World) -> Vec<Route> {
    let service = test::init_service(app::app(world.components.clone())).await;
    let request = test::TestRequest::with_uri("/livez").to_request();
    let response = service.call(request).await.unwrap();
    let tree = response.request().app_data::<web::Data<IntrospectionTree>>().unwrap();
    let report: Vec<IntrospectionReportItem> = (&tree.root).into();
    let mut routes = BTreeSet::new();
    for item in report.into_iter().filter(|item| item.resource_type == "resource") {
        assert!(!item.potentially_unreachable, "{item:?}");
        let mut methods: Vec<_> =
            item.methods.iter().map(|name| Method::from_bytes(name.as_bytes()).unwrap()).collect();
        if methods.is_empty() {
            methods.push(Method::GET);
        }
        let pattern = item.full_path;
        routes.extend(methods.into_iter().map(|method| (pattern.clone(), method.to_string())));
    }
    let routes = routes.into_iter().map(|(pattern, method)| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Route { pattern, method }
    });
    routes.collect()
}

/// A list derived from the document cannot show its omissions; this one can.
#[actix_web::test]
async fn the_server_has_what_the_document_tells_and_nothing_else() {
    let world = World::on_sqlite().await;
    let (plain, served): (Vec<_>, Vec<_>) =
        list_served(&world).await.into_iter().partition(Route::is_plain);
    let plain: BTreeSet<_> = plain.iter().map(|it| it.pattern.as_str()).collect();
    assert_eq!(plain, BTreeSet::from(PLAIN));
    let served: BTreeSet<_> = served.iter().map(Route::to_string).collect();
    let paths = document()["paths"].as_object().unwrap().iter();
    let documented: BTreeSet<_> = paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert!(documented.len() > 100);
    assert_eq!(served, documented);
}
