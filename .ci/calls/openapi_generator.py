"""Calls a registry with the Python client of openapi-generator, as a portal and as a provider."""

import hashlib
import json
import os
from datetime import date
from uuid import uuid4

import godkjent
from godkjent.exceptions import NotFoundException


def list_providers(client: godkjent.ApiClient, municipality: str, service: str) -> list[str]:
    page = godkjent.RegisterApi(client).register_page(municipality, service)
    return [provider.name for provider in page.providers]


def mirror(client: godkjent.ApiClient) -> str:
    changes = godkjent.ChangesApi(client)
    manifest, *lines = changes.snapshot_ndjson_without_preload_content().data.splitlines()
    records = {record["subject"]: record["position"] for record in map(json.loads, lines)}
    position, more = json.loads(manifest)["position"], True
    while more:
        answer = changes.change_list(after=position)
        for change in (item.actual_instance for item in answer.items):
            if change is None or change.subject.split("/")[2] not in ("approvals", "municipalities", "offerings", "providers"):
                continue
            if change.data is None:
                records.pop(change.subject, None)
            else:
                records[change.subject] = int(change.sequence)
        position, more = answer.position, answer.has_more
    text = "".join(f"{subject} {last}\n" for subject, last in sorted(records.items()))
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == changes.snapshot_digest(position=position).digest
    return digest


def apply(client: godkjent.ApiClient, municipality: str, service: str) -> str:
    api = godkjent.ApplicationsApi(client)
    page = godkjent.RegisterApi(client).register_page(municipality, service)
    offering = godkjent.OfferingsApi(client).offering_get(page.offering.id).content
    answer = api.application_create_with_http_info(godkjent.ApplicationBody(offeringId=page.offering.id), str(uuid4()))
    id = answer.data.id
    contact = godkjent.ContactPatch(name="Ola Eksempel", email="ola@example.no")
    assert offering.service and offering.service.zones and offering.criteria
    zones = [zone.code for zone in offering.service.zones]
    answer = api.application_patch_with_http_info(id, tag(answer), godkjent.ApplicationPatch(contact=contact, zones=zones))
    for criterion in offering.criteria:
        met = godkjent.Answer(declaredMet=True)
        answer = api.application_answer_with_http_info(id, criterion.code, tag(answer), met)
        for rule in criterion.evidence or []:
            evidence = godkjent.EvidenceBody(criterion=criterion.code, kind=rule.kind, title="Attest", issuedOn=date.today())
            answer = api.application_attach_with_http_info(id, tag(answer), evidence, str(uuid4()))
    receipt = api.application_submit_with_http_info(id, tag(answer), str(uuid4()))
    assert receipt.data.state == "submitted" and receipt.data.case
    return receipt.data.case.receipt.reference


def tag(answer: godkjent.ApiResponse) -> str:
    # The names are as they were sent.
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    return headers["etag"]


def main(registry: str, token: str, municipality: str, service: str) -> None:
    with godkjent.ApiClient(godkjent.Configuration(host=registry)) as client:
        municipalities = godkjent.CataloguesApi(client).municipality_list(limit=200)
        assert municipalities.page.has_more and len(municipalities.items) == 200
        names = list_providers(client, municipality, service)
        assert names
        view = godkjent.ApprovalListView.SUMMARY
        found = godkjent.ApprovalsApi(client).approval_list(service=service, municipality=municipality, view=view)
        assert found.items
        mirror(client)
        try:
            list_providers(client, municipality, "unknown")
            raise AssertionError("an unknown service has no page")
        except NotFoundException as error:
            problem = godkjent.Problem.from_json(error.body or "")
            assert problem is not None and problem.status == 404 and problem.code
    configuration = godkjent.Configuration(host=registry, access_token=token)
    with godkjent.ApiClient(configuration) as client:
        print("submitted", apply(client, municipality, service))


main(*(os.environ[name] for name in ("REGISTRY", "TOKEN", "MUNICIPALITY", "SERVICE")))
