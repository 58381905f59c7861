// Keeps a complete copy of the public register in a file, and proves that it is complete.
// node mirror.ts https://registry.example mirror.json [--once]   (Node.js 22.18 or later)
//
// It begins with the snapshot and follows the change feed. It can be stopped at any time, and resumes where it stopped.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

type Mirror = { position: number; records: Record<string, { position: number; data: unknown }> };
type Change = { subject: string; sequence: string; data: unknown };
type Changes = { items: Change[]; position: number; hasMore: boolean };

// The kinds of records in the snapshot. The feed has others too, which a mirror does not need.
const KINDS = ["/v1/approvals/", "/v1/municipalities/", "/v1/offerings/", "/v1/providers/"];
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Reads a URL. Temporary errors are tried again after the time that the registry asks for. */
async function get(url: string, headers?: Record<string, string>): Promise<string> {
  for (;;) {
    let answer: Response, body: string;
    try {
      answer = await fetch(url, { headers: headers ?? {}, signal: AbortSignal.timeout(90_000) });
      body = await answer.text();
    } catch (error) {
      console.error(`${url}: ${error}, trying again`);
      await sleep(5_000);
      continue;
    }
    if (answer.ok) return body;
    const problem = JSON.parse(body);
    if (answer.status !== 429 && answer.status !== 503) throw new Error(`${problem.code}: ${problem.detail}`);
    console.error(`${problem.code}: waiting`);
    await sleep(Number(answer.headers.get("Retry-After") ?? 5) * 1_000);
  }
}

async function begin(registry: string): Promise<Mirror> {
  const file = await get(`${registry}/v1/snapshots/register.ndjson`);
  const end = file.indexOf("\n") + 1;
  const [manifest, lines] = [JSON.parse(file.slice(0, end)), file.slice(end)];
  if (sha256(lines) !== manifest.sha256) throw new Error("The snapshot is incomplete. Start again.");
  const records = lines.trim().split("\n").map((line) => JSON.parse(line));
  const entries = records.map(({ subject, position, data }) => [subject, { position, data }] as const);
  return { position: manifest.position, records: Object.fromEntries(entries) };
}

function apply(changes: Changes, mirror: Mirror): void {
  for (const { subject, sequence, data } of changes.items) {
    if (!KINDS.some((kind) => subject.startsWith(kind))) continue;
    if (data === null) delete mirror.records[subject];
    else mirror.records[subject] = { position: Number(sequence), data };
  }
  mirror.position = changes.position;
}

/** Compares the digest of the mirror with that of the registry at the same position. */
async function check(registry: string, { position, records }: Mirror): Promise<void> {
  const subjects = Object.keys(records).sort();
  const own = sha256(subjects.map((subject) => `${subject} ${records[subject]!.position}\n`).join(""));
  const { digest } = JSON.parse(await get(`${registry}/v1/snapshots/digest?position=${position}`));
  if (digest !== own) throw new Error(`The mirror differs at position ${position}. Delete it and start again.`);
  console.log(`complete at position ${position}, digest ${own}`);
}

const [address, file, option] = process.argv.slice(2);
if (!address || !file) throw new Error("Give the registry and the file; --once stops when the mirror is complete.");
const [registry, once] = [address.replace(/\/$/, ""), option === "--once"];
const mirror: Mirror = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : await begin(registry);
for (let checked = -1; checked < 0 || !once; ) {
  // The first answer does not wait, so that the copy is checked at once.
  const headers = checked < 0 ? undefined : { Prefer: "wait=25" };
  const changes: Changes = JSON.parse(await get(`${registry}/v1/changes?after=${mirror.position}`, headers));
  apply(changes, mirror);
  // Replaces the file at once: an interruption leaves the former or the new one.
  writeFileSync(`${file}.new`, JSON.stringify(mirror));
  renameSync(`${file}.new`, file);
  if (changes.hasMore || mirror.position === checked) continue;
  await check(registry, mirror);
  checked = mirror.position;
}
