//! Greeting of the demo: addresses, and a token for each role.

use std::{
    io::{self, Write},
    path::absolute,
};

use crate::{
    api::auth::LocalIssuer,
    context::Context,
    domain::{
        role::{Actor, Role},
        values::{numbers::OrganisationNumber, text::Line},
    },
    jobs::NoticeSender,
    mail::Mailer,
};

/// How long the tokens are valid, in seconds.
const VALID: i64 = 12 * 3600;
/// Kristiansand's main unit.
const KRISTIANSAND: &str = "820852982";

/// Shell variable, role, name and organisation of each token.
const PEOPLE: [(&str, Role, &str, &str); 8] = [
    ("PROVIDER_TOKEN", Role::Provider, "Per Provider", "313000028"),
    ("PROVIDER2_TOKEN", Role::Provider, "Pia Provider", "313000036"),
    ("EDITOR_TOKEN", Role::Editor, "Eva Editor", KRISTIANSAND),
    ("CASE_WORKER_TOKEN", Role::CaseWorker, "Kari Case Worker", KRISTIANSAND),
    ("DECISION_MAKER_TOKEN", Role::DecisionMaker, "Dag Decision Maker", KRISTIANSAND),
    ("INSPECTOR_TOKEN", Role::Inspector, "Ina Inspector", KRISTIANSAND),
    ("AUDITOR_TOKEN", Role::Auditor, "Aud Auditor", KRISTIANSAND),
    ("OPERATOR_TOKEN", Role::Operator, "Ole Operator", KRISTIANSAND),
];

/// Prints where the registry is, one request to try, and a token for each role.
pub fn greet(notices: &NoticeSender, issuer: &LocalIssuer, context: &Context, loaded: bool) {
    // The greeting is for the screen; an error is ignored.
    let _ = writeln!(io::stdout(), "{}", greeting(notices, issuer, context, loaded));
}

fn greeting(
    notices: &NoticeSender,
    issuer: &LocalIssuer,
    context: &Context,
    loaded: bool,
) -> String {
    let url = &notices.public_url;
    let folder = notices.mailer.as_ref().and_then(Mailer::path).and_then(|it| absolute(it).ok());
    let folder = folder.map(|folder| folder.display().to_string());
    let mail = folder.as_deref().unwrap_or("is sent by the mail server");
    let data =
        if loaded { "newly loaded" } else { "kept from an earlier start (--fresh starts over)" };
    let tokens: Vec<_> =
        PEOPLE.iter().filter_map(|person| export(person, issuer, context)).collect();
    format!(
        "
Godkjent is running at {url} with the demo data, {data}.

  open the site   {url}/
  one list        {url}/velg/4204-kristiansand/praktisk-bistand
  read the guide  {url}/docs/guide
  try the API     {url}/docs
  read the mail   {mail}
  a public list   curl -s {url}/v1/register/4204/practical-help

The providers are made up: «(demo)». Kristiansand's personal assistance (BPA) is left for you to
publish: {url}/docs/guide/story has the steps. Paste these lines into another shell first. The tokens are valid
for 12 hours; for others: godkjent token --role case-worker --org {KRISTIANSAND} --name 'Kari Nordmann'

export REGISTRY='{url}'
export MAIL='{}'
{}
",
        folder.as_deref().unwrap_or_default(),
        tokens.join("\n")
    )
}

fn export(
    (variable, role, name, organisation): &(&str, Role, &str, &str),
    issuer: &LocalIssuer,
    context: &Context,
) -> Option<String> {
    let name = Line::parse(name).ok()?;
    let actor = Actor { subject: name.clone(), name };
    let organisation = OrganisationNumber::parse(organisation).ok()?;
    let token = issuer.sign(&actor, *role, &organisation, context.now(), VALID).ok()?;
    Some(format!("export {variable}='{token}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_token_for_each_role_and_each_can_be_pasted() {
        let issuer = LocalIssuer::fresh().unwrap();
        let notices = NoticeSender {
            mailer: Some(Mailer::folder("mail", None)),
            public_url: "http://127.0.0.1:8080".to_owned(),
        };
        let text = greeting(&notices, &issuer, &Context::system(), true);
        let exports = text.lines().filter(|line| line.starts_with("export "));
        assert_eq!(exports.clone().count(), 2 + PEOPLE.len());
        assert!(exports.clone().all(|line| line.matches('\'').count() == 2), "{text}");
        for role in Role::ALL {
            assert!(PEOPLE.iter().any(|person| person.1 == role), "{}", role.as_str());
        }
    }

    #[test]
    fn no_variable_takes_a_name_that_the_registry_would_read() {
        for (variable, ..) in PEOPLE {
            assert!(!variable.starts_with("GODKJENT_"), "{variable}");
        }
    }
}
