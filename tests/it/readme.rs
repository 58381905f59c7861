//! The story, run as a newcomer runs it: the real binary, a fresh directory, a shell. And the README's form.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::process::program::free_port;

const README: &str = include_str!("../../README.md");
const STORY: &str = include_str!("../../docs/story.md");
/// How long a start may take, and the story.
const START_TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn the_story_does_what_it_says_and_a_second_time_tells_that_it_was_run() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("there is no curl here: the story is left out");
        return;
    }
    let place = Place::new();
    let server = place.start();
    let blocks = story();
    assert_eq!(blocks.len(), 10, "the helpers and nine steps");
    let mut script = server.exports.join("\n");
    for block in &blocks {
        script.extend(["\necho '", MARK, "'\n", &block.commands]);
    }
    let output = shell(&script);
    let mut parts = output.split(MARK).skip(1);
    for block in &blocks {
        let seen = parts.next().unwrap_or_default();
        assert_eq!(timeless(seen.trim()), timeless(block.seen.trim()), "{}", block.commands);
    }
    assert_eq!(parts.next(), None);
    let first_step: Vec<_> = blocks.iter().take(2).map(|block| block.commands.as_str()).collect();
    let again = shell(&format!("{}\n{}", server.exports.join("\n"), first_step.concat()));
    assert!(again.starts_with("offering-exists: "), "{again}");
    assert!(STORY.contains("`offering-exists`"));
}

#[test]
fn the_readme_is_short_and_its_lines_fit_a_screen() {
    let lines: Vec<_> = README.lines().collect();
    assert!(lines.len() <= 120, "{}", lines.len());
    for line in lines {
        assert!(line.chars().count() <= 130, "{line}");
    }
}

#[test]
fn a_later_start_keeps_what_the_first_one_loaded() {
    let place = Place::new();
    let first = place.start().journal();
    assert!(first.len() > 100, "the demo is a whole story: {}", first.len());
    // Items due meanwhile are executed, and nothing is loaded again.
    let second = place.start().journal();
    assert!(second.starts_with(&first) && second.len() < 2 * first.len(), "{second:?}");
}

const MARK: &str = "--- the next block";

/// Commands of the story, and their output on its page.
struct Block {
    commands: String,
    seen: String,
}

fn story() -> Vec<Block> {
    let mut blocks: Vec<Block> = vec![];
    let mut lines = STORY.lines();
    while let Some(line) = lines.next() {
        let mut fenced =
            || lines.by_ref().take_while(|l| *l != "```").collect::<Vec<_>>().join("\n");
        match line {
            "```sh story" => {
                let commands = fenced();
                blocks.push(Block { commands: commands + "\n", seen: String::new() });
            }
            "```text" => blocks.last_mut().unwrap().seen = fenced(),
            _ => {}
        }
    }
    blocks
}

/// Years and days are those of the reader, not of the story's writer.
fn timeless(text: &str) -> String {
    let mut timeless = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let is = |at: usize, wanted: fn(&u8) -> bool| rest.as_bytes().get(at).is_some_and(wanted);
        let digits = |from, to| (from..to).all(|at| is(at, u8::is_ascii_digit));
        let after_digit = timeless.ends_with(|c: char| c.is_ascii_alphanumeric());
        let year = rest.starts_with("20") && digits(2, 4) && !is(4, u8::is_ascii_digit);
        let day = |at| is(at, |b| *b == b'-') && digits(at + 1, at + 3);
        let (length, token) = match (year && !after_digit, day(4) && day(7)) {
            (true, true) => (10, "DAY".to_owned()),
            (true, false) => (4, "YEAR".to_owned()),
            _ => (next.len_utf8(), next.to_string()),
        };
        timeless.push_str(&token);
        rest = &rest[length..];
    }
    timeless
}

/// Runs a script where the story's paths are right, and gives all that it prints.
fn shell(script: &str) -> String {
    let mut child = Command::new("sh")
        .args(["-eu", "-c", &format!("exec 2>&1\n{script}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (whole, output) = mpsc::channel();
    let mut stdout = child.stdout.take().unwrap();
    thread::spawn(move || {
        let mut text = String::new();
        drop(stdout.read_to_string(&mut text));
        whole.send(text)
    });
    let seen = output.recv_timeout(START_TIMEOUT);
    if seen.is_err() {
        drop(child.kill());
    }
    let status = child.wait().unwrap();
    let seen = seen.unwrap();
    assert!(status.success(), "{status}\n{seen}");
    seen
}

/// A temporary directory, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        // The port is unique on the machine while we hold it, and so makes a good name.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let name = format!("godkjent-readme-{}-{port}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Starts the binary as the story says, on a free port, and waits for its greeting.
    fn start(&self) -> Server {
        let port = free_port();
        let mut child = Command::new(env!("CARGO_BIN_EXE_godkjent"))
            .args(["serve", "--demo", "--listen", &format!("127.0.0.1:{port}")])
            .current_dir(&self.0)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (line, lines) = mpsc::channel();
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).for_each(|l| drop(line.send(l)));
        });
        let log = thread::spawn(move || {
            let mut log = vec![];
            drop(stderr.read_to_end(&mut log));
            String::from_utf8_lossy(&log).into_owned()
        });
        let mut server = Server { child, exports: vec![] };
        let deadline = Instant::now() + START_TIMEOUT;
        // The token of the operator is the last line of the greeting.
        while !server.exports.iter().any(|line| line.contains("OPERATOR_TOKEN")) {
            let left = deadline.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) if line.starts_with("export ") => server.exports.push(line),
                Ok(_) => {}
                Err(error) => {
                    drop(server);
                    panic!("no greeting: {error}\n{}", log.join().unwrap_or_default());
                }
            }
        }
        server
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A running registry, killed at the end.
struct Server {
    child: Child,
    exports: Vec<String>,
}

impl Server {
    /// The value of a shell variable.
    fn read_variable(&self, variable: &str) -> &str {
        let start = format!("export {variable}='");
        let found = self.exports.iter().find_map(|line| line.strip_prefix(start.as_str()));
        found.and_then(|value| value.strip_suffix('\'')).unwrap()
    }

    /// The ids of all rows of the journal.
    fn journal(&self) -> Vec<String> {
        let token = format!("Bearer {}", self.read_variable("AUDITOR_TOKEN"));
        let (mut ids, mut next) = (vec![], Some("/v1/audit?limit=200".to_owned()));
        while let Some(path) = next {
            let url = format!("{}{path}", self.read_variable("REGISTRY"));
            let mut answer = ureq::get(url).header("Authorization", &token).call().unwrap();
            let page: Value = answer.body_mut().read_json().unwrap();
            let items = page["items"].as_array().unwrap();
            ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            next = page["page"]["next"].as_str().map(str::to_owned);
        }
        ids
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn years_and_days_are_left_out_of_the_comparison() {
    assert_eq!(timeless("4204-2026/4, 2026-12-14"), "4204-YEAR/4, DAY");
    assert_eq!(timeless("820852982 S2041x «20»"), "820852982 S2041x «20»");
}
