#!/usr/bin/env python3
"""Long runs against the built program: kills under load, and a soak.

    cargo build --release
    scripts/endure.py kills --kills 100
    scripts/endure.py kills --kills 100 --database postgres://user@host/empty_database
    scripts/endure.py soak --minutes 10

It needs nothing but the standard library of Python 3. It prints a table, and ends with 1 where a
row of it is wrong. The short forms of the same run in `cargo test` (tests/it/process).
"""

import argparse
import collections
import csv
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAILED = (OSError, http.client.HTTPException)


class Registry:
    """The program in a directory of its own."""

    def __init__(self, binary, database, directory):
        self.binary, self.directory = str(Path(binary).resolve()), Path(directory)
        self.database = database or f"sqlite:{self.directory / 'registry.db'}"
        self.child = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GODKJENT_")}
        rates = {f"GODKJENT_RATE_{it}": "0" for it in ("ALL", "READS", "SEARCHES", "WRITES")}
        return kept | rates | {"GODKJENT_DATABASE_URL": self.database}

    def run(self, *arguments):
        done = subprocess.run([self.binary, *arguments], cwd=self.directory, env=self.environment(),
                              capture_output=True, text=True)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def start(self, *more):
        """Starts it, and gives how long that took."""
        begun = time.monotonic()
        log = open(self.directory / "log", "ab")
        self.child = subprocess.Popen(
            [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}",
             "--local-issuer-key", "key", *more],
            cwd=self.directory, env=self.environment(), stdout=subprocess.DEVNULL, stderr=log)
        while time.monotonic() - begun < 120:
            if self.child.poll() is not None:
                sys.exit(f"the program ended: {(self.directory / 'log').read_text()[-2000:]}")
            try:
                if self.ask("GET", "/livez")[0] == 200:
                    return time.monotonic() - begun
            except FAILED:
                time.sleep(0.01)
        sys.exit("the program does not answer")

    def kill(self, how=signal.SIGKILL):
        self.child.send_signal(how)
        self.child.wait()

    def token(self, role, organisation):
        code, token, wrong = self.run("token", "--role", role, "--org", organisation,
                                      "--name", "Endurance", "--hours", "720",
                                      "--local-issuer-key", "key")
        return token if code == 0 else sys.exit(wrong)

    def ask(self, method, path, token=None, body=None, headers=(), timeout=90):
        """One request on a connection of its own: status, headers, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = dict(headers)
            if token:
                headers["Authorization"] = f"Bearer {token}"
            if body is not None:
                body = json.dumps(body)
                headers["Content-Type"] = "application/json"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


def municipalities(count):
    with open(ROOT / "data" / "municipalities.csv", newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["organisation_number"]]
    return [(row["number"], row["organisation_number"]) for row in rows[:count]]


CONTENT = json.loads((ROOT / "data/demo/kristiansand-personal-assistance.json").read_text())


def revision_of(headers, said):
    """The revision in an answer; 0 of what does not exist yet."""
    tag = headers["ETag"].strip('W/"').split("-")[0]
    return json.loads(said).get("revision") or (int(tag) if tag.isdecimal() else 0)


def condition(status, headers, said):
    """The header that changes what was read, or makes what is not there."""
    is_there = status == 200 and revision_of(headers, said)
    return ("If-Match", headers["ETag"]) if is_there else ("If-None-Match", "*")


def settings(mark):
    return {"contact": {"name": "Innkjøp", "email": "brukervalg@example.no"},
            "decidingBody": f"Kommunedirektøren {mark}", "delegation": "Punkt 4",
            "appealBody": "Klageutvalget", "fourEyes": True}


class Writer(threading.Thread):
    """Writes until the run is over. A `POST` without an answer is sent again under its key."""

    def __init__(self, run, number, organisation):
        super().__init__(daemon=True)
        self.run_, self.registry = run, run.registry
        self.municipality, self.offering = f"/v1/municipalities/{number}", None
        self.token = self.registry.token("editor", organisation)
        self.accepted, self.replayed, self.pending, self.count = [], 0, None, 0
        self.wrong = collections.Counter()

    def run(self):
        while not self.run_.over.is_set():
            if not self.run_.up.wait(0.2):
                continue
            try:
                self.step()
            except FAILED:
                time.sleep(0.01)

    def step(self):
        self.count += 1
        if self.pending:
            return self.keyed(*self.pending)
        if self.count == 1 or self.count % 5 == 0:
            return self.plain("PUT", self.municipality, self.municipality, settings(self.count))
        if self.offering is None:
            body = {"service": "personal-assistance", "content": CONTENT}
            return self.keyed("/v1/offerings", [], body)
        draft = f"{self.offering}/draft"
        if self.count % 2:
            patch = {"title": {"nb": f"Brukerstyrt personlig assistanse, utgave {self.count}"}}
            return self.plain("PATCH", draft, self.offering, patch)
        status, headers, _ = self.registry.ask("GET", draft, self.token)
        if status == 200:
            self.keyed(f"{self.offering}/publication", [("If-Match", headers["ETag"])], None)

    def plain(self, method, path, subject, body):
        read = condition(*self.registry.ask("GET", path, self.token))
        self.heard(subject, *self.registry.ask(method, path, self.token, body, [read]))

    def keyed(self, path, headers, body):
        if not self.pending:
            headers = headers + [("Idempotency-Key", f'"{uuid.uuid4()}"')]
            self.pending = (path, headers, body)
        status, answered, said = self.registry.ask("POST", path, self.token, body, headers)
        if status in (409, 503) and answered["Retry-After"]:
            # Busy, or the first request is still in progress: repeat it.
            self.wrong[f"{status} {json.loads(said)['code']}"] += 1
            return time.sleep(0.05)
        self.pending = None
        self.replayed += answered["Idempotency-Replayed"] == "true"
        if status == 201 and path == "/v1/offerings":
            self.offering = answered["Location"].removesuffix("/draft")
        self.heard(self.offering, status, answered, said)

    def heard(self, subject, status, headers, said):
        if status in (200, 201):
            self.accepted.append((subject, revision_of(headers, said)))
        else:
            self.wrong[f"{status} {json.loads(said)['code']}"] += 1


class Follower(threading.Thread):
    """Reads the feed by long polls or as a stream, over all kills."""

    def __init__(self, run, streams):
        super().__init__(daemon=True)
        self.run_, self.registry, self.streams = run, run.registry, streams
        self.position, self.faults, self.cuts = 0, [], 0

    def run(self):
        while not self.run_.over.is_set():
            try:
                self.stream() if self.streams else self.poll()
            except FAILED + (ValueError,):
                self.cuts += 1
                time.sleep(0.02)

    def see(self, sequence):
        if sequence != self.position + 1:
            self.faults.append((self.position, sequence))
        self.position = sequence

    def poll(self):
        path = f"/v1/changes?after={self.position}&limit=200"
        status, _, body = self.registry.ask("GET", path, headers={"Prefer": "wait=2"}, timeout=20)
        for change in json.loads(body)["items"] if status == 200 else []:
            self.see(int(change["sequence"]))

    def stream(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.registry.port, timeout=20)
        try:
            connection.request("GET", f"/v1/changes/stream?after={self.position}")
            answer = connection.getresponse()
            while answer.status == 200 and not self.run_.over.is_set():
                line = answer.readline()
                if not line:
                    raise OSError("cut")
                if line.startswith(b"id:"):
                    self.see(int(line[3:]))
        finally:
            connection.close()


class Kills:
    """Kills the program again and again under writers and followers, and looks what is there afterwards."""

    def __init__(self, arguments, directory):
        self.registry = Registry(arguments.binary, arguments.database, directory)
        self.kills, self.writers = arguments.kills, arguments.writers
        self.over, self.up = threading.Event(), threading.Event()

    def run(self):
        registry, starts = self.registry, []
        starts.append(registry.start())
        writers = [Writer(self, *it) for it in municipalities(self.writers)]
        followers = [Follower(self, False), Follower(self, True)]
        self.up.set()
        for thread in writers + followers:
            thread.start()
        accepted = lambda: sum(len(it.accepted) for it in writers)
        for kill in range(self.kills):
            enough = accepted() + random.randint(10, 100)
            deadline = time.monotonic() + 60
            while accepted() < enough and time.monotonic() < deadline:
                time.sleep(0.005)
            self.up.clear()
            registry.kill()
            starts.append(registry.start())
            self.up.set()
            print(f"kill {kill + 1}: {accepted()} accepted", flush=True)
        time.sleep(1)
        self.up.clear()
        time.sleep(3)
        lost, half, gaps, public = self.look(writers, municipalities(1)[0][1])
        deadline = time.monotonic() + 30
        while any(it.position < public for it in followers) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.over.set()
        registry.kill(signal.SIGTERM)
        audits = [(what, *registry.run("audit", what)) for what in ("verify", "register")]
        wrong = sum((it.wrong for it in writers), collections.Counter())
        behind = sum(it.position != public for it in followers)
        faults = sum((it.faults for it in followers), [])
        fives = sum(n for said, n in wrong.items() if said[0] == "5" and said != "503 busy")
        allowed = {"503 busy", "409 idempotency-in-progress"}
        starts.sort()
        rows = [
            ("kills", self.kills, True), ("accepted", accepted(), accepted() > 0),
            ("replayed by key", sum(it.replayed for it in writers), True),
            ("lost", lost, lost == 0), ("half", half, half == 0), ("gaps", gaps, gaps == 0),
            ("feed: positions", public, True),
            ("feed: gaps or repeats", len(faults), not faults),
            ("feed: followers behind", behind, behind == 0),
            ("feed: cut connections", sum(it.cuts for it in followers), True),
            ("503 busy", wrong["503 busy"], True), ("other 5xx", fives, fives == 0),
            ("other answers", {k: v for k, v in wrong.items() if k not in allowed} or 0,
             not wrong.keys() - allowed),
            ("restart, median s", round(starts[len(starts) // 2], 2), True),
            ("restart, worst s", round(starts[-1], 2), True),
        ] + [(f"audit {what}", said.splitlines()[0] if said else error, code == 0)
             for what, code, said, error in audits]
        return rows

    def look(self, writers, organisation):
        """What was lost, what is there by half, and where a number is missing."""
        auditor, rows = self.registry.token("auditor", organisation), []
        path = "/v1/audit?limit=200"
        while path:
            page = json.loads(self.registry.ask("GET", path, auditor)[2])
            rows += page["items"]
            path = page["page"].get("next")
        gaps = sum(row["position"] != place for place, row in enumerate(rows, 1))
        public = [row["publicPosition"] for row in rows if row.get("publicPosition")]
        gaps += sum(position != place for place, position in enumerate(public, 1))
        latest = {}
        for row in rows:
            gaps += row["revision"] != latest.get(row["subject"], 0) + 1
            latest[row["subject"]] = row["revision"]
        accepted = [it for writer in writers for it in writer.accepted]
        lost = sum(latest.get(subject, 0) < revision for subject, revision in accepted)
        half = 0
        for writer in writers:
            for subject in filter(None, (writer.municipality, writer.offering)):
                path = subject + "/draft" * (subject == writer.offering)
                status, headers, said = self.registry.ask("GET", path, writer.token)
                half += status != 200 or revision_of(headers, said) != latest.get(subject, 0)
        return lost, half, gaps, len(public)


class Soak:
    """Asks a demo registry for a dozen kinds of things for minutes, and watches what it holds."""

    KINDS = [
        ("page", "GET", "/v1/register/4204/practical-help"),
        ("page of another", "GET", "/v1/register/4204/personal-assistance"),
        ("search", "GET", "/v1/approvals?limit=20"),
        ("search by word", "GET", "/v1/approvals?q=omsorg&limit=20"),
        ("offerings", "GET", "/v1/offerings"),
        ("municipalities", "GET", "/v1/municipalities"),
        ("statistics", "GET", "/v1/statistics"),
        ("feed", "GET", "/v1/changes?limit=50"),
        ("table", "GET", "/v1/approvals.csv?limit=50"),
        ("document", "GET", "/openapi.json"),
        ("unknown", "GET", "/v1/nothing"),
        ("measurements", "GET", "/metrics"),
    ]

    def __init__(self, arguments, directory):
        self.registry = Registry(arguments.binary, arguments.database, directory)
        self.seconds, self.clients = arguments.minutes * 60, arguments.clients
        self.over, self.lock = threading.Event(), threading.Lock()
        self.answers, self.samples = collections.Counter(), []

    def reader(self):
        while not self.over.is_set():
            name, method, path = random.choice(self.KINDS)
            self.one(name, method, path)

    def writer(self, number, token):
        path, count = f"/v1/municipalities/{number}", 0
        while not self.over.is_set():
            count += 1
            try:
                read = condition(*self.registry.ask("GET", path, token))
            except FAILED:
                continue
            self.one("write", "PUT", path, token, settings(count), [read])
            time.sleep(0.05)

    def one(self, name, *request):
        try:
            status = self.registry.ask(*request)[0]
        except FAILED as error:
            status = type(error).__name__
        with self.lock:
            self.answers[name, status] += 1

    def sample(self):
        process = Path(f"/proc/{self.registry.child.pid}")
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        rows = json.loads(self.registry.ask("GET", "/v1/changes?limit=1")[2])["highWater"]
        return (int(status["VmRSS"].split()[0]), len(os.listdir(process / "fd")),
                int(status["Threads"]), rows)

    def run(self):
        self.registry.start("--demo")
        threads = [threading.Thread(target=self.reader, daemon=True) for _ in range(self.clients)]
        for number, organisation in municipalities(2):
            token = self.registry.token("editor", organisation)
            threads.append(threading.Thread(target=self.writer, args=(number, token), daemon=True))
        for thread in threads:
            thread.start()
        begun = time.monotonic()
        while time.monotonic() - begun < self.seconds:
            time.sleep(5)
            self.samples.append(self.sample())
        self.over.set()
        for thread in threads:
            thread.join(90)
        time.sleep(5)
        self.samples.append(self.sample())
        # The first minute fills caches and stacks.
        warm = self.samples[min(12, len(self.samples) // 4)]
        shown = [("after a minute", warm), ("middle", self.samples[len(self.samples) // 2]),
                 ("end, quiet", self.samples[-1])]
        print(f"{'':16}{'RSS MiB':>9}{'files':>7}{'threads':>9}{'public rows':>13}")
        for name, (memory, files, count, rows) in shown:
            print(f"{name:16}{memory / 1024:9.1f}{files:7}{count:9}{rows:13}")
        for (name, status), count in sorted(self.answers.items(), key=str):
            print(f"{name:18}{status!s:>8}{count:>10}")
        memory, files, count, rows = (after - before for before, after in zip(warm, self.samples[-1]))
        bad = sum(n for (_, status), n in self.answers.items() if not isinstance(status, int) or status >= 500)
        each = memory * 1024 / rows if rows else 0
        self.registry.kill(signal.SIGTERM)
        return [
            ("requests", sum(self.answers.values()), True),
            ("5xx or cut off", bad, bad == 0), ("open files", f"{files:+}", files <= 8),
            ("threads", f"{count:+}", count <= 4), ("public rows", f"{rows:+}", True),
            ("memory, KiB", f"{memory:+}", True),
            ("memory for each public row, bytes", round(each), True),
            ("flat but for the history kept", "4 KiB a row and 24 MiB at the most",
             memory <= rows * 4 + 24 * 1024),
        ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", choices=["kills", "soak"])
    parser.add_argument("--binary", default=ROOT / "target" / "release" / "godkjent")
    parser.add_argument("--database", help="an empty PostgreSQL database; else SQLite in a new directory")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--writers", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="godkjent-endure-")
    run = (Kills if arguments.run == "kills" else Soak)(arguments, directory)
    try:
        rows = run.run()
    finally:
        if run.registry.child and run.registry.child.poll() is None:
            run.registry.child.kill()
    print()
    for name, value, is_right in rows:
        print(f"{name:36}{value!s:>12}{'' if is_right else '   WRONG'}")
    if all(is_right for _, _, is_right in rows):
        shutil.rmtree(directory)
    else:
        sys.exit(f"see {directory}/log")


if __name__ == "__main__":
    main()
