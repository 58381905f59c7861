// Calls a registry with the types of openapi-typescript and openapi-fetch, as a portal and as a provider.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { paths } from "./openapi-typescript.js";

const { REGISTRY, TOKEN, MUNICIPALITY, SERVICE } = process.env as Record<string, string>;
const page = { municipality: MUNICIPALITY!, service: SERVICE! };
const registry = createClient<paths>({ baseUrl: REGISTRY! });

async function apply(): Promise<string> {
  const own = createClient<paths>({ baseUrl: REGISTRY!, headers: { Authorization: `Bearer ${TOKEN}` } });
  const { offering } = (await own.GET("/v1/register/{municipality}/{service}", { params: { path: page } })).data!;
  const { content } = (await own.GET("/v1/offerings/{id}", { params: { path: { id: offering.id } } })).data!;
  const created = await own.POST("/v1/applications", { body: { offeringId: offering.id } });
  const id = created.data!.id;
  let tag = created.response.headers.get("ETag")!;
  const params = <P extends object>(path: P) => ({ path: { id, ...path }, header: { "If-Match": tag } });
  const change = { contact: { name: "Ola Eksempel", email: "ola@example.no" }, zones: content.service!.zones!.map((zone) => zone.code) };
  const headers = { "Content-Type": "application/merge-patch+json" };
  tag = (await own.PATCH("/v1/applications/{id}", { params: params({}), body: change, headers })).response.headers.get("ETag")!;
  for (const { code: criterion, evidence } of content.criteria!) {
    const answer = { params: params({ criterion }), body: { declaredMet: true } };
    tag = (await own.PUT("/v1/applications/{id}/answers/{criterion}", answer)).response.headers.get("ETag")!;
    for (const { kind } of evidence ?? []) {
      const body = { criterion, kind, title: "Attest", issuedOn: new Date().toISOString().slice(0, 10) };
      const attached = await own.POST("/v1/applications/{id}/evidence", { params: params({}), body });
      tag = attached.response.headers.get("ETag")!;
    }
  }
  const header = { "If-Match": tag, "Idempotency-Key": randomUUID() };
  const submission = await own.POST("/v1/applications/{id}/submission", { params: { path: { id }, header } });
  assert.equal(submission.data?.state, "submitted", JSON.stringify(submission.error));
  return submission.data.case!.receipt.reference;
}

const municipalities = await registry.GET("/v1/municipalities", { params: { query: { limit: 200 } } });
assert.equal(municipalities.data?.items.length, 200);
const providers = await registry.GET("/v1/register/{municipality}/{service}", { params: { path: page } });
assert.ok(providers.data!.providers.every((provider) => provider.name.length > 0));
const found = await registry.GET("/v1/approvals", { params: { query: { service: SERVICE! } } });
assert.ok(found.data!.items.length > 0);
const changes = await registry.GET("/v1/changes", { params: { query: { after: 0, limit: 20 } } });
assert.equal(changes.data?.items[0]?.sequence, "1");
const unknown = await registry.GET("/v1/register/{municipality}/{service}", { params: { path: { ...page, service: "unknown" } } });
assert.equal(unknown.error?.status, 404);
console.log("submitted", await apply());
