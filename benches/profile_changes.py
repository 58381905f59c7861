#!/usr/bin/env python3
"""What changes of one provider's profile cost: rows, memory, database and the next start.

    python3 benches/profile_changes.py target/release/godkjent [--approvals 24] [--changes 249] [--letters 2000]

Starts the program on a new SQLite database in a temporary folder, lets one provider come under contract in so
many municipalities over HTTP, and puts its profile so many times with other texts of so many letters in three
languages; then as often without a change. Prints one JSON object. Quotas of requests are lifted; the limit of 250
profile and listing changes a day holds, so ask for 249 at the most of a version that has it.
Needs Linux and Python 3.9, nothing else. Runs from the root of the repository.
"""

import argparse
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import tempfile
import time

CRITERIA = ["tax-certificate", "police-certificate-routine", "contingency-plan", "environment"]
EVIDENCE = [
    ("tax-certificate", "tax-certificate"),
    ("police-certificate-routine", "police-certificate"),
    ("contingency-plan", "contingency-plan"),
]
PROVIDER = "313000028"
SETTINGS = {
    "contact": {"name": "Innkjøp", "email": "brukervalg@example.no"},
    "decidingBody": "Kommunedirektøren",
    "delegation": "Delegasjonsreglementet punkt 4",
    "appealBody": "Klageutvalget",
}


class Registry:
    """The running program."""

    def __init__(self, program, folder):
        self.program, self.folder = str(pathlib.Path(program).resolve()), folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def environment(self):
        quotas = {f"GODKJENT_RATE_{kind}": "0" for kind in ("READS", "SEARCHES", "WRITES")}
        database = f"sqlite:{self.folder}/registry.db"
        return {**os.environ, **quotas, "GODKJENT_DATABASE_URL": database}

    def start(self):
        """Starts it; gives the seconds until it is ready."""
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", "--listen", f"127.0.0.1:{self.port}", "--local-issuer-key", "key"],
            cwd=self.folder, env=self.environment(), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )
        while time.monotonic() < begun + 600:
            try:
                if self.send("GET", "/readyz")[0] == 200:
                    return time.monotonic() - begun
            except OSError:
                time.sleep(0.02)
        raise SystemExit("it does not become ready")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def token(self, role, organisation):
        command = [self.program, "token", "--role", role, "--org", organisation, "--name", role]
        made = subprocess.run(
            [*command, "--local-issuer-key", "key"],
            cwd=self.folder, env=self.environment(), capture_output=True, check=True, text=True,
        )
        return made.stdout.strip()

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = json.dumps(body) if body is not None else None
        connection.request(method, path, sent, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, answer.headers, json.loads(text) if text.startswith(b"{") else {}

    def figures(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        memory = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        with sqlite3.connect(f"file:{self.folder}/registry.db?mode=ro", uri=True) as database:
            rows, public, size = database.execute(
                "SELECT count(*), count(public), sum(length(public)) FROM journal"
            ).fetchone()
        files = pathlib.Path(self.folder).glob("registry.db*")
        return {
            "rows": rows,
            "publicRows": public,
            "publicBytes": size or 0,
            "rssKiB": int(memory),
            "databaseKiB": sum(it.stat().st_size for it in files) // 1024,
        }


class Person:
    """Someone with a token, who acts on what is read."""

    def __init__(self, registry, role, organisation):
        self.registry, self.token = registry, registry.token(role, organisation)

    def send(self, method, path, body=None, **condition):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **condition}
        if method == "PATCH":
            headers["Content-Type"] = "application/merge-patch+json"
        status, told, answer = self.registry.send(method, path, body, headers)
        if status not in (200, 201):
            raise SystemExit(f"{method} {path}: {status} {answer}")
        return told, answer

    def act(self, seen, method, path, body=None):
        etag = self.send("GET", seen)[0]["ETag"]
        return self.send(method, path, body, **{"If-Match": etag})


def contract(registry, provider, town):
    """The provider comes under contract in a municipality."""
    number, organisation = town["number"], town["organisationNumber"]
    editor, worker, maker = (
        Person(registry, role, organisation) for role in ("editor", "case-worker", "decision-maker")
    )
    editor.send("PUT", f"/v1/municipalities/{number}", SETTINGS, **{"If-None-Match": "*"})
    content = json.loads(pathlib.Path("data/demo/kristiansand-personal-assistance.json").read_text())
    draft, _ = editor.send("POST", "/v1/offerings", {"service": "personal-assistance", "content": content})
    offering = draft["Location"].removesuffix("/draft")
    editor.act(draft["Location"], "POST", f"{offering}/publication")
    body = {"offeringId": offering.rsplit("/", 1)[1]}
    path = provider.send("POST", "/v1/applications", body)[0]["Location"]
    contact = {"name": "Ola Eksempel", "email": "ola@example.no"}
    provider.act(path, "PATCH", path, {"contact": contact, "zones": ["whole"]})
    for criterion in CRITERIA:
        provider.act(path, "PUT", f"{path}/answers/{criterion}", {"declaredMet": True})
    today = time.strftime("%Y-%m-%d")
    for criterion, kind in EVIDENCE:
        evidence = {"criterion": criterion, "kind": kind, "title": "Vedlegg", "issuedOn": today}
        provider.act(path, "POST", f"{path}/evidence", evidence)
    provider.act(path, "POST", f"{path}/submission")
    worker.act(path, "POST", f"{path}/impartiality", {"impartial": True})
    worker.act(path, "POST", f"{path}/assessment-start")
    for criterion in CRITERIA:
        line = {"outcome": "met", "note": "Vedlegget er sett."}
        worker.act(path, "PUT", f"{path}/assessments/{criterion}", line)
    maker.act(path, "POST", f"{path}/impartiality", {"impartial": True})
    _, decision = maker.act(path, "POST", f"{path}/decision", {"outcome": "approve"})
    approval = f"/v1/approvals/{decision['approvalId']}"
    signed = {"number": "2026/118", "signedOn": today, "from": today}
    maker.act(f"{approval}/case", "POST", f"{approval}/contract", signed)


def profile(number, letters):
    word = f"ord{number} "
    text = (word * (letters // len(word) + 1))[: letters - 1] + "."
    return {
        "name": f"Målt nummer {number} AS", "kind": "commercial", "notificationAddress": "post@example.no",
        "presentation": {"nb": text, "nn": text, "en": text}, "languages": ["nb", "en"],
    }


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("program")
    asked.add_argument("--approvals", type=int, default=24)
    asked.add_argument("--changes", type=int, default=249)
    asked.add_argument("--letters", type=int, default=2000)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(asked.program, folder)
        registry.start()
        provider = Person(registry, "provider", PROVIDER)
        path = f"/v1/providers/{PROVIDER}"
        provider.send("PUT", path, profile(0, 100), **{"If-None-Match": "*"})
        towns = registry.send("GET", f"/v1/municipalities?limit={asked.approvals}")[2]["items"]
        for town in towns:
            contract(registry, provider, town)
        report = {"before": registry.figures()}
        registry.stop()
        report["before"]["startSeconds"] = round(registry.start(), 2)
        report["before"]["rssAfterStartKiB"] = registry.figures()["rssKiB"]
        begun = time.monotonic()
        for number in range(1, asked.changes + 1):
            provider.act(path, "PUT", path, profile(number, asked.letters))
        report["changed"] = {"seconds": round(time.monotonic() - begun, 1), **registry.figures()}
        for _ in range(asked.changes):
            provider.act(path, "PUT", path, profile(asked.changes, asked.letters))
        report["unchanged"] = registry.figures()
        registry.stop()
        report["unchanged"]["startSeconds"] = round(registry.start(), 2)
        report["unchanged"]["rssAfterStartKiB"] = registry.figures()["rssKiB"]
        registry.stop()
    per = {
        key: round((report["changed"][key] - report["before"][key]) / asked.changes, 1)
        for key in ("rows", "publicRows", "publicBytes", "databaseKiB")
    }
    print(json.dumps({"asked": vars(asked), **report, "perChange": per}, indent=2))


if __name__ == "__main__":
    main()
