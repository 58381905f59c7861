"""Keeps a complete copy of the public register in SQLite, and proves it. It resumes where it was stopped.

python3 mirror.py https://registry.example mirror.db [--once]"""
import hashlib
import json
import sqlite3
import sys
import time
import urllib.error
import urllib.request

KINDS = ("/v1/approvals/", "/v1/municipalities/", "/v1/offerings/", "/v1/providers/")
SAVE = "INSERT OR REPLACE INTO record VALUES (?, ?, ?)"


def get(url, headers={}):
    """Opens a URL. Temporary errors are tried again after the time that the registry asks for."""
    while True:
        try:
            return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=90)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if error.code not in (429, 503):
                sys.exit(f"{problem['code']}: {problem['detail']}")
            time.sleep(int(error.headers.get("Retry-After", 5)))
        except OSError as error:
            print(f"{url}: {error}, trying again", file=sys.stderr)
            time.sleep(5)


def begin(registry, mirror):
    """Stores the snapshot, all of it or nothing, and returns its position."""
    with get(f"{registry}/v1/snapshots/register.ndjson") as answer, mirror:
        manifest, digest = json.loads(answer.readline()), hashlib.sha256()
        for line in answer:
            digest.update(line)
            record = json.loads(line)
            mirror.execute(SAVE, (record["subject"], record["position"], json.dumps(record["data"])))
        if digest.hexdigest() != manifest["sha256"]:
            sys.exit("The snapshot is incomplete. Start again.")
        mirror.execute("INSERT INTO state VALUES (?)", (manifest["position"],))
    return manifest["position"]


def apply(changes, mirror):
    """Stores changes and their position in one transaction. Other kinds of records are in no snapshot."""
    with mirror:
        for change in changes["items"]:
            subject, data = change["subject"], change["data"]
            if data is None:
                mirror.execute("DELETE FROM record WHERE subject = ?", (subject,))
            elif subject.startswith(KINDS):
                mirror.execute(SAVE, (subject, int(change["sequence"]), json.dumps(data)))
        mirror.execute("UPDATE state SET position = ?", (changes["position"],))


def check(registry, mirror, position):
    """Compares the digest of the mirror with that of the registry at the same position."""
    rows = mirror.execute("SELECT subject, position FROM record ORDER BY subject")
    own = hashlib.sha256("".join(f"{subject} {last}\n" for subject, last in rows).encode()).hexdigest()
    if json.load(get(f"{registry}/v1/snapshots/digest?position={position}"))["digest"] != own:
        sys.exit(f"The mirror differs at position {position}. Delete it and start again.")
    print(f"complete at position {position}, digest {own}", flush=True)


if len(sys.argv) < 3:
    sys.exit(__doc__)
registry, file, once = sys.argv[1].rstrip("/"), sys.argv[2], "--once" in sys.argv
mirror = sqlite3.connect(file)
mirror.execute("CREATE TABLE IF NOT EXISTS record (subject TEXT PRIMARY KEY, position INTEGER, data TEXT)")
mirror.execute("CREATE TABLE IF NOT EXISTS state (position INTEGER)")
state, checked = mirror.execute("SELECT position FROM state").fetchone(), None
position = state[0] if state else begin(registry, mirror)
while checked is None or not once:
    changes = json.load(get(f"{registry}/v1/changes?after={position}", {"Prefer": "wait=25"} if checked else {}))
    apply(changes, mirror)
    position = changes["position"]
    if not changes["hasMore"] and position != checked:
        check(registry, mirror, position)
        checked = position
