//! Commands of people while a mirror is built: each reads the present state, and sends a command.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use chrono::{Days, NaiveDate};
use godkjent::{context::Context, domain::values::time::day_of};
use serde_json::{Value, json};

use super::super::program::{Client, Directory, Reply, Running, token};
use crate::world::{
    KRISTIANSAND, bpa_content,
    people::{CRITERIA, EVIDENCE, profile, reasons, synthetic_number},
};

/// Result of a command after the connection breaks.
pub type Broken = ureq::Error;
type Act = Box<dyn FnMut() -> Result<(), Broken> + Send>;

/// The people, each with a token.
pub struct People {
    directory: Directory,
    editor: String,
    worker: String,
    maker: String,
    /// The providers' own, by organisation number.
    providers: Mutex<BTreeMap<String, String>>,
    newcomers: AtomicUsize,
    /// The offering of personal assistance, which newcomers apply for.
    offering: String,
}

impl People {
    /// Gets the tokens, and publishes the offering that the demo leaves out.
    pub fn prepare(directory: Directory, running: &Running) -> Arc<Self> {
        let of = |role, name| token(&directory, role, KRISTIANSAND, name);
        let (editor, worker) = (of("editor", "Eva"), of("case-worker", "Kari"));
        let maker = of("decision-maker", "Dag");
        let client = running.client(Some(editor.clone()));
        let body = json!({"service": "personal-assistance", "content": bpa_content()});
        let drafted = client.send("POST", "/v1/offerings", None, Some(&body)).unwrap();
        let offering = drafted.location.replace("/v1/offerings/", "").replace("/draft", "");
        let (providers, newcomers) = (Mutex::default(), AtomicUsize::new(0));
        let people = Self { directory, editor, worker, maker, providers, newcomers, offering };
        publish(&client, &people.offering).unwrap();
        Arc::new(people)
    }

    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    fn provider(&self, number: &str) -> String {
        let mut known = self.providers.lock().unwrap();
        let made = || token(&self.directory, "provider", number, "Per");
        known.entry(number.to_owned()).or_insert_with(made).clone()
    }
}

/// People at work on one instance.
pub struct Acting {
    stop: Arc<AtomicBool>,
    working: Vec<thread::JoinHandle<Result<(), Broken>>>,
}

impl Acting {
    pub fn start(running: &Running, people: &Arc<People>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let acts = [
            renames(running, people),
            says_whether_there_is_room(running, people),
            publishes(running, people),
            comes_and_goes(running, people),
        ];
        let work = |mut act: Act| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    act()?;
                }
                Ok(())
            })
        };
        let working = acts.into_iter().map(work).collect();
        Self { stop, working }
    }

    /// Lets everyone finish; returns their results.
    pub fn stop(self) -> Vec<Result<(), Broken>> {
        self.stop.store(true, Ordering::Relaxed);
        let ended = |it: thread::JoinHandle<_>| it.join().expect("nothing may be refused");
        self.working.into_iter().map(ended).collect()
    }
}

fn today() -> NaiveDate {
    day_of(Context::system().now())
}

/// Sends a command on the resource read at `seen`, at its revision.
fn act(
    by: &Client,
    seen: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Reply, Broken> {
    let read = by.get(seen)?;
    assert_eq!(read.status, 200, "{seen}: {}", read.text);
    let reply = by.send(method, path, Some(("If-Match", &read.etag)), body)?;
    // A client that has reached its daily limit continues to try, like a faulty one.
    let is_full = reply.status == 429 && reply.text.contains("too-many-changes");
    assert!(is_full || [200, 201].contains(&reply.status), "{method} {path}: {}", reply.text);
    Ok(reply)
}

/// Everything public in Kristiansand's home help, by approval and provider.
fn approvals(client: &Client) -> Vec<(String, String)> {
    let path = "/v1/approvals?municipality=4204&service=practical-help&limit=200";
    let list = client.get(path).unwrap().json();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap();
    assert!(items.len() > 2, "{list}");
    items.iter().map(|item| (text(item, "id"), text(item, "provider"))).collect()
}

/// Each provider in turn takes another name.
fn renames(running: &Running, people: &Arc<People>) -> Act {
    let providers = approvals(&running.client(None));
    let clients = providers.into_iter().map(|(_, number)| {
        let client = running.client(Some(people.provider(&number)));
        (client, format!("/v1/providers/{number}"))
    });
    let (clients, mut turn): (Vec<_>, _) = (clients.collect(), 0);
    Box::new(move || {
        turn += 1;
        let (client, path) = &clients[turn % clients.len()];
        let named = profile(&format!("Navn nummer {turn} AS"));
        act(client, path, "PUT", path, Some(&named)).map(drop)
    })
}

/// Each provider in turn loses its capacity, and regains it.
fn says_whether_there_is_room(running: &Running, people: &Arc<People>) -> Act {
    let approvals = approvals(&running.client(None));
    let clients = approvals.into_iter().map(|(approval, number)| {
        (running.client(Some(people.provider(&number))), format!("/v1/approvals/{approval}"))
    });
    let (clients, mut turn): (Vec<_>, _) = (clients.collect(), 0);
    Box::new(move || {
        turn += 1;
        let (client, path) = &clients[turn % clients.len()];
        let room = ["open", "limited", "full"][turn / clients.len() % 3];
        let patch = json!({"capacity": room});
        act(client, &format!("{path}/case"), "PATCH", &format!("{path}/listing"), Some(&patch))
            .map(drop)
    })
}

fn publish(editor: &Client, offering: &str) -> Result<Reply, Broken> {
    let path = format!("/v1/offerings/{offering}");
    act(editor, &format!("{path}/draft"), "POST", &format!("{path}/publication"), None)
}

/// The municipality publishes version after version.
fn publishes(running: &Running, people: &Arc<People>) -> Act {
    let editor = running.client(Some(people.editor.clone()));
    let path = "/v1/offerings?municipality=4204&service=practical-help";
    let list = editor.get(path).unwrap().json();
    let offering = list["items"][0]["id"].as_str().unwrap().to_owned();
    let mut turn = 0;
    Box::new(move || {
        turn += 1;
        let draft = format!("/v1/offerings/{offering}/draft");
        let title = json!({"title": {"nb": format!("Praktisk bistand, utgave {turn}")}});
        act(&editor, &draft, "PATCH", &draft, Some(&title))?;
        publish(&editor, &offering).map(drop)
    })
}

/// A new provider goes all the way to a contract; then it stays, gives notice, or is heard and revoked.
fn comes_and_goes(running: &Running, people: &Arc<People>) -> Act {
    let worker = running.client(Some(people.worker.clone()));
    let maker = running.client(Some(people.maker.clone()));
    let (nobody, people) = (running.client(None), Arc::clone(people));
    Box::new(move || {
        let newcomer = people.newcomers.fetch_add(1, Ordering::SeqCst);
        // After those of the demo.
        let number = synthetic_number(100 + newcomer);
        let provider = nobody.bearing(people.provider(&number));
        let case = Parties { provider, worker: &worker, maker: &maker };
        let application = case.applies(&number, &people.offering)?;
        let approval = case.is_approved(&application)?;
        match newcomer % 3 {
            0 => case.gives_notice(&approval),
            1 => case.is_revoked(&approval),
            _ => Ok(()),
        }
    })
}

struct Parties<'a> {
    provider: Client,
    worker: &'a Client,
    maker: &'a Client,
}

impl Parties<'_> {
    fn applies(&self, number: &str, offering: &str) -> Result<String, Broken> {
        let (own, create) = (&self.provider, Some(("If-None-Match", "*")));
        let named = profile(&format!("Nykommer {number} AS"));
        let put = own.send("PUT", &format!("/v1/providers/{number}"), create, Some(&named))?;
        assert_eq!(put.status, 200, "{}", put.text);
        let body = json!({"offeringId": offering});
        let drafted = own.send("POST", "/v1/applications", None, Some(&body))?;
        assert_eq!(drafted.status, 201, "{}", drafted.text);
        let path = drafted.location;
        let contact = json!({"name": "Ola Eksempel", "email": "ola@example.no"});
        let patch = json!({"contact": contact, "zones": ["whole"]});
        act(own, &path, "PATCH", &path, Some(&patch))?;
        for criterion in CRITERIA {
            let answer = json!({"declaredMet": true});
            act(own, &path, "PUT", &format!("{path}/answers/{criterion}"), Some(&answer))?;
        }
        for (criterion, kind) in EVIDENCE {
            let evidence = json!({
                "criterion": criterion, "kind": kind, "title": "Vedlegg", "issuedOn": today(),
            });
            act(own, &path, "POST", &format!("{path}/evidence"), Some(&evidence))?;
        }
        act(own, &path, "POST", &format!("{path}/submission"), None)?;
        Ok(path)
    }

    /// Gives the path of the approval, under contract from today.
    fn is_approved(&self, path: &str) -> Result<String, Broken> {
        let impartial = json!({"impartial": true});
        let posts = |by: &Client, what: &str, body: Option<&Value>| {
            act(by, path, "POST", &format!("{path}/{what}"), body)
        };
        posts(self.worker, "impartiality", Some(&impartial))?;
        posts(self.worker, "assessment-start", None)?;
        for criterion in CRITERIA {
            let line = json!({"outcome": "met", "note": "Vedlegget er sett."});
            let assessments = format!("{path}/assessments/{criterion}");
            act(self.worker, path, "PUT", &assessments, Some(&line))?;
        }
        posts(self.maker, "impartiality", Some(&impartial))?;
        let decision = posts(self.maker, "decision", Some(&json!({"outcome": "approve"})))?.json();
        let approval = format!("/v1/approvals/{}", decision["approvalId"].as_str().unwrap());
        let contract = json!({"number": "2026/118", "signedOn": today(), "from": today()});
        after(self.maker, &approval, "contract", &contract)?;
        Ok(approval)
    }

    fn gives_notice(&self, approval: &str) -> Result<(), Broken> {
        after(&self.provider, approval, "termination", &json!({})).map(drop)
    }

    fn is_revoked(&self, approval: &str) -> Result<(), Broken> {
        for by in [self.worker, self.maker] {
            after(by, approval, "impartiality", &json!({"impartial": true}))?;
        }
        let grounds = json!([{"ground": "terms-breach", "facts": "Tre avvik."}]);
        let later = |days| today().checked_add_days(Days::new(days)).unwrap();
        let warning = json!({"grounds": grounds, "replyBy": later(30)});
        let warned = after(self.worker, approval, "prior-notices", &warning)?.json();
        let id = warned["id"].as_str().unwrap();
        let notice = format!("/v1/prior-notices/{id}");
        let reply = json!({"text": "Vi har ingen merknader.", "final": true});
        act(&self.provider, &notice, "POST", &format!("{notice}/reply"), Some(&reply))?;
        let revocation = json!({
            "priorNoticeId": id, "reasons": reasons(), "grounds": grounds,
            "windingDown": {"until": later(60), "takenOverBy": "Kommunens egen tjeneste"},
        });
        after(self.maker, approval, "revocation", &revocation).map(drop)
    }
}

/// A command on an approval's case.
fn after(by: &Client, approval: &str, what: &str, body: &Value) -> Result<Reply, Broken> {
    act(by, &format!("{approval}/case"), "POST", &format!("{approval}/{what}"), Some(body))
}
