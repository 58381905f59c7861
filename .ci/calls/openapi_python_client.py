"""Calls a registry with the Python client of openapi-python-client, as a portal and as a provider."""

import os
from datetime import date
from http import HTTPStatus
from typing import TypeVar
from uuid import uuid4

from godkjent_attrs import AuthenticatedClient, Client, models
from godkjent_attrs.api.applications import (
    application_answer,
    application_attach,
    application_create,
    application_patch,
    application_submit,
)
from godkjent_attrs.api.approvals import approval_list
from godkjent_attrs.api.catalogues import municipality_list
from godkjent_attrs.api.changes import change_list
from godkjent_attrs.api.offerings import offering_get
from godkjent_attrs.api.register import register_page
from godkjent_attrs.types import Response, Unset

T = TypeVar("T")


def expect(kind: type[T], answer: Response) -> T:
    assert isinstance(answer.parsed, kind), answer
    return answer.parsed


def apply(client: AuthenticatedClient, municipality: str, service: str) -> str:
    page = expect(models.RegisterPage, register_page.sync_detailed(municipality, service, client=client))
    record = offering_get.sync(page.offering.id, client=client)
    assert record is not None and not isinstance(record, models.Problem)
    service_part, criteria = record.content.service, record.content.criteria
    assert not isinstance(service_part, Unset) and not isinstance(service_part.zones, Unset)
    assert not isinstance(criteria, Unset)
    key = str(uuid4())
    body = models.ApplicationBody(offering_id=page.offering.id)
    answer = application_create.sync_detailed(client=client, body=body, idempotency_key=key)
    id = expect(models.Application, answer).id
    contact = models.ContactPatch(name="Ola Eksempel", email="ola@example.no")
    patch = models.ApplicationPatch(contact=contact, zones=[zone.code for zone in service_part.zones])
    answer = application_patch.sync_detailed(id, client=client, body=patch, if_match=answer.headers["ETag"])
    for criterion in criteria:
        met = models.Answer(declared_met=True)
        tag = answer.headers["ETag"]
        answer = application_answer.sync_detailed(id, criterion.code, client=client, body=met, if_match=tag)
        for rule in criterion.evidence or []:
            evidence = models.EvidenceBody(
                criterion=criterion.code, kind=rule.kind, title="Attest", issued_on=date.today()
            )
            tag = answer.headers["ETag"]
            answer = application_attach.sync_detailed(id, client=client, body=evidence, if_match=tag)
    answer = application_submit.sync_detailed(id, client=client, if_match=answer.headers["ETag"])
    case = expect(models.Application, answer).case
    assert not isinstance(case, Unset)
    return case.receipt.reference


def main(registry: str, token: str, municipality: str, service: str) -> None:
    client = Client(base_url=registry)
    municipalities = expect(models.MunicipalityList, municipality_list.sync_detailed(client=client, limit=200))
    assert municipalities.page.has_more and len(municipalities.items) == 200
    page = expect(models.RegisterPage, register_page.sync_detailed(municipality, service, client=client))
    assert page.providers
    found = expect(models.ApprovalHitList, approval_list.sync_detailed(client=client, service=service))
    assert found.items
    changes = expect(models.Changes, change_list.sync_detailed(client=client, after=0, limit=20))
    assert [change.sequence for change in changes.items][:2] == ["1", "2"]
    unknown = register_page.sync_detailed(municipality, "unknown", client=client)
    assert unknown.status_code == HTTPStatus.NOT_FOUND and isinstance(unknown.parsed, models.Problem)
    print("submitted", apply(AuthenticatedClient(base_url=registry, token=token), municipality, service))


main(*(os.environ[name] for name in ("REGISTRY", "TOKEN", "MUNICIPALITY", "SERVICE")))
