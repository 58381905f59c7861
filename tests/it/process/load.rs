//! Writers that load a registry during a failure, and the checks afterwards.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use super::program::{Client, Directory, Reply, Running, token};
use crate::{
    problems::scene::{profile, settings},
    world::{BAERUM, KRISTIANSAND, OTHER_PROVIDER, PROVIDER, bpa_content},
};

/// An accepted command: the subject's path in the journal, and its revision afterwards.
pub type Accepted = (String, i64);

/// Tokens of the writers and of the reader.
pub struct People {
    pub editor: String,
    neighbour: String,
    pub provider: String,
    other: String,
    pub auditor: String,
}

impl People {
    /// Signed with the key that the first start has created.
    pub fn of(directory: &Directory) -> Self {
        Self {
            editor: token(directory, "editor", KRISTIANSAND, "Eva"),
            neighbour: token(directory, "editor", BAERUM, "Bo"),
            provider: token(directory, "provider", PROVIDER, "Per"),
            other: token(directory, "provider", OTHER_PROVIDER, "Pia"),
            auditor: token(directory, "auditor", KRISTIANSAND, "Aud"),
        }
    }
}

/// A published offering and two registered providers.
pub fn prepare(running: &Running, people: &People) -> Vec<Accepted> {
    let editor = running.client(Some(people.editor.clone()));
    let create = Some(("If-None-Match", "*"));
    let mut accepted = vec![];
    for (token, path, body) in [
        (&people.editor, "/v1/municipalities/4204".to_owned(), settings()),
        (&people.provider, format!("/v1/providers/{PROVIDER}"), profile()),
        (&people.other, format!("/v1/providers/{OTHER_PROVIDER}"), profile()),
    ] {
        let client = running.client(Some(token.clone()));
        let put = client.send("PUT", &path, create, Some(&body)).unwrap();
        assert_eq!(put.status, 200, "{}", put.text);
        accepted.push((path, put.revision()));
    }
    let body = json!({"service": "personal-assistance", "content": bpa_content()});
    let draft = editor.send("POST", "/v1/offerings", None, Some(&body)).unwrap();
    assert_eq!(draft.status, 201, "{}", draft.text);
    let path = draft.location.replace("/draft", "");
    let publication = format!("{path}/publication");
    let published = editor.send("POST", &publication, Some(("If-Match", &draft.etag)), None);
    let published = published.unwrap();
    assert_eq!(published.status, 201, "{}", published.text);
    accepted.extend([(path.clone(), draft.revision()), (path, published.revision())]);
    accepted
}

/// Reason of a rejection.
enum Not {
    /// The connection failed.
    Heard,
    /// A temporary failure, or an earlier change; with its code.
    Now(String),
}

impl From<ureq::Error> for Not {
    fn from(_: ureq::Error) -> Self {
        Self::Heard
    }
}

/// A response that is never acceptable.
fn check_reply(reply: Reply) -> Result<Reply, Not> {
    if ![412, 503].contains(&reply.status) {
        return Ok(reply);
    }
    assert!(reply.status != 503 || !reply.header("retry-after").is_empty(), "{reply:?}");
    Err(Not::Now(reply.json()["code"].as_str().unwrap().to_owned()))
}

/// One step of a writer: the accepted commands, or the reason for none. Its state is then discarded.
type Act = Box<dyn FnMut() -> Result<Vec<Accepted>, Not> + Send>;

/// A command with a key whose answer was lost.
pub struct Unheard {
    client: Client,
    path: String,
    headers: [(&'static str, String); 2],
    body: Option<Value>,
}

impl Unheard {
    fn send(&self, client: &Client) -> Result<Reply, ureq::Error> {
        let headers: Vec<_> = self.headers.iter().map(|(name, it)| (*name, it.as_str())).collect();
        client.ask("POST", &self.path, &headers, self.body.as_ref())
    }

    /// Sends it to a registry that has started again, twice: it is done once. Whether it was done before.
    pub fn again(self, running: &Running) -> bool {
        let client = self.client.at(running);
        let (first, second) = (self.send(&client).unwrap(), self.send(&client).unwrap());
        assert!([200, 201].contains(&first.status), "{first:?}");
        assert!(second.replayed, "{second:?}");
        assert_eq!((first.status, &first.text), (second.status, &second.text));
        first.replayed
    }
}

/// Storage of these commands.
type UnheardCommands = Arc<Mutex<Vec<Unheard>>>;

/// Sends a command with its own key.
fn send_with_key(
    client: &Client,
    unheard: &UnheardCommands,
    path: &str,
    condition: Option<&str>,
    body: Option<&Value>,
) -> Result<Reply, ureq::Error> {
    static KEYS: AtomicUsize = AtomicUsize::new(1);
    let key = format!("\"{}-{}\"", std::process::id(), KEYS.fetch_add(1, Ordering::SeqCst));
    let condition =
        condition.map_or(("Accept", "*/*".to_owned()), |it| ("If-Match", it.to_owned()));
    let headers = [("Idempotency-Key", key), condition];
    let (own, path) = (client.clone(), path.to_owned());
    let command = Unheard { client: own, path, headers, body: body.cloned() };
    let answer = command.send(client);
    if answer.is_err() {
        unheard.lock().unwrap().push(command);
    }
    answer
}

/// The writers' observations so far.
#[derive(Default)]
struct Seen {
    accepted: AtomicUsize,
    turned_away: Mutex<BTreeMap<String, usize>>,
    over: AtomicBool,
}

/// Reads the feed as long as an instance answers, and continues at another.
#[derive(Default)]
pub struct Follower {
    position: i64,
}

impl Follower {
    /// Reads by long polls until the connection breaks.
    pub fn follow(mut self, client: Client) -> thread::JoinHandle<Self> {
        thread::spawn(move || {
            while self.reads(&client, "wait=1").is_ok() {}
            self
        })
    }

    /// Reads to the end: every change was there once, in order.
    pub fn ends(mut self, client: &Client) {
        while self.reads(client, "wait=0").unwrap() > self.position {}
    }

    /// Reads on, and gives the last position that there is.
    fn reads(&mut self, client: &Client, wait: &str) -> Result<i64, ureq::Error> {
        let path = format!("/v1/changes?after={}&limit=100", self.position);
        let page = client.ask("GET", &path, &[("Prefer", wait)], None)?;
        assert_eq!(page.status, 200, "{}", page.text);
        let page = page.json();
        for change in page["items"].as_array().unwrap() {
            self.position += 1;
            assert_eq!(change["sequence"], self.position.to_string(), "a gap or a repeat");
        }
        Ok(page["highWater"].as_i64().unwrap())
    }
}

/// Writers at work.
pub struct Load {
    writers: Vec<thread::JoinHandle<Vec<Accepted>>>,
    seen: Arc<Seen>,
    /// Commands with a key whose answer was lost.
    pub unheard: UnheardCommands,
}

impl Load {
    /// They write until the connection fails or they are stopped.
    pub fn start(running: &Running, people: &People) -> Self {
        let client = |token: &String| running.client(Some(token.clone()));
        let unheard = UnheardCommands::default();
        let acts: [Act; 5] = [
            put_again(client(&people.provider), format!("/v1/providers/{PROVIDER}"), profile()),
            put_again(client(&people.editor), "/v1/municipalities/4204".to_owned(), settings()),
            apply_and_withdraw(client(&people.provider), Arc::clone(&unheard)),
            apply_and_withdraw(client(&people.other), Arc::clone(&unheard)),
            draft_and_patch(client(&people.neighbour)),
        ];
        let seen = Arc::new(Seen::default());
        let start = |mut act: Act| {
            let seen = Arc::clone(&seen);
            thread::spawn(move || {
                let mut accepted = vec![];
                while !seen.over.load(Ordering::SeqCst) {
                    match act() {
                        Ok(more) => {
                            seen.accepted.fetch_add(more.len(), Ordering::SeqCst);
                            accepted.extend(more);
                        }
                        Err(Not::Now(code)) => {
                            *seen.turned_away.lock().unwrap().entry(code).or_default() += 1;
                        }
                        Err(Not::Heard) => break,
                    }
                }
                accepted
            })
        };
        Self { writers: acts.into_iter().map(start).collect(), seen, unheard }
    }

    /// Number of accepted commands so far.
    pub fn count_accepted(&self) -> usize {
        self.seen.accepted.load(Ordering::SeqCst)
    }

    /// All accepted commands, and the number of each other code.
    pub fn end(self) -> (Vec<Accepted>, BTreeMap<String, usize>) {
        self.seen.over.store(true, Ordering::SeqCst);
        let joined = self.writers.into_iter().map(|it| it.join().expect("no other answer came"));
        let accepted = joined.flatten().collect();
        (accepted, self.seen.turned_away.lock().unwrap().clone())
    }
}

/// Replaces a public resource again and again.
fn put_again(client: Client, path: String, body: Value) -> Act {
    let mut etag = None;
    Box::new(move || {
        let seen = match etag.take() {
            Some(seen) => seen,
            None => check_reply(client.get(&path)?)?.etag,
        };
        let put =
            check_reply(client.send("PUT", &path, Some(("If-Match", &seen)), Some(&body))?)?;
        assert_eq!(put.status, 200, "{}", put.text);
        etag = Some(put.etag.clone());
        Ok(vec![(path.clone(), put.revision())])
    })
}

/// Starts an application for the one offering, and withdraws it.
fn apply_and_withdraw(client: Client, unheard: UnheardCommands) -> Act {
    let mut open: Vec<(String, String)> = vec![];
    let mut offering = None;
    Box::new(move || {
        if let Some((path, etag)) = open.pop() {
            let withdrawal = format!("{path}/withdrawal");
            let reply =
                check_reply(send_with_key(&client, &unheard, &withdrawal, Some(&etag), None)?)?;
            assert_eq!(reply.status, 200, "{}", reply.text);
            return Ok(vec![(path, reply.revision())]);
        }
        let Some(id) = &offering else {
            offering = Some(client.get("/v1/offerings")?.json()["items"][0]["id"].clone());
            // An earlier round may have left one open.
            let drafts = check_reply(client.get("/v1/applications?state=draft")?)?.json();
            if let Some(left) = drafts["items"][0]["id"].as_str() {
                let path = format!("/v1/applications/{left}");
                let etag = check_reply(client.get(&path)?)?.etag;
                open.push((path, etag));
            }
            return Ok(vec![]);
        };
        let body = json!({"offeringId": id});
        let reply =
            check_reply(send_with_key(&client, &unheard, "/v1/applications", None, Some(&body))?)?;
        if reply.status == 409 {
            // Left open by a command whose outcome was uncertain.
            let path = reply.json()["existing"].as_str().unwrap().to_owned();
            let etag = check_reply(client.get(&path)?)?.etag;
            open.push((path, etag));
            return Ok(vec![]);
        }
        assert_eq!(reply.status, 201, "{}", reply.text);
        open.push((reply.location.clone(), reply.etag.clone()));
        Ok(vec![(reply.location.clone(), reply.revision())])
    })
}

/// Drafts an offering once, and patches its draft again and again.
fn draft_and_patch(client: Client) -> Act {
    let mut draft: Option<(String, String)> = None;
    Box::new(move || {
        let Some((path, etag)) = draft.take() else {
            let body = json!({"service": "personal-assistance"});
            let reply = check_reply(client.send("POST", "/v1/offerings", None, Some(&body))?)?;
            if reply.status == 409 {
                let path = reply.json()["existing"].as_str().unwrap().to_owned();
                let etag = check_reply(client.get(&path)?)?.etag;
                draft = Some((path, etag));
                return Ok(vec![]);
            }
            assert_eq!(reply.status, 201, "{}", reply.text);
            draft = Some((reply.location.clone(), reply.etag.clone()));
            return Ok(vec![(reply.location.replace("/draft", ""), reply.revision())]);
        };
        let patch = json!({"title": {"nb": format!("Utkast etter {etag}")}});
        let reply =
            check_reply(client.send("PATCH", &path, Some(("If-Match", &etag)), Some(&patch))?)?;
        assert_eq!(reply.status, 200, "{}", reply.text);
        draft = Some((path.clone(), reply.etag.clone()));
        Ok(vec![(path.replace("/draft", ""), reply.revision())])
    })
}

/// The whole journal.
pub fn journal(auditor: &Client) -> Vec<Value> {
    let (mut rows, mut next) = (vec![], Some("/v1/audit?limit=200".to_owned()));
    while let Some(path) = next {
        let page = auditor.get(&path).unwrap().json();
        rows.extend(page["items"].as_array().unwrap().clone());
        next = page["page"]["next"].as_str().map(str::to_owned);
    }
    rows
}

/// Every accepted command exists, and none partly. Returns the number of journal rows.
pub fn check(running: &Running, people: &People, accepted: &[Accepted], round: usize) -> usize {
    let rows = journal(&running.client(Some(people.auditor.clone())));
    let positions: Vec<_> = rows.iter().map(|row| row["position"].as_i64().unwrap()).collect();
    let gapless: Vec<_> = (1..=i64::try_from(rows.len()).unwrap()).collect();
    assert_eq!(positions, gapless, "round {round}");
    let public: Vec<_> = rows.iter().filter_map(|row| row["publicPosition"].as_i64()).collect();
    let gapless: Vec<_> = (1..=i64::try_from(public.len()).unwrap()).collect();
    assert_eq!(public, gapless, "round {round}");
    let changes = running.client(None).get("/v1/changes?limit=1").unwrap().json();
    assert_eq!(changes["highWater"].as_u64(), u64::try_from(public.len()).ok(), "round {round}");
    // Each subject's revisions are 1, 2, 3 … without a gap, and the stored one is the last.
    let mut latest: BTreeMap<String, i64> = BTreeMap::new();
    // Addresses for notices are no part of the public profile, and do not count.
    let is_counted =
        |row: &&Value| !row["event"].as_str().unwrap().starts_with("provider.address-");
    for row in rows.iter().filter(is_counted) {
        let subject = row["subject"].as_str().unwrap().to_owned();
        let before = latest.insert(subject, row["revision"].as_i64().unwrap());
        assert_eq!(row["revision"], before.unwrap_or(0) + 1, "round {round}: {row}");
    }
    for (subject, revision) in accepted {
        let last = latest.get(subject).copied().unwrap_or(0);
        assert!(last >= *revision, "round {round}: {subject} was accepted at {revision}");
    }
    for (subject, revision) in &latest {
        let found = read_revision(running, people, subject);
        assert_eq!(found, Some(*revision), "round {round}: {subject}");
    }
    rows.len()
}

/// The revision of a resource, as a permitted caller sees it.
fn read_revision(running: &Running, people: &People, subject: &str) -> Option<i64> {
    let tokens = [&people.editor, &people.neighbour, &people.provider, &people.other];
    let path = if subject.starts_with("/v1/offerings/") {
        format!("{subject}/draft")
    } else {
        subject.to_owned()
    };
    tokens.into_iter().find_map(|token| {
        let reply = running.client(Some(token.clone())).get(&path).unwrap();
        (reply.status == 200).then(|| reply.revision())
    })
}
