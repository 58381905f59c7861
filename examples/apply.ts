// Applies for approval in a service of a municipality, from the draft to the receipt.
// TOKEN=… node apply.ts https://registry.example 4204 practical-help contact@example.no   (Node.js 22.18 or later)
import { randomUUID } from "node:crypto";

type Criterion = { code: string; evidence?: { kind: string }[] };
type Offering = { id: string; content: { service: { zones: { code: string }[] }; criteria: Criterion[] } };
type Application = { id: string; case?: { receipt: { reference: string } } };

/** Calls the registry, and returns its answer and the ETag for the next command. */
async function call<T>(method: string, path: string, body?: unknown, tag?: string): Promise<{ body: T; tag: string }> {
  const headers: Record<string, string> = { Authorization: `Bearer ${process.env["TOKEN"]}` };
  headers["Content-Type"] = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  // With the same key a command can be sent again: it is executed once.
  if (method === "POST") headers["Idempotency-Key"] = randomUUID();
  if (tag) headers["If-Match"] = tag;
  for (let attempt = 1; ; attempt += 1) {
    let answer: Response;
    try {
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      answer = await fetch(registry + path, { ...init, signal: AbortSignal.timeout(30_000) });
    } catch (error) {
      if (attempt === 3) throw error;
      continue;
    }
    const json = await answer.json();
    if (answer.ok) return { body: json, tag: answer.headers.get("ETag") ?? "" };
    const missing = (json.errors ?? []).map((it: { pointer?: string; detail: string }) => `${it.pointer}: ${it.detail}`);
    throw new Error([`${json.code}: ${json.detail}`, ...missing].join("\n"));
  }
}

async function apply(municipality: string, service: string, email: string): Promise<string> {
  const page = await call<{ offering: { id: string } }>("GET", `/v1/register/${municipality}/${service}`);
  const { id: offeringId, content } = (await call<Offering>("GET", `/v1/offerings/${page.body.offering.id}`)).body;
  const draft = await call<Application>("POST", "/v1/applications", { offeringId });
  const path = `/v1/applications/${draft.body.id}`;
  const zones = content.service.zones.map((zone) => zone.code);
  let { tag } = await call("PATCH", path, { contact: { name: "Ola Eksempel", email }, zones }, draft.tag);
  for (const { code: criterion, evidence } of content.criteria) {
    ({ tag } = await call("PUT", `${path}/answers/${criterion}`, { declaredMet: true }, tag));
    for (const { kind } of evidence ?? []) {
      const issuedOn = new Date().toISOString().slice(0, 10);
      const body = { criterion, kind, title: "Attest", issuedOn };
      ({ tag } = await call("POST", `${path}/evidence`, body, tag));
    }
  }
  const { body } = await call<Application>("POST", `${path}/submission`, undefined, tag);
  return body.case!.receipt.reference;
}

const [address, municipality, service, email] = process.argv.slice(2);
if (!address || !municipality || !service || !email) throw new Error("Give registry, municipality, service, e-mail.");
const registry = address.replace(/\/$/, "");
console.log(await apply(municipality, service, email));
