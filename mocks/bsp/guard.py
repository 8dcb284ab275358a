"""Who calls, about whom, and what the person allows. The order of the refusals is a convention of the bench."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import g

from mocks import world
from mocks.api_psc import resource
from mocks.bsp import model_consent, model_structures
from mocks.bsp.errors import refuse
from mocks.bsp.model_structures import Structure
from mocks.call import Call
from mocks.fhir import SEARCH, Demand, FhirError, Repository, Scope
from mocks.mes import model_agenda
from mocks.mes.guard import bare_oid
from mocks.world import Person
from profiles import keys

INS_OIDS = ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10")
SUBJECT = ("patient.identifier", "patient:identifier")


@dataclass(frozen=True, slots=True)
class Access:
    """A call that may go on: for which structure, and how it names the person (OID of the INS, matricule)."""

    structure: Structure
    oid: str = ""
    matricule: str = ""


def admit(repository: Repository, call: Call, demand: Demand) -> Scope:
    """The scope of a demand. Raises FhirError: 401 and 403 for the token, then those of `errors.REFUSALS`."""
    if demand.writes:
        call.session.begin()  # nobody may withdraw between this check and the write
    action = "ecriture" if demand.writes else "lecture"
    call.context |= {"perimeter": "agenda", "access": action}
    structure, professional = _caller(call, call.setting(f"scope_{action}"))
    person, oid = _whom(repository, call, demand)
    if person is None:  # an address that leads nowhere, or a body that cannot be read: what follows says so
        g.bsp_access = Access(structure)
        return Scope("", structure.oid)
    g.bsp_access = Access(structure, oid, person.ins)
    call.identify(person.id)
    _check_person(call, demand, person)
    own = Scope(person.id, structure.oid, own_only=True)
    if demand.writes:
        return Scope(person.id, structure.oid)
    tenant = call.tenant.name
    if model_consent.may_read(call.session, tenant, person.id, structure.finess, professional, call.now):
        return Scope(person.id, structure.oid)
    if demand.interaction is not SEARCH:
        return own  # a structure may read again what it wrote itself
    if call.setting("sans_consentement") == "refuser":
        raise _refused(call, "CONSENT_REQUIRED")
    return Scope("", structure.oid)


def _caller(call: Call, scope: str) -> tuple[Structure, str]:
    """The structure that calls and the national identifier of its professional, by the token of the API."""
    try:
        said = resource.admit(call, scope, about_reader=False)
    except resource.TokenRefusedError as error:
        call.context["refusal"] = error.code
        code = "login" if error.status == 401 else "forbidden"
        headers = {"WWW-Authenticate": error.challenge}
        raise FhirError(error.status, error.text, code=code, headers=headers) from None
    structure = model_structures.of_client(call.session, call.tenant.name, said["client_id"])
    if structure is None:
        raise _refused(call, "STRUCTURE_UNKNOWN")
    call.context |= {"oid": structure.oid, "structure": dict(structure.named), "professional": said["sub"]}
    return structure, str(said["sub"])


def _whom(repository: Repository, call: Call, demand: Demand) -> tuple[Person | None, str]:
    """The person that a demand is about, and the OID under which her INS is given."""
    if demand.interaction is not SEARCH and not demand.writes:
        stored = repository.get(call.session, call.tenant.name, demand.type, demand.id)
        known = None if stored is None else world.person(call.session, call.tenant.name, stored.compartment)
        return known, INS_OIDS[-1]
    if demand.writes and demand.resource is None:
        return None, ""
    named = list(_named(demand))
    if not named or any(not system or not value for system, value in named):
        raise _refused(call, "INS_REQUIRED")
    if len(set(named)) > 1 or named[0][0] not in INS_OIDS or keys.wrong_ins(named[0][1]) is not None:
        raise _refused(call, "INS_INVALID")
    person = _by_ins(call, named[0][1])
    if person is None:
        raise _refused(call, "PERSON_UNKNOWN")
    return person, named[0][0]


def _named(demand: Demand) -> Iterator[tuple[str, str]]:
    if demand.interaction is SEARCH:
        for name, value in demand.query:
            if name in SUBJECT:
                system, _, matricule = value.rpartition("|")
                yield bare_oid(system), matricule
    else:
        yield from model_agenda.patients(demand.resource)


def _by_ins(call: Call, matricule: str) -> Person | None:
    """The newest person of that matricule."""
    people = reversed(world.persons(call.session, call.tenant.name))
    return next((person for person in people if person.ins == matricule), None)


def _check_person(call: Call, demand: Demand, person: Person) -> None:
    stands = model_consent.profile(call.session, call.tenant.name, person.id)
    if stands.closed:
        raise _refused(call, "PROFILE_CLOSED")
    if stands.opposed and demand.writes:
        raise _refused(call, "OPPOSITION")


def _refused(call: Call, code: str) -> FhirError:
    call.context["refusal"] = code
    return refuse(code)
