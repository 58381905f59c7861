"""Runs the examples against a registry, and compares what they write with its answers.

`examples.py EXAMPLES BUILD` takes the directories of the examples in Python, and of those in TypeScript as JavaScript.
"""

import html
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path
from uuid import uuid4

REGISTRY, MUNICIPALITY, SERVICE = (os.environ[name] for name in ("REGISTRY", "MUNICIPALITY", "SERVICE"))
# The organisation of the token.
PROVIDER = os.environ["PROVIDER"]
# A provider has one open application for an offering.
TOKENS = {"python": os.environ["TOKEN"], "typescript": os.environ["OTHER_TOKEN"]}
PYTHON, BUILD = Path(sys.argv[1]), Path(sys.argv[2])
EXAMPLES = {
    "python": lambda name: [sys.executable, PYTHON / f"{name}.py"],
    "typescript": lambda name: ["node", BUILD / f"{name}.js"],
}
# Longer than any example takes.
TIMEOUT = 300


def get(path):
    with urllib.request.urlopen(REGISTRY + path) as answer:
        return json.load(answer)


def run(command, *arguments, token=""):
    words, environment = [*command, *map(str, arguments)], os.environ | {"TOKEN": token}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    return done.returncode, done.stdout, done.stderr


def rename_provider(name):
    """Changes a public record, and returns the position of the change."""
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    path = f"{REGISTRY}/v1/providers/{PROVIDER}"
    with urllib.request.urlopen(urllib.request.Request(path, headers=headers)) as answer:
        tag = answer.headers["ETag"]
    profile = {"name": name, "kind": "commercial", "notificationAddress": "post@example.no",
               "presentation": {"nb": "Et eksempel."}, "languages": ["nb"]}
    headers |= {"Content-Type": "application/json", "If-Match": tag}
    body = json.dumps(profile).encode()
    urllib.request.urlopen(urllib.request.Request(path, body, headers, method="PUT")).close()
    return get("/v1/changes?after=0&limit=1")["highWater"]


def check_portal(language, directory):
    command, cache = EXAMPLES[language]("portal"), directory / "cache.json"
    status, page, errors = run(command, REGISTRY, MUNICIPALITY, SERVICE, cache)
    assert status == 0, errors
    providers = get(f"/v1/register/{MUNICIPALITY}/{SERVICE}")["providers"]
    assert providers and page.count("<article>") == len(providers)
    missing = [it["name"] for it in providers if f"<h2>{html.escape(it['name'])}</h2>" not in page]
    assert not missing, missing
    assert '<html lang="nb">' in page and "<title>" in page and "<main>" in page
    # Unchanged, and with the registry away, the page is the same.
    assert run(command, REGISTRY, MUNICIPALITY, SERVICE, cache)[:2] == (0, page)
    away = "http://127.0.0.1:9"
    cache.write_text(cache.read_text().replace(REGISTRY, away))
    assert run(command, away, MUNICIPALITY, SERVICE, cache)[:2] == (0, page)
    status, page, errors = run(command, REGISTRY, MUNICIPALITY, "unknown", cache)
    assert status != 0 and page == "" and "not-found" in errors, errors


def check_mirror(language, directory):
    command, file = EXAMPLES[language]("mirror"), directory / "mirror"
    status, said, errors = run(command, REGISTRY, file, "--once")
    assert status == 0, errors
    expect_complete(said.splitlines()[-1])
    # It follows the feed, until it is stopped.
    follower = subprocess.Popen([*command, REGISTRY, file], stdout=subprocess.PIPE, text=True)
    limit = threading.Timer(TIMEOUT, follower.kill)
    limit.start()
    position = rename_provider(f"Eksempel {uuid4()}")
    for line in follower.stdout:
        if expect_complete(line) >= position:
            break
    else:
        raise AssertionError("the change did not reach the mirror")
    limit.cancel()
    follower.kill()
    follower.wait()
    # It resumes after a change in its absence.
    name = f"Eksempel {uuid4()}"
    position = rename_provider(name)
    status, said, errors = run(command, REGISTRY, file, "--once")
    assert status == 0 and expect_complete(said.splitlines()[-1]) >= position, errors
    assert record(file, f"/v1/providers/{PROVIDER}")["name"] == name


def check_apply(language, directory):
    command = EXAMPLES[language]("apply")
    arguments = (REGISTRY, MUNICIPALITY, SERVICE, "ola@example.no")
    status, reference, errors = run(command, *arguments, token=TOKENS[language])
    assert status == 0 and reference.startswith(f"{MUNICIPALITY}-"), errors
    status, _, errors = run(command, *arguments, token=TOKENS[language])
    assert status != 0 and "duplicate-application" in errors, errors


def expect_complete(line):
    """The position of a line `complete at position 37, digest 2f…`, which must be true."""
    position, digest = line.removeprefix("complete at position ").strip().split(", digest ")
    assert get(f"/v1/snapshots/digest?position={position}")["digest"] == digest
    return int(position)


def record(file, subject):
    if file.read_bytes().startswith(b"SQLite"):
        query = "SELECT data FROM record WHERE subject = ?"
        return json.loads(sqlite3.connect(file).execute(query, (subject,)).fetchone()[0])
    return json.loads(file.read_text())["records"][subject]["data"]


for language in EXAMPLES:
    for check in (check_portal, check_mirror, check_apply):
        with tempfile.TemporaryDirectory() as directory:
            check(language, Path(directory))
            print(f"{language}: {check.__name__.removeprefix('check_')}")
