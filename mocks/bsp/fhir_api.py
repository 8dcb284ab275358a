"""What the service offers under `/fhir`: the agenda of Mon espace santé, seen by professionals."""

from __future__ import annotations

from flask import g

from mocks.bsp import guard
from mocks.call import Call
from mocks.fhir import (
    CONDITIONAL_CREATE,
    CONDITIONAL_UPDATE,
    CREATE,
    HISTORY,
    READ,
    SEARCH,
    UPDATE,
    VREAD,
    Demand,
    FhirEndpoint,
    FhirServer,
    Query,
    Resource,
    Scope,
)
from mocks.mes import agenda, subject
from mocks.mes.fhir_api import FHIR as MES_FHIR


def _admit(call: Call, demand: Demand) -> Scope:
    return guard.admit(MES_FHIR.repository, call, demand)


def _on_search(_call: Call, query: Query) -> Query:
    """The query without the person: the compartment already holds it to her, and no event bears her INS."""
    return [(name, value) for name, value in query if name not in guard.SUBJECT]


def _on_write(call: Call, old: Resource | None, new: Resource) -> None:
    structure = g.bsp_access.structure
    agenda.settle(call, old, new, structure.oid, structure.named)


def _present(call: Call, text: str) -> str:
    """An event with its person named by INS: a professional never sees the idPe that a portal gave."""
    return subject.shown_to(text, call.person or "", g.bsp_access.oid, g.bsp_access.matricule)


AGENDA = FhirEndpoint(
    "Appointment",
    profile=agenda.FR_CORE_APPOINTMENT,
    interactions=(CREATE, CONDITIONAL_CREATE, UPDATE, CONDITIONAL_UPDATE, READ, VREAD, HISTORY, SEARCH),
    search=agenda.SEARCH_PARAMS,
    guard=_admit,
    on_search=_on_search,
    on_write=_on_write,
    present=_present,
    validate=agenda.judge,
    duplicates=agenda.on_same_identifier,
    scoped=True,
)
FHIR = FhirServer(
    "bsp",
    (AGENDA,),
    title="Agenda du bouquet de services aux professionnels (convention du banc : aucun texte n'est public)",
    version="1",
    repository=MES_FHIR.repository,
)
