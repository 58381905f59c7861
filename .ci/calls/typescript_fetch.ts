// Calls a registry with the TypeScript client of openapi-generator, as a portal and as a provider.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import {
  ApplicationsApi, ApprovalsApi, CataloguesApi, ChangesApi, Configuration, OfferingsApi, RegisterApi, ResponseError,
} from "./typescript-fetch/index.js";
import type { ApiResponse } from "./typescript-fetch/index.js";

async function listProviders(open: Configuration, municipality: string, service: string): Promise<string[]> {
  const page = await new RegisterApi(open).registerPage({ municipality, service });
  return page.providers.map((provider) => provider.name);
}

async function mirror(open: Configuration): Promise<string> {
  const api = new ChangesApi(open);
  const [manifest, ...lines] = (await (await api.snapshotNdjsonRaw({})).raw.text()).trim().split("\n").map((line) => JSON.parse(line));
  const records = new Map<string, string>(lines.map(({ subject, position }) => [subject, String(position)]));
  for (let after: number = manifest.position, more = true; more; ) {
    const answer = await api.changeList({ after });
    for (const { subject, sequence, data } of answer.items) {
      if (!/^\/v1\/(approvals|municipalities|offerings|providers)\//.test(subject)) continue;
      if (data === null) records.delete(subject);
      else records.set(subject, sequence);
    }
    [after, more] = [answer.position, answer.hasMore];
    manifest.position = after;
  }
  const text = [...records.keys()].sort().map((subject) => `${subject} ${records.get(subject)}\n`).join("");
  const digest = createHash("sha256").update(text).digest("hex");
  assert.equal(digest, (await api.snapshotDigest({ position: manifest.position })).digest);
  return digest;
}

async function apply(own: Configuration, municipality: string, service: string): Promise<string> {
  const api = new ApplicationsApi(own);
  const page = await new RegisterApi(own).registerPage({ municipality, service });
  const { content } = await new OfferingsApi(own).offeringGet({ id: page.offering.id });
  const created = await api.applicationCreateRaw({ applicationBody: { offeringId: page.offering.id } });
  const { id } = await created.value();
  let ifMatch = tag(created);
  const contact = { name: "Ola Eksempel", email: "ola@example.no" };
  const zones = content.service!.zones!.map((zone) => zone.code);
  ifMatch = tag(await api.applicationPatchRaw({ id, ifMatch, applicationPatch: { contact, zones } }));
  for (const { code: criterion, evidence } of content.criteria!) {
    ifMatch = tag(await api.applicationAnswerRaw({ id, criterion, ifMatch, answer: { declaredMet: true } }));
    for (const { kind } of evidence ?? []) {
      const evidenceBody = { criterion, kind, title: "Attest", issuedOn: new Date() };
      const idempotencyKey = randomUUID();
      ifMatch = tag(await api.applicationAttachRaw({ id, ifMatch, idempotencyKey, evidenceBody }));
    }
  }
  const receipt = await api.applicationSubmit({ id, ifMatch, idempotencyKey: randomUUID() });
  assert.equal(receipt.state, "submitted");
  return receipt._case!.receipt.reference;
}

function tag(answer: ApiResponse<unknown>): string {
  return answer.raw.headers.get("ETag")!;
}

const { REGISTRY, TOKEN, MUNICIPALITY, SERVICE } = process.env as Record<string, string>;
const open = new Configuration({ basePath: REGISTRY! });
const municipalities = await new CataloguesApi(open).municipalityList({ limit: 200 });
assert.equal(municipalities.items.length, 200);
assert.notEqual((await listProviders(open, MUNICIPALITY!, SERVICE!)).length, 0);
const found = await new ApprovalsApi(open).approvalList({ service: SERVICE!, municipality: MUNICIPALITY! });
assert.notEqual(found.items.length, 0);
await mirror(open);
await assert.rejects(listProviders(open, MUNICIPALITY!, "unknown"), (error) => error instanceof ResponseError && error.response.status === 404);
console.log("submitted", await apply(new Configuration({ basePath: REGISTRY!, accessToken: TOKEN! }), MUNICIPALITY!, SERVICE!));
