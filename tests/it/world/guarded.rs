//! Commands with a role: rejected for all other roles before they are executed.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::Value;

use super::{Answer, BAERUM, KRISTIANSAND, PROVIDER, Person, World, people::synthetic_number};

/// The result for the right role of another municipality or provider.
#[derive(Debug, Clone, Copy)]
enum Stranger {
    /// 404: there is nothing here for them.
    SeesNothing,
    /// 403: the resource is public, but belongs to others.
    IsToldWhose,
    /// They may do the same on their own behalf.
    HasOwn,
}

/// One request, for any caller.
#[derive(Debug, Clone)]
pub struct Act {
    method: Method,
    path: String,
    condition: Option<(&'static str, String)>,
    body: Option<Value>,
    also: &'static [Role],
    stranger: Stranger,
}

impl Act {
    fn new(method: Method, path: impl Into<String>) -> Self {
        let (condition, body, stranger) = (None, None, Stranger::SeesNothing);
        Self { method, path: path.into(), condition, body, also: &[], stranger }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// At this revision.
    pub fn at(mut self, etag: &str) -> Self {
        self.condition = Some(("If-Match", etag.to_owned()));
        self
    }

    /// If it does not exist yet.
    pub fn if_new(mut self) -> Self {
        self.condition = Some(("If-None-Match", "*".to_owned()));
        self
    }

    pub fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Roles that may do it besides.
    pub fn also(mut self, roles: &'static [Role]) -> Self {
        self.also = roles;
        self
    }

    /// On a public resource, so that a stranger gets an organisation error.
    pub fn on_public(mut self) -> Self {
        self.stranger = Stranger::IsToldWhose;
        self
    }

    /// Something that a stranger may do for itself.
    pub fn for_anyone(mut self) -> Self {
        self.stranger = Stranger::HasOwn;
        self
    }

    /// As a client.
    pub async fn by(&self, who: &Person) -> Answer {
        let mut request = who.request(self.method.clone(), &self.path);
        if let Some((name, value)) = &self.condition {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        request.send().await
    }
}

impl World {
    /// Sends a command as every role without the right, each time rejected; then as the permitted one.
    pub async fn only(&self, who: &Person, role: Role, act: Act) -> Answer {
        act.by(&self.anyone()).await.problem(401, "unauthenticated");
        let may = |other: &Role| *other == role || act.also.contains(other);
        for other in Role::ALL.into_iter().filter(|other| !may(other)) {
            let own = if other == Role::Provider { PROVIDER } else { KRISTIANSAND };
            let person = self.person("Feil Rolle", other, own);
            act.by(&person).await.problem(403, "role-missing");
        }
        if role.is_municipal() {
            let impostor = self.person("Ikke Kommune", role, PROVIDER);
            act.by(&impostor).await.problem(403, "not-a-municipality");
        }
        let elsewhere = match role {
            Role::Provider => synthetic_number(99),
            _ => BAERUM.to_owned(),
        };
        let stranger = self.person("Ukjent Person", role, &elsewhere);
        match (role, act.stranger) {
            (Role::Auditor, _) | (_, Stranger::HasOwn) => {}
            (_, Stranger::SeesNothing) => drop(act.by(&stranger).await.problem(404, "not-found")),
            (_, Stranger::IsToldWhose) => {
                act.by(&stranger).await.problem(403, "not-your-organisation");
            }
        }
        act.by(who).await
    }
}
